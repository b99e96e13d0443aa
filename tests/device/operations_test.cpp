// Every operation of the card's backend against the processor's, on random inputs of odd sizes with NaN cells.
#include <Eigen/Dense>
#include <numeric>

#include "devices.hpp"

using namespace tare;
using base::Matrix;
using compute::Backend;
using compute::Index;
using compute::Shrinkage;
using test::distance;
using test::OnCard;
using test::OnProcessor;

namespace {

/// Values of three sites with covariates; a cell in a thousand is NaN.
template <typename T>
struct Problem {
    Matrix<T> values;
    Matrix<double> codes;
    std::vector<std::vector<Index>> site_rows;

    Problem(Index subjects, Index features, Index terms, std::uint64_t seed)
        : values(subjects, features), codes(subjects, terms), site_rows(3) {
        base::Rng rng(seed);
        for (Index i = 0; i < subjects; ++i) {
            for (Index j = 0; j < terms; ++j) codes(i, j) = 50.0 + 10.0 * rng.normal();
            for (Index f = 0; f < features; ++f) {
                const bool missing = rng.below(1000) == 0;
                values(i, f) = missing ? std::numeric_limits<T>::quiet_NaN() : static_cast<T>(1e3 + rng.normal());
            }
            site_rows[static_cast<std::size_t>(i < 1 ? 0 : rng.below(2) + 1)].push_back(i);
        }
    }
    [[nodiscard]] std::vector<const T*> pointers(std::span<const Index> rows) const {
        std::vector<const T*> out;
        for (const Index row : rows) out.push_back(values.data() + row * values.columns());
        return out;
    }
};

template <typename T>
compute::FeatureMoments moments(const Problem<T>& p, const Backend& backend, std::span<const Index> columns = {}) {
    const Index terms = p.codes.columns(), features = p.values.columns(), sites = 3;
    compute::FeatureMoments out{Matrix<double>(sites, features), Matrix<double>(sites * terms, features),
                                Matrix<double>(sites, features)};
    for (Index s = 0; s < sites; ++s) {
        const std::vector<Index>& rows = p.site_rows[static_cast<std::size_t>(s)];
        compute::SiteAccumulation site{
            0, {}, out.mean.row(s), out.squares.row(s), out.cross_products.row_block(s * terms, terms)};
        for (std::size_t first = 0; first < rows.size(); first += 32) {
            const auto some = std::span(rows).subspan(first, std::min<std::size_t>(32, rows.size() - first));
            const base::RowPointers cells = p.pointers(some);
            backend.accumulate({cells, some, p.codes}, columns, site);
        }
    }
    return out;
}

/// Designs that the features share in turn, as missing cells make them.
std::vector<compute::SharedDesign> designs(Index features, Index sites, Index terms, std::size_t count) {
    base::Rng rng(12);
    std::vector<compute::SharedDesign> out;
    for (std::size_t d = 0; d < count; ++d) {
        compute::SharedDesign design{{},
                                     Matrix<double>(sites, terms),
                                     Matrix<double>(sites * terms, terms),
                                     Matrix<double>(terms, terms),
                                     std::vector<double>(static_cast<std::size_t>(terms))};
        for (Index f = static_cast<Index>(d); f < features; f += static_cast<Index>(count)) design.columns.push_back(f);
        for (Index i = 0; i < design.covariate_mean.size(); ++i) design.covariate_mean.data()[i] = rng.normal();
        for (Index i = 0; i < design.scatter.size(); ++i) design.scatter.data()[i] = rng.normal();
        for (Index j = 0; j < terms; ++j) {
            design.scale[static_cast<std::size_t>(j)] = rng.uniform(0.5, 2.0);
            for (Index i = 0; i < j; ++i) design.factor(j, i) = 0.3 * rng.normal();
            design.factor(j, j) = rng.uniform(0.5, 2.0);
        }
        out.push_back(std::move(design));
    }
    return out;
}

struct Site {
    std::vector<double> n, gamma, delta;
    std::vector<Shrinkage> shrinkage;

