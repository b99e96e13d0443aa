// The two layouts side by side, as nifti1.h and nifti2.h of the NIfTI standard define them.
#include "nifti_fields.hpp"

#include <algorithm>
#include <array>

#include "byte_order.hpp"

namespace tare::io::detail {

namespace {

enum class Kind : unsigned char { absent, text, i8, i16, i32, i64, f32, f64 };

struct Place {
    Kind kind;
    std::size_t offset;
};
struct Row {
    Field field;
    std::size_t count;  ///< numbers, or bytes of text
    Place in_1, in_2;
};

constexpr Place nowhere{Kind::absent, 0};

// In the order of the enumeration, so that a field is found by its number.
constexpr std::array rows{
    Row{Field::sizeof_hdr, 1, {Kind::i32, 0}, {Kind::i32, 0}},
    Row{Field::magic, 4, {Kind::text, 344}, {Kind::text, 4}},
    Row{Field::datatype, 1, {Kind::i16, 70}, {Kind::i16, 12}},
    Row{Field::bitpix, 1, {Kind::i16, 72}, {Kind::i16, 14}},
    Row{Field::dim, 8, {Kind::i16, 40}, {Kind::i64, 16}},
    Row{Field::intent_p, 3, {Kind::f32, 56}, {Kind::f64, 80}},
    Row{Field::pixdim, 8, {Kind::f32, 76}, {Kind::f64, 104}},
    Row{Field::vox_offset, 1, {Kind::f32, 108}, {Kind::i64, 168}},
    Row{Field::scl_slope, 1, {Kind::f32, 112}, {Kind::f64, 176}},
    Row{Field::scl_inter, 1, {Kind::f32, 116}, {Kind::f64, 184}},
    Row{Field::cal_max, 1, {Kind::f32, 124}, {Kind::f64, 192}},
    Row{Field::cal_min, 1, {Kind::f32, 128}, {Kind::f64, 200}},
    Row{Field::slice_duration, 1, {Kind::f32, 132}, {Kind::f64, 208}},
    Row{Field::toffset, 1, {Kind::f32, 136}, {Kind::f64, 216}},
    Row{Field::slice_start, 1, {Kind::i16, 74}, {Kind::i64, 224}},
    Row{Field::slice_end, 1, {Kind::i16, 120}, {Kind::i64, 232}},
    Row{Field::descrip, 80, {Kind::text, 148}, {Kind::text, 240}},
    Row{Field::aux_file, 24, {Kind::text, 228}, {Kind::text, 320}},
    Row{Field::qform_code, 1, {Kind::i16, 252}, {Kind::i32, 344}},
    Row{Field::sform_code, 1, {Kind::i16, 254}, {Kind::i32, 348}},
    Row{Field::quatern, 3, {Kind::f32, 256}, {Kind::f64, 352}},
    Row{Field::qoffset, 3, {Kind::f32, 268}, {Kind::f64, 376}},
    Row{Field::srow, 12, {Kind::f32, 280}, {Kind::f64, 400}},
    Row{Field::slice_code, 1, {Kind::i8, 122}, {Kind::i32, 496}},
    Row{Field::xyzt_units, 1, {Kind::i8, 123}, {Kind::i32, 500}},
    Row{Field::intent_code, 1, {Kind::i16, 68}, {Kind::i32, 504}},
    Row{Field::intent_name, 16, {Kind::text, 328}, {Kind::text, 508}},
    Row{Field::dim_info, 1, {Kind::i8, 39}, {Kind::i8, 524}},
    Row{Field::extents, 1, {Kind::i32, 32}, nowhere},
    Row{Field::session_error, 1, {Kind::i16, 36}, nowhere},
    Row{Field::regular, 1, {Kind::i8, 38}, nowhere},
    Row{Field::glmax, 1, {Kind::i32, 140}, nowhere},
    Row{Field::glmin, 1, {Kind::i32, 144}, nowhere},
};

constexpr bool rows_in_order() {
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i].field != static_cast<Field>(i)) {
            return false;
        }
    }
    return true;
}
static_assert(rows_in_order());

const Row& row_of(Field field) noexcept {
    return rows[static_cast<std::size_t>(field)];
}
const Place& place_in(const Row& row, int version) noexcept {
    return version == 1 ? row.in_1 : row.in_2;
}
std::size_t width_of(Kind kind) noexcept {
    switch (kind) {
        case Kind::i16:
            return 2;
        case Kind::i32:
        case Kind::f32:
            return 4;
        case Kind::i64:
        case Kind::f64:
            return 8;
        default:
            return 1;
    }
}
bool is_real(Kind kind) noexcept {
    return kind == Kind::f32 || kind == Kind::f64;
}
bool is_number(Kind kind) noexcept {
    return kind != Kind::absent && kind != Kind::text;
}

}  // namespace

NiftiFields NiftiFields::blank(int version) {
    NiftiFields fields(std::string(single_file_offset(version), '\0'), version, false);
    fields.set_integer(Field::sizeof_hdr, static_cast<std::int64_t>(header_size(version)));
    fields.set_text(Field::magic, version == 1 ? "n+1" : "n+2");
    if (version == 2) {
        fields.bytes_.replace(8, 4, "\r\n\x1a\n");
    }
    fields.set_integer(Field::vox_offset, static_cast<std::int64_t>(fields.bytes_.size()));
    return fields;
}

