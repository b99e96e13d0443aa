// Tests between sites beside R's own functions, on the same made-up values: unequal sites, covariates that differ between
// them, gaps.
#include "tare/stats/site_tests.hpp"

#include <cmath>
#include <fstream>
#include <map>
#include <sstream>

#include <catch2/catch.hpp>

#include "support/places.hpp"
#include "support/process.hpp"
#include "support/temporary_directory.hpp"
#include "tare/base/number_text.hpp"
#include "tare/base/rng.hpp"
#include "tare/stats/anderson_darling.hpp"
#include "tare/stats/distributions.hpp"
#include "tare/stats/multivariate_test.hpp"
#include "tare/stats/site_regression.hpp"

using namespace tare;
using base::Index;
using base::Matrix;

namespace {

constexpr Index people = 130, features = 5, sites = 4;

struct MadeUp {
    Matrix<double> codes{people, 2}, values{people, features};
    std::vector<Index> site;
};

MadeUp make_up() {
    MadeUp out;
    base::Rng rng(8);
    for (Index i = 0; i < people; ++i) {
        const Index site = i % 13 == 0 ? 3 : i % 3;
        out.site.push_back(site);
        out.codes(i, 0) = std::round(10.0 * (40.0 + 5.0 * static_cast<double>(site) + 12.0 * rng.normal())) / 10.0;
        out.codes(i, 1) = rng.uniform() < 0.5 ? 1.0 : 0.0;
        for (Index f = 0; f < features; ++f) {
            const double size = 1.0 + 0.2 * static_cast<double>(site * (f % 2));
            out.values(i, f) = 3.0 - 0.01 * out.codes(i, 0) + 0.1 * static_cast<double>(site * f) + size * rng.normal();
        }
        if (i % 20 == 7) out.values(i, 2) = std::nan("");
    }
    return out;
}

void write(const MadeUp& data, const std::filesystem::path& path) {
    std::ofstream out(path);
    out << "site,age,sex";
    for (Index f = 0; f < features; ++f) out << ",y" << f + 1;
    for (Index i = 0; i < people; ++i) {
        out << "\ns" << data.site[static_cast<std::size_t>(i)] << ',' << base::number_text(data.codes(i, 0)) << ','
            << (data.codes(i, 1) > 0.5 ? 'M' : 'F');
        for (Index f = 0; f < features; ++f) {
            const std::string cell = base::number_text(data.values(i, f));
            out << ',' << (cell == "n/a" ? "NA" : cell);
        }
    }
    out << '\n';
}

/// What R says, by name; empty where the test is skipped.
std::map<std::string, double> said_by_r(const MadeUp& data) {
    if (test::shell("command -v Rscript").code != 0) {
        test::skip("Rscript is not installed");
        return {};
    }
    const test::TemporaryDirectory folder;
    write(data, folder.path() / "table.csv");
    const auto script = test::source_folder() / "tests/oracles/site_tests.R";
    const test::Finished finished = test::run({"Rscript", "--vanilla", script.string()}, {.folder = folder.path()});
    INFO(finished.err);
    REQUIRE(finished.code == 0);
    std::map<std::string, double> out;
    std::istringstream lines(finished.out);
    std::string name, value;
    while (lines >> name >> value) out[name] = base::parse_number(value).value();
    return out;
}

void agree(const std::map<std::string, double>& expected, const std::string& name, double value, double tolerance = 1e-8) {
    INFO(name);
    REQUIRE(expected.contains(name));
    const double other = expected.at(name);
    CHECK(std::abs(value - other) <= tolerance * std::max(1e-3, std::abs(other)));
}

}  // namespace

TEST_CASE("tests between sites give R's figures") {
    const MadeUp data = make_up();
    const auto expected = said_by_r(data);
    if (expected.empty()) return;
    const stats::SiteRegression regression(data.codes, data.site, sites);
    // Age and its square as one term of two columns.
    Matrix<double> curved(people, 3);
    for (Index i = 0; i < people; ++i) {
        curved(i, 0) = data.codes(i, 0);
        curved(i, 1) = data.codes(i, 0) * data.codes(i, 0);
        curved(i, 2) = data.codes(i, 1);
    }
    const std::vector<Index> widths{2, 1};
    const stats::SiteRegression along_curve(curved, data.site, sites, widths);
    const bool has_ksamples = expected.contains("y1.ksamples");
    if (!has_ksamples) test::skip("R has no kSamples (Debian's r-cran-ksamples)");
    for (Index f = 0; f < features; ++f) {
        std::vector<double> values;
        for (Index i = 0; i < people; ++i) values.push_back(data.values(i, f));
        const stats::FeatureRegression fit = regression.of(values);
        std::vector<double> adjusted = fit.adjusted, left = fit.pooled_residuals;
        for (std::vector<double>* values_of : {&adjusted, &left}) {
            for (double& value : *values_of) value = std::round(std::ldexp(value, 20)) / std::ldexp(1.0, 20);
        }
        const stats::Groups groups(adjusted, data.site, sites), pooled(left, data.site, sites);
        const std::string y = "y" + std::to_string(f + 1) + ".";
        const auto both = [&](const std::string& name, const stats::GroupTest& test) {
            agree(expected, y + name, test.statistic);
            agree(expected, y + name + "_p", test.p);
        };
        both("anova", {fit.f, fit.p, 0.0});
        agree(expected, y + "site_share", fit.site_share);
        agree(expected, y + "age_share", fit.term_shares[0]);
        agree(expected, y + "age", fit.slopes[0].estimate);
        agree(expected, y + "age_low", fit.slopes[0].low);
        agree(expected, y + "age_high", fit.slopes[0].high);
        const stats::FeatureRegression curve = along_curve.of(values);
        both("beyond_curve", {curve.f, curve.p, 0.0});
        agree(expected, y + "curve_share", curve.term_shares[0]);
        both("kruskal", stats::kruskal_wallis(pooled));
        both("brown", stats::brown_forsythe(groups));
        both("fligner", stats::fligner_killeen(groups));
        const stats::GroupTest anderson = stats::anderson_darling(pooled);
        agree(expected, y + "anderson", anderson.statistic);
        if (!has_ksamples) continue;
        agree(expected, y + "ksamples", anderson.statistic, 6e-5);
        // kSamples interpolates a table of simulated percentiles.
        CHECK(std::abs(anderson.p - expected.at(y + "ksamples_p")) < 0.003 + 0.05 * anderson.p);
    }
    const stats::MultivariateTest all = stats::multivariate_site_test(data.values, data.codes, data.site, sites);
    CHECK(all.kind == stats::MultivariateKind::manova);
    agree(expected, "pillai", all.statistic);
    agree(expected, "pillai_p", all.p);
}

TEST_CASE("distributions and rates of false discoveries give R's figures") {
    const auto expected = said_by_r(make_up());
    if (expected.empty()) return;
    const double nan = std::nan("");
    const std::vector<double> p{0.01, 0.04, 0.03, nan, 0.005, 0.8, 0.03};
    const std::vector<double> q = stats::false_discovery_rates(p);
    for (std::size_t i = 0; i < p.size(); ++i) {
        if (!std::isnan(p[i])) agree(expected, "bh" + std::to_string(i + 1), q[i]);
    }
    CHECK(std::isnan(q[3]));
    CHECK(stats::upper_tail_of_f(37.5, 22, 1053) == Approx(expected.at("f_tail")).epsilon(1e-8));
    CHECK(stats::upper_tail_of_chi_squared(161.2, 22) == Approx(expected.at("chi_tail")).epsilon(1e-8));
    agree(expected, "t_quantile", stats::quantile_of_t(0.975, 7));
}
