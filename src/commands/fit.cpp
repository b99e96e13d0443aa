// tare-fit: a cohort, or moments, to a model.
#include <algorithm>
#include <array>
#include <filesystem>

#include "device_choice.hpp"
#include "extend.hpp"
#include "fitting.hpp"
#include "method_choice.hpp"
#include "option_groups.hpp"
#include "tare/base/error.hpp"
#include "tare/commands/registry.hpp"
#include "tare/io/moments_file.hpp"
#include "training.hpp"

namespace tare::commands {
namespace {

/// Moments have their design and features in them: options that would choose these say nothing there.
void refuse_table_options(const cli::ParsedOptions& options) {
    constexpr std::array names{"participants",  "id",          "session",  "site",    "covariates", "categorical", "smooth",
                               "smooth-bounds", "train-where", "features", "exclude", "mask"};
    for (const char* name : names) {
        if (options.given(name)) {
            throw base::usage_error("--" + std::string(name) + " does not go with --moments",
                                    "the moments were made with their own design: give it to tare-moments");
        }
    }
}

/// The moments of --moments, and the parameters that they and the fit were shaped by.
io::SavedMoments given_moments(const cli::ParsedOptions& options, const stats::CombatOptions& method, bool to_folder,
                               base::Workspace& workspace, const base::Resources& resources) {
    refuse_table_options(options);
    if (stats::needs_rows(method)) {
        throw base::usage_error(options.flag("robust") ? "--robust does not follow from moments: it needs the rows"
                                                       : "--method " + options.text("method") +
                                                             " does not follow from moments: it needs the rows",
                                "give --input or --images");
    }
    io::SavedMoments saved = io::read_moments(options.text("moments"), resources, workspace);
    if ((saved.moments.features.kind() != data::FeatureKind::named) != to_folder) {
        throw base::usage_error("--moments: give the folder of the moments, not the document in it");
    }
    if (options.flag("no-training-ids")) saved.moments.training = {saved.moments.training.n, {}, {}};
    return saved;
}

/// What shaped the moments, then what shapes the fit.
io::Parameters united(io::Parameters of_moments, const io::Parameters& of_fit) {
    for (const auto& parameter : of_fit) {
        const bool known =
            std::any_of(of_moments.begin(), of_moments.end(), [&](const auto& p) { return p.first == parameter.first; });
        if (!known) of_moments.push_back(parameter);
    }
    return of_moments;
}

void run(const cli::ParsedOptions& options, cli::Context& context) {
    if (static_cast<int>(options.given("input")) + options.given("images") + options.given("moments") != 1) {
        throw base::usage_error("give one of --input, --images and --moments",
                                "--moments takes what tare-moments or tare-merge wrote");
    }
    if (options.given("model") == options.given("output")) {
        throw base::usage_error("name the model to write, once", "--model FILE (--output FILE means the same)");
    }
    if (options.given("extend")) return extend_model(fit(), options, context);
    const stats::CombatOptions method = combat_options(options);
    Results results(fit(), options, context);
    results.protect_given({"input", "participants", "mask"});
    const std::string from = options.text("moments");
    const bool from_folder = options.given("moments") && std::filesystem::is_directory(from);
    if (options.given("moments")) results.protect(from_folder ? from + "/moments.json" : from);
    const bool to_folder = from_folder || (!options.given("moments") && value_kind(options) != ValueKind::table);
    const std::string target = options.text(options.given("model") ? "model" : "output");
    if (to_folder) check_folder_name(target, "models of images and matrices", context.force);
    io::Output& output = to_folder ? results.open_in(target, "model.json") : results.open(target);

    const auto backend = backend_on_device(context);
    base::Workspace workspace(context.resources);
    io::Parameters parameters = shaping_parameters(fit(), options);
    if (options.given("moments")) {
        io::SavedMoments saved = given_moments(options, method, to_folder, workspace, context.resources);
        std::erase_if(parameters, [](const auto& p) { return p.first == "site" || p.first == "transform"; });
        parameters = united(saved.parameters, parameters);
        saved.moments = within_mask(std::move(saved.moments), options, workspace, context.log);
        context.log.info(described(method));
        stats::CombatModel model = stats::fit(saved.moments, method, *backend, workspace, context.log);
        io::write_model(output, results.outputs(), {std::move(model), saved.columns, parameters}, context.resources);
        return results.commit({{saved.path, saved.sha256}});
    }
    CohortInput input = read_training_cohort(options, context, Needed::training_shard);
    context.log.info(described(input) + "; " + described(method));
    stats::CombatModel model = fitted_model(input, options, method, *backend, workspace, context);
    if (input.matrix) input.files.insert(input.files.begin(), {options.text("input"), input.matrix->sha256()});
    add_image_files(input);
    io::write_model(output, results.outputs(), {std::move(model), input.columns, parameters}, context.resources);
    results.commit(input.files);
}

cli::CommandSpec declared() {
    cli::CommandSpec spec;
    spec.verb = "fit";
    spec.group = "Harmonise";
    spec.summary = "Fit a model of the site effects, to be applied later";
    spec.description = {
        "Fits ComBat on a table of subjects, or on moments that tare-moments made of one or many tables, and writes the "
        "model as one "
        "readable JSON file. A model holds parameters and no subject's values. tare-apply harmonises with it.",
        "Fitting and then applying to the same table gives, byte for byte, what tare-harmonise gives."};
    cli::OptionGroup tables = table_options(false);
    tables.options.push_back({"moments", cli::OptionKind::path, "FILE",
                              "Moments instead of a cohort: a file, or the folder of moments of images or of a matrix."});
    tables.options.push_back(
        {"extend", cli::OptionKind::path, "MODEL",
         "Add the sites of --input or --images that this model has never seen, and change nothing else; "
         "with --train-where, from some of their subjects."});
    spec.groups = {tables, image_options(true), feature_options(false), design_options(), method_options()};
    spec.groups.push_back({"Results",
                           {{"model", cli::OptionKind::output, "FILE",
                             "The model: a file (- is standard output), for images and matrices a folder."},
                            {"output", cli::OptionKind::output, "FILE", "The same as --model."},
                            no_training_ids_option()}});
    spec.examples = {
        {"Fit on the controls of a cohort",
         "tare-fit --input cohort.tsv --covariates age,sex --train-where 'diagnosis==control' --model controls.json"},
        {"Fit on moments that two centres made",
         "tare-moments --input centre_a.tsv --covariates age,sex --output a.json && "
         "tare-moments --input centre_b.tsv --covariates age,sex --output b.json && "
         "tare-merge a.json b.json --output both.json && tare-fit --moments both.json --model both_model.json"},
        {"Add a centre that came later, from its controls, and leave all else as it was",
         "tare-fit --input centre_a.tsv --covariates age,sex --model first.json && tare-fit --extend first.json --input "
         "centre_b.tsv --train-where 'diagnosis==control' --model both_centres.json"}};
    spec.notes = {"The keys of a model are described in docs/model.md."};
    spec.device = device_that_is_there;
    spec.run = run;
    return spec;
}

}  // namespace

const cli::CommandSpec& fit() {
    static const cli::CommandSpec spec = declared();
    return spec;
}

}  // namespace tare::commands
