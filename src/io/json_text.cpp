// The printer behind every JSON file of tare.
#include "json_text.hpp"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "tare/base/number_text.hpp"

namespace tare::io {
namespace {

using Json = nlohmann::ordered_json;

/// True for a value that goes on one line: a scalar, or a list or object of scalars (objects only if short).
bool is_flat(const Json& value) {
    if (!value.is_structured()) return true;
    if (value.is_object() && value.size() > 6) return false;
    return std::none_of(value.begin(), value.end(), [](const Json& item) { return item.is_structured(); });
}

/// Names of files may hold any bytes; those that are not UTF-8 are replaced.
std::string dumped(const Json& value) {
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void append_scalar(std::string& out, const Json& value) {
    if (value.is_number_float()) {
        const double number = value.get<double>();
        if (std::isfinite(number)) {
            base::append_number(out, number);
        } else {
            out += "null";
        }
    } else {
        out += dumped(value);
    }
}

void append(std::string& out, const Json& value, std::size_t depth);

void append_items(std::string& out, const Json& value, std::size_t depth, bool one_line) {
    bool first = true;
    for (auto item = value.begin(); item != value.end(); ++item) {
        if (!first) out += one_line ? ", " : ",";
        first = false;
        if (!one_line) {
            out += '\n';
            out.append(2 * (depth + 1), ' ');
        }
        if (value.is_object()) out += dumped(item.key()) + ": ";
        append(out, *item, depth + 1);
    }
    if (!one_line) {
        out += '\n';
        out.append(2 * depth, ' ');
    }
}

void append(std::string& out, const Json& value, std::size_t depth) {
    if (!value.is_structured()) return append_scalar(out, value);
    const bool one_line = value.empty() || (depth > 0 && is_flat(value) && (value.is_array() || depth > 1));
    out += value.is_array() ? '[' : '{';
    append_items(out, value, depth, one_line);
    out += value.is_array() ? ']' : '}';
}

}  // namespace

std::string json_text(const Json& value) {
    std::string out;
    append(out, value, 0);
    out += '\n';
    return out;
}

}  // namespace tare::io
