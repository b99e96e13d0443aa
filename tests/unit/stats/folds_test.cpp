// Folds of a cross-validation: sizes, strata, groups, seeds, and what cannot be cut.
#include "tare/stats/folds.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include <catch2/catch.hpp>

#include "tare/base/error.hpp"
#include "tare/base/rng.hpp"
#include "tare/base/shuffle.hpp"

using namespace tare;
using base::Index;
using Names = std::vector<std::string>;

namespace {

/// Rows per fold, of those for which `counts` holds.
template <typename Counts>
std::vector<Index> sizes(const std::vector<Index>& fold, Index folds, const Counts& counts) {
    std::vector<Index> out(static_cast<std::size_t>(folds), 0);
    for (std::size_t i = 0; i < fold.size(); ++i) {
        if (counts(i)) ++out.at(static_cast<std::size_t>(fold[i]));
    }
    return out;
}

std::vector<Index> sizes(const std::vector<Index>& fold, Index folds) {
    return sizes(fold, folds, [](std::size_t) { return true; });
}

Index spread(const std::vector<Index>& sizes) {
    const auto [least, most] = std::minmax_element(sizes.begin(), sizes.end());
    return *most - *least;
}

/// The largest difference between folds, over the strata.
Index spread_of_strata(const std::vector<Index>& fold, Index folds, const Names& strata) {
    Index out = 0;
    for (const std::string& name : std::set(strata.begin(), strata.end())) {
        out = std::max(out, spread(sizes(fold, folds, [&](std::size_t i) { return strata[i] == name; })));
    }
    return out;
}

/// Names with very different frequencies.
Names drawn_names(Index rows, Index kinds, base::Rng& rng) {
    Names out;
    for (Index i = 0; i < rows; ++i) {
        const double u = rng.uniform();
        out.push_back("s" + std::to_string(static_cast<Index>(u * u * static_cast<double>(kinds))));
    }
    return out;
}

bool groups_are_whole(const std::vector<Index>& fold, const Names& groups) {
    std::map<std::string, Index> of_group;
    for (std::size_t i = 0; i < fold.size(); ++i) {
        if (of_group.emplace(groups[i], fold[i]).first->second != fold[i]) return false;
    }
    return true;
}

template <typename Call>
base::ExitCode code_of(const Call& call) {
    try {
        static_cast<void>(call());
    } catch (const base::Error& error) {
        return error.code();
    }
    return base::ExitCode::ok;
}

}  // namespace

TEST_CASE("folds of rows are equal to one row and drawn anew in every repeat") {
    const auto folds = stats::make_folds({.folds = 5, .repeats = 3, .seed = 4}, 23, {}, {});
    REQUIRE(folds.size() == 3);
    for (const auto& fold : folds) {
        REQUIRE(fold.size() == 23);
        std::vector<Index> count = sizes(fold, 5);
        std::sort(count.begin(), count.end());
        CHECK(count == std::vector<Index>{4, 4, 5, 5, 5});
    }
    CHECK(folds[0] != folds[1]);
    CHECK(folds[1] != folds[2]);
    CHECK(stats::make_folds({.folds = 5, .repeats = 2, .seed = 4}, 23, {}, {}) ==
          std::vector(folds.begin(), folds.end() - 1));
    CHECK(stats::make_folds({.folds = 5, .repeats = 3, .seed = 5}, 23, {}, {}) != folds);
}

TEST_CASE("every row is as likely in every fold") {
    // 3000 repeats of 6 rows in 3 folds: 1000 ± 26 expected each; five SDs are allowed.
    const auto folds = stats::make_folds({.folds = 3, .repeats = 3000, .seed = 1}, 6, {}, {});
    std::vector<std::vector<Index>> count(6, std::vector<Index>(3, 0));
    Index together = 0;
    for (const auto& fold : folds) {
        for (std::size_t i = 0; i < 6; ++i) ++count[i][static_cast<std::size_t>(fold[i])];
        together += fold[0] == fold[1] ? 1 : 0;
    }
    for (const auto& row : count) {
        for (const Index n : row) CHECK(std::abs(n - 1000) < 130);
    }
    // Of the five other rows one is in the fold of the first.
    CHECK(std::abs(together - 600) < 110);
}

TEST_CASE("stratified folds are equal to one row in every stratum and overall") {
    base::Rng rng(11);
    for (int trial = 0; trial < 60; ++trial) {
        const auto folds = static_cast<Index>(2 + rng.below(9)), rows = folds + static_cast<Index>(rng.below(300));
        const Names strata = drawn_names(rows, static_cast<Index>(1 + rng.below(40)), rng);
        const auto made = stats::make_folds({.folds = folds, .repeats = 2, .seed = rng.bits()}, rows, strata, {});
        for (const auto& fold : made) {
            CHECK(spread(sizes(fold, folds)) <= 1);
            CHECK(spread_of_strata(fold, folds, strata) <= 1);
        }
    }
}

