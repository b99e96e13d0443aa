// Cutting structures out of images, and their grey levels (IBSI reference manual 2.6 and 2.7).
#include "tare/imaging/texture/region.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_map>

#include "tare/base/error.hpp"
#include "tare/base/number_text.hpp"

namespace tare::imaging::texture {

namespace {

void widen(LabelBox& box, const std::array<Index, 3>& at) {
    for (std::size_t axis = 0; axis < 3; ++axis) {
        box.first[axis] = std::min(box.first[axis], at[axis]);
        box.last[axis] = std::max(box.last[axis], at[axis]);
    }
}

/// The union of the boxes of `labels`; none where no voxel has one.
std::vector<LabelBox> united(std::span<const LabelBox> boxes, std::span<const std::int32_t> labels) {
    std::vector<LabelBox> one;
    for (const LabelBox& box : boxes) {
        if (!std::ranges::binary_search(labels, box.label)) continue;
        if (one.empty()) one.push_back(box);
        widen(one.front(), box.first);
        widen(one.front(), box.last);
    }
    return one;
}

void fill(Region& region, const data::Volume& image, const data::Segmentation& segmentation,
          std::span<const std::int32_t> labels, const IntensityRange& range) {
    const std::array<Index, 3> whole = data::extents(image.grid);
    const std::array<Index, 3>& size = region.box.extents;
    std::int32_t seen = 0;
    bool wanted = std::ranges::binary_search(labels, seen);
    for (Index z = 1; z + 1 < size[2]; ++z) {
        for (Index y = 1; y + 1 < size[1]; ++y) {
            const Index line = ((z + region.begin[2]) * whole[1] + y + region.begin[1]) * whole[0] + region.begin[0];
            for (Index x = 1; x + 1 < size[0]; ++x) {
                const auto from = static_cast<std::size_t>(line + x);
                const std::int32_t label = segmentation.labels[from];
                if (label != seen) {
                    seen = label;
                    wanted = std::ranges::binary_search(labels, seen);
                }
                if (!wanted) continue;
                const std::size_t to = region.box.at(x, y, z);
                const double value = image.values[from];
                region.structure[to] = 1;
                ++region.structure_voxels;
                if (!std::isfinite(value)) {
                    ++region.not_numbers;
                } else if (value >= range.low && value <= range.high) {
                    region.measured[to] = 1;
                    region.values[to] = value;
                    ++region.measured_voxels;
                }
            }
        }
    }
}

/// Gives every measured voxel the level that its intensity has.
template <typename Level>
void assign(Levels& levels, const Region& region, const Level& level_of) {
    for (std::size_t i = 0; i < region.values.size(); ++i) {
        if (region.measured[i] == 0) continue;
        const double level = level_of(region.values[i]);
        levels.level[i] = static_cast<std::uint16_t>(level);
    }
}

[[noreturn]] void too_many(double count) {
    throw base::degenerate(
        base::number_text(count) + " grey levels, more than " + base::number_text(static_cast<double>(most_levels)),
        "choose wider bins, or a number of bins: --discretise bins:32");
}

void by_number(Levels& levels, const Region& region, const IntensityRange& limits, double bins) {
    if (!(bins <= static_cast<double>(most_levels))) too_many(bins);
    levels.count = static_cast<Index>(bins);
    const double width = limits.high - limits.low;
    if (!(width > 0.0)) {
        assign(levels, region, [](double) { return 1.0; });
        return;
    }
    assign(levels, region,
           [&](double value) { return std::min(bins, std::floor(bins * ((value - limits.low) / width)) + 1.0); });
}

void by_size(Levels& levels, const Region& region, const IntensityRange& limits, double low, double size) {
    const auto level_of = [&](double value) { return std::floor((value - low) / size) + 1.0; };
    const double count = level_of(limits.high);
    if (!(count <= static_cast<double>(most_levels))) too_many(count);
    levels.count = static_cast<Index>(count);
    assign(levels, region, level_of);
}

void as_given(Levels& levels, const Region& region, const IntensityRange& limits) {
    if (!(limits.high <= static_cast<double>(most_levels))) too_many(limits.high);
    levels.count = static_cast<Index>(limits.high);
    assign(levels, region, [](double value) {
        if (value < 1.0 || value != std::floor(value)) {
            throw base::degenerate("intensity " + base::number_text(value) + " is no grey level",
                                   "grey levels are whole numbers from 1; for other intensities --discretise bins:32");
        }
        return value;
    });
}

}  // namespace

std::vector<double> Region::sorted_values() const {
    std::vector<double> sorted;
    sorted.reserve(static_cast<std::size_t>(measured_voxels));
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (measured[i] != 0) sorted.push_back(values[i]);
    }
    std::sort(sorted.begin(), sorted.end());
    return sorted;
}

