// What is written keeps the header of the image that it is made like, whatever the format of either.
#include <cmath>
#include <limits>

#include <catch2/catch.hpp>

#include "tare/base/sha256.hpp"
#include "tare/io/bytes.hpp"
#include "unit/io/image_test_support.hpp"

using namespace tare;
using test::Bytes;
using test::ImageFile;

namespace {

std::vector<float> ones(const io::ImageHeader& header) {
    return std::vector<float>(static_cast<std::size_t>(header.grid.values()), 1.0F);
}

io::Image written_and_read(const std::string& name, const io::ImageHeader& like,
                           io::VoxelType type = io::VoxelType::float32) {
    return ImageFile(io::image_bytes(name, like, type, ones(like)), name).read();
}

void check_affine(const std::array<double, 12>& got, const std::array<double, 12>& wanted, double tolerance = 2e-5) {
    for (std::size_t i = 0; i < 12; ++i) CHECK(got[i] == Approx(wanted[i]).margin(tolerance));
}

}  // namespace

TEST_CASE("a little-endian header is kept byte by byte but for type, scaling and display range") {
    for (const int version : {1, 2}) {
        test::NiftiWish wish;
        wish.version = version;
        wish.slope = 3;
        wish.intercept = 4;
        wish.extensions = std::string("\1\0\0\0", 4) + test::extension(6, "a comment") + std::string(16, '\0');
        const io::Image image = ImageFile(test::whole_nifti(wish)).read();
        Bytes wanted = test::nifti_head(wish);
        if (version == 1) {
            wanted.put<std::int16_t>(70, 4);
            wanted.put<std::int16_t>(72, 16);
            wanted.put<float>(112, 1);
            wanted.put<float>(116, 0);
            wanted.put<float>(124, 0);
        } else {
            wanted.put<std::int16_t>(12, 4);
            wanted.put<std::int16_t>(14, 16);
            wanted.put<double>(176, 1);
            wanted.put<double>(184, 0);
            wanted.put<double>(192, 0);
        }
        for (int i = 0; i < 24; ++i) wanted.add(std::int16_t{1});
        CHECK(io::image_bytes("x.nii", image.header, io::VoxelType::int16, ones(image.header)) == wanted.text);
        const std::string compressed = io::image_bytes("x.nii.gz", image.header, io::VoxelType::int16, ones(image.header));
        CHECK(compressed == io::gzip(wanted.text, io::image_gzip_level));
    }
}

TEST_CASE("a big-endian header is written little-endian, its extensions with it") {
    for (const int version : {1, 2}) {
        const auto make = [&](bool big_endian) {
            test::NiftiWish wish;
            wish.version = version;
            wish.big_endian = big_endian;
            wish.slope = 0.5;
            wish.extensions = std::string("\1\0\0\0", 4) + test::extension(6, "a comment", big_endian) +
                              test::extension(44, "another that is longer", big_endian);
            const ImageFile file(test::whole_nifti(wish));
            return io::image_bytes("x.nii", file.read().header, io::VoxelType::float64, test::half_steps());
        };
        CHECK(make(true) == make(false));
    }
}

TEST_CASE("geometry is translated between the families of headers") {
    const io::ImageHeader nifti = ImageFile(test::whole_nifti()).read().header;
    const io::ImageHeader mgh = ImageFile(test::whole_mgh(), "x.mgh").read().header;
    // Cosines, sizes and centre, by hand: x runs to the front, y to the left, z up.
    check_affine(mgh.grid.affine, {0, -1.5, 0, 10 + 2.25, 2, 0, 0, 20 - 4, 0, 0, 1, 30 - 1});
    for (const char* name : {"x.mgh", "x.mgz"}) {
        const io::Image image = written_and_read(name, nifti);
        CHECK(image.header.format == io::ImageFormat::mgh);
        CHECK(image.header.grid.shape == nifti.grid.shape);
        check_affine(image.header.grid.affine, nifti.grid.affine);
        CHECK(image.header.trailer.empty());
    }
    for (const char* name : {"x.nii", "x.nii.gz"}) {
        const io::Image image = written_and_read(name, mgh);
        CHECK(image.header.format == io::ImageFormat::nifti1);
        CHECK(image.header.grid.shape == mgh.grid.shape);
        check_affine(image.header.grid.affine, mgh.grid.affine);
        // The qform alone says the same.
        Bytes bytes(0, false);
        bytes.text = image.header.raw + image.stored;
        bytes.put<std::int16_t>(254, 0);
        check_affine(ImageFile(bytes.text).read().header.grid.affine, mgh.grid.affine);
    }
}

