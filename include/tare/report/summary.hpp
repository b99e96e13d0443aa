// The tests of all features in a few figures: what the page, the text and the verdict say of them as a whole.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "tare/report/facts.hpp"

namespace tare::report {

/// The rate of false discoveries below which a feature counts as different between sites.
inline constexpr double discovery_rate = 0.05;

/// One test over all features, in one table.
struct TestSummary {
    Index tested = 0;            ///< features with a q
    Index found = 0;             ///< of these, with q < discovery_rate
    double median_effect = 0.0;  ///< over the features that have one; not a number where none has
};

/// One kind of test.
struct SiteTest {
    std::string key;     ///< "anova", in the JSON
    std::string name;    ///< "ANOVA"
    std::string asks;    ///< "means, after covariates"
    std::string effect;  ///< what its effect size is called: "partial η²"; empty for none
    Test SiteEffect::* test = nullptr;
};

/// The five tests that each feature has, in the order in which they are shown.
[[nodiscard]] const std::vector<SiteTest>& site_tests();

/// One of them over all features, before and after.
struct SummaryRow {
    SiteTest kind;
    std::array<TestSummary, 2> sides;
};

[[nodiscard]] std::vector<SummaryRow> test_summary(const Report& report);

/// The median over features of the share of variance that the site explains; not a number without features.
[[nodiscard]] double median_site_share(const State& state);

/// The share of the variance that sites without any effect explain on average: (sites − 1)/(people − 1).
[[nodiscard]] double chance_share(const Report& report);

/// What the shares of one feature and the rest leave of the variance: what site and covariates, or covariates, explain
/// together and none of them alone. Negative where they overlap; not a number where the shares are not.
[[nodiscard]] double shared_share(const VarianceShares& shares);

/// The share of the cells of one table that are missing.
[[nodiscard]] double missing_share(const Report& report, double Site::* of = &Site::missing_share);

/// The features of which nothing can be told in this table, as they do not vary.
[[nodiscard]] std::vector<std::string> constant_features(const Report& report, const State& state);

/// In how many features a term's slope changed: the 95 % interval of the difference excludes 0.
struct SlopeChanges {
    Index tested = 0, changed = 0;
};
[[nodiscard]] SlopeChanges slope_changes(const Report& report, std::size_t term);

[[nodiscard]] Index flagged_sites(const Report& report);

}  // namespace tare::report
