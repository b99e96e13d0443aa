// Otsu's threshold, the largest piece above it, and what that encloses.
#include "tare/imaging/head_mask.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <utility>

namespace tare::imaging {
namespace {

using data::Index;

constexpr std::size_t bins = 256;

/// Calls visit(neighbour) for the voxels that share a face with `at`.
template <typename Visit>
void for_each_face(const std::array<Index, 3>& extent, Index at, const Visit& visit) {
    const std::array<Index, 3> place{at % extent[0], at / extent[0] % extent[1], at / extent[0] / extent[1]};
    Index step = 1;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        if (place[axis] > 0) visit(at - step);
        if (place[axis] + 1 < extent[axis]) visit(at + step);
        step *= extent[axis];
    }
}

/// Marks all that hangs together with `seeds` through voxels of `from`, which become `to`; returns how many did.
std::size_t flood(const std::array<Index, 3>& extent, std::vector<unsigned char>& marks, std::vector<Index> seeds,
                  unsigned char from, unsigned char to) {
    std::size_t count = 0;
    while (!seeds.empty()) {
        const Index at = seeds.back();
        seeds.pop_back();
        if (marks[static_cast<std::size_t>(at)] != from) continue;
        marks[static_cast<std::size_t>(at)] = to;
        ++count;
        for_each_face(extent, at, [&](Index next) {
            if (marks[static_cast<std::size_t>(next)] == from) seeds.push_back(next);
        });
    }
    return count;
}

/// The voxels on the six sides of the volume.
std::vector<Index> sides(const std::array<Index, 3>& extent) {
    std::vector<Index> found;
    Index at = 0;
    for (Index z = 0; z < extent[2]; ++z) {
        for (Index y = 0; y < extent[1]; ++y) {
            for (Index x = 0; x < extent[0]; ++x, ++at) {
                const bool edge =
                    x == 0 || y == 0 || z == 0 || x + 1 == extent[0] || y + 1 == extent[1] || z + 1 == extent[2];
                if (edge) found.push_back(at);
            }
        }
    }
    return found;
}

}  // namespace

std::optional<double> otsu_threshold(std::span<const double> values) {
    double least = HUGE_VAL, most = -HUGE_VAL;
    for (const double x : values) {
        if (!std::isfinite(x)) continue;
        least = std::min(least, x);
        most = std::max(most, x);
    }
    const double width = (most - least) / static_cast<double>(bins);
    if (!(width > 0.0) || !std::isfinite(width)) return std::nullopt;
    std::array<double, bins> counts{};
    for (const double x : values) {
        if (!std::isfinite(x)) continue;
        ++counts[std::min(static_cast<std::size_t>((x - least) / width), bins - 1)];
    }
    double all = 0.0, sum = 0.0;
    for (std::size_t b = 0; b < bins; ++b) {
        all += counts[b];
        sum += counts[b] * static_cast<double>(b);
    }
    double below = 0.0, sum_below = 0.0, best = -1.0;
    std::size_t chosen = 0;
    for (std::size_t b = 0; b + 1 < bins; ++b) {
        below += counts[b];
        sum_below += counts[b] * static_cast<double>(b);
        if (below == 0.0 || below == all) continue;
        const double apart = sum_below / below - (sum - sum_below) / (all - below);
        const double between = below * (all - below) * apart * apart;
        if (between > best) {
            best = between;
            chosen = b;
        }
    }
    return least + width * static_cast<double>(chosen + 1);
}

std::vector<unsigned char> head_mask(const data::Volume& volume) {
    enum : unsigned char { air, bright, piece, outside };
    std::vector<unsigned char> marks(volume.values.size(), air);
    const std::optional<double> threshold = otsu_threshold(volume.values);
    if (!threshold) return marks;
    const std::array<Index, 3> extent = data::extents(volume.grid);
    for (std::size_t v = 0; v < marks.size(); ++v) {
        if (volume.values[v] >= *threshold) marks[v] = bright;
    }
    std::size_t largest = 0;
    Index seed = 0;
    for (std::size_t v = 0; v < marks.size(); ++v) {
        if (marks[v] != bright) continue;
        const auto at = static_cast<Index>(v);
        if (const std::size_t size = flood(extent, marks, {at}, bright, piece); size > largest) {
            largest = size;
            seed = at;
        }
    }
    flood(extent, marks, {seed}, piece, bright);
    for (unsigned char& mark : marks) mark = mark == bright ? bright : air;
    flood(extent, marks, sides(extent), air, outside);
    for (unsigned char& mark : marks) mark = mark == outside ? 0 : 1;
    return marks;
}

}  // namespace tare::imaging
