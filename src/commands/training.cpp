// Moments of training rows, and the mask of images that came without one.
#include "training.hpp"

#include <algorithm>

#include "design_choice.hpp"
#include "device_choice.hpp"
#include "method_choice.hpp"
#include "tare/base/error.hpp"
#include "tare/base/sha256.hpp"
#include "tare/base/text.hpp"
#include "tare/stats/extension.hpp"
#include "tare/stats/usable_features.hpp"
#include "value_rows.hpp"

namespace tare::commands {
namespace {

/// Where no mask says which voxels, those without a logarithm are none of them.
stats::NotPositive may_choose_voxels(const CohortInput& input) {
    return input.kind == ValueKind::images && !input.masked ? stats::NotPositive::missing : stats::NotPositive::fault;
}

}  // namespace

stats::Moments training_moments(CohortInput& input, const cli::ParsedOptions& options, base::Workspace& workspace,
                                cli::Context& context) {
    const data::TrainingSet everyone = data::split_cohort(input.cohort, input.trains).training;
    std::vector<bool> chosen(input.trains.size(), false);
    for (const data::Index row : rows_of_shard(shard_of(options), everyone.rows()))
        chosen[static_cast<std::size_t>(row)] = true;
    const stats::MomentsRequest request{
        stats::learn_design(everyone, mean_covariates(options), smooth_requests(options)), input.features,
        input.kind == ValueKind::images ? stats::Gaps::spoil_features : stats::Gaps::missing_cells,
        options.flag("no-training-ids") ? stats::KeepIds::no : stats::KeepIds::yes};
    // Where results are written too, applying says it of everyone.
    if (!options.declares("return"))
        stats::warn_of_extrapolation(request.design, input.cohort, everyone.rows(), context.log);
    // One thread is busy with the checksum of a matrix while its rows go by.
    const int threads = std::max(1, context.resources.threads - (input.matrix ? 1 : 0));
    ValueRows values(input, transform_option(options), may_choose_voxels(input));
    stats::Moments moments = stats::moments_of(data::split_cohort(input.cohort, chosen).training, request, values.source(),
                                               *backend_on_device(context, threads), workspace, context.log);
    moments.transform = transform_option(options);
    return moments;
}

std::optional<stats::CombatModel> with_unseen_sites(CohortInput& input, const stats::CombatModel& model,
                                                    const compute::Backend& backend, base::Workspace& workspace,
                                                    cli::Context& context, stats::KeepIds keep_ids) {
    std::vector<bool> chosen = input.trains;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
        if (std::binary_search(model.sites.begin(), model.sites.end(), input.cohort.sites[i])) chosen[i] = false;
    }
    if (positions_of(chosen).empty()) return std::nullopt;
    if (input.images != nullptr) input.images->choose(model.features);
    ValueRows values(input, model.transform, stats::NotPositive::fault);
    const data::TrainingSet newcomers = data::split_cohort(input.cohort, chosen).training;
    const stats::MomentsRequest request{model.design, input.features, stats::Gaps::missing_cells, keep_ids};
    stats::Moments moments = stats::moments_of(newcomers, request, values.source(), backend, workspace, context.log);
    moments.transform = model.transform;
    std::vector<std::string> sites;
    for (std::size_t s = 0; s < moments.sites.size(); ++s) {
        sites.push_back(moments.sites[s] + " (" +
                        base::counted(static_cast<std::size_t>(moments.site_subjects[s]), "subject") + ")");
    }
    context.log.warn("effects of " + base::counted(sites.size(), "site") +
                     " estimated with the rest of the model as it is: " + base::joined(sites));
    if (!stats::needs_rows(model.options)) return stats::extended(model, moments, backend, workspace, context.log);
    stats::TrainingRows rows =
        stats::training_rows(newcomers, moments, model.scale_design, values.source(), workspace, context.log);
    return stats::extended(model, moments, backend, workspace, context.log, &rows);
}

stats::Moments within_mask(stats::Moments moments, const cli::ParsedOptions& options, base::Workspace& workspace,
                           base::Log& log) {
    if (moments.features.kind() != data::FeatureKind::voxels) {
        if (options.given("mask-threshold")) throw base::usage_error("--mask-threshold is for moments of images");
        return moments;
    }
    const auto all = static_cast<std::size_t>(moments.features.grid().values());
    const bool masked = moments.feature_count() < static_cast<stats::Index>(all);
    if (masked && !options.given("mask-threshold")) return moments;
    const std::vector<stats::Index> usable = stats::usable_features(moments, options.number("mask-threshold"));
    log.info("mask: " + std::to_string(usable.size()) + " of " + base::counted(all, "voxel") + " are finite and vary" +
             (options.given("mask-threshold") ? " and have a mean above " + options.text("mask-threshold") : ""));
    if (static_cast<stats::Index>(usable.size()) == moments.feature_count()) return moments;
    return stats::selected(moments, usable, workspace);
}

std::string training_fingerprint(CohortInput& input) {
    std::string all;
    for (const data::Index row : positions_of(input.trains)) {
        for (const io::InputFile& file : input.images->files(row)) all += file.sha256 + "\n";
    }
    return base::sha256_hex(all);
}

void add_image_files(CohortInput& input) {
    if (input.images == nullptr) return;
    for (std::size_t i = 0; i < input.images->set().paths.size(); ++i) {
        const std::vector<io::InputFile>& files = input.images->known_files(static_cast<data::Index>(i));
        input.files.insert(input.files.end(), files.begin(), files.end());
    }
}

}  // namespace tare::commands
