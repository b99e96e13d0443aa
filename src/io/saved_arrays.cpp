// Arrays as files: a map is gzip members, the header first and then one volume each, so that volumes are packed by several
// threads and read one at a time; a matrix is plain .npy. The checksum in the document covers every byte.
#include "saved_arrays.hpp"

#include <cmath>
#include <cstring>
#include <filesystem>

#include "tare/base/error.hpp"
#include "tare/base/parallel.hpp"
#include "tare/base/sha256.hpp"
#include "tare/io/bytes.hpp"
#include "tare/io/image_file.hpp"
#include "tare/io/npy_file.hpp"

namespace tare::io {
namespace {

using Json = nlohmann::ordered_json;
using base::Index;
using data::FeatureKind;

/// Maps are packed fast: most of their bytes are noise or zeros.
constexpr int map_gzip_level = 1;

std::string_view bytes_of(const auto& values) {
    return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(values[0])};
}

/// A file name that every system can hold.
std::string file_name(const std::string& name, FeatureKind kind) {
    std::string safe;
    for (const char c : name) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
                           c == '-' || c == '=' || c == '.';
        safe += plain ? c : '-';
    }
    if (safe != name) safe += "-" + base::sha256_hex(name).substr(0, 6);
    return safe + (kind == FeatureKind::voxels ? ".nii.gz" : ".npy");
}

/// An output whose checksum is taken on the way.
class HashedOutput {
public:
    explicit HashedOutput(Output& output) : output_(output) {}
    void write(std::string_view bytes) {
        hash_.update(bytes);
        output_.write(bytes);
    }
    [[nodiscard]] std::string sha256() { return hash_.hex(); }

private:
    Output& output_;
    base::Sha256 hash_;
};

template <typename T>
constexpr VoxelType voxel_type = sizeof(T) == 1 ? VoxelType::uint8 : VoxelType::float64;

/// The grid of a map: a list is like one image, several rows have their volumes one after the other.
data::Grid map_grid(const data::Grid& grid, std::size_t rows, bool as_list) {
    data::Grid out = grid;
    if (as_list) return out;
    if (out.shape.size() == 3) out.shape.push_back(1);
    out.shape.back() *= static_cast<Index>(rows);
    return out;
}

template <typename T>
void write_map(HashedOutput& output, const data::Features& features, const std::string& name,
               const std::vector<std::span<const T>>& rows, bool as_list, int threads) {
    const ImageHeader header = new_image_header(map_grid(features.grid(), rows.size(), as_list), "tare " + name);
    output.write(gzip(image_prefix("map.nii", header, voxel_type<T>), map_gzip_level));
    const auto step = static_cast<std::size_t>(threads);
    for (std::size_t first = 0; first < rows.size(); first += step) {
        std::vector<std::string> packed(std::min(step, rows.size() - first));
        base::for_each_in_parallel(packed.size(), threads, [&](std::size_t i) {
            std::vector<T> volume(static_cast<std::size_t>(features.grid().values()), T{});
            const std::vector<Index>& inside = features.inside();
            for (std::size_t f = 0; f < inside.size(); ++f) volume[static_cast<std::size_t>(inside[f])] = rows[first + i][f];
            packed[i] = gzip(bytes_of(volume), map_gzip_level);
        });
        for (const std::string& bytes : packed) output.write(bytes);
    }
}

Json grid_json(const data::Grid& grid) {
    Json affine = Json::array();
    for (std::size_t row = 0; row < 3; ++row) {
        affine.push_back(std::vector<double>(grid.affine.begin() + static_cast<std::ptrdiff_t>(4 * row),
                                             grid.affine.begin() + static_cast<std::ptrdiff_t>(4 * row + 4)));
    }
    return {{"shape", grid.shape}, {"affine", affine}};
}

