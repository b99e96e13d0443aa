// Numbers to text and back: what is a number, what is a missing cell, and that no digit is lost.
#include "tare/base/number_text.hpp"

#include <bit>
#include <cmath>
#include <limits>
#include <string>

#include <catch2/catch.hpp>

#include "tare/base/rng.hpp"

using tare::base::append_number;
using tare::base::is_missing;
using tare::base::number_text;
using tare::base::parse_integer;
using tare::base::parse_number;

namespace {

const std::string zeros(400, '0');

}  // namespace

TEST_CASE("missing cells have a few spellings and no others", "[base][number_text]") {
    for (const char* text :
         {"", " ", "\t", "n/a", "N/A", "N/a", "NA", "na", "Na", "NaN", "nan", "NAN", " n/a ", "\tNA\r\n"}) {
        CAPTURE(text);
        CHECK(is_missing(text));
        CHECK_FALSE(parse_number(text));
    }
    for (const char* text : {"0", "n", "a", "n/", "n/b", "nab", "nana", "N A", "none", "null", "-", ".", "-nan", "nan(1)"}) {
        CAPTURE(text);
        CHECK_FALSE(is_missing(text));
    }
    CHECK(is_missing(tare::base::missing_text));
}

TEST_CASE("parse_number reads decimal texts", "[base][number_text]") {
    CHECK(parse_number("1.5") == 1.5);
    CHECK(parse_number("+2") == 2.0);
    CHECK(parse_number("-2") == -2.0);
    CHECK(parse_number("1e-3") == 1e-3);
    CHECK(parse_number("1E+3") == 1e3);
    CHECK(parse_number(" \t42 \t") == 42.0);
    CHECK(parse_number(".5") == 0.5);
    CHECK(parse_number("-.5") == -0.5);
    CHECK(parse_number("5.") == 5.0);
    CHECK(parse_number("007") == 7.0);
    CHECK(parse_number("0.1") == 0.1);
    CHECK(parse_number("123456789012345678901234567890") == 123456789012345678901234567890.0);
    REQUIRE(parse_number("-0"));
    CHECK(std::signbit(*parse_number("-0")));
}

TEST_CASE("parse_number refuses what is no finite decimal number", "[base][number_text]") {
    for (const char* text : {"+",
                             "-",
                             ".",
                             "+-1",
                             "-+1",
                             "++1",
                             "--1",
                             "1,5",
                             "1 5",
                             "1e",
                             "1e+",
                             "e5",
                             "inf",
                             "-inf",
                             "+inf",
                             "Inf",
                             "infinity",
                             "-nan",
                             "0x10",
                             "0x1p3",
                             "1p3",
                             "1_000",
                             "1'000",
                             "12abc",
                             "abc12",
                             "1.2.3",
                             "+ 1",
                             "- 1",
                             "1f",
                             "1d5",
                             "\xC2\xA0"
                             "1",
                             "\xE2\x88\x92"
                             "1"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_number(text));
    }
    CHECK_FALSE(parse_number(std::string_view("1\0", 2)));
}

TEST_CASE("with_decimal_point understands one decimal comma and nothing else", "[base][number_text]") {
    CHECK(tare::base::with_decimal_point("3,14") == "3.14");
    CHECK(tare::base::with_decimal_point(" -1,5e3 ") == "-1.5e3");
    for (const char* text : {"", "3.14", "3", ",", "1,2,3", "1,234.5", "a,b", "n/a"}) {
        INFO(text);
        CHECK_FALSE(tare::base::with_decimal_point(text));
    }
}

TEST_CASE("a number too large for a double is none, one too small is zero", "[base][number_text]") {
    for (const std::string& text : {std::string("1e400"), std::string("-1e400"), std::string("1.7976931348623159e308"),
                                    "1" + zeros, "1" + zeros + ".5", "0." + zeros + "1e1000",
                                    std::string("1e99999999999999999999"), std::string("12e99999999999999999999")}) {
        CAPTURE(text);
        CHECK_FALSE(parse_number(text));
    }
    for (const std::string& text : {std::string("1e-400"), std::string("2e-324"), "0." + zeros + "1", "." + zeros + "1",
                                    "1" + zeros + "e-1000", std::string("1e-99999999999999999999"), std::string("0e400"),
                                    std::string("0.0e99999999999999999999"), "0." + zeros + "e5", "0" + zeros + "e+5"}) {
        CAPTURE(text);
        CHECK(parse_number(text) == 0.0);
    }
    REQUIRE(parse_number("-1e-400"));
    CHECK(std::signbit(*parse_number("-1e-400")));
    CHECK(parse_number("1.7976931348623157e308") == std::numeric_limits<double>::max());
    CHECK(parse_number("4.9e-324") == std::numeric_limits<double>::denorm_min());
    CHECK(parse_number("0." + zeros + "1e401") == 1.0);
    CHECK(parse_number("1" + zeros + "e-400") == 1.0);
}

TEST_CASE("parse_integer reads whole numbers only", "[base][number_text]") {
    CHECK(parse_integer("0") == 0);
    CHECK(parse_integer("-17") == -17);
    CHECK(parse_integer(" 12 ") == 12);
    CHECK(parse_integer("9223372036854775807") == std::numeric_limits<long long>::max());
    CHECK(parse_integer("-9223372036854775808") == std::numeric_limits<long long>::min());
    for (const char* text : {"", " ", "+5", "1.0", "1e3", "0x10", "12a", "- 1", "9223372036854775808", "n/a"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_integer(text));
    }
}

TEST_CASE("numbers are written in the shortest text", "[base][number_text]") {
    CHECK(number_text(0.1) == "0.1");
    CHECK(number_text(0.1 + 0.2) == "0.30000000000000004");
    CHECK(number_text(3.0) == "3");
    CHECK(number_text(-2.5) == "-2.5");
    CHECK(number_text(-0.0) == "-0");
    CHECK(number_text(1e300) == "1e+300");
    CHECK(number_text(1.0 / 3.0) == "0.3333333333333333");
    CHECK(number_text(-std::numeric_limits<double>::max()) == "-1.7976931348623157e+308");
    CHECK(number_text(std::numeric_limits<double>::denorm_min()) == "5e-324");
    CHECK(number_text(std::numeric_limits<double>::quiet_NaN()) == "n/a");
    CHECK(number_text(-std::numeric_limits<double>::quiet_NaN()) == "n/a");
    std::string line = "a";
    append_number(line, 1.25);
    append_number(line, std::numeric_limits<double>::quiet_NaN());
    CHECK(line == "a1.25n/a");
}

TEST_CASE("every finite double survives the way through text", "[base][number_text]") {
    tare::base::Rng rng(20240607);
    int wrong = 0;
    for (int i = 0; i < 200000; ++i) {
        const auto value = std::bit_cast<double>(rng.bits());
        if (!std::isfinite(value)) {
            continue;
        }
        const auto back = parse_number(number_text(value));
        if (!back || std::bit_cast<std::uint64_t>(*back) != std::bit_cast<std::uint64_t>(value)) {
            ++wrong;
        }
    }
    CHECK(wrong == 0);
}
