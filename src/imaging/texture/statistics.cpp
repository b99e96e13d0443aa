// Statistics of intensities and of grey levels (IBSI reference manual 3.3 and 3.4).
#include <algorithm>
#include <array>
#include <cmath>

#include "tare/imaging/sorted_values.hpp"
#include "tare/imaging/texture/intensity.hpp"

namespace tare::imaging::texture {

namespace {

double mean_deviation(std::span<const double> values, double centre) {
    double sum = 0.0;
    for (const double value : values) sum += std::abs(value - centre);
    return sum / static_cast<double>(values.size());
}

/// The mean deviation of the values in [low, high] from their mean.
double robust_deviation(std::span<const double> sorted, double low, double high) {
    const auto from = std::lower_bound(sorted.begin(), sorted.end(), low);
    const auto to = std::upper_bound(from, sorted.end(), high);
    if (from == to) return undefined;
    const std::span<const double> within(from, to);
    return mean_deviation(within, sorted_mean(within));
}

void moments(Statistics& s, std::span<const double> sorted) {
    const auto n = static_cast<double>(sorted.size());
    const Moments m = sorted_moments(sorted);
    double squares = 0.0;
    for (const double value : sorted) squares += value * value;
    // The reference manual has 0 for the shape of what does not vary.
    const bool varied = m.squares > 0.0;
    s.mean = m.mean;
    s.variance = m.squares / n;
    s.skewness = varied ? m.skewness : 0.0;
    s.kurtosis = varied ? m.excess_kurtosis : 0.0;
    s.energy = squares;
    s.root_mean_square = std::sqrt(squares / n);
    if (s.mean != 0.0) s.coefficient_of_variation = m.sd / s.mean;
}

std::vector<double> expanded(const std::vector<double>& counts) {
    std::vector<double> sorted;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        sorted.insert(sorted.end(), static_cast<std::size_t>(counts[i]), static_cast<double>(i + 1));
    }
    return sorted;
}

void find_mode(Histogram& h, const std::vector<double>& counts) {
    double most = 0.0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        const auto level = static_cast<double>(i + 1);
        const bool nearer = counts[i] == most && std::abs(level - h.mean) < std::abs(h.mode - h.mean);
        if (counts[i] > most || nearer) {
            most = counts[i];
            h.mode = level;
        }
    }
}

void find_gradients(Histogram& h, const std::vector<double>& counts) {
    const std::size_t last = counts.size() - 1;
    if (last == 0) return;
    for (std::size_t i = 0; i <= last; ++i) {
        const std::size_t before = i == 0 ? 0 : i - 1;
        const std::size_t after = std::min(i + 1, last);
        const double gradient = (counts[after] - counts[before]) / static_cast<double>(after - before);
        if (i == 0 || gradient > h.maximum_gradient) {
            h.maximum_gradient = gradient;
            h.maximum_gradient_level = static_cast<double>(i + 1);
        }
        if (i == 0 || gradient < h.minimum_gradient) {
            h.minimum_gradient = gradient;
            h.minimum_gradient_level = static_cast<double>(i + 1);
        }
    }
}

}  // namespace

Statistics statistics(std::span<const double> sorted) {
    Statistics s;
    if (sorted.empty()) return s;
    moments(s, sorted);
    const double first_quartile = sorted_quantile(sorted, 0.25);
    const double third_quartile = sorted_quantile(sorted, 0.75);
    s.median = sorted_quantile(sorted, 0.5);
    s.minimum = sorted.front();
    s.p10 = sorted_quantile(sorted, 0.1);
    s.p90 = sorted_quantile(sorted, 0.9);
    s.maximum = sorted.back();
    s.interquartile_range = third_quartile - first_quartile;
    s.range = s.maximum - s.minimum;
    s.mean_absolute_deviation = mean_deviation(sorted, s.mean);
    s.robust_mean_absolute_deviation = robust_deviation(sorted, s.p10, s.p90);
    s.median_absolute_deviation = mean_deviation(sorted, s.median);
    const double quartiles = third_quartile + first_quartile;
    if (quartiles != 0.0) s.quartile_coefficient_of_dispersion = s.interquartile_range / quartiles;
    return s;
}

Histogram histogram(const Levels& levels) {
    Histogram h;
    if (levels.voxels == 0) return h;
    std::vector<double> counts(static_cast<std::size_t>(levels.count));
    for (const std::uint16_t level : levels.level) {
        if (level != 0) counts[level - 1U] += 1.0;
    }
    static_cast<Statistics&>(h) = statistics(expanded(counts));
    h.entropy = 0.0;
    h.uniformity = 0.0;
    for (const double count : counts) {
        const double p = count / static_cast<double>(levels.voxels);
        if (p > 0.0) h.entropy -= p * std::log2(p);
        h.uniformity += p * p;
    }
    find_mode(h, counts);
    find_gradients(h, counts);
    return h;
}

