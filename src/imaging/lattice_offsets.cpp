// The stream of Python's random.randint after random.seed(1): MT19937 whose state comes from the key [1] (Matsumoto,
// Nishimura: init_by_array), numbers by taking the first bits of an output and rejecting those out of range.
#include "lattice_offsets.hpp"

#include <bit>

namespace tare::imaging::detail {
namespace {

/// Fills a state as init_by_array does with the key [1]. It has the form that std::mt19937 takes its state from.
struct KeyOne {
    using result_type = std::uint32_t;

    template <typename Iterator>
    void generate(Iterator begin, Iterator end) const {
        const auto size = static_cast<std::uint32_t>(end - begin);
        const auto at = [&](std::uint32_t i) -> decltype(auto) { return begin[i]; };
        const auto mixed = [&](std::uint32_t i) { return static_cast<std::uint32_t>(at(i) ^ (at(i) >> 30U)); };
        at(0) = 19650218U;
        for (std::uint32_t i = 1; i < size; ++i) at(i) = 1812433253U * mixed(i - 1) + i;
        std::uint32_t i = 1;
        const auto advance = [&] {
            if (++i < size) return;
            at(0) = at(size - 1);
            i = 1;
        };
        for (std::uint32_t step = 0; step < size; ++step, advance()) {
            constexpr std::uint32_t key = 1;
            at(i) = (at(i) ^ (mixed(i - 1) * 1664525U)) + key;
        }
        for (std::uint32_t step = 1; step < size; ++step, advance()) at(i) = (at(i) ^ (mixed(i - 1) * 1566083941U)) - i;
        at(0) = 0x80000000U;
    }
};

std::mt19937 python_engine() {
    KeyOne key;
    return std::mt19937(key);
}

}  // namespace

LatticeOffsets::LatticeOffsets(FractalConvention convention, std::uint64_t seed)
    : convention_(convention), own_(seed), python_(python_engine()) {}

Index LatticeOffsets::next(Index side) {
    if (convention_ == FractalConvention::tare) return static_cast<Index>(own_.below(static_cast<std::uint64_t>(side)));
    const auto bits = static_cast<int>(std::bit_width(static_cast<std::uint64_t>(side) + 1));
    while (true) {
        const auto drawn = static_cast<Index>(static_cast<std::uint64_t>(python_()) >> (32 - bits));
        if (drawn <= side) return drawn;
    }
}

}  // namespace tare::imaging::detail