TEST_CASE("the names of strata order them, not their first rows") {
    // Both tables hold the same two strata; the second begins with the other one.
    const Names strata{"a", "a", "a", "b", "b", "b", "b"}, swapped{"b", "b", "b", "b", "a", "a", "a"};
    const auto one = stats::make_folds({.folds = 3, .seed = 9}, 7, strata, {})[0];
    const auto other = stats::make_folds({.folds = 3, .seed = 9}, 7, swapped, {})[0];
    CHECK(std::vector(one.begin(), one.begin() + 3) == std::vector(other.begin() + 4, other.end()));
    CHECK(std::vector(one.begin() + 3, one.end()) == std::vector(other.begin(), other.begin() + 4));
}

TEST_CASE("groups stay whole, whatever the order of rows") {
    base::Rng rng(12);
    for (int trial = 0; trial < 60; ++trial) {
        const auto rows = static_cast<Index>(60 + rng.below(200));
        Names groups = drawn_names(rows, 25, rng), strata = drawn_names(rows, 4, rng);
        const auto distinct = static_cast<Index>(std::set(groups.begin(), groups.end()).size());
        const Index folds = std::min<Index>(distinct, static_cast<Index>(2 + rng.below(6)));
        const std::uint64_t seed = rng.bits();
        const auto fold = stats::make_folds({.folds = folds, .seed = seed}, rows, {}, groups)[0];
        const auto stratified = stats::make_folds({.folds = folds, .seed = seed}, rows, strata, groups)[0];
        CHECK(groups_are_whole(fold, groups));
        CHECK(groups_are_whole(stratified, groups));
        const std::vector<Index> count = sizes(fold, folds), stratified_count = sizes(stratified, folds);
        CHECK(*std::min_element(count.begin(), count.end()) > 0);
        CHECK(*std::min_element(stratified_count.begin(), stratified_count.end()) > 0);

        // The greedy placement leaves no more between two folds than the largest group.
        Index largest = 0;
        for (const auto& name : groups) largest = std::max<Index>(largest, std::count(groups.begin(), groups.end(), name));
        CHECK(spread(count) <= largest);

        std::vector<std::size_t> order(groups.size());
        for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
        base::shuffle(std::span(order), rng);
        Names moved_groups, moved_strata;
        for (const std::size_t i : order) {
            moved_groups.push_back(groups[i]);
            moved_strata.push_back(strata[i]);
        }
        const auto moved = stats::make_folds({.folds = folds, .seed = seed}, rows, moved_strata, moved_groups)[0];
        for (std::size_t i = 0; i < order.size(); ++i) CHECK(moved[i] == stratified[order[i]]);
    }
}

TEST_CASE("the largest groups are placed first") {
    // 5, 4, 3, 3, 3 in two folds: 5 + 4 apart, then 3 to the smaller fold each time: 5+3 and 4+3+3.
    Names groups;
    for (const auto& [name, size] : {std::pair{"v", 5}, {"w", 4}, {"x", 3}, {"y", 3}, {"z", 3}}) {
        groups.insert(groups.end(), static_cast<std::size_t>(size), name);
    }
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        std::vector<Index> count = sizes(stats::make_folds({.folds = 2, .seed = seed}, 18, {}, groups)[0], 2);
        std::sort(count.begin(), count.end());
        CHECK(count == std::vector<Index>{8, 10});
    }
}

TEST_CASE("groups of equal size are drawn anew with every seed") {
    Names groups;
    for (int g = 0; g < 12; ++g) groups.insert(groups.end(), 2, "g" + std::to_string(g));
    std::set<std::vector<Index>> seen;
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
        const auto fold = stats::make_folds({.folds = 4, .seed = seed}, 24, {}, groups)[0];
        CHECK(sizes(fold, 4) == std::vector<Index>(4, 6));
        seen.insert(fold);
    }
    CHECK(seen.size() == 5);
}

TEST_CASE("whole groups are balanced over strata") {
    // 40 people of two visits, a quarter of them patients: every fold of 5 can have 2 patients and 6 controls.
    Names people, strata;
    for (int i = 0; i < 40; ++i) {
        people.insert(people.end(), 2, "p" + std::to_string(i));
        strata.insert(strata.end(), 2, i % 4 == 0 ? "patient" : "control");
    }
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
        const auto fold = stats::make_folds({.folds = 5, .seed = seed}, 80, strata, people)[0];
        CHECK(sizes(fold, 5, [&](std::size_t i) { return strata[i] == "patient"; }) == std::vector<Index>(5, 4));
        CHECK(sizes(fold, 5) == std::vector<Index>(5, 16));
    }
    // The strata lie within the groups: three visits of 30 people with one of three scanners each time.
    base::Rng rng(5);
    Names visits, scanners;
    for (int i = 0; i < 90; ++i) {
        visits.push_back("p" + std::to_string(i / 3));
        scanners.push_back("scanner " + std::to_string(rng.below(3)));
    }
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
        const auto fold = stats::make_folds({.folds = 5, .seed = seed}, 90, scanners, visits)[0];
        CHECK(spread_of_strata(fold, 5, scanners) <= 4);
    }
}

