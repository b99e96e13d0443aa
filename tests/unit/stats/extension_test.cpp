// Sites that come later: nothing changes for those that were there, and the new one's effects are about the model as it is.
#include "tare/stats/extension.hpp"

#include <cmath>
#include <cstring>

#include <catch2/catch.hpp>

#include "support/small_cohort.hpp"
#include "tare/base/error.hpp"
#include "tare/stats/application.hpp"

using namespace tare;
using base::Index;
using base::Matrix;

namespace {

const auto backend = compute::make_cpu_backend(2);

struct Later {
    data::Cohort cohort = test::small_cohort(80);
    stats::CombatModel model, extended;
    stats::Moments newcomers;

    /// s1 comes later; the others are there.
    explicit Later(std::vector<std::string> turned = {}, const stats::CombatOptions& options = {}) {
        std::vector<bool> old;
        for (const std::string& site : cohort.sites) old.push_back(site != "s1");
        const data::TrainingSet first = data::split_cohort(cohort, old).training;
        base::SilentLog log;
        model = stats::fit(stats::moments_of(first, *backend), options, *backend, log);
        old.flip();
        data::Cohort sample = cohort;
        if (!turned.empty()) sample = with_features(std::move(turned));
        base::Workspace workspace;
        data::MatrixRows rows(sample.features.values);
        const data::TrainingSet late = data::split_cohort(sample, old).training;
        newcomers = stats::moments_of(late, {model.design, data::Features::named(sample.features.names)}, rows, *backend,
                                      workspace, log);
        extended = stats::extended(model, newcomers, *backend, workspace, log);
    }
    [[nodiscard]] data::Cohort with_features(std::vector<std::string> names) const {
        data::Cohort out = cohort;
        out.features.values = Matrix<double>(cohort.subjects(), static_cast<Index>(names.size()));
        for (std::size_t f = 0; f < names.size(); ++f) {
            const auto from = std::find(cohort.features.names.begin(), cohort.features.names.end(), names[f]);
            for (Index i = 0; i < cohort.subjects(); ++i)
                out.features.values(i, static_cast<Index>(f)) =
                    cohort.features.values(i, from - cohort.features.names.begin());
        }
        out.features.names = std::move(names);
        return out;
    }
};

bool same_bits(double a, double b) {
    return std::memcmp(&a, &b, sizeof a) == 0;
}

bool same_row(const Matrix<double>& a, Index row_of_a, const Matrix<double>& b, Index row_of_b) {
    const auto x = a.row(row_of_a), y = b.row(row_of_b);
    return x.size() == y.size() && std::equal(x.begin(), x.end(), y.begin(), same_bits);
}

}  // namespace

TEST_CASE("an added site leaves every byte of what was there") {
    const Later later;
    const stats::CombatModel &a = later.model, &b = later.extended;
    REQUIRE(a.sites == std::vector<std::string>{"s0", "s2"});
    REQUIRE(b.sites == std::vector<std::string>{"s0", "s1", "s2"});
    CHECK(a.grand_mean == b.grand_mean);
    CHECK(a.pooled_variance == b.pooled_variance);
    CHECK(a.coefficients == b.coefficients);
    CHECK(a.design == b.design);
    CHECK(a.covariate_mean == b.covariate_mean);
    for (const auto& [old, now] : {std::pair<Index, Index>(0, 0), std::pair<Index, Index>(1, 2)}) {
        for (const auto matrix :
             {&stats::CombatModel::gamma_hat, &stats::CombatModel::delta_hat, &stats::CombatModel::gamma_star,
              &stats::CombatModel::delta_star, &stats::CombatModel::gamma_variance, &stats::CombatModel::delta_variance}) {
            CHECK(same_row(a.*matrix, old, b.*matrix, now));
        }
        const auto &before = *a.prior[static_cast<std::size_t>(old)], &after = *b.prior[static_cast<std::size_t>(now)];
        CHECK((before.gamma_bar == after.gamma_bar && before.tau2 == after.tau2 && before.a == after.a &&
               before.b == after.b));
        CHECK(a.site_subjects[static_cast<std::size_t>(old)] == b.site_subjects[static_cast<std::size_t>(now)]);
    }
    CHECK(b.training.n == 80);
    // Applied to those who were there, both give the same bytes.
    base::SilentLog log;
    data::Cohort with_a = later.cohort, with_b = later.cohort;
    stats::ApplyOptions keep;
    keep.unseen = stats::UnseenSite::keep;
    stats::apply(a, with_a, keep, *backend, log);
    stats::apply(b, with_b, keep, *backend, log);
    for (Index i = 0; i < 80; ++i) {
        const bool newcomer = later.cohort.sites[static_cast<std::size_t>(i)] == "s1";
        CHECK(same_row(with_a.features.values, i, with_b.features.values, i) == !newcomer);
    }
}

