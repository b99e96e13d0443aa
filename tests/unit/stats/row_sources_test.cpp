// Moments do not depend on how many rows a source gives at once, in which precision, or where the sums are kept.
#include <cmath>
#include <cstring>

#include <catch2/catch.hpp>

#include "support/small_cohort.hpp"
#include "tare/base/error.hpp"
#include "tare/stats/moments.hpp"
#include "tare/stats/usable_features.hpp"

using namespace tare;
using base::Index;

namespace {

const auto backend = compute::make_cpu_backend(2);

/// Gives at most so many rows at once, from a copy that lives until the next call only.
class Piecewise final : public data::RowSource {
public:
    Piecewise(const base::Matrix<double>& values, Index most) : values_(values), most_(most) {}

    [[nodiscard]] Index features() const override { return values_.columns(); }
    [[nodiscard]] Index most_rows(Index wanted) const override { return std::min(wanted, most_); }
    [[nodiscard]] base::RowPointers rows(std::span<const Index> subjects) override {
        REQUIRE(static_cast<Index>(subjects.size()) <= most_);
        longest = std::max(longest, static_cast<Index>(subjects.size()));
        copy_ = base::Matrix<double>(static_cast<Index>(subjects.size()), values_.columns());
        std::vector<const double*> pointers;
        for (std::size_t i = 0; i < subjects.size(); ++i) {
            const auto from = values_.row(subjects[i]);
            std::copy(from.begin(), from.end(), copy_.row(static_cast<Index>(i)).begin());
            pointers.push_back(copy_.row(static_cast<Index>(i)).data());
        }
        return pointers;
    }
    Index longest = 0;

private:
    const base::Matrix<double>& values_;
    Index most_;
    base::Matrix<double> copy_;
};

stats::Moments moments(const data::Cohort& cohort, data::RowSource& source, base::Workspace& workspace,
                       stats::Gaps gaps = stats::Gaps::missing_cells) {
    base::SilentLog log;
    const data::TrainingSet all = data::TrainingSet::all(cohort);
    return stats::moments_of(all, {stats::learn_design(all), data::Features::named(cohort.features.names), gaps}, source,
                             *backend, workspace, log);
}

bool same_bits(const base::Matrix<double>& a, const base::Matrix<double>& b) {
    return a.rows() == b.rows() && a.columns() == b.columns() &&
           std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.size()) * sizeof(double)) == 0;
}

void check_same(const stats::Moments& a, const stats::Moments& b) {
    CHECK(same_bits(a.values.mean, b.values.mean));
    CHECK(same_bits(a.values.squares, b.values.squares));
    CHECK(same_bits(a.values.cross_products, b.values.cross_products));
    CHECK(a.pattern_of == b.pattern_of);
    CHECK(a.training.id_hashes == b.training.id_hashes);
    CHECK(a.patterns.size() == b.patterns.size());
}

}  // namespace

TEST_CASE("sixteen rows at a time give the bits of all rows at once, on the heap or in files, with and without gaps") {
    for (const bool gaps : {false, true}) {
        data::Cohort cohort = test::small_cohort(220, 9);
        if (gaps) {
            for (Index i = 0; i < 40; ++i) cohort.features.values(5 * i + 1, i % 4) = NAN;
        }
        base::Workspace heap;
        data::MatrixRows whole(cohort.features.values);
        const stats::Moments expected = moments(cohort, whole, heap);
        for (const Index most : {16, 17, 33, 64, 500}) {
            Piecewise source(cohort.features.values, most);
            base::Workspace files({1, 2});
            check_same(moments(cohort, source, files), expected);
            CHECK(files.held() == 0);
            CHECK(source.longest <= most);
            CHECK(source.longest >= std::min<Index>(16, most));
        }
    }
}

TEST_CASE("where gaps spoil a feature its moments are not finite, and the others are as they were") {
    data::Cohort cohort = test::small_cohort(80, 5);
    base::Workspace heap;
    data::MatrixRows source(cohort.features.values);
    const stats::Moments clean = moments(cohort, source, heap);
    cohort.features.values(7, 1) = NAN;
    cohort.features.values(8, 3) = INFINITY;
    const stats::Moments spoilt = moments(cohort, source, heap, stats::Gaps::spoil_features);
    CHECK(stats::usable_features(spoilt, std::nullopt) == std::vector<Index>{0, 2, 4});
    base::Workspace files({1, 2});
    const std::vector<Index> usable{0, 2, 4};
    const stats::Moments left = stats::selected(spoilt, usable, files);
    CHECK(files.held() == 0);
    CHECK(left.features.names() == std::vector<std::string>{"f0", "f2", "f4"});
    check_same(left, stats::selected(clean, usable, heap));
    // What means a missing cell elsewhere may not be infinite.
    CHECK_THROWS_AS(moments(cohort, source, heap), base::Error);
}

TEST_CASE("features are usable that vary, within a site or between sites, and are bright enough") {
    data::Cohort cohort = test::small_cohort(30, 5);
    for (Index i = 0; i < 30; ++i) {
        cohort.features.values(i, 0) = 4.0;                                       // the same everywhere
        cohort.features.values(i, 1) = i % 3 == 0 ? 5.0 : 6.0;                    // constant within each site
        cohort.features.values(i, 2) = i == 4 ? 1.0 : 0.0;                        // in one subject
        cohort.features.values(i, 3) = 100.0 + 0.1 * static_cast<double>(i % 7);  // everywhere
        cohort.features.values(i, 4) = 0.1 + 0.2 - 0.3;                           // the same, and no round number
    }
    base::Workspace heap;
    data::MatrixRows source(cohort.features.values);
    const stats::Moments made = moments(cohort, source, heap, stats::Gaps::spoil_features);
    CHECK(stats::usable_features(made, std::nullopt) == std::vector<Index>{1, 2, 3});
    CHECK(stats::usable_features(made, 0.0) == std::vector<Index>{1, 2, 3});
    CHECK(stats::usable_features(made, 0.5) == std::vector<Index>{1, 3});
    CHECK(stats::usable_features(made, 5.0) == std::vector<Index>{1, 3});
    // The mean of (5, 6, 6) is 17/3: sites count by their subjects.
    CHECK(stats::usable_features(made, 5.66) == std::vector<Index>{1, 3});
    CHECK(stats::usable_features(made, 5.67) == std::vector<Index>{3});
    CHECK_THROWS_AS(stats::usable_features(made, 1000.0), base::Error);
}
