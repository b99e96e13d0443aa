// What a file is and what is in it: looked at as a whole, by its content first and its name second. A file that is damaged
// or missing is a finding, not an exception.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "tare/base/error.hpp"
#include "tare/base/resources.hpp"
#include "tare/data/features.hpp"
#include "tare/data/grid.hpp"
#include "tare/io/model_file.hpp"
#include "tare/io/output.hpp"
#include "tare/io/provenance.hpp"
#include "tare/stats/uncertainty.hpp"

namespace tare::io {

/// Numbers counted by what they are; low and high are those of the finite ones, NaN where there is none.
struct ValueSummary {
    std::uint64_t finite = 0;
    std::uint64_t missing = 0;  ///< NaN, or a missing cell
    std::uint64_t infinite = 0;
    double low = std::numeric_limits<double>::quiet_NaN();
    double high = std::numeric_limits<double>::quiet_NaN();

    void add(double value) noexcept;
};

using SiteCounts = std::vector<std::pair<std::string, std::uint64_t>>;

struct TableInfo {
    struct NumericColumn {
        std::string name;
        ValueSummary values;
    };
    struct TextColumn {
        std::string name;
        std::uint64_t missing = 0;
        std::uint64_t distinct = 0;  ///< different texts that are not missing
        std::uint64_t numbers = 0;   ///< cells that would be numbers
    };
    std::uint64_t rows = 0;
    std::uint64_t columns = 0;
    char delimiter = '\t';
    std::vector<NumericColumn> numeric;  ///< every cell is a number or missing, and one is a number
    std::vector<TextColumn> text;        ///< all others
    std::string site_column;             ///< empty where the table has no such column
    SiteCounts sites;                    ///< rows of each, sorted by name; missing ones are not among them
};

struct MatrixInfo {
    std::vector<base::Index> shape;
    std::string type;  ///< "float32", "int64", ...
    bool big_endian = false;
    bool fortran_order = false;
    std::optional<ValueSummary> values;  ///< of float32 and float64
    std::string unfit;                   ///< why no command takes it as a matrix; empty where they do
};

struct ImageInfo {
    std::string format;  ///< "NIfTI-1", "NIfTI-2", "MGH", "other"
    bool compressed = false;
    data::Grid grid;
    std::array<double, 3> voxel_size{};
    std::string type;
    bool big_endian = false;
    double slope = 1.0;
    double intercept = 0.0;
    ValueSummary values;  ///< scaled; what is not finite is counted
    int intent_code = 0;
    std::string intent_name;
    std::string description;
    std::uint64_t extensions = 0;     ///< NIfTI header extensions
    std::uint64_t trailer_bytes = 0;  ///< what follows the voxels of an MGH file
};

/// What models and moments have in common.
struct FitInfo {
    std::string tool;  ///< "tare 0.1.0": what wrote it
    data::Features features;
    SiteCounts sites;
    std::vector<stats::DesignColumn> covariates;
    ColumnNames columns;
    base::Index training = 0;
    bool keeps_ids = false;
    stats::Transform transform = stats::Transform::none;
};

struct ModelInfo {
    std::string method;
    stats::CombatOptions options;
    FitInfo fit;
    std::vector<stats::SiteUncertainty> uncertainty;
};

struct MomentsInfo {
    FitInfo fit;
};

/// What tare-normalise has learnt: a standard of intensities, or unwanted factors.
struct NormalisationInfo {
    std::string method;
    base::Index images = 0;        ///< it was learnt from
    Parameters parameters;         ///< that shaped the fit
    std::vector<double> standard;  ///< of landmarks or tissues; empty for factors
    base::Index factors = 0;       ///< 0 for a standard
    data::Features features;       ///< of factors: the voxels
};

/// JSON that is neither: a sidecar of some result, as a rule.
struct JsonInfo {
    std::string tool;               ///< what it says wrote it
    std::vector<std::string> keys;  ///< of the outermost object
};

enum class FileKind : unsigned char { unknown, table, matrix, image, model, moments, intensity_model, factor_model, json };

/// "table", "image", ...
[[nodiscard]] std::string kind_name(FileKind kind);

struct FileInfo {
    std::string path;  ///< as the user gave it
    FileKind kind = FileKind::unknown;
    std::uint64_t size = 0;  ///< of a folder: all files in it
    /// Empty where the file cannot be read. Of a folder: of its JSON document, which holds the checksums of the others.
    std::string sha256;
    std::optional<base::Error> fault;  ///< why it is not whole
    /// Empty where there is a fault.
    std::variant<std::monostate, TableInfo, MatrixInfo, ImageInfo, ModelInfo, MomentsInfo, NormalisationInfo, JsonInfo>
        content;

    [[nodiscard]] bool whole() const noexcept { return !fault.has_value(); }
    /// "whole", "damaged" (65), "missing" (66) or "unreadable" (71, 74).
    [[nodiscard]] std::string state() const;
};

/// Reads all of a file and says what it is. `site_column` names the column of tables whose values are counted as sites.
/// Throws nothing that the file is to blame for.
[[nodiscard]] FileInfo inspect_file(const std::string& path, const std::string& site_column,
                                    const base::Resources& resources);

/// All findings as one JSON document, a list of objects. Throws Error (74).
void write_file_infos(Output& output, std::span<const FileInfo> files);

/// A graphics card, as --device names it.
struct DeviceInfo {
    std::string device, name;
    std::uint64_t memory = 0;        ///< bytes
    std::string compute_capability;  ///< "9.0"
};

/// The cards as one JSON document: "devices", a list of objects, and "why_none", null where there are some. Throws Error
/// (74).
void write_devices(Output& output, std::span<const DeviceInfo> devices, const std::string& why_none);

}  // namespace tare::io