data::Grid read_grid(const JsonPart& part) {
    constexpr Index most_voxels = Index{1} << 48;
    data::Grid grid;
    Index voxels = 1;
    for (const JsonPart& extent : part.at("shape").items()) {
        grid.shape.push_back(extent.count());
        if (grid.shape.back() < 1 || grid.shape.back() > most_voxels / voxels) extent.fail("is no extent");
        voxels *= grid.shape.back();
    }
    if (grid.shape.size() < 3 || grid.shape.size() > 4) part.at("shape").fail("has neither three nor four extents");
    const base::Matrix<double> affine = part.at("affine").matrix(3, 4);
    std::copy_n(affine.data(), grid.affine.size(), grid.affine.begin());
    return grid;
}

}  // namespace

RowList rows_of(const base::Matrix<double>& values) {
    RowList rows;
    for (Index r = 0; r < values.rows(); ++r) rows.push_back(values.row(r));
    return rows;
}

Json ArrayWriter::features_json() {
    if (features_.kind() == FeatureKind::named) return features_.names();
    if (features_.kind() == FeatureKind::numbered) return {{"kind", "columns"}, {"count", features_.count()}};
    Json json{{"kind", "voxels"}, {"count", features_.count()}};
    json.update(grid_json(features_.grid()));
    const std::vector<unsigned char> ones(static_cast<std::size_t>(features_.count()), 1);
    json["mask"] = write_file<unsigned char>("mask", {ones}, true);
    return json;
}

template <typename T>
Json ArrayWriter::write_file(const std::string& name, const std::vector<std::span<const T>>& rows, bool as_list) {
    const std::string file = file_name(prefix_ + name, features_.kind());
    HashedOutput output(outputs_.open(folder_ + "/" + file));
    if (features_.kind() == FeatureKind::voxels) {
        write_map(output, features_, name, rows, as_list, resources_.threads);
    } else {
        output.write(npy_header(static_cast<Index>(rows.size()), features_.count(), sizeof(T) == 1 ? "|u1" : "<f8"));
        for (const auto& row : rows) output.write(bytes_of(row));
    }
    return {{"file", file}, {"sha256", output.sha256()}};
}

Json ArrayWriter::list(const std::string& name, std::span<const double> values) {
    if (in_files()) return write_file<double>(name, {values}, true);
    return std::vector<double>(values.begin(), values.end());
}

Json ArrayWriter::rows(const std::string& name, const RowList& rows) {
    if (in_files()) return write_file<double>(name, rows, false);
    Json json = Json::array();
    for (const auto& row : rows) json.push_back(std::vector<double>(row.begin(), row.end()));
    return json;
}

Json ArrayWriter::codes(const std::string& name, const base::Matrix<unsigned char>& rows) {
    std::vector<std::span<const unsigned char>> list;
    for (Index r = 0; r < rows.rows(); ++r) list.push_back(rows.row(r));
    return write_file<unsigned char>(name, list, false);
}

ArrayReader::ArrayReader(const std::string& document, const base::Resources& resources, base::Workspace& workspace)
    : folder_(std::filesystem::path(document).parent_path().string()), resources_(resources), workspace_(workspace) {}

std::string ArrayReader::read_checked(const JsonPart& part, std::string& path) {
    const std::string file = part.at("file").text();
    if (file.empty() || file.find('/') != std::string::npos) part.at("file").fail("is no name of a file beside it");
    path = folder_.empty() ? file : folder_ + "/" + file;
    std::string bytes = read_bytes(path, resources_);
    const std::string sha256 = base::sha256_hex(bytes);
    if (sha256 != part.at("sha256").text()) {
        throw base::malformed(path + ": is not the file that was written with the rest of its folder (its checksum differs)",
                              "copy the whole folder again, or make it anew");
    }
    files_.push_back({path, sha256});
    return bytes;
}

data::Features ArrayReader::features(const JsonPart& part) {
    if (!part.has("kind")) {
        std::vector<std::string> names = part.texts();
        if (names.empty()) part.fail("is empty");
        features_ = data::Features::named(std::move(names));
        return features_;
    }
    const std::string kind = part.at("kind").text();
    const Index count = part.at("count").count();
    if (count < 1) part.at("count").fail("is zero");
    if (kind == "columns") {
        features_ = data::Features::numbered(count);
    } else if (kind == "voxels") {
        data::Grid grid = read_grid(part);
        std::vector<Index> inside = read_mask_file(part.at("mask"), grid);
        if (static_cast<Index>(inside.size()) != count) part.at("count").fail("is not the number of voxels in the mask");
        features_ = data::Features::voxels(std::move(grid), std::move(inside));
    } else {
        part.at("kind").fail("is neither 'voxels' nor 'columns'");
    }
    return features_;
}

