// tare-apply: a model and new data to harmonised values.
#include <algorithm>
#include <filesystem>

#include "device_choice.hpp"
#include "harmonised.hpp"
#include "method_choice.hpp"
#include "option_groups.hpp"
#include "tare/base/error.hpp"
#include "tare/base/text.hpp"
#include "tare/commands/registry.hpp"
#include "training.hpp"

namespace tare::commands {
namespace {

void check_policy(const cli::ParsedOptions& options) {
    const bool estimates = options.text("unseen-site") == "estimate";
    if (options.given("train-where") && !estimates)
        throw base::usage_error("--train-where says from whom new sites are learnt, and goes with --unseen-site estimate");
    if (!options.list("hold-out-covariates").empty() && estimates) {
        throw base::usage_error("--hold-out-covariates does not go with --unseen-site estimate",
                                "what a site does to values is told from its subjects' covariates: add it with tare-fit "
                                "--extend, from subjects whose covariates may be known");
    }
}

/// Every site to be harmonised is known by now, or the rows that may teach leave it out.
void check_all_estimated(const CohortInput& input, const std::vector<data::Index>& rows, const stats::CombatModel& model) {
    for (const data::Index row : rows) {
        const std::string& site = input.cohort.sites[static_cast<std::size_t>(row)];
        if (std::binary_search(model.sites.begin(), model.sites.end(), site)) continue;
        throw base::inconsistent(input.cohort.where(row) + ": --train-where leaves no subject of site '" + site +
                                     "' to estimate its effects from",
                                 "look at the condition of --train-where");
    }
}

/// People whom the model was fitted on tell nothing about how it does with new ones.
void check_newcomers(const CohortInput& input, const std::vector<data::Index>& rows, const stats::CombatModel& model,
                     const cli::ParsedOptions& options, base::Log& log) {
    const std::string policy = options.text("training-subjects");
    if (policy == "allow") return;
    const std::vector<data::Index> known = stats::rows_trained_on(model.training, input.cohort, rows);
    if (known.empty()) return;
    const std::string what = std::to_string(known.size()) + " of " + base::counted(rows.size(), "subject") +
                             " (the first is '" + input.cohort.ids[static_cast<std::size_t>(known.front())] +
                             "') took part in fitting this model";
    if (policy == "error") {
        throw base::inconsistent(input.cohort.where(known.front()) + ": " + what,
                                 "test on people whom it has not seen, as tare-cv does; --training-subjects warn goes on");
    }
    log.warn(what + ": as test data they look better than new ones would");
}

void run(const cli::ParsedOptions& options, cli::Context& context) {
    check_policy(options);
    Results results(apply(), options, context);
    results.protect_given({"input", "participants"});
    const bool folder = std::filesystem::is_directory(options.text("model"));
    results.protect(folder ? options.text("model") + "/model.json" : options.text("model"));
    Harmonised harmonised(options, context, results);

    base::Workspace workspace(context.resources);
    const io::SavedModel saved = io::read_model(options.text("model"), context.resources, workspace);
    if (options.given("shard") && value_kind(options) != ValueKind::images) {
        throw base::usage_error("--shard does not go with --input", "it is for --images");
    }
    if (options.given("shard") && saved.model.options.method == stats::Method::longitudinal) {
        throw base::usage_error("--shard does not go with a longitudinal model: a person's visits belong together",
                                "cut --participants into tables that keep persons whole");
    }
    if (!saved.model.next.empty() && options.text("unseen-site") == "estimate") {
        throw base::usage_error("--unseen-site estimate: the model has several batch variables",
                                "--unseen-site keep leaves a variable's unseen batches as they are");
    }
    CohortInput input = read_sample(options, saved, context);
    const std::vector<data::Index> rows =
        rows_of_shard(shard_of(options), positions_of(std::vector<bool>(input.trains.size(), true)));
    check_newcomers(input, rows, saved.model, options, context.log);
    harmonised.prepare(input, rows);
    input.files.insert(input.files.begin(), {saved.path, saved.sha256});
    context.log.info(
        described(input) + "; " + described(saved.model.options) +
        (options.given("shard") ? "; shard " + options.text("shard") + ", " + base::counted(rows.size(), "image") : ""));
    const auto backend = backend_on_device(context);
    const std::optional<stats::CombatModel> more_sites =
        options.text("unseen-site") == "estimate"
            ? with_unseen_sites(input, saved.model, *backend, workspace, context, stats::KeepIds::no)
            : std::nullopt;
    if (options.given("train-where")) check_all_estimated(input, rows, more_sites ? *more_sites : saved.model);
    harmonised.write(input, rows, more_sites ? *more_sites : saved.model, *backend, input.files);
    if (input.matrix) input.files.insert(input.files.begin(), {options.text("input"), input.matrix->sha256()});
    results.commit(input.files);
}

cli::CommandSpec declared() {
    cli::CommandSpec spec;
    spec.verb = "apply";
    spec.group = "Harmonise";
    spec.summary = "Harmonise new subjects with a fitted model";
    spec.description = {
        "Applies a model that tare-fit or tare-harmonise wrote. Sites, columns and levels are matched by name. The model is "
        "frozen: one "
        "subject alone gives the same values as in any table, in any order.",
        "A site, a level or a covariate that the model needs and does not find is an error, never a guess."};
    spec.groups = {table_options(true), image_options(false), feature_options(true)};
    spec.groups[1].options.push_back(shard_option("the images, in the order of --participants"));
    spec.groups.push_back({"Model",
                           {{"model",
                             cli::OptionKind::path,
                             "FILE",
                             "The model to apply: a file, or the folder of a model of images or of a matrix.",
                             {},
                             true},
                            unseen_site_option(true),
                            {"training-subjects",
                             cli::OptionKind::choice,
                             "POLICY",
                             "People whom the model was fitted on (by the hashes of their ids in it): harmonise them with a "
                             "warning, refuse, or allow them.",
                             "warn",
                             false,
                             {"warn", "error", "allow"}},
                            {"hold-out-covariates", cli::OptionKind::list, "COLUMNS",
                             "Covariates that must stay unknown, such as the target of a prediction: their training mean is "
                             "used, and the columns need not be there."},
                            {"train-where", cli::OptionKind::text, "CONDITION",
                             "With --unseen-site estimate: estimate on the rows that satisfy a condition such as "
                             "'diagnosis==control' only."}}});
    spec.groups.push_back(
        {"Results",
         {{"output", cli::OptionKind::output, "FILE", "Harmonised table or matrix; - is standard output.", "-"},
          return_option()}});
    for (const cli::OptionSpec& option : image_result_options()) spec.groups.back().options.push_back(option);
    spec.examples = {{"Fit on a cohort, then harmonise people who came later",
                      "tare-fit --input cohort.tsv --covariates age,sex --model fitted.json && "
                      "tare-apply --model fitted.json --input newcomers.tsv --output newcomers_harmonised.tsv"},
                     {"The thicknesses only, leaving people of unknown sites as they are",
                      "tare-apply --model fitted.json --input newcomers.tsv --features '*_thickness' --unseen-site keep > "
                      "thicknesses.tsv"}};
    spec.device = device_that_is_there;
    spec.run = run;
    return spec;
}

}  // namespace

const cli::CommandSpec& apply() {
    static const cli::CommandSpec spec = declared();
    return spec;
}

}  // namespace tare::commands
