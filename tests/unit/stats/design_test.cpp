// Coding by name and level, and the maps between codings.
#include "tare/stats/design.hpp"

#include <catch2/catch.hpp>

#include "support/small_cohort.hpp"
#include "tare/base/error.hpp"

using namespace tare;
using stats::Design;

TEST_CASE("levels are sorted, as numbers where all are, and the first is the base") {
    data::Cohort cohort = test::small_cohort(6, 1);
    cohort.covariates = {{"edu", true, {}, {"10", "9", "9", "2", "10", "2"}},
                         {"dx", true, {}, {"b", "a", "B", "a", "b", "B"}}};
    const Design design = stats::learn_design(data::TrainingSet::all(cohort));
    CHECK(design.terms() == std::vector<std::string>{"edu=9", "edu=10", "dx=a", "dx=b"});
    const auto rows = data::TrainingSet::all(cohort).rows();
    const auto codes = stats::code_covariates(design, cohort, rows);
    CHECK(std::vector<double>(codes.row(0).begin(), codes.row(0).end()) == std::vector<double>{0, 1, 0, 1});
    CHECK(std::vector<double>(codes.row(3).begin(), codes.row(3).end()) == std::vector<double>{0, 0, 1, 0});
}

TEST_CASE("an unknown level and a missing value are errors that name line and column") {
    data::Cohort cohort = test::small_cohort(30, 1);
    const Design design = stats::learn_design(data::TrainingSet::all(cohort));
    cohort.covariates[1].levels[4] = "XX";
    const std::vector<base::Index> rows{4};
    CHECK_THROWS_WITH(stats::code_covariates(design, cohort, rows),
                      "small.tsv:6: column 'dx': level 'XX' was not among the training rows");
    cohort.covariates[0].numbers[4] = NAN;
    CHECK_THROWS_WITH(stats::code_covariates(design, cohort, rows), "small.tsv:6: column 'age': the value is missing");
}

TEST_CASE("recoding carries codes from one set of levels to a larger one") {
    const Design from{{{"dx", true, {"MCI", "PT"}}, {"age", false, {}}}};
    const Design to{{{"age", false, {}}, {"dx", true, {"CN", "MCI", "PT"}}}};
    const stats::Recoding map = stats::recoding(from, to);
    const Eigen::Vector2d mci(0, 42), pt(1, 42);
    CHECK((map.map * mci + map.shift).isApprox(Eigen::Vector3d(42, 1, 0)));
    CHECK((map.map * pt + map.shift).isApprox(Eigen::Vector3d(42, 0, 1)));
}

TEST_CASE("designs of other columns or kinds do not unite") {
    const Design a{{{"age", false, {}}}}, b{{{"sex", true, {"F", "M"}}}}, c{{{"age", true, {"30", "40"}}}};
    CHECK_THROWS_AS(stats::united(a, b), base::Error);
    CHECK_THROWS_AS(stats::united(a, c), base::Error);
    CHECK_THROWS_AS(stats::united(a, Design{}), base::Error);
}

TEST_CASE("ranges are learned from training rows, unite, and tell what is extrapolated") {
    class Heard final : public base::Log {
    public:
        void warn(std::string_view message) override { warning = message; }
        void info(std::string_view) override {}
        void detail(std::string_view) override {}
        void progress(std::string_view, double) override {}
        std::string warning;
    };
    data::Cohort cohort = test::small_cohort(4, 1);
    cohort.covariates = {{"age", false, {30, 50, 20, 80}, {}}};
    const Design middle = stats::learn_design(data::split_cohort(cohort, {true, true, false, false}).training);
    CHECK(middle.columns[0].low == 30.0);
    CHECK(middle.columns[0].high == 50.0);
    Heard log;
    const std::vector<base::Index> rows{0, 1, 2, 3};
    stats::warn_of_extrapolation(middle, cohort, rows, log);
    CHECK(log.warning == "2 subjects outside the training range of age (30 to 50): its effect is extrapolated");
    log.warning.clear();
    const Design rest = stats::learn_design(data::split_cohort(cohort, {false, false, true, true}).training);
    stats::warn_of_extrapolation(stats::united(middle, rest), cohort, rows, log);
    CHECK(log.warning.empty());
}
