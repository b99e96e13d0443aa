// tare-apply: a model and new data to harmonised values.
#include "fitting.hpp"
#include "option_groups.hpp"
#include "tare/commands/registry.hpp"
#include "tare/io/table_writer.hpp"

namespace tare::commands {
namespace {

void run(const cli::ParsedOptions& options, cli::Context& context) {
    Results results(apply(), options, context);
    for (const char* name : {"model", "input", "participants"}) {
        if (options.given(name)) results.protect(options.text(name));
    }
    io::Output& output = results.open(options.text("output"));

    const io::SavedModel saved = io::read_model(options.text("model"), context.resources);
    CohortInput input = read_sample(options, saved, context);
    input.files.insert(input.files.begin(), {options.text("model"), saved.sha256});
    context.log.info(described(input) + "; " + described(saved.model.options));
    const auto backend = compute::make_cpu_backend(context.resources.threads);
    stats::apply(saved.model, input.cohort,
                 options.text("unseen-site") == "keep" ? stats::UnseenSite::keep : stats::UnseenSite::error, *backend,
                 context.log);

    input.table.features = std::move(input.cohort.features);
    io::write_table(output, input.table, io::output_delimiter(output.path(), input.table.delimiter), context.resources);
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
    spec.groups = {table_options(true, true), feature_options(true)};
    spec.groups.push_back(
        {"Model", {{"model", cli::OptionKind::path, "FILE", "The model to apply.", {}, true}, unseen_site_option()}});
    spec.groups.push_back(
        {"Results", {{"output", cli::OptionKind::output, "FILE", "Harmonised table; - is standard output.", "-"}}});
    spec.examples = {{"Fit on a cohort, then harmonise people who came later",
                      "tare-fit --input cohort.tsv --covariates age,sex --model fitted.json && "
                      "tare-apply --model fitted.json --input newcomers.tsv --output newcomers_harmonised.tsv"},
                     {"The thicknesses only, leaving people of unknown sites as they are",
                      "tare-apply --model fitted.json --input newcomers.tsv --features '*_thickness' --unseen-site keep > "
                      "thicknesses.tsv"}};
    spec.run = run;
    return spec;
}

}  // namespace

const cli::CommandSpec& apply() {
    static const cli::CommandSpec spec = declared();
    return spec;
}

}  // namespace tare::commands
