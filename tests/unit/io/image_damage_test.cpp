// Damage of every kind is an error that names the file, and never yields numbers.
#include <cmath>
#include <limits>

#include <catch2/catch.hpp>

#include "tare/io/bytes.hpp"
#include "unit/io/image_test_support.hpp"

using namespace tare;
using test::Bytes;
using test::ImageFile;

namespace {

std::string with_extension() {
    test::NiftiWish wish;
    wish.extensions =
        std::string("\1\0\0\0", 4) + test::extension(6, "a comment") + test::extension(4, std::string(60, 'x'));
    return test::whole_nifti(wish);
}

}  // namespace

TEST_CASE("an image cut anywhere is an error that names it") {
    test::NiftiWish second;
    second.version = 2;
    for (const auto& [whole, name] : {std::pair{test::whole_nifti(), "x.nii"}, std::pair{test::whole_nifti(second), "x.nii"},
                                      std::pair{with_extension(), "x.nii"}, std::pair{test::whole_mgh(), "x.mgh"}}) {
        CHECK(test::values_of(ImageFile(whole, name).read()) == test::half_steps());
        for (std::size_t size = 0; size < whole.size(); ++size) {
            const ImageFile file(whole.substr(0, size), name);
            CAPTURE(name, whole.size(), size);
            CHECK(file.is_refused());
            CHECK(file.is_refused_at_a_glance());
        }
    }
    for (const auto& [whole, name] :
         {std::pair{io::gzip(test::whole_nifti()), "x.nii.gz"}, std::pair{io::gzip(test::whole_mgh()), "x.mgz"}}) {
        CHECK(test::values_of(ImageFile(whole, name).read()) == test::half_steps());
        for (std::size_t size = 0; size < whole.size(); ++size) {
            CAPTURE(name, size);
            CHECK(ImageFile(whole.substr(0, size), name).is_refused());
        }
    }
}

TEST_CASE("an image cut before it was compressed is an error") {
    const std::string whole = test::whole_nifti();
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{347}, std::size_t{352}, whole.size() - 1}) {
        CAPTURE(size);
        CHECK(ImageFile(io::gzip(whole.substr(0, size)), "x.nii.gz").is_refused());
    }
    CHECK(ImageFile(io::gzip(whole.substr(0, 347)), "x.nii.gz").is_refused_at_a_glance());
}

TEST_CASE("a flipped bit in a compressed image is an error, or changes nothing") {
    const std::string whole = io::gzip(test::whole_nifti());
    const io::Image intact = ImageFile(whole, "x.nii.gz").read();
    std::size_t refused = 0;
    for (std::size_t i = 0; i < whole.size(); ++i) {
        std::string damaged = whole;
        damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
        const ImageFile file(damaged, "x.nii.gz");
        CAPTURE(i);
        if (file.is_refused()) {
            ++refused;
            continue;
        }
        // gzip does not look at its time stamp, and a copy of zeros from elsewhere is a copy of zeros.
        const io::Image image = file.read();
        CHECK(image.stored == intact.stored);
        CHECK(image.header.raw == intact.header.raw);
    }
    CHECK(refused > whole.size() - 12);
}

TEST_CASE("bytes after the voxels, or after the gzip stream, are an error") {
    const ImageFile plain(test::whole_nifti() + '\0');
    CHECK(plain.is_refused());
    CHECK(plain.is_refused_at_a_glance());
    CHECK(plain.reading().message ==
          plain.path() + ": 1 byte follow the voxels: 4 × 3 × 2 voxels of float32 take 96 bytes, the file holds 97");
    CHECK(ImageFile(io::gzip(test::whole_nifti() + "abc"), "x.nii.gz").is_refused());
    CHECK(ImageFile(io::gzip(test::whole_nifti()) + "abc", "x.nii.gz").is_refused());
}

TEST_CASE("a name that says gzip must hold gzip, and gzip is known whatever the name") {
    CHECK(ImageFile(test::whole_nifti(), "x.nii.gz").is_refused());
    CHECK(ImageFile(test::whole_nifti(), "x.nii.gz").is_refused_at_a_glance());
    CHECK(ImageFile(test::whole_mgh(), "x.mgz").is_refused());
    CHECK(test::values_of(ImageFile(io::gzip(test::whole_nifti()), "x.nii").read()) == test::half_steps());
    CHECK(ImageFile(io::gzip(test::whole_nifti()), "x.nii").peek().grid.shape.size() == 3);
    const std::string two = io::gzip(test::whole_nifti().substr(0, 100)) + io::gzip(test::whole_nifti().substr(100));
    CHECK(test::values_of(ImageFile(two, "x.nii.gz").read()) == test::half_steps());
    CHECK(ImageFile(two, "x.nii.gz").peek().grid == ImageFile(two, "x.nii.gz").read().header.grid);
}

