// The bytes before the voxels of a NIfTI file that is written: the header of the image it is made like, with the type, the
// scaling and, where it was changed, the grid put right.
#include <array>
#include <limits>
#include <utility>

#include "nifti_affine.hpp"
#include "nifti_datatypes.hpp"
#include "nifti_fields.hpp"
#include "nifti_header.hpp"

namespace tare::io::detail {

namespace {

constexpr int aligned = 2;
constexpr std::int64_t millimetres = 2;

bool fits_version_1(const std::vector<Index>& shape) noexcept {
    for (const Index extent : shape) {
        if (extent > std::numeric_limits<std::int16_t>::max()) {
            return false;
        }
    }
    return true;
}

void set_dimensions(NiftiFields& fields, const std::vector<Index>& shape) noexcept {
    fields.set_integer(Field::dim, static_cast<std::int64_t>(shape.size()));
    for (std::size_t axis = 1; axis <= 7; ++axis) {
        fields.set_integer(Field::dim, axis <= shape.size() ? shape[axis - 1] : 1, axis);
    }
    if (shape.size() > 3 && fields.real(Field::pixdim, 4) == 0.0) {
        fields.set_real(Field::pixdim, 1.0, 4);
    }
}

void set_type(NiftiFields& fields, VoxelType type) noexcept {
    fields.set_integer(Field::datatype, nifti_code(type));
    fields.set_integer(Field::bitpix, 8 * bytes_per_voxel(type));
    fields.set_real(Field::scl_slope, 1.0);
    fields.set_real(Field::scl_inter, 0.0);
    fields.set_real(Field::cal_min, 0.0);
    fields.set_real(Field::cal_max, 0.0);
}

ImageHeader header_of(const NiftiFields& fields, const data::Grid& grid, VoxelType type) {
    ImageHeader header;
    header.format = fields.version() == 1 ? ImageFormat::nifti1 : ImageFormat::nifti2;
    header.type = type;
    header.grid = grid;
    header.raw = fields.bytes();
    return header;
}

}  // namespace

ImageHeader fresh_nifti(const data::Grid& grid, std::string_view description) {
    NiftiFields fields = NiftiFields::blank(fits_version_1(grid.shape) ? 1 : 2);
    if (fields.version() == 1) {
        fields.set_integer(Field::regular, 'r');
    }
    for (std::size_t axis = 0; axis <= 7; ++axis) {
        fields.set_real(Field::pixdim, 1.0, axis);
    }
    set_dimensions(fields, grid.shape);
    set_type(fields, VoxelType::float32);
    set_nifti_affine(fields, grid.affine, aligned);
    fields.set_integer(Field::xyzt_units, millimetres);
    // The last byte stays zero: readers take the field for a text that ends.
    fields.set_text(Field::descrip, description.substr(0, 79));
    return header_of(fields, grid, VoxelType::float32);
}

std::string nifti_bytes(const ImageHeader& like, VoxelType type) {
    const ImageHeader before = parse_nifti(like.raw, "header");
    NiftiFields fields(like.raw, like.format == ImageFormat::nifti1 ? 1 : 2, like.big_endian);
    fields.make_little_endian();
    if (!fits_version_1(like.grid.shape)) {
        fields = fields.as_version_2();
    }
    if (before.grid.shape != like.grid.shape) {
        set_dimensions(fields, like.grid.shape);
    }
    if (before.grid.affine != like.grid.affine) {
        set_nifti_affine(fields, like.grid.affine, aligned);
    }
    set_type(fields, type);
    return fields.bytes();
}

}  // namespace tare::io::detail
