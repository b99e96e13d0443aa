// Sets of values in figures and in common bins, worked out by hand.
#include "tare/stats/value_histograms.hpp"

#include <cmath>
#include <numeric>

#include <catch2/catch.hpp>

using namespace tare::stats;

TEST_CASE("figures of values by hand") {
    const ValueFigures figures = value_figures({4.0, 1.0, 3.0, 2.0, 5.0});
    CHECK(figures.mean == 3.0);
    CHECK(figures.sd == Approx(std::sqrt(2.5)).epsilon(1e-15));
    CHECK(figures.quantile(0.0) == 1.0);
    CHECK(figures.quantile(0.25) == 2.0);
    CHECK(figures.quantile(0.05) == Approx(1.2).epsilon(1e-14));
    CHECK(figures.quantile(1.0) == 5.0);
    CHECK(std::isnan(value_figures({}).mean));
    CHECK(std::isnan(value_figures({}).quantile(0.5)));
    CHECK(value_figures({7.0}).quantile(0.5) == 7.0);
    CHECK(std::isnan(value_figures({7.0}).sd));
}

TEST_CASE("common bins are not moved by few values far away") {
    std::vector<double> usual(10000);
    std::iota(usual.begin(), usual.end(), 0.0);
    const std::vector<ValueFigures> sets{value_figures(usual), value_figures(usual)};
    const std::vector<double> edges = common_edges(sets, 10);
    REQUIRE(edges.size() == 11);
    CHECK(edges.front() == Approx(50.0).margin(30.0));
    CHECK(edges.back() == Approx(9949.0).margin(30.0));
    for (std::size_t i = 1; i < edges.size(); ++i) CHECK(edges[i] - edges[i - 1] == Approx((edges[10] - edges[0]) / 10.0));
    usual.push_back(1e12);
    usual.push_back(-1e12);
    const std::vector<ValueFigures> outlying{value_figures(usual), value_figures(usual)};
    CHECK(common_edges(outlying, 10).back() == Approx(edges.back()).epsilon(0.01));
}

TEST_CASE("bins of values that are all the same have a width, and those of none are none") {
    for (const double value : {0.0, 5.0, -1e-300, 1e300}) {
        INFO(value);
        const std::vector<ValueFigures> sets{value_figures({value, value})};
        const std::vector<double> edges = common_edges(sets, 4);
        REQUIRE(edges.size() == 5);
        CHECK(edges.front() < value);
        CHECK(edges.back() > value);
    }
    CHECK(common_edges({}, 4).empty());
}

TEST_CASE("every value is counted once") {
    const std::vector<double> edges{0.0, 1.0, 2.0}, values{-0.1, 0.0, 0.5, 1.0, 2.0, 2.1, 1e9};
    std::vector<Index> counts(4, 0);
    count_values(values, edges, counts);
    CHECK(counts == std::vector<Index>{1, 2, 2, 2});
    count_values(values, edges, counts);
    CHECK(counts == std::vector<Index>{2, 4, 4, 4});
}

TEST_CASE("the overlap of histograms") {
    const std::vector<double> a{0.5, 0.5, 0.0}, b{0.0, 0.25, 0.75};
    CHECK(overlap_of(a, a) == 1.0);
    CHECK(overlap_of(a, b) == 0.25);
    CHECK(overlap_of(b, a) == 0.25);
}
