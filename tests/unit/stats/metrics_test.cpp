// Metrics of predictions: values worked out by hand, undefined cases, and brute force beside the ranks.
#include "tare/stats/metrics.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include <catch2/catch.hpp>

#include "tare/base/rng.hpp"

using namespace tare;
using base::Index;
using base::Matrix;
using Labels = std::vector<Index>;
using Values = std::vector<double>;

namespace {

constexpr double gap = std::numeric_limits<double>::quiet_NaN();

/// AUC as it is defined: over all pairs.
double over_pairs(const Values& scores, const Labels& truth, Index positive) {
    double won = 0.0, pairs = 0.0;
    for (std::size_t i = 0; i < truth.size(); ++i) {
        for (std::size_t j = 0; j < truth.size(); ++j) {
            if (truth[i] != positive || truth[j] == positive) continue;
            pairs += 1.0;
            won += scores[i] > scores[j] ? 1.0 : scores[i] == scores[j] ? 0.5 : 0.0;
        }
    }
    return won / pairs;
}

}  // namespace

TEST_CASE("regression metrics by hand") {
    const auto m = stats::regression_metrics(Values{1.0, 2.0, 3.0, 6.0}, Values{2.0, 2.0, 1.0, 7.0});
    CHECK(m.rows == 4);
    CHECK(m.mae == Approx(1.0));
    CHECK(m.rmse == Approx(std::sqrt(6.0 / 4.0)));
    CHECK(m.r2 == Approx(1.0 - 6.0 / 14.0));
    // Products 2 + 1 + 0 + 12 = 15 over the roots of 14 and 22, about the means of 3 each.
    CHECK(m.r == Approx(15.0 / std::sqrt(14.0 * 22.0)));

    const auto exact = stats::regression_metrics(Values{1e9, 1e9 + 1.0, 1e9 + 5.0}, Values{1e9, 1e9 + 1.0, 1e9 + 5.0});
    CHECK(exact.mae == 0.0);
    CHECK(exact.r2 == 1.0);
    CHECK(exact.r == Approx(1.0));
    CHECK(stats::regression_metrics(Values{1.0, 2.0}, Values{-3.0, -5.0}).r == Approx(-1.0));
    // Worse than the mean.
    CHECK(stats::regression_metrics(Values{0.0, 1.0}, Values{10.0, 10.0}).r2 == Approx(1.0 - 181.0 / 0.5));
}

TEST_CASE("regression metrics that the data leave undefined") {
    const auto none = stats::regression_metrics({}, {});
    CHECK((none.rows == 0 && std::isnan(none.mae) && std::isnan(none.rmse) && std::isnan(none.r2) && std::isnan(none.r)));
    const auto constant = stats::regression_metrics(Values(7, 0.1), Values{1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0});
    CHECK((std::isnan(constant.r2) && std::isnan(constant.r) && constant.mae == Approx(3.9)));
    // Predictions that differ by rounding are constant.
    const double next = std::nextafter(50.0, 51.0);
    const auto flat = stats::regression_metrics(Values{40.0, 50.0, 60.0}, Values{50.0, next, 50.0});
    CHECK(std::isnan(flat.r));
    CHECK(flat.r2 == Approx(0.0).margin(1e-12));
    const auto missing = stats::regression_metrics(Values{1.0, 2.0, 3.0}, Values{1.0, gap, 3.0});
    CHECK((std::isnan(missing.mae) && std::isnan(missing.rmse) && std::isnan(missing.r2) && std::isnan(missing.r)));
    const auto missing_truth = stats::regression_metrics(Values{1.0, gap, 3.0}, Values{1.0, 2.0, 3.0});
    CHECK((std::isnan(missing_truth.mae) && std::isnan(missing_truth.r2) && std::isnan(missing_truth.r)));
    CHECK_THROWS_AS(stats::regression_metrics(Values{1.0}, {}), std::logic_error);
}

TEST_CASE("metrics of two classes by hand") {
    const Labels truth{0, 0, 0, 0, 1, 1}, predicted{0, 0, 1, 0, 1, 0};
    const Matrix<double> scores(2, {0, 0.1, 0, 0.3, 0, 0.7, 0, 0.4, 0, 0.9, 0, 0.4});
    const auto m = stats::classification_metrics(2, truth, predicted, scores);
    CHECK(m.rows == 6);
    CHECK(m.accuracy == Approx(4.0 / 6.0));
    CHECK(m.sensitivity == Approx(0.5));
    CHECK(m.specificity == Approx(0.75));
    CHECK(m.balanced_accuracy == Approx(0.625));
    // 0.9 beats four; 0.4 beats two and ties with one.
    CHECK(m.auc == Approx((4.0 + 2.5) / 8.0));
    CHECK(stats::balanced_accuracy(2, truth, predicted) == m.balanced_accuracy);
    CHECK(std::isnan(stats::classification_metrics(2, truth, predicted, {}).auc));
}

