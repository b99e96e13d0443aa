// tare-harmonise: fit on all subjects, or on some, and write everybody's harmonised values.
#include "device_choice.hpp"
#include "harmonised.hpp"
#include "method_choice.hpp"
#include "option_groups.hpp"
#include "tare/commands/registry.hpp"
#include "training.hpp"

namespace tare::commands {
namespace {

void run(const cli::ParsedOptions& options, cli::Context& context) {
    const bool resume = options.flag("resume");
    Results results(harmonise(), options, context, resume);
    results.protect_given({"input", "participants", "mask"});
    Harmonised harmonised(options, context, results);
    const bool in_files = value_kind(options) != ValueKind::table;
    io::Output* model_output = nullptr;
    if (options.given("model")) {
        if (in_files) check_folder_name(options.text("model"), "models of images and matrices", context.force || resume);
        model_output =
            in_files ? &results.open_in(options.text("model"), "model.json") : &results.open(options.text("model"));
    }

    const stats::CombatOptions method = combat_options(options);
    CohortInput input = read_training_cohort(options, context, Needed::everyone);
    const std::vector<data::Index> everyone = positions_of(std::vector<bool>(input.trains.size(), true));
    harmonised.prepare(input, everyone);
    context.log.info(described(input) + "; " + described(method));
    const auto backend = backend_on_device(context);
    base::Workspace workspace(context.resources);
    stats::CombatModel model = fitted_model(input, options, method, *backend, workspace, context);

    io::Parameters more;
    if (input.images != nullptr) more.emplace_back("training-images", training_fingerprint(input));
    harmonised.write(input, everyone, model, *backend, input.files, more);
    if (input.matrix) input.files.insert(input.files.begin(), {options.text("input"), input.matrix->sha256()});
    add_image_files(input);
    if (model_output != nullptr) {
        io::write_model(*model_output, results.outputs(),
                        {std::move(model), input.columns, shaping_parameters(harmonise(), options)}, context.resources);
    }
    results.commit(input.files);
}

cli::CommandSpec declared() {
    cli::CommandSpec spec;
    spec.verb = "harmonise";
    spec.group = "Harmonise";
    spec.summary = "Remove site effects from a table of measurements";
    spec.description = {
        "Estimates how every site shifts and scales every feature (ComBat: Johnson, Li and Rabinovic 2007; Fortin et al. "
        "2017, 2018) "
        "and writes the same table with these effects removed. The effects of the covariates are kept.",
        "Columns, rows and their order stay as they are; only feature cells change. Missing feature cells stay missing and "
        "take no "
        "part. Each result FILE gets a sidecar FILE.json that says how it was made."};
    spec.groups = {table_options(false), image_options(true), feature_options(false), design_options(), method_options()};
    spec.groups.push_back(
        {"Results",
         {{"output", cli::OptionKind::output, "FILE", "Harmonised table or matrix; - is standard output.", "-"},
          {"model", cli::OptionKind::output, "FILE",
           "Also write the fitted model, for tare-apply: a file, for images and matrices a folder."},
          return_option(),
          unseen_site_option(false),
          no_training_ids_option()}});
    for (const cli::OptionSpec& option : image_result_options()) spec.groups.back().options.push_back(option);
    spec.examples = {
        {"Harmonise every numeric column, keeping the effects of age, sex and diagnosis",
         "tare-harmonise --input cohort.tsv --covariates age,sex,diagnosis --output harmonised.tsv"},
        {"Learn from the controls only, harmonise everyone, and keep the model",
         "tare-harmonise --input cohort.tsv --covariates age,sex --train-where 'diagnosis==control' --model model.json "
         "--output from_controls.tsv"},
        {"Thicknesses only, to the values of one site, in a pipe",
         "gzip -c cohort.tsv | tare-harmonise --input - --features '*_thickness' --covariates age,sex --reference site-01 > "
         "piped.tsv"}};
    spec.notes = {
        "With --train-where only the rows that match teach the model; the others are harmonised like new subjects.",
        "One feature alone forms no prior: empirical Bayes is then switched off, with a warning. A site of one subject is "
        "adjusted in "
        "location only. A table is held in memory as a whole."};
    spec.device = device_that_is_there;
    spec.run = run;
    return spec;
}

}  // namespace

const cli::CommandSpec& harmonise() {
    static const cli::CommandSpec spec = declared();
    return spec;
}

}  // namespace tare::commands
