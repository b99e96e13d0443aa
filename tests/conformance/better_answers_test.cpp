// Cases where tare answers otherwise than the peer and the reason accounts for all of the difference, and parts of a case
// that no harmonised table shows: sites added to a model, means in place of covariates, a cell where the peer goes in
// circles.
#include <cmath>

#include <catch2/catch.hpp>

#include "reference_case.hpp"
#include "support/places.hpp"
#include "support/process.hpp"
#include "support/table_values.hpp"
#include "support/temporary_directory.hpp"
#include "tare/io/model_file.hpp"

using namespace tare;
using namespace tare::test;

namespace {

constexpr const char* no_data = "no reference data beside the project";

std::vector<std::string> with(std::vector<std::string> arguments, const std::vector<std::string>& more) {
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
}

stats::CombatModel fit_case(const std::filesystem::path& folder, const std::filesystem::path& work,
                            const std::vector<std::string>& options) {
    const Finished fitted = run(
        with(with({"tare-fit", "--input", (folder / "input.tsv").string(), "--model", "m.json"}, column_arguments(folder)),
             options),
        {.folder = work});
    INFO(fitted.err);
    REQUIRE(fitted.code == 0);
    return io::read_model((work / "m.json").string()).model;
}

/// The row of a parameter file that is called `key`, in the order of the model's features.
std::vector<double> expected_row(const std::filesystem::path& file, const std::string& key,
                                 const stats::CombatModel& model) {
    const data::Table table = read_numbers(file.string());
    for (base::Index i = 0; i < table.rows(); ++i) {
        if (table.text_cell(i, 0) != key) continue;
        std::vector<double> values;
        for (const std::string& name : model.features.names())
            values.push_back(column(table, name)[static_cast<std::size_t>(i)]);
        return values;
    }
    FAIL(file << " has no row " << key);
    return {};
}

double variance_of(const std::vector<double>& values) {
    return standard_deviation(values) * standard_deviation(values);
}

}  // namespace

