// Voxels into bits.
#include "tare/imaging/voxel_set.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <unordered_map>

namespace tare::imaging {
namespace {

/// Calls visit(x, y, z, position) for every voxel, in order of memory.
template <typename Visit>
void for_each_voxel(const std::array<Index, 3>& extents, const Visit& visit) {
    std::size_t position = 0;
    for (Index z = 0; z < extents[2]; ++z) {
        for (Index y = 0; y < extents[1]; ++y) {
            for (Index x = 0; x < extents[0]; ++x) visit(x, y, z, position++);
        }
    }
}

}  // namespace

VoxelSet::VoxelSet(std::array<Index, 3> extents)
    : extents_(extents),
      lowest_(extents),
      words_per_row_((extents[0] + bits_per_word - 1) / bits_per_word),
      words_(static_cast<std::size_t>(words_per_row_ * extents[1] * extents[2])) {}

void VoxelSet::insert(Index x, Index y, Index z) {
    const Index word = (z * extents_[1] + y) * words_per_row_ + x / bits_per_word;
    words_[static_cast<std::size_t>(word)] |= Word{1} << (x % bits_per_word);
    const std::array<Index, 3> at{x, y, z};
    for (std::size_t axis = 0; axis < 3; ++axis) {
        lowest_[axis] = std::min(lowest_[axis], at[axis]);
        highest_[axis] = std::max(highest_[axis], at[axis]);
    }
}

Index VoxelSet::size() const noexcept {
    Index bits = 0;
    for (const Word word : words_) bits += std::popcount(word);
    return bits;
}

std::span<const VoxelSet::Word> VoxelSet::row(Index y, Index z) const noexcept {
    const Index first = (z * extents_[1] + y) * words_per_row_;
    return std::span(words_).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(words_per_row_));
}

bool VoxelSet::contains(Index x, Index y, Index z) const noexcept {
    return (row(y, z)[static_cast<std::size_t>(x / bits_per_word)] >> (x % bits_per_word) & 1U) != 0;
}

void insert_above_zero(VoxelSet& set, Index z, std::span<const double> values) {
    const Index width = set.extents()[0];
    for (Index y = 0; y < set.extents()[1]; ++y) {
        for (Index x = 0; x < width; ++x) {
            if (values[static_cast<std::size_t>(y * width + x)] > 0.0) set.insert(x, y, z);
        }
    }
}

std::vector<VoxelSet> of_labels(const data::Segmentation& segmentation,
                                const std::vector<std::vector<std::int32_t>>& structures) {
    std::unordered_map<std::int32_t, std::vector<std::size_t>> owners;
    for (std::size_t i = 0; i < structures.size(); ++i) {
        for (const std::int32_t label : structures[i]) {
            std::vector<std::size_t>& known = owners[label];
            if (known.empty() || known.back() != i) known.push_back(i);
        }
    }
    const std::array<Index, 3> extents = data::extents(segmentation.grid);
    std::vector<VoxelSet> sets(structures.size(), VoxelSet(extents));
    // Neighbours mostly have one label, so that the last one need not be looked up again.
    std::int32_t last = 0;
    const std::vector<std::size_t>* found = nullptr;
    const auto look_up = [&](std::int32_t label) {
        const auto at = owners.find(label);
        found = at == owners.end() ? nullptr : &at->second;
        last = label;
    };
    look_up(last);
    for_each_voxel(extents, [&](Index x, Index y, Index z, std::size_t position) {
        if (segmentation.labels[position] != last) look_up(segmentation.labels[position]);
        if (found == nullptr) return;
        for (const std::size_t i : *found) sets[i].insert(x, y, z);
    });
    return sets;
}

std::array<Index, 3> resampled_extents(const std::array<Index, 3>& extents, const std::array<double, 3>& sizes,
                                       double edge) {
    std::array<Index, 3> out{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
        out[axis] = std::max<Index>(1, std::llround(static_cast<double>(extents[axis]) * sizes[axis] / edge));
    }
    return out;
}

VoxelSet resampled(const VoxelSet& set, const std::array<double, 3>& sizes, double edge) {
    VoxelSet out(resampled_extents(set.extents(), sizes, edge));
    std::array<std::vector<Index>, 3> source;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        for (Index i = 0; i < out.extents()[axis]; ++i) {
            const auto voxel = static_cast<Index>((static_cast<double>(i) + 0.5) * edge / sizes[axis]);
            source[axis].push_back(std::min(voxel, set.extents()[axis] - 1));
        }
    }
    for_each_voxel(out.extents(), [&](Index x, Index y, Index z, std::size_t) {
        const auto from = [&](std::size_t axis, Index i) { return source[axis][static_cast<std::size_t>(i)]; };
        if (set.contains(from(0, x), from(1, y), from(2, z))) out.insert(x, y, z);
    });
    return out;
}

}  // namespace tare::imaging
