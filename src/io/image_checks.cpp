// The checks that every image header goes through.
#include "image_checks.hpp"

#include <algorithm>
#include <cmath>

#include "tare/base/text.hpp"

namespace tare::io::detail {

namespace {

/// Far beyond any file, and far from overflow.
constexpr std::uint64_t most_bytes = std::uint64_t{1} << 60U;

std::string extents_text(std::span<const std::int64_t> extents) {
    std::string text;
    for (const std::int64_t extent : extents) {
        text += (text.empty() ? "" : " × ") + std::to_string(extent);
    }
    return text;
}

}  // namespace

std::vector<Index> checked_shape(std::span<const std::int64_t> extents, VoxelType type, const std::string& source) {
    std::uint64_t bytes = static_cast<std::uint64_t>(bytes_per_voxel(type));
    for (const std::int64_t extent : extents) {
        if (extent <= 0) {
            throw base::malformed(source + ": impossible dimensions " + extents_text(extents) + ": each must be at least 1");
        }
        if (static_cast<std::uint64_t>(extent) > most_bytes / bytes) {
            throw base::malformed(source + ": impossible dimensions " + extents_text(extents) +
                                  ": no file can hold so many voxels");
        }
        bytes *= static_cast<std::uint64_t>(extent);
    }
    while (extents.size() > 3 && extents.back() == 1) {
        extents = extents.first(extents.size() - 1);
    }
    if (extents.size() > 4) {
        throw base::malformed(source + ": has " + std::to_string(extents.size()) + " dimensions, " + extents_text(extents),
                              "an image has three dimensions, or four where it holds several volumes");
    }
    std::vector<Index> shape(extents.begin(), extents.end());
    shape.resize(std::max<std::size_t>(shape.size(), 3), 1);
    return shape;
}

void check_affine(const std::array<double, 12>& affine, const std::string& where, const std::string& source) {
    for (const double element : affine) {
        if (!std::isfinite(element)) {
            throw base::malformed(source + ": the position of the voxels (" + where + ") is not finite",
                                  "the header is damaged, or was written without geometry");
        }
    }
}

std::size_t stored_size(const ImageHeader& header) noexcept {
    return static_cast<std::size_t>(header.grid.values() * bytes_per_voxel(header.type));
}

void check_stored_size(const ImageHeader& header, std::uint64_t bytes, bool exactly, const std::string& source) {
    const std::uint64_t wanted = stored_size(header);
    if (bytes == wanted || (bytes > wanted && !exactly)) {
        return;
    }
    const std::string asked = data::shape_text(header.grid) + " voxels of " + voxel_type_name(header.type) + " take " +
                              base::counted(wanted, "byte") + ", the file holds " + std::to_string(bytes);
    throw bytes < wanted
        ? base::malformed(source + ": cut short: " + asked, "copy or download the file again")
        : base::malformed(source + ": " + base::counted(bytes - wanted, "byte") + " follow the voxels: " + asked);
}

base::Error cut_within_header(std::uint64_t has, std::uint64_t needed, const std::string& source) {
    return base::malformed(source + ": cut short: the header takes " + base::counted(needed, "byte") + ", the file holds " +
                               std::to_string(has),
                           "copy or download the file again");
}

}  // namespace tare::io::detail
