// Finding zones, and counting them (IBSI reference manual 3.8 and 3.9).
#include "tare/imaging/texture/zones.hpp"

#include <algorithm>
#include <array>

#include "directions.hpp"

namespace tare::imaging::texture {

namespace {

/// Steps over faces that leave the structure, for every voxel of the box; 0 outside. Two sweeps are exact for this metric.
std::vector<std::int32_t> border_distances(const Levels& levels, bool within_slices) {
    const Box& box = levels.box;
    const std::size_t axes = within_slices ? 2 : 3;
    const std::array<Index, 3> steps = box.strides();
    std::vector<std::int32_t> distance(box.voxels());
    const Stretch inner = stretch(box, 1, box.extents[2] - 1);
    for (std::size_t i = inner.begin; i < inner.end; ++i) {
        if (levels.structure[i] == 0) continue;
        std::int32_t least = distance[i - 1];
        for (std::size_t axis = 1; axis < axes; ++axis) {
            least = std::min(least, distance[i - static_cast<std::size_t>(steps[axis])]);
        }
        distance[i] = least + 1;
    }
    for (std::size_t i = inner.end; i-- > inner.begin;) {
        if (levels.structure[i] == 0) continue;
        for (std::size_t axis = 0; axis < axes; ++axis) {
            distance[i] = std::min(distance[i], distance[i + static_cast<std::size_t>(steps[axis])] + 1);
        }
    }
    return distance;
}

/// Zones as entries of the average: those of each slice, or all.
template <typename Size>
Emphases counted_by(const Levels& levels, Extent extent, const std::vector<Zone>& zones, const Size& size_of,
                    std::span<const Named<Emphases>> features) {
    std::vector<Zone> sorted = zones;
    const bool apart = extent == Extent::slices;
    const auto key = [&](const Zone& zone) {
        return std::array<Index, 3>{apart ? zone.slice : 0, zone.level, size_of(zone)};
    };
    std::sort(sorted.begin(), sorted.end(), [&](const Zone& a, const Zone& b) { return key(a) < key(b); });
    const std::vector<Index> voxels = voxels_of_slices(levels);
    std::vector<Emphases> found;
    for (std::size_t i = 0; i < sorted.size();) {
        const std::array<Index, 3> first = key(sorted[i]);
        std::vector<Counted> counted;
        for (; i < sorted.size() && key(sorted[i])[0] == first[0]; ++i) {
            const std::array<Index, 3> own = key(sorted[i]);
            if (counted.empty() || counted.back().level != own[1] || counted.back().size != own[2]) {
                counted.push_back({own[1], own[2], 0.0});
            }
            counted.back().count += 1.0;
        }
        const Index available = apart ? voxels[static_cast<std::size_t>(first[0])] : levels.voxels;
        found.push_back(emphases(counted, static_cast<double>(available)));
    }
    return average(found, features);
}

}  // namespace

std::vector<Zone> zones(const Levels& levels, bool within_slices) {
    std::vector<Zone> found;
    if (levels.voxels == 0) return found;
    const std::vector<std::int32_t> distance = border_distances(levels, within_slices);
    const auto steps = directions(levels.box);
    const std::span<const Index> ways = std::span(steps).first(within_slices ? directions_in_slice : steps.size());
    const auto area = static_cast<std::size_t>(levels.box.strides()[2]);
    std::vector<std::uint16_t> left = levels.level;
    std::vector<std::size_t> waiting;
    for (std::size_t i = 0; i < left.size(); ++i) {
        if (left[i] == 0) continue;
        const std::uint16_t level = left[i];
        Zone zone{level, 0, distance[i], static_cast<Index>(i / area)};
        left[i] = 0;
        waiting.push_back(i);
        while (!waiting.empty()) {
            const std::size_t at = waiting.back();
            waiting.pop_back();
            ++zone.size;
            zone.distance = std::min<Index>(zone.distance, distance[at]);
            for (const Index way : ways) {
                for (const std::size_t next : {at + static_cast<std::size_t>(way), at - static_cast<std::size_t>(way)}) {
                    if (left[next] != level) continue;
                    left[next] = 0;
                    waiting.push_back(next);
                }
            }
        }
        found.push_back(zone);
    }
    return found;
}

Emphases zone_sizes(const Levels& levels, Extent extent, const std::vector<Zone>& zones) {
    return counted_by(levels, extent, zones, [](const Zone& zone) { return zone.size; }, zone_size_features());
}

Emphases zone_distances(const Levels& levels, Extent extent, const std::vector<Zone>& zones) {
    return counted_by(levels, extent, zones, [](const Zone& zone) { return zone.distance; }, zone_distance_features());
}

std::span<const Named<Emphases>> zone_size_features() {
    using E = Emphases;
    static constexpr std::array features{
        Named<E>{"small_zone_emphasis", "szm_sze", "5QRC", &E::small},
        Named<E>{"large_zone_emphasis", "szm_lze", "48P8", &E::large},
        Named<E>{"low_grey_level_zone_emphasis", "szm_lgze", "XMSY", &E::low},
        Named<E>{"high_grey_level_zone_emphasis", "szm_hgze", "5GN9", &E::high},
        Named<E>{"small_zone_low_grey_level_emphasis", "szm_szlge", "5RAI", &E::small_low},
        Named<E>{"small_zone_high_grey_level_emphasis", "szm_szhge", "HW1V", &E::small_high},
        Named<E>{"large_zone_low_grey_level_emphasis", "szm_lzlge", "YH51", &E::large_low},
        Named<E>{"large_zone_high_grey_level_emphasis", "szm_lzhge", "J17V", &E::large_high},
        Named<E>{"grey_level_non_uniformity", "szm_glnu", "JNSA", &E::level_non_uniformity},
        Named<E>{"grey_level_non_uniformity_normalised", "szm_glnu_norm", "Y1RO", &E::level_non_uniformity_normalised},
        Named<E>{"zone_size_non_uniformity", "szm_zsnu", "4JP3", &E::size_non_uniformity},
        Named<E>{"zone_size_non_uniformity_normalised", "szm_zsnu_norm", "VB3A", &E::size_non_uniformity_normalised},
        Named<E>{"zone_percentage", "szm_z_perc", "P30P", &E::percentage},
        Named<E>{"grey_level_variance", "szm_gl_var", "BYLV", &E::level_variance},
        Named<E>{"zone_size_variance", "szm_zs_var", "3NSA", &E::size_variance},
        Named<E>{"zone_size_entropy", "szm_zs_entr", "GU8N", &E::entropy},
    };
    return features;
}

std::span<const Named<Emphases>> zone_distance_features() {
    using E = Emphases;
    static constexpr std::array features{
        Named<E>{"small_distance_emphasis", "dzm_sde", "0GBI", &E::small},
        Named<E>{"large_distance_emphasis", "dzm_lde", "MB4I", &E::large},
        Named<E>{"low_grey_level_zone_emphasis", "dzm_lgze", "S1RA", &E::low},
        Named<E>{"high_grey_level_zone_emphasis", "dzm_hgze", "K26C", &E::high},
        Named<E>{"small_distance_low_grey_level_emphasis", "dzm_sdlge", "RUVG", &E::small_low},
        Named<E>{"small_distance_high_grey_level_emphasis", "dzm_sdhge", "DKNJ", &E::small_high},
        Named<E>{"large_distance_low_grey_level_emphasis", "dzm_ldlge", "A7WM", &E::large_low},
        Named<E>{"large_distance_high_grey_level_emphasis", "dzm_ldhge", "KLTH", &E::large_high},
        Named<E>{"grey_level_non_uniformity", "dzm_glnu", "VFT7", &E::level_non_uniformity},
        Named<E>{"grey_level_non_uniformity_normalised", "dzm_glnu_norm", "7HP3", &E::level_non_uniformity_normalised},
        Named<E>{"zone_distance_non_uniformity", "dzm_zdnu", "V294", &E::size_non_uniformity},
        Named<E>{"zone_distance_non_uniformity_normalised", "dzm_zdnu_norm", "IATH", &E::size_non_uniformity_normalised},
        Named<E>{"zone_percentage", "dzm_z_perc", "VIWW", &E::percentage},
        Named<E>{"grey_level_variance", "dzm_gl_var", "QK93", &E::level_variance},
        Named<E>{"zone_distance_variance", "dzm_zd_var", "7WT1", &E::size_variance},
        Named<E>{"zone_distance_entropy", "dzm_zd_entr", "GBDU", &E::entropy},
    };
    return features;
}

}  // namespace tare::imaging::texture
