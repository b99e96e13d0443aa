// NRRD and MetaImage, whose headers are text: read through ITK, and refused where ITK would not notice the damage.
#include <cstdio>
#include <iostream>
#include <optional>

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include "tare/base/rng.hpp"
#include "tare/base/sha256.hpp"
#include "tare/io/bytes.hpp"
#include "unit/io/image_test_support.hpp"

using namespace tare;
using test::ImageFile;

namespace {

/// Sends this process's standard output and error to a file, for as long as it lives.
class Redirected {
public:
    explicit Redirected(const std::string& path) : out_(::dup(1)), err_(::dup(2)) {
        // What the test program itself has said so far is not to land in the file.
        std::cout.flush();
        std::fflush(nullptr);
        const int file = ::open(path.c_str(), O_WRONLY | O_CREAT, 0600);
        ::dup2(file, 1);
        ::dup2(file, 2);
        ::close(file);
    }
    Redirected(const Redirected&) = delete;
    Redirected& operator=(const Redirected&) = delete;
    ~Redirected() {
        ::dup2(out_, 1);
        ::dup2(err_, 2);
        ::close(out_);
        ::close(err_);
    }

private:
    int out_;
    int err_;
};

/// 24 int16 voxels, 0, 7, 14, ...
std::string voxels(bool big_endian = false) {
    test::Bytes bytes(0, big_endian);
    for (std::int16_t i = 0; i < 24; ++i) bytes.add(static_cast<std::int16_t>(7 * i - 50));
    return bytes.text;
}

std::string nrrd_header(const std::string& more = "encoding: raw\nendian: little\n", const std::string& type = "short") {
    return "NRRD0004\n# a comment\ntype: " + type +
           "\ndimension: 3\nspace: left-posterior-superior\nsizes: 4 3 2\nspace directions: (1.5,0,0) (0,0,2) (0,-2.5,0)\n"
           "kinds: domain domain domain\nspace origin: (10,-20,30)\n" +
           more + "\n";
}

std::string meta_header(const std::string& file = "LOCAL", const std::string& more = "",
                        const std::string& type = "MET_SHORT") {
    return "ObjectType = Image\nNDims = 3\nBinaryData = True\nBinaryDataByteOrderMSB = False\n" + more +
           "TransformMatrix = 1 0 0 0 0 1 0 -1 0\nOffset = 10 -20 30\nElementSpacing = 1.5 2 2.5\nDimSize = 4 3 2\n"
           "ElementType = " +
           type + "\nElementDataFile = " + file + "\n";
}

std::string zlib_stream(const std::string& bytes) {
    std::string packed(::compressBound(bytes.size()), '\0');
    ::uLongf size = packed.size();
    REQUIRE(::compress(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(bytes.data()),
                       bytes.size()) == Z_OK);
    packed.resize(size);
    return packed;
}

std::string compressed_meta() {
    const std::string packed = zlib_stream(voxels());
    return meta_header("LOCAL", "CompressedData = True\nCompressedDataSize = " + std::to_string(packed.size()) + "\n") +
           packed;
}

void check_image(const ImageFile& file) {
    CAPTURE(file.path(), file.reading().message);
    REQUIRE(file.reading().code == 0);
    const io::Image image = file.read();
    CHECK(image.header.format == io::ImageFormat::other);
    CHECK(image.header.type == io::VoxelType::int16);
    CHECK(image.header.grid.shape == std::vector<base::Index>{4, 3, 2});
    // ITK's left and back turned to right and front.
    const std::array<double, 12> affine{-1.5, 0, 0, -10, 0, 0, 2.5, 20, 0, 2, 0, 30};
    for (std::size_t i = 0; i < 12; ++i) CHECK(image.header.grid.affine[i] == Approx(affine[i]).margin(1e-12));
    const std::vector<double> values = test::values_of(image);
    for (std::size_t i = 0; i < values.size(); ++i) CHECK(values[i] == 7.0 * static_cast<double>(i) - 50);
    CHECK(file.peek().grid == image.header.grid);
    CHECK(file.peek().type == image.header.type);
    CHECK(image.source == file.path());
}

}  // namespace

