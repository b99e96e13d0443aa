// ComBat on small cohorts: against the textbook computed from rows, at the edges of what can be estimated, and refused
// where it cannot be.
#include <Eigen/Dense>
#include <cmath>

#include <catch2/catch.hpp>

#include "support/small_cohort.hpp"
#include "tare/base/error.hpp"
#include "tare/stats/application.hpp"

using namespace tare;
using base::Index;
using stats::CellStatus;

namespace {

const auto backend = compute::make_cpu_backend(2);

class Heard final : public base::Log {
public:
    void warn(std::string_view message) override { warnings.emplace_back(message); }
    void info(std::string_view) override {}
    void detail(std::string_view) override {}
    void progress(std::string_view, double) override {}
    [[nodiscard]] bool said(const std::string& part) const {
        return std::any_of(warnings.begin(), warnings.end(),
                           [&](const auto& w) { return w.find(part) != std::string::npos; });
    }
    std::vector<std::string> warnings;
};

stats::CombatModel fitted(const data::Cohort& cohort, const stats::CombatOptions& options, Heard& log) {
    return stats::fit(stats::moments_of(data::TrainingSet::all(cohort), *backend), options, *backend, log);
}

}  // namespace

TEST_CASE("the estimates are those of the textbook, computed from rows") {
    const data::Cohort cohort = test::small_cohort();
    Heard log;
    const stats::CombatModel model = fitted(cohort, {}, log);
    CHECK(log.warnings.empty());
    Eigen::MatrixXd design = Eigen::MatrixXd::Zero(60, 6);
    for (Index i = 0; i < 60; ++i) {
        design(i, i % 3) = 1.0;
        design(i, 3) = cohort.covariates[0].numbers[static_cast<std::size_t>(i)];
        const std::string& dx = cohort.covariates[1].levels[static_cast<std::size_t>(i)];
        design(i, 4) = dx == "CN" ? 1.0 : 0.0;
        design(i, 5) = dx == "MCI" ? 1.0 : 0.0;
    }
    REQUIRE(model.design.terms() == std::vector<std::string>{"age", "dx=CN", "dx=MCI"});
    for (Index f = 0; f < 7; ++f) {
        Eigen::VectorXd y(60);
        for (Index i = 0; i < 60; ++i) y(i) = cohort.features.values(i, f);
        const Eigen::VectorXd beta = design.colPivHouseholderQr().solve(y);
        const Eigen::VectorXd residual = y - design * beta;
        const double alpha = (beta(0) + beta(1) + beta(2)) / 3.0, variance = residual.squaredNorm() / 60.0;
        const auto k = static_cast<std::size_t>(f);
        CHECK(model.grand_mean[k] == Approx(alpha).epsilon(1e-10));
        CHECK(model.pooled_variance[k] == Approx(variance).epsilon(1e-10));
        CHECK(model.coefficients(0, f) == Approx(beta(3)).epsilon(1e-9));
        for (Index s = 0; s < 3; ++s) {
            double squares = 0.0;
            for (Index i = s; i < 60; i += 3) squares += residual(i) * residual(i);
            CHECK(model.gamma_hat(s, f) == Approx((beta(s) - alpha) / std::sqrt(variance)).epsilon(1e-9));
            CHECK(model.delta_hat(s, f) == Approx(squares / (19.0 * variance)).epsilon(1e-9));
        }
    }
}

TEST_CASE("a site of one subject is moved, not scaled, and poisons no prior") {
    data::Cohort cohort = test::small_cohort();
    cohort.sites[0] = "alone";
    Heard log;
    const stats::CombatModel model = fitted(cohort, {}, log);
    CHECK(log.said("1 site (alone) of one subject"));
    REQUIRE(model.sites.front() == "alone");
    for (Index f = 0; f < 7; ++f) {
        CHECK(model.status(0, f) == CellStatus::single_subject);
        CHECK(model.delta_star(0, f) == 1.0);
        CHECK(std::isnan(model.delta_hat(0, f)));
        CHECK(std::isfinite(model.gamma_star(0, f)));
        // Shrunk with n = 1 towards the site's prior mean.
        const double tau2 = model.prior[0]->tau2;
        CHECK(model.gamma_star(0, f) == Approx((tau2 * model.gamma_hat(0, f) + model.prior[0]->gamma_bar) / (tau2 + 1.0)));
    }
}

TEST_CASE("one feature alone: no prior, with a warning") {
    const data::Cohort cohort = test::small_cohort(60, 1);
    Heard log;
    const stats::CombatModel model = fitted(cohort, {}, log);
    CHECK(log.said("empirical Bayes is switched off"));
    CHECK(model.gamma_star == model.gamma_hat);
    CHECK(model.delta_star == model.delta_hat);
    CHECK_FALSE(model.prior[0].has_value());
}

