// Columns and lines of tare-efficacy's results.
#include "efficacy_tables.hpp"

#include <array>
#include <limits>

#include "tare/base/number_text.hpp"

namespace tare::commands {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

using OfFeatures = std::vector<double> stats::FeatureEffects::*;

struct Quantity {
    const char* name;     ///< as a column of features
    const char* overall;  ///< its median, as a line of the summary
    OfFeatures values;
};
constexpr std::array quantities{Quantity{"covariate_r2", "median_covariate_r2", &stats::FeatureEffects::covariate_r2},
                                Quantity{"site_share", "median_site_share", &stats::FeatureEffects::site_share},
                                Quantity{"spread", "median_spread_between_sites", &stats::FeatureEffects::spread}};

double median(const std::vector<double>& values) {
    std::vector<double> known;
    for (const double value : values) {
        if (!std::isnan(value)) known.push_back(value);
    }
    return stats::quantile_of(known, 0.5);
}

}  // namespace

TextTable summary_table(const learn::Efficacy& efficacy, const EffectsOfBoth& effects) {
    TextTable table({"quantity", "raw", "harmonised"});
    const auto add = [&](const std::string& quantity, double raw, double harmonised) {
        table.add({quantity, cell(raw), cell(harmonised)});
    };
    const learn::RecognitionTest &raw = efficacy.raw, &harmonised = efficacy.harmonised;
    add("balanced_accuracy", raw.observed.mean, harmonised.observed.mean);
    add("balanced_accuracy_sd", raw.observed.sd, harmonised.observed.sd);
    add("balanced_accuracy_low", raw.observed.low, harmonised.observed.low);
    add("balanced_accuracy_high", raw.observed.high, harmonised.observed.high);
    add("chance", raw.chance, harmonised.chance);
    add("permutations", static_cast<double>(raw.permutations), static_cast<double>(harmonised.permutations));
    add("p_permutation", raw.p, harmonised.p);
    add("p_wilcoxon_less_than_raw", nan, efficacy.less.p);
    const std::vector<double> kept = stats::slopes_kept(effects.raw, effects.harmonised);
    for (std::size_t j = 0; j < kept.size(); ++j) add("slope_kept_" + effects.raw.terms[j], 1.0, kept[j]);
    for (const Quantity& one : quantities)
        add(one.overall, median(effects.raw.*one.values), median(effects.harmonised.*one.values));
    table.add({"verdict", std::string(base::missing_text), std::string(learn::name_of(efficacy.verdict))});
    return table;
}

TextTable repeats_table(const learn::RecognitionRecord& record) {
    TextTable table({"repeat", "raw", "harmonised"});
    const std::vector<double> raw = learn::observed_values(record, false), harmonised = learn::observed_values(record, true);
    for (std::size_t r = 0; r < raw.size(); ++r) table.add({std::to_string(r + 1), cell(raw[r]), cell(harmonised[r])});
    return table;
}

TextTable effects_table(const data::Features& features, const EffectsOfBoth& effects) {
    std::vector<std::string> header{"feature"};
    const auto name_both = [&](const std::string& name) {
        header.push_back(name + "_raw");
        header.push_back(name + "_harmonised");
    };
    for (const std::string& term : effects.raw.terms) name_both("slope_" + term);
    for (const Quantity& one : quantities) name_both(one.name);
    TextTable table(header);
    for (data::Index f = 0; f < features.count(); ++f) {
        std::vector<std::string> cells{features.name(f)};
        const auto add_both = [&](double raw, double harmonised) {
            cells.push_back(cell(raw));
            cells.push_back(cell(harmonised));
        };
        for (data::Index j = 0; j < effects.raw.slopes.rows(); ++j)
            add_both(effects.raw.slopes(j, f), effects.harmonised.slopes(j, f));
        const auto i = static_cast<std::size_t>(f);
        for (const Quantity& one : quantities) add_both((effects.raw.*one.values)[i], (effects.harmonised.*one.values)[i]);
        table.add(cells);
    }
    return table;
}

}  // namespace tare::commands
