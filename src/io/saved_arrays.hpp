// The numbers of a model or of moments of which there is one a feature. For named features they stand in the JSON document
// itself; for voxels and columns of matrices each array is a file beside it (a NIfTI map, an .npy matrix) that the document
// names with its checksum.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "json_parts.hpp"
#include "tare/base/workspace.hpp"
#include "tare/data/features.hpp"
#include "tare/io/input_file.hpp"
#include "tare/io/output.hpp"

namespace tare::io {

using RowList = std::vector<std::span<const double>>;

/// All rows of a matrix.
[[nodiscard]] RowList rows_of(const base::Matrix<double>& values);

class ArrayWriter {
public:
    /// `folder`: where the files go; not used for named features. All must outlive this.
    ArrayWriter(const data::Features& features, std::string folder, OutputSet& outputs, const base::Resources& resources)
        : features_(features), folder_(std::move(folder)), outputs_(outputs), resources_(resources) {}

    /// What the features are.
    [[nodiscard]] nlohmann::ordered_json features_json();
    /// One number a feature.
    [[nodiscard]] nlohmann::ordered_json list(const std::string& name, std::span<const double> values);
    /// Several rows of one number a feature: in a map, one volume each.
    [[nodiscard]] nlohmann::ordered_json rows(const std::string& name, const RowList& rows);
    /// Rows of small codes. Never for named features.
    [[nodiscard]] nlohmann::ordered_json codes(const std::string& name, const base::Matrix<unsigned char>& rows);
    [[nodiscard]] bool in_files() const noexcept { return features_.kind() != data::FeatureKind::named; }
    /// From now on the names of all files begin with this.
    void begin_names_with(std::string prefix) { prefix_ = std::move(prefix); }

private:
    template <typename T>
    [[nodiscard]] nlohmann::ordered_json write_file(const std::string& name, const std::vector<std::span<const T>>& rows,
                                                    bool as_list);

    const data::Features& features_;
    std::string folder_;
    std::string prefix_;
    OutputSet& outputs_;
    const base::Resources& resources_;
};

class ArrayReader {
public:
    /// `document`: the path of the JSON file, beside which the arrays are.
    ArrayReader(const std::string& document, const base::Resources& resources, base::Workspace& workspace);

    /// Reads what the features are; to be called first.
    [[nodiscard]] data::Features features(const JsonPart& part);
    [[nodiscard]] std::vector<double> list(const JsonPart& part, bool missing_allowed = false);
    [[nodiscard]] base::Matrix<double> rows(const JsonPart& part, base::Index count, bool missing_allowed = false);
    [[nodiscard]] base::Matrix<unsigned char> codes(const JsonPart& part, base::Index count);
    [[nodiscard]] bool in_files() const noexcept { return features_.kind() != data::FeatureKind::named; }
    /// The files beside the document that were read so far.
    [[nodiscard]] const std::vector<InputFile>& files() const noexcept { return files_; }

private:
    template <typename T>
    [[nodiscard]] base::Matrix<T> read_file(const JsonPart& part, base::Index count);
    [[nodiscard]] std::vector<base::Index> read_mask_file(const JsonPart& part, const data::Grid& grid);
    [[nodiscard]] std::string read_checked(const JsonPart& part, std::string& path);

    std::string folder_;
    const base::Resources& resources_;
    base::Workspace& workspace_;
    data::Features features_;
    std::vector<InputFile> files_;
};

}  // namespace tare::io
