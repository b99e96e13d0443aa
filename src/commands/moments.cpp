// tare-moments: a cohort, or a part of one, to its per-site moments.
#include "fitting.hpp"
#include "option_groups.hpp"
#include "tare/base/text.hpp"
#include "tare/commands/registry.hpp"
#include "tare/io/moments_file.hpp"

namespace tare::commands {
namespace {

void run(const cli::ParsedOptions& options, cli::Context& context) {
    Results results(moments(), options, context);
    results.protect(options.text("input"));
    if (options.given("participants")) results.protect(options.text("participants"));
    io::Output& output = results.open(options.text("output"));

    CohortInput input = read_training_cohort(options, context);
    context.log.info(described(input));
    const auto backend = compute::make_cpu_backend(context.resources.threads);
    const stats::Moments made =
        stats::moments_of(data::split_cohort(input.cohort, input.trains).training, *backend,
                          options.flag("no-training-ids") ? stats::KeepIds::no : stats::KeepIds::yes);
    const std::vector<std::string> revealing = stats::revealing_sites(made);
    if (!revealing.empty()) {
        context.log.warn("so few subjects at " + base::joined(revealing) +
                         " that the moments give every person's values back to someone who knows the covariates");
    }
    const std::vector<std::string> gaps = stats::sites_with_revealing_gaps(made);
    if (!gaps.empty()) {
        context.log.warn(
            "features differ by so few missing cells at " + base::joined(gaps) +
            " that comparing them gives single persons' covariates back; --exclude the features with missing cells, or "
            "leave these persons out");
    }
    io::write_moments(output, {made, input.columns, shaping_parameters(moments(), options), {}});
    results.commit(input.files);
}

cli::CommandSpec declared() {
    cli::CommandSpec spec;
    spec.verb = "moments";
    spec.group = "Harmonise";
    spec.summary = "Reduce a cohort, or a part of it, to per-site moments";
    spec.description = {
        "Writes, for every site and feature, the count, means, sums of squares and cross products from which the whole fit "
        "follows. "
        "Moments of parts merge exactly (tare-merge), so a cohort can be cut over batch jobs or centres and fitted together "
        "(tare-fit --moments).",
        "The file is JSON that a person can read before it leaves a hospital. It holds sums and no subject's values; but a "
        "site with no "
        "more subjects than covariate terms plus one gives its values back, and a warning names such sites."};
    spec.groups = {table_options(false, true), feature_options(false), design_options()};
    spec.groups.push_back({"Results",
                           {{"output", cli::OptionKind::output, "FILE", "The moments; - is standard output.", "-"},
                            no_training_ids_option()}});
    spec.examples = {
        {"The moments of one centre", "tare-moments --input centre_a.tsv --covariates age,sex --output centre_a.json"}};
    spec.notes = {
        "Parts of one cohort must be made with the same --covariates, --categorical and --features. Levels may differ: they "
        "are "
        "matched by name when moments are merged."};
    spec.run = run;
    return spec;
}

}  // namespace

const cli::CommandSpec& moments() {
    static const cli::CommandSpec spec = declared();
    return spec;
}

}  // namespace tare::commands
