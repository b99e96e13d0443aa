// Choosing features by their moments, row by row, so that moments in files are read once and in order.
#include "tare/stats/usable_features.hpp"

#include <cmath>
#include <limits>

#include "tare/base/error.hpp"
#include "tare/stats/mean_model.hpp"

namespace tare::stats {

std::vector<Index> usable_features(const Moments& moments, std::optional<double> threshold) {
    const auto features = static_cast<std::size_t>(moments.feature_count());
    std::vector<double> sum(features, 0.0), first(features, std::numeric_limits<double>::quiet_NaN());
    std::vector<unsigned char> varies(features, 0), finite(features, 1);
    double subjects = 0.0;
    for (Index s = 0; s < moments.site_count(); ++s) {
        const double n = moments.n(s, 0);
        subjects += n;
        for (std::size_t f = 0; f < features; ++f) {
            const auto feature = static_cast<Index>(f);
            const double mean = moments.values.mean(s, feature);
            if (!std::isfinite(mean) || !std::isfinite(moments.values.squares(s, feature))) {
                finite[f] = 0;
                continue;
            }
            sum[f] += n * mean;
            if (std::isnan(first[f])) first[f] = mean;
            const bool same_mean = std::abs(mean - first[f]) <= 1e-12 * std::abs(first[f]);
            if (!same_mean || !constant_within_site(moments, s, feature)) varies[f] = 1;
        }
        moments.values.release();
    }
    std::vector<Index> usable;
    for (std::size_t f = 0; f < features; ++f) {
        const bool bright = !threshold || sum[f] / subjects > *threshold;
        if (finite[f] != 0 && varies[f] != 0 && bright) usable.push_back(static_cast<Index>(f));
    }
    if (usable.empty()) {
        throw base::degenerate(std::string("no voxel is left that is finite") +
                                   (threshold ? ", varies between subjects and has a mean above --mask-threshold"
                                              : " and varies between subjects"),
                               "look at the images, or give a --mask");
    }
    return usable;
}

}  // namespace tare::stats
