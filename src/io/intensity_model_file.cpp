// A standard of intensities to and from JSON.
#include "tare/io/intensity_model_file.hpp"

#include <cmath>

#include "saved_parts.hpp"

namespace tare::io {
namespace {

constexpr int newest_version = 1;
constexpr const char* format_name = "tare-intensity-model";

}  // namespace

void write_intensity_model(Output& output, const IntensityModel& model) {
    nlohmann::ordered_json json = begin_document(format_name, newest_version);
    json["method"] = model.method;
    if (!model.percentiles.empty()) json["percentiles"] = model.percentiles;
    json["standard"] = model.standard;
    json["training"] = {{"n", model.images}};
    json["provenance"] = provenance_json(model.parameters);
    write_document(output, json);
}

IntensityModel read_intensity_model(const std::string& path, const base::Resources& resources) {
    const JsonDocument document = read_json(path, format_name, newest_version, resources);
    const JsonPart root = document.root();
    IntensityModel model;
    model.sha256 = document.sha256;
    model.method = root.at("method").text();
    const auto numbers = [&](const std::string& key) {
        return root.at(key).numbers(static_cast<base::Index>(root.at(key).items().size()));
    };
    if (root.has("percentiles")) model.percentiles = numbers("percentiles");
    model.standard = numbers("standard");
    for (std::size_t k = 0; k < model.standard.size(); ++k) {
        if (!std::isfinite(model.standard[k]) || (k > 0 && model.standard[k] < model.standard[k - 1])) {
            root.at("standard").fail("is no row of rising intensities");
        }
    }
    model.images = root.at("training").at("n").count();
    model.parameters = read_parameters(root.at("provenance"));
    return model;
}

}  // namespace tare::io
