// tare-harmonise: fit on all subjects, or on some, and write everybody's harmonised values.
#include "fitting.hpp"
#include "option_groups.hpp"
#include "tare/commands/registry.hpp"
#include "tare/io/table_writer.hpp"

namespace tare::commands {
namespace {

void run(const cli::ParsedOptions& options, cli::Context& context) {
    Results results(harmonise(), options, context);
    results.protect(options.text("input"));
    if (options.given("participants")) results.protect(options.text("participants"));
    io::Output& output = results.open(options.text("output"));
    io::Output* model_output = options.given("model") ? &results.open(options.text("model")) : nullptr;

    CohortInput input = read_training_cohort(options, context);
    const stats::CombatOptions method = combat_options(options);
    context.log.info(described(input) + "; " + described(method));
    const auto backend = compute::make_cpu_backend(context.resources.threads);
    const stats::Moments moments =
        stats::moments_of(data::split_cohort(input.cohort, input.trains).training, *backend,
                          options.flag("no-training-ids") ? stats::KeepIds::no : stats::KeepIds::yes);
    const stats::CombatModel model = stats::fit(moments, method, *backend, context.log);
    stats::apply(model, input.cohort,
                 options.text("unseen-site") == "keep" ? stats::UnseenSite::keep : stats::UnseenSite::error, *backend,
                 context.log);

    if (model_output != nullptr) {
        io::write_model(*model_output, {model, input.columns, shaping_parameters(harmonise(), options), {}});
    }
    input.table.features = std::move(input.cohort.features);
    io::write_table(output, input.table, io::output_delimiter(output.path(), input.table.delimiter), context.resources);
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
    spec.groups = {table_options(false, true), feature_options(false), design_options(), method_options()};
    spec.groups.push_back({"Results",
                           {{"output", cli::OptionKind::output, "FILE", "Harmonised table; - is standard output.", "-"},
                            {"model", cli::OptionKind::output, "FILE", "Also write the fitted model, for tare-apply."},
                            unseen_site_option(),
                            no_training_ids_option()}});
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
    spec.run = run;
    return spec;
}

}  // namespace

const cli::CommandSpec& harmonise() {
    static const cli::CommandSpec spec = declared();
    return spec;
}

}  // namespace tare::commands