std::string_view NiftiFields::after_header() const noexcept {
    return std::string_view(bytes_).substr(header_size(version_));
}

std::int64_t NiftiFields::integer(Field field, std::size_t i) const noexcept {
    const Place& place = place_in(row_of(field), version_);
    const char* at = bytes_.data() + place.offset + i * width_of(place.kind);
    switch (place.kind) {
        case Kind::i8:
            return load<std::uint8_t>(at, big_endian_);
        case Kind::i16:
            return load<std::int16_t>(at, big_endian_);
        case Kind::i32:
            return load<std::int32_t>(at, big_endian_);
        case Kind::i64:
            return load<std::int64_t>(at, big_endian_);
        case Kind::f32:
        case Kind::f64:
            return static_cast<std::int64_t>(real(field, i));
        default:
            return 0;
    }
}

double NiftiFields::real(Field field, std::size_t i) const noexcept {
    const Place& place = place_in(row_of(field), version_);
    const char* at = bytes_.data() + place.offset + i * width_of(place.kind);
    switch (place.kind) {
        case Kind::f32:
            return static_cast<double>(load<float>(at, big_endian_));
        case Kind::f64:
            return load<double>(at, big_endian_);
        default:
            return static_cast<double>(integer(field, i));
    }
}

std::string_view NiftiFields::text(Field field) const noexcept {
    const Row& row = row_of(field);
    return std::string_view(bytes_).substr(place_in(row, version_).offset, row.count);
}

void NiftiFields::set_integer(Field field, std::int64_t value, std::size_t i) noexcept {
    const Place& place = place_in(row_of(field), version_);
    char* at = bytes_.data() + place.offset + i * width_of(place.kind);
    switch (place.kind) {
        case Kind::i8:
            store(at, static_cast<std::uint8_t>(value), big_endian_);
            break;
        case Kind::i16:
            store(at, static_cast<std::int16_t>(value), big_endian_);
            break;
        case Kind::i32:
            store(at, static_cast<std::int32_t>(value), big_endian_);
            break;
        case Kind::i64:
            store(at, value, big_endian_);
            break;
        case Kind::f32:
        case Kind::f64:
            set_real(field, static_cast<double>(value), i);
            break;
        default:
            break;
    }
}

void NiftiFields::set_real(Field field, double value, std::size_t i) noexcept {
    const Place& place = place_in(row_of(field), version_);
    char* at = bytes_.data() + place.offset + i * width_of(place.kind);
    if (place.kind == Kind::f32) {
        store(at, static_cast<float>(value), big_endian_);
    } else if (place.kind == Kind::f64) {
        store(at, value, big_endian_);
    }
}

void NiftiFields::set_text(Field field, std::string_view text) {
    const Row& row = row_of(field);
    std::string padded(text.substr(0, row.count));
    padded.resize(row.count, '\0');
    bytes_.replace(place_in(row, version_).offset, row.count, padded);
}

void NiftiFields::make_little_endian() {
    if (!big_endian_) {
        return;
    }
    for (const Row& row : rows) {
        const Place& place = place_in(row, version_);
        const std::size_t width = width_of(place.kind);
        if (!is_number(place.kind) || width == 1) {
            continue;
        }
        for (std::size_t i = 0; i < row.count; ++i) {
            char* at = bytes_.data() + place.offset + i * width;
            std::reverse(at, at + width);
        }
    }
    swap_extensions();
    big_endian_ = false;
}

void NiftiFields::swap_extensions() noexcept {
    std::size_t at = header_size(version_);
    if (bytes_.size() < at + 4 || bytes_[at] == '\0') {
        return;
    }
    at += 4;
    // Extensions are whole: that was checked when the header was read. What is left of them at the end is padding.
    while (at + 16 <= bytes_.size()) {
        const auto size = load<std::int32_t>(bytes_.data() + at, big_endian_);
        if (size < 16 || static_cast<std::size_t>(size) > bytes_.size() - at) {
            return;
        }
        std::reverse(bytes_.data() + at, bytes_.data() + at + 4);
        std::reverse(bytes_.data() + at + 4, bytes_.data() + at + 8);
        at += static_cast<std::size_t>(size);
    }
}

NiftiFields NiftiFields::as_version_2() const {
    if (version_ == 2) {
        return *this;
    }
    NiftiFields wide = blank(2);
    for (const Row& row : rows) {
        if (row.in_2.kind == Kind::absent || row.field == Field::sizeof_hdr || row.field == Field::magic) {
            continue;
        }
        if (row.in_2.kind == Kind::text) {
            wide.set_text(row.field, text(row.field));
        }
        for (std::size_t i = 0; is_number(row.in_2.kind) && i < row.count; ++i) {
            if (is_real(row.in_2.kind)) {
                wide.set_real(row.field, real(row.field, i), i);
            } else {
                wide.set_integer(row.field, integer(row.field, i), i);
            }
        }
    }
    wide.bytes_.replace(header_size(2), std::string::npos, after_header());
    wide.set_integer(Field::vox_offset, static_cast<std::int64_t>(wide.bytes_.size()));
    return wide;
}

}  // namespace tare::io::detail
