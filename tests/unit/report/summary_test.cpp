// The tests of all features in a few figures.
#include "tare/report/summary.hpp"

#include <cmath>

#include <catch2/catch.hpp>

using namespace tare::report;

namespace {

State three_features() {
    State state;
    state.effects.resize(3);
    state.shares.resize(3);
    state.effects[0].anova = {10.0, 0.001, 0.003, 0.5};
    state.effects[1].anova = {2.0, 0.0499, 0.05, 0.2};
    state.effects[2].anova = {std::nan(""), std::nan(""), std::nan(""), std::nan("")};
    state.shares[0].site = 0.4;
    state.shares[1].site = 0.1;
    state.shares[2].site = std::nan("");
    return state;
}

}  // namespace

TEST_CASE("only features with a q below the rate count as found, only those with a q as tested") {
    Report report;
    report.before = three_features();
    const SummaryRow row = test_summary(report).front();
    CHECK(row.kind.name == "ANOVA");
    CHECK(row.sides[0].tested == 2);
    CHECK(row.sides[0].found == 1);
    CHECK(row.sides[0].median_effect == Approx(0.35).epsilon(1e-15));
    CHECK(row.sides[1].tested == 0);
    CHECK(std::isnan(row.sides[1].median_effect));
}

TEST_CASE("the median share of site leaves out features that have none") {
    CHECK(median_site_share(three_features()) == Approx(0.25).epsilon(1e-15));
    CHECK(std::isnan(median_site_share(State{})));
}
