// Choosing features by name and glob.
#include "tare/data/feature_selection.hpp"

#include <catch2/catch.hpp>

#include "tare/base/error.hpp"

using tare::data::choose_features;

namespace {

const std::vector<std::string> header{"id", "site", "age", "lh_a&b", "rh_a&b", "x[1]", ""};
const std::vector<std::string> reserved{"id", "site", "age"};

}  // namespace

TEST_CASE("by default every named column without a role, by glob what matches, by name what is named") {
    CHECK(choose_features(header, {{}, {}, reserved}) == std::vector<bool>{false, false, false, true, true, true, false});
    CHECK(choose_features(header, {{"*_a&b"}, {}, reserved}) ==
          std::vector<bool>{false, false, false, true, true, false, false});
    CHECK(choose_features(header, {{"x[1]"}, {}, reserved}) ==
          std::vector<bool>{false, false, false, false, false, true, false});
    CHECK(choose_features(header, {{"*"}, {"rh*"}, reserved}) ==
          std::vector<bool>{false, false, false, true, false, true, false});
}

TEST_CASE("what matches nothing, has another role or leaves nothing is refused") {
    CHECK_THROWS_WITH(choose_features(header, {{"lh_ab"}, {}, reserved}), "--features: no column matches 'lh_ab'");
    CHECK_THROWS_WITH(choose_features(header, {{}, {"nose"}, reserved}), "--exclude: no column matches 'nose'");
    CHECK_THROWS_WITH(choose_features(header, {{"age"}, {}, reserved}), Catch::Contains("'age' already is"));
    CHECK_THROWS_WITH(choose_features(header, {{"x*"}, {"x*"}, reserved}), Catch::Contains("no feature column is left"));
}

TEST_CASE("names that hardly are measurements are recognised as whole words in any case") {
    CHECK(tare::data::unlikely_features({"Age", "average_thickness", "sex", "lh_age", "SCANNER"}) ==
          std::vector<std::string>{"Age", "sex", "SCANNER"});
}
