// Reading a NIfTI header: magic, type, extents, offset, scaling, geometry and the chain of extensions, each checked.
#include "nifti_header.hpp"

#include <array>
#include <cmath>
#include <optional>

#include "byte_order.hpp"
#include "image_checks.hpp"
#include "nifti_affine.hpp"
#include "nifti_datatypes.hpp"
#include "nifti_fields.hpp"
#include "tare/base/error.hpp"
#include "tare/base/number_text.hpp"

namespace tare::io::detail {

namespace {

struct Variant {
    int version;
    bool big_endian;
};

std::optional<Variant> variant_of(std::string_view start) noexcept {
    if (start.size() < 4) {
        return std::nullopt;
    }
    for (const bool big_endian : {false, true}) {
        for (const int version : {1, 2}) {
            if (load<std::int32_t>(start.data(), big_endian) ==
                static_cast<std::int32_t>(NiftiFields::header_size(version))) {
                return Variant{version, big_endian};
            }
        }
    }
    return std::nullopt;
}

void check_magic(const NiftiFields& fields, const std::string& source) {
    const std::string_view magic = fields.text(Field::magic);
    const std::string version = std::to_string(fields.version());
    const std::string single = "n+" + version + '\0';
    const std::string pair = "ni" + version + '\0';
    if (magic == pair) {
        throw base::malformed(source + ": is the header of a .hdr/.img pair, which are not read",
                              "convert the pair to one .nii file");
    }
    if (magic != single) {
        const bool analyze = fields.version() == 1 && magic == std::string_view("\0\0\0\0", 4);
        throw analyze ? base::malformed(source + ": is an ANALYZE header, which does not tell left from right",
                                        "convert the images to NIfTI")
                      : base::malformed(source + ": is no NIfTI file: the magic bytes are not 'n+" + version + "'");
    }
    if (fields.version() == 2) {
        const auto check = std::string_view(fields.bytes()).substr(8, 4);
        if (check != "\r\n\x1a\n" && check != std::string_view("\0\0\0\0", 4)) {
            throw base::malformed(source + ": the line ends in the magic bytes were changed",
                                  "the file was transferred as text; transfer it again as binary");
        }
    }
}

NiftiFields checked_fields(std::string_view start, const std::string& source) {
    if (start.empty()) {
        throw base::malformed(source + ": the file is empty");
    }
    if (start.size() < 4) {
        throw cut_within_header(start.size(), NiftiFields::header_size(1), source);
    }
    const std::optional<Variant> variant = variant_of(start);
    if (!variant) {
        throw base::malformed(source + ": is no NIfTI file: it does not begin with the header's size, 348 or 540");
    }
    const std::size_t size = NiftiFields::header_size(variant->version);
    if (start.size() < size) {
        throw cut_within_header(start.size(), size, source);
    }
    NiftiFields fields(std::string(start), variant->version, variant->big_endian);
    check_magic(fields, source);
    return fields;
}

std::uint64_t data_begin(const NiftiFields& fields, const std::string& source) {
    const double offset = fields.real(Field::vox_offset);
    const auto least = static_cast<double>(NiftiFields::single_file_offset(fields.version()));
    // Beyond any extension, and little enough to be read for a look.
    constexpr double most = 16777216.0;
    if (offset > most) {
        throw base::malformed(source + ": impossible vox_offset " + base::number_text(offset) +
                              ": headers and extensions of more than 16 MiB are not read");
    }
    if (!(offset >= least) || offset != std::floor(offset)) {
        throw base::malformed(source + ": impossible vox_offset " + base::number_text(offset) +
                              ": the voxels begin at byte " + base::number_text(least) + " or later");
    }
    return static_cast<std::uint64_t>(offset);
}

VoxelType checked_type(const NiftiFields& fields, const std::string& source) {
    const std::int64_t code = fields.integer(Field::datatype);
    const VoxelType type = nifti_voxel_type(code, source);
    const std::int64_t bits = fields.integer(Field::bitpix);
    if (bits != 8 * bytes_per_voxel(type)) {
        throw base::malformed(source + ": datatype " + std::to_string(code) + " (" + voxel_type_name(type) + ") has " +
                              std::to_string(8 * bytes_per_voxel(type)) + " bits, but bitpix is " + std::to_string(bits));
    }
    return type;
}

std::vector<Index> checked_dimensions(const NiftiFields& fields, VoxelType type, const std::string& source) {
    const std::int64_t count = fields.integer(Field::dim);
    if (count < 1 || count > 7) {
        throw base::malformed(source + ": impossible number of dimensions, dim[0] = " + std::to_string(count) +
                              ": it is from 1 to 7");
    }
    std::array<std::int64_t, 7> extents{};
    for (std::size_t axis = 0; axis < extents.size(); ++axis) {
        extents[axis] = fields.integer(Field::dim, axis + 1);
    }
    return checked_shape(std::span(extents).first(static_cast<std::size_t>(count)), type, source);
}

void set_scaling(ImageHeader& header, const NiftiFields& fields, const std::string& source) {
    const double slope = fields.real(Field::scl_slope);
    const double intercept = fields.real(Field::scl_inter);
    // Without a usable slope there is no scaling at all, as the standard and nibabel have it.
    if (slope == 0.0 || !std::isfinite(slope)) {
        return;
    }
    if (!std::isfinite(intercept)) {
        throw base::malformed(source + ": scl_slope is " + base::number_text(slope) + ", but scl_inter is not finite");
    }
    header.slope = slope;
    header.intercept = intercept;
}

void check_extensions(const NiftiFields& fields, const std::string& source) {
    std::string_view rest = fields.after_header();
    const bool announced = rest.front() != '\0';
    rest.remove_prefix(4);
    while (announced && rest.find_first_not_of('\0') != std::string_view::npos) {
        const std::int64_t size = rest.size() < 8 ? 0 : load<std::int32_t>(rest.data(), fields.big_endian());
        if (size < 16 || size % 16 != 0 || size > static_cast<std::int64_t>(rest.size())) {
            const std::size_t at = fields.bytes().size() - rest.size();
            throw base::malformed(source + ": the header extension at byte " + std::to_string(at) + " is damaged: " +
                                  (rest.size() < 8 ? "it is cut short"
                                                   : "it claims " + std::to_string(size) + " bytes of " +
                                                         std::to_string(rest.size()) + " before the voxels"));
        }
        rest.remove_prefix(static_cast<std::size_t>(size));
    }
}

}  // namespace

bool looks_like_nifti(std::string_view start) noexcept {
    return variant_of(start).has_value();
}

std::uint64_t nifti_data_begin(std::string_view start, const std::string& source) {
    return data_begin(checked_fields(start.substr(0, longest_nifti_start), source), source);
}

ImageHeader parse_nifti(std::string_view head, const std::string& source) {
    const NiftiFields fields = checked_fields(head, source);
    ImageHeader header;
    header.format = fields.version() == 1 ? ImageFormat::nifti1 : ImageFormat::nifti2;
    header.big_endian = fields.big_endian();
    header.type = checked_type(fields, source);
    header.grid.shape = checked_dimensions(fields, header.type, source);
    set_scaling(header, fields, source);
    header.grid.affine = nifti_affine(fields, header.grid.shape, source);
    check_extensions(fields, source);
    header.raw = fields.bytes();
    return header;
}

}  // namespace tare::io::detail