std::vector<Index> ArrayReader::read_mask_file(const JsonPart& part, const data::Grid& grid) {
    std::string path;
    const std::string bytes = read_checked(part, path);
    const auto values = static_cast<std::uint64_t>(grid.values());
    if (values > largest_gzip_ratio * bytes.size()) {
        throw base::malformed(path + ": cannot hold the " + shape_text(grid) + " voxels that its document tells of");
    }
    base::check_memory(resources_, values, path);
    std::string_view rest = bytes;
    const std::string prefix = image_prefix("map.nii", new_image_header(grid, ""), VoxelType::uint8);
    static_cast<void>(gunzip_member(rest, prefix.size(), path));
    const std::string mask = gunzip_member(rest, static_cast<std::size_t>(values), path);
    if (!rest.empty()) throw base::malformed(path + ": holds more than the one volume of a mask");
    std::vector<Index> inside;
    for (std::size_t v = 0; v < mask.size(); ++v) {
        if (mask[v] != '\0') inside.push_back(static_cast<Index>(v));
    }
    return inside;
}

template <typename T>
base::Matrix<T> ArrayReader::read_file(const JsonPart& part, Index count) {
    std::string path;
    const std::string bytes = read_checked(part, path);
    base::Matrix<T> out = workspace_.matrix<T>(count, features_.count());
    if (features_.kind() == FeatureKind::voxels) {
        const data::Grid grid = map_grid(features_.grid(), static_cast<std::size_t>(count), false);
        const ImageHeader header = new_image_header(grid, "");
        std::string_view rest = bytes;
        static_cast<void>(gunzip_member(rest, image_prefix("map.nii", header, voxel_type<T>).size(), path));
        const std::vector<Index>& inside = features_.inside();
        for (Index r = 0; r < count; ++r) {
            const std::string volume =
                gunzip_member(rest, static_cast<std::size_t>(features_.grid().values()) * sizeof(T), path);
            T* row = out.row(r).data();
            for (std::size_t f = 0; f < inside.size(); ++f) {
                std::memcpy(row + f, volume.data() + static_cast<std::size_t>(inside[f]) * sizeof(T), sizeof(T));
            }
            out.release();
        }
        if (!rest.empty())
            throw base::malformed(path + ": holds more volumes than the " + std::to_string(count) + " expected");
    } else {
        const std::string header = npy_header(count, features_.count(), sizeof(T) == 1 ? "|u1" : "<f8");
        if (!std::string_view(bytes).starts_with(header) ||
            bytes.size() != header.size() + bytes_of(out.row_block(0, count)).size()) {
            throw base::malformed(path + ": is not a matrix of " + std::to_string(count) + " × " +
                                  std::to_string(features_.count()));
        }
        std::memcpy(out.data(), bytes.data() + header.size(), bytes.size() - header.size());
    }
    return out;
}

std::vector<double> ArrayReader::list(const JsonPart& part, bool missing_allowed) {
    if (!in_files()) return part.numbers(features_.count(), missing_allowed);
    const base::Matrix<double> values = rows(part, 1, missing_allowed);
    return {values.row(0).begin(), values.row(0).end()};
}

base::Matrix<double> ArrayReader::rows(const JsonPart& part, Index count, bool missing_allowed) {
    if (!in_files()) return part.matrix(count, features_.count(), missing_allowed);
    base::Matrix<double> out = read_file<double>(part, count);
    if (!missing_allowed) {
        const double* end = out.data() + out.size();
        if (std::find_if_not(std::as_const(out).data(), end, [](double v) { return std::isfinite(v); }) != end) {
            part.at("file").fail("holds a value that is not a finite number");
        }
    }
    return out;
}

base::Matrix<unsigned char> ArrayReader::codes(const JsonPart& part, Index count) {
    return read_file<unsigned char>(part, count);
}

}  // namespace tare::io
