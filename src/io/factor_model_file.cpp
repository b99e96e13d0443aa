// A model of unwanted factors to and from its folder.
#include "tare/io/factor_model_file.hpp"

#include <cstdint>
#include <limits>

#include "saved_arrays.hpp"
#include "saved_parts.hpp"

namespace tare::io {
namespace {

constexpr int newest_version = 1;
constexpr const char* format_name = "tare-factor-model";
constexpr const char* method = "ravel";

}  // namespace

void write_factor_model(Output& output, OutputSet& beside, const FactorModel& model, const base::Resources& resources) {
    ArrayWriter arrays(model.features, folder_of(output.path()), beside, resources);
    nlohmann::ordered_json json = begin_document(format_name, newest_version);
    json["method"] = method;
    json["features"] = arrays.features_json();
    json["factors"] = model.maps.gamma.rows();
    json["mean"] = arrays.list("mean", model.maps.mean);
    json["gamma"] = arrays.rows("gamma", rows_of(model.maps.gamma));
    json["loading"] = arrays.rows("loading", rows_of(model.maps.loading));
    json["training"] = {{"n", model.images}};
    json["provenance"] = provenance_json(model.parameters);
    write_document(output, json);
}

std::string factor_document(const std::string& path) {
    return document_in(path, "model.json");
}

FactorModel read_factor_model(const std::string& path, const base::Resources& resources) {
    const std::string file = factor_document(path);
    const JsonDocument document = read_json(file, format_name, newest_version, resources);
    const JsonPart root = document.root();
    base::Workspace workspace;
    ArrayReader arrays(file, resources, workspace);
    FactorModel model;
    if (root.at("method").text() != method) root.at("method").fail("is not '" + std::string(method) + "'");
    model.features = read_features(root.at("features"), arrays);
    if (model.features.kind() != data::FeatureKind::voxels || model.features.count() == 0) {
        root.at("features").fail("are no voxels");
    }
    const base::Index factors = root.at("factors").count();
    if (factors < 1) root.at("factors").fail("is 0");
    // A file says how many: divided, so that no product overflows.
    const auto bytes_per_factor = 2 * static_cast<std::uint64_t>(model.features.count()) * sizeof(double);
    if (static_cast<std::uint64_t>(factors) > std::numeric_limits<std::uint64_t>::max() / 2 / bytes_per_factor) {
        root.at("factors").fail("is more than any file holds");
    }
    base::check_memory(resources, static_cast<std::uint64_t>(factors) * bytes_per_factor, "the factors of " + file);
    model.maps.mean = arrays.list(root.at("mean"));
    model.maps.gamma = arrays.rows(root.at("gamma"), factors);
    model.maps.loading = arrays.rows(root.at("loading"), factors);
    model.files = {{file, document.sha256}};
    model.files.insert(model.files.end(), arrays.files().begin(), arrays.files().end());
    model.images = root.at("training").at("n").count();
    model.parameters = read_parameters(root.at("provenance"));
    return model;
}

}  // namespace tare::io
