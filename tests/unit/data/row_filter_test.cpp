// The condition of --train-where.
#include "tare/data/row_filter.hpp"

#include <map>

#include <catch2/catch.hpp>

#include "tare/base/error.hpp"

using tare::data::RowFilter;

namespace {

bool matches(const std::string& condition, const std::map<std::string, std::string>& row) {
    return RowFilter::parse(condition).matches(
        [&](const std::string& column) -> std::string_view { return row.at(column); });
}

}  // namespace

TEST_CASE("comparisons are numeric between numbers, else by text") {
    CHECK(matches("dx==CN", {{"dx", "CN"}}));
    CHECK_FALSE(matches("dx==CN", {{"dx", "cn"}}));
    CHECK(matches("dx == 1", {{"dx", "1.0"}}));
    CHECK(matches("dx!=AD", {{"dx", "CN"}}));
    CHECK(matches("age<60", {{"age", "59.5"}}));
    CHECK_FALSE(matches("age<60", {{"age", "60"}}));
    CHECK(matches("age>=60", {{"age", " 60 "}}));
    CHECK_FALSE(matches("age<60", {{"age", "young"}}));
    CHECK(matches("dx=='a b'", {{"dx", "a b"}}));
    CHECK(matches("dx==\"x && y\"", {{"dx", "x && y"}}));
}

TEST_CASE("a missing cell satisfies nothing") {
    for (const std::string condition : {"dx==CN", "dx!=CN", "dx<3"}) {
        CHECK_FALSE(matches(condition, {{"dx", ""}}));
        CHECK_FALSE(matches(condition, {{"dx", "n/a"}}));
    }
}

TEST_CASE("and binds tighter than or") {
    const std::string condition = "dx==CN && age<40 || site==s1";
    CHECK(matches(condition, {{"dx", "CN"}, {"age", "30"}, {"site", "s2"}}));
    CHECK(matches(condition, {{"dx", "AD"}, {"age", "70"}, {"site", "s1"}}));
    CHECK_FALSE(matches(condition, {{"dx", "AD"}, {"age", "30"}, {"site", "s2"}}));
    CHECK(RowFilter::parse(condition).columns() == std::vector<std::string>{"dx", "age", "site"});
}

TEST_CASE("what is no condition is refused with its text") {
    for (const std::string condition : {"", "dx", "dx=CN", "==CN", "dx==", "dx==CN &&", "a==b==c", "age<old"}) {
        INFO(condition);
        CHECK_THROWS_AS(RowFilter::parse(condition), tare::base::Error);
    }
}
