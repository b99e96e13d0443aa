// Sentences of figures that stand in the report already.
#include "report_verdict.hpp"

#include <algorithm>
#include <array>
#include <cmath>

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

std::string before_sentence(const Report& report, const report::TestSummary& means) {
    if (report.sites.size() < 2)
        return "There is one site only, " + report.sites.front().name + ", so that no difference between sites can be seen.";
    std::string out = "Before harmonising, the means of " + count_of(means) + " differ between sites" +
                      (report.terms.empty() ? "" : " beyond the covariates") + " (q < 0.05); the site explains " +
                      shown_share(report::median_site_share(report.before)) + " of the variance of the median feature";
    const auto worst = static_cast<std::size_t>(report.ranking.front());
    const double most = report.before.shares[worst].site;
    if (report.features.size() > 1 && std::isfinite(most))
        out += ", " + shown_share(most) + " of " + report.features[worst] + ", the worst";
    return out + ".";
}

std::string after_sentence(const Report& report, const report::TestSummary& means) {
    if (report.sites.size() < 2) return "After harmonising there is still one site, whose values should be what they were.";
    return "After harmonising, they differ in " + count_of(means) + "; the site explains " +
           shown_share(report::median_site_share(report.after)) + " of the variance of the median feature.";
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
               p_text(harmonised.p) + ")";
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
    return out + "; " + shown_share(report::missing_share(report)) + " of the cells before are missing.";
}

/// "a, b and 3 more": names where there are any.
std::string some(const std::vector<std::string>& names) {
    return base::joined(names, names_in_remark);
}

void remark_on_features(const Report& report, std::vector<std::string>& out) {
    std::vector<std::string> constant;
    for (std::size_t f = 0; f < report.features.size(); ++f) {
        if (!std::isfinite(report.before.shares[f].rest)) constant.push_back(report.features[f]);
    }
    if (!constant.empty()) out.push_back("Features that do not vary, of which nothing can be told: " + some(constant) + ".");
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
    return {before_sentence(report, means[0]), after_sentence(report, means[1]), spread_sentence(report),
            biology_sentence(report), trust_sentence(report)};
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
    const bool gaps = std::any_of(report.sites.begin(), report.sites.end(),
                                  [](const report::Site& site) { return site.missing_share > 0.0; });
    if (gaps)
        out.emplace_back(
            "Each feature is tested on the people who have it. The test of all features together is of those that "
            "nine of ten people have, and of the people without gaps in them; where these are few, and in the "
            "principal components, a gap counts as its feature's mean.");
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
