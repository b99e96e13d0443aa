// Counting pairs of grey levels, and the features of the matrix (IBSI reference manual 3.6).
#include "tare/imaging/texture/cooccurrence.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "directions.hpp"

namespace tare::imaging::texture {

namespace {

/// Pairs of levels, counted one way; level 0 is kept in a row and a column of its own, so that no voxel needs a question.
class PairCounts {
public:
    explicit PairCounts(const Levels& levels)
        : levels_(levels),
          width_(static_cast<std::size_t>(levels.count) + 1),
          counts_(width_ * width_),
          pairs_(static_cast<std::size_t>(levels.count * levels.count)) {}

    void add(const Stretch& stretch, Index step, Index /*voxels*/) {
        const std::uint16_t* level = levels_.level.data();
        for (std::size_t i = stretch.begin; i < stretch.end; ++i) {
            const std::size_t other = level[static_cast<std::size_t>(static_cast<Index>(i) + step)];
            ++counts_[level[i] * width_ + other];
        }
    }

    /// The features of what was added, which is forgotten.
    Cooccurrence take() {
        const std::size_t n = width_ - 1;
        for (std::size_t i = 0; i < n; ++i) {
            for (std::size_t j = 0; j < n; ++j) {
                const std::uint64_t both =
                    std::uint64_t{counts_[(i + 1) * width_ + j + 1]} + counts_[(j + 1) * width_ + i + 1];
                pairs_[i * n + j] = static_cast<double>(both);
            }
        }
        std::fill(counts_.begin(), counts_.end(), 0U);
        return cooccurrence_of(pairs_, levels_.count);
    }

private:
    const Levels& levels_;
    std::size_t width_;
    std::vector<std::uint32_t> counts_;
    std::vector<double> pairs_;
};

struct Margins {
    std::vector<double> level;       ///< of either voxel of a pair, from level 1
    std::vector<double> difference;  ///< of i − j without sign, from 0
    std::vector<double> sum;         ///< of i + j, from 0
};

double entropy(std::span<const double> shares) {
    double sum = 0.0;
    for (const double p : shares) {
        if (p > 0.0) sum -= p * std::log2(p);
    }
    return sum;
}

/// What needs the joint distribution itself.
Margins joint(Cooccurrence& c, std::span<const double> pairs, std::size_t n, double total) {
    Margins margins{std::vector<double>(n), std::vector<double>(n), std::vector<double>(2 * n + 1)};
    c.joint_maximum = c.joint_entropy = c.angular_second_moment = c.autocorrelation = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j) {
            if (pairs[i * n + j] == 0.0) continue;
            const double p = pairs[i * n + j] / total;
            margins.level[i] += p;
            margins.difference[i > j ? i - j : j - i] += p;
            margins.sum[i + j + 2] += p;
            c.joint_maximum = std::max(c.joint_maximum, p);
            c.joint_entropy -= p * std::log2(p);
            c.angular_second_moment += p * p;
            c.autocorrelation += static_cast<double>((i + 1) * (j + 1)) * p;
        }
    }
    return margins;
}

void by_level(Cooccurrence& c, const std::vector<double>& shares) {
    c.joint_average = c.joint_variance = 0.0;
    std::size_t occurring = 0;
    for (std::size_t i = 0; i < shares.size(); ++i) {
        c.joint_average += static_cast<double>(i + 1) * shares[i];
        if (shares[i] > 0.0) ++occurring;
    }
    for (std::size_t i = 0; i < shares.size(); ++i) {
        const double off = static_cast<double>(i + 1) - c.joint_average;
        c.joint_variance += off * off * shares[i];
    }
    const double one = entropy(shares);
    // The matrix is symmetric: both HXY1 and HXY2 of the reference manual are twice the entropy of its margin.
    const double gain = std::max(0.0, 2.0 * one - c.joint_entropy);
    c.information_correlation_2 = std::sqrt(1.0 - std::exp(-2.0 * gain));
    if (occurring < 2) return;
    c.correlation = (c.autocorrelation - c.joint_average * c.joint_average) / c.joint_variance;
    c.information_correlation_1 = (c.joint_entropy - 2.0 * one) / one;
}

void by_difference(Cooccurrence& c, const std::vector<double>& shares) {
    for (double* sum : {&c.difference_average, &c.difference_variance, &c.contrast, &c.inverse_difference,
                        &c.inverse_difference_normalised, &c.inverse_difference_moment,
                        &c.inverse_difference_moment_normalised, &c.inverse_variance}) {
        *sum = 0.0;
    }
    const auto n = static_cast<double>(shares.size());
    for (std::size_t k = 0; k < shares.size(); ++k) {
        const auto d = static_cast<double>(k);
        const double p = shares[k];
        c.difference_average += d * p;
        c.contrast += d * d * p;
        c.inverse_difference += p / (1.0 + d);
        c.inverse_difference_normalised += p / (1.0 + d / n);
        c.inverse_difference_moment += p / (1.0 + d * d);
        c.inverse_difference_moment_normalised += p / (1.0 + d * d / (n * n));
        if (k > 0) c.inverse_variance += p / (d * d);
    }
    for (std::size_t k = 0; k < shares.size(); ++k) {
        const double off = static_cast<double>(k) - c.difference_average;
        c.difference_variance += off * off * shares[k];
    }
    c.dissimilarity = c.difference_average;
    c.difference_entropy = entropy(shares);
}

