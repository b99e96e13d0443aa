// Writing the sidecar of a result, and comparing one that is there.
#include "tare/io/provenance.hpp"

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

bool sidecar_agrees(const std::string& path, const Provenance& provenance, const std::vector<std::string>& ignored) {
    Json found = small_json(path);
    Json expected = sidecar_json(provenance);
    for (Json* json : {&found, &expected}) {
        json->erase("command_line");
        json->erase("result");
        json->erase("Sources");
        if (!json->contains("parameters") || !(*json)["parameters"].is_object()) return false;
        for (const std::string& name : ignored) (*json)["parameters"].erase(name);
    }
    return found == expected;
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
