// An MGH header places its voxels by direction cosines, voxel sizes and the position of the volume's centre.
#include "mgh_header.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

#include "byte_order.hpp"
#include "image_checks.hpp"
#include "tare/base/error.hpp"

namespace tare::io::detail {

namespace {

constexpr bool big = true;
// Where the fields lie; what follows the last one is unused.
constexpr std::size_t version_at = 0, extents_at = 4, type_at = 20, geometry_is_good_at = 28, sizes_at = 30, cosines_at = 42,
                      centre_at = 78;

struct Coded {
    std::int32_t code;
    VoxelType type;
};
constexpr std::array readable{Coded{0, VoxelType::uint8}, Coded{1, VoxelType::int32}, Coded{3, VoxelType::float32},
                              Coded{4, VoxelType::int16}, Coded{10, VoxelType::uint16}};

struct Named {
    std::int32_t code;
    std::string_view name;
};
constexpr std::array refused{Named{2, "long integers"},   Named{5, "single bits"},     Named{6, "tensors"},
                             Named{7, "complex numbers"}, Named{8, "complex numbers"}, Named{9, "RGB colours"}};

VoxelType checked_type(std::int32_t code, const std::string& source) {
    const auto* const known = std::ranges::find(readable, code, &Coded::code);
    if (known != readable.end()) {
        return known->type;
    }
    const auto* const other = std::ranges::find(refused, code, &Named::code);
    if (other != refused.end()) {
        throw base::malformed(source + ": the voxels are " + std::string(other->name) + " (MGH type " +
                                  std::to_string(code) + "), which are not read",
                              "mri_convert --out_data_type float converts the image");
    }
    throw base::malformed(source + ": unknown MGH type " + std::to_string(code));
}

/// Voxel sizes, direction cosines axis by axis, centre: in the order of the file.
struct Geometry {
    std::array<double, 3> sizes{1, 1, 1};
    std::array<double, 9> cosines{-1, 0, 0, 0, 0, -1, 0, 1, 0};
    std::array<double, 3> centre{0, 0, 0};
};

template <std::size_t count>
void load_reals(std::array<double, count>& to, const char* from) noexcept {
    for (std::size_t i = 0; i < count; ++i) {
        to[i] = static_cast<double>(load<float>(from + 4 * i, big));
    }
}
template <std::size_t count>
void store_reals(char* to, const std::array<double, count>& from) noexcept {
    for (std::size_t i = 0; i < count; ++i) {
        store(to + 4 * i, static_cast<float>(from[i]), big);
    }
}

Geometry geometry_of(const char* header) noexcept {
    Geometry geometry;
    if (load<std::int16_t>(header + geometry_is_good_at, big) != 0) {
        load_reals(geometry.sizes, header + sizes_at);
        load_reals(geometry.cosines, header + cosines_at);
        load_reals(geometry.centre, header + centre_at);
    }
    return geometry;
}

std::array<double, 12> affine_of(const Geometry& geometry, const std::vector<Index>& shape) noexcept {
    std::array<double, 12> affine{};
    for (std::size_t row = 0; row < 3; ++row) {
        double to_centre = 0.0;
        for (std::size_t axis = 0; axis < 3; ++axis) {
            const double step = geometry.cosines[axis * 3 + row] * geometry.sizes[axis];
            affine[row * 4 + axis] = step;
            to_centre += step * 0.5 * static_cast<double>(shape[axis]);
        }
        affine[row * 4 + 3] = geometry.centre[row] - to_centre;
    }
    return affine;
}

Geometry geometry_from(const data::Grid& grid, const std::string& path) {
    Geometry geometry;
    for (std::size_t row = 0; row < 3; ++row) {
        geometry.centre[row] = grid.affine[row * 4 + 3];
    }
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const double size = std::hypot(grid.affine[axis], grid.affine[4 + axis], grid.affine[8 + axis]);
        if (size == 0.0) {
            throw base::inconsistent(path + ": MGH cannot hold the geometry " + data::affine_text(grid) +
                                     ": an axis has no length");
        }
        geometry.sizes[axis] = size;
        for (std::size_t row = 0; row < 3; ++row) {
            const double step = grid.affine[row * 4 + axis];
            geometry.cosines[axis * 3 + row] = step / size;
            geometry.centre[row] += step * 0.5 * static_cast<double>(grid.shape[axis]);
        }
    }
    return geometry;
}

}  // namespace

bool looks_like_mgh(std::string_view start) noexcept {
    // The lowest byte is the version; since FreeSurfer 7.4 the two before it say what the volume is meant for.
    return start.size() >= 4 && start[0] == '\0' && start[3] == '\x01';
}

ImageHeader parse_mgh(std::string_view start, const std::string& source) {
    if (start.empty()) {
        throw base::malformed(source + ": the file is empty");
    }
    if (start.size() >= 4 && !looks_like_mgh(start)) {
        throw base::malformed(source + ": is no MGH file: the version is " +
                              std::to_string(load<std::int32_t>(start.data(), big)) + ", not 1");
    }
    if (start.size() < mgh_header_size) {
        throw cut_within_header(start.size(), mgh_header_size, source);
    }
    ImageHeader header;
    header.format = ImageFormat::mgh;
    header.big_endian = true;
    header.type = checked_type(load<std::int32_t>(start.data() + type_at, big), source);
    std::array<std::int64_t, 4> extents{};
    for (std::size_t axis = 0; axis < extents.size(); ++axis) {
        extents[axis] = load<std::int32_t>(start.data() + extents_at + 4 * axis, big);
    }
    header.grid.shape = checked_shape(extents, header.type, source);
    header.grid.affine = affine_of(geometry_of(start.data()), header.grid.shape);
    check_affine(header.grid.affine, "voxel sizes, cosines and centre", source);
    header.raw = start.substr(0, mgh_header_size);
    return header;
}

std::string mgh_bytes(const ImageHeader& like, VoxelType type, const std::string& path) {
    const auto* const coded = std::ranges::find(readable, type, &Coded::type);
    if (coded == readable.end()) {
        throw base::inconsistent(path + ": MGH has no voxels of type " + voxel_type_name(type),
                                 "it has uint8, int16, uint16, int32 and float32");
    }
    const bool is_new = like.format != ImageFormat::mgh;
    std::string bytes = is_new ? std::string(mgh_header_size, '\0') : like.raw;
    if (is_new) {
        store(bytes.data() + version_at, std::int32_t{1}, big);
    }
    store(bytes.data() + type_at, coded->code, big);
    for (std::size_t axis = 0; axis < 4; ++axis) {
        const Index extent = axis < like.grid.shape.size() ? like.grid.shape[axis] : 1;
        if (extent > std::numeric_limits<std::int32_t>::max()) {
            throw base::inconsistent(path + ": MGH cannot hold " + data::shape_text(like.grid) + " voxels");
        }
        store(bytes.data() + extents_at + 4 * axis, static_cast<std::int32_t>(extent), big);
    }
    if (is_new || parse_mgh(like.raw, path).grid != like.grid) {
        const Geometry geometry = geometry_from(like.grid, path);
        store(bytes.data() + geometry_is_good_at, std::int16_t{1}, big);
        store_reals(bytes.data() + sizes_at, geometry.sizes);
        store_reals(bytes.data() + cosines_at, geometry.cosines);
        store_reals(bytes.data() + centre_at, geometry.centre);
    }
    return bytes;
}

}  // namespace tare::io::detail
