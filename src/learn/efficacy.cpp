// From balanced accuracies to tests, and from tests to a verdict.
#include "tare/learn/efficacy.hpp"

#include <cmath>
#include <limits>

namespace tare::learn {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

RecognitionTest test_of(const RecognitionRecord& record, bool harmonised, std::optional<Index> enough) {
    const std::vector<double> permuted = permuted_values(record, harmonised);
    RecognitionTest out{stats::interval_of(observed_values(record, harmonised)), stats::interval_of(permuted).mean,
                        std::ssize(permuted), nan};
    if (permuted.empty()) return out;
    if (!enough) {
        out.p = stats::permutation_p(out.observed.mean, permuted);
        return out;
    }
    stats::SequentialPermutations test(out.observed.mean, std::ssize(record.permuted), *enough);
    for (const double one : permuted) test.add(one);
    out.p = test.p();
    return out;
}

}  // namespace

SiteEffect verdict_of(double p_raw, double p_harmonised, double p_less) noexcept {
    if (std::isnan(p_raw) || std::isnan(p_harmonised)) return SiteEffect::untested;
    if (p_harmonised >= level) return p_raw >= level ? SiteEffect::none_found : SiteEffect::removed;
    return p_less < level ? SiteEffect::reduced : SiteEffect::not_reduced;
}

std::string_view name_of(SiteEffect verdict) noexcept {
    switch (verdict) {
        case SiteEffect::untested:
            return "untested";
        case SiteEffect::none_found:
            return "none found";
        case SiteEffect::removed:
            return "removed";
        case SiteEffect::reduced:
            return "reduced";
        case SiteEffect::not_reduced:
            return "not reduced";
    }
    return "";
}

std::string_view meaning_of(SiteEffect verdict) noexcept {
    switch (verdict) {
        case SiteEffect::untested:
            return "without permutations there is no verdict";
        case SiteEffect::none_found:
            return "the site is recognised neither from the raw nor from the harmonised features";
        case SiteEffect::removed:
            return "the site is recognised from the raw features and no longer from the harmonised ones";
        case SiteEffect::reduced:
            return "the site is still recognised from the harmonised features, less well than from the raw ones";
        case SiteEffect::not_reduced:
            return "the site is recognised from the harmonised features, no less well than from the raw ones";
    }
    return "";
}

Efficacy efficacy_of(const RecognitionRecord& record, std::optional<Index> enough) {
    Efficacy out{
        test_of(record, false, enough), test_of(record, true, enough),
        stats::signed_rank_test(observed_values(record, true), observed_values(record, false), stats::Alternative::less)};
    out.verdict = verdict_of(out.raw.p, out.harmonised.p, out.less.p);
    return out;
}

}  // namespace tare::learn
