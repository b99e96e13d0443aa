// JSON that is no model and no moments: whether it is JSON to its end, and the names of its parts.
#include <nlohmann/json.hpp>

#include "inspect_parts.hpp"
#include "tare/base/error.hpp"
#include "tare/base/sha256.hpp"
#include "tare/io/bytes.hpp"

namespace tare::io::detail {

JsonInfo inspect_json(const std::string& path, const base::Resources& resources, std::string& sha256) {
    const std::string bytes = read_bytes(path, resources);
    sha256 = base::sha256_hex(bytes);
    nlohmann::ordered_json json;
    try {
        json = nlohmann::ordered_json::parse(bytes);
    } catch (const nlohmann::ordered_json::parse_error& fault) {
        throw base::malformed(path + ": not JSON, or cut short (at byte " + std::to_string(fault.byte) + ")");
    } catch (const nlohmann::ordered_json::exception&) {
        throw base::malformed(path + ": JSON with a number out of range");
    }
    JsonInfo info;
    for (const auto& item : json.items()) {
        info.keys.push_back(item.key());
    }
    if (const auto tool = json.find("tool"); tool != json.end() && tool->is_string()) {
        info.tool = tool->get<std::string>();
    }
    return info;
}

}  // namespace tare::io::detail
