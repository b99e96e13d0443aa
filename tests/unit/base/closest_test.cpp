// "Did you mean": which candidate is offered, which is not, and what it costs on a long list.
#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tare/base/rng.hpp"
#include "tare/base/text.hpp"

using tare::base::closest;
using tare::base::did_you_mean;

using Names = std::vector<std::string>;

namespace {

/// The restricted Damerau-Levenshtein distance by its full table.
std::size_t full_distance(const std::string& a, const std::string& b) {
    std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) {
        for (std::size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                d[i][j] = i + j;
                continue;
            }
            d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
            }
        }
    }
    return d[a.size()][b.size()];
}

}  // namespace

TEST_CASE("closest prefers a name that is equal but for case", "[base][closest]") {
    CHECK(closest("site", Names{"sites", "Site", "SITE"}) == "Site");
    CHECK(closest("SCANNER", Names{"scanne", "scanner"}) == "scanner");
    CHECK(closest("a", Names{"b", "A"}) == "A");
}

TEST_CASE("closest forgives a few typing errors", "[base][closest]") {
    CHECK(closest("sitee", Names{"age", "site"}) == "site");
    CHECK(closest("sit", Names{"age", "site"}) == "site");
    CHECK(closest("siet", Names{"age", "site"}) == "site");
    CHECK(closest("SIET", Names{"age", "Site"}) == "Site");
    CHECK(closest("site_id", Names{"participant_id", "siteid"}) == "siteid");
    CHECK(closest("hippocampus_volme", Names{"hippocampus_area", "hippocampus_volume"}) == "hippocampus_volume");
    CHECK(closest("diagnossi", Names{"age", "diagnosis"}) == "diagnosis");
    CHECK(closest("Z\xC3\xBCrich", Names{"Bern", "Zurich"}) == "Zurich");
    CHECK(closest("x\xC3\xBC", Names{"x\xC3\xA4"}) == "x\xC3\xA4");
}

TEST_CASE("closest offers nothing that is another name", "[base][closest]") {
    CHECK_FALSE(closest("age", Names{}));
    CHECK_FALSE(closest("age", Names{"sex", "site", "diagnosis"}));
    CHECK_FALSE(closest("x", Names{"y"}));
    CHECK_FALSE(closest("ab", Names{"cd"}));
    CHECK_FALSE(closest("", Names{"a"}));
    CHECK_FALSE(closest("site", Names{"scanner_site"}));
    CHECK_FALSE(closest("left_hippocampus_volume_first_visit", Names{"left_hippocampus_area_second_visit"}));
}

TEST_CASE("more than five errors make another name, however long it is", "[base][closest]") {
    CHECK(closest("XXXXX_hippocampus_volume_first_visit", Names{"right_hippocampus_volume_first_visit"}));
    CHECK_FALSE(closest("XXXXX_hippocampus_volume_first_visiX", Names{"right_hippocampus_volume_first_visit"}));
}

TEST_CASE("the nearest candidate wins, and the first of equals", "[base][closest]") {
    CHECK(closest("thicknes", Names{"thicken", "thickness", "thickne"}) == "thickness");
    CHECK(closest("volum", Names{"volumX", "volume"}) == "volumX");
    CHECK(closest("feature", Names{"featXXe", "featXre", "featurX"}) == "featXre");
}

TEST_CASE("closest finds the smallest distance that the full table gives", "[base][closest]") {
    tare::base::Rng rng(5);
    int found = 0;
    int wrong = 0;
    for (int trial = 0; trial < 3000; ++trial) {
        const auto word = [&rng] {
            std::string text(6 + rng.below(7), ' ');
            std::generate(text.begin(), text.end(), [&rng] { return "abc"[rng.below(3)]; });
            return text;
        };
        const std::string name = word();
        const Names candidates{word(), word(), word(), word()};
        const std::size_t limit = std::max<std::size_t>(1, name.size() / 3);
        const auto nearest = std::min_element(candidates.begin(), candidates.end(), [&](const auto& a, const auto& b) {
            return full_distance(name, a) < full_distance(name, b);
        });
        const auto offered = closest(name, candidates);
        const bool expected = full_distance(name, *nearest) <= limit;
        found += expected ? 1 : 0;
        wrong += offered.has_value() == expected && (!expected || *offered == *nearest) ? 0 : 1;
    }
    CHECK(wrong == 0);
    CHECK(found > 300);
    CHECK(found < 2700);
}

TEST_CASE("closest works through a hundred thousand features", "[base][closest]") {
    Names candidates;
    for (int i = 0; i < 100000; ++i) {
        candidates.push_back("ctx_lh_G_and_S_region_" + std::to_string(i) + "_thickness");
    }
    CHECK(closest("ctx_lh_G_and_S_regoin_54321_thicknes", candidates) == "ctx_lh_G_and_S_region_54321_thickness");
}

TEST_CASE("did_you_mean is a sentence or nothing", "[base][closest]") {
    CHECK(did_you_mean("site", Names{"age", "Site"}) == "did you mean 'Site'?");
    CHECK(did_you_mean("site", Names{"age"}).empty());
}
