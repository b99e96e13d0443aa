// Sentences of figures that stand in the report already.
#include "report_verdict.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "report_remarks.hpp"
#include "tare/base/text.hpp"
#include "tare/report/shown.hpp"
#include "tare/report/summary.hpp"

namespace tare::commands {
namespace {

using base::Index;
using report::Report;
using report::shown;
using report::shown_p;
using report::shown_share;

constexpr std::size_t terms_in_sentence = 3, names_in_remark = 5;

std::string count_of(const report::TestSummary& summary) {
    return std::to_string(summary.found) + " of " + base::counted(static_cast<std::size_t>(summary.tested), "feature");
}

/// "p = 0.012", "p < 1e-300".
std::string p_text(double p) {
    const std::string text = shown_p(p);
    return text.starts_with("<") ? "p " + text : "p = " + text;
}

/// One of the tests over all features, before and after.
std::array<report::TestSummary, 2> found_by(const Report& report, report::Test report::SiteEffect::* test) {
    for (const report::SummaryRow& row : report::test_summary(report)) {
        if (row.kind.test == test) return row.sides;
    }
    return {};
}

/// What is to be said of an after that is no better than before; nothing where it is.
std::string no_better(const Report& report, const report::TestSummary& before, const report::TestSummary& after) {
    if (before.found == 0 && after.found == 0) return " No difference was found before either.";
    if (after.found > before.found) return " That is worse than before.";
    const double share_before = report::median_site_share(report.before),
                 share_after = report::median_site_share(report.after);
    if (after.found == before.found)
        return share_after < share_before ? " As many features differ as before." : " That is no better than before.";
    return share_after > share_before ? " Fewer features differ, but of the median one the site explains more." : "";
}

std::string after_sentence(const Report& report, const std::array<report::TestSummary, 2>& means) {
    if (report.sites.size() < 2)
        return "There is one site only, " + report.sites.front().name + ", so that no difference between sites can be seen.";
    if (means[0].tested == 0 && means[1].tested == 0)
        return "Whether the means of features differ between sites cannot be told: the covariates tell all that the sites "
               "do, or "
               "no feature varies.";
    return "After harmonising, the means of " + count_of(means[1]) + " differ between sites" +
           (report.terms.empty() ? "" : " beyond the covariates") + " (" + std::to_string(means[0].found) + " of " +
           std::to_string(means[0].tested) + " before, q < 0.05); the site explains " +
           shown_share(report::median_site_share(report.after)) + " of the variance of the median feature (" +
           shown_share(report::median_site_share(report.before)) + " before; sites without any effect explain " +
           shown_share(report::chance_share(report)) + ")." + no_better(report, means[0], means[1]);
}

std::string worst_sentence(const Report& report) {
    if (report.sites.size() < 2) return "After harmonising there is still one site, whose values should be what they were.";
    const auto share_of = [&report](Index f) { return report.before.shares[static_cast<std::size_t>(f)].site; };
    Index most = report.ranking.front();
    for (const Index f : report.ranking) {
        if (share_of(f) > share_of(most) || (std::isfinite(share_of(f)) && !std::isfinite(share_of(most)))) most = f;
    }
    const auto worst = static_cast<std::size_t>(most);
    const double before = report.before.shares[worst].site, after = report.after.shares[worst].site;
    if (!std::isfinite(before)) return "Of no feature can be told how much of its variance the site explains.";
    return "Of " + report.features[worst] + (report.features.size() > 1 ? ", the worst before," : "") +
           " the site explained " + shown_share(before) + " of the variance" +
           (std::isfinite(after) ? ", and explains " + shown_share(after) + " after."
                                 : "; what it explains after cannot be told.");
}

/// How many people and features the test of all features together took, the same in both tables.
std::string taking_part(const Report& report) {
    const auto part = [](const report::State& state) {
        return base::counted(static_cast<std::size_t>(state.multivariate_features), "feature") + " of " +
               std::to_string(state.multivariate_people) + " people";
    };
    const std::string before = part(report.before), after = part(report.after);
    return before == after ? ", by " + before : ", by " + before + " before and " + after + " after";
}

std::string spread_sentence(const Report& report) {
    if (report.sites.size() < 2) return "The same holds for spreads and for all features together.";
    const auto spreads = found_by(report, &report::SiteEffect::brown_forsythe);
    std::string out = "Spreads differ between sites in " + count_of(spreads[0]) + " before and in " + count_of(spreads[1]) +
                      " after (Brown–Forsythe)";
    const report::Test &raw = report.before.multivariate, &harmonised = report.after.multivariate;
    if (std::isfinite(raw.p) && std::isfinite(harmonised.p))
        out += "; in all features together the sites' effect is " + shown(raw.effect) + " before (" +
               report.before.multivariate_name + ", " + p_text(raw.p) + ") and " + shown(harmonised.effect) + " after (" +
               p_text(harmonised.p) + ")" + taking_part(report);
    for (const report::Histograms& voxels : report.histograms)
        out += "; two sites' histograms of voxels share " + shown_share(voxels.before.overlap) + " before and " +
               shown_share(voxels.after.overlap) + " after, on average";
    return out + ".";
}

std::string biology_sentence(const Report& report) {
    if (report.terms.empty())
        return "No covariate was named, so that nothing can be said about whether the biology is still there.";
    std::vector<std::string> parts;
    for (std::size_t term = 0; term < report.terms.size() && parts.size() < terms_in_sentence; ++term) {
        const auto& [before, after, difference] = report.mean_slopes[term];
        if (!std::isfinite(before.estimate)) continue;
        std::string part =
            report.terms[term] + " " + shown(before.estimate) + " before and " + shown(after.estimate) + " after";
        if (std::isfinite(difference.low))
            part += " (difference " + shown(difference.estimate) + ", 95 % interval " +
                    report::shown_range(difference.low, difference.high) + ")";
        parts.push_back(std::move(part));
    }
    if (parts.empty())
        return "The covariates' effects cannot be told from the sites', so that nothing can be said about them.";
    std::string out = "Mean slopes over features, in SD: ";
    for (std::size_t i = 0; i < parts.size(); ++i) out += (i > 0 ? "; " : "") + parts[i];
    return out + ".";
}

std::string trust_sentence(const Report& report) {
    Index least = report.sites.front().n, most = least;
    for (const report::Site& site : report.sites) {
        least = std::min(least, site.n);
        most = std::max(most, site.n);
    }
    std::string out = "This rests on " + std::to_string(report.people) +
                      (report.people == 1 ? " person at " : " people at ") + base::counted(report.sites.size(), "site");
    if (report.sites.size() > 1) out += " of " + std::to_string(least) + (least < most ? " to " + std::to_string(most) : "");
    const Index flagged = report::flagged_sites(report);
    out += flagged == 0 ? ", none of them small" : ", " + std::to_string(flagged) + " of them with fewer than ten";
    return out + "; " + shown_share(report::missing_share(report)) + " of the cells before and " +
           shown_share(report::missing_share(report, &report::Site::missing_share_after)) + " of those after are missing.";
}

/// "a, b and 3 more": names where there are any.
std::string some(const std::vector<std::string>& names) {
    return base::joined(names, names_in_remark);
}

void remark_on_features(const Report& report, std::vector<std::string>& out) {
    if (!report.model.empty() && !report.model.front().unchanged.empty())
        out.push_back("Features that the model passes through as they are: " + some(report.model.front().unchanged) + ".");
}

void remark_on_curves(const Report& report, std::vector<std::string>& out) {
    if (!report.curved.empty())
        out.push_back("Taken along curves: " + some(report.curved) +
                      ". Tests and shares of variance are beyond the curves; their slopes are those of straight lines.");
    std::vector<std::string> straightened;
    for (const report::ModelFacts& model : report.model) {
        for (const std::string& name : model.curved) {
            const auto is_it = [&](const std::string& known) { return known == name; };
            const bool here = std::any_of(report.terms.begin(), report.terms.end(), is_it);
            if (here && std::none_of(report.curved.begin(), report.curved.end(), is_it)) straightened.push_back(name);
        }
    }
    if (!straightened.empty())
        out.push_back("Taken along straight lines here, along curves by the model: " + some(straightened) +
                      ". What lies between line and curve counts as a site effect where sites differ in it; --smooth takes "
                      "curves here too.");
}

void remark_on_images(const Report& report, std::vector<std::string>& out) {
    if (!report.of_images) return;
    out.emplace_back(
        "There are images only: the features are figures of each image, the mean, the SD and percentiles of its voxels. "
        "Nothing is tested voxel by voxel, and where in the image sites differ, only maps can show.");
    if (report.montages.empty())
        out.emplace_back(
            "Without --images, the folder of the model, maps of the site effects that were estimated are not shown.");
}

}  // namespace

std::vector<std::string> verdict_of(const Report& report) {
    const auto means = found_by(report, &report::SiteEffect::anova);
    return {after_sentence(report, means), worst_sentence(report), spread_sentence(report), biology_sentence(report),
            trust_sentence(report)};
}

std::vector<std::string> remarks_of(const Report& report) {
    std::vector<std::string> out;
    if (report.sites.size() > 1)
        out.emplace_back(
            "Values that were harmonised by a model of the same people look better than those of new people "
            "would: tare-efficacy and tare-cv tell how the sites fare in people whom no model has seen.");
    std::vector<std::string> small;
    for (const report::Site& site : report.sites) {
        if (site.flagged) small.push_back(site.name + " (" + std::to_string(site.n) + ")");
    }
    if (!small.empty()) out.push_back("Sites of fewer than ten people, whose effects are uncertain: " + some(small) + ".");
    if (report.terms.empty())
        out.emplace_back(
            "Without --covariates, differences between the people of the sites, such as in age, count as site "
            "effects.");
    std::vector<std::string> confounded;
    for (std::size_t term = 0; term < report.terms.size(); ++term) {
        if (!std::isfinite(report.mean_slopes[term][0].estimate)) confounded.push_back(report.terms[term]);
    }
    if (!confounded.empty())
        out.push_back("Left out, as they cannot be told from sites or other covariates: " + some(confounded) + ".");
    const bool gaps = std::any_of(report.sites.begin(), report.sites.end(), [](const report::Site& site) {
        return site.missing_share > 0.0 || site.missing_share_after > 0.0;
    });
    if (gaps)
        out.emplace_back(
            "Each feature is tested on the people who have it. The test of all features together is of those that "
            "nine of ten people have in both tables, and of the people without gaps in them; where these are few, and in "
            "the "
            "principal components, a gap counts as its feature's mean.");
    remark_on_comparison(report, out);
    remark_on_curves(report, out);
    remark_on_features(report, out);
    remark_on_images(report, out);
    if (report.model.empty() && !report.of_images)
        out.emplace_back(
            "Without --model, the site effects that were estimated, their priors and their uncertainty are not "
            "shown.");
    return out;
}

}  // namespace tare::commands
