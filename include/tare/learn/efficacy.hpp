// Whether harmonising has removed what gives a site away (Marzi et al. 2024): the tests of recognising sites by raw and by
// harmonised values, and the verdict that follows from both.
#pragma once

#include <optional>
#include <string_view>

#include "tare/learn/recognition_course.hpp"
#include "tare/stats/metrics.hpp"
#include "tare/stats/paired_tests.hpp"

namespace tare::learn {

/// How well sites are recognised, and how rarely permuted labels are recognised as well.
struct RecognitionTest {
    stats::Interval observed;  ///< over repeats
    double chance = 0.0;       ///< mean over permutations; NaN of none
    Index permutations = 0;
    double p = 0.0;  ///< NaN without permutations
};

enum class SiteEffect { untested, none_found, removed, reduced, not_reduced };

struct Efficacy {
    RecognitionTest raw, harmonised;
    stats::SignedRank less;  ///< of harmonised being below raw, over repeats
    SiteEffect verdict = SiteEffect::untested;
};

/// The level of every test.
inline constexpr double level = 0.05;
/// So many it takes for a p below the level: of permutations 1/(1 + N), of differences between repeats 2⁻ᴺ.
inline constexpr Index least_permutations = 20, least_repeats = 5;

/// At the level: not recognised by harmonised values — then removed, or none found where raw ones do not give the site away
/// either; recognised by them — then reduced, where they do less well than raw ones (`p_less`), else not reduced. Untested
/// where a permutation p is NaN.
[[nodiscard]] SiteEffect verdict_of(double p_raw, double p_harmonised, double p_less) noexcept;

/// "not reduced".
[[nodiscard]] std::string_view name_of(SiteEffect verdict) noexcept;
/// The verdict as a sentence without its full stop.
[[nodiscard]] std::string_view meaning_of(SiteEffect verdict) noexcept;

/// What a whole record says. `enough`: of the permutations that ended early, how many had to reach the observed mean.
[[nodiscard]] Efficacy efficacy_of(const RecognitionRecord& record, std::optional<Index> enough);

}  // namespace tare::learn
