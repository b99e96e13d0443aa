// tare-merge: moments of parts to moments of the whole.
#include <filesystem>

#include "fitting.hpp"
#include "tare/base/error.hpp"
#include "tare/base/text.hpp"
#include "tare/commands/registry.hpp"
#include "tare/io/moments_file.hpp"

namespace tare::commands {
namespace {

void run(const cli::ParsedOptions& options, cli::Context& context) {
    std::vector<std::string> paths = options.list("input");
    paths.insert(paths.end(), options.operands().begin(), options.operands().end());
    if (paths.empty()) throw base::usage_error("no moments to merge", "tare-merge a.json b.json --output both.json");
    Results results(merge(), options, context);
    for (const std::string& path : paths) {
        results.protect(std::filesystem::is_directory(path) ? path + "/moments.json" : path);
    }
    const bool to_folder = std::filesystem::is_directory(paths.front());
    if (to_folder) check_folder_name(options.text("output"), "moments of images and matrices", context.force);
    io::Output& output =
        to_folder ? results.open_in(options.text("output"), "moments.json") : results.open(options.text("output"));

    base::Workspace workspace(context.resources);
    io::SavedMoments whole = io::read_moments(paths.front(), context.resources, workspace);
    if ((whole.moments.features.kind() != data::FeatureKind::named) != to_folder) {
        throw base::usage_error(paths.front() + ": name the folder of the moments, not the document in it");
    }
    std::vector<io::InputFile> files{{whole.path, whole.sha256}};
    for (std::size_t i = 1; i < paths.size(); ++i) {
        base::Workspace part_space(context.resources);
        const io::SavedMoments part = io::read_moments(paths[i], context.resources, part_space);
        files.push_back({part.path, part.sha256});
        try {
            whole.moments = stats::merge(whole.moments, part.moments, part_space);
        } catch (const base::Error& fault) {
            throw base::Error(fault.code(), paths[i] + ": does not go with what is before it: " + fault.what(),
                              fault.hint());
        }
        context.log.progress("merging", static_cast<double>(i + 1) / static_cast<double>(paths.size()));
    }
    context.log.info(base::counted(paths.size(), "part") + ": " +
                     base::counted(static_cast<std::size_t>(whole.moments.training.n), "subject") + " at " +
                     base::counted(whole.moments.sites.size(), "site"));
    io::write_moments(output, results.outputs(), whole, context.resources);
    results.commit(files);
}

cli::CommandSpec declared() {
    cli::CommandSpec spec;
    spec.verb = "merge";
    spec.group = "Harmonise";
    spec.summary = "Merge moments of parts into moments of the whole";
    spec.description = {
        "Merges what tare-moments wrote for parts of a cohort. The result is what the whole cohort would have given, to "
        "rounding (1e-10 relative), however it was cut. Sites, features, columns and levels are matched by name; the same "
        "subject in two parts is an error where the parts hold their ids' hashes."};
    spec.operands = "FILE...";
    spec.groups = {{"Moments",
                    {{"input", cli::OptionKind::list, "FILES", "Moments to merge, before those named as arguments."},
                     {"output", cli::OptionKind::output, "FILE",
                      "The merged moments: a file (- is standard output), for images and matrices a folder.", "-"}}}};
    spec.examples = {{"Two centres, one cohort",
                      "tare-moments --input centre_a.tsv --covariates age,sex --output part_a.json && "
                      "tare-moments --input centre_b.tsv --covariates age,sex --output part_b.json && "
                      "tare-merge part_a.json part_b.json --output whole.json"}};
    spec.run = run;
    return spec;
}

}  // namespace

const cli::CommandSpec& merge() {
    static const cli::CommandSpec spec = declared();
    return spec;
}

}  // namespace tare::commands
