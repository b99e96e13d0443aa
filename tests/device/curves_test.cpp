// Curves on a card: designs of random arrays, and a whole fit whose age curve every feature weighs for itself.
#include "devices.hpp"
#include "support/small_cohort.hpp"
#include "tare/base/log.hpp"
#include "tare/base/workspace.hpp"
#include "tare/data/row_source.hpp"
#include "tare/stats/application.hpp"

using namespace tare;
using base::Index;
using base::Matrix;
using test::distance;
using test::OnCard;
using test::OnProcessor;

namespace {

constexpr Index sites = 4, terms = 9;

std::vector<compute::CurveDesign> designs(Index features, Index count) {
    base::Rng rng(31);
    std::vector<compute::CurveDesign> out;
    for (Index d = 0; d < count; ++d) {
        compute::CurveDesign design;
        for (Index f = d; f < features; f += count) design.columns.push_back(f);
        design.modes = Matrix<double>(terms, terms);
        for (Index i = 0; i < terms * terms; ++i) design.modes.data()[i] = rng.normal();
        for (Index t = 0; t < terms; ++t) {
            const double share = t < 2 ? 0.0 : rng.uniform(0.05, 0.95);
            design.scale.push_back(rng.uniform(0.5, 2.0));
            design.penalised.push_back(share);
            design.free_part.push_back(1.0 - share);
            if (share > 0.0) design.log_determinant_of_line += std::log(share);
        }
        design.rank = static_cast<double>(terms - 2);
        for (double log_lambda = -18.0; log_lambda <= 22.0; log_lambda += 0.5) {
            design.log_lambda.push_back(log_lambda);
            design.lambda.push_back(std::exp(log_lambda));
            double determinant = -design.rank * log_lambda;
            for (std::size_t t = 0; t < static_cast<std::size_t>(terms); ++t) {
                determinant += std::log(design.free_part[t] + design.lambda.back() * design.penalised[t]);
            }
            design.log_determinants.push_back(determinant);
        }
        design.degrees = 80.0;
        design.spline_terms = static_cast<double>(terms);
        design.exact = 1e-14;
        out.push_back(std::move(design));
    }
    return out;
}

struct Fits {
    Matrix<double> coefficients;
    std::vector<double> lambda, edf;
};

Fits fitted(const compute::Backend& backend, const compute::FeatureMoments& moments,
            const std::vector<compute::CurveDesign>& with) {
    const Index features = moments.mean.columns();
    const auto count = static_cast<std::size_t>(features);
    Fits out{Matrix<double>(terms, features), std::vector<double>(count), std::vector<double>(count)};
    backend.fit_curve(moments, sites, with, {out.coefficients, out.lambda, out.edf});
    return out;
}

stats::CombatModel smooth_fit(const compute::Backend& backend) {
    const data::Cohort cohort = test::small_cohort(80, 90);
    const data::TrainingSet everyone = data::TrainingSet::all(cohort);
    data::MatrixRows source(cohort.features.values);
    base::Workspace workspace;
    base::SilentLog log;
    const std::vector<stats::SmoothRequest> age{{"age"}};
    const std::vector<std::string> dx{"dx"};
    const stats::MomentsRequest request{stats::learn_design(everyone, dx, age), data::Features::named(cohort.features.names),
                                        stats::Gaps::missing_cells, stats::KeepIds::no};
    const stats::Moments moments = stats::moments_of(everyone, request, source, backend, workspace, log);
    return stats::fit(moments, {}, backend, log);
}

}  // namespace

TEMPLATE_TEST_CASE("device: curves", "[device]", OnProcessor, OnCard) {
    if (test::skipped<TestType>()) return;
    const Index features = GENERATE(1, 45, 700), count = GENERATE(1, 3);
    base::Rng rng(8);
    compute::FeatureMoments moments{Matrix<double>(sites, features), Matrix<double>(sites * terms, features),
                                    Matrix<double>(sites, features)};
    for (Index i = 0; i < sites * features; ++i) moments.squares.data()[i] = rng.uniform(20.0, 60.0);
    for (Index i = 0; i < sites * terms * features; ++i) moments.cross_products.data()[i] = 0.5 * rng.normal();
    const std::vector<compute::CurveDesign> with = designs(features, count);
    const Fits expected = fitted(*compute::make_cpu_backend(2), moments, with);
    const auto device = TestType::backend();
    const Fits found = fitted(*device, moments, with);
    CHECK(distance(expected.lambda, found.lambda) <= 10 * TestType::tolerance);
    CHECK(distance(expected.edf, found.edf) <= 10 * TestType::tolerance);
    CHECK(distance(expected.coefficients, found.coefficients) <= 10 * TestType::tolerance);
    CHECK(distance(found.lambda, fitted(*device, moments, with).lambda) == 0.0);
}

TEMPLATE_TEST_CASE("device: a fit with a curve", "[device]", OnProcessor, OnCard) {
    if (test::skipped<TestType>()) return;
    const stats::CombatModel expected = smooth_fit(*compute::make_cpu_backend(2));
    const stats::CombatModel found = smooth_fit(*TestType::backend());
    CHECK(distance(expected.coefficients, found.coefficients) <= 10 * TestType::tolerance);
    CHECK(distance(expected.pooled_variance, found.pooled_variance) <= 10 * TestType::tolerance);
    CHECK(distance(expected.gamma_star, found.gamma_star) <= 1e-9);
}
