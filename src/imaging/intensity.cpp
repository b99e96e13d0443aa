// From an image's intensities, and a standard where there is one, to the map that normalises them.
#include "tare/imaging/intensity.hpp"

#include <algorithm>
#include <cmath>

#include "histogram_tail.hpp"
#include "tare/base/error.hpp"
#include "tare/base/number_text.hpp"
#include "tare/imaging/sorted_values.hpp"

namespace tare::imaging {
namespace {

void check_spread(std::span<const double> ascending) {
    if (ascending.front() < ascending.back()) return;
    throw base::degenerate("every intensity is " + base::number_text(ascending.front()) + ", which no method can scale");
}

/// A divisor must be above 0: a negative one would turn the image upside down.
double checked_scale(double scale, const std::string& what) {
    if (scale > 0.0 && std::isfinite(scale)) return scale;
    throw base::degenerate(what + " is " + base::number_text(scale) + ", and intensities are divided by it",
                           "is the mask that of the image, and are its intensities above 0?");
}

/// Of the values that the density is estimated from.
double kernel_width(std::span<const double> ascending, const IntensityOptions& options) {
    constexpr double share_of_largest = 80.0;
    const std::span<const double> kept = detail::without_tail(ascending, options.modality);
    const double width = checked_scale(kept.back(), "the largest intensity") / share_of_largest;
    if (options.kernel == KernelWidth::absolute) return width;
    const auto n = static_cast<double>(kept.size());
    return width * sorted_moments(kept).sd * std::sqrt(n / (n - 1.0));
}

IntensityMap zscore(std::span<const double> ascending) {
    const Moments moments = sorted_moments(ascending);
    return {moments.mean, checked_scale(moments.sd, "the SD of the intensities"), {}, {}};
}

IntensityMap whitestripe(std::span<const double> ascending, const IntensityOptions& options) {
    const double mode = tissue_mode(ascending, options.modality, 0.0);
    const double share =
        static_cast<double>(std::lower_bound(ascending.begin(), ascending.end(), mode) - ascending.begin()) /
        static_cast<double>(ascending.size());
    const double low = sorted_quantile(ascending, std::max(share - options.stripe, 0.0)),
                 high = sorted_quantile(ascending, std::min(share + options.stripe, 1.0));
    const auto begin = std::upper_bound(ascending.begin(), ascending.end(), low),
               end = std::lower_bound(ascending.begin(), ascending.end(), high);
    if (begin >= end) {
        throw base::degenerate(
            "no intensity lies in the white stripe between " + base::number_text(low) + " and " + base::number_text(high),
            "--stripe widens it");
    }
    const Moments moments = sorted_moments({begin, end});
    if (moments.sd == 0.0) {
        throw base::degenerate("every intensity in the white stripe is " + base::number_text(moments.mean),
                               "--stripe widens it");
    }
    return {moments.mean, moments.sd, {}, {}};
}

std::vector<double> landmarks(std::span<const double> ascending) {
    std::vector<double> out;
    for (const double percent : nyul_percentiles()) out.push_back(sorted_quantile(ascending, percent / 100.0));
    if (!(out.front() < out.back())) {
        throw base::degenerate("the 1st and the 99th percentile of the intensities are both " +
                               base::number_text(out.front()));
    }
    return out;
}

/// Landmarks that coincide leave one knot, the first.
IntensityMap through(const std::vector<double>& from, std::span<const double> to) {
    IntensityMap map;
    for (std::size_t k = 0; k < from.size(); ++k) {
        if (!map.from.empty() && from[k] <= map.from.back()) continue;
        map.from.push_back(from[k]);
        map.to.push_back(to[k]);
    }
    return map;
}

IntensityMap closest(const std::array<double, 3>& means, std::span<const double> standard) {
    double own = 0.0, shared = 0.0;
    for (std::size_t k = 0; k < means.size(); ++k) {
        own += means[k] * means[k];
        shared += means[k] * standard[k];
    }
    return {0.0, checked_scale(own / shared, "the least-squares factor of the tissue means"), {}, {}};
}

}  // namespace

double IntensityMap::operator()(double x) const noexcept {
    if (from.empty()) return (x - shift) / scale;
    const auto next = std::lower_bound(from.begin(), from.end(), x) - from.begin();
    const auto end =
        static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(next, 1, static_cast<std::ptrdiff_t>(from.size()) - 1));
    if (x == from[end]) return to[end];
    return to[end - 1] + (x - from[end - 1]) * ((to[end] - to[end - 1]) / (from[end] - from[end - 1]));
}

std::vector<double> ascending_values(const data::Volume& volume, std::span<const unsigned char> mask) {
    std::vector<double> values;
    for (std::size_t v = 0; v < volume.values.size(); ++v) {
        if (mask[v] != 0 && std::isfinite(volume.values[v])) values.push_back(volume.values[v]);
    }
    if (values.empty()) throw base::degenerate("no finite intensity lies within the mask");
    std::sort(values.begin(), values.end());
    return values;
}

std::vector<double> nyul_percentiles() {
    return {1, 10, 20, 30, 40, 50, 60, 70, 80, 90, 99};
}

bool needs_standard(IntensityMethod method) noexcept {
    return method == IntensityMethod::nyul || method == IntensityMethod::lsq;
}

std::vector<double> own_standard(std::span<const double> ascending, const IntensityOptions& options) {
    if (options.method == IntensityMethod::nyul) {
        constexpr double lowest = 1.0, highest = 100.0;
        std::vector<double> marks = landmarks(ascending);
        const double first = marks.front(), range = marks.back() - first;
        for (double& mark : marks) mark = lowest + (mark - first) / range * (highest - lowest);
        return marks;
    }
    const std::array<double, 3> means = fuzzy_means(ascending);
    const double darkest = checked_scale(means[0], "the mean of the darkest tissue");
    return {1.0, means[1] / darkest, means[2] / darkest};
}

std::vector<double> common_standard(std::span<const std::vector<double>> own) {
    std::vector<double> mean(own.front().size(), 0.0);
    for (const std::vector<double>& one : own) {
        for (std::size_t k = 0; k < mean.size(); ++k) mean[k] += one[k];
    }
    for (double& value : mean) value /= static_cast<double>(own.size());
    return mean;
}

IntensityMap intensity_map(std::span<const double> ascending, const IntensityOptions& options,
                           std::span<const double> standard) {
    check_spread(ascending);
    switch (options.method) {
        case IntensityMethod::zscore:
            return zscore(ascending);
        case IntensityMethod::whitestripe:
            return whitestripe(ascending, options);
        case IntensityMethod::kde:
            return {0.0,
                    checked_scale(tissue_mode(ascending, options.modality, kernel_width(ascending, options)),
                                  "the tissue's mode"),
                    {},
                    {}};
        case IntensityMethod::fcm:
            return {0.0,
                    checked_scale(fuzzy_means(ascending)[static_cast<std::size_t>(options.tissue)], "the tissue's mean"),
                    {},
                    {}};
        case IntensityMethod::nyul:
            return through(landmarks(ascending), standard);
        case IntensityMethod::lsq:
            return closest(fuzzy_means(ascending), standard);
    }
    return {};
}

}  // namespace tare::imaging