void by_sum(Cooccurrence& c, const std::vector<double>& shares) {
    c.sum_average = c.sum_variance = c.cluster_shade = c.cluster_prominence = 0.0;
    for (std::size_t k = 0; k < shares.size(); ++k) c.sum_average += static_cast<double>(k) * shares[k];
    for (std::size_t k = 0; k < shares.size(); ++k) {
        const double off = static_cast<double>(k) - c.sum_average;
        c.sum_variance += off * off * shares[k];
        c.cluster_shade += off * off * off * shares[k];
        c.cluster_prominence += off * off * off * off * shares[k];
    }
    // i + j − 2μ is the sum off its own mean.
    c.cluster_tendency = c.sum_variance;
    c.sum_entropy = entropy(shares);
}

}  // namespace

Cooccurrence cooccurrence_of(std::span<const double> pairs, Index count) {
    Cooccurrence c;
    double total = 0.0;
    for (const double pair : pairs) total += pair;
    if (!(total > 0.0)) return c;
    const Margins margins = joint(c, pairs, static_cast<std::size_t>(count), total);
    by_level(c, margins.level);
    by_difference(c, margins.difference);
    by_sum(c, margins.sum);
    return c;
}

Cooccurrence cooccurrence(const Levels& levels, Aggregation aggregation) {
    if (levels.voxels == 0) return {};
    return average(gathered(levels, aggregation, PairCounts(levels)), cooccurrence_features());
}

std::uint64_t cooccurrence_bytes(Index levels) {
    const auto n = static_cast<std::uint64_t>(levels);
    return (n + 1) * (n + 1) * sizeof(std::uint32_t) + n * n * sizeof(double);
}

std::span<const Named<Cooccurrence>> cooccurrence_features() {
    using C = Cooccurrence;
    static constexpr std::array features{
        Named<C>{"joint_maximum", "cm_joint_max", "GYBY", &C::joint_maximum},
        Named<C>{"joint_average", "cm_joint_avg", "60VM", &C::joint_average},
        Named<C>{"joint_variance", "cm_joint_var", "UR99", &C::joint_variance},
        Named<C>{"joint_entropy", "cm_joint_entr", "TU9B", &C::joint_entropy},
        Named<C>{"difference_average", "cm_diff_avg", "TF7R", &C::difference_average},
        Named<C>{"difference_variance", "cm_diff_var", "D3YU", &C::difference_variance},
        Named<C>{"difference_entropy", "cm_diff_entr", "NTRS", &C::difference_entropy},
        Named<C>{"sum_average", "cm_sum_avg", "ZGXS", &C::sum_average},
        Named<C>{"sum_variance", "cm_sum_var", "OEEB", &C::sum_variance},
        Named<C>{"sum_entropy", "cm_sum_entr", "P6QZ", &C::sum_entropy},
        Named<C>{"angular_second_moment", "cm_energy", "8ZQL", &C::angular_second_moment},
        Named<C>{"contrast", "cm_contrast", "ACUI", &C::contrast},
        Named<C>{"dissimilarity", "cm_dissimilarity", "8S9J", &C::dissimilarity},
        Named<C>{"inverse_difference", "cm_inv_diff", "IB1Z", &C::inverse_difference},
        Named<C>{"inverse_difference_normalised", "cm_inv_diff_norm", "NDRX", &C::inverse_difference_normalised},
        Named<C>{"inverse_difference_moment", "cm_inv_diff_mom", "WF0Z", &C::inverse_difference_moment},
        Named<C>{"inverse_difference_moment_normalised", "cm_inv_diff_mom_norm", "1QCO",
                 &C::inverse_difference_moment_normalised},
        Named<C>{"inverse_variance", "cm_inv_var", "E8JP", &C::inverse_variance},
        Named<C>{"correlation", "cm_corr", "NI2N", &C::correlation},
        Named<C>{"autocorrelation", "cm_auto_corr", "QWB0", &C::autocorrelation},
        Named<C>{"cluster_tendency", "cm_clust_tend", "DG8W", &C::cluster_tendency},
        Named<C>{"cluster_shade", "cm_clust_shade", "7NFM", &C::cluster_shade},
        Named<C>{"cluster_prominence", "cm_clust_prom", "AE86", &C::cluster_prominence},
        Named<C>{"information_correlation_1", "cm_info_corr1", "R8DG", &C::information_correlation_1},
        Named<C>{"information_correlation_2", "cm_info_corr2", "JN9H", &C::information_correlation_2},
    };
    return features;
}

}  // namespace tare::imaging::texture
