// How a report writes numbers.
#include "tare/report/shown.hpp"

#include <cmath>
#include <limits>

#include <catch2/catch.hpp>

using namespace tare::report;

TEST_CASE("a shown number has three significant digits") {
    CHECK(shown(0.03124) == "0.0312");
    CHECK(shown(12.34) == "12.3");
    CHECK(shown(-0.5) == "-0.500");
    CHECK(shown(9.996) == "10.0");
    CHECK(shown(99.97) == "100");
    CHECK(shown(999.6) == "1000");
    CHECK(shown(12345.6) == "12346");
    CHECK(shown(1.2e-8) == "1.20e-8");
    CHECK(shown(4.5e-123) == "4.50e-123");
}

TEST_CASE("a shown whole number has no decimals") {
    CHECK(shown(0.0) == "0");
    CHECK(shown(-0.0) == "0");
    CHECK(shown(17.0) == "17");
    CHECK(shown(-3.0) == "-3");
    CHECK(shown(2000.0) == "2000");
}

TEST_CASE("what is not a number is shown as missing") {
    CHECK(shown(std::nan("")) == "n/a");
    CHECK(shown(std::numeric_limits<double>::infinity()) == "n/a");
    CHECK(shown_share(std::nan("")) == "n/a");
    CHECK(shown_p(std::nan("")) == "n/a");
}

TEST_CASE("a shown share is per cent with one decimal, a shown p never plain zero") {
    CHECK(shown_share(0.1254) == "12.5 %");
    CHECK(shown_share(-0.0001) == "0.0 %");
    CHECK(shown_share(1.0) == "100.0 %");
    CHECK(shown_p(0.0) == "< 1e-300");
    CHECK(shown_p(0.04) == "0.0400");
    CHECK(shown_range(-0.1, 0.25) == "-0.100 to 0.250");
}