TEST_CASE("impossible NIfTI headers are refused, at a glance too") {
    struct Fault {
        const char* what;
        void (*damage)(Bytes&);
        const char* says;
    };
    const std::vector<Fault> faults{
        {"size", [](Bytes& b) { b.put<std::int32_t>(0, 349); }, "does not begin with the header's size"},
        {"magic", [](Bytes& b) { b.put_text(344, "n+3"); }, "the magic bytes are not 'n+1'"},
        {"pair", [](Bytes& b) { b.put_text(344, "ni1"); }, ".hdr/.img pair"},
        {"analyze", [](Bytes& b) { b.put<std::int32_t>(344, 0); }, "ANALYZE"},
        {"no dimensions", [](Bytes& b) { b.put<std::int16_t>(40, 0); }, "dim[0] = 0"},
        {"eight dimensions", [](Bytes& b) { b.put<std::int16_t>(40, 8); }, "dim[0] = 8"},
        {"negative count", [](Bytes& b) { b.put<std::int16_t>(40, -3); }, "dim[0] = -3"},
        {"no extent", [](Bytes& b) { b.put<std::int16_t>(42, 0); }, "impossible dimensions 0 × 3 × 2"},
        {"negative extent", [](Bytes& b) { b.put<std::int16_t>(44, -3); }, "impossible dimensions 4 × -3 × 2"},
        {"other extent", [](Bytes& b) { b.put<std::int16_t>(46, 3); }, "cut short: 4 × 3 × 3 voxels of float32"},
        {"five dimensions",
         [](Bytes& b) {
             b.put<std::int16_t>(40, 5);
             b.put<std::int16_t>(50, 3);
         },
         "has 5 dimensions, 4 × 3 × 2 × 1 × 3"},
        {"bitpix", [](Bytes& b) { b.put<std::int16_t>(72, 16); }, "datatype 16 (float32) has 32 bits, but bitpix is 16"},
        {"complex", [](Bytes& b) { b.put<std::int16_t>(70, 32); }, "the voxels are complex64 (datatype 32)"},
        {"rgb", [](Bytes& b) { b.put<std::int16_t>(70, 128); }, "RGB colours"},
        {"float128", [](Bytes& b) { b.put<std::int16_t>(70, 1536); }, "float128"},
        {"unknown type", [](Bytes& b) { b.put<std::int16_t>(70, 77); }, "unknown datatype 77"},
        {"offset of zero", [](Bytes& b) { b.put<float>(108, 0); }, "impossible vox_offset 0"},
        {"offset in the header", [](Bytes& b) { b.put<float>(108, 348); }, "impossible vox_offset 348"},
        {"broken offset", [](Bytes& b) { b.put<float>(108, 352.5F); }, "impossible vox_offset 352.5"},
        {"offset beyond the file", [](Bytes& b) { b.put<float>(108, 4096); }, "the header takes 4096 bytes"},
        {"huge offset", [](Bytes& b) { b.put<float>(108, 1e30F); }, "impossible vox_offset"},
        {"offset beyond any extension", [](Bytes& b) { b.put<float>(108, 16777232.0F); }, "more than 16 MiB are not read"},
        {"offset that is no number", [](Bytes& b) { b.put<float>(108, std::nanf("")); }, "impossible vox_offset"},
        {"position that is no number", [](Bytes& b) { b.put<float>(292, std::nanf("")); }, "(sform) is not finite"},
    };
    for (const Fault& fault : faults) {
        Bytes bytes = test::nifti_head();
        fault.damage(bytes);
        bytes.text.resize(bytes.text.size() + 96);
        const ImageFile file(bytes.text);
        const ImageFile compressed(io::gzip(bytes.text), "x.nii.gz");
        CAPTURE(fault.what, file.reading().message);
        CHECK(file.is_refused());
        CHECK(file.reading().message.find(fault.says) != std::string::npos);
        CHECK(file.peeking() == file.reading());
        CHECK(compressed.is_refused());
    }
}

TEST_CASE("dimensions that overflow are refused before anything is allocated") {
    test::NiftiWish wish;
    wish.version = 2;
    Bytes bytes = test::nifti_head(wish);
    for (std::size_t axis = 1; axis <= 3; ++axis) bytes.put<std::int64_t>(16 + 8 * axis, std::int64_t{1} << 40);
    CHECK(ImageFile(bytes.text).reading().message.find("no file can hold so many voxels") != std::string::npos);
    bytes.put<std::int64_t>(16 + 8, std::numeric_limits<std::int64_t>::min());
    CHECK(ImageFile(bytes.text).is_refused());
    // Possible, but not in a file as small as this: a glance suffices.
    wish.version = 1;
    wish.dims = {3, 32767, 32767, 32767};
    CHECK(ImageFile(io::gzip(test::nifti_head(wish).text), "x.nii.gz").is_refused_at_a_glance());
}

