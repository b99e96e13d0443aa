// Writing images: the header of the family that the file's name asks for, the voxels, what follows them, compressed or not.
#include <utility>

#include "image_checks.hpp"
#include "image_names.hpp"
#include "mgh_header.hpp"
#include "nifti_header.hpp"
#include "tare/base/error.hpp"
#include "tare/io/bytes.hpp"
#include "tare/io/image_file.hpp"
#include "voxels.hpp"

namespace tare::io {

namespace {

using detail::ImageFamily;

template <typename Value>
std::string bytes_of(const std::string& path, const ImageHeader& like, VoxelType type, std::span<const Value> values) {
    std::string bytes = image_prefix(path, like, type);
    const bool as_mgh = detail::family_by_name(path) == ImageFamily::mgh;
    const std::string_view trailer = as_mgh && like.format == ImageFormat::mgh ? std::string_view(like.trailer) : "";
    bytes.reserve(bytes.size() + values.size() * static_cast<std::size_t>(bytes_per_voxel(type)) + trailer.size());
    detail::encode(bytes, type, as_mgh, values, like.grid, path);
    bytes += trailer;
    if (detail::is_compressed_name(path)) {
        return gzip(bytes, image_gzip_level);
    }
    return bytes;
}

}  // namespace

ImageHeader new_image_header(const data::Grid& grid, const std::string& description) {
    return detail::fresh_nifti(grid, description);
}

bool is_writable_image_name(const std::string& path) noexcept {
    for (const char* ending : {".nii", ".nii.gz", ".mgh", ".mgz"}) {
        if (detail::ends_like(path, ending)) {
            return true;
        }
    }
    return false;
}

bool is_mgh_name(const std::string& path) noexcept {
    return detail::family_by_name(path) == ImageFamily::mgh;
}

std::string image_prefix(const std::string& path, const ImageHeader& like, VoxelType type) {
    if (!is_writable_image_name(path)) {
        throw base::inconsistent(path + ": images are written as .nii, .nii.gz, .mgh or .mgz");
    }
    if (detail::family_by_name(path) == ImageFamily::mgh) return detail::mgh_bytes(like, type, path);
    const bool is_nifti = like.format == ImageFormat::nifti1 || like.format == ImageFormat::nifti2;
    return is_nifti ? detail::nifti_bytes(like, type) : detail::nifti_bytes(detail::fresh_nifti(like.grid, ""), type);
}

std::string image_bytes(const std::string& path, const ImageHeader& like, VoxelType type, std::span<const float> values) {
    return bytes_of(path, like, type, values);
}
std::string image_bytes(const std::string& path, const ImageHeader& like, VoxelType type, std::span<const double> values) {
    return bytes_of(path, like, type, values);
}

}  // namespace tare::io
