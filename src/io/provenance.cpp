// Writing the sidecar of a result, and comparing one that is there.
#include "tare/io/provenance.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "json_text.hpp"
#include "small_json.hpp"
#include "tare/base/version.hpp"

namespace tare::io {
namespace {

using Json = nlohmann::ordered_json;

Json sidecar_json(const Provenance& provenance) {
    Json json;
    json["tool"] = provenance.program;
    json["version"] = base::version();
    json["command_line"] = provenance.command_line;
    json["inputs"] = Json::array();
    for (const InputFile& input : provenance.inputs)
        json["inputs"].push_back({{"path", input.path}, {"sha256", input.sha256}});
    json["parameters"] = Json::object();
    for (const auto& [name, value] : provenance.parameters) json["parameters"][name] = value;
    if (provenance.seed) json["seed"] = *provenance.seed;
    json["device"] = provenance.device;
    if (provenance.image) {
        json["Description"] = provenance.image->description;
        if (!provenance.image->source.empty()) json["Sources"] = {provenance.image->source};
        for (const auto& [name, value] : provenance.image->inherited) json[name] = Json::parse(value);
    }
    if (!provenance.result_sha256.empty()) json["result"] = {{"sha256", provenance.result_sha256}};
    return json;
}

}  // namespace

std::string sidecar_path(const std::string& result) {
    return result + ".json";
}

std::string image_sidecar_path(const std::string& image) {
    for (const std::string_view ending : {".nii.gz", ".nii", ".mgz", ".mgh"}) {
        if (image.ends_with(ending)) return image.substr(0, image.size() - ending.size()) + ".json";
    }
    return sidecar_path(image);
}

std::string sidecar_difference(const std::string& path, const Provenance& provenance,
                               const std::vector<std::string>& ignored) {
    const Json found = small_json(path);
    const Json expected = sidecar_json(provenance);
    const auto value = [](const Json& json, const std::string& key) { return json.contains(key) ? json.at(key) : Json(); };
    for (const char* key : {"tool", "version", "seed", "device"}) {
        if (value(found, key) != value(expected, key)) {
            return std::string("was made by another ") + (key == std::string("tool") ? "command" : key);
        }
    }
    for (const Json& input : expected.at("inputs")) {
        const Json others = value(found, "inputs");
        if (std::find(others.begin(), others.end(), input) == others.end()) {
            return "was made from another " + input.at("path").get<std::string>();
        }
    }
    if (value(found, "inputs").size() != expected.at("inputs").size()) return "was made from more inputs";
    const Json before = value(found, "parameters");
    const Json& now = expected.at("parameters");
    for (const Json* parameters : {&now, &before}) {
        for (const auto& item : parameters->items()) {
            const std::string& name = item.key();
            if (std::find(ignored.begin(), ignored.end(), name) != ignored.end()) continue;
            if (value(before, name) == value(now, name)) continue;
            if (name == "training-images") return "was made with other training images";
            return "was made with " + (before.contains(name) ? "--" + name + " " + before.at(name).dump() : "no --" + name);
        }
    }
    return "";
}

std::string sidecar_result_sha256(const std::string& path) {
    const Json json = small_json(path);
    const Json::json_pointer place("/result/sha256");
    return json.contains(place) && json[place].is_string() ? json[place].get<std::string>() : "";
}

void write_sidecar(Output& output, const Provenance& provenance) {
    output.write(json_text(sidecar_json(provenance)));
}

}  // namespace tare::io
