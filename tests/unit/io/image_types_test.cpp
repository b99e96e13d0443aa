// Every type of voxel in every format and byte order, read from bytes made by hand, and written back.
#include <cmath>
#include <limits>

#include <catch2/catch.hpp>

#include "tare/io/bytes.hpp"
#include "unit/io/image_test_support.hpp"

using namespace tare;
using test::Bytes;
using test::ImageFile;

namespace {

/// Extreme and ordinary values of a type, 24 of them.
template <typename T>
std::vector<T> samples() {
    std::vector<T> values{std::numeric_limits<T>::lowest(), std::numeric_limits<T>::max(), T{0}, T{1}, static_cast<T>(-1)};
    if constexpr (std::is_floating_point_v<T>) {
        values.insert(values.end(), {static_cast<T>(0.1), std::numeric_limits<T>::min(),
                                     std::numeric_limits<T>::denorm_min(), std::numeric_limits<T>::infinity()});
    }
    while (values.size() < 24) values.push_back(static_cast<T>(static_cast<double>(values.size()) * 5));
    return values;
}

template <typename T>
void check_reading(Bytes bytes, const std::string& name, io::VoxelType type, io::ImageFormat format, bool big_endian) {
    const std::vector<T> wanted = samples<T>();
    for (const T value : wanted) bytes.add(value);
    for (const bool compressed : {false, true}) {
        const ImageFile file(compressed ? io::gzip(bytes.text) : bytes.text,
                             compressed ? (format == io::ImageFormat::mgh ? "x.mgz" : "x.nii.gz") : name);
        const io::Image image = file.read(compressed ? 2 : 1);
        CAPTURE(file.path(), io::voxel_type_name(type), big_endian);
        CHECK(image.header.type == type);
        CHECK(image.header.format == format);
        CHECK(image.header.big_endian == big_endian);
        CHECK(image.header.grid.shape == std::vector<base::Index>{4, 3, 2});
        CHECK(file.peek().grid == image.header.grid);
        CHECK(file.peek().raw == image.header.raw);
        std::vector<float> single(24);
        io::decode(image, {}, single);
        const std::vector<double> all = test::values_of(image);
        const std::vector<base::Index> chosen{23, 0, 1, 5, 5};
        std::vector<double> some(chosen.size());
        std::vector<float> some_single(chosen.size());
        io::decode(image, chosen, some);
        io::decode(image, chosen, some_single);
        for (std::size_t i = 0; i < 24; ++i) {
            CHECK(all[i] == static_cast<double>(wanted[i]));
            CHECK(single[i] == static_cast<float>(wanted[i]));
        }
        for (std::size_t i = 0; i < chosen.size(); ++i) {
            CHECK(some[i] == all[static_cast<std::size_t>(chosen[i])]);
            CHECK(some_single[i] == single[static_cast<std::size_t>(chosen[i])]);
        }
        if constexpr (sizeof(T) < 8) {
            // Back into its own type, in the same format: the same voxels, now in the byte order of the format.
            const std::string written = io::image_bytes(name, image.header, type, all);
            const ImageFile again(written, name);
            CHECK(test::values_of(again.read()) == all);
            CHECK(again.read().header.big_endian == (format == io::ImageFormat::mgh));
            CHECK(again.read().header.type == type);
        }
    }
}

template <typename T>
void check_nifti(std::int16_t code, io::VoxelType type) {
    for (const int version : {1, 2}) {
        for (const bool big_endian : {false, true}) {
            test::NiftiWish wish;
            wish.version = version;
            wish.big_endian = big_endian;
            wish.datatype = code;
            wish.bitpix = static_cast<std::int16_t>(8 * sizeof(T));
            check_reading<T>(test::nifti_head(wish), "x.nii", type,
                             version == 1 ? io::ImageFormat::nifti1 : io::ImageFormat::nifti2, big_endian);
        }
    }
}

template <typename T>
void check_mgh(std::int32_t code, io::VoxelType type) {
    check_reading<T>(test::mgh_head(code), "x.mgh", type, io::ImageFormat::mgh, true);
}

}  // namespace

