// Scores are those of the rows of all folds together, and differences are paired by repeat.
#include "tare/learn/scoreboard.hpp"

#include <catch2/catch.hpp>

using tare::base::Index;
using tare::learn::Condition;
using tare::learn::FoldResult;
using tare::learn::Predictions;
using tare::learn::ScoreLine;
using tare::learn::Targets;
using tare::learn::Task;

namespace {

FoldResult fold(std::vector<Index> test, std::vector<std::pair<Condition, std::vector<double>>> predicted) {
    FoldResult out;
    out.test = std::move(test);
    for (auto& [condition, values] : predicted) {
        Predictions predictions;
        predictions.values = std::move(values);
        out.learnt.push_back({condition, {}, std::move(predictions)});
    }
    return out;
}

const ScoreLine& line(const std::vector<ScoreLine>& lines, Condition condition, const std::string& site) {
    for (const ScoreLine& one : lines) {
        if (one.condition == condition && one.site == site && one.metric == "mae") return one;
    }
    throw std::logic_error("no such line");
}

}  // namespace

TEST_CASE("errors are averaged over the rows of all folds, by repeat, and by site") {
    const Targets targets{Task::regression, {10, 20, 30, 40}, {}, 0};
    const std::vector<std::string> sites{"A", "A", "B", "B"};
    tare::learn::Scoreboard scores(targets, sites);
    for (const double off : {1.0, 3.0}) {
        std::vector<FoldResult> folds;
        folds.push_back(fold({0, 2}, {{Condition::raw, {12, 34}}, {Condition::in_fold, {10 + off, 30}}}));
        folds.push_back(fold({1, 3}, {{Condition::raw, {20, 40}}, {Condition::in_fold, {20, 40 - off}}}));
        scores.add(folds);
    }
    const std::vector<ScoreLine> lines = scores.lines();
    CHECK(line(lines, Condition::raw, "").value.mean == Approx(1.5));
    CHECK(line(lines, Condition::in_fold, "").value.mean == Approx(1.0));
    CHECK(line(lines, Condition::in_fold, "B").value.mean == Approx(1.0));
    CHECK(line(lines, Condition::raw, "A").value.mean == Approx(1.0));
    const ScoreLine& raw = line(lines, Condition::raw, "");
    REQUIRE(raw.difference);
    CHECK(raw.difference->mean == Approx(0.5));
    CHECK(raw.above == 1);
    CHECK(raw.below == 0);
    CHECK_FALSE(line(lines, Condition::in_fold, "").difference);
}
