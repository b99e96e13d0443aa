// tare-efficacy: can the site still be recognised after harmonising, and is what must be kept still there?
#include <algorithm>
#include <cmath>

#include "cv_guard.hpp"
#include "design_choice.hpp"
#include "efficacy_run.hpp"
#include "fitting.hpp"
#include "method_choice.hpp"
#include "option_groups.hpp"
#include "tare/base/error.hpp"
#include "tare/base/number_text.hpp"
#include "tare/base/sha256.hpp"
#include "tare/base/text.hpp"
#include "tare/commands/registry.hpp"
#include "tare/stats/feature_effects.hpp"
#include "tare/stats/folds.hpp"
#include "tare/stats/metrics.hpp"
#include "tare/stats/paired_tests.hpp"
#include "text_table.hpp"
#include "validation_choice.hpp"

namespace tare::commands {
namespace {

constexpr double level = 0.05;
constexpr data::Index besag_clifford = 10;

struct Counts {
    data::Index folds, repeats, permutations;
};

Counts counts_of(const cli::ParsedOptions& options) {
    const auto at_least = [&](const std::string& name, long long least) {
        const long long value = *options.integer(name);
        if (value < least)
            throw base::usage_error("--" + name + ": " + options.text(name) + " is below " + std::to_string(least));
        return static_cast<data::Index>(value);
    };
    if (options.flag("resume") && !options.given("output-dir"))
        throw base::usage_error("--resume needs --output-dir, where what is done is kept");
    if (options.list("site").size() > 1) throw base::usage_error("--site: tare-efficacy takes one batch variable");
    at_least("seed", 0);
    return {at_least("folds", 2), at_least("repeats", 1), at_least("permutations", 0)};
}

/// A column of --permute-within, and into how many bins its numbers go.
struct Within {
    std::string column;
    data::Index bins = 0;
};

std::vector<Within> permuted_within(const cli::ParsedOptions& options) {
    std::vector<Within> out;
    for (const std::string& item : options.list("permute-within")) {
        const std::size_t colon = item.rfind(':');
        Within within{item.substr(0, colon)};
        if (colon != std::string::npos) {
            const auto bins = base::parse_integer(item.substr(colon + 1));
            if (!bins || *bins < 2) {
                throw base::usage_error("--permute-within: '" + item + "' has no number of bins from 2 after the colon",
                                        "as in --permute-within age:5,sex");
            }
            within.bins = static_cast<data::Index>(*bins);
        }
        if (within.column.empty()) throw base::usage_error("--permute-within: an empty name in the list");
        out.push_back(within);
    }
    return out;
}

/// Per subject the group in which its label may move.
std::vector<data::Index> groups_of(const CohortInput& input, const std::vector<Within>& within) {
    if (within.empty()) return {};
    std::vector<std::string> names(input.cohort.ids.size());
    for (const Within& one : within) {
        const data::Covariate& column = *input.cohort.covariate(one.column);
        if (one.bins > 0 && column.categorical)
            throw base::inconsistent(input.cohort.source + ": column '" + one.column + "' has no numbers to make bins of");
        std::vector<std::string> own;
        if (one.bins > 0) own = stats::quantile_strata(column.numbers, one.bins);
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (column.missing(static_cast<data::Index>(i)))
                throw base::inconsistent(input.cohort.where(static_cast<data::Index>(i)) + ": column '" + one.column +
                                         "' is missing");
            names[i] += (one.bins > 0         ? own[i]
                         : column.categorical ? column.levels[i]
                                              : base::number_text(column.numbers[i])) +
                        '\n';
        }
    }
    return stats::grouped(names).of_row;
}

/// Inputs and options, without what changes no number.
std::string fingerprint(const CohortInput& input, const cli::ParsedOptions& options) {
    std::string all;
    for (const io::InputFile& file : input.files) all += file.sha256 + "\n";
    for (const auto& [name, value] : options.resolved()) {
        if (name != "resume" && name != "output-dir" && name != "input" && name != "participants")
            all += name + "=" + value + "\n";
    }
    return base::sha256_hex(all).substr(0, 16);
}

struct Verdict {
    std::string name, sentence;
};

Verdict verdict_of(double p_raw, double p_harmonised, double p_less, bool tested) {
    if (!tested) return {"untested", "without permutations there is no verdict"};
    if (p_raw >= level) return {"none found", "the site is not recognised from the raw features"};
    if (p_harmonised >= level)
        return {"removed", "the site is recognised from the raw features and no longer from the harmonised ones"};
    if (p_less < level)
        return {"reduced", "the site is still recognised from the harmonised features, less well than from the raw ones"};
    return {"not reduced", "the site is recognised from the harmonised features as well as from the raw ones"};
}

/// Quantities of raw beside harmonised values.
class Summary {
public:
    void add(const std::string& quantity, double raw, double harmonised) {
        table_.add({quantity, cell(raw), cell(harmonised)});
    }
    void add(const std::string& quantity, const std::string& text) {
        table_.add({quantity, std::string(base::missing_text), text});
    }
    [[nodiscard]] const TextTable& table() const noexcept { return table_; }

private:
    TextTable table_{{"quantity", "raw", "harmonised"}};
};

double median(const std::vector<double>& values) {
    std::vector<double> known;
    std::copy_if(values.begin(), values.end(), std::back_inserter(known), [](double v) { return !std::isnan(v); });
    return stats::quantile_of(known, 0.5);
}

TextTable effects_table(const data::Features& features, const stats::FeatureEffects& raw,
                        const stats::FeatureEffects& harmonised) {
    std::vector<std::string> header{"feature"};
    const auto both = [&](const std::string& name) {
        header.push_back(name + "_raw");
        header.push_back(name + "_harmonised");
    };
    for (const std::string& term : raw.terms) both("slope_" + term);
    for (const char* name : {"covariate_r2", "site_share", "spread"}) both(name);
    TextTable table(header);
    for (data::Index f = 0; f < features.count(); ++f) {
        const auto i = static_cast<std::size_t>(f);
        std::vector<std::string> cells{features.name(f)};
        for (data::Index j = 0; j < raw.slopes.rows(); ++j) {
            cells.push_back(cell(raw.slopes(j, f)));
            cells.push_back(cell(harmonised.slopes(j, f)));
        }
        for (const auto member :
             {&stats::FeatureEffects::covariate_r2, &stats::FeatureEffects::site_share, &stats::FeatureEffects::spread}) {
            cells.push_back(cell((raw.*member)[i]));
            cells.push_back(cell((harmonised.*member)[i]));
        }
        table.add(cells);
    }
    return table;
}

TextTable repeats_table(const EfficacyRun& run) {
    TextTable table({"repeat", "raw", "harmonised"});
    const std::vector<double> raw = run.observed(false), harmonised = run.observed(true);
    for (std::size_t r = 0; r < raw.size(); ++r) table.add({std::to_string(r + 1), cell(raw[r]), cell(harmonised[r])});
    return table;
}

struct Tested {
    stats::Interval observed;
    double p = 0.0, chance = 0.0, done = 0.0;
};

Tested test_of(const EfficacyRun& run, bool harmonised, bool sequential, data::Index permutations) {
    Tested out;
    out.observed = stats::interval_of(run.observed(harmonised));
    const std::vector<double> permuted = run.permuted(harmonised);
    out.done = static_cast<double>(permuted.size());
    out.chance = stats::interval_of(permuted).mean;
    out.p = stats::permutation_p(out.observed.mean, permuted);
    if (!sequential || permutations == 0) return out;
    stats::SequentialPermutations test(out.observed.mean, permutations, besag_clifford);
    for (const double one : permuted) test.add(one);
    out.p = test.p();
    return out;
}

void add_effects(Summary& summary, const stats::FeatureEffects& raw, const stats::FeatureEffects& harmonised) {
    const std::vector<double> kept = stats::slopes_kept(raw, harmonised);
    for (std::size_t j = 0; j < kept.size(); ++j) summary.add("slope_kept_" + raw.terms[j], 1.0, kept[j]);
    summary.add("median_covariate_r2", median(raw.covariate_r2), median(harmonised.covariate_r2));
    summary.add("median_site_share", median(raw.site_share), median(harmonised.site_share));
    summary.add("median_spread_between_sites", median(raw.spread), median(harmonised.spread));
}

void run(const cli::ParsedOptions& options, cli::Context& context) {
    const Counts counts = counts_of(options);
    const std::vector<Within> within = permuted_within(options);
    const bool resume = options.flag("resume"), to_folder = options.given("output-dir");
    Results results(efficacy(), options, context, resume);
    results.protect_given({"input", "participants"});
    results.leave_out({"resume"});
    const std::string folder = options.text("output-dir");
    io::Output *to_summary = nullptr, *to_repeats = nullptr, *to_effects = nullptr;
    if (to_folder) {
        check_folder_name(folder, "results of tare-efficacy", context.force || resume);
        to_summary = &results.open_in(folder, "efficacy.tsv");
        to_repeats = &results.open_in(folder, "repeats.tsv");
        to_effects = &results.open_in(folder, "effects.tsv");
    }
    io::Output& shown = results.open("-");

    std::vector<data::CovariateRole> beside;
    for (const Within& one : within)
        beside.push_back({one.column, one.bins > 0 ? data::CovariateKind::numeric : data::CovariateKind::automatic});
    CohortInput input = read_training_cohort(options, context, Needed::everyone, beside);
    load_values(input, options, context.resources);
    if (input.matrix) input.files.insert(input.files.begin(), {options.text("input"), input.matrix->sha256()});
    learn::RecognitionPlan plan;
    plan.harmonisation = fit_request(input, options);
    const bool trees = options.text("probe") == "xgboost";
    if (trees) plan.classifier = learn::LearnerSpec{.kind = learn::Kind::xgboost};
    plan.apply.new_site = new_site_policy(options, "", {});
    plan.folds = counts.folds;
    plan.repeats = counts.repeats;
    plan.seed = static_cast<std::uint64_t>(*options.integer("seed"));
    plan.permute_within = groups_of(input, within);
    context.log.info(described(input) + "; " + described(plan.harmonisation.method) + "; " +
                     (trees ? learn::described(*plan.classifier) : std::string("linear discriminant analysis")));

    const auto backend = compute::make_cpu_backend(1);
    const std::vector<std::string> covariates = plan.harmonisation.covariates;
    const learn::SiteRecognition recognition(input.cohort, input.trains, std::move(plan), *backend);
    Folds folds{recognition.folds(), {}};
    check_sites(input, positions_of(std::vector<bool>(input.trains.size(), true)), folds, options, context.log);
    const data::Cohort& raw_cohort = input.cohort;
    base::SilentLog quiet;
    data::Cohort harmonised_cohort = raw_cohort.seen_by(0);
    harmonised_cohort.features = {raw_cohort.features.names, recognition.out_of_fold(0, quiet)};
    const stats::FeatureEffects raw = stats::effects_of(raw_cohort, input.features, covariates, *backend);
    const stats::FeatureEffects harmonised = stats::effects_of(harmonised_cohort, input.features, covariates, *backend);

    EfficacyRun course(recognition, counts.repeats, counts.permutations,
                       {to_folder ? folder + "/unfinished.tsv" : "", fingerprint(input, options)}, resume, context.resources,
                       context.unfinished, context.log);
    course.observe();
    if (trees) {
        course.permute_until(besag_clifford);
    } else {
        course.permute_all();
    }

    const Tested before = test_of(course, false, trees, counts.permutations);
    const Tested after = test_of(course, true, trees, counts.permutations);
    const stats::SignedRank less =
        stats::signed_rank_test(course.observed(true), course.observed(false), stats::Alternative::less);
    Summary summary;
    summary.add("balanced_accuracy", before.observed.mean, after.observed.mean);
    summary.add("balanced_accuracy_sd", before.observed.sd, after.observed.sd);
    summary.add("balanced_accuracy_low", before.observed.low, after.observed.low);
    summary.add("balanced_accuracy_high", before.observed.high, after.observed.high);
    summary.add("chance", before.chance, after.chance);
    summary.add("permutations", before.done, after.done);
    const bool tested = counts.permutations > 0;
    summary.add("p_permutation", tested ? before.p : std::nan(""), tested ? after.p : std::nan(""));
    summary.add("p_wilcoxon_less_than_raw", std::nan(""), less.p);
    add_effects(summary, raw, harmonised);
    const Verdict verdict = verdict_of(before.p, after.p, less.p, tested);
    summary.add("verdict", verdict.name);
    context.log.info("site effect " + verdict.name + ": " + verdict.sentence);
    summary.table().write(shown, context.resources);
    if (to_folder) {
        summary.table().write(*to_summary, context.resources);
        repeats_table(course).write(*to_repeats, context.resources);
        effects_table(input.features, raw, harmonised).write(*to_effects, context.resources);
    }
    results.commit(input.files, static_cast<std::uint64_t>(*options.integer("seed")));
    course.finish();
}

cli::CommandSpec declared() {
    using cli::OptionKind;
    cli::CommandSpec spec;
    spec.verb = "efficacy";
    spec.group = "Validate";
    spec.summary = "Test whether the site can still be recognised after harmonising";
    spec.description = {
        "Recognises every subject's site from its features in repeated stratified cross-validations, raw and harmonised "
        "inside "
        "the folds, and tells by permutations and over repeats whether the site effect was removed, reduced or neither "
        "(Marzi "
        "et al. 2024). Beside it stands what must be kept: the covariates' slopes and share of variance."};
    spec.groups = {table_options(false), feature_options(false), design_options(), method_options()};
    spec.groups.push_back(
        {"Recognition",
         {{"probe",
           OptionKind::choice,
           "KIND",
           "What recognises the site: linear discriminant analysis, or gradient-boosted trees with XGBoost's defaults.",
           "linear",
           false,
           {"linear", "xgboost"}},
          {"folds", OptionKind::integer, "K", "Into how many parts the rows are dealt, evenly by site.", "5"},
          {"repeats", OptionKind::integer, "N", "How often they are dealt anew.", "100"},
          {"permutations", OptionKind::integer, "N",
           "How often the labels that the classifier sees are permuted; the true sites harmonise. With xgboost at most: it "
           "stops when ten have reached the observed accuracy.",
           "5000"},
          {"permute-within", OptionKind::list, "COLUMNS",
           "Permute among rows alike in these columns only, numbers in bins of equal counts, as in 'age:5,sex'."},
          {"seed", OptionKind::integer, "NUMBER", "Of folds and permutations.", "0"},
          {"unseen-site",
           OptionKind::choice,
           "POLICY",
           "Test rows of a site without training rows: refuse, keep as they are, or estimate the site from them.",
           "error",
           false,
           {"error", "keep", "estimate"}}}});
    spec.groups.push_back(
        {"Results",
         {{"output-dir", OptionKind::output, "FOLDER",
           "Also write the table here, every repeat's accuracies, and the effects on every feature."},
          {"resume", OptionKind::flag, "", "Go on where a run with the same inputs and options was interrupted."},
          no_training_ids_option()}});
    spec.examples = {{"Is the site effect gone, and age still there?",
                      "tare-efficacy --input cohort.tsv --covariates age,sex --repeats 10 --permutations 200 > "
                      "efficacy.tsv"}};
    spec.notes = {
        "A repeat's balanced accuracy is the mean over sites of the share of test rows whose site is recognised. The "
        "permutation p compares its mean over repeats with permutations that see one repeat's folds each, in turn; since "
        "those "
        "vary more, it errs to the safe side.",
        "Verdict, at the level 0.05: removed, where harmonised values give the site away no better than chance and raw ones "
        "do "
        "better; reduced, where they do, and less than raw ones in a signed-rank test over repeats; else not reduced."};
    spec.run = run;
    return spec;
}

}  // namespace

const cli::CommandSpec& efficacy() {
    static const cli::CommandSpec spec = declared();
    return spec;
}

}  // namespace tare::commands
