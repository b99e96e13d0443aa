// A model of unwanted factors to and from its folder.
#include "tare/io/factor_model_file.hpp"

#include "saved_arrays.hpp"
#include "saved_parts.hpp"

namespace tare::io {
namespace {

constexpr int newest_version = 1;
constexpr const char* format_name = "tare-factor-model";

}  // namespace

void write_factor_model(Output& output, OutputSet& beside, const FactorModel& model, const base::Resources& resources) {
    ArrayWriter arrays(model.features, folder_of(output.path()), beside, resources);
    nlohmann::ordered_json json = begin_document(format_name, newest_version);
    json["method"] = "ravel";
    json["features"] = arrays.features_json();
    json["factors"] = model.gamma.rows();
    json["mean"] = arrays.list("mean", model.mean);
    json["gamma"] = arrays.rows("gamma", rows_of(model.gamma));
    json["loading"] = arrays.rows("loading", rows_of(model.loading));
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
    model.path = file;
    model.sha256 = document.sha256;
    model.features = read_features(root.at("features"), arrays);
    if (model.features.kind() != data::FeatureKind::voxels) root.at("features").fail("are no voxels");
    const base::Index factors = root.at("factors").count();
    model.mean = arrays.list(root.at("mean"));
    model.gamma = arrays.rows(root.at("gamma"), factors);
    model.loading = arrays.rows(root.at("loading"), factors);
    model.images = root.at("training").at("n").count();
    model.parameters = read_parameters(root.at("provenance"));
    return model;
}

}  // namespace tare::io
