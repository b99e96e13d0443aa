// Rows that fall into the same boxes along y and z are joined by OR; then the boxes along the joined rows are counted.
#include "tare/imaging/box_counting.hpp"

#include <algorithm>
#include <bit>

namespace tare::imaging {
namespace {

using Word = VoxelSet::Word;
constexpr Index bits = VoxelSet::bits_per_word;

/// Boxes that fit into a word several times: after shifting by the offset every box lies within one word, and is folded
/// onto its first bit.
class FoldedRow {
public:
    FoldedRow(Index side, Index offset) : side_(side), shift_(static_cast<int>(offset % side)) {
        for (Index bit = 0; bit < bits; bit += side) firsts_ |= Word{1} << bit;
    }

    [[nodiscard]] Index boxes(std::span<const Word> row) const {
        if (shift_ == 0) {
            Index found = 0;
            for (const Word word : row) found += touched(word);
            return found;
        }
        Word carried = 0;
        Index found = 0;
        for (const Word word : row) {
            found += touched(word << shift_ | carried);
            carried = word >> (bits - shift_);
        }
        return found + touched(carried);
    }

private:
    [[nodiscard]] Index touched(Word word) const {
        for (Index step = 1; step < side_; step *= 2) word |= word >> step;
        return std::popcount(word & firsts_);
    }

    Index side_;
    int shift_;
    Word firsts_ = 0;
};

/// Boxes of any side: from a voxel to the end of its box, and on to the next voxel. `first` is the x of the first bit.
Index boxes_by_jumps(std::span<const Word> row, Index first, Index side, Index offset) {
    Index found = 0, beyond = 0;
    for (const Word& word : row) {
        const Index start = first + (&word - row.data()) * bits;
        if (beyond >= start + bits) continue;
        Word left = beyond > start ? word & (~Word{0} << (beyond - start)) : word;
        while (left != 0) {
            const Index x = start + std::countr_zero(left);
            ++found;
            beyond = ((x + offset) / side + 1) * side - offset;
            if (beyond >= start + bits) break;
            left &= ~Word{0} << (beyond - start);
        }
    }
    return found;
}

}  // namespace

Index count_boxes(const VoxelSet& set, Index side, const std::array<Index, 3>& offset) {
    if (set.empty()) return 0;
    const std::array<Index, 3>&low = set.lowest(), &high = set.highest();
    const Index first_word = low[0] / bits;
    const auto words = static_cast<std::size_t>(high[0] / bits - first_word + 1);
    const bool folds = side <= bits / 2 && std::has_single_bit(static_cast<std::uint64_t>(side));
    const FoldedRow folded(folds ? side : 1, folds ? offset[0] : 0);
    const auto boxes_along = [&](std::span<const Word> row) {
        return folds ? folded.boxes(row) : boxes_by_jumps(row, first_word * bits, side, offset[0]);
    };

    const Index first_box = (low[1] + offset[1]) / side;
    const auto boxes = static_cast<std::size_t>((high[1] + offset[1]) / side - first_box + 1);
    std::vector<Word> joined(boxes * words);
    Index found = 0;
    for (Index z = low[2]; z <= high[2]; ++z) {
        Word* into = joined.data();
        // Rows of one box follow one another; `left` of them are still to come.
        Index left = side - (low[1] + offset[1]) % side;
        for (Index y = low[1]; y <= high[1]; ++y) {
            const Word* row = set.row(y, z).data() + first_word;
            for (std::size_t w = 0; w < words; ++w) into[w] |= row[w];
            if (--left == 0) {
                into += words;
                left = side;
            }
        }
        if (z < high[2] && (z + 1 + offset[2]) % side != 0) continue;
        for (std::size_t box = 0; box < boxes; ++box) found += boxes_along(std::span(joined).subspan(box * words, words));
        std::fill(joined.begin(), joined.end(), Word{0});
    }
    return found;
}

}  // namespace tare::imaging