TEST_CASE("every type of voxel is read from NIfTI-1 and -2 of either byte order") {
    check_nifti<std::uint8_t>(2, io::VoxelType::uint8);
    check_nifti<std::int16_t>(4, io::VoxelType::int16);
    check_nifti<std::int32_t>(8, io::VoxelType::int32);
    check_nifti<float>(16, io::VoxelType::float32);
    check_nifti<double>(64, io::VoxelType::float64);
    check_nifti<std::int8_t>(256, io::VoxelType::int8);
    check_nifti<std::uint16_t>(512, io::VoxelType::uint16);
    check_nifti<std::uint32_t>(768, io::VoxelType::uint32);
    check_nifti<std::int64_t>(1024, io::VoxelType::int64);
    check_nifti<std::uint64_t>(1280, io::VoxelType::uint64);
}

TEST_CASE("every type of voxel is read from MGH") {
    check_mgh<std::uint8_t>(0, io::VoxelType::uint8);
    check_mgh<std::int32_t>(1, io::VoxelType::int32);
    check_mgh<float>(3, io::VoxelType::float32);
    check_mgh<std::int16_t>(4, io::VoxelType::int16);
    check_mgh<std::uint16_t>(10, io::VoxelType::uint16);
}

TEST_CASE("types know their names, widths and whether float32 holds them") {
    CHECK(io::voxel_type_name(io::VoxelType::uint8) == "uint8");
    CHECK(io::voxel_type_name(io::VoxelType::uint64) == "uint64");
    CHECK(io::voxel_type_name(io::VoxelType::float64) == "float64");
    CHECK(io::bytes_per_voxel(io::VoxelType::int16) == 2);
    CHECK(io::bytes_per_voxel(io::VoxelType::int64) == 8);
    const auto fits = [](io::VoxelType type, double slope = 1.0, double intercept = 0.0) {
        io::ImageHeader header;
        header.type = type;
        header.slope = slope;
        header.intercept = intercept;
        return io::fits_single_precision(header);
    };
    CHECK(fits(io::VoxelType::uint16));
    CHECK(fits(io::VoxelType::float32));
    CHECK_FALSE(fits(io::VoxelType::int32));
    CHECK_FALSE(fits(io::VoxelType::float64));
    CHECK_FALSE(fits(io::VoxelType::int16, 0.001));
    CHECK_FALSE(fits(io::VoxelType::int16, 1.0, 1e5));
    CHECK_FALSE(fits(io::VoxelType::float32, 2.0));
}

TEST_CASE("values are scaled in double; a slope of zero or none at all means no scaling") {
    struct Scaling {
        double slope, intercept, first;
    };
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    for (const Scaling scaling : {Scaling{0.5, 3, 3.25}, Scaling{-2, 0, -1}, Scaling{1, 7, 7.5}, Scaling{0, 7, 0.5},
                                  Scaling{nan, 7, 0.5}, Scaling{HUGE_VAL, 7, 0.5}, Scaling{0, nan, 0.5}}) {
        for (const int version : {1, 2}) {
            test::NiftiWish wish;
            wish.version = version;
            wish.slope = scaling.slope;
            wish.intercept = scaling.intercept;
            const ImageFile file(test::whole_nifti(wish));
            CAPTURE(scaling.slope, scaling.intercept);
            const io::Image image = file.read();
            CHECK(test::values_of(image).front() == scaling.first);
            std::vector<float> single(2);
            io::decode(image, std::vector<base::Index>{0, 2}, single);
            CHECK(static_cast<double>(single[0]) == scaling.first);
        }
    }
    test::NiftiWish wish;
    wish.slope = 2;
    wish.intercept = nan;
    CHECK(ImageFile(test::whole_nifti(wish)).is_refused());
}
