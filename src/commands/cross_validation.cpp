// The course of tare-cv.
#include "cross_validation.hpp"

#include <filesystem>
#include <map>
#include <set>

#include "cv_guard.hpp"
#include "cv_tables.hpp"
#include "device_choice.hpp"
#include "method_choice.hpp"
#include "tare/base/error.hpp"
#include "tare/base/text.hpp"
#include "tare/commands/registry.hpp"
#include "tare/io/npy_file.hpp"
#include "tare/io/table_writer.hpp"

namespace tare::commands {
namespace {

/// One fold's model and values, in a folder of their own, whole or absent.
class FoldFiles {
public:
    FoldFiles(const CohortInput& input, const cli::ParsedOptions& options, cli::Context& context)
        : input_(input), options_(options), context_(context) {}

    /// The folds of one repeat, whose models are used up.
    void write(data::Index repeat, data::Index repeats, std::vector<learn::FoldResult>& folds) {
        if (!options_.given("output-dir") || options_.text("fold-output") == "none") return;
        for (std::size_t f = 0; f < folds.size(); ++f) {
            if (!folds[f].model) continue;
            write(fold_folder(options_.text("output-dir"), repeat, repeats, static_cast<data::Index>(f),
                              static_cast<data::Index>(folds.size())),
                  folds[f]);
        }
    }

    FoldFiles(const FoldFiles&) = delete;
    FoldFiles& operator=(const FoldFiles&) = delete;

    /// Takes away the folders that this run has made, where it could not go on to its end.
    ~FoldFiles() {
        for (const std::string& folder : made_) {
            std::error_code ignored;
            std::filesystem::remove_all(folder, ignored);
            std::filesystem::remove(std::filesystem::path(folder).parent_path(), ignored);
        }
    }
    void keep() noexcept { made_.clear(); }

private:
    void write(const std::string& folder, learn::FoldResult& fold) {
        if (!std::filesystem::exists(folder)) made_.push_back(folder);
        Results results(cv(), options_, context_);
        io::Output& model = results.open_in(folder, "model.json");
        io::write_model(model, results.outputs(),
                        {std::move(*fold.model), input_.columns, shaping_parameters(cv(), options_)}, context_.resources);
        const bool npy = input_.kind == ValueKind::matrix || options_.text("fold-output") == "npy";
        write_part(results, folder, "train", fold.training, fold.training_values, npy);
        write_part(results, folder, "test", fold.test, fold.test_values, npy);
        results.commit(input_.files);
    }
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
        matrix.write(
            {reinterpret_cast<const char*>(values.data()), static_cast<std::size_t>(values.size()) * sizeof(double)});
    }

    const CohortInput& input_;
    const cli::ParsedOptions& options_;
    cli::Context& context_;
    std::vector<std::string> made_;
};

/// The files of a run, opened before anything is read; those that are not wanted are not there.
class CvResults {
public:
    CvResults(const cli::ParsedOptions& options, cli::Context& context)
        : results_(cv(), options, context), context_(context) {
        results_.protect_given({"input", "participants"});
        const bool learns = options.given("learner"), audits = options.flag("audit");
        if (options.given("output-dir")) {
            const std::string folder = options.text("output-dir");
            if (folder == "-")
                throw base::usage_error("results of tare-cv are a folder, which cannot be standard output",
                                        "--output-dir FOLDER");
            check_folder_name(folder, "results of tare-cv", context.force);
            folds_ = &results_.open_in(folder, "folds.tsv");
            if (learns) comparison_ = &results_.open_in(folder, "comparison.tsv");
            if (learns) by_site_ = &results_.open_in(folder, "comparison_by_site.tsv");
            if (learns) predictions_ = &results_.open_in(folder, "predictions.tsv");
            if (audits) audit_ = &results_.open_in(folder, "audit.tsv");
        }
        if (learns || audits) shown_ = &results_.open("-");
    }

    void write_folds(const TextTable& table) { write(table, folds_); }
    void write_predictions(const TextTable& table) { write(table, predictions_); }
    void write_scores(const std::vector<learn::ScoreLine>& lines, bool show) {
        const TextTable all = scores_table(lines, false);
        write(all, comparison_);
        write(scores_table(lines, true), by_site_);
        if (show) write(all, shown_);
    }
    void write_audit(const TextTable& table) {
        write(table, audit_);
        write(table, shown_);
    }
    void commit(const std::vector<io::InputFile>& inputs, std::uint64_t seed) { results_.commit(inputs, seed); }

private:
    void write(const TextTable& table, io::Output* output) const {
        if (output != nullptr) table.write(*output, context_.resources);
    }

    Results results_;
    cli::Context& context_;
    io::Output *folds_ = nullptr, *comparison_ = nullptr, *by_site_ = nullptr, *predictions_ = nullptr, *audit_ = nullptr,
               *shown_ = nullptr;
};

/// Warnings of folds, said once each: those that differ in their numbers only count as one.
class FoldWarnings {
public:
    void add(data::Index repeat, const std::vector<learn::FoldResult>& folds) {
        for (std::size_t f = 0; f < folds.size(); ++f) {
            ++folds_;
            std::set<std::string> kinds;
            for (const std::string& text : folds[f].warnings) {
                const std::string kind = without_numbers(text);
                if (!kinds.insert(kind).second) continue;
                Warning& warning = warnings_[kind];
                if (warning.times++ == 0)
                    warning.first = "repeat " + std::to_string(repeat + 1) + ", fold " + std::to_string(f + 1) + ": " + text;
            }
        }
    }
    void say(base::Log& log) const {
        for (const auto& [kind, warning] : warnings_) {
            log.warn("in " + std::to_string(warning.times) + " of " + base::counted(folds_, "fold") + ", as in " +
                     warning.first);
        }
    }

private:
    struct Warning {
        std::size_t times = 0;
        std::string first;
    };
    /// Without the digits of numbers, and without the plural that they bring.
    static std::string without_numbers(const std::string& text) {
        std::string kind;
        for (const char c : text) {
            if ((c < '0' || c > '9') && c != '.') kind += c;
        }
        for (std::size_t at = kind.find("subjects"); at != std::string::npos; at = kind.find("subjects"))
            kind.erase(at + 7, 1);
        return kind;
    }

