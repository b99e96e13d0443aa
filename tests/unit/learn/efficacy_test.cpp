// Verdicts about site effects, and what a record of repeats and permutations says.
#include "tare/learn/efficacy.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <catch2/catch.hpp>

using namespace tare;
using base::Index;
using learn::Recognised;
using learn::RecognitionRecord;
using learn::SiteEffect;
using learn::verdict_of;

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// Repeats and permutations of (raw, harmonised).
RecognitionRecord record_of(const std::vector<Recognised>& observed, const std::vector<Recognised>& permuted) {
    RecognitionRecord record(std::ssize(observed), std::ssize(permuted));
    for (std::size_t i = 0; i < observed.size(); ++i) record.observed[i] = observed[i];
    for (std::size_t i = 0; i < permuted.size(); ++i) record.permuted[i] = permuted[i];
    return record;
}

}  // namespace

TEST_CASE("a verdict follows from three p") {
    CHECK(verdict_of(0.2, 0.2, 0.9) == SiteEffect::none_found);
    CHECK(verdict_of(0.2, 0.2, 0.001) == SiteEffect::none_found);
    CHECK(verdict_of(0.001, 0.2, 0.001) == SiteEffect::removed);
    CHECK(verdict_of(0.001, 0.2, 0.9) == SiteEffect::removed);
    CHECK(verdict_of(0.001, 0.001, 0.001) == SiteEffect::reduced);
    CHECK(verdict_of(0.001, 0.001, 0.9) == SiteEffect::not_reduced);
    // Brought in by harmonising: that is no success, whatever the raw values said.
    CHECK(verdict_of(0.2, 0.001, 0.9) == SiteEffect::not_reduced);
}

TEST_CASE("a p at the level is not below it") {
    CHECK(verdict_of(0.05, 0.05, 0.05) == SiteEffect::none_found);
    CHECK(verdict_of(0.0499, 0.05, 0.05) == SiteEffect::removed);
    CHECK(verdict_of(0.0499, 0.0499, 0.05) == SiteEffect::not_reduced);
    CHECK(verdict_of(0.0499, 0.0499, 0.0499) == SiteEffect::reduced);
}

TEST_CASE("without a p there is no verdict") {
    CHECK(verdict_of(none, 0.2, 0.2) == SiteEffect::untested);
    CHECK(verdict_of(0.2, none, 0.2) == SiteEffect::untested);
}

TEST_CASE("verdicts have names and meanings of their own") {
    std::vector<std::string_view> names, meanings;
    for (const SiteEffect one :
         {SiteEffect::untested, SiteEffect::none_found, SiteEffect::removed, SiteEffect::reduced, SiteEffect::not_reduced}) {
        names.push_back(learn::name_of(one));
        meanings.push_back(learn::meaning_of(one));
    }
    CHECK(names == std::vector<std::string_view>{"untested", "none found", "removed", "reduced", "not reduced"});
    std::sort(meanings.begin(), meanings.end());
    CHECK(std::adjacent_find(meanings.begin(), meanings.end()) == meanings.end());
}

TEST_CASE("as many permutations and repeats as it takes for a p below the level") {
    CHECK(1.0 / (1.0 + static_cast<double>(learn::least_permutations)) < learn::level);
    CHECK(1.0 / static_cast<double>(learn::least_permutations) >= learn::level);
    CHECK(std::exp2(-static_cast<double>(learn::least_repeats)) < learn::level);
    CHECK(std::exp2(1.0 - static_cast<double>(learn::least_repeats)) >= learn::level);
}

TEST_CASE("tests of a record count the permutations that reach the mean over repeats") {
    std::vector<Recognised> observed, permuted;
    for (int r = 0; r < 6; ++r) observed.push_back({0.9 + 0.001 * r, 0.5 + 0.002 * r});
    for (int i = 0; i < 39; ++i) permuted.push_back({0.3, i < 20 ? 0.6 : 0.4});
    const learn::Efficacy found = learn::efficacy_of(record_of(observed, permuted), std::nullopt);
    CHECK(found.raw.observed.mean == Approx(0.9025));
    CHECK(found.raw.chance == Approx(0.3));
    CHECK(found.raw.permutations == 39);
    CHECK(found.raw.p == Approx(1.0 / 40.0));
    CHECK(found.harmonised.p == Approx(21.0 / 40.0));
    CHECK(found.less.p == Approx(1.0 / 64.0));
    CHECK(found.verdict == SiteEffect::removed);
}

TEST_CASE("permutations that ended early give the p of the sequence") {
    // Harmonised: the first two of four reach 0.5, the end; raw: none of forty.
    std::vector<Recognised> observed(6, Recognised{0.9, 0.5}), permuted(40, Recognised{0.3, none});
    permuted[0].harmonised = 0.4;
    permuted[1].harmonised = 0.5;
    permuted[2].harmonised = 0.4;
    permuted[3].harmonised = 0.6;
    const learn::Efficacy found = learn::efficacy_of(record_of(observed, permuted), 2);
    CHECK(found.harmonised.permutations == 4);
    CHECK(found.harmonised.p == Approx(2.0 / 4.0));
    CHECK(found.raw.permutations == 40);
    CHECK(found.raw.p == Approx(1.0 / 41.0));
    CHECK(found.verdict == SiteEffect::removed);
}

TEST_CASE("a record without permutations is untested") {
    const learn::Efficacy found = learn::efficacy_of(record_of({{0.9, 0.5}, {0.8, 0.4}}, {}), std::nullopt);
    CHECK(found.verdict == SiteEffect::untested);
    CHECK(std::isnan(found.raw.p));
    CHECK(std::isnan(found.raw.chance));
    CHECK(found.raw.observed.mean == Approx(0.85));
}