TEST_CASE("an MGH header without good geometry gets FreeSurfer's default, and keeps saying so") {
    Bytes bytes = test::mgh_head(3, {4, 3, 2, 1}, false);
    bytes.text.resize(bytes.text.size() + 96);
    const io::Image image = ImageFile(bytes.text, "x.mgh").read();
    check_affine(image.header.grid.affine, {-1, 0, 0, 2, 0, 0, 1, -1, 0, -1, 0, 1.5});
    CHECK(written_and_read("x.mgh", image.header).header.raw == image.header.raw);
}

TEST_CASE("what follows the voxels of an MGH file is kept, whatever its length") {
    for (const std::size_t length : {0U, 1U, 20U, 1000U}) {
        const std::string trailer(length, 't');
        for (const bool compressed : {false, true}) {
            const std::string name = compressed ? "x.mgz" : "x.mgh";
            const std::string whole = test::whole_mgh() + trailer;
            const ImageFile file(compressed ? io::gzip(whole) : whole, name);
            const io::Image image = file.read();
            CHECK(image.header.trailer == trailer);
            CHECK(test::values_of(image) == test::half_steps());
            CHECK(file.peek().grid == image.header.grid);
            CHECK(written_and_read(name, image.header).header.trailer == trailer);
            CHECK(written_and_read("x.nii", image.header).header.trailer.empty());
        }
    }
}

TEST_CASE("a grid that was changed goes into the header") {
    for (const bool as_mgh : {false, true}) {
        const std::string name = as_mgh ? "x.mgh" : "x.nii";
        io::ImageHeader like = ImageFile(as_mgh ? test::whole_mgh() : test::whole_nifti(), name).read().header;
        like.grid.shape.push_back(5);
        const io::Image volumes = written_and_read(name, like);
        CHECK(volumes.header.grid.shape == std::vector<base::Index>{4, 3, 2, 5});
        check_affine(volumes.header.grid.affine, like.grid.affine);
        like.grid.shape = {2, 2, 2};
        like.grid.affine = {1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 3, 0};
        const io::Image moved = written_and_read(name, like);
        CHECK(moved.header.grid.shape == like.grid.shape);
        check_affine(moved.header.grid.affine, like.grid.affine);
    }
    io::ImageHeader like = ImageFile(test::whole_nifti()).read().header;
    like.grid.shape = {40000, 1, 1};
    const io::Image wide = written_and_read("x.nii", like);
    CHECK(wide.header.format == io::ImageFormat::nifti2);
    CHECK(wide.header.grid.shape == like.grid.shape);
    CHECK(wide.header.grid.affine == like.grid.affine);
    CHECK(wide.header.raw.find("a description") == 240);
}

TEST_CASE("a fresh header holds the grid in sform and qform alike") {
    data::Grid grid;
    grid.shape = {4, 3, 2, 2};
    grid.affine = test::test_affine;
    const io::ImageHeader header = io::new_image_header(grid, std::string(100, 'd'));
    CHECK(header.format == io::ImageFormat::nifti1);
    CHECK(header.grid == grid);
    CHECK(header.raw.substr(148, 80) == std::string(79, 'd') + '\0');
    const io::Image image = written_and_read("x.nii.gz", header);
    CHECK(image.header.grid == grid);
    grid.shape = {32768, 1, 1};
    CHECK(io::new_image_header(grid, "").format == io::ImageFormat::nifti2);
    // Rotations about every axis, mirrored or not, by the qform alone; shears leave it without a code.
    for (int turn = 0; turn < 24; ++turn) {
        const double angle = 0.7 * turn;
        const double c = std::cos(angle);
        const double s = std::sin(angle);
        const double side = turn % 2 == 0 ? 1 : -1;
        grid.shape = {4, 3, 2};
        switch (turn % 3) {
            case 0:
                grid.affine = {2 * c, -3 * s, 0, 1, 2 * s, 3 * c, 0, 2, 0, 0, 4 * side, 3};
                break;
            case 1:
                grid.affine = {2 * side, 0, 0, 1, 0, 3 * c, -4 * s, 2, 0, 3 * s, 4 * c, 3};
                break;
            default:
                grid.affine = {2 * c, 0, 4 * s, 1, 0, 3 * side, 0, 2, -2 * s, 0, 4 * c, 3};
                break;
        }
        Bytes bytes(0, false);
        bytes.text = io::image_bytes("x.nii", io::new_image_header(grid, ""), io::VoxelType::uint8, std::vector<float>(24));
        bytes.put<std::int16_t>(254, 0);
        CAPTURE(turn);
        check_affine(ImageFile(bytes.text).read().header.grid.affine, grid.affine);
    }
    grid.affine = {2, 1, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0};
    const std::string sheared =
        io::image_bytes("x.nii", io::new_image_header(grid, ""), io::VoxelType::uint8, std::vector<float>(24));
    CHECK(sheared.substr(252, 4) == std::string("\0\0\2\0", 4));
}