std::span<const Named<Statistics>> statistics_features() {
    using S = Statistics;
    static constexpr std::array features{
        Named<S>{"mean", "stat_mean", "Q4LE", &S::mean},
        Named<S>{"variance", "stat_var", "ECT3", &S::variance},
        Named<S>{"skewness", "stat_skew", "KE2A", &S::skewness},
        Named<S>{"kurtosis", "stat_kurt", "IPH6", &S::kurtosis},
        Named<S>{"median", "stat_median", "Y12H", &S::median},
        Named<S>{"minimum", "stat_min", "1GSF", &S::minimum},
        Named<S>{"p10", "stat_p10", "QG58", &S::p10},
        Named<S>{"p90", "stat_p90", "8DWT", &S::p90},
        Named<S>{"maximum", "stat_max", "84IY", &S::maximum},
        Named<S>{"interquartile_range", "stat_iqr", "SALO", &S::interquartile_range},
        Named<S>{"range", "stat_range", "2OJQ", &S::range},
        Named<S>{"mean_absolute_deviation", "stat_mad", "4FUA", &S::mean_absolute_deviation},
        Named<S>{"robust_mean_absolute_deviation", "stat_rmad", "1128", &S::robust_mean_absolute_deviation},
        Named<S>{"median_absolute_deviation", "stat_medad", "N72L", &S::median_absolute_deviation},
        Named<S>{"coefficient_of_variation", "stat_cov", "7TET", &S::coefficient_of_variation},
        Named<S>{"quartile_coefficient_of_dispersion", "stat_qcod", "9S40", &S::quartile_coefficient_of_dispersion},
        Named<S>{"energy", "stat_energy", "N8CA", &S::energy},
        Named<S>{"root_mean_square", "stat_rms", "5ZWQ", &S::root_mean_square},
    };
    return features;
}

std::span<const Named<Histogram>> histogram_features() {
    using H = Histogram;
    static constexpr std::array features{
        Named<H>{"mean", "ih_mean", "X6K6", &H::mean},
        Named<H>{"variance", "ih_var", "CH89", &H::variance},
        Named<H>{"skewness", "ih_skew", "88K1", &H::skewness},
        Named<H>{"kurtosis", "ih_kurt", "C3I7", &H::kurtosis},
        Named<H>{"median", "ih_median", "WIFQ", &H::median},
        Named<H>{"minimum", "ih_min", "1PR8", &H::minimum},
        Named<H>{"p10", "ih_p10", "GPMT", &H::p10},
        Named<H>{"p90", "ih_p90", "OZ0C", &H::p90},
        Named<H>{"maximum", "ih_max", "3NCY", &H::maximum},
        Named<H>{"mode", "ih_mode", "AMMC", &H::mode},
        Named<H>{"interquartile_range", "ih_iqr", "WR0O", &H::interquartile_range},
        Named<H>{"range", "ih_range", "5Z3W", &H::range},
        Named<H>{"mean_absolute_deviation", "ih_mad", "D2ZX", &H::mean_absolute_deviation},
        Named<H>{"robust_mean_absolute_deviation", "ih_rmad", "WRZB", &H::robust_mean_absolute_deviation},
        Named<H>{"median_absolute_deviation", "ih_medad", "4RNL", &H::median_absolute_deviation},
        Named<H>{"coefficient_of_variation", "ih_cov", "CWYJ", &H::coefficient_of_variation},
        Named<H>{"quartile_coefficient_of_dispersion", "ih_qcod", "SLWD", &H::quartile_coefficient_of_dispersion},
        Named<H>{"entropy", "ih_entropy", "TLU2", &H::entropy},
        Named<H>{"uniformity", "ih_uniformity", "BJ5W", &H::uniformity},
        Named<H>{"maximum_gradient", "ih_max_grad", "12CE", &H::maximum_gradient},
        Named<H>{"maximum_gradient_level", "ih_max_grad_g", "8E6O", &H::maximum_gradient_level},
        Named<H>{"minimum_gradient", "ih_min_grad", "VQB3", &H::minimum_gradient},
        Named<H>{"minimum_gradient_level", "ih_min_grad_g", "RHQZ", &H::minimum_gradient_level},
    };
    return features;
}

}  // namespace tare::imaging::texture
