// The intensity-volume histogram (IBSI reference manual 3.5).
#include <array>

#include "tare/imaging/texture/intensity.hpp"

namespace tare::imaging::texture {

namespace {

/// Of the levels from the lowest to the highest that occurs, the share of voxels with this level or a higher one.
struct Curve {
    std::size_t first = 0;
    std::vector<double> share;

    /// The greatest share at `fraction` of the way from the lowest to the highest level, or further.
    [[nodiscard]] double volume_at(double fraction) const {
        const double width = share.size() > 1 ? static_cast<double>(share.size() - 1) : 1.0;
        for (std::size_t i = 0; i < share.size(); ++i) {
            // Ten levels of hundred are at 10 %, whichever way the division rounds.
            if (static_cast<double>(i) / width >= fraction - 1e-12) return share[i];
        }
        return undefined;
    }
    /// The lowest level that no more than `fraction` of the voxels reach.
    [[nodiscard]] double level_at(double fraction) const {
        for (std::size_t i = 0; i < share.size(); ++i) {
            if (share[i] <= fraction + 1e-12) return static_cast<double>(first + i);
        }
        return undefined;
    }
};

Curve curve_of(const Levels& levels) {
    std::vector<double> counts(static_cast<std::size_t>(levels.count));
    for (const std::uint16_t level : levels.level) {
        if (level != 0) counts[level - 1U] += 1.0;
    }
    Curve curve;
    while (counts[curve.first] == 0.0) ++curve.first;
    while (counts.back() == 0.0) counts.pop_back();
    double left = static_cast<double>(levels.voxels);
    for (std::size_t i = curve.first; i < counts.size(); ++i) {
        curve.share.push_back(left / static_cast<double>(levels.voxels));
        left -= counts[i];
    }
    ++curve.first;
    return curve;
}

}  // namespace

VolumeHistogram volume_histogram(const Levels& levels, double first, double step) {
    VolumeHistogram h;
    if (levels.voxels == 0) return h;
    const Curve curve = curve_of(levels);
    const auto intensity = [&](double level) { return first + (level - 1.0) * step; };
    if (curve.share.size() > 1) {
        h.volume_at_10 = curve.volume_at(0.1);
        h.volume_at_90 = curve.volume_at(0.9);
        h.volume_difference = h.volume_at_10 - h.volume_at_90;
        double area = 0.0;
        for (std::size_t i = 1; i < curve.share.size(); ++i) area += (curve.share[i - 1] + curve.share[i]) / 2.0;
        h.area_under_curve = area / static_cast<double>(curve.share.size() - 1);
    }
    h.intensity_at_10 = intensity(curve.level_at(0.1));
    h.intensity_at_90 = intensity(curve.level_at(0.9));
    h.intensity_difference = h.intensity_at_10 - h.intensity_at_90;
    return h;
}

std::span<const Named<VolumeHistogram>> volume_histogram_features() {
    using V = VolumeHistogram;
    static constexpr std::array features{
        Named<V>{"volume_at_10", "ivh_v10", "BC2M", &V::volume_at_10},
        Named<V>{"volume_at_90", "ivh_v90", "BC2M", &V::volume_at_90},
        Named<V>{"intensity_at_10", "ivh_i10", "GBPN", &V::intensity_at_10},
        Named<V>{"intensity_at_90", "ivh_i90", "GBPN", &V::intensity_at_90},
        Named<V>{"volume_difference", "ivh_diff_v10_v90", "DDTU", &V::volume_difference},
        Named<V>{"intensity_difference", "ivh_diff_i10_i90", "CNV2", &V::intensity_difference},
        Named<V>{"area_under_curve", "ivh_auc", "9CMM", &V::area_under_curve},
    };
    return features;
}

}  // namespace tare::imaging::texture
