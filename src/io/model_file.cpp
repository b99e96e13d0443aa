// A ComBat model to and from JSON.
#include "tare/io/model_file.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "method_parts.hpp"
#include "saved_arrays.hpp"
#include "saved_parts.hpp"

namespace tare::io {
namespace {

using Json = nlohmann::ordered_json;
using base::Index;
using stats::CellStatus;

constexpr int newest_version = 1;
constexpr const char* format_name = "tare-model";

constexpr std::array prior_names{"parametric", "nonparametric", "none"};
constexpr std::array convention_names{"tare", "neurocombat"};
/// Cells of a status of their own, by the key that lists them; all other cells are adjusted in location and scale.
constexpr std::array<std::pair<const char*, CellStatus>, 4> status_keys{{{"single_subject", CellStatus::single_subject},
                                                                         {"constant_within_site", CellStatus::constant},
                                                                         {"unchanged", CellStatus::unchanged},
                                                                         {"absent", CellStatus::absent}}};

/// The cells of a status by name, where there are few features enough to name.
Json named_status_json(const stats::CombatModel& model) {
    Json json;
    for (const auto& [key, status] : status_keys) {
        json[key] = Json::object();
        for (std::size_t s = 0; s < model.sites.size(); ++s) {
            Json names = Json::array();
            for (Index f = 0; f < model.features.count(); ++f) {
                if (model.status(static_cast<Index>(s), f) == status) names.push_back(model.features.name(f));
            }
            if (!names.empty()) json[key][model.sites[s]] = std::move(names);
        }
    }
    return json;
}

Json status_json(const stats::CombatModel& model, ArrayWriter& arrays) {
    if (!arrays.in_files()) return named_status_json(model);
    base::Matrix<unsigned char> codes(model.status.rows(), model.status.columns());
    std::transform(model.status.data(), model.status.data() + model.status.size(), codes.data(),
                   [](CellStatus status) { return static_cast<unsigned char>(status); });
    Json json = arrays.codes("status", codes);
    json["codes"] = {{"adjusted", 0}};
    for (const auto& [key, status] : status_keys) json["codes"][key] = static_cast<int>(status);
    return json;
}

base::Matrix<CellStatus> read_status_file(const JsonPart& part, Index sites, ArrayReader& arrays) {
    const base::Matrix<unsigned char> codes = arrays.codes(part, sites);
    base::Matrix<CellStatus> status(codes.rows(), codes.columns());
    for (Index i = 0; i < codes.size(); ++i) {
        if (codes.data()[i] > static_cast<unsigned char>(CellStatus::absent)) part.at("file").fail("holds an unknown code");
        status.data()[i] = static_cast<CellStatus>(codes.data()[i]);
    }
    return status;
}

base::Matrix<CellStatus> read_named_status(const JsonPart& part, const stats::CombatModel& model) {
    const std::vector<std::string> features = model.features.names();
    base::Matrix<CellStatus> status(static_cast<Index>(model.sites.size()), model.features.count(), CellStatus::adjusted);
    for (const auto& [key, value] : status_keys) {
        const JsonPart by_site = part.at(key);
        for (const std::string& site : by_site.keys()) {
            const auto s = std::find(model.sites.begin(), model.sites.end(), site);
            if (s == model.sites.end()) by_site.fail("names the unknown site '" + site + "'");
            // Both lists are in the order of the features, so one walk finds every name.
            auto f = features.begin();
            for (const std::string& name : by_site.at(site).texts()) {
                f = std::find(f, features.end(), name);
                if (f == features.end()) by_site.fail("names the unknown feature '" + name + "'");
                status(s - model.sites.begin(), f - features.begin()) = value;
            }
        }
    }
    return status;
}

Json prior_json(const stats::CombatModel& model) {
    Json json{{"gamma_bar", Json::array()}, {"tau2", Json::array()}, {"a", Json::array()}, {"b", Json::array()}};
    for (const auto& prior : model.prior) {
        const double none = std::numeric_limits<double>::quiet_NaN();
        json["gamma_bar"].push_back(prior ? prior->gamma_bar : none);
        json["tau2"].push_back(prior ? prior->tau2 : none);
        json["a"].push_back(prior ? prior->a : none);
        json["b"].push_back(prior ? prior->b : none);
    }
    return json;
}

std::vector<std::optional<compute::SitePrior>> read_prior(const JsonPart& part, Index sites) {
    const auto gamma_bar = part.at("gamma_bar").numbers(sites, true), tau2 = part.at("tau2").numbers(sites, true);
    const auto a = part.at("a").numbers(sites, true), b = part.at("b").numbers(sites, true);
    std::vector<std::optional<compute::SitePrior>> out(gamma_bar.size());
    for (std::size_t s = 0; s < out.size(); ++s) {
        if (!std::isnan(gamma_bar[s])) out[s] = compute::SitePrior{gamma_bar[s], tau2[s], a[s], b[s]};
    }
    return out;
}

/// γ* and δ* must be usable wherever a value may be adjusted.
void check_effects(const JsonPart& root, const stats::CombatModel& model) {
    for (Index s = 0; s < model.status.rows(); ++s) {
        for (Index f = 0; f < model.status.columns(); ++f) {
            if (model.status(s, f) == CellStatus::absent) continue;
            if (!std::isfinite(model.grand_mean[static_cast<std::size_t>(f)]))
                root.at("grand_mean").fail("lacks a value that its status calls for");
            if (!std::isfinite(model.gamma_star(s, f)))
                root.at("gamma_star").fail("lacks a value that its status calls for");
            if (!(model.delta_star(s, f) > 0.0)) root.at("delta_star").fail("has a value that is no variance");
            if (!model.site_shift.empty() && !std::isfinite(model.site_shift(s, f)))
                root.at("site_shift").fail("lacks a value that its status calls for");
        }
    }
    for (const auto& [key, variances] :
         {std::pair("gamma_variance", &model.gamma_variance), std::pair("delta_variance", &model.delta_variance)}) {
        for (Index i = 0; i < variances->size(); ++i) {
            if (variances->data()[i] < 0.0) root.at(key).fail("has a value that is no variance");
        }
    }
    for (const double variance : model.pooled_variance) {
        if (!(variance >= 0.0)) root.at("pooled_variance").fail("has a value that is no variance");
    }
}

/// Everything of a model but what all models of a sequence share.
void put_model(Json& json, const stats::CombatModel& model, const ColumnNames& columns, ArrayWriter& arrays) {
    json["method"] = method_name(model.options.method);
    json["convention"] = convention_names[static_cast<std::size_t>(model.options.convention)];
    json["options"] = {{"prior", prior_names[static_cast<std::size_t>(model.options.prior)]},
                       {"mean_only", model.options.mean_only},
                       {"min_per_site", model.options.min_per_site}};
    json["transform"] = transform_name(model.transform);
    put_method_options(json["options"], model.options);
    json["options"]["reference"] = model.options.reference ? Json(*model.options.reference) : Json();
    json["sites"] = sites_json(model.sites, model.site_subjects);
    json["design"] = design_json(model.design, columns);
    json["grand_mean"] = arrays.list("grand_mean", model.grand_mean);
    json["pooled_variance"] = arrays.list("pooled_variance", model.pooled_variance);
    if (model.features.kind() == data::FeatureKind::voxels) {
        // For the eye: in the units of the images.
        std::vector<double> pooled_sd(model.pooled_variance.size());
        std::transform(model.pooled_variance.begin(), model.pooled_variance.end(), pooled_sd.begin(),
                       [](double variance) { return std::sqrt(variance); });
        json["pooled_sd"] = arrays.list("pooled_sd", pooled_sd);
    }
    json["covariate_mean"] = model.covariate_mean;
    json["coefficients"] = Json::object();
    const std::vector<std::string> terms = model.design.terms();
    for (std::size_t j = 0; j < terms.size(); ++j) {
        json["coefficients"][terms[j]] =
            arrays.list("coefficient_" + terms[j], model.coefficients.row(static_cast<Index>(j)));
    }
    put_method(json, model, arrays);
    json["gamma_hat"] = arrays.rows("gamma_hat", rows_of(model.gamma_hat));
    json["delta_hat"] = arrays.rows("delta_hat", rows_of(model.delta_hat));
    json["gamma_star"] = arrays.rows("gamma_star", rows_of(model.gamma_star));
    json["delta_star"] = arrays.rows("delta_star", rows_of(model.delta_star));
    json["gamma_variance"] = arrays.rows("gamma_variance", rows_of(model.gamma_variance));
    json["delta_variance"] = arrays.rows("delta_variance", rows_of(model.delta_variance));
    if (!model.observed.empty()) json["n"] = arrays.rows("n", rows_of(model.observed));
    json["prior"] = prior_json(model);
    json["status"] = status_json(model, arrays);
    model.release();
}

void read_model_part(const JsonPart& root, stats::CombatModel& model, ArrayReader& arrays, base::Workspace& workspace) {
    model.options.convention = static_cast<stats::Convention>(read_choice(root.at("convention"), convention_names));
    model.options.method = read_method_name(root.at("method"));
    model.transform = read_transform(root.at("transform"));
    const JsonPart options = root.at("options");
    read_method_options(options, model.options);
    model.options.prior = static_cast<stats::PriorKind>(read_choice(options.at("prior"), prior_names));
    model.options.mean_only = options.at("mean_only").boolean();
    model.options.min_per_site = options.at("min_per_site").count();
    if (!options.at("reference").is_null()) model.options.reference = options.at("reference").text();

    SiteList sites = read_sites(root.at("sites"));
    model.sites = std::move(sites.names);
    model.site_subjects = std::move(sites.subjects);
    const std::optional<std::string>& reference = model.options.reference;
    if (reference && std::find(model.sites.begin(), model.sites.end(), *reference) == model.sites.end())
        options.at("reference").fail("names no site of the model");
    model.design = read_design(root.at("design"));
    const auto site_count = static_cast<Index>(model.sites.size());
    model.grand_mean = arrays.list(root.at("grand_mean"), true);
    model.pooled_variance = arrays.list(root.at("pooled_variance"));
    model.coefficients = workspace.matrix<double>(model.design.term_count(), model.features.count());
    const std::vector<std::string> terms = model.design.terms();
    for (std::size_t j = 0; j < terms.size(); ++j) {
        const std::vector<double> row = arrays.list(root.at("coefficients").at(terms[j]));
        std::copy(row.begin(), row.end(), model.coefficients.row(static_cast<Index>(j)).begin());
    }
    read_method(root, model, arrays, workspace);
    model.gamma_hat = arrays.rows(root.at("gamma_hat"), site_count, true);
    model.delta_hat = arrays.rows(root.at("delta_hat"), site_count, true);
    model.gamma_star = arrays.rows(root.at("gamma_star"), site_count, true);
    model.delta_star = arrays.rows(root.at("delta_star"), site_count, true);
    model.gamma_variance = arrays.rows(root.at("gamma_variance"), site_count, true);
    model.delta_variance = arrays.rows(root.at("delta_variance"), site_count, true);
    if (root.has("n")) model.observed = arrays.rows(root.at("n"), site_count);
    model.covariate_mean = root.at("covariate_mean").numbers(model.design.term_count());
    model.prior = read_prior(root.at("prior"), site_count);
    model.status = arrays.in_files() ? read_status_file(root.at("status"), site_count, arrays)
                                     : read_named_status(root.at("status"), model);
    check_effects(root, model);
    model.release();
}

}  // namespace

std::string prior_name(stats::PriorKind prior) {
    return prior_names[static_cast<std::size_t>(prior)];
}

std::string convention_name(stats::Convention convention) {
    return convention_names[static_cast<std::size_t>(convention)];
}

void write_model(Output& output, OutputSet& beside, const SavedModel& saved, const base::Resources& resources) {
    const stats::CombatModel& model = saved.model;
    ArrayWriter arrays(model.features, folder_of(output.path()), beside, resources);
    Json json = begin_document(format_name, newest_version);
    json["features"] = arrays.features_json();
    put_model(json, model, saved.columns, arrays);
    for (std::size_t k = 0; k < model.next.size(); ++k) {
        ColumnNames columns = saved.columns;
        columns.site = columns.more_sites[k];
        Json stage;
        arrays.begin_names_with("stage" + std::to_string(k + 2) + "_");
        put_model(stage, model.next[k], columns, arrays);
        json["next"].push_back(std::move(stage));
    }
    json["training"] = training_json(model.training);
    json["provenance"] = provenance_json(saved.parameters);
    write_document(output, json);
}

SavedModel read_model(const std::string& path, const base::Resources& resources, base::Workspace& workspace) {
    const std::string file = document_in(path, "model.json");
    const JsonDocument document = read_json(file, format_name, newest_version, resources);
    const JsonPart root = document.root();
    SavedModel saved;
    saved.path = file;
    saved.sha256 = document.sha256;
    if (root.has("tool")) saved.tool = root.at("tool").text();
    stats::CombatModel& model = saved.model;
    ArrayReader arrays(file, resources, workspace);
    model.features = read_features(root.at("features"), arrays);
    saved.columns = read_columns(root.at("design"));
    read_model_part(root, model, arrays, workspace);
    if (root.has("next")) {
        for (const JsonPart& part : root.at("next").items()) {
            saved.columns.more_sites.push_back(read_columns(part.at("design")).site);
            stats::CombatModel& stage = model.next.emplace_back();
            stage.features = model.features;
            read_model_part(part, stage, arrays, workspace);
        }
    }
    model.training = read_training(root.at("training"));
    saved.parameters = read_parameters(root.at("provenance"));
    return saved;
}

}  // namespace tare::io
