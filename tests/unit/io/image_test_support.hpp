// Images built byte by byte, from the standards' offsets alone, so that nothing of the code under test is used to make
// what it reads.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "tare/io/image_file.hpp"
#include "unit/io/io_test_support.hpp"

namespace tare::test {

/// Numbers at places of a string, in either byte order.
class Bytes {
public:
    Bytes(std::size_t size, bool big_endian) : text(size, '\0'), big_endian_(big_endian) {}

    template <typename T>
    void put(std::size_t offset, T value) {
        auto raw = std::bit_cast<std::array<char, sizeof(T)>>(value);
        if (big_endian_ != (std::endian::native == std::endian::big)) {
            std::reverse(raw.begin(), raw.end());
        }
        text.replace(offset, sizeof(T), raw.data(), sizeof(T));
    }
    template <typename T>
    void add(T value) {
        const std::size_t offset = text.size();
        text.resize(offset + sizeof(T));
        put(offset, value);
    }
    void put_text(std::size_t offset, const std::string& value) { text.replace(offset, value.size(), value); }

    std::string text;

private:
    bool big_endian_;
};

/// What a test wants in a header; the rest is a plain 4 × 3 × 2 image.
struct NiftiWish {
    int version = 1;
    bool big_endian = false;
    std::int16_t datatype = 16;
    std::int16_t bitpix = 32;
    std::vector<int> dims{3, 4, 3, 2};  ///< dim[0] and what follows
    double slope = 1.0;
    double intercept = 0.0;
    int qform_code = 1;
    int sform_code = 2;
    std::string extensions = {};  ///< with the four bytes before them; empty: four zeros
};

inline constexpr std::array<double, 12> test_affine{-2, 0.25, 0, 90, 0.125, 2, 0, -126, 0, 0, 2.5, -72};

/// Everything before the voxels.
inline Bytes nifti_head(const NiftiWish& wish = {}) {
    const std::string extensions = wish.extensions.empty() ? std::string(4, '\0') : wish.extensions;
    const std::size_t size = wish.version == 1 ? 348 : 540;
    Bytes bytes(size, wish.big_endian);
    bytes.put<std::int32_t>(0, static_cast<std::int32_t>(size));
    const auto offset = static_cast<double>(size + extensions.size());
    for (std::size_t i = 0; i < 8; ++i) {
        const int extent = i < wish.dims.size() ? wish.dims[i] : 1;
        const double size_there = i == 0 ? 1.0 : 1.5 + static_cast<double>(i);
        if (wish.version == 1) {
            bytes.put<std::int16_t>(40 + 2 * i, static_cast<std::int16_t>(extent));
            bytes.put<float>(76 + 4 * i, static_cast<float>(size_there));
        } else {
            bytes.put<std::int64_t>(16 + 8 * i, extent);
            bytes.put<double>(104 + 8 * i, size_there);
        }
    }
    for (std::size_t i = 0; i < 12; ++i) {
        wish.version == 1 ? bytes.put<float>(280 + 4 * i, static_cast<float>(test_affine[i]))
                          : bytes.put<double>(400 + 8 * i, test_affine[i]);
    }
    if (wish.version == 1) {
        bytes.put_text(344, std::string("n+1\0", 4));
        bytes.put<std::int16_t>(70, wish.datatype);
        bytes.put<std::int16_t>(72, wish.bitpix);
        bytes.put<float>(108, static_cast<float>(offset));
        bytes.put<float>(112, static_cast<float>(wish.slope));
        bytes.put<float>(116, static_cast<float>(wish.intercept));
        bytes.put<float>(124, 50.0F);  // cal_max
        bytes.put<std::int16_t>(252, static_cast<std::int16_t>(wish.qform_code));
        bytes.put<std::int16_t>(254, static_cast<std::int16_t>(wish.sform_code));
        bytes.put_text(148, "a description");
    } else {
        bytes.put_text(4, std::string("n+2\0\r\n\x1a\n", 8));
        bytes.put<std::int16_t>(12, wish.datatype);
        bytes.put<std::int16_t>(14, wish.bitpix);
        bytes.put<std::int64_t>(168, static_cast<std::int64_t>(offset));
        bytes.put<double>(176, wish.slope);
        bytes.put<double>(184, wish.intercept);
        bytes.put<double>(192, 50.0);
        bytes.put<std::int32_t>(344, wish.qform_code);
        bytes.put<std::int32_t>(348, wish.sform_code);
        bytes.put_text(240, "a description");
    }
    bytes.text += extensions;
    return bytes;
}

/// A header extension as in the file: length, code, payload padded to a multiple of 16.
inline std::string extension(std::int32_t code, std::string payload, bool big_endian = false) {
    payload.resize((payload.size() + 8 + 15) / 16 * 16 - 8, '\0');
    Bytes bytes(0, big_endian);
    bytes.add(static_cast<std::int32_t>(payload.size() + 8));
    bytes.add(code);
    return bytes.text + payload;
}

inline Bytes mgh_head(std::int32_t type = 3, std::array<std::int32_t, 4> extents = {4, 3, 2, 1}, bool has_geometry = true) {
    Bytes bytes(284, true);
    bytes.put<std::int32_t>(0, 1);
    for (std::size_t i = 0; i < 4; ++i) bytes.put<std::int32_t>(4 + 4 * i, extents[i]);
    bytes.put<std::int32_t>(20, type);
    bytes.put<std::int16_t>(28, has_geometry ? 1 : 0);
    const std::array<float, 15> geometry{2, 1.5F, 1, 0, 1, 0, -1, 0, 0, 0, 0, 1, 10, 20, 30};
    for (std::size_t i = 0; i < geometry.size(); ++i) bytes.put(30 + 4 * i, geometry[i]);
    return bytes;
}

/// The whole 4 × 3 × 2 float32 image with values 0.5, 1.5, ...
inline std::string whole_nifti(const NiftiWish& wish = {}) {
    Bytes bytes = nifti_head(wish);
    for (int i = 0; i < 24; ++i) bytes.add(static_cast<float>(i) + 0.5F);
    return bytes.text;
}
inline std::string whole_mgh() {
    Bytes bytes = mgh_head();
    for (int i = 0; i < 24; ++i) bytes.add(static_cast<float>(i) + 0.5F);
    return bytes.text;
}

/// One folder with one file to be read.
class ImageFile {
public:
    explicit ImageFile(const std::string& bytes, const std::string& name = "x.nii") : path_(folder_.path() / name) {
        put_file(path_, bytes);
    }
    [[nodiscard]] std::string path() const { return path_.string(); }
    [[nodiscard]] io::Image read(int threads = 1) const { return io::read_image(path(), {threads}); }
    [[nodiscard]] io::ImageHeader peek() const { return io::read_image_header(path()); }
    [[nodiscard]] Failure reading() const {
        return failure_of([&] { (void)read(); });
    }
    [[nodiscard]] Failure peeking() const {
        return failure_of([&] { (void)peek(); });
    }
    /// Code 65, and the message begins with the file's name.
    [[nodiscard]] bool is_refused() const {
        const Failure failure = reading();
        return failure.code == 65 && failure.message.starts_with(path() + ": ");
    }
    [[nodiscard]] bool is_refused_at_a_glance() const {
        const Failure failure = peeking();
        return failure.code == 65 && failure.message.starts_with(path() + ": ");
    }

private:
    TemporaryDirectory folder_;
    std::filesystem::path path_;
};

inline std::vector<double> values_of(const io::Image& image) {
    std::vector<double> values(static_cast<std::size_t>(image.header.grid.values()));
    io::decode(image, {}, values);
    return values;
}

/// 0.5, 1.5, ...: what whole_nifti and whole_mgh hold.
inline std::vector<double> half_steps() {
    std::vector<double> values(24);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>(i) + 0.5;
    return values;
}

}  // namespace tare::test