TEST_CASE("NIfTI-2 that went through a transfer as text is refused") {
    test::NiftiWish wish;
    wish.version = 2;
    Bytes bytes = test::nifti_head(wish);
    bytes.put_text(8, "\n\n\x1a\n");
    bytes.text.resize(bytes.text.size() + 96);
    CHECK(ImageFile(bytes.text).reading().message.find("line ends") != std::string::npos);
}

TEST_CASE("a damaged chain of header extensions is refused") {
    for (const std::int32_t size : {8, 17, -16, 4096}) {
        for (const bool big_endian : {false, true}) {
            Bytes bad(0, big_endian);
            bad.add(size);
            bad.add(std::int32_t{6});
            bad.text.resize(32, 'x');
            test::NiftiWish wish;
            wish.big_endian = big_endian;
            wish.extensions = std::string("\1\0\0\0", 4) + test::extension(6, "first", big_endian) + bad.text;
            const ImageFile file(test::whole_nifti(wish));
            CAPTURE(size, big_endian);
            CHECK(file.is_refused());
            CHECK(file.is_refused_at_a_glance());
            CHECK(file.reading().message.find("the header extension at byte 368 is damaged") != std::string::npos);
        }
    }
}

TEST_CASE("impossible MGH headers are refused") {
    struct Fault {
        const char* what;
        void (*damage)(Bytes&);
        const char* says;
    };
    const std::vector<Fault> faults{
        {"version", [](Bytes& b) { b.put<std::int32_t>(0, 2); }, "the version is 2, not 1"},
        {"byte order", [](Bytes& b) { b.put<std::int32_t>(0, 0x01000000); }, "is no MGH file"},
        {"extent", [](Bytes& b) { b.put<std::int32_t>(8, 0); }, "impossible dimensions 4 × 0 × 2 × 1"},
        {"overflow",
         [](Bytes& b) {
             for (std::size_t i = 0; i < 3; ++i) b.put<std::int32_t>(4 + 4 * i, 2147483647);
         },
         "no file can hold so many voxels"},
        {"frames", [](Bytes& b) { b.put<std::int32_t>(16, 2); }, "cut short"},
        {"unknown type", [](Bytes& b) { b.put<std::int32_t>(20, 11); }, "unknown MGH type 11"},
        {"complex", [](Bytes& b) { b.put<std::int32_t>(20, 7); }, "complex numbers (MGH type 7)"},
        {"geometry", [](Bytes& b) { b.put<float>(30, std::nanf("")); }, "is not finite"},
    };
    for (const Fault& fault : faults) {
        Bytes bytes = test::mgh_head();
        fault.damage(bytes);
        bytes.text.resize(bytes.text.size() + 96);
        const ImageFile file(bytes.text, "x.mgh");
        CAPTURE(fault.what, file.reading().message);
        CHECK(file.is_refused());
        CHECK(file.reading().message.find(fault.says) != std::string::npos);
        CHECK(file.is_refused_at_a_glance());
    }
}

TEST_CASE("what is no image, no file, or too large has its own exit code") {
    CHECK(ImageFile("a,b,c\n", "x.csv").is_refused());
    CHECK(ImageFile("a,b,c\n", "x.nii").is_refused());
    CHECK(ImageFile(test::whole_nifti(), "x.img").reading().message.find(".hdr/.img pair") != std::string::npos);
    CHECK(ImageFile(test::whole_nifti(), "without-ending").read().header.format == io::ImageFormat::nifti1);
    CHECK(ImageFile(test::whole_mgh(), "without-ending").read().header.format == io::ImageFormat::mgh);
    const test::TemporaryDirectory folder;
    const std::string missing = (folder.path() / "missing.nii").string();
    CHECK(test::failure_of([&] { (void)io::read_image(missing, {}); }).code == 66);
    CHECK(test::failure_of([&] { (void)io::read_image_header(missing); }).code == 66);
    CHECK(test::failure_of([&] { (void)io::read_image_header(folder.path().string()); }).code == 66);
    const ImageFile file(test::whole_nifti());
    base::Resources resources;
    resources.memory = 100;
    CHECK(test::failure_of([&] { (void)io::read_image(file.path(), resources); }).code == 71);
}