TEST_CASE("NRRD and MetaImage are read, raw and compressed, of either byte order") {
    check_image(ImageFile(nrrd_header() + voxels(), "x.nrrd"));
    check_image(ImageFile(nrrd_header("encoding: raw\nendian: big\n") + voxels(true), "x.nrrd"));
    check_image(ImageFile(nrrd_header("encoding: gzip\nendian: little\n") + io::gzip(voxels()), "x.nrrd"));
    check_image(ImageFile(nrrd_header("encoding: gz\nendian: big\n") + io::gzip(voxels(true)), "x.nrrd"));
    check_image(ImageFile(meta_header() + voxels(), "x.mha"));
    check_image(ImageFile(compressed_meta(), "x.mha"));
    const std::string whole = nrrd_header() + voxels();
    CHECK(ImageFile(whole, "x.nrrd").read().files.front().sha256 == base::sha256_hex(whole));
}

TEST_CASE("voxels in a file of their own are read and verified") {
    for (const bool compressed : {false, true}) {
        for (const bool meta : {false, true}) {
            const std::string packed = !compressed ? voxels() : meta ? zlib_stream(voxels()) : io::gzip(voxels());
            const std::string header = meta ? meta_header("voxels.bin", compressed ? "CompressedData = True\n" : "")
                                            : nrrd_header(std::string("encoding: ") + (compressed ? "gzip" : "raw") +
                                                          "\nendian: little\ndata file: voxels.bin\n");
            const ImageFile file(header, meta ? "x.mhd" : "x.nhdr");
            const auto data = std::filesystem::path(file.path()).parent_path() / "voxels.bin";
            CHECK(file.reading().code == 66);
            test::put_file(data, packed);
            check_image(file);
            const std::vector<io::InputFile> files{{file.path(), base::sha256_hex(header)},
                                                   {data.string(), base::sha256_hex(packed)}};
            CHECK(file.read().files == files);
            CHECK(io::image_files(file.path(), {}) == files);
            for (const std::string& damaged : {packed.substr(0, packed.size() - 1), packed + "x", std::string()}) {
                test::put_file(data, damaged);
                CAPTURE(compressed, meta, damaged.size());
                CHECK(file.reading().code == 65);
                CHECK(file.reading().message.find("x.") != std::string::npos);
            }
        }
    }
}

TEST_CASE("a NRRD or MetaImage file cut anywhere, or followed by a byte, is an error") {
    for (const auto& [whole, name] :
         {std::pair{nrrd_header() + voxels(), "x.nrrd"},
          std::pair{nrrd_header("encoding: gzip\nendian: little\n") + io::gzip(voxels()), "x.nrrd"},
          std::pair{meta_header() + voxels(), "x.mha"}, std::pair{compressed_meta(), "x.mha"}}) {
        check_image(ImageFile(whole, name));
        for (std::size_t size = 0; size < whole.size(); ++size) {
            CAPTURE(name, size, whole.size());
            CHECK(ImageFile(whole.substr(0, size), name).is_refused());
        }
        CHECK(ImageFile(whole + "x", name).is_refused());
    }
    CHECK(ImageFile(nrrd_header() + voxels().substr(2), "x.nrrd").is_refused_at_a_glance());
}

TEST_CASE("a flipped bit in compressed NRRD or MetaImage voxels is an error, or changes nothing") {
    const std::string whole = nrrd_header("encoding: gzip\nendian: little\n") + io::gzip(voxels());
    const std::string meta = compressed_meta();
    for (const auto& [bytes, name] : {std::pair{&whole, "x.nrrd"}, std::pair{&meta, "x.mha"}}) {
        std::size_t refused = 0;
        for (std::size_t back = 1; back <= 40; ++back) {
            std::string damaged = *bytes;
            damaged[damaged.size() - back] = static_cast<char>(damaged[damaged.size() - back] ^ 0x20);
            const ImageFile file(damaged, name);
            CAPTURE(name, back);
            // The last bits of the stream may mean nothing.
            if (!file.is_refused()) check_image(file);
            refused += file.is_refused() ? 1U : 0U;
        }
        CHECK(refused >= 38);
    }
}

