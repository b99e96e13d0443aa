// The bytes of voxels to numbers and back: any type, either byte order, scaled in double.
#include "voxels.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <string_view>

#include "byte_order.hpp"
#include "tare/base/error.hpp"
#include "tare/base/number_text.hpp"
#include "voxel_types.hpp"

namespace tare::io {

namespace {

using detail::byte_swapped;

template <typename Stored, bool swapped>
Stored voxel_at(const char* stored, std::size_t position) noexcept {
    Stored value;
    std::memcpy(&value, stored + position * sizeof(Stored), sizeof(Stored));
    if constexpr (swapped) {
        value = byte_swapped(value);
    }
    return value;
}

/// What a voxel stands for, from what is stored.
template <typename Stored, typename Value, bool scaled>
Value meaning(Stored stored, double slope, double intercept) noexcept {
    if constexpr (scaled) {
        return static_cast<Value>(slope * static_cast<double>(stored) + intercept);
    } else {
        return static_cast<Value>(stored);
    }
}

template <typename Stored, typename Value, bool swapped, bool scaled>
void gather(const Image& image, std::span<const Index> voxels, std::span<Value> values) noexcept {
    const char* stored = image.stored.data();
    const double slope = image.header.slope;
    const double intercept = image.header.intercept;
    Value* to = values.data();
    if (!voxels.empty()) {
        for (const Index voxel : voxels) {
            *to++ = meaning<Stored, Value, scaled>(voxel_at<Stored, swapped>(stored, static_cast<std::size_t>(voxel)), slope,
                                                   intercept);
        }
    } else if constexpr (std::is_same_v<Stored, Value> && !swapped && !scaled) {
        std::memcpy(to, stored, values.size_bytes());
    } else {
        for (std::size_t i = 0; i < values.size(); ++i) {
            to[i] = meaning<Stored, Value, scaled>(voxel_at<Stored, swapped>(stored, i), slope, intercept);
        }
    }
}

template <typename Value>
void decode_as(const Image& image, std::span<const Index> voxels, std::span<Value> values) {
    const bool swapped = image.header.big_endian != detail::native_is_big;
    const bool scaled = image.header.slope != 1.0 || image.header.intercept != 0.0;
    detail::with_voxel_type(image.header.type, [&]<typename Stored>(std::type_identity<Stored>) {
        if (swapped) {
            scaled ? gather<Stored, Value, true, true>(image, voxels, values)
                   : gather<Stored, Value, true, false>(image, voxels, values);
        } else {
            scaled ? gather<Stored, Value, false, true>(image, voxels, values)
                   : gather<Stored, Value, false, false>(image, voxels, values);
        }
    });
}

constexpr std::array<std::string_view, 10> type_names{"uint8", "int8",   "uint16", "int16",   "uint32",
                                                      "int32", "uint64", "int64",  "float32", "float64"};

std::string place_of(std::size_t position, const data::Grid& grid) {
    std::string text = "(";
    auto rest = static_cast<Index>(position);
    for (const Index extent : grid.shape) {
        text += (text.size() == 1 ? "" : ", ") + std::to_string(rest % extent);
        rest /= extent;
    }
    return text + ")";
}

/// A value as it is stored; false where the type has none for it.
template <typename Stored, typename Value>
bool convert(Value value, Stored& stored) noexcept {
    if constexpr (std::is_integral_v<Stored>) {
        const Value rounded = std::nearbyint(value);
        // Both bounds are powers of two, or zero, and so the same in every type.
        const auto low = static_cast<Value>(std::numeric_limits<Stored>::min());
        const auto beyond = static_cast<Value>(std::ldexp(1.0, std::numeric_limits<Stored>::digits));
        if (!(rounded >= low && rounded < beyond)) {
            return false;
        }
        stored = static_cast<Stored>(rounded);
        return true;
    } else if constexpr (sizeof(Stored) < sizeof(Value)) {
        // Rounds to nearest, and to infinity only what is no float32 even so.
        stored = static_cast<Stored>(value);
        return std::isfinite(stored) || !std::isfinite(value);
    } else {
        stored = static_cast<Stored>(value);
        return true;
    }
}

template <typename Value>
base::Error no_such_value(Value value, VoxelType type, const std::string& place, const std::string& path) {
    const double number = static_cast<double>(value);
    const std::string text = std::isnan(number)   ? "not a number"
                             : std::isinf(number) ? "infinite"
                                                  : base::number_text(number);
    return base::inconsistent(
        path + ": the value at voxel " + place + " is " + text + ", which " + voxel_type_name(type) + " cannot hold",
        type == VoxelType::float32 ? "write it as float64" : "write it as float32");
}

template <typename Value>
void encode_as(std::string& to, VoxelType type, bool big_endian, std::span<const Value> values, const data::Grid& grid,
               const std::string& path) {
    const bool swapped = big_endian != detail::native_is_big;
    detail::with_voxel_type(type, [&]<typename Stored>(std::type_identity<Stored>) {
        if (std::is_same_v<Stored, Value> && !swapped) {
            to.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
            return;
        }
        const std::size_t begin = to.size();
        to.resize(begin + values.size() * sizeof(Stored));
        char* at = to.data() + begin;
        for (std::size_t i = 0; i < values.size(); ++i) {
            Stored stored{};
            if (!convert(values[i], stored)) {
                throw no_such_value(values[i], type, place_of(i, grid), path);
            }
            if (swapped) {
                stored = byte_swapped(stored);
            }
            std::memcpy(at + i * sizeof(Stored), &stored, sizeof(Stored));
        }
    });
}

}  // namespace

std::string voxel_type_name(VoxelType type) {
    return std::string(type_names[static_cast<std::size_t>(type)]);
}

Index bytes_per_voxel(VoxelType type) noexcept {
    return detail::with_voxel_type(
        type, []<typename Stored>(std::type_identity<Stored>) { return static_cast<Index>(sizeof(Stored)); });
}

bool fits_single_precision(const ImageHeader& header) noexcept {
    const bool stored = header.type == VoxelType::float32 || bytes_per_voxel(header.type) <= 2;
    return stored && header.slope == 1.0 && header.intercept == 0.0;
}

void decode(const Image& image, std::span<const Index> voxels, std::span<float> values) {
    decode_as(image, voxels, values);
}
void decode(const Image& image, std::span<const Index> voxels, std::span<double> values) {
    decode_as(image, voxels, values);
}

namespace detail {

void encode(std::string& to, VoxelType type, bool big_endian, std::span<const float> values, const data::Grid& grid,
            const std::string& path) {
    encode_as(to, type, big_endian, values, grid, path);
}
void encode(std::string& to, VoxelType type, bool big_endian, std::span<const double> values, const data::Grid& grid,
            const std::string& path) {
    encode_as(to, type, big_endian, values, grid, path);
}

}  // namespace detail

}  // namespace tare::io