    Site(Index features, std::uint64_t seed) {
        base::Rng rng(seed);
        for (Index f = 0; f < features; ++f) {
            const auto kind = rng.below(10);
            n.push_back(kind == 0 ? 1.0 : 30.0 - static_cast<double>(rng.below(5)));
            gamma.push_back(0.5 * rng.normal());
            delta.push_back(kind == 0 ? NAN : std::exp(0.3 * rng.normal()));
            shrinkage.push_back(kind == 0 ? Shrinkage::location : kind == 1 ? Shrinkage::none : Shrinkage::location_scale);
        }
    }
    [[nodiscard]] compute::SiteEstimates estimates() const { return {n, gamma, delta, shrinkage}; }
};

double distance_of(const compute::SiteEffects& a, const compute::SiteEffects& b) {
    return std::max({distance(a.gamma_star, b.gamma_star), distance(a.delta_star, b.delta_star),
                     distance(a.gamma_variance, b.gamma_variance), distance(a.delta_variance, b.delta_variance)});
}

/// A site adjusted by random parameters.
template <typename T>
Matrix<T> adjusted(const Problem<T>& p, const Backend& backend) {
    const Index features = p.values.columns();
    base::Rng rng(5);
    const auto random = [&] {
        std::vector<double> out;
        for (Index f = 0; f < features; ++f) out.push_back(rng.normal());
        return out;
    };
    const std::vector<double> grand_mean = random(), change = random(), shift = random();
    Matrix<double> beta(p.codes.columns(), features);
    for (Index i = 0; i < beta.size(); ++i) beta.data()[i] = 0.01 * rng.normal();
    Matrix<T> out = p.values;
    const std::vector<Index>& rows = p.site_rows[1];
    std::vector<T*> targets;
    for (const Index row : rows) targets.push_back(out.row(row).data());
    const base::RowPointers values = p.pointers(rows);
    backend.adjust({values, rows, p.codes}, {grand_mean, beta, change, shift}, targets);
    return out;
}

const auto processor = compute::make_cpu_backend(2);

}  // namespace

TEMPLATE_TEST_CASE("device: moments", "[device]", OnProcessor, OnCard) {
    if (test::skipped<TestType>()) return;
    const Index features = GENERATE(1, 33, 1000), terms = GENERATE(0, 1, 3);
    const Problem<float> p(101, features, terms, 7);
    const auto device = TestType::backend(static_cast<std::uint64_t>(features + terms));
    const compute::FeatureMoments expected = moments(p, *processor), found = moments(p, *device);
    CHECK(distance(expected.mean, found.mean) <= TestType::tolerance);
    CHECK(distance(expected.squares, found.squares) <= TestType::tolerance);
    CHECK(distance(expected.cross_products, found.cross_products) <= TestType::tolerance);
    const compute::FeatureMoments again = moments(p, *device);
    CHECK(distance(again.cross_products, found.cross_products) == 0.0);
}

TEMPLATE_TEST_CASE("device: moments of doubles, and of some columns", "[device]", OnProcessor, OnCard) {
    if (test::skipped<TestType>()) return;
    const Problem<double> p(64, 500, 2, 8);
    const auto device = TestType::backend();
    std::vector<Index> some;
    for (Index f = 3; f < 500; f += 7) some.push_back(f);
    for (const std::span<const Index> columns : {std::span<const Index>(), std::span<const Index>(some)}) {
        const compute::FeatureMoments expected = moments(p, *processor, columns), found = moments(p, *device, columns);
        CHECK(distance(expected.mean, found.mean) <= TestType::tolerance);
        CHECK(distance(expected.squares, found.squares) <= TestType::tolerance);
        CHECK(distance(expected.cross_products, found.cross_products) <= TestType::tolerance);
    }
}

TEMPLATE_TEST_CASE("device: least squares and what it leaves", "[device]", OnProcessor, OnCard) {
    if (test::skipped<TestType>()) return;
    const Index features = GENERATE(1, 31, 777), terms = GENERATE(1, 4);
    const std::size_t count = GENERATE(1U, 3U);
    const Problem<float> p(60, features, terms, 9);
    const compute::FeatureMoments of = moments(p, *processor);
    const std::vector<compute::SharedDesign> shared = designs(features, 3, terms, count);
    const auto device = TestType::backend();
    const Matrix<double> beta = processor->solve(of, 3, terms, shared);
    CHECK(distance(beta, device->solve(of, 3, terms, shared)) <= TestType::tolerance);
    const compute::SiteResiduals expected = processor->residuals(of, 3, shared, beta);
    const compute::SiteResiduals found = device->residuals(of, 3, shared, beta);
    CHECK(distance(expected.site_mean, found.site_mean) <= TestType::tolerance);
    CHECK(distance(expected.residual_squares, found.residual_squares) <= TestType::tolerance);
}

