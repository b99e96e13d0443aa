// Checked access to the parts of a JSON file.
#include "json_parts.hpp"

#include <cmath>
#include <limits>

#include "tare/base/error.hpp"
#include "tare/base/number_text.hpp"
#include "tare/base/sha256.hpp"
#include "tare/io/bytes.hpp"

namespace tare::io {
namespace {

std::string shown(const std::string& path) {
    return path == "-" ? "<stdin>" : path;
}

}  // namespace

void JsonPart::fail(const std::string& what, const std::string& hint) const {
    throw base::malformed(source_ + ": " + (name_.empty() ? "" : "'" + name_ + "' ") + what, hint);
}

JsonPart JsonPart::at(const std::string& key) const {
    const std::string name = name_.empty() ? key : name_ + "." + key;
    if (!value_.is_object() || !value_.contains(key)) throw base::malformed(source_ + ": '" + name + "' is missing");
    return {value_.at(key), source_, name};
}

std::vector<JsonPart> JsonPart::items() const {
    if (!value_.is_array()) fail("is not a list");
    std::vector<JsonPart> parts;
    parts.reserve(value_.size());
    for (std::size_t i = 0; i < value_.size(); ++i)
        parts.emplace_back(value_[i], source_, name_ + "[" + std::to_string(i) + "]");
    return parts;
}

std::vector<std::string> JsonPart::keys() const {
    if (!value_.is_object()) fail("is not an object");
    std::vector<std::string> keys;
    for (const auto& item : value_.items()) keys.push_back(item.key());
    return keys;
}

std::string JsonPart::text() const {
    if (!value_.is_string()) fail("is not a text");
    return value_.get<std::string>();
}

bool JsonPart::boolean() const {
    if (!value_.is_boolean()) fail("is neither true nor false");
    return value_.get<bool>();
}

base::Index JsonPart::count() const {
    if (!value_.is_number_integer() || value_.get<long long>() < 0) fail("is not a count");
    return static_cast<base::Index>(value_.get<long long>());
}

double JsonPart::number(bool missing_allowed) const {
    if (value_.is_null() && missing_allowed) return std::numeric_limits<double>::quiet_NaN();
    if (!value_.is_number() || !std::isfinite(value_.get<double>())) fail("is not a finite number");
    return value_.get<double>();
}

std::vector<std::string> JsonPart::texts() const {
    std::vector<std::string> out;
    for (const JsonPart& item : items()) out.push_back(item.text());
    return out;
}

std::vector<double> JsonPart::numbers(base::Index length, bool missing_allowed) const {
    if (!value_.is_array()) fail("is not a list");
    if (static_cast<base::Index>(value_.size()) != length) {
        fail("has " + std::to_string(value_.size()) + " values where " + std::to_string(length) + " belong");
    }
    std::vector<double> out;
    out.reserve(value_.size());
    for (std::size_t i = 0; i < value_.size(); ++i) {
        const nlohmann::ordered_json& item = value_[i];
        const bool good = item.is_number() && std::isfinite(item.get<double>());
        if (!good && !(item.is_null() && missing_allowed)) {
            JsonPart(item, source_, name_ + "[" + std::to_string(i) + "]").fail("is not a finite number");
        }
        out.push_back(good ? item.get<double>() : std::numeric_limits<double>::quiet_NaN());
    }
    return out;
}

base::Matrix<double> JsonPart::matrix(base::Index rows, base::Index columns, bool missing_allowed) const {
    const std::vector<JsonPart> parts = items();
    if (static_cast<base::Index>(parts.size()) != rows) {
        fail("has " + std::to_string(parts.size()) + " rows where " + std::to_string(rows) + " belong");
    }
    base::Matrix<double> out(rows, columns);
    for (base::Index r = 0; r < rows; ++r) {
        const std::vector<double> values = parts[static_cast<std::size_t>(r)].numbers(columns, missing_allowed);
        std::copy(values.begin(), values.end(), out.row(r).begin());
    }
    return out;
}

JsonDocument read_json(const std::string& path, const std::string& format, int newest, const base::Resources& resources) {
    const std::string bytes = read_bytes(path, resources);
    JsonDocument document{{}, shown(path), base::sha256_hex(bytes)};
    try {
        document.value = nlohmann::ordered_json::parse(bytes);
    } catch (const nlohmann::ordered_json::parse_error& fault) {
        throw base::malformed(document.source + ": not JSON, or cut short (at byte " + std::to_string(fault.byte) + ")");
    } catch (const nlohmann::ordered_json::exception&) {
        throw base::malformed(document.source + ": JSON with a number out of range");
    }
    const std::string kind =
        document.value.is_object() && document.value.contains("format") && document.value["format"].is_string()
            ? document.value["format"].get<std::string>()
            : "";
    if (kind != format) {
        throw base::malformed(document.source + ": not a '" + format + "' file" +
                              (kind.empty() ? "" : ", but '" + kind + "'"));
    }
    const base::Index version = document.root().at("format_version").count();
    if (version < 1 || version > newest) {
        throw base::malformed(
            document.source + ": format version " + std::to_string(version) + " is not known to this program",
            "it was written by a newer tare");
    }
    return document;
}

}  // namespace tare::io