TEST_CASE("an added site's effects are means and variances of its residuals about the model") {
    const Later later;
    const stats::CombatModel& model = later.extended;
    std::vector<Index> rows;
    for (Index i = 0; i < 80; ++i) rows.push_back(i);
    const Matrix<double> codes = stats::code_covariates(model.design, later.cohort, rows);
    double gamma_sum = 0.0;
    for (Index f = 0; f < 7; ++f) {
        std::vector<double> z;
        for (Index i = 0; i < 80; ++i) {
            if (later.cohort.sites[static_cast<std::size_t>(i)] != "s1") continue;
            double left = later.cohort.features.values(i, f) - model.grand_mean[static_cast<std::size_t>(f)];
            for (Index j = 0; j < codes.columns(); ++j) left -= codes(i, j) * model.coefficients(j, f);
            z.push_back(left / std::sqrt(model.pooled_variance[static_cast<std::size_t>(f)]));
        }
        const auto n = static_cast<double>(z.size());
        double mean = 0.0, squares = 0.0;
        for (const double v : z) mean += v / n;
        for (const double v : z) squares += (v - mean) * (v - mean);
        CHECK(model.gamma_hat(1, f) == Approx(mean).epsilon(1e-10));
        CHECK(model.delta_hat(1, f) == Approx(squares / (n - 1.0)).epsilon(1e-10));
        gamma_sum += mean / 7.0;
    }
    CHECK(model.prior[1]->gamma_bar == Approx(gamma_sum).epsilon(1e-10));
}

TEST_CASE("an added site may bring fewer features, in another order") {
    const Later whole, some({"f5", "f2", "f0"});
    REQUIRE(some.extended.features.names() == std::vector<std::string>{"f5", "f2", "f0"});
    const std::vector<Index> place{5, 2, 0};
    for (std::size_t k = 0; k < place.size(); ++k) {
        const auto f = static_cast<Index>(k);
        CHECK(same_bits(some.extended.grand_mean[k], whole.model.grand_mean[static_cast<std::size_t>(place[k])]));
        CHECK(same_bits(some.extended.gamma_star(0, f), whole.model.gamma_star(0, place[k])));
        CHECK(same_bits(some.extended.gamma_star(2, f), whole.model.gamma_star(1, place[k])));
        CHECK(some.extended.gamma_hat(1, f) == Approx(whole.extended.gamma_hat(1, place[k])).epsilon(1e-12));
        CHECK_FALSE(some.extended.gamma_star(1, f) == Approx(whole.extended.gamma_star(1, place[k])).epsilon(1e-6));
    }
}

TEST_CASE("a reference stays what it is when a site is added") {
    stats::CombatOptions options;
    options.reference = "s2";
    const Later later({}, options);
    for (Index f = 0; f < 7; ++f) {
        CHECK(later.extended.gamma_star(2, f) == 0.0);
        CHECK(later.extended.delta_star(2, f) == 1.0);
        CHECK(later.extended.gamma_star(1, f) != 0.0);
    }
}

TEST_CASE("a site that is there already, an unknown feature or another design is refused") {
    const Later later;
    base::Workspace workspace;
    base::SilentLog log;
    CHECK_THROWS_WITH(stats::extended(later.extended, later.newcomers, *backend, workspace, log),
                      Catch::Contains("site 's1' is in the model already"));
    stats::Moments unknown = later.newcomers;
    std::vector<std::string> names = unknown.features.names();
    names[3] = "other";
    unknown.features = data::Features::named(names);
    CHECK_THROWS_WITH(stats::extended(later.model, unknown, *backend, workspace, log), Catch::Contains("other"));
    stats::Moments bare = later.newcomers;
    bare.design.columns.pop_back();
    CHECK_THROWS_WITH(stats::extended(later.model, bare, *backend, workspace, log), Catch::Contains("another design"));
}