TEMPLATE_TEST_CASE("device: parametric shrinkage", "[device]", OnProcessor, OnCard) {
    if (test::skipped<TestType>()) return;
    const Index features = GENERATE(1, 40, 3000);
    const Site site(features, 4);
    const compute::SitePrior prior{0.1, 0.2, GENERATE(6.0, INFINITY), 5.0};
    const compute::StopRule stop = GENERATE(compute::StopRule::each_feature, compute::StopRule::all_together);
    const compute::SiteEffects expected = processor->shrink_parametric(site.estimates(), prior, stop);
    // In one block for the rule that needs it; with too little room that falls to the processor.
    for (const std::size_t bytes : {std::size_t{1} << 20U, std::size_t{40'000}}) {
        const compute::SiteEffects found = TestType::backend(2, bytes)->shrink_parametric(site.estimates(), prior, stop);
        CHECK(distance_of(expected, found) <= TestType::tolerance);
        CHECK(expected.not_converged == found.not_converged);
    }
}

TEMPLATE_TEST_CASE("device: non-parametric shrinkage", "[device]", OnProcessor, OnCard) {
    if (test::skipped<TestType>()) return;
    const Index features = GENERATE(1, 2, 1500);
    const Site site(features, 6);
    const compute::SiteEffects expected = processor->shrink_nonparametric(site.estimates());
    const auto device = TestType::backend();
    const compute::SiteEffects found = device->shrink_nonparametric(site.estimates());
    CHECK(distance(expected.gamma_star, found.gamma_star) <= 1e-10);
    CHECK(distance(expected.delta_star, found.delta_star) <= 1e-10);
    for (std::size_t f = 0; f < site.gamma.size(); ++f) {  // differences of near equals
        if (std::isnan(expected.gamma_variance[f])) continue;
        CHECK(found.gamma_variance[f] == Approx(expected.gamma_variance[f]).epsilon(1e-8).margin(1e-12));
    }
    CHECK(distance_of(found, device->shrink_nonparametric(site.estimates())) == 0.0);
}

TEMPLATE_TEST_CASE("device: non-parametric weights that all but one vanish", "[device]", OnProcessor, OnCard) {
    if (test::skipped<TestType>()) return;
    Site site(2500, 3);
    for (std::size_t f = 0; f < site.n.size(); ++f) site.n[f] = 1e6, site.shrinkage[f] = Shrinkage::location_scale;
    for (double& delta : site.delta) delta = std::isnan(delta) ? 1.0 : delta;
    const compute::SiteEffects expected = processor->shrink_nonparametric(site.estimates());
    const compute::SiteEffects found = TestType::backend()->shrink_nonparametric(site.estimates());
    CHECK(distance(expected.gamma_star, found.gamma_star) <= 1e-9);
    CHECK(distance(expected.delta_star, found.delta_star) <= 1e-9);
}

TEMPLATE_TEST_CASE("device: adjusting", "[device]", OnProcessor, OnCard) {
    if (test::skipped<TestType>()) return;
    const Index features = GENERATE(1, 33, 1201), terms = GENERATE(0, 2);
    const auto device = TestType::backend();
    const Problem<double> p(50, features, terms, 10);
    CHECK(distance(adjusted(p, *processor), adjusted(p, *device)) <= TestType::tolerance);

    const Problem<float> single(50, features, terms, 11);
    CHECK(test::cells_apart(adjusted(single, *processor), adjusted(single, *device), TestType::ulps) == 0);
}

TEST_CASE("device: ten million features", "[.large]") {
    if (test::skipped<OnCard>()) return;
    constexpr Index features = 10'000'000, terms = 2;
    const Problem<float> p(20, features, terms, 13);
    const auto device = compute::make_cuda_backend(0, 2, {});
    const compute::FeatureMoments expected = moments(p, *processor), found = moments(p, *device);
    CHECK(distance(expected.mean, found.mean) <= 1e-10);
    CHECK(distance(expected.squares, found.squares) <= 1e-10);
    CHECK(distance(expected.cross_products, found.cross_products) <= 1e-10);
    CHECK(test::cells_apart(adjusted(p, *processor), adjusted(p, *device), OnCard::ulps) == 0);
    const std::vector<compute::SharedDesign> shared = designs(features, 3, terms, 2);
    const Matrix<double> beta = processor->solve(expected, 3, terms, shared);
    CHECK(distance(beta, device->solve(expected, 3, terms, shared)) <= 1e-10);
    CHECK(distance(processor->residuals(expected, 3, shared, beta).residual_squares,
                   device->residuals(expected, 3, shared, beta).residual_squares) <= 1e-10);
    const Site site(features, 4);
    const compute::SitePrior prior{0.1, 0.2, 6.0, 5.0};
    CHECK(distance_of(processor->shrink_parametric(site.estimates(), prior, compute::StopRule::each_feature),
                      device->shrink_parametric(site.estimates(), prior, compute::StopRule::each_feature)) <= 1e-10);
}
