// What would let a test row's target into its prediction is found, and nothing else.
#include "tare/learn/guard.hpp"

#include <numeric>

#include <catch2/catch.hpp>

using tare::base::Index;
using tare::data::Covariate;
using tare::learn::gives_away;
using tare::learn::Targets;
using tare::learn::Task;

namespace {

std::vector<Index> rows(std::size_t count) {
    std::vector<Index> out(count);
    std::iota(out.begin(), out.end(), Index{0});
    return out;
}

}  // namespace

TEST_CASE("a number that orders or separates the target gives it away") {
    const Targets ages{Task::regression, {20, 30, 40, 50, 60}, {}, 0};
    CHECK(gives_away({"rank", false, {1, 2, 3, 4, 5}, {}}, ages, rows(5)));
    CHECK(gives_away({"minus", false, {-20, -30, -40, -50, -60}, {}}, ages, rows(5)));
    CHECK_FALSE(gives_away({"noise", false, {1, 3, 2, 4, 5}, {}}, ages, rows(5)));
    CHECK_FALSE(gives_away({"tied", false, {1, 1, 2, 3, 4}, {}}, ages, rows(5)));

    const Targets groups{Task::classification, {}, {0, 0, 1, 1, 1}, 2};
    CHECK(gives_away({"score", false, {1, 2, 7, 8, 9}, {}}, groups, rows(5)));
    CHECK_FALSE(gives_away({"score", false, {1, 7, 2, 8, 9}, {}}, groups, rows(5)));
}

TEST_CASE("a category whose levels have one target each gives it away, unless every row is a level") {
    const Targets groups{Task::classification, {}, {0, 0, 1, 1}, 2};
    CHECK(gives_away({"arm", true, {}, {"x", "y", "z", "z"}}, groups, rows(4)));
    CHECK_FALSE(gives_away({"arm", true, {}, {"x", "y", "y", "z"}}, groups, rows(4)));
    CHECK_FALSE(gives_away({"name", true, {}, {"a", "b", "c", "d"}}, groups, rows(4)));
}

TEST_CASE("groups in several folds are named, and no others") {
    const std::vector<std::string> people{"p", "q", "p", "r", "q"};
    const std::vector<Index> folds{0, 1, 1, 0, 1};
    CHECK(tare::learn::torn_groups(people, folds) == std::vector<std::string>{"p"});
}

TEST_CASE("a site is unseen in the folds that have all its rows that may teach") {
    const std::vector<std::string> sites{"A", "A", "B", "B", "C"};
    const std::vector<Index> folds{0, 1, 0, 0, 1};
    const auto all = tare::learn::unseen_sites(sites, folds, {true, true, true, true, true});
    REQUIRE(all.size() == 2);
    CHECK((all[0].fold == 0 && all[0].site == "B"));
    CHECK((all[1].fold == 1 && all[1].site == "C"));
    const auto fewer = tare::learn::unseen_sites(sites, folds, {true, false, true, true, true});
    REQUIRE(fewer.size() == 3);
    CHECK((fewer[0].fold == 0 && fewer[0].site == "A"));
}
