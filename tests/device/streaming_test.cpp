// How blocks pass through: a card that fails, memory that is not there, callers on several threads.
#include <array>
#include <new>
#include <thread>

#include "devices.hpp"
#include "support/small_cohort.hpp"
#include "tare/base/log.hpp"
#include "tare/stats/application.hpp"

using namespace tare;
using base::Matrix;
using test::OnCard;
using test::OnProcessor;

namespace {

/// Fits and applies, from rows to rows.
Matrix<double> harmonised(const stats::CombatOptions& options, const compute::Backend& backend) {
    data::Cohort cohort = test::small_cohort(70, 130);
    cohort.features.values(4, 17) = cohort.features.values(9, 17) = NAN;  // a pattern of its own
    base::SilentLog log;
    const stats::CombatModel model =
        stats::fit(stats::moments_of(data::TrainingSet::all(cohort), backend), options, backend, log);
    stats::apply(model, cohort, {}, backend, log);
    return cohort.features.values;
}

}  // namespace

TEMPLATE_TEST_CASE("device: a whole fit, applied", "[device]", OnProcessor, OnCard) {
    if (test::skipped<TestType>()) return;
    stats::CombatOptions options;
    SECTION("parametric") {}
    SECTION("non-parametric") {
        options.prior = stats::PriorKind::nonparametric;
    }
    SECTION("means only") {
        options.mean_only = true;
    }
    SECTION("as the peers stop") {
        options.convention = stats::Convention::neurocombat;
    }
    const Matrix<double> expected = harmonised(options, *compute::make_cpu_backend(2));
    const auto device = TestType::backend();
    const Matrix<double> found = harmonised(options, *device);
    CHECK(test::distance(expected, found) <= 1e-10);
    CHECK(test::distance(found, harmonised(options, *device)) == 0.0);
}

TEST_CASE("device: what a card fails at is told, and the next operation is sound") {
    auto card = std::make_unique<test::ProcessorCard>(3);
    test::ProcessorCard& watched = *card;
    const compute::cuda::CudaBackend backend(std::move(card), 2, {40'000, 0});
    const stats::CombatOptions options;
    const Matrix<double> expected = harmonised(options, *compute::make_cpu_backend(2));
    CHECK(test::distance(expected, harmonised(options, backend)) <= 1e-12);
    const int whole = watched.launches;
    REQUIRE(whole > 8);
    for (const int succeed : {0, 1, 2, whole / 2, whole - 1}) {
        watched.launches = 0;
        watched.fail_after = succeed;
        CHECK_THROWS_WITH(harmonised(options, backend), "the card failed");
        watched.fail_after = -1;
        CHECK(test::distance(expected, harmonised(options, backend)) <= 1e-12);
    }
}

TEST_CASE("device: a block that does not fit the card is an error") {
    const compute::cuda::CudaBackend backend(std::make_unique<test::ProcessorCard>(3, 1000), 2, {40'000, 0});
    CHECK_THROWS_AS(harmonised({}, backend), std::bad_alloc);
}

TEST_CASE("device: callers on several threads take turns") {
    const auto backend = OnProcessor::backend();
    const Matrix<double> expected = harmonised({}, *backend);
    std::array<Matrix<double>, 4> found;
    std::vector<std::thread> callers;
    for (Matrix<double>& mine : found) callers.emplace_back([&] { mine = harmonised({}, *backend); });
    for (std::thread& caller : callers) caller.join();
    for (const Matrix<double>& one : found) CHECK(test::distance(expected, one) == 0.0);
}

TEST_CASE("device: small pieces stay on the processor") {
    auto card = std::make_unique<test::ProcessorCard>(3);
    test::ProcessorCard& watched = *card;
    const compute::cuda::CudaBackend backend(std::move(card), 2, {40'000, 1'000'000'000});
    CHECK(test::distance(harmonised({}, *compute::make_cpu_backend(2)), harmonised({}, backend)) == 0.0);
    CHECK(watched.launches == 0);
}

TEST_CASE("device: what would fit one block is cut, so that copies and kernels overlap") {
    auto card = std::make_unique<test::ProcessorCard>(3);
    test::ProcessorCard& watched = *card;
    const compute::cuda::CudaBackend backend(std::move(card), 2, {});
    constexpr base::Index features = 2'000'000;
    const Matrix<float> values(3, features, 1.5F);
    const Matrix<double> codes(3, 1, 0.5);
    const std::vector<base::Index> subjects{0, 1, 2};
    const base::RowPointers rows =
        std::vector<const float*>{values.row(0).data(), values.row(1).data(), values.row(2).data()};
    Matrix<double> mean(1, features), squares(1, features), cross(1, features);
    compute::SiteAccumulation site{0, {}, mean.row(0), squares.row(0), cross.row_block(0, 1)};
    backend.accumulate({rows, subjects, codes}, {}, site);
    CHECK(watched.launches >= 8);
    CHECK(mean(0, features - 1) == 1.5);
}

TEST_CASE("device: designs that would fill a block are left to the processor") {
    auto card = std::make_unique<test::ProcessorCard>(3);
    test::ProcessorCard& watched = *card;
    const compute::cuda::CudaBackend backend(std::move(card), 2, {600, 0});
    const Matrix<double> expected = harmonised({}, *compute::make_cpu_backend(2));
    CHECK(test::distance(expected, harmonised({}, backend)) <= 1e-12);
    CHECK(watched.launches > 0);
}
