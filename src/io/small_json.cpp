// Reading small JSON files.
#include "small_json.hpp"

#include <filesystem>

#include <nlohmann/json.hpp>

#include "tare/io/bytes.hpp"

namespace tare::io {

nlohmann::ordered_json small_json(const std::string& path) {
    using Json = nlohmann::ordered_json;
    std::error_code ignored;
    constexpr std::uintmax_t most = 1 << 24;
    if (!std::filesystem::is_regular_file(path, ignored) || std::filesystem::file_size(path, ignored) > most)
        return Json::object();
    Json json = Json::parse(read_bytes(path, {}), nullptr, false);
    return json.is_object() ? json : Json::object();
}

}  // namespace tare::io
