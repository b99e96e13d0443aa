// Models and moments, read as the commands read them: what they say is checked by their readers.
#include "inspect_parts.hpp"
#include "method_parts.hpp"
#include "tare/io/factor_model_file.hpp"
#include "tare/io/intensity_model_file.hpp"
#include "tare/io/moments_file.hpp"

namespace tare::io::detail {

namespace {

/// `part` is a model or moments: both have these members.
template <typename Part>
FitInfo fit_info(const Part& part, const ColumnNames& columns, const std::string& tool) {
    FitInfo info;
    info.tool = tool;
    info.features = part.features;
    for (std::size_t s = 0; s < part.sites.size(); ++s) {
        info.sites.emplace_back(part.sites[s], static_cast<std::uint64_t>(part.site_subjects[s]));
    }
    info.covariates = part.design.columns;
    info.columns = columns;
    info.training = part.training.n;
    info.keeps_ids = !part.training.id_hashes.empty();
    info.transform = part.transform;
    return info;
}

}  // namespace

ModelInfo inspect_model(const std::string& path, const base::Resources& resources, std::string& sha256) {
    base::Workspace workspace(resources);
    const SavedModel saved = read_model(path, resources, workspace);
    sha256 = saved.sha256;
    return {method_name(saved.model.options.method), saved.model.options, fit_info(saved.model, saved.columns, saved.tool),
            stats::site_uncertainties(saved.model)};
}

MomentsInfo inspect_moments(const std::string& path, const base::Resources& resources, std::string& sha256) {
    base::Workspace workspace(resources);
    const SavedMoments saved = read_moments(path, resources, workspace);
    sha256 = saved.sha256;
    return {fit_info(saved.moments, saved.columns, saved.tool)};
}

NormalisationInfo inspect_intensity_model(const std::string& path, const base::Resources& resources, std::string& sha256) {
    const IntensityModel model = read_intensity_model(path, resources);
    sha256 = model.sha256;
    return {model.method, model.images, model.parameters, model.standard, 0, {}};
}

NormalisationInfo inspect_factor_model(const std::string& path, const base::Resources& resources, std::string& sha256) {
    const FactorModel model = read_factor_model(path, resources);
    sha256 = model.files.front().sha256;
    return {"ravel", model.images, model.parameters, {}, model.maps.gamma.rows(), model.features};
}

}  // namespace tare::io::detail