TEST_CASE("sva_missing: sva's values follow from ours with its divisor n − 1, and from nothing else") {
    // With one missing cell anywhere sva divides the pooled variance of every feature by its number of values less one. tare
    // divides by the number, with and without missing cells, so that a cell that is missing from one feature moves no other.
    const auto shared = shared_folder();
    if (!shared) return skip(no_data);
    const std::filesystem::path folder = *shared / "conformance" / "sva_missing", expected = folder / "expected";
    const TemporaryDirectory work;
    // α weighted by all subjects is the peers'; sva's shrinkage is compared where it has converged.
    const stats::CombatModel model = fit_case(folder, work.path(), {"--convention", "neurocombat"});
    REQUIRE_FALSE(model.observed.empty());
    const std::size_t features = model.features.names().size();
    std::vector<double> factor;  // (n − 1)/n
    for (std::size_t f = 0; f < features; ++f) {
        double n = 0.0;
        for (std::size_t s = 0; s < model.sites.size(); ++s)
            n += model.n(static_cast<base::Index>(s), static_cast<base::Index>(f));
        factor.push_back((n - 1.0) / n);
    }
    const std::vector<double> spread = spread_of(folder / "input.tsv", model.features.names());
    const std::vector<double> level = expected_row(expected / "grand_mean.tsv", "grand_mean", model);
    const std::vector<double> pooled = expected_row(expected / "var_pooled.tsv", "var_pooled", model);
    for (std::size_t f = 0; f < features; ++f) {
        CHECK(std::abs(model.grand_mean[f] - level[f]) < 1e-9 * spread[f]);
        CHECK(std::abs(pooled[f] * factor[f] / model.pooled_variance[f] - 1.0) < 1e-9);
    }
    for (std::size_t s = 0; s < model.sites.size(); ++s) {
        const auto site = static_cast<base::Index>(s);
        std::vector<double> gamma_hat, delta_hat;
        for (std::size_t f = 0; f < features; ++f) {
            gamma_hat.push_back(model.gamma_hat(site, static_cast<base::Index>(f)) * std::sqrt(factor[f]));
            delta_hat.push_back(model.delta_hat(site, static_cast<base::Index>(f)) * factor[f]);
        }
        const std::vector<double> gamma = expected_row(expected / "gamma_hat.tsv", model.sites[s], model);
        const std::vector<double> delta = expected_row(expected / "delta_hat.tsv", model.sites[s], model);
        const std::vector<double> gamma_star = expected_row(expected / "gamma_star_conv1e-13.tsv", model.sites[s], model);
        const std::vector<double> delta_star = expected_row(expected / "delta_star_conv1e-13.tsv", model.sites[s], model);
        // The shrinkage of these estimates, written here once more.
        const double m = mean(delta_hat), v = variance_of(delta_hat), tau2 = variance_of(gamma_hat);
        const double a = 2.0 + m * m / v, b = m + m * m * m / v;
        for (std::size_t f = 0; f < features; ++f) {
            CHECK(std::abs(gamma_hat[f] - gamma[f]) < 1e-9);
            CHECK(std::abs(delta_hat[f] - delta[f]) < 1e-9);
            const double n = model.n(site, static_cast<base::Index>(f));
            double g = gamma_hat[f], d = delta_hat[f];
            for (int sweep = 0; sweep < 1000; ++sweep) {
                g = (n * tau2 * gamma_hat[f] + d * mean(gamma_hat)) / (n * tau2 + d);
                d = (0.5 * ((n - 1.0) * delta_hat[f] + n * (gamma_hat[f] - g) * (gamma_hat[f] - g)) + b) /
                    (0.5 * n + a - 1.0);
            }
            CHECK(std::abs(g - gamma_star[f]) < 1e-9);
            CHECK(std::abs(d - delta_star[f]) < 1e-9);
        }
    }
    REQUIRE(run({"tare-apply", "--model", "m.json", "--input", (folder / "input.tsv").string(), "--output", "o.tsv"},
                {.folder = work.path()})
                .code == 0);
    const double distance = value_difference(expected / "harmonized.tsv", work.path() / "o.tsv", folder / "input.tsv");
    INFO("distance of the harmonised values: " << distance);
    CHECK(distance > 0.010);
    CHECK(distance < 0.012);
}

TEST_CASE("nc_from_training: with its covariates held out, a new subject gets the peer's values") {
    const auto shared = shared_folder();
    if (!shared) return skip(no_data);
    const std::filesystem::path folder = *shared / "conformance" / "nc_from_training";
    const TemporaryDirectory work;
    fit_case(folder, work.path(), {"--convention", "neurocombat"});
    REQUIRE(run({"tare-apply", "--model", "m.json", "--input", (folder / "test.tsv").string(), "--output", "o.tsv",
                 "--hold-out-covariates", "age,sex,dx"},
                {.folder = work.path()})
                .code == 0);
    CHECK(value_difference(folder / "expected" / "harmonized_test.tsv", work.path() / "o.tsv", folder / "input.tsv") < 1e-9);
}

TEST_CASE("cf_lm_unseen_site: the site that is added has the peer's estimates, and no other site changes") {
    const auto shared = shared_folder();
    if (!shared) return skip(no_data);
    const std::filesystem::path folder = *shared / "conformance" / "cf_lm_unseen_site", expected = folder / "expected";
    const TemporaryDirectory work;
    const stats::CombatModel before = fit_case(folder, work.path(), {"--convention", "neurocombat"});
    REQUIRE(run({"tare-fit", "--extend", "m.json", "--input", (folder / "test.tsv").string(), "--model", "all.json"},
                {.folder = work.path()})
                .code == 0);
    const stats::CombatModel after = io::read_model((work.path() / "all.json").string()).model;
    REQUIRE(after.sites.size() == before.sites.size() + 1);
    REQUIRE(std::count(before.sites.begin(), before.sites.end(), "s03") == 0);
    for (std::size_t s = 0; s < after.sites.size(); ++s) {
        const auto site = static_cast<base::Index>(s);
        const auto compare_site = [&](const std::string& file, const base::Matrix<double>& ours) {
            const std::vector<double> theirs = expected_row(expected / (file + "_test.tsv"), after.sites[s], after);
            for (std::size_t f = 0; f < theirs.size(); ++f) {
                INFO(file << " of " << after.sites[s]);
                CHECK(std::abs(ours(site, static_cast<base::Index>(f)) - theirs[f]) < 1e-9);
            }
        };
        compare_site("gamma_hat", after.gamma_hat);
        compare_site("delta_hat", after.delta_hat);
        compare_site("gamma_star", after.gamma_star);
        compare_site("delta_star", after.delta_star);
    }
}