TEST_CASE("values are rounded to nearest, and what a type cannot hold is an error that says where") {
    const io::ImageHeader like = ImageFile(test::whole_nifti()).read().header;
    std::vector<double> values(24, 0.0);
    values[1] = 2.4999;
    values[2] = -1.5001;
    values[3] = 127.4;
    values[4] = -128.5;  // to even
    const ImageFile small(io::image_bytes("x.nii", like, io::VoxelType::int8, values));
    const std::vector<double> rounded = test::values_of(small.read());
    CHECK(rounded[1] == 2);
    CHECK(rounded[2] == -2);
    CHECK(rounded[3] == 127);
    CHECK(rounded[4] == -128);

    struct Bad {
        io::VoxelType type;
        double value;
        const char* text;
    };
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    for (const Bad& bad : {Bad{io::VoxelType::uint8, 255.6, "255.6"}, Bad{io::VoxelType::uint8, -0.6, "-0.6"},
                           Bad{io::VoxelType::int16, nan, "not a number"}, Bad{io::VoxelType::int32, -HUGE_VAL, "infinite"},
                           Bad{io::VoxelType::int64, 9223372036854775808.0, "9223372036854775808"},
                           Bad{io::VoxelType::uint64, 18446744073709551616.0, "18446744073709551616"},
                           Bad{io::VoxelType::float32, 1e39, "1e+39"}}) {
        values.assign(24, 0.0);
        values[17] = bad.value;
        const test::Failure failure = test::failure_of([&] { (void)io::image_bytes("out.nii", like, bad.type, values); });
        CAPTURE(bad.value);
        CHECK(failure.code == 65);
        CHECK(failure.message == "out.nii: the value at voxel (1, 1, 1) is " + std::string(bad.text) + ", which " +
                                     io::voxel_type_name(bad.type) + " cannot hold");
    }
    // Floats hold what is no number.
    values.assign(24, nan);
    values[0] = HUGE_VAL;
    CHECK(std::isnan(test::values_of(ImageFile(io::image_bytes("x.nii", like, io::VoxelType::float32, values)).read())[5]));
    std::vector<float> single(24, 65535.0F);
    CHECK(test::values_of(ImageFile(io::image_bytes("x.nii", like, io::VoxelType::uint16, single)).read())[5] == 65535);
    single[0] = 65536.0F;
    CHECK(test::failure_of([&] { (void)io::image_bytes("x.nii", like, io::VoxelType::uint16, single); }).code == 65);
}

TEST_CASE("only names of NIfTI and MGH can be written to, MGH only with the types it has") {
    for (const char* name : {"a.nii", "a.nii.gz", "a.mgh", "b/a.MGZ", "a.NII.GZ"}) CHECK(io::is_writable_image_name(name));
    for (const char* name : {"a.nii.bz2", "a.hdr", "a.img", "a.nrrd", "a.tsv", "nii", ""}) {
        CAPTURE(name);
        CHECK_FALSE(io::is_writable_image_name(name));
    }
    const io::ImageHeader like = ImageFile(test::whole_nifti()).read().header;
    CHECK(test::failure_of([&] { (void)io::image_bytes("a.nrrd", like, io::VoxelType::float32, ones(like)); }).code == 65);
    for (const io::VoxelType type : {io::VoxelType::float64, io::VoxelType::int8, io::VoxelType::uint32}) {
        CHECK(test::failure_of([&] { (void)io::image_bytes("a.mgz", like, type, ones(like)); }).message ==
              "a.mgz: MGH has no voxels of type " + io::voxel_type_name(type));
    }
}

TEST_CASE("the checksum is of the file as it lies on disk") {
    const std::string bytes = io::gzip(test::whole_nifti());
    const ImageFile file(bytes, "x.nii.gz");
    CHECK(file.read(1).files.front().sha256 == base::sha256_hex(bytes));
    CHECK(file.read(2).files.front().sha256 == base::sha256_hex(bytes));
    CHECK(ImageFile(test::whole_mgh(), "x.mgh").read().files.front().sha256 == base::sha256_hex(test::whole_mgh()));
}
