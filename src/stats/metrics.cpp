// Sums run over the rows as they come; ranks come from one sort.
#include "tare/stats/metrics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <vector>

namespace tare::stats {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
/// Values whose range is below this share of their mean are constant but for rounding.
constexpr double rounding = 1e-13;

double mean_of(std::span<const double> values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Sum of squares about the mean; 0 where the values are constant to rounding.
double scatter(std::span<const double> values, double mean) {
    const auto [least, most] = std::minmax_element(values.begin(), values.end());
    if (*most - *least <= rounding * std::abs(mean)) return 0.0;
    double sum = 0.0;
    for (const double x : values) sum += (x - mean) * (x - mean);
    return sum;
}

void check_labels(Index classes, std::span<const Index> truth, std::span<const Index> predicted) {
    if (truth.size() != predicted.size()) throw std::logic_error("as many predictions as true classes are needed");
    const auto is_class = [&](Index label) { return label >= 0 && label < classes; };
    if (!std::all_of(truth.begin(), truth.end(), is_class) || !std::all_of(predicted.begin(), predicted.end(), is_class))
        throw std::logic_error("a label is none of the classes");
}

struct Recognised {
    std::vector<Index> of, right;  ///< per class: rows that are of it, and those of them that are predicted so

    Recognised(Index classes, std::span<const Index> truth, std::span<const Index> predicted)
        : of(static_cast<std::size_t>(classes)), right(static_cast<std::size_t>(classes)) {
        for (std::size_t i = 0; i < truth.size(); ++i) {
            const auto k = static_cast<std::size_t>(truth[i]);
            ++of[k];
            right[k] += truth[i] == predicted[i] ? 1 : 0;
        }
    }
    [[nodiscard]] double share(std::size_t k) const {
        return of[k] == 0 ? nan : static_cast<double>(right[k]) / static_cast<double>(of[k]);
    }
    [[nodiscard]] Index present() const {
        return std::count_if(of.begin(), of.end(), [](Index n) { return n > 0; });
    }
    [[nodiscard]] double mean_share() const {
        if (present() < 2) return nan;
        double sum = 0.0;
        for (std::size_t k = 0; k < of.size(); ++k) sum += of[k] > 0 ? share(k) : 0.0;
        return sum / static_cast<double>(present());
    }
};

double auc_against_rest(Index k, std::span<const Index> truth, const Matrix<double>& scores) {
    std::vector<double> score;
    score.reserve(truth.size());
    for (Index i = 0; i < scores.rows(); ++i) score.push_back(scores(i, k));
    return area_under_curve(score, truth, k);
}

double auc_of(const Recognised& recognised, std::span<const Index> truth, const Matrix<double>& scores) {
    const auto classes = static_cast<Index>(recognised.of.size());
    if (scores.empty() || recognised.present() < 2) return nan;
    if (classes == 2) return auc_against_rest(1, truth, scores);
    double sum = 0.0;
    for (Index k = 0; k < classes; ++k) {
        if (recognised.of[static_cast<std::size_t>(k)] > 0) sum += auc_against_rest(k, truth, scores);
    }
    return sum / static_cast<double>(recognised.present());
}

double quantile_of_sorted(std::span<const double> sorted, double share) {
    const double at = share * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(at);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    return std::lerp(sorted[below], sorted[above], at - static_cast<double>(below));
}

std::vector<double> sorted_without_gaps(std::span<const double> values) {
    std::vector<double> out(values.begin(), values.end());
    std::erase_if(out, [](double x) { return std::isnan(x); });
    std::sort(out.begin(), out.end());
    return out;
}

}  // namespace

RegressionMetrics regression_metrics(std::span<const double> truth, std::span<const double> predicted) {
    if (truth.size() != predicted.size()) throw std::logic_error("as many predictions as true values are needed");
    RegressionMetrics out{static_cast<Index>(truth.size()), nan, nan, nan, nan};
    if (truth.empty()) return out;
    const double n = static_cast<double>(truth.size()), mean = mean_of(truth), predicted_mean = mean_of(predicted);
    double distance = 0.0, squares = 0.0, products = 0.0;
    for (std::size_t i = 0; i < truth.size(); ++i) {
        const double error = truth[i] - predicted[i];
        distance += std::abs(error);
        squares += error * error;
        products += (truth[i] - mean) * (predicted[i] - predicted_mean);
    }
    out.mae = distance / n;
    out.rmse = std::sqrt(squares / n);
    const double varies = scatter(truth, mean), predicted_varies = scatter(predicted, predicted_mean);
    if (varies > 0.0) out.r2 = 1.0 - squares / varies;
    if (varies > 0.0 && predicted_varies > 0.0)
        out.r = std::clamp(products / (std::sqrt(varies) * std::sqrt(predicted_varies)), -1.0, 1.0);
    return out;
}

ClassificationMetrics classification_metrics(Index classes, std::span<const Index> truth, std::span<const Index> predicted,
                                             const Matrix<double>& scores) {
    check_labels(classes, truth, predicted);
    if (!scores.empty() && (scores.rows() != static_cast<Index>(truth.size()) || scores.columns() != classes))
        throw std::logic_error("scores are one per row and class");
    const Recognised recognised(classes, truth, predicted);
    ClassificationMetrics out{static_cast<Index>(truth.size()), nan, nan, nan, nan, nan};
    out.accuracy = static_cast<double>(std::accumulate(recognised.right.begin(), recognised.right.end(), Index{0})) /
                   static_cast<double>(truth.size());
    out.balanced_accuracy = recognised.mean_share();
    out.auc = auc_of(recognised, truth, scores);
    if (classes == 2) {
        out.sensitivity = recognised.share(1);
        out.specificity = recognised.share(0);
    }
    return out;
}

double balanced_accuracy(Index classes, std::span<const Index> truth, std::span<const Index> predicted) {
    check_labels(classes, truth, predicted);
    return Recognised(classes, truth, predicted).mean_share();
}

double area_under_curve(std::span<const double> scores, std::span<const Index> truth, Index positive) {
    if (scores.size() != truth.size()) throw std::logic_error("as many scores as true classes are needed");
    if (std::any_of(scores.begin(), scores.end(), [](double x) { return std::isnan(x); })) return nan;
    std::vector<std::size_t> order(scores.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return scores[a] < scores[b]; });
    // Twice the sum of ranks, so that it stays a whole number.
    double twice_ranks = 0.0, positives = 0.0;
    for (std::size_t first = 0, end = 0; first < order.size(); first = end) {
        double tied = 0.0;
        for (; end < order.size() && scores[order[end]] == scores[order[first]]; ++end) {
            tied += truth[order[end]] == positive ? 1.0 : 0.0;
        }
        twice_ranks += tied * static_cast<double>(first + end + 1);
        positives += tied;
    }
    const double negatives = static_cast<double>(scores.size()) - positives;
    if (positives == 0.0 || negatives == 0.0) return nan;
    return (0.5 * twice_ranks - 0.5 * positives * (positives + 1.0)) / (positives * negatives);
}

double quantile_of(std::span<const double> values, double share) {
    const std::vector<double> sorted = sorted_without_gaps(values);
    return sorted.empty() ? nan : quantile_of_sorted(sorted, share);
}

Interval interval_of(std::span<const double> over_repeats) {
    const std::vector<double> sorted = sorted_without_gaps(over_repeats);
    Interval out{static_cast<Index>(sorted.size()), nan, nan, nan, nan};
    if (sorted.empty()) return out;
    out.mean = mean_of(sorted);
    double squares = 0.0;
    for (const double x : sorted) squares += (x - out.mean) * (x - out.mean);
    if (sorted.size() > 1) out.sd = std::sqrt(squares / static_cast<double>(sorted.size() - 1));
    out.low = quantile_of_sorted(sorted, 0.025);
    out.high = quantile_of_sorted(sorted, 0.975);
    return out;
}

}  // namespace tare::stats
