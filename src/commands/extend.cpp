// Rows of sites that the model knows are left out; options that would choose a design say nothing here, the model has one.
#include "extend.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include "device_choice.hpp"
#include "fitting.hpp"
#include "method_choice.hpp"
#include "tare/base/error.hpp"
#include "tare/base/text.hpp"
#include "training.hpp"

namespace tare::commands {
namespace {

void refuse_design_options(const cli::ParsedOptions& options) {
    constexpr std::array names{"moments",   "covariates", "categorical",      "smooth",     "smooth-bounds", "features",
                               "exclude",   "mask",       "mask-threshold",   "method",     "prior",         "mean-only",
                               "reference", "convention", "min-per-site",     "transform",  "robust",        "travelling",
                               "subject",   "sigma",      "scale-covariates", "components", "explained",     "no-scale",
                               "site-order"};
    for (const char* name : names) {
        if (options.given(name)) {
            throw base::usage_error("--" + std::string(name) + " does not go with --extend",
                                    "the model says how it was made, and the new sites follow it");
        }
    }
}

}  // namespace

void extend_model(const cli::CommandSpec& spec, const cli::ParsedOptions& options, cli::Context& context) {
    refuse_design_options(options);
    const std::string from = options.text("extend");
    const bool folder = std::filesystem::is_directory(from);
    const std::string target = options.text(options.given("model") ? "model" : "output");
    Results results(spec, options, context);
    results.protect_given({"input", "participants"});
    results.protect(folder ? from + "/model.json" : from);
    if (folder) check_folder_name(target, "models of images and matrices", context.force);
    io::Output& output = folder ? results.open_in(target, "model.json") : results.open(target);

    base::Workspace workspace(context.resources);
    const io::SavedModel saved = io::read_model(from, context.resources, workspace);
    if (!saved.model.next.empty()) {
        throw base::usage_error("--extend: the model has several batch variables, and sites are added to one",
                                "fit again with the new site");
    }
    CohortInput input = read_sample(options, saved, context);
    std::size_t known = 0;
    for (const std::string& site : input.cohort.sites)
        known += std::binary_search(saved.model.sites.begin(), saved.model.sites.end(), site) ? 1U : 0U;
    context.log.info(described(input) + "; " + described(saved.model.options));
    const auto backend = backend_on_device(context);
    const auto keep =
        options.flag("no-training-ids") || saved.model.training.id_hashes.empty() ? stats::KeepIds::no : stats::KeepIds::yes;
    std::optional<stats::CombatModel> more = with_unseen_sites(input, saved.model, *backend, workspace, context, keep);
    if (!more) {
        throw base::inconsistent(input.table.source + ": every site that may teach is in " + saved.path + " already",
                                 "--extend adds sites; to learn known sites anew, fit again");
    }
    if (known > 0) {
        context.log.info(base::counted(known, "subject") + " of sites that the model knows left out");
    }
    if (input.matrix) input.files.insert(input.files.begin(), {options.text("input"), input.matrix->sha256()});
    add_image_files(input);
    input.files.insert(input.files.begin(), {saved.path, saved.sha256});
    io::write_model(output, results.outputs(), {*std::move(more), saved.columns, saved.parameters}, context.resources);
    results.commit(input.files);
}

}  // namespace tare::commands
