// Headers with random damage: whatever comes in, the answer is an Error or an image that is consistent with itself.
#include <catch2/catch.hpp>

#include "tare/base/rng.hpp"
#include "tare/io/bytes.hpp"
#include "unit/io/image_test_support.hpp"

using namespace tare;
using test::ImageFile;

namespace {

/// How many of the damaged files were read all the same.
std::size_t survivors(const std::string& whole, std::size_t header_size, const std::string& name, std::uint64_t seed) {
    base::Rng rng(seed);
    const test::TemporaryDirectory folder;
    const std::string path = (folder.path() / name).string();
    std::size_t read = 0;
    for (int round = 0; round < 1500; ++round) {
        std::string damaged = whole;
        const std::uint64_t flips = 1 + rng.below(round % 2 == 0 ? 2 : 12);
        for (std::uint64_t flip = 0; flip < flips; ++flip) {
            const std::size_t at = rng.below(header_size);
            damaged[at] = rng.below(3) == 0
                              ? static_cast<char>(rng.below(256))
                              : static_cast<char>(static_cast<unsigned char>(damaged[at]) ^ (1U << rng.below(8)));
        }
        test::put_file(path, damaged);
        io::Image image;
        const test::Failure failure = test::failure_of([&] { image = io::read_image(path, {1, std::uint64_t{1} << 26U}); });
        io::ImageHeader peeked;
        const test::Failure glance = test::failure_of([&] { peeked = io::read_image_header(path); });
        CAPTURE(seed, round, failure.message, glance.message);
        if (failure.code != 0) {
            REQUIRE((failure.code == 65 || failure.code == 71));
            REQUIRE(failure.message.starts_with(path));
            continue;
        }
        ++read;
        REQUIRE(glance.code == 0);
        REQUIRE(peeked.grid == image.header.grid);
        REQUIRE(peeked.raw == image.header.raw);
        REQUIRE(static_cast<std::size_t>(image.header.grid.values() * io::bytes_per_voxel(image.header.type)) ==
                image.stored.size());
        const std::vector<double> values = test::values_of(image);
        // What is written like it can be read again.
        const std::string out = name.ends_with(".mgh") ? "out.mgh" : "out.nii";
        const std::string again =
            io::image_bytes(out, image.header, io::VoxelType::float32, std::vector<float>(values.size(), 1.0F));
        test::put_file(folder.path() / out, again);
        const io::Image reread = io::read_image((folder.path() / out).string(), {});
        REQUIRE(reread.header.grid == image.header.grid);
    }
    return read;
}

}  // namespace

TEST_CASE("randomly damaged headers are refused or read consistently") {
    test::NiftiWish wish;
    wish.extensions = std::string("\1\0\0\0", 4) + test::extension(6, "a comment");
    for (const int version : {1, 2}) {
        for (const bool big_endian : {false, true}) {
            for (const int code : {0, 1}) {
                wish.version = version;
                wish.big_endian = big_endian;
                wish.sform_code = code;
                wish.extensions = std::string("\1\0\0\0", 4) + test::extension(6, "a comment", big_endian);
                const std::string whole = test::whole_nifti(wish);
                const std::size_t read =
                    survivors(whole, whole.size() - 96, "x.nii", static_cast<std::uint64_t>(7 + version));
                CHECK(read > 100);
                CHECK(read < 1400);
            }
        }
    }
    const std::size_t read = survivors(test::whole_mgh(), 90, "x.mgh", 3);
    CHECK(read > 10);
    CHECK(read < 1400);
}

TEST_CASE("random bytes are no image") {
    base::Rng rng(5);
    const test::TemporaryDirectory folder;
    for (int round = 0; round < 300; ++round) {
        std::string bytes(rng.below(2000), '\0');
        for (char& byte : bytes) byte = static_cast<char>(rng.below(256));
        for (const char* name : {"x.nii", "x.mgh", "x", "x.nrrd", "x.mha"}) {
            const std::string path = (folder.path() / name).string();
            test::put_file(path, bytes);
            CHECK(test::failure_of([&] { (void)io::read_image(path, {}); }).code == 65);
            CHECK(test::failure_of([&] { (void)io::read_image_header(path); }).code == 65);
        }
    }
}