TEST_CASE("metrics of several classes") {
    const Labels truth{0, 0, 1, 1, 1, 2}, predicted{0, 1, 1, 1, 2, 2};
    const Matrix<double> scores(3,
                                {0.6, 0.3, 0.1, 0.4, 0.5, 0.1, 0.2, 0.5, 0.3, 0.1, 0.8, 0.1, 0.3, 0.3, 0.4, 0.2, 0.2, 0.6});
    const auto m = stats::classification_metrics(3, truth, predicted, scores);
    CHECK(m.balanced_accuracy == Approx((1.0 / 2.0 + 2.0 / 3.0 + 1.0) / 3.0));
    CHECK(std::isnan(m.sensitivity));
    CHECK(std::isnan(m.specificity));
    // Against the rest: 0 wins all eight pairs; 1 wins six of nine and ties in two; 2 wins all five.
    CHECK(m.auc == Approx((1.0 + 7.0 / 9.0 + 1.0) / 3.0));
    // A fourth class that the truth lacks takes no part, whatever is predicted.
    CHECK(stats::balanced_accuracy(4, truth, Labels{0, 3, 1, 1, 2, 2}) == m.balanced_accuracy);
}

TEST_CASE("one class alone is no test of recognition") {
    const Labels truth{1, 1, 1};
    const auto m = stats::classification_metrics(2, truth, Labels{1, 1, 0}, Matrix<double>(2, {0, 1, 0, 2, 0, 3}));
    CHECK(std::isnan(m.balanced_accuracy));
    CHECK(std::isnan(m.auc));
    CHECK(std::isnan(m.specificity));
    CHECK(m.sensitivity == Approx(2.0 / 3.0));
    const auto none = stats::classification_metrics(3, {}, {}, {});
    CHECK((none.rows == 0 && std::isnan(none.accuracy) && std::isnan(none.balanced_accuracy) && std::isnan(none.auc)));
    CHECK(std::isnan(stats::area_under_curve(Values{0.1, gap, 0.3}, Labels{0, 1, 1}, 1)));
    CHECK_THROWS_AS(stats::balanced_accuracy(2, truth, Labels{0, 1, 2}), std::logic_error);
    CHECK_THROWS_AS(stats::balanced_accuracy(2, truth, Labels{0, 1}), std::logic_error);
    CHECK_THROWS_AS(stats::classification_metrics(2, truth, truth, Matrix<double>(3, 1)), std::logic_error);
}

TEST_CASE("ranks give the area that all pairs give") {
    base::Rng rng(8);
    for (int trial = 0; trial < 50; ++trial) {
        Values scores;
        Labels truth{0, 1};
        for (int i = 0; i < 40; ++i) scores.push_back(static_cast<double>(rng.below(12)));
        while (truth.size() < scores.size()) truth.push_back(static_cast<Index>(rng.below(3)));
        const double area = stats::area_under_curve(scores, truth, 1);
        CHECK(area == Approx(over_pairs(scores, truth, 1)).epsilon(1e-14));
        // Only the order of scores matters.
        Values stretched = scores;
        for (double& x : stretched) x = std::exp(x);
        CHECK(stats::area_under_curve(stretched, truth, 1) == area);
    }
    CHECK(stats::area_under_curve(Values{3.0, 3.0, 3.0}, Labels{0, 1, 0}, 1) == 0.5);
}

TEST_CASE("a metric over repeats") {
    // R: quantile(c(1, 2, 3, 4, 10), c(.025, .975)) is 1.1 and 9.4; sd is sqrt(12.5).
    const auto of = stats::interval_of(Values{10.0, 2.0, gap, 1.0, 4.0, 3.0});
    CHECK(of.defined == 5);
    CHECK(of.mean == Approx(4.0));
    CHECK(of.sd == Approx(std::sqrt(12.5)));
    CHECK(of.low == Approx(1.1));
    CHECK(of.high == Approx(9.4));
    const auto single = stats::interval_of(Values{0.7});
    CHECK((single.mean == 0.7 && std::isnan(single.sd) && single.low == 0.7 && single.high == 0.7));
    const auto none = stats::interval_of(Values{gap});
    CHECK((none.defined == 0 && std::isnan(none.mean) && std::isnan(none.sd) && std::isnan(none.low) &&
           std::isnan(none.high)));
    CHECK(stats::quantile_of(Values{3.0, 1.0, 2.0}, 0.5) == 2.0);
    CHECK(stats::quantile_of(Values{3.0, 1.0, 2.0}, 1.0) == 3.0);
    CHECK(std::isnan(stats::quantile_of({}, 0.5)));
}
