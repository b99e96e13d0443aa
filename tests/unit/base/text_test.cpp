// Trimming, lists, counts and the check for UTF-8.
#include "tare/base/text.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

using tare::base::counted;
using tare::base::is_utf8;
using tare::base::joined;
using tare::base::split_list;
using tare::base::trimmed;

using Names = std::vector<std::string>;

TEST_CASE("trimmed takes blanks from both ends only", "[base][text]") {
    CHECK(trimmed("").empty());
    CHECK(trimmed(" \t\r\n ").empty());
    CHECK(trimmed("a") == "a");
    CHECK(trimmed(" \ta b\tc\r\n") == "a b\tc");
}

TEST_CASE("split_list cuts at commas and keeps empty items visible", "[base][text]") {
    CHECK(split_list("").empty());
    CHECK(split_list("  ").empty());
    CHECK(split_list("age") == Names{"age"});
    CHECK(split_list("age, sex ,diagnosis") == Names{"age", "sex", "diagnosis"});
    CHECK(split_list("a,,b") == Names{"a", "", "b"});
    CHECK(split_list("a,") == Names{"a", ""});
    CHECK(split_list(",") == Names{"", ""});
    CHECK(split_list("left hippocampus,x") == Names{"left hippocampus", "x"});
}

TEST_CASE("joined lists the first items and counts the rest", "[base][text]") {
    CHECK(joined(Names{}).empty());
    CHECK(joined(Names{"a"}) == "a");
    CHECK(joined(Names{"a", "b", "c"}) == "a, b, c");
    CHECK(joined(Names{"a", "b", "c"}, 3) == "a, b, c");
    CHECK(joined(Names{"a", "b", "c"}, 2) == "a, b and 1 more");
    CHECK(joined(Names(15, "x")) == "x, x, x, x, x, x, x, x and 7 more");
    CHECK(joined(Names{"a", "b"}, 0) == "2 more");
}

TEST_CASE("counted forms the plural", "[base][text]") {
    CHECK(counted(1, "site") == "1 site");
    CHECK(counted(0, "site") == "0 sites");
    CHECK(counted(3, "site") == "3 sites");
    CHECK(counted(1, "category") == "1 category");
    CHECK(counted(2, "category") == "2 categories");
    CHECK(counted(2, "day") == "2 days");
    CHECK(counted(2, "class") == "2 classes");
    CHECK(counted(2, "batch") == "2 batches");
    CHECK(counted(12345, "voxel") == "12345 voxels");
}

TEST_CASE("is_utf8 accepts well-formed text", "[base][text]") {
    CHECK(is_utf8(""));
    CHECK(is_utf8("plain text, longer than eight bytes\r\n\t"));
    CHECK(is_utf8("Z\xC3\xBCrich \xE2\x82\xAC \xF0\x9F\xA7\xA0"));
    CHECK(is_utf8("\xC2\x80"));
    CHECK(is_utf8("\xE0\xA0\x80"));
    CHECK(is_utf8("\xED\x9F\xBF"));
    CHECK(is_utf8("\xEE\x80\x80"));
    CHECK(is_utf8("\xF0\x90\x80\x80"));
    CHECK(is_utf8("\xF4\x8F\xBF\xBF"));
    CHECK(is_utf8("\x7F\x01"));
}

TEST_CASE("is_utf8 looks no further than the end of the text", "[base][text]") {
    const std::string_view euro = "\xE2\x82\xAC";
    CHECK(is_utf8(euro));
    CHECK_FALSE(is_utf8(euro.substr(0, 2)));
    CHECK_FALSE(is_utf8(euro.substr(0, 1)));
}

TEST_CASE("is_utf8 refuses malformed bytes wherever they stand", "[base][text]") {
    const Names malformed{
        std::string(1, '\0'),  // NUL
        "\x80",                // a continuation without a lead
        "\xC0\x80",            // overlong forms
        "\xC1\xBF",
        "\xE0\x9F\xBF",
        "\xF0\x8F\xBF\xBF",
        "\xED\xA0\x80",  // a surrogate
        "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80",
        "\xFF",
        "\xC3",  // cut short
        "\xE2\x82",
        "\xF0\x9F\xA7",
        "\xE2\x28\xA1",
        "M\xFCnchen",  // Latin-1
    };
    for (const auto& bytes : malformed) {
        for (std::size_t before = 0; before <= 17; ++before) {
            for (const std::size_t after : {0U, 1U, 8U, 9U}) {
                std::string text = std::string(before, 'a') + bytes + std::string(after, 'b');
                CAPTURE(before, after, bytes);
                CHECK_FALSE(is_utf8(text));
            }
        }
    }
}
