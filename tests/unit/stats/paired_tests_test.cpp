// Signed ranks beside the values of R's wilcox.test and all signs written out; permutation p and its early end.
#include "tare/stats/paired_tests.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include <catch2/catch.hpp>

#include "tare/base/rng.hpp"

using namespace tare;
using base::Index;
using stats::Alternative;
using Values = std::vector<double>;

namespace {

constexpr double gap = std::numeric_limits<double>::quiet_NaN();

stats::SignedRank test_of(const Values& differences, Alternative alternative) {
    return stats::signed_rank_test(differences, Values(differences.size(), 0.0), alternative);
}

/// The share of all 2^n choices of signs whose rank sum is at least (or at most) that of `differences`, which are distinct.
double over_all_signs(const Values& differences, Alternative alternative) {
    const std::size_t n = differences.size();
    std::vector<std::size_t> rank(n, 1);
    for (std::size_t i = 0; i < n; ++i) {
        for (const double other : differences) rank[i] += std::abs(other) < std::abs(differences[i]) ? 1U : 0U;
    }
    const auto sum_of = [&](const auto& is_positive) {
        std::size_t sum = 0;
        for (std::size_t i = 0; i < n; ++i) sum += is_positive(i) ? rank[i] : 0;
        return sum;
    };
    const std::size_t observed = sum_of([&](std::size_t i) { return differences[i] > 0.0; });
    std::size_t count = 0;
    for (std::size_t signs = 0; signs < std::size_t{1} << n; ++signs) {
        const std::size_t sum = sum_of([&](std::size_t i) { return (signs >> i & 1U) != 0; });
        count += (alternative == Alternative::greater ? sum >= observed : sum <= observed) ? 1U : 0U;
    }
    return static_cast<double>(count) / static_cast<double>(std::size_t{1} << n);
}

}  // namespace

TEST_CASE("signed ranks of the depression scores, exactly") {
    // Hollander and Wolfe's example in R's help of wilcox.test: V = 40, p = 0.01953125.
    const Values before{1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30};
    const Values after{0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29};
    const auto greater = stats::signed_rank_test(before, after, Alternative::greater);
    CHECK(greater.exact);
    CHECK(greater.differences == 9);
    CHECK(greater.rank_sum == 40.0);
    CHECK(greater.p == 0.01953125);
    CHECK(stats::signed_rank_test(before, after, Alternative::less).p == 0.986328125);
    CHECK(stats::signed_rank_test(after, before, Alternative::less).p == 0.01953125);
}

TEST_CASE("signed ranks with ties and zeros, and many of them") {
    const Values whole{3, -1, 2, 2, 0, -4, 5, 1, 1, -2, 6, 0, 3};
    CHECK(test_of(whole, Alternative::greater).rank_sum == 50.0);
    CHECK(test_of(whole, Alternative::greater).differences == 11);
    CHECK_FALSE(test_of(whole, Alternative::greater).exact);
    CHECK(test_of(whole, Alternative::greater).p == Approx(0.070295182486562593).epsilon(1e-12));
    CHECK(test_of(whole, Alternative::less).p == Approx(0.94096252720776807).epsilon(1e-12));

    Values many;
    for (int i = 1; i <= 26; ++i) many.push_back(i <= 20 ? i / 8.0 : -i / 8.0);
    CHECK_FALSE(test_of(many, Alternative::greater).exact);
    CHECK(test_of(many, Alternative::greater).p == Approx(0.19392272907654609).epsilon(1e-12));
    many.pop_back();
    CHECK(test_of(many, Alternative::greater).exact);
    CHECK(test_of(many, Alternative::greater).p == Approx(0.10496959090232848).epsilon(1e-12));

    // A hundred repeats that all fall: deep in the tail without cancellation.
    Values hundred;
    for (int i = 1; i <= 100; ++i) hundred.push_back(i / 8.0);
    CHECK(test_of(hundred, Alternative::greater).p == Approx(1.977955804449761e-18).epsilon(1e-10));
    CHECK(test_of(hundred, Alternative::less).p == Approx(1.0));
}

