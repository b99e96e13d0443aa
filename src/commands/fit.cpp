// tare-fit: a cohort, or moments, to a model.
#include <algorithm>
#include <array>

#include "fitting.hpp"
#include "option_groups.hpp"
#include "tare/base/error.hpp"
#include "tare/commands/registry.hpp"
#include "tare/io/moments_file.hpp"

namespace tare::commands {
namespace {

/// Moments have their design and features in them: options that would choose these say nothing there.
void refuse_table_options(const cli::ParsedOptions& options) {
    constexpr std::array names{"participants", "id",          "session",  "site",   "covariates",
                               "categorical",  "train-where", "features", "exclude"};
    for (const char* name : names) {
        if (options.given(name)) {
            throw base::usage_error("--" + std::string(name) + " does not go with --moments",
                                    "the moments were made with their own design: give it to tare-moments");
        }
    }
}

io::SavedMoments moments_from_table(const cli::ParsedOptions& options, const compute::Backend& backend,
                                    cli::Context& context, std::vector<io::InputFile>& files) {
    CohortInput input = read_training_cohort(options, context);
    context.log.info(described(input));
    files = input.files;
    return {stats::moments_of(data::split_cohort(input.cohort, input.trains).training, backend,
                              options.flag("no-training-ids") ? stats::KeepIds::no : stats::KeepIds::yes),
            input.columns,
            shaping_parameters(fit(), options),
            {}};
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
    if (options.given("input") == options.given("moments")) {
        throw base::usage_error("give either --input or --moments",
                                "--input takes a table, --moments what tare-moments or tare-merge wrote");
    }
    if (options.given("model") == options.given("output")) {
        throw base::usage_error("name the model to write, once", "--model FILE (--output FILE means the same)");
    }
    Results results(fit(), options, context);
    for (const char* name : {"input", "participants", "moments"}) {
        if (options.given(name)) results.protect(options.text(name));
    }
    io::Output& output = results.open(options.text(options.given("model") ? "model" : "output"));

    const auto backend = compute::make_cpu_backend(context.resources.threads);
    std::vector<io::InputFile> files;
    io::SavedMoments saved;
    io::Parameters parameters = shaping_parameters(fit(), options);
    if (options.given("moments")) {
        refuse_table_options(options);
        saved = io::read_moments(options.text("moments"), context.resources);
        files.push_back({options.text("moments"), saved.sha256});
        if (options.flag("no-training-ids")) saved.moments.training = {saved.moments.training.n, {}, {}};
        std::erase_if(parameters, [](const auto& p) { return p.first == "site"; });
        parameters = united(saved.parameters, parameters);
    } else {
        saved = moments_from_table(options, *backend, context, files);
    }
    const stats::CombatOptions method = combat_options(options);
    context.log.info(described(method));
    const stats::CombatModel model = stats::fit(saved.moments, method, *backend, context.log);
    io::write_model(output, {model, saved.columns, parameters, {}});
    results.commit(files);
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
    cli::OptionGroup tables = table_options(false, false);
    tables.options.push_back({"moments", cli::OptionKind::path, "FILE", "Moments instead of a table."});
    spec.groups = {tables, feature_options(false), design_options(), method_options()};
    spec.groups.push_back({"Results",
                           {{"model", cli::OptionKind::output, "FILE", "The model; - is standard output."},
                            {"output", cli::OptionKind::output, "FILE", "The same as --model."},
                            no_training_ids_option()}});
    spec.examples = {
        {"Fit on the controls of a cohort",
         "tare-fit --input cohort.tsv --covariates age,sex --train-where 'diagnosis==control' --model controls.json"},
        {"Fit on moments that two centres made",
         "tare-moments --input centre_a.tsv --covariates age,sex --output a.json && "
         "tare-moments --input centre_b.tsv --covariates age,sex --output b.json && "
         "tare-merge a.json b.json --output both.json && tare-fit --moments both.json --model both_model.json"}};
    spec.notes = {"The keys of a model are described in docs/model.md."};
    spec.run = run;
    return spec;
}

}  // namespace

const cli::CommandSpec& fit() {
    static const cli::CommandSpec spec = declared();
    return spec;
}

}  // namespace tare::commands
