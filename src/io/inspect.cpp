// Which kind a file is: by its first bytes, decompressed where it is gzip, then by its name; text is taken for a table.
#include <algorithm>
#include <cmath>
#include <filesystem>

#include "background_hash.hpp"
#include "file_beginning.hpp"
#include "image_names.hpp"
#include "inspect_parts.hpp"
#include "mgh_header.hpp"
#include "nifti_header.hpp"
#include "npy_header.hpp"

namespace tare::io {

namespace {

using base::ExitCode;

/// Enough for every magic number and for the first keys of a JSON file.
constexpr std::size_t enough = 4096;

bool is_table_name(std::string_view path) {
    if (detail::ends_like(path, ".gz")) {
        path.remove_suffix(3);
    }
    return detail::ends_like(path, ".tsv") || detail::ends_like(path, ".csv") || detail::ends_like(path, ".txt");
}

/// Formats that are read as images although neither bytes nor name say NIfTI or MGH.
bool is_other_image(const std::string& path, std::string_view start) {
    for (const char* ending : {".nrrd", ".nhdr", ".mha", ".mhd"}) {
        if (detail::ends_like(path, ending)) {
            return true;
        }
    }
    return start.starts_with("NRRD000") || start.starts_with("ObjectType = Image");
}

FileKind kind_of_json(std::string_view start) {
    if (start.find("\"tare-model\"") != std::string_view::npos) {
        return FileKind::model;
    }
    if (start.find("\"tare-moments\"") != std::string_view::npos) {
        return FileKind::moments;
    }
    if (start.find("\"tare-intensity-model\"") != std::string_view::npos) {
        return FileKind::intensity_model;
    }
    if (start.find("\"tare-factor-model\"") != std::string_view::npos) {
        return FileKind::factor_model;
    }
    return FileKind::json;
}

FileKind kind_by_name(const std::string& path) {
    if (detail::ends_like(path, ".npy") || detail::ends_like(path, ".npz")) {
        return FileKind::matrix;
    }
    return detail::family_by_name(path) != detail::ImageFamily::unknown ? FileKind::image
           : is_table_name(path)                                        ? FileKind::table
                                                                        : FileKind::unknown;
}

FileKind kind_of_bytes(std::string_view start, const std::string& path) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    constexpr std::string_view space = " \t\r\n";
    if (detail::looks_npy(start)) {
        return FileKind::matrix;
    }
    if (detail::looks_like_nifti(start) || detail::looks_like_mgh(start) || is_other_image(path, start)) {
        return FileKind::image;
    }
    std::string_view text = start.starts_with(byte_order_mark) ? start.substr(byte_order_mark.size()) : start;
    text.remove_prefix(std::min(text.find_first_not_of(space), text.size()));
    if (text.starts_with('{')) {
        return kind_of_json(start);
    }
    const FileKind named = kind_by_name(path);
    if (named != FileKind::unknown || (!start.empty() && start.find('\0') == std::string_view::npos)) {
        return named == FileKind::unknown ? FileKind::table : named;
    }
    throw base::malformed(path + (start.empty() ? ": is empty" : ": is no table, image, matrix, model or moments"));
}

/// A model or moments may be a folder: a JSON file with maps beside it.
FileKind kind_of_folder(const std::string& path) {
    std::error_code error;
    const std::filesystem::path model = std::filesystem::path(path) / "model.json";
    if (std::filesystem::exists(model, error)) {
        const bool is_file = std::filesystem::is_regular_file(model, error);
        const bool of_factors =
            is_file && kind_of_json(detail::FileBeginning(model.string()).first(enough)) == FileKind::factor_model;
        return of_factors ? FileKind::factor_model : FileKind::model;
    }
    if (std::filesystem::exists(std::filesystem::path(path) / "moments.json", error)) {
        return FileKind::moments;
    }
    throw base::Error(ExitCode::no_input, path + ": is a folder without model.json or moments.json");
}

FileKind kind_of(const std::string& path) {
    std::error_code error;
    if (std::filesystem::is_directory(path, error)) {
        return kind_of_folder(path);
    }
    if (std::filesystem::exists(path, error) && !std::filesystem::is_regular_file(path, error)) {
        throw base::Error(ExitCode::no_input, path + ": is no regular file",
                          "save a stream to a file: it is read more than once");
    }
    detail::FileBeginning beginning(path);
    std::string_view start;
    try {
        start = beginning.first(enough);
    } catch (const base::Error& damaged) {
        // The gzip stream is damaged from the beginning; the name may still say what it was.
        if (damaged.code() != ExitCode::data || kind_by_name(path) == FileKind::unknown) {
            throw;
        }
        return kind_by_name(path);
    }
    return kind_of_bytes(start, path);
}

/// The file that stands for a folder.
std::string main_file(const FileInfo& info) {
    std::error_code error;
    if (!std::filesystem::is_directory(info.path, error)) {
        return info.path;
    }
    return (std::filesystem::path(info.path) / (info.kind == FileKind::moments ? "moments.json" : "model.json")).string();
}

std::uint64_t size_of(const std::string& path) {
    std::error_code error;
    if (!std::filesystem::is_directory(path, error)) {
        const std::uintmax_t size = std::filesystem::file_size(path, error);
        return error ? 0 : size;
    }
    std::uint64_t sum = 0;
    for (const auto& entry : std::filesystem::directory_iterator(path, error)) {
        const std::uintmax_t size = entry.is_regular_file(error) ? entry.file_size(error) : 0;
        sum += error ? 0 : size;
    }
    return sum;
}

/// Any text is a table of one column; what neither its name nor a second column makes one is something else.
void refuse_prose(FileInfo& info) {
    if (std::get<TableInfo>(info.content).columns > 1 || is_table_name(info.path)) {
        return;
    }
    info.content = std::monostate();
    info.kind = FileKind::unknown;
    throw base::malformed(info.path + ": is text, but no table: no tab, comma or semicolon parts columns");
}

void read_content(FileInfo& info, const std::string& site_column, const base::Resources& resources) {
    const std::string& path = info.path;
    switch (info.kind) {
        case FileKind::table:
            info.content = detail::inspect_table(path, site_column, resources, info.sha256);
            refuse_prose(info);
            break;
        case FileKind::matrix:
            info.content = detail::inspect_matrix(path, resources, info.sha256);
            break;
        case FileKind::image:
            info.content = detail::inspect_image(path, resources, info.sha256);
            break;
        case FileKind::model:
            info.content = detail::inspect_model(path, resources, info.sha256);
            break;
        case FileKind::moments:
            info.content = detail::inspect_moments(path, resources, info.sha256);
            break;
        case FileKind::intensity_model:
            info.content = detail::inspect_intensity_model(path, resources, info.sha256);
            break;
        case FileKind::factor_model:
            info.content = detail::inspect_factor_model(path, resources, info.sha256);
            break;
        case FileKind::json:
            info.content = detail::inspect_json(path, resources, info.sha256);
            break;
        case FileKind::unknown:
            break;
    }
}

/// Size and checksum of a file whose content could not be read, as far as they are to be had.
void read_bytes_alone(FileInfo& info) {
    const std::string path = main_file(info);
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error)) {
        return;
    }
    try {
        const detail::Descriptor file = detail::open_input(path);
        info.sha256 = detail::BackgroundHash(file, path, false).hex();
    } catch (const base::Error&) {
        info.sha256.clear();
    }
}

}  // namespace