IntensityRange Region::limits() const noexcept {
    IntensityRange limits{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (measured[i] == 0) continue;
        limits.low = std::min(limits.low, values[i]);
        limits.high = std::max(limits.high, values[i]);
    }
    return limits;
}

std::vector<LabelBox> label_boxes(const data::Segmentation& segmentation) {
    const std::array<Index, 3> size = data::extents(segmentation.grid);
    std::vector<LabelBox> boxes;
    std::unordered_map<std::int32_t, std::size_t> known;
    std::size_t at = 0;
    for (Index z = 0; z < size[2]; ++z) {
        for (Index y = 0; y < size[1]; ++y) {
            for (Index x = 0; x < size[0];) {
                const std::int32_t label = segmentation.labels[at];
                const Index begin = x;
                while (x < size[0] && segmentation.labels[at] == label) ++x, ++at;
                if (label == 0) continue;
                const auto [place, fresh] = known.try_emplace(label, boxes.size());
                if (fresh) boxes.push_back({label, {begin, y, z}, {begin, y, z}});
                widen(boxes[place->second], {begin, y, z});
                widen(boxes[place->second], {x - 1, y, z});
            }
        }
    }
    std::sort(boxes.begin(), boxes.end(), [](const LabelBox& a, const LabelBox& b) { return a.label < b.label; });
    return boxes;
}

Box region_box(const data::Grid& grid, std::span<const LabelBox> boxes, std::span<const std::int32_t> labels) {
    Box out;
    out.spacing = data::voxel_sizes(grid);
    for (const LabelBox& one : united(boxes, labels)) {
        for (std::size_t axis = 0; axis < 3; ++axis) out.extents[axis] = one.last[axis] - one.first[axis] + 3;
    }
    return out;
}

Region cut_region(const data::Volume& image, const data::Segmentation& segmentation, std::span<const LabelBox> boxes,
                  std::span<const std::int32_t> labels, const IntensityRange& range) {
    Region region;
    region.box = region_box(image.grid, boxes, labels);
    for (const LabelBox& one : united(boxes, labels)) {
        for (std::size_t axis = 0; axis < 3; ++axis) region.begin[axis] = one.first[axis] - 1;
    }
    region.structure.resize(region.box.voxels());
    region.measured.resize(region.box.voxels());
    region.values.resize(region.box.voxels());
    fill(region, image, segmentation, labels, range);
    return region;
}

Levels discretise(const Region& region, const Discretisation& how, const IntensityRange& range) {
    Levels levels{region.box, std::vector<std::uint16_t>(region.values.size()), region.structure, 0, region.measured_voxels};
    const IntensityRange limits = region.limits();
    switch (how.kind) {
        case Discretisation::Kind::bins:
            by_number(levels, region, limits, how.amount);
            break;
        case Discretisation::Kind::size:
            by_size(levels, region, limits, std::isfinite(range.low) ? range.low : limits.low, how.amount);
            break;
        case Discretisation::Kind::none:
            as_given(levels, region, limits);
            break;
    }
    return levels;
}

}  // namespace tare::imaging::texture