TEST_CASE("what ITK would read but nobody could verify is refused by name") {
    struct Refused {
        std::string bytes;
        const char* name;
        const char* says;
    };
    for (const Refused& refused : {
             Refused{nrrd_header("encoding: ascii\n") + "1 2 3\n", "x.nrrd", "encoded as ascii"},
             Refused{nrrd_header("encoding: bzip2\nendian: little\n") + voxels(), "x.nrrd", "encoded as bzip2"},
             Refused{nrrd_header("endian: little\n") + voxels(), "x.nrrd", "no encoding is named"},
             Refused{nrrd_header("encoding: raw\nendian: little\nbyte skip: 2\n") + voxels(), "x.nrrd", "to be skipped"},
             Refused{nrrd_header("encoding: raw\nendian: little\ndata file: a%d.raw 1 2 1\n"), "x.nhdr", "several files"},
             Refused{nrrd_header("encoding: raw\nendian: little\ndata file: LIST\na.raw\nb.raw\n"), "x.nhdr",
                     "several files"},
             Refused{meta_header("LIST") + "a\nb\n", "x.mhd", "several files"},
             Refused{meta_header("LOCAL", "HeaderSize = 4\n") + "abcd" + voxels(), "x.mha", "to be skipped"},
             Refused{meta_header("LOCAL", "ElementNumberOfChannels = 3\n") + voxels() + voxels() + voxels(), "x.mha",
                     "3 components"},
             Refused{nrrd_header("encoding: raw\nendian: little\n", "block") + voxels(), "x.nrrd", ""},
             Refused{meta_header("LOCAL", "", "MET_NONSENSE") + voxels(), "x.mha", ""},
             Refused{"GIF89a", "x.gif", "read are NIfTI"},
         }) {
        const ImageFile file(refused.bytes, refused.name);
        CAPTURE(refused.bytes, file.reading().message);
        CHECK(file.is_refused());
        CHECK(file.is_refused_at_a_glance());
        CHECK(file.reading().message.find('\n') == std::string::npos);
        const test::Failure failure = file.reading();
        CHECK((failure.message + failure.hint).find(refused.says) != std::string::npos);
    }
}

TEST_CASE("a NRRD image is written as NIfTI or MGH with its geometry") {
    const io::Image image = ImageFile(nrrd_header() + voxels(), "x.nrrd").read();
    for (const char* name : {"x.nii", "x.mgz"}) {
        const io::Image written =
            ImageFile(io::image_bytes(name, image.header, io::VoxelType::int16, test::values_of(image)), name).read();
        CHECK(test::values_of(written) == test::values_of(image));
        CHECK(written.header.grid.shape == image.header.grid.shape);
        CHECK(data::largest_displacement(written.header.grid, image.header.grid) < 1e-5);
    }
}

TEST_CASE("randomly damaged NRRD and MetaImage headers are refused or read consistently, without a word from ITK") {
    base::Rng rng(11);
    const test::TemporaryDirectory folder;
    const std::string said = (folder.path() / "said").string();
    std::vector<std::size_t> reads;
    std::optional<Redirected> redirected(said);
    for (const auto& [whole, name] : {std::pair{nrrd_header() + voxels(), "x.nrrd"},
                                      std::pair{meta_header() + voxels(), "x.mha"}, std::pair{compressed_meta(), "x.mha"}}) {
        const std::string path = (folder.path() / name).string();
        const std::size_t header = whole.find(name == std::string("x.mha") ? "LOCAL" : "\n\n");
        std::size_t read = 0;
        for (int round = 0; round < 700; ++round) {
            std::string damaged = whole;
            for (std::uint64_t change = 0; change <= rng.below(3); ++change) {
                const std::size_t at = rng.below(header);
                const char digit = static_cast<char>('0' + rng.below(10));
                if (rng.below(3) == 0) {
                    damaged.insert(at, 1 + rng.below(8), digit);
                } else {
                    damaged[at] = rng.below(2) == 0 ? digit : static_cast<char>(rng.below(256));
                }
            }
            test::put_file(path, damaged);
            io::Image image;
            const test::Failure failure =
                test::failure_of([&] { image = io::read_image(path, {1, std::uint64_t{1} << 26U}); });
            CAPTURE(name, round, failure.message);
            REQUIRE((failure.code == 0 || failure.code == 65 || failure.code == 66 || failure.code == 71));
            if (failure.code != 0) continue;
            ++read;
            REQUIRE(image.stored.size() ==
                    static_cast<std::size_t>(image.header.grid.values() * io::bytes_per_voxel(image.header.type)));
        }
        reads.push_back(read);
    }
    redirected.reset();
    CHECK(test::get_file(said) == "");
    for (const std::size_t read : reads) {
        CHECK(read > 20);
        CHECK(read < 650);
    }
}