    std::size_t folds_ = 0;
    std::map<std::string, Warning> warnings_;
};

/// Rows that take part: those with a target, where there is one.
std::vector<data::Index> rows_taking_part(const CohortInput& input, const std::optional<Prediction>& prediction,
                                          base::Log& log) {
    if (!prediction) return positions_of(std::vector<bool>(input.trains.size(), true));
    std::vector<data::Index> rows = positions_of(prediction->known);
    if (const std::size_t missing = input.trains.size() - rows.size(); missing > 0)
        log.warn(base::counted(missing, "row") + " without a target left out of everything");
    return rows;
}

learn::ValidationPlan plan_of(const CohortInput& input, const std::optional<Prediction>& prediction,
                              std::vector<std::string> groups, const cli::ParsedOptions& options, base::Log& log) {
    learn::ValidationPlan plan;
    plan.harmonisation = fit_request(input, options);
    const std::vector<std::string> covariates = known_covariates(plan.harmonisation);
    plan.conditions = conditions_of(options, prediction ? &*prediction : nullptr, covariates, log);
    if (prediction) {
        plan.target = prediction->name;
        plan.targets = prediction->targets;
        plan.learner = learner_choice(options, prediction->targets.task);
    }
    plan.inner_folds = static_cast<data::Index>(*options.integer("inner-folds"));
    plan.seed = static_cast<std::uint64_t>(*options.integer("seed"));
    plan.groups = std::move(groups);
    plan.apply.new_site = new_site_policy(options, plan.target, plan.harmonisation);
    plan.apply.hold_out = held_out_covariates(options, plan.target, covariates);
    return plan;
}

template <typename T>
std::vector<T> chosen(const std::vector<T>& all, const std::vector<data::Index>& rows) {
    std::vector<T> out;
    if (all.empty()) return out;
    for (const data::Index row : rows) out.push_back(all[static_cast<std::size_t>(row)]);
    return out;
}

}  // namespace

void cross_validate(const cli::ParsedOptions& options, cli::Context& context) {
    check_cv_options(options);
    CvResults results(options, context);
    CohortInput input = read_training_cohort(options, context, Needed::everyone, validation_columns(options));
    load_values(input, options, context.resources);
    std::optional<Prediction> prediction;
    if (options.given("target")) {
        check_target(input, options.text("target"), options, context.log);
        prediction = prediction_of(input, options);
    }
    const std::vector<data::Index> rows = rows_taking_part(input, prediction, context.log);
    std::vector<std::string> groups = groups_of(input, options);
    const std::vector<std::string> groups_of_rows = chosen(groups, rows);
    const learn::ValidationPlan plan = plan_of(input, prediction, std::move(groups), options, context.log);
    const std::vector<std::string> covariates = known_covariates(plan.harmonisation);
    if (prediction) check_covariates(input, *prediction, rows, covariates, options, context.log);
    const Folds folds = folds_of(input, rows, prediction ? &*prediction : nullptr, groups_of_rows, options);
    check_people(input.cohort.source, groups_of_rows, folds, options, context.log);
    check_sites(input, rows, folds, options, context.log);
    context.log.info(described(input, covariates) + "; " + described(plan.harmonisation.method) +
                     (plan.learner ? "; " + learn::described(*plan.learner) : ""));

    const auto backend = backend_on_device(context, 1);
    const learn::Validation validation(input.cohort, rows, input.trains, plan, *backend);
    if (input.matrix) input.files.insert(input.files.begin(), {options.text("input"), input.matrix->sha256()});
    FoldFiles files(input, options, context);
    std::optional<PredictionsTable> predicted;
    if (plan.learner) predicted.emplace(input, *prediction);
    learn::Scoreboard scores(plan.targets, input.cohort.sites);
    Ledger ledger(input, plan);
    FoldWarnings warnings;
    const auto repeats = static_cast<data::Index>(folds.of_row.size());
    for (data::Index r = 0; r < repeats; ++r) {
        const auto at = static_cast<std::size_t>(r);
        std::vector<learn::FoldResult> done =
            validation.run(folds.of_row[at], folds.count[at], r, context.resources.threads);
        files.write(r, repeats, done);
        warnings.add(r, done);
        if (options.flag("audit")) ledger.add(r, done);
        if (predicted) predicted->add(r, done);
        if (predicted) scores.add(done);
        context.log.progress("cross-validating", static_cast<double>(r + 1) / static_cast<double>(repeats));
    }
    warnings.say(context.log);

    results.write_folds(folds_table(input, rows, folds));
    if (predicted) results.write_predictions(predicted->table());
    if (predicted) results.write_scores(scores.lines(), !options.flag("audit"));
    if (options.flag("audit")) results.write_audit(ledger.table());
    results.commit(input.files, plan.seed);
    files.keep();
}

}  // namespace tare::commands
