// A covariate that is held out counts with the mean of its codes in training, whatever the sample says of it.
#include <cmath>

#include <catch2/catch.hpp>

#include "support/small_cohort.hpp"
#include "tare/base/error.hpp"
#include "tare/stats/application.hpp"

using namespace tare;
using base::Index;
using base::Matrix;

namespace {

const auto backend = compute::make_cpu_backend(2);

stats::CombatModel fitted(const data::Cohort& cohort, bool curve) {
    base::SilentLog log;
    base::Workspace workspace;
    const data::TrainingSet all = data::TrainingSet::all(cohort);
    std::vector<stats::SmoothRequest> smooths;
    if (curve) smooths.push_back({"age", 6, 1.0});
    data::MatrixRows rows(cohort.features.values);
    const stats::MomentsRequest request{stats::learn_design(all, smooths), data::Features::named(cohort.features.names)};
    return stats::fit(stats::moments_of(all, request, rows, *backend, workspace, log), {}, *backend, log);
}

Matrix<double> applied(const stats::CombatModel& model, data::Cohort sample, std::vector<std::string> hold_out) {
    base::SilentLog log;
    stats::ApplyOptions options;
    options.hold_out = std::move(hold_out);
    stats::apply(model, sample, options, *backend, log);
    return sample.features.values;
}

/// y + (1/√δ* − 1)(y − α − cᵀβ) − σγ*/√δ* with these codes.
Matrix<double> by_hand(const stats::CombatModel& model, const data::Cohort& sample, const Matrix<double>& codes) {
    Matrix<double> out = sample.features.values;
    for (Index i = 0; i < out.rows(); ++i) {
        const Index s = sample.sites[static_cast<std::size_t>(i)].back() - '0';
        for (Index f = 0; f < out.columns(); ++f) {
            const auto k = static_cast<std::size_t>(f);
            double left = out(i, f) - model.grand_mean[k];
            for (Index j = 0; j < codes.columns(); ++j) left -= codes(i, j) * model.coefficients(j, f);
            const double scale = 1.0 / std::sqrt(model.delta_star(s, f));
            out(i, f) += (scale - 1.0) * left - std::sqrt(model.pooled_variance[k]) * model.gamma_star(s, f) * scale;
        }
    }
    return out;
}

double largest_difference(const Matrix<double>& a, const Matrix<double>& b) {
    double largest = 0.0;
    for (Index i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a.data()[i] - b.data()[i]));
    return largest;
}

}  // namespace

TEST_CASE("holding a covariate out equals its mean code, for numbers, categories and curves") {
    const data::Cohort cohort = test::small_cohort(90);
    std::vector<Index> rows;
    for (Index i = 0; i < 90; ++i) rows.push_back(i);
    for (const bool curve : {false, true}) {
        const stats::CombatModel model = fitted(cohort, curve);
        const Matrix<double> own = stats::code_covariates(model.design, cohort, rows);
        const std::vector<std::string> terms = model.design.terms();
        REQUIRE(own.columns() == (curve ? 7 : 3));
        CHECK(largest_difference(applied(model, cohort, {}), by_hand(model, cohort, own)) < 1e-11);
        for (const std::vector<std::string>& names :
             {std::vector<std::string>{"age"}, std::vector<std::string>{"dx"}, std::vector<std::string>{"dx", "age"}}) {
            Matrix<double> codes = own;
            for (Index j = 0; j < codes.columns(); ++j) {
                const bool is_age = terms[static_cast<std::size_t>(j)].substr(0, 3) == "age";
                if (std::find(names.begin(), names.end(), is_age ? "age" : "dx") == names.end()) continue;
                double sum = 0.0;
                for (Index i = 0; i < 90; ++i) sum += own(i, j);
                for (Index i = 0; i < 90; ++i) codes(i, j) = sum / 90.0;
            }
            const Matrix<double> held = applied(model, cohort, names);
            CHECK(largest_difference(held, by_hand(model, cohort, codes)) < 1e-11);
            CHECK(largest_difference(held, applied(model, cohort, {})) > 1e-4);
            // Neither the values of the column nor the column itself count.
            data::Cohort spoilt = cohort, without = cohort;
            for (const std::string& name : names) {
                if (name == "age") spoilt.covariates[0].numbers.assign(90, NAN);
                if (name == "dx") spoilt.covariates[1].levels.assign(90, "unheard of");
            }
            std::erase_if(without.covariates, [&](const data::Covariate& covariate) {
                return std::find(names.begin(), names.end(), covariate.name) != names.end();
            });
            CHECK(applied(model, spoilt, names) == held);
            CHECK(applied(model, without, names) == held);
        }
    }
}

TEST_CASE("a covariate that the model has not cannot be held out, and one that is not held out must be there") {
    data::Cohort cohort = test::small_cohort();
    const stats::CombatModel model = fitted(cohort, false);
    CHECK_THROWS_WITH(applied(model, cohort, {"agee"}), Catch::Contains("the model has no covariate 'agee'"));
    cohort.covariates.erase(cohort.covariates.begin());
    CHECK_THROWS_WITH(applied(model, cohort, {"dx"}), Catch::Contains("age"));
}