TEST_CASE("a rare stratum does not outweigh the number of rows") {
    // Groups of 10, 8 and 7 rows; the latter two have one row each of the stratum "rare" and else their own strata. In the
    // fold of the 8 the 7 cost 7·8/25 + 1/2 = 2.74, beside the 10 they cost 7·10/25 = 2.8.
    Names groups, strata;
    for (const auto& [name, size] : {std::pair{"x", 10}, {"y", 8}, {"z", 7}}) {
        groups.insert(groups.end(), static_cast<std::size_t>(size), name);
        strata.insert(strata.end(), static_cast<std::size_t>(size), name);
    }
    strata[10] = strata[18] = "rare";
    const auto fold = stats::make_folds({.folds = 2, .seed = 1}, 25, strata, groups)[0];
    CHECK(fold[10] == fold[18]);
    CHECK(fold[0] != fold[10]);
}

TEST_CASE("groups of one row make no difference") {
    Names strata, groups;
    for (int i = 0; i < 31; ++i) {
        strata.push_back(i % 3 == 0 ? "a" : "b");
        groups.push_back("p" + std::to_string(i));
    }
    CHECK(stats::make_folds({.seed = 3}, 31, strata, groups) == stats::make_folds({.seed = 3}, 31, strata, {}));
}

TEST_CASE("fewer rows or groups than folds are refused") {
    using base::ExitCode;
    CHECK(code_of([] { return stats::make_folds({.folds = 5}, 4, {}, {}); }) == ExitCode::data);
    CHECK(code_of([] { return stats::make_folds({.folds = 4}, 4, {}, {}); }) == ExitCode::ok);
    CHECK(code_of([] { return stats::make_folds({.folds = 3}, 6, {}, Names{"a", "a", "a", "b", "b", "b"}); }) ==
          ExitCode::data);
    CHECK(code_of([] { return stats::make_folds({.folds = 2}, 6, {}, Names{"a", "a", "a", "b", "b", "b"}); }) ==
          ExitCode::ok);
    // A stratum may be smaller.
    CHECK(code_of([] { return stats::make_folds({.folds = 3}, 3, Names{"a", "b", "c"}, {}); }) == ExitCode::ok);
    CHECK(code_of([] { return stats::make_folds({.folds = 1}, 4, {}, {}); }) == ExitCode::usage);
    CHECK(code_of([] { return stats::make_folds({.folds = 2, .repeats = 0}, 4, {}, {}); }) == ExitCode::usage);
    CHECK_THROWS_AS(stats::make_folds({.folds = 2}, 4, Names{"a"}, {}), std::logic_error);
    CHECK_THROWS_WITH(stats::make_folds({.folds = 5}, 1, {}, {}), "1 row cannot be cut into 5 folds");
}

TEST_CASE("one group is left out at a time, in the order of their names") {
    CHECK(stats::folds_by_group(Names{"york", "Bonn", "york", "bern"}) == std::vector<Index>{2, 0, 2, 1});
    CHECK(code_of([] { return stats::folds_by_group(Names{"a", "a"}); }) == base::ExitCode::data);
    CHECK(code_of([] { return stats::folds_by_group({}); }) == base::ExitCode::data);
}

TEST_CASE("numbers are cut at their quantiles") {
    const double gap = std::numeric_limits<double>::quiet_NaN();
    CHECK(stats::quantile_strata(std::vector{5.0, 1.0, gap, 3.0, 2.0, 4.0, 6.0}, 3) ==
          Names{"3", "1", "n/a", "2", "1", "2", "3"});
    // Equal numbers share the bin of their middle rank: ranks 0, 1–4 and 5 of 6.
    CHECK(stats::quantile_strata(std::vector{7.0, 7.0, 1.0, 7.0, 9.0, 7.0}, 2) == Names{"1", "1", "1", "1", "2", "1"});
    CHECK(stats::quantile_strata(std::vector{2.0, 2.0}, 4) == Names{"2", "2"});
    CHECK(stats::quantile_strata({}, 4).empty());
    CHECK(stats::quantile_strata(std::vector{gap}, 4) == Names{"n/a"});
    CHECK(code_of([] { return stats::quantile_strata({}, 0); }) == base::ExitCode::usage);

    base::Rng rng(3);
    std::vector<double> values(101);
    for (double& value : values) value = rng.normal();
    std::map<std::string, Index> count;
    for (const auto& name : stats::quantile_strata(values, 10)) ++count[name];
    CHECK(count.size() == 10);
    for (const auto& [name, n] : count) CHECK((n == 10 || n == 11));
}
