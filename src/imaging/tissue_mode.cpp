// Peaks of a kernel estimate of the density of intensities.
#include <algorithm>
#include <cmath>

#include "histogram_tail.hpp"
#include "tare/imaging/intensity.hpp"
#include "tare/imaging/sorted_values.hpp"

namespace tare::imaging {
namespace {

constexpr std::size_t points = 80;

struct Density {
    std::vector<double> at, height;  ///< heights up to a common factor
};

Density density(std::span<const double> ascending, double width) {
    /// Beyond so many widths a kernel adds less than a rounding error to one at its peak.
    constexpr double reach = 9.0;
    Density out;
    const double least = ascending.front(), step = (ascending.back() - least) / static_cast<double>(points - 1);
    for (std::size_t p = 0; p < points; ++p) {
        const double at = p + 1 == points ? ascending.back() : least + step * static_cast<double>(p);
        const auto begin = std::lower_bound(ascending.begin(), ascending.end(), at - reach * width);
        const auto end = std::upper_bound(begin, ascending.end(), at + reach * width);
        double sum = 0.0, last = 0.0, kernel = 0.0;
        for (auto x = begin; x != end; ++x) {
            // Whole numbers repeat themselves.
            if (x == begin || *x != last) {
                const double distance = (at - *x) / width;
                kernel = std::exp(-0.5 * distance * distance);
                last = *x;
            }
            sum += kernel;
        }
        out.at.push_back(at);
        out.height.push_back(sum);
    }
    return out;
}

/// The positions that are higher than both neighbours.
std::vector<std::size_t> peaks(const std::vector<double>& height) {
    std::vector<std::size_t> found;
    for (std::size_t p = 1; p + 1 < height.size(); ++p) {
        if (height[p] > height[p - 1] && height[p] > height[p + 1]) found.push_back(p);
    }
    return found;
}

/// D. Scott 1992, Multivariate Density Estimation: SD (dividing by n − 1) times n^(−1/5).
double scott_width(std::span<const double> values) noexcept {
    const auto n = static_cast<double>(values.size());
    return sorted_moments(values).sd * std::sqrt(n / (n - 1.0)) * std::pow(n, -0.2);
}

}  // namespace

std::span<const double> detail::without_tail(std::span<const double> ascending, Modality modality) noexcept {
    if (modality != Modality::t1 && modality != Modality::pd) return ascending;
    const double most = sorted_quantile(ascending, modality == Modality::t1 ? 0.96 : 0.99);
    return ascending.first(
        static_cast<std::size_t>(std::upper_bound(ascending.begin(), ascending.end(), most) - ascending.begin()));
}

double tissue_mode(std::span<const double> ascending, Modality modality, double width) {
    const std::span<const double> kept = detail::without_tail(ascending, modality);
    if (kept.front() == kept.back()) return kept.front();
    const Density found = density(kept, width > 0.0 ? width : scott_width(kept));
    const std::vector<std::size_t> tops = peaks(found.height);
    const auto highest =
        static_cast<std::size_t>(std::max_element(found.height.begin(), found.height.end()) - found.height.begin());
    if (tops.empty() || modality == Modality::t2 || modality == Modality::flair) return found.at[highest];
    return found.at[modality == Modality::t1 ? tops.back() : tops.front()];
}

}  // namespace tare::imaging