TEST_CASE("a feature that the covariates explain exactly passes unchanged") {
    data::Cohort cohort = test::small_cohort();
    for (Index i = 0; i < 60; ++i)
        cohort.features.values(i, 3) =
            2.0 * cohort.covariates[0].numbers[static_cast<std::size_t>(i)] + static_cast<double>(i % 3);
    const data::Cohort raw = cohort;
    Heard log;
    const stats::CombatModel model = fitted(cohort, {}, log);
    CHECK(log.said("1 feature (f3) is constant once sites and covariates are removed"));
    CHECK(model.pooled_variance[3] == 0.0);
    stats::apply(model, cohort, {}, *backend, log);
    for (Index i = 0; i < 60; ++i) CHECK(cohort.features.values(i, 3) == raw.features.values(i, 3));
}

TEST_CASE("mean-only shrinks with the site's true n, in the peers' convention with one") {
    const data::Cohort cohort = test::small_cohort();
    Heard log;
    for (const auto convention : {stats::Convention::tare, stats::Convention::neurocombat}) {
        const stats::CombatModel model = fitted(cohort, {.mean_only = true, .convention = convention}, log);
        const double n = convention == stats::Convention::tare ? 20.0 : 1.0;
        const auto& prior = *model.prior[1];
        CHECK(model.gamma_star(1, 2) ==
              Approx((prior.tau2 * n * model.gamma_hat(1, 2) + prior.gamma_bar) / (prior.tau2 * n + 1.0)));
        CHECK(model.delta_star(1, 2) == 1.0);
    }
}

TEST_CASE("missing cells are left out of their feature alone") {
    data::Cohort cohort = test::small_cohort();
    Heard log;
    const stats::CombatModel whole = fitted(cohort, {.prior = stats::PriorKind::none}, log);
    cohort.features.values(7, 2) = NAN;
    const stats::CombatModel holed = fitted(cohort, {.prior = stats::PriorKind::none}, log);
    CHECK(holed.pooled_variance[1] == Approx(whole.pooled_variance[1]).epsilon(1e-13));
    CHECK(holed.pooled_variance[2] != Approx(whole.pooled_variance[2]).epsilon(1e-6));
    stats::apply(holed, cohort, {}, *backend, log);
    CHECK(std::isnan(cohort.features.values(7, 2)));
    CHECK(std::isfinite(cohort.features.values(7, 1)));
}

TEST_CASE("a feature without values at a site is refused there, and nowhere else") {
    data::Cohort cohort = test::small_cohort();
    for (Index i = 1; i < 60; i += 3) cohort.features.values(i, 2) = NAN;
    Heard log;
    const stats::CombatModel model = fitted(cohort, {}, log);
    CHECK(log.said("f2 at s1"));
    CHECK(model.status(1, 2) == CellStatus::absent);
    data::Cohort same = cohort;
    stats::apply(model, same, {}, *backend, log);
    CHECK(std::isfinite(same.features.values(0, 2)));
    cohort.features.values(4, 2) = 30.0;
    CHECK_THROWS_WITH(stats::apply(model, cohort, {}, *backend, log), Catch::Contains("small.tsv:6: column 'f2'"));
}

TEST_CASE("designs that cannot be estimated are refused by name") {
    Heard log;
    const auto refused = [&](const data::Cohort& cohort, const std::string& message) {
        CHECK_THROWS_WITH(fitted(cohort, {}, log), Catch::Contains(message));
    };
    data::Cohort cohort = test::small_cohort();
    cohort.covariates.push_back({"scanner", true, {}, {}});
    for (const std::string& site : cohort.sites) cohort.covariates.back().levels.push_back(site == "s1" ? "GE" : "Philips");
    refused(cohort, "covariate 'scanner=Philips' is confounded with the site");

    cohort = test::small_cohort();
    cohort.covariates.push_back({"months", false, {}, {}});
    for (const double age : cohort.covariates[0].numbers) cohort.covariates.back().numbers.push_back(12.0 * age + 3.0);
    refused(cohort, "covariate 'months' is confounded with 'age'");

    cohort = test::small_cohort();
    cohort.covariates.push_back({"one", false, std::vector<double>(60, 1.0), {}});
    refused(cohort, "covariate 'one' has one value");

    cohort = test::small_cohort();
    cohort.covariates.push_back({"group", true, {}, std::vector<std::string>(60, "CN")});
    refused(cohort, "covariate 'group' has one value ('CN')");

    refused(test::small_cohort(6, 3), "6 subjects in training, too few for 3 sites and");

    cohort = test::small_cohort();
    cohort.features.values(3, 1) = 1e200;
    refused(cohort, "feature 'f1': values too large to square");
}

TEST_CASE("a huge mean does not spoil small differences") {
    data::Cohort cohort = test::small_cohort();
    data::Cohort moved = cohort;
    for (Index i = 0; i < 60; ++i) moved.features.values(i, 0) += 1e7;
    Heard log;
    const double near = fitted(cohort, {}, log).pooled_variance[0], far = fitted(moved, {}, log).pooled_variance[0];
    CHECK(far == Approx(near).epsilon(1e-7));
}
