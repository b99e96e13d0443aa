// Reading JSON files of tare part by part: every fault is an Error (65) that names the file and the part.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tare/base/matrix.hpp"
#include "tare/base/resources.hpp"

namespace tare::io {

/// A value inside a JSON file, knowing where it stands. Refers to the parsed document, which must outlive it.
class JsonPart {
public:
    JsonPart(const nlohmann::ordered_json& value, std::string source, std::string name)
        : value_(value), source_(std::move(source)), name_(std::move(name)) {}

    [[nodiscard]] bool has(const std::string& key) const { return value_.is_object() && value_.contains(key); }
    [[nodiscard]] JsonPart at(const std::string& key) const;
    [[nodiscard]] std::vector<JsonPart> items() const;
    /// The keys of an object, in the order of the file.
    [[nodiscard]] std::vector<std::string> keys() const;
    [[nodiscard]] bool is_null() const { return value_.is_null(); }
    [[nodiscard]] bool is_text() const { return value_.is_string(); }
    [[nodiscard]] std::string text() const;
    [[nodiscard]] bool boolean() const;
    [[nodiscard]] base::Index count() const;  ///< a whole number, at least 0
    /// A number; null is NaN where `missing_allowed`, else an error.
    [[nodiscard]] double number(bool missing_allowed = false) const;
    [[nodiscard]] std::vector<std::string> texts() const;
    [[nodiscard]] std::vector<double> numbers(base::Index length, bool missing_allowed = false) const;
    [[nodiscard]] base::Matrix<double> matrix(base::Index rows, base::Index columns, bool missing_allowed = false) const;
    /// Throws the error that this part is not what it should be.
    [[noreturn]] void fail(const std::string& what, const std::string& hint = {}) const;

private:
    const nlohmann::ordered_json& value_;
    std::string source_;
    std::string name_;
};

/// A parsed file and its checksum.
struct JsonDocument {
    nlohmann::ordered_json value;
    std::string source;
    std::string sha256;

    [[nodiscard]] JsonPart root() const { return {value, source, ""}; }
};

/// Reads and parses a JSON file whose `format` is `format` and whose `format_version` is at most `newest`.
/// Throws Error: 66, 65, 71, 74.
[[nodiscard]] JsonDocument read_json(const std::string& path, const std::string& format, int newest,
                                     const base::Resources& resources);

}  // namespace tare::io
