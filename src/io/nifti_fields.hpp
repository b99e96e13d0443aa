// The fields of a NIfTI header by name: where each lies in version 1 and in version 2, and as what it is stored.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tare::io::detail {

enum class Field : unsigned char {
    sizeof_hdr,
    magic,
    datatype,
    bitpix,
    dim,
    intent_p,
    pixdim,
    vox_offset,
    scl_slope,
    scl_inter,
    cal_max,
    cal_min,
    slice_duration,
    toffset,
    slice_start,
    slice_end,
    descrip,
    aux_file,
    qform_code,
    sform_code,
    quatern,
    qoffset,
    srow,
    slice_code,
    xyzt_units,
    intent_code,
    intent_name,
    dim_info,
    extents,  ///< this and the following: version 1 only, unused by NIfTI
    session_error,
    regular,
    glmax,
    glmin,
};

/// A header of version 1 or 2 with what follows it up to the voxels, as one string of bytes.
class NiftiFields {
public:
    /// Bytes of the header itself, and of the header with the four bytes that announce extensions.
    [[nodiscard]] static constexpr std::size_t header_size(int version) noexcept { return version == 1 ? 348 : 540; }
    [[nodiscard]] static constexpr std::size_t single_file_offset(int version) noexcept { return header_size(version) + 4; }

    /// `bytes` holds at least the header.
    NiftiFields(std::string bytes, int version, bool big_endian)
        : bytes_(std::move(bytes)), version_(version), big_endian_(big_endian) {}
    /// A little-endian header of zeros with its size, magic and voxel offset.
    [[nodiscard]] static NiftiFields blank(int version);

    [[nodiscard]] int version() const noexcept { return version_; }
    [[nodiscard]] bool big_endian() const noexcept { return big_endian_; }
    [[nodiscard]] const std::string& bytes() const noexcept { return bytes_; }
    /// The four bytes that announce extensions, the extensions, and padding.
    [[nodiscard]] std::string_view after_header() const noexcept;

    [[nodiscard]] std::int64_t integer(Field field, std::size_t i = 0) const noexcept;
    [[nodiscard]] double real(Field field, std::size_t i = 0) const noexcept;
    /// All bytes of a text field, zeros included.
    [[nodiscard]] std::string_view text(Field field) const noexcept;

    void set_integer(Field field, std::int64_t value, std::size_t i = 0) noexcept;
    void set_real(Field field, double value, std::size_t i = 0) noexcept;
    /// Cuts what is longer than the field, fills with zeros what is shorter.
    void set_text(Field field, std::string_view text);

    /// Turns every number of the header, and the lengths and codes of its extensions.
    void make_little_endian();
    /// The same header as version 2, with its extensions; for little-endian headers.
    [[nodiscard]] NiftiFields as_version_2() const;

private:
    void swap_extensions() noexcept;

    std::string bytes_;
    int version_;
    bool big_endian_;
};

}  // namespace tare::io::detail
