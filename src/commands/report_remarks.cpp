// Each remark looks at figures that stand in the report, so that every one of them can be read in the JSON too.
#include "report_remarks.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tare/base/text.hpp"
#include "tare/report/shown.hpp"
#include "tare/report/summary.hpp"

namespace tare::commands {
namespace {

using base::Index;
using report::Report;
using report::shown;
using report::shown_share;

constexpr std::size_t names_in_remark = 5;
/// Values that were shifted and scaled correlate with what they were; below this they were changed otherwise.
constexpr double least_correlation = 0.9;
/// Harmonising narrows or widens a feature by less than this.
constexpr double same_scale = 2.0;

std::string some(const std::vector<std::string>& names) {
    return base::joined(names, names_in_remark);
}

void remark_on_values(const Report& report, std::vector<std::string>& out) {
    const report::Comparison& comparison = report.comparison;
    if (comparison.same_values) out.emplace_back("Both tables hold the same values: nothing was harmonised.");
    std::size_t changed = 0, tested = 0, worst = 0;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t f = 0; f < comparison.correlation.size(); ++f) {
        const double r = comparison.correlation[f];
        if (!std::isfinite(r)) continue;
        ++tested;
        changed += r < least_correlation ? 1 : 0;
        if (r < least) {
            least = r;
            worst = f;
        }
    }
    if (changed > 0)
        out.push_back("Values were not only shifted and scaled: in " + std::to_string(changed) + " of " +
                      base::counted(tested, "feature") + " those before and after correlate by less than " +
                      shown(least_correlation) + " within sites, beyond the covariates, the least in " +
                      report.features[worst] + " (" + shown(least) + ").");
    std::vector<double> ratios;
    for (const double ratio : comparison.spread_ratio) {
        if (std::isfinite(ratio)) ratios.push_back(ratio);
    }
    if (ratios.empty()) return;
    const auto middle = ratios.begin() + static_cast<std::ptrdiff_t>(ratios.size() / 2);
    std::nth_element(ratios.begin(), middle, ratios.end());
    if (*middle > same_scale || *middle < 1.0 / same_scale)
        out.push_back("The scale changed: within sites, the median feature's SD after is " + shown(*middle) +
                      " times that before. Slopes and boxes of the two tables are in different units.");
}

void remark_on_slopes(const Report& report, std::vector<std::string>& out) {
    std::vector<std::string> parts;
    bool any = false;
    for (std::size_t term = 0; term < report.terms.size(); ++term) {
        const report::SlopeChanges changes = report::slope_changes(report, term);
        if (changes.tested == 0) continue;
        any = any || changes.changed > 0;
        parts.push_back(report.terms[term] + " in " + std::to_string(changes.changed) + " of " +
                        base::counted(static_cast<std::size_t>(changes.tested), "feature"));
    }
    if (any)
        out.push_back("Slopes of single features that changed, in ways that may cancel in the mean over features: " +
                      some(parts) + " (the 95 % interval of the difference excludes 0).");
}

void remark_on_cells(const Report& report, std::vector<std::string>& out) {
    const double before = report::missing_share(report),
                 after = report::missing_share(report, &report::Site::missing_share_after);
    if (after != before)
        out.push_back("Missing are " + shown_share(before) + " of the cells before and " + shown_share(after) +
                      " of those after: the tests of features before and after are of different people.");
    const std::vector<std::string> raw = report::constant_features(report, report.before),
                                   harmonised = report::constant_features(report, report.after);
    const bool same = raw == harmonised;
    const std::string words = ", of which nothing can be told: ";
    if (!raw.empty())
        out.push_back(std::string("Features that do not vary") + (same ? "" : " before") + words + some(raw) + ".");
    if (!harmonised.empty() && !same)
        out.push_back("Features that do not vary after harmonising" + words + some(harmonised) + ".");
}

void remark_on_voxels(const Report& report, std::vector<std::string>& out) {
    for (const report::Histograms& voxels : report.histograms) {
        const std::vector<Index>&before = voxels.before.voxels, &after = voxels.after.voxels;
        const auto change = [&](std::size_t i) { return std::abs(before[i] - after[i]); };
        std::size_t differ = 0, worst = 0;
        for (std::size_t i = 0; i < voxels.ids.size(); ++i) {
            differ += change(i) > 0 ? 1U : 0U;
            worst = change(i) > change(worst) ? i : worst;
        }
        if (differ == 0) continue;
        out.push_back("Without --mask, voxels count that are finite and not 0; the images of " + std::to_string(differ) +
                      " of " + std::to_string(voxels.ids.size()) + " people have not as many before as after, those of " +
                      voxels.ids[worst] + " " + std::to_string(before[worst]) + " and " + std::to_string(after[worst]) +
                      ". Compared are those that count in both; give --mask, or --images, to say which they are to be.");
    }
}

std::vector<std::string> unknown(const std::vector<std::string>& names, const std::vector<std::string>& known) {
    std::vector<std::string> out;
    for (const std::string& name : names) {
        if (std::find(known.begin(), known.end(), name) == known.end()) out.push_back(name);
    }
    return out;
}

void remark_on_model(const Report& report, std::vector<std::string>& out) {
    if (report.model.empty()) return;
    const report::ModelFacts& model = report.model.front();
    std::vector<std::string> sites;
    for (const report::Site& site : report.sites) sites.push_back(site.name);
    const std::vector<std::string> new_sites = unknown(sites, model.sites),
                                   features = unknown(report.features, model.features);
    if (!new_sites.empty())
        out.push_back((new_sites.size() == sites.size() ? "The model knows none of the sites, and may be another's: "
                                                        : "Sites that the model does not know: ") +
                      some(new_sites) + ". Its site effects are those of " + some(model.sites) + ".");
    if (!features.empty()) out.push_back("Features that the model does not have: " + some(features) + ".");
}

}  // namespace

void remark_on_comparison(const Report& report, std::vector<std::string>& out) {
    remark_on_values(report, out);
    remark_on_slopes(report, out);
    remark_on_cells(report, out);
    if (!report.comparison.like_covariates.empty())
        out.push_back(
            "Taken as features although they are named as covariates are: " + some(report.comparison.like_covariates) +
            ". --covariates makes them covariates, --exclude leaves them out.");
    remark_on_voxels(report, out);
    remark_on_model(report, out);
}

}  // namespace tare::commands