TEST_CASE("exact signed ranks count all choices of signs") {
    base::Rng rng(21);
    for (std::size_t n = 1; n <= 12; ++n) {
        Values differences;
        for (std::size_t i = 0; i < n; ++i) differences.push_back(rng.normal() + 0.2);
        for (const auto side : {Alternative::greater, Alternative::less}) {
            CHECK(test_of(differences, side).p == over_all_signs(differences, side));
        }
    }
    // All positive: one choice of signs in 2^n.
    Values rising;
    for (int i = 1; i <= 25; ++i) rising.push_back(i);
    CHECK(test_of(rising, Alternative::greater).p == std::exp2(-25.0));
    CHECK(test_of(rising, Alternative::less).p == 1.0);
}

TEST_CASE("signed ranks of nothing") {
    CHECK(test_of({}, Alternative::greater).p == 1.0);
    CHECK(test_of({0.0, 0.0}, Alternative::less).p == 1.0);
    CHECK(std::isnan(test_of({1.0, gap}, Alternative::greater).p));
    CHECK_THROWS_AS(stats::signed_rank_test(Values{1.0}, Values{}, Alternative::less), std::logic_error);
}

TEST_CASE("permutation p counts what reaches the observed statistic") {
    const Values permuted{0.1, 0.5, 0.3, 0.2};
    CHECK(stats::permutation_p(0.3, permuted) == 3.0 / 5.0);
    CHECK(stats::permutation_p(0.1 + 0.2, permuted) == 3.0 / 5.0);  // 0.1 + 0.2 is above 0.3 by rounding alone
    CHECK(stats::permutation_p(0.6, permuted) == 1.0 / 5.0);
    CHECK(stats::permutation_p(0.0, permuted) == 1.0);
    CHECK(stats::permutation_p(0.6, {}) == 1.0);
    CHECK(stats::permutation_p(0.6, Values{gap, 0.1}) == 2.0 / 3.0);
    CHECK(std::isnan(stats::permutation_p(gap, permuted)));
    CHECK(stats::permutation_p(-0.3, Values{-0.4, -0.3, -0.2}) == 3.0 / 4.0);
}

TEST_CASE("permutations end once enough reach the observed statistic") {
    stats::SequentialPermutations clear(0.5, 100, 3);
    for (const double t : {0.6, 0.1, 0.5, 0.2, 0.3}) clear.add(t);
    CHECK_FALSE(clear.ended());
    CHECK(clear.p() == 3.0 / 6.0);
    clear.add(0.9);
    CHECK(clear.ended());
    CHECK(clear.p() == 3.0 / 6.0);
    for (const double t : {0.9, 0.1}) clear.add(t);  // a batch that was already computed
    CHECK(clear.done() == 6);
    CHECK(clear.p() == 3.0 / 6.0);

    stats::SequentialPermutations rare(0.5, 4, 3);
    for (const double t : {0.6, 0.1, 0.2, 0.7, 0.8}) rare.add(t);
    CHECK(rare.ended());
    CHECK(rare.done() == 4);
    CHECK(rare.p() == 3.0 / 5.0);
    stats::SequentialPermutations never(0.5, 19);
    for (int i = 0; i < 19; ++i) never.add(0.0);
    CHECK(never.p() == 1.0 / 20.0);
    CHECK(std::isnan(stats::SequentialPermutations(gap, 10).p()));
    CHECK_THROWS_AS(stats::SequentialPermutations(0.5, 0), std::logic_error);
    CHECK_THROWS_AS(stats::SequentialPermutations(0.5, 10, 0), std::logic_error);
}

TEST_CASE("sequential permutations keep their level") {
    // Observed and permuted statistics are exchangeable: P(p ≤ 0.05) ≤ 0.05, here with 4000 draws (standard error 0.0034).
    base::Rng rng(2);
    int rejected = 0, drawn = 0;
    for (int trial = 0; trial < 4000; ++trial) {
        stats::SequentialPermutations test(rng.uniform(), 199, 10);
        while (!test.ended()) test.add(rng.uniform());
        rejected += test.p() <= 0.05 ? 1 : 0;
        drawn += static_cast<int>(test.done());
    }
    CHECK(rejected < 240);
    CHECK(rejected > 140);
    CHECK(drawn < 4000 * 60);
}
