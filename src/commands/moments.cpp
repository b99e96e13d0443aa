// tare-moments: a cohort, or a part of one, to its per-site moments.
#include "device_choice.hpp"
#include "fitting.hpp"
#include "option_groups.hpp"
#include "tare/base/text.hpp"
#include "tare/commands/registry.hpp"
#include "tare/io/moments_file.hpp"
#include "training.hpp"

namespace tare::commands {
namespace {

void warn_of_what_is_revealed(const stats::Moments& made, base::Log& log) {
    const std::vector<std::string> revealing = stats::revealing_sites(made);
    if (!revealing.empty()) {
        log.warn("so few subjects at " + base::joined(revealing) +
                 " that the moments give every person's values back to someone who knows the covariates");
    }
    const std::vector<std::string> gaps = stats::sites_with_revealing_gaps(made);
    if (!gaps.empty()) {
        log.warn("features differ by so few missing cells at " + base::joined(gaps) +
                 " that comparing them gives single persons' covariates back; --exclude the features with missing cells, or "
                 "leave these persons out");
    }
}

void run(const cli::ParsedOptions& options, cli::Context& context) {
    Results results(moments(), options, context);
    results.protect_given({"input", "participants", "mask"});
    const bool to_folder = value_kind(options) != ValueKind::table;
    if (to_folder) check_folder_name(options.text("output"), "moments of images and matrices", context.force);
    io::Output& output =
        to_folder ? results.open_in(options.text("output"), "moments.json") : results.open(options.text("output"));

    if (options.list("site").size() > 1) {
        throw base::usage_error("--site: moments are of one batch variable",
                                "several are harmonised one after another, for which tare-fit needs the rows");
    }
    CohortInput input = read_training_cohort(options, context, Needed::training_shard);
    context.log.info(described(input));
    base::Workspace workspace(context.resources);
    stats::Moments made = training_moments(input, options, workspace, context);
    warn_of_what_is_revealed(made, context.log);
    if (input.matrix) input.files.insert(input.files.begin(), {options.text("input"), input.matrix->sha256()});
    add_image_files(input);
    io::write_moments(output, results.outputs(), {std::move(made), input.columns, shaping_parameters(moments(), options)},
                      context.resources);
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
    spec.groups = {table_options(false), image_options(false), feature_options(false), design_options()};
    spec.groups[1].options.push_back({"mask",
                                      cli::OptionKind::path,
                                      "FILE",
                                      "Image that is not 0 in the voxels to harmonise.",
                                      {},
                                      false,
                                      {},
                                      "all voxels; tare-fit chooses"});
    spec.groups.push_back({"Results",
                           {{"output", cli::OptionKind::output, "FILE",
                             "The moments: a file (- is standard output), for images and matrices a folder.", "-"},
                            shard_option("the training rows, in the order of the table"),
                            no_training_ids_option()}});
    spec.examples = {
        {"The moments of one centre", "tare-moments --input centre_a.tsv --covariates age,sex --output centre_a.json"}};
    spec.notes = {
        "Parts of one cohort must be made with the same --covariates, --categorical and --features. Levels may differ: they "
        "are "
        "matched by name when moments are merged."};
    spec.device = device_that_is_there;
    spec.run = run;
    return spec;
}

}  // namespace

const cli::CommandSpec& moments() {
    static const cli::CommandSpec spec = declared();
    return spec;
}

}  // namespace tare::commands