void ValueSummary::add(double value) noexcept {
    if (std::isnan(value)) {
        ++missing;
    } else if (std::isinf(value)) {
        ++infinite;
    } else {
        low = finite == 0 ? value : std::min(low, value);
        high = finite == 0 ? value : std::max(high, value);
        ++finite;
    }
}

std::string kind_name(FileKind kind) {
    switch (kind) {
        case FileKind::table:
            return "table";
        case FileKind::matrix:
            return "matrix";
        case FileKind::image:
            return "image";
        case FileKind::model:
            return "model";
        case FileKind::moments:
            return "moments";
        case FileKind::intensity_model:
            return "intensity model";
        case FileKind::factor_model:
            return "factor model";
        case FileKind::json:
            return "JSON";
        case FileKind::unknown:
            break;
    }
    return "unknown";
}

std::string FileInfo::state() const {
    if (!fault) {
        return "whole";
    }
    switch (fault->code()) {
        case ExitCode::data:
            return "damaged";
        case ExitCode::no_input:
            return "missing";
        default:
            return "unreadable";
    }
}

FileInfo inspect_file(const std::string& path, const std::string& site_column, const base::Resources& resources) {
    FileInfo info;
    info.path = path;
    try {
        info.kind = kind_of(path);
        read_content(info, site_column, resources);
    } catch (const base::Error& fault) {
        info.fault = fault;
        read_bytes_alone(info);
    }
    info.size = size_of(path);
    return info;
}

}  // namespace tare::io
