// The bars of shares of variance: grey is what the model leaves unexplained, what site and covariates share stays open.
#include <string>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "support/made_up_report.hpp"
#include "tare/report/json.hpp"
#include "tare/report/page.hpp"
#include "tare/report/summary.hpp"

using namespace tare;

namespace {

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (std::size_t i = text.find(part); i != std::string::npos; i = text.find(part, i + part.size())) ++found;
    return found;
}

std::string bars(const report::Report& made) {
    for (const report::Figure& figure : report::figures(made)) {
        if (figure.name == "variance-shares-named") return figure.svg;
    }
    return {};
}

/// One feature, whose parts are these in both tables.
report::Report with_shares(const report::VarianceShares& shares) {
    report::Report made = test::made_up_report({.features = 1});
    made.before.shares = {shares};
    made.after.shares = {shares};
    return made;
}

}  // namespace

TEST_CASE("the grey part of a bar is as long as the share that nothing explains") {
    // 260 units wide: grey 0.3, what is shared 0.3.
    const report::Report made = with_shares({0.2, {0.15, 0.05}, 0.3});
    const std::string svg = bars(made);
    CHECK(count(svg, "width=\"78\" height=\"14\" class=\"rest\"") == 2);
    CHECK(count(svg, "width=\"78\" height=\"14\" class=\"shared\"") == 2);
    CHECK(svg.find("shared by them") != std::string::npos);
    CHECK(svg.find("more than 100 %") == std::string::npos);
    const auto json = nlohmann::json::parse(report::json(made));
    for (const char* state : {"before", "after"})
        CHECK(json[state]["features"][made.features[0]]["variance_shares"]["shared"].get<double>() == Approx(0.3));
}

TEST_CASE("parts that overlap are cut off, and the caption says so") {
    const report::Report made = with_shares({0.6, {0.3, 0.0}, 0.2});
    const std::string page = report::page(made);
    CHECK(page.find("Of 1 feature before and 1 after the parts come to more than 100 %") != std::string::npos);
    CHECK(count(bars(made), "width=\"26\" height=\"14\" class=\"rest\"") == 2);
    CHECK(report::shared_share(made.before.shares[0]) == Approx(-0.1));
}

TEST_CASE("a feature of which nothing can be told has no bar") {
    const double none = std::nan("");
    const report::Report made = with_shares({none, {none, none}, none});
    CHECK(count(bars(made), "height=\"14\" class=\"shared\"") == 0);
    CHECK(count(bars(made), "height=\"14\" class=\"rest\"") == 0);
    CHECK(std::isnan(report::shared_share(made.before.shares[0])));
}
