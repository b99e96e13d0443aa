// tare-cv: folds, a model and harmonised values of each, learners, and what leaking would have promised.
#include <algorithm>
#include <filesystem>
#include <map>

#include "cv_tables.hpp"
#include "method_choice.hpp"
#include "option_groups.hpp"
#include "tare/base/error.hpp"
#include "tare/base/text.hpp"
#include "tare/commands/registry.hpp"
#include "tare/io/npy_file.hpp"
#include "tare/io/table_writer.hpp"
#include "tare/learn/guard.hpp"

namespace tare::commands {
namespace {

using learn::Condition;

bool has(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool allows(const cli::ParsedOptions& options, const std::string& what) {
    return has(options.list("allow"), what);
}

void check_choices(const cli::ParsedOptions& options) {
    const std::vector<std::string> known{"target-covariate", "telling-covariate", "shared-subjects"};
    for (const std::string& what : options.list("allow")) {
        if (!has(known, what))
            throw base::usage_error("--allow: unknown '" + what + "'", "known: " + base::joined(known));
    }
    if (options.list("site").size() > 1) throw base::usage_error("--site: tare-cv takes one batch variable");
    if (!options.given("target")) {
        for (const char* name : {"learner", "compare", "task", "positive"}) {
            if (options.given(name)) throw base::usage_error("--" + std::string(name) + " needs --target");
        }
        if (!options.given("output-dir")) {
            throw base::usage_error("nothing to do: neither --target with --learner nor --output-dir is given",
                                    "--output-dir FOLDER takes every fold's model and harmonised tables");
        }
    } else if (!options.given("learner") && !options.given("output-dir")) {
        throw base::usage_error("--target without --learner needs --output-dir, for the folds' tables",
                                "name a learner, as in --learner svr");
    }
    if (options.given("compare") && !options.given("learner"))
        throw base::usage_error("--compare needs --learner", "ridge, svr or xgboost for numbers; logistic, svm or xgboost for classes");
    if (*options.integer("seed") < 0) throw base::usage_error("--seed: " + options.text("seed") + " is below 0");
    const long long inner = *options.integer("inner-folds");
    if (inner < 0 || inner == 1) throw base::usage_error("--inner-folds: " + options.text("inner-folds") + " is neither 0 nor at least 2");
}

/// Under which conditions to learn, and what is wrong with a target that harmonisation knows.
std::vector<Condition> conditions_of(const cli::ParsedOptions& options, const Prediction* prediction,
                                     const std::vector<std::string>& covariates, base::Log& log) {
    if (prediction == nullptr) return {Condition::in_fold};
    const bool is_covariate = has(covariates, prediction->name);
    const bool held_out = has(options.list("hold-out-covariates"), prediction->name);
    if (options.flag("compare")) {
        if (is_covariate)
            return {Condition::raw, Condition::leaking, Condition::in_fold, Condition::held_out, Condition::pretend};
        log.info("the target '" + prediction->name + "' is no covariate, so that there is nothing to hold out or to pretend");
        return {Condition::raw, Condition::leaking, Condition::in_fold};
    }
    if (is_covariate && held_out) return {Condition::held_out};
    if (!is_covariate) return {Condition::in_fold};
    if (!allows(options, "target-covariate")) {
        throw base::usage_error("the target '" + prediction->name +
                                    "' is a covariate too: applied to a test row, the model would be told what is to be predicted",
                                "--hold-out-covariates " + prediction->name +
                                    " takes the training mean in its place; --compare shows what it costs; --allow "
                                    "target-covariate goes on");
    }
    log.warn("the target '" + prediction->name +
             "' of test rows is known when they are harmonised: what is learnt looks better than it is");
    return {Condition::in_fold};
}

void check_covariates(const CohortInput& input, const Prediction& prediction, const std::vector<data::Index>& rows,
                      const std::vector<std::string>& covariates, const cli::ParsedOptions& options, base::Log& log) {
    for (const std::string& name : covariates) {
        if (name == prediction.name) continue;
        const auto how = learn::gives_away(*input.cohort.covariate(name), prediction.targets, rows);
        if (!how) continue;
        const std::string what = "covariate '" + name + "' gives the target '" + prediction.name + "' away: it " + *how;
        if (!allows(options, "telling-covariate")) {
            throw base::inconsistent(input.cohort.source + ": " + what,
                                     "leave it out of --covariates; --allow telling-covariate goes on");
        }
        log.warn(what);
    }
}

void check_people(const std::vector<std::string>& groups, const Folds& folds, const cli::ParsedOptions& options,
                  base::Log& log) {
    if (groups.empty()) return;
    for (std::size_t r = 0; r < folds.of_row.size(); ++r) {
        const std::vector<std::string> torn = learn::torn_groups(groups, folds.of_row[r]);
        if (torn.empty()) continue;
        const std::string what = base::counted(torn.size(), "subject") + " on both sides of a fold (" + base::joined(torn, 4) + ")";
        if (!allows(options, "shared-subjects")) {
            throw base::inconsistent("repeat " + std::to_string(r + 1) + ": " + what,
                                     "a person's rows belong into one fold; --allow shared-subjects goes on");
        }
        log.warn(what + ": what is learnt looks better than it is");
        return;
    }
}

void check_sites(const CohortInput& input, const std::vector<data::Index>& rows, const Folds& folds,
                 const cli::ParsedOptions& options, base::Log& log) {
    std::vector<std::string> sites;
    std::vector<bool> teaches;
    for (const data::Index row : rows) {
        sites.push_back(input.cohort.sites[static_cast<std::size_t>(row)]);
        teaches.push_back(input.trains[static_cast<std::size_t>(row)]);
    }
    std::set<std::string> unseen;
    for (const std::vector<data::Index>& of_row : folds.of_row) {
        for (const learn::UnseenInFold& one : learn::unseen_sites(sites, of_row, teaches)) unseen.insert(one.site);
    }
    if (unseen.empty()) return;
    const std::vector<std::string> names(unseen.begin(), unseen.end());
    const std::string what = base::counted(names.size(), "site") + " (" + base::joined(names, 4) +
                             ") " + (names.size() == 1 ? "has" : "have") + " test rows in a fold without any row to learn from";
    const std::string policy = options.text("unseen-site");
    if (policy == "error") {
        throw base::inconsistent(what,
                                 "--unseen-site keep leaves such rows as they are, --unseen-site estimate estimates the site "
                                 "from the test rows themselves; or leave the site out");
    }
    log.warn(what + (policy == "keep" ? ": these rows stay as they are"
                                      : ": the site's effects are estimated from the test rows themselves, together"));
}

/// One fold's model and values, in a folder of their own, whole or absent.
class FoldFiles {
public:
    FoldFiles(const CohortInput& input, const cli::ParsedOptions& options, cli::Context& context)
        : input_(input), options_(options), context_(context) {}

    void write(const std::string& folder, learn::FoldResult& fold) const {
        Results results(cv(), options_, context_);
        io::Output& model = results.open_in(folder, "model.json");
        io::write_model(model, results.outputs(), {std::move(*fold.model), input_.columns, shaping_parameters(cv(), options_)},
                        context_.resources);
        const bool npy = input_.kind == ValueKind::matrix || options_.text("fold-output") == "npy";
        write_part(results, folder, "train", fold.training, fold.training_values, npy);
        write_part(results, folder, "test", fold.test, fold.test_values, npy);
        results.commit(input_.files);
    }

private:
    void write_part(Results& results, const std::string& folder, const std::string& name,
                    const std::vector<data::Index>& rows, const base::Matrix<double>& values, bool npy) const {
        const std::string ending = input_.table.delimiter == '\t' ? ".tsv" : ".csv";
        io::Output& output = results.open_in(folder, name + ending);
        data::FeatureTable features;
        if (!npy) features = {input_.cohort.features.names, values};
        io::write_table(output, some_rows(input_.table, rows, std::move(features)), input_.table.delimiter,
                        context_.resources);
        if (!npy) return;
        io::Output& matrix = results.open_in(folder, name + ".npy");
        matrix.write(io::npy_header(values.rows(), values.columns(), "<f8"));
        matrix.write({reinterpret_cast<const char*>(values.data()), static_cast<std::size_t>(values.size()) * sizeof(double)});
    }

    const CohortInput& input_;
    const cli::ParsedOptions& options_;
    cli::Context& context_;
};

/// Says every warning of the folds once.
void warn_once(const std::map<std::string, std::size_t>& warnings, std::size_t folds, base::Log& log) {
    for (const auto& [text, times] : warnings)
        log.warn("in " + std::to_string(times) + " of " + base::counted(folds, "fold") + ": " + text);
}

void run(const cli::ParsedOptions& options, cli::Context& context) {
    check_choices(options);
    Results results(cv(), options, context);
    results.protect_given({"input", "participants"});
    const std::string folder = options.text("output-dir");
    const bool to_folder = options.given("output-dir");
    if (to_folder) check_folder_name(folder, "results of tare-cv", context.force);
    const auto open = [&](const std::string& name) { return to_folder ? &results.open_in(folder, name) : nullptr; };
    io::Output* const folds_output = open("folds.tsv");
    const bool learns = options.given("learner");
    io::Output* const comparison = learns ? open("comparison.tsv") : nullptr;
    io::Output* const by_site = learns ? open("comparison_by_site.tsv") : nullptr;
    io::Output* const predictions = learns ? open("predictions.tsv") : nullptr;
    io::Output* const audit = options.flag("audit") ? open("audit.tsv") : nullptr;
    io::Output* const shown = learns || options.flag("audit") ? &results.open("-") : nullptr;

    CohortInput input = read_training_cohort(options, context, Needed::everyone, validation_columns(options));
    load_values(input, options, context.resources);
    std::optional<Prediction> prediction;
    if (options.given("target")) prediction = prediction_of(input, options);
    std::vector<data::Index> rows;
    for (data::Index row = 0; row < input.cohort.subjects(); ++row) {
        if (!prediction || prediction->known[static_cast<std::size_t>(row)]) rows.push_back(row);
    }
    if (const auto missing = input.cohort.ids.size() - rows.size(); missing > 0)
        context.log.warn(base::counted(missing, "row") + " without a target left out of everything");
    std::vector<std::string> groups = groups_of(input, options);
    std::vector<std::string> groups_of_rows;
    for (const data::Index row : rows) {
        if (!groups.empty()) groups_of_rows.push_back(groups[static_cast<std::size_t>(row)]);
    }

    learn::ValidationPlan plan;
    plan.harmonisation = fit_request(input, options);
    const Prediction* const target = prediction ? &*prediction : nullptr;
    plan.conditions = conditions_of(options, target, plan.harmonisation.covariates, context.log);
    if (target != nullptr) {
        check_covariates(input, *target, rows, plan.harmonisation.covariates, options, context.log);
        plan.target = target->name;
        plan.targets = target->targets;
        plan.learner = learner_choice(options, target->targets.task);
    }
    const Folds folds = folds_of(input, rows, target, groups_of_rows, options);
    check_people(groups_of_rows, folds, options, context.log);
    check_sites(input, rows, folds, options, context.log);
    plan.inner_folds = static_cast<data::Index>(*options.integer("inner-folds"));
    plan.seed = static_cast<std::uint64_t>(*options.integer("seed"));
    plan.groups = std::move(groups);
    const std::string policy = options.text("unseen-site");
    plan.apply.new_site = policy == "keep"       ? learn::NewSite::keep
                          : policy == "estimate" ? learn::NewSite::estimate
                                                 : learn::NewSite::error;
    for (const std::string& name : options.list("hold-out-covariates")) {
        if (!has(plan.harmonisation.covariates, name)) {
            throw base::usage_error("--hold-out-covariates: '" + name + "' is no covariate",
                                    base::did_you_mean(name, plan.harmonisation.covariates));
        }
        if (policy == "estimate")
            throw base::usage_error("--hold-out-covariates does not go with --unseen-site estimate");
        if (target == nullptr || name != target->name) plan.apply.hold_out.push_back(name);
    }
    if (policy == "estimate" && has(plan.harmonisation.covariates, plan.target)) {
        throw base::usage_error("--unseen-site estimate would look at the target of test rows, which is a covariate",
                                "--unseen-site keep, or leave the target out of --covariates");
    }
    context.log.info(described(input) + "; " + described(plan.harmonisation.method) +
                     (plan.learner ? "; " + learn::described(*plan.learner) : ""));

    const auto backend = compute::make_cpu_backend(1);
    const learn::Validation validation(input.cohort, rows, input.trains, plan, *backend);
    std::optional<PredictionsTable> predicted;
    std::optional<learn::Scoreboard> scores;
    if (learns) {
        predicted.emplace(input, *prediction);
        scores.emplace(plan.targets, input.cohort.sites);
    }
    std::optional<Ledger> ledger;
    if (options.flag("audit")) ledger.emplace(input, plan);
    const FoldFiles files(input, options, context);
    const bool writes_folds = to_folder && options.text("fold-output") != "none";
    if (input.matrix) input.files.insert(input.files.begin(), {options.text("input"), input.matrix->sha256()});
    std::map<std::string, std::size_t> warnings;
    std::size_t fits = 0;
    const auto repeats = static_cast<data::Index>(folds.of_row.size());
    for (data::Index r = 0; r < repeats; ++r) {
        const auto at = static_cast<std::size_t>(r);
        std::vector<learn::FoldResult> done = validation.run(folds.of_row[at], folds.count[at], r, context.resources.threads);
        for (std::size_t f = 0; f < done.size(); ++f) {
            for (const std::string& text : done[f].warnings) ++warnings[text];
            if (writes_folds && done[f].model)
                files.write(fold_folder(folder, r, repeats, static_cast<data::Index>(f), folds.count[at]), done[f]);
        }
        fits += done.size();
        if (predicted) predicted->add(r, done);
        if (scores) scores->add(done);
        if (ledger) ledger->add(r, done);
        context.log.progress("cross-validating", static_cast<double>(r + 1) / static_cast<double>(repeats));
    }
    warn_once(warnings, fits, context.log);

    if (folds_output != nullptr) folds_table(input, rows, folds).write(*folds_output, context.resources);
    if (scores) {
        const std::vector<learn::ScoreLine> lines = scores->lines();
        const TextTable all = scores_table(lines, false);
        if (comparison != nullptr) all.write(*comparison, context.resources);
        if (by_site != nullptr) scores_table(lines, true).write(*by_site, context.resources);
        if (predictions != nullptr) predicted->table().write(*predictions, context.resources);
        if (!ledger) all.write(*shown, context.resources);
    }
    if (ledger) {
        if (audit != nullptr) ledger->table().write(*audit, context.resources);
        ledger->table().write(*shown, context.resources);
    }
    results.commit(input.files, plan.seed);
}

cli::OptionGroup validation_options() {
    using cli::OptionKind;
    return {
        "Validation",
        {{"target", OptionKind::text, "COLUMN", "What is to be predicted: numbers or classes."},
         {"task", OptionKind::choice, "KIND", "What the target is; auto takes numbers of more than two values for numbers.", "auto", false,
          {"auto", "regression", "classification"}},
         {"positive", OptionKind::text, "CLASS", "Of two classes the one that sensitivity is about.", {}, false, {}, "the last in sorted order"},
         {"folds", OptionKind::integer, "K", "Into how many parts the rows are dealt.", "5"},
         {"repeats", OptionKind::integer, "N", "How often they are dealt anew.", "1"},
         {"seed", OptionKind::integer, "NUMBER", "Of everything that is drawn.", "0"},
         {"stratify", OptionKind::list, "WHAT", "Deal the rows of each of these evenly: site, target (numbers in five bins), the name of a column, or none.", "site"},
         {"group", OptionKind::text, "COLUMN", "Rows that belong together, such as visits of a person, come into one fold.", {}, false, {}, "the subject, where there are sessions"},
         {"leave-site-out", OptionKind::flag, "", "Every site is a fold; --unseen-site says what becomes of it."},
         {"fold-column", OptionKind::list, "COLUMNS", "Columns that name each row's fold, one for each repeat, such as those of folds.tsv."},
         {"unseen-site", OptionKind::choice, "POLICY", "Test rows of a site without training rows: refuse, keep as they are, or estimate the site from them.", "error", false,
          {"error", "keep", "estimate"}},
         {"hold-out-covariates", OptionKind::list, "COLUMNS", "Covariates of test rows that count as unknown: their training mean is used. The target, where it is a covariate."},
         {"allow", OptionKind::list, "WHAT", "Go on, with a warning, in spite of: target-covariate, telling-covariate, shared-subjects."}}};
}

cli::OptionGroup learner_options() {
    using cli::OptionKind;
    return {
        "Learning",
        {{"learner", OptionKind::choice, "NAME", "Learn the target from harmonised values, with the published defaults of the learner.", {}, false,
          {"ridge", "logistic", "svm", "svr", "xgboost"}},
         {"kernel", OptionKind::choice, "KIND", "Of svm and svr.", "rbf", false, {"rbf", "linear"}},
         {"standardise", OptionKind::flag, "", "Centre and scale every feature by the training rows before learning."},
         {"inner-folds", OptionKind::integer, "K", "Choose hyperparameters by a cross-validation of this many folds inside the training rows, which are harmonised there anew; 0 keeps the defaults.", "0"},
         {"compare", OptionKind::flag, "", "Learn five times on the same folds: raw, harmonised on everything first, in-fold, in-fold with the target held out, and with a pretended target."}}};
}

cli::CommandSpec declared() {
    using cli::OptionKind;
    cli::CommandSpec spec;
    spec.verb = "cv";
    spec.group = "Validate";
    spec.summary = "Cross-validate with the harmonisation inside the folds, and show the price of leaking";
    spec.description = {
        "Deals the rows into folds. Every fold's model is fitted on its training rows alone, and applied to its test rows: no "
        "test row helps to harmonise what it is tested by (Marzi et al. 2024). Writes every fold's model and values for any "
        "learner, or learns itself and prints how well."};
    spec.groups = {table_options(false), feature_options(false), design_options(), method_options(), validation_options(),
                   learner_options()};
    spec.groups.push_back(
        {"Results",
         {{"output-dir", OptionKind::output, "FOLDER", "Folds, predictions, scores, and every fold's model and values."},
          {"fold-output", OptionKind::choice, "KIND", "Every fold's values: tables; npy, with the other columns as tables; or none.", "tables", false, {"tables", "npy", "none"}},
          {"audit", OptionKind::flag, "", "Print which rows touched what, in place of the scores."},
          no_training_ids_option()}});
    spec.examples = {
        {"What harmonising on everything first would have promised",
         "tare-cv --input cohort.tsv --target age --covariates age,sex --learner svr --repeats 5 --compare"},
        {"Every fold's model and tables, for a learner elsewhere",
         "tare-cv --input cohort.tsv --covariates sex --target age --folds 5 --output-dir folds"}};
    spec.notes = {
        "The scores are of all test rows of a repeat together; auc, whose scores are comparable within a fold only, is the "
        "mean over folds. low and high are the middle 95 % over repeats; difference is to in-fold, paired by repeat."};
    spec.run = run;
    return spec;
}

}  // namespace

const cli::CommandSpec& cv() {
    static const cli::CommandSpec spec = declared();
    return spec;
}

}  // namespace tare::commands
