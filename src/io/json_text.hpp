// JSON as tare writes it: keys in the order given, lists of plain values on one line, numbers in the shortest text
// that reads back to the same double, missing as null.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace tare::io {

[[nodiscard]] std::string json_text(const nlohmann::ordered_json& value);

}  // namespace tare::io
