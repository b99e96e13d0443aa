// The parts that models and moments share, to and from JSON: sites, design, training record, columns, provenance.
#pragma once

#include <algorithm>
#include <array>
#include <span>

#include <nlohmann/json.hpp>

#include "json_parts.hpp"
#include "saved_arrays.hpp"
#include "tare/io/model_file.hpp"
#include "tare/stats/moments.hpp"

namespace tare::io {

/// format, format_version, tool.
[[nodiscard]] nlohmann::ordered_json begin_document(const std::string& format, int version);
/// Prints the document; values that are not UTF-8 cannot occur, readers of tables refuse them.
void write_document(Output& output, const nlohmann::ordered_json& json);

[[nodiscard]] nlohmann::ordered_json sites_json(const std::vector<std::string>& sites,
                                                const std::vector<base::Index>& subjects);
[[nodiscard]] nlohmann::ordered_json design_json(const stats::Design& design, const ColumnNames& columns);
/// The columns and terms of a design alone.
[[nodiscard]] nlohmann::ordered_json columns_json(const stats::Design& design);
[[nodiscard]] nlohmann::ordered_json training_json(const stats::TrainingRecord& training);
[[nodiscard]] nlohmann::ordered_json provenance_json(const Parameters& parameters);

[[nodiscard]] nlohmann::ordered_json matrix_json(const base::Matrix<double>& values);

/// The document that a path means: itself, or the one called `name` in the folder it names.
[[nodiscard]] std::string document_in(const std::string& path, const std::string& name);
/// The folder of a file; "." where the path names none.
[[nodiscard]] std::string folder_of(const std::string& path);

/// The position of a text among those that are known; anything else is an error.
template <std::size_t N>
[[nodiscard]] std::size_t read_choice(const JsonPart& part, const std::array<const char*, N>& names) {
    const auto found = std::find(names.begin(), names.end(), part.text());
    if (found == names.end()) part.fail("is '" + part.text() + "', which this program does not know");
    return static_cast<std::size_t>(found - names.begin());
}

struct SiteList {
    std::vector<std::string> names;
    std::vector<base::Index> subjects;
};
/// Sites are sorted and unique in every file of tare; anything else is an error.
[[nodiscard]] SiteList read_sites(const JsonPart& part);
/// No feature stands there twice.
[[nodiscard]] data::Features read_features(const JsonPart& part, ArrayReader& arrays);
[[nodiscard]] stats::Design read_design(const JsonPart& part);
[[nodiscard]] ColumnNames read_columns(const JsonPart& design);
[[nodiscard]] stats::TrainingRecord read_training(const JsonPart& part);
[[nodiscard]] Parameters read_parameters(const JsonPart& provenance);

}  // namespace tare::io
