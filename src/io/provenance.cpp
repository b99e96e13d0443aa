// Writing the sidecar of a result.
#include "tare/io/provenance.hpp"

#include <nlohmann/json.hpp>

#include "json_text.hpp"
#include "tare/base/version.hpp"

namespace tare::io {

std::string sidecar_path(const std::string& result) {
    return result + ".json";
}

void write_sidecar(Output& output, const Provenance& provenance) {
    nlohmann::ordered_json json;
    json["tool"] = provenance.program;
    json["version"] = base::version();
    json["command_line"] = provenance.command_line;
    json["inputs"] = nlohmann::ordered_json::array();
    for (const InputFile& input : provenance.inputs)
        json["inputs"].push_back({{"path", input.path}, {"sha256", input.sha256}});
    json["parameters"] = nlohmann::ordered_json::object();
    for (const auto& [name, value] : provenance.parameters) json["parameters"][name] = value;
    if (provenance.seed) json["seed"] = *provenance.seed;
    json["device"] = provenance.device;
    output.write(json_text(json));
}

}  // namespace tare::io