TEST_CASE("cf_robust: where the peer's sweeps go in circles, γ* and δ* satisfy their equations") {
    // Five people: a value that enters and leaves the biweight's window sends the peer's sweeps round a cycle, and where it
    // stops depends on the number of sweeps. tare looks for the fixed point in another way where sweeps do not reach it.
    const auto shared = shared_folder();
    if (!shared) return skip(no_data);
    const std::filesystem::path folder = *shared / "conformance" / "cf_robust";
    const TemporaryDirectory work;
    const stats::CombatModel model = fit_case(folder, work.path(), {"--robust"});
    const Cell cell = *cell_without_limit("cf_robust");
    const std::vector<std::string> names = model.features.names();
    const base::Index f = std::find(names.begin(), names.end(), cell.feature) - names.begin();
    const base::Index s = std::find(model.sites.begin(), model.sites.end(), cell.site) - model.sites.begin();
    const auto feature = static_cast<std::size_t>(f);
    const data::Table table = read_numbers((folder / "input.tsv").string(), {"site", "sex", "dx"});
    REQUIRE(model.design.terms() == std::vector<std::string>{"age", "sex=M", "dx=PT"});
    std::vector<double> z;
    for (base::Index i = 0; i < table.rows(); ++i) {
        if (table.text_cell(i, table.find("site")) != cell.site) continue;
        const auto row = static_cast<std::size_t>(i);
        const double predicted = model.grand_mean[feature] + model.coefficients(0, f) * column(table, "age")[row] +
                                 (table.text_cell(i, table.find("sex")) == "M" ? model.coefficients(1, f) : 0.0) +
                                 (table.text_cell(i, table.find("dx")) == "PT" ? model.coefficients(2, f) : 0.0);
        z.push_back((column(table, cell.feature)[row] - predicted) / std::sqrt(model.pooled_variance[feature]));
    }
    REQUIRE(z.size() == 5);
    const double n = 5.0, gamma = model.gamma_star(s, f), delta = model.delta_star(s, f);
    const compute::SitePrior prior = model.prior[static_cast<std::size_t>(s)].value();
    // The biweight midvariance about γ, its window 9/Φ⁻¹(3/4) median absolute deviations wide on either side.
    std::vector<double> off;
    for (const double value : z) off.push_back(std::abs(value - gamma));
    std::sort(off.begin(), off.end());
    const double window = 9.0 / 0.674489750196081743 * off[2];
    double above = 0.0, below = 0.0;
    for (const double value : z) {
        const double u2 = (value - gamma) * (value - gamma) / (window * window);
        if (u2 >= 1.0) continue;
        above += (value - gamma) * (value - gamma) * std::pow(1.0 - u2, 4);
        below += (1.0 - u2) * (1.0 - 5.0 * u2);
    }
    const double spread = n * above / (below * below);
    const double gamma_next = (n * prior.tau2 * model.gamma_hat(s, f) + delta * prior.gamma_bar) / (n * prior.tau2 + delta);
    const double delta_next = (0.5 * (n - 1.0) * spread + prior.b) / (0.5 * n + prior.a - 1.0);
    CHECK(std::abs(gamma_next - gamma) < 1e-9);
    CHECK(std::abs(delta_next - delta) < 1e-9);
}
