// NIfTI's datatype codes.
#include "nifti_datatypes.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "tare/base/error.hpp"

namespace tare::io::detail {

namespace {

struct Coded {
    std::int64_t code;
    VoxelType type;
};
constexpr std::array readable{
    Coded{2, VoxelType::uint8},     Coded{4, VoxelType::int16},    Coded{8, VoxelType::int32},
    Coded{16, VoxelType::float32},  Coded{64, VoxelType::float64}, Coded{256, VoxelType::int8},
    Coded{512, VoxelType::uint16},  Coded{768, VoxelType::uint32}, Coded{1024, VoxelType::int64},
    Coded{1280, VoxelType::uint64},
};

struct Named {
    std::int64_t code;
    std::string_view name;
};
constexpr std::array refused{
    Named{1, "single bits"},   Named{32, "complex64"},    Named{128, "RGB colours"},   Named{1536, "float128"},
    Named{1792, "complex128"}, Named{2048, "complex256"}, Named{2304, "RGBA colours"},
};

}  // namespace

VoxelType nifti_voxel_type(std::int64_t code, const std::string& source) {
    const auto* const known = std::ranges::find(readable, code, &Coded::code);
    if (known != readable.end()) {
        return known->type;
    }
    const auto* const other = std::ranges::find(refused, code, &Named::code);
    if (other != refused.end()) {
        throw base::malformed(source + ": the voxels are " + std::string(other->name) + " (datatype " +
                                  std::to_string(code) + "), which are not read",
                              "convert the image to a type with one integer, float32 or float64 per voxel");
    }
    throw base::malformed(source + ": unknown datatype " + std::to_string(code));
}

std::int64_t nifti_code(VoxelType type) noexcept {
    return std::ranges::find(readable, type, &Coded::type)->code;
}

}  // namespace tare::io::detail
