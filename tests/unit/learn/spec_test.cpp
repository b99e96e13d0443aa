// Learners by name, their grids, and hyperparameters out of range.
#include <limits>

#include <catch2/catch.hpp>

#include "tare/base/error.hpp"
#include "tare/learn/learner_spec.hpp"

using namespace tare;
using learn::Kernel;
using learn::Kind;
using learn::LearnerSpec;
using learn::Task;

TEST_CASE("a learner's name is found again, another is none") {
    for (const char* name : {"ridge", "logistic", "svm", "svr", "xgboost"}) {
        const auto kind = learn::kind_named(name);
        REQUIRE(kind);
        CHECK(learn::name_of(*kind) == name);
    }
    CHECK_FALSE(learn::kind_named("Ridge"));
    CHECK_FALSE(learn::kind_named(""));
}

TEST_CASE("a learner is described with what it was trained with") {
    CHECK(learn::described({.kind = Kind::ridge}) == "ridge, alpha = 1");
    CHECK(learn::described({.kind = Kind::svr}) == "svr, rbf, C = 1, epsilon = 0.1, gamma = scale");
    CHECK(learn::described({.kind = Kind::svm, .c = 10, .gamma = 0.1}) == "svm, rbf, C = 10, gamma = 0.1 × scale");
    CHECK(learn::described({.kind = Kind::svm, .gamma = 0.5, .gamma_times_scale = false}) == "svm, rbf, C = 1, gamma = 0.5");
    CHECK(learn::described({.kind = Kind::svm, .kernel = Kernel::linear, .standardise = true}) ==
          "svm, linear, C = 1, standardised features");
    CHECK(learn::described({.kind = Kind::logistic, .c = 0.001}) == "logistic, C = 0.001");
    CHECK(learn::described({.kind = Kind::xgboost}) == "xgboost, rounds = 100, max_depth = 6, eta = 0.3, lambda = 1");
    LearnerSpec spec{.kind = Kind::xgboost, .standardise = true};
    spec.trees.subsample = 0.5;
    CHECK(learn::described(spec) == "xgboost, rounds = 100, max_depth = 6, eta = 0.3, lambda = 1, subsample = 0.5");
}

TEST_CASE("a grid is small, holds the defaults, differs everywhere and keeps what it does not vary") {
    const auto kind = GENERATE(Kind::ridge, Kind::logistic, Kind::svm, Kind::svr, Kind::xgboost);
    const auto kernel = GENERATE(Kernel::rbf, Kernel::linear);
    LearnerSpec spec{.kind = kind, .kernel = kernel, .standardise = true, .epsilon = 0.25};
    spec.trees.rounds = 7;
    spec.trees.lambda = 2;
    const auto grid = learn::candidates(spec);
    INFO(learn::described(spec));
    CHECK(grid.size() >= 6);
    CHECK(grid.size() <= 12);
    std::vector<std::string> texts;
    for (const LearnerSpec& one : grid) {
        CHECK_NOTHROW(learn::check(one));
        CHECK(one.standardise);
        CHECK(one.epsilon == 0.25);
        CHECK(one.trees.rounds == 7);
        CHECK(one.trees.lambda == 2);
        texts.push_back(learn::described(one));
    }
    CHECK(std::find(texts.begin(), texts.end(), learn::described(spec)) != texts.end());
    std::sort(texts.begin(), texts.end());
    CHECK(std::adjacent_find(texts.begin(), texts.end()) == texts.end());
}

TEST_CASE("a grid begins with the least flexible") {
    CHECK(learn::candidates({.kind = Kind::ridge}).front().alpha == 1000.0);
    CHECK(learn::candidates({.kind = Kind::logistic}).front().c == 0.001);
    const auto kernels = learn::candidates({.kind = Kind::svr});
    CHECK(kernels.front().c == 0.1);
    CHECK(kernels.front().gamma == 0.1);
    CHECK(kernels.back().c == 100.0);
    CHECK(kernels.back().gamma == 10.0);
    const auto trees = learn::candidates({.kind = Kind::xgboost});
    CHECK(trees.front().trees.max_depth == 2);
    CHECK(trees.front().trees.eta == 0.1);
    CHECK(trees.back().trees.max_depth == 6);
}

TEST_CASE("a learner suits numbers, classes or both") {
    for (const Kind kind : {Kind::ridge, Kind::svr}) {
        CHECK(learn::suits(kind, Task::regression));
        CHECK_FALSE(learn::suits(kind, Task::classification));
    }
    for (const Kind kind : {Kind::logistic, Kind::svm}) {
        CHECK_FALSE(learn::suits(kind, Task::regression));
        CHECK(learn::suits(kind, Task::classification));
    }
    CHECK(learn::suits(Kind::xgboost, Task::regression));
    CHECK(learn::suits(Kind::xgboost, Task::classification));
}

TEST_CASE("a hyperparameter out of range is refused with its name and value") {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    constexpr double infinity = std::numeric_limits<double>::infinity();
    struct Case {
        LearnerSpec spec;
        std::string message;
    };
    const auto trees = [](auto&& change) {
        LearnerSpec spec{.kind = Kind::xgboost};
        change(spec.trees);
        return spec;
    };
    const std::vector<Case> cases{
        {{.kind = Kind::ridge, .alpha = -1}, "ridge: alpha is -1 and must be at least 0"},
        {{.kind = Kind::ridge, .alpha = nan}, "ridge: alpha is n/a and must be at least 0"},
        {{.kind = Kind::logistic, .c = 0}, "logistic: C is 0 and must be above 0"},
        {{.kind = Kind::logistic, .c = infinity}, "logistic: C is inf and must be above 0"},
        {{.kind = Kind::svr, .epsilon = -0.5}, "svr: epsilon is -0.5 and must be at least 0"},
        {{.kind = Kind::svm, .gamma = 0}, "svm: gamma is 0 and must be above 0"},
        {trees([](auto& t) { t.rounds = 0; }), "xgboost: rounds is 0 and must be from 1 to 1000000"},
        {trees([](auto& t) { t.max_depth = 31; }), "xgboost: max_depth is 31 and must be from 1 to 30"},
        {trees([](auto& t) { t.eta = 1.5; }), "xgboost: eta is 1.5 and must be above 0 and at most 1"},
        {trees([](auto& t) { t.lambda = -1; }), "xgboost: lambda is -1 and must be at least 0"},
        {trees([](auto& t) { t.min_child_weight = -1; }), "xgboost: min_child_weight is -1 and must be at least 0"},
        {trees([](auto& t) { t.subsample = 0; }), "xgboost: subsample is 0 and must be above 0 and at most 1"},
        {trees([](auto& t) { t.colsample_bytree = 2; }), "xgboost: colsample_bytree is 2 and must be above 0 and at most 1"},
    };
    for (const Case& one : cases) {
        try {
            learn::check(one.spec);
            FAIL("not refused: " << one.message);
        } catch (const base::Error& error) {
            CHECK(error.what() == one.message);
            CHECK(error.code() == base::ExitCode::usage);
        }
    }
}

TEST_CASE("hyperparameters that a learner does not have are not looked at") {
    CHECK_NOTHROW(learn::check({.kind = Kind::ridge, .c = -1, .epsilon = -1, .gamma = -1}));
    CHECK_NOTHROW(learn::check({.kind = Kind::svm, .kernel = Kernel::linear, .alpha = -1, .gamma = -1}));
}
