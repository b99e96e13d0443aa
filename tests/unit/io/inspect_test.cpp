// What is found out about files: the kind by content before name, what is in each kind, and every way not to be whole.
#include <cmath>

#include <catch2/catch.hpp>

#include "npy_test_support.hpp"
#include "tare/base/sha256.hpp"
#include "tare/io/bytes.hpp"
#include "tare/io/file_info.hpp"
#include "tare/io/image_file.hpp"

using namespace tare;
using io::FileKind;
using test::npy_bytes;
using test::npy_text;
using test::number_bytes;

namespace {

class Folder {
public:
    io::FileInfo of(const std::string& name, const std::string& bytes, const base::Resources& resources = {}) const {
        test::put_file(directory_.path() / name, bytes);
        return io::inspect_file(path(name), "site", resources);
    }
    [[nodiscard]] std::string path(const std::string& name) const { return (directory_.path() / name).string(); }

private:
    test::TemporaryDirectory directory_;
};

const std::string table =
    "participant_id\tsite\tage\tv\nsub-1\tB\t20.5\t1\nsub-2\tA\tn/a\t-3\nsub-3\tB\t30\t2e2\nsub-4\t\t31\t4\n";

/// An image of 2 × 3 × 4 with these values.
std::string image(const std::string& name, const std::vector<float>& values, io::VoxelType type = io::VoxelType::float32) {
    data::Grid grid;
    grid.shape = {2, 3, 4};
    grid.affine = {-2, 0, 0, 90, 0, 2.5, 0, -126, 0, 0, 3, -72};
    return io::image_bytes(name, io::new_image_header(grid, "made by hand"), type, values);
}

std::vector<float> ramp() {
    std::vector<float> values(24);
    std::iota(values.begin(), values.end(), -5.0F);
    return values;
}

}  // namespace

TEST_CASE("A table is found by its content, with its columns, ranges and sites") {
    const Folder folder;
    for (const std::string name : {"x.tsv", "x", "x.dat", "x.npy.txt"}) {
        const io::FileInfo info = folder.of(name, table);
        CAPTURE(name);
        REQUIRE(info.whole());
        CHECK(info.kind == FileKind::table);
        CHECK(info.state() == "whole");
        CHECK(info.path == folder.path(name));
        CHECK(info.size == table.size());
        CHECK(info.sha256 == base::sha256_hex(table));
        const auto& found = std::get<io::TableInfo>(info.content);
        CHECK(found.rows == 4);
        CHECK(found.columns == 4);
        CHECK(found.delimiter == '\t');
        REQUIRE(found.numeric.size() == 2);
        CHECK(found.numeric[0].name == "age");
        CHECK(found.numeric[0].values.finite == 3);
        CHECK(found.numeric[0].values.missing == 1);
        CHECK(found.numeric[0].values.low == 20.5);
        CHECK(found.numeric[0].values.high == 31);
        CHECK(found.numeric[1].values.low == -3);
        CHECK(found.numeric[1].values.high == 200);
        REQUIRE(found.text.size() == 2);
        CHECK(found.text[0].distinct == 4);
        CHECK(found.text[1].distinct == 2);
        CHECK(found.text[1].missing == 1);
        CHECK((found.sites == io::SiteCounts{{"A", 1}, {"B", 2}}));
    }
}

TEST_CASE("A column with numbers and texts is a text column, and no column is a site where none is called so") {
    const Folder folder;
    const io::FileInfo info = folder.of("x.csv", "id,v,empty\n1,2,\n2,x,\n3,inf,\n");
    REQUIRE(info.whole());
    const auto& found = std::get<io::TableInfo>(info.content);
    REQUIRE(found.numeric.size() == 1);
    CHECK(found.numeric[0].name == "id");
    REQUIRE(found.text.size() == 2);
    CHECK(found.text[0].numbers == 1);
    CHECK(found.text[0].distinct == 3);
    CHECK(found.text[1].missing == 3);
    CHECK(found.site_column.empty());
    test::put_file(folder.path("y.csv"), "id,centre\n1,2\n2,2\n");
    const io::FileInfo named = io::inspect_file(folder.path("y.csv"), "centre", {});
    CHECK((std::get<io::TableInfo>(named.content).sites == io::SiteCounts{{"2", 2}}));
}

TEST_CASE("Many columns are summed up the same by any number of threads") {
    std::string bytes = "id";
    for (int c = 0; c < 200; ++c) bytes += ",c" + std::to_string(c);
    for (int r = 0; r < 50; ++r) {
        bytes += "\ns" + std::to_string(r);
        for (int c = 0; c < 200; ++c) bytes += "," + std::to_string(r * 200 + c);
    }
    const Folder folder;
    for (const int threads : {1, 3}) {
        const io::FileInfo info = folder.of("x.csv", bytes + "\n", {.threads = threads});
        const auto& found = std::get<io::TableInfo>(info.content);
        REQUIRE(found.numeric.size() == 200);
        for (std::size_t c = 0; c < 200; ++c) {
            CHECK(found.numeric[c].values.low == static_cast<double>(c));
            CHECK(found.numeric[c].values.high == static_cast<double>(49 * 200 + c));
        }
    }
}

TEST_CASE("A .npy file is found by its content and described, matrix or not") {
    const Folder folder;
    const std::string bytes =
        npy_bytes(npy_text(">f4", "(2, 3)", true), number_bytes<float>({1, NAN, -4, INFINITY, 2.5F, 3}, true));
    for (const std::string name : {"x.npy", "x.dat"}) {
        for (const int threads : {1, 2}) {
            const io::FileInfo info = folder.of(name, bytes, {.threads = threads});
            REQUIRE(info.whole());
            CHECK(info.kind == FileKind::matrix);
            CHECK(info.sha256 == base::sha256_hex(bytes));
            const auto& found = std::get<io::MatrixInfo>(info.content);
            CHECK(found.shape == std::vector<base::Index>{2, 3});
            CHECK(found.type == "float32");
            CHECK(found.big_endian);
            CHECK(found.fortran_order);
            REQUIRE(found.values);
            CHECK(found.values->finite == 4);
            CHECK(found.values->missing == 1);
            CHECK(found.values->infinite == 1);
            CHECK(found.values->low == -4);
            CHECK(found.values->high == 3);
            CHECK(found.unfit.empty());
        }
    }
    const io::FileInfo integers = folder.of("i.npy", npy_bytes(npy_text("<i8", "(2, 3, 1)"), std::string(48, '\0')));
    REQUIRE(integers.whole());
    CHECK_FALSE(std::get<io::MatrixInfo>(integers.content).values);
    CHECK(std::get<io::MatrixInfo>(integers.content).unfit == "holds int64, not float32 or float64");
    const io::FileInfo cube = folder.of("c.npy", npy_bytes(npy_text("<f8", "(1, 1, 2)"), number_bytes<double>({7, 8})));
    CHECK(std::get<io::MatrixInfo>(cube.content).values->high == 8);
    CHECK(std::get<io::MatrixInfo>(cube.content).unfit == "has 3 dimensions (1 × 1 × 2) where a matrix has two");
    // Extents of which the product is too large, but for the zero.
    const io::FileInfo none = folder.of("n.npy", npy_bytes(npy_text("<f8", "(4611686018427387904, 4, 0)"), ""));
    REQUIRE(none.whole());
    CHECK(std::get<io::MatrixInfo>(none.content).values->finite == 0);
    // More than one block.
    const io::FileInfo large =
        folder.of("l.npy", npy_bytes(npy_text("<f4", "(3, 1000000)"), number_bytes(std::vector<float>(3000000, 0.5F))));
    CHECK(std::get<io::MatrixInfo>(large.content).values->finite == 3000000);
}

TEST_CASE("An image is found by its content and described") {
    const Folder folder;
    std::vector<float> values = ramp();
    values[3] = NAN;
    values[4] = -INFINITY;
    for (const std::string name : {"x.nii", "x.nii.gz", "x.mgh", "x.mgz"}) {
        CAPTURE(name);
        const std::string bytes = image(name, values);
        const io::FileInfo info = folder.of(name, bytes);
        REQUIRE(info.whole());
        CHECK(info.kind == FileKind::image);
        CHECK(info.sha256 == base::sha256_hex(bytes));
        const auto& found = std::get<io::ImageInfo>(info.content);
        CHECK(found.format == (name.find("nii") != std::string::npos ? "NIfTI-1" : "MGH"));
        CHECK(found.compressed == name.ends_with("z"));
        CHECK(found.grid.shape == std::vector<base::Index>{2, 3, 4});
        CHECK(found.voxel_size[0] == Approx(2));
        CHECK(found.voxel_size[1] == Approx(2.5));
        CHECK(found.voxel_size[2] == Approx(3));
        CHECK(found.type == "float32");
        CHECK(found.values.finite == 22);
        CHECK(found.values.missing == 1);
        CHECK(found.values.infinite == 1);
        CHECK(found.values.low == -5);
        CHECK(found.values.high == 18);
        CHECK(found.extensions == 0);
        CHECK(found.description == (found.format == "NIfTI-1" ? "made by hand" : ""));
    }
    CHECK(folder.of("no_name_at_all", image("x.nii", values)).kind == FileKind::image);
    CHECK(folder.of("zipped", image("x.nii.gz", values)).kind == FileKind::image);
}

TEST_CASE("Intent and extensions of a NIfTI header are found") {
    const Folder folder;
    std::string bytes = image("x.nii", ramp());
    bytes[68] = 5;                                         // intent_code: z score
    bytes.replace(328, 4, "zmap");                         // intent_name
    bytes.replace(108, 4, number_bytes<float>({400.0F}));  // vox_offset
    bytes[348] = 1;                                        // extensions follow
    const std::string extension = number_bytes<std::int32_t>({16, 6}) + "comment.";
    const std::string second = number_bytes<std::int32_t>({32, 6}) + std::string(24, '.');
    bytes.insert(352, extension + second);
    const io::FileInfo info = folder.of("x.nii", bytes);
    INFO((info.fault ? info.fault->what() : "whole"));
    REQUIRE(info.whole());
    const auto& found = std::get<io::ImageInfo>(info.content);
    CHECK(found.intent_code == 5);
    CHECK(found.intent_name == "zmap");
    CHECK(found.extensions == 2);
    CHECK(found.values.high == 18);
}

TEST_CASE("JSON that is neither a model nor moments is whole, and its keys are told") {
    const Folder folder;
    const io::FileInfo info = folder.of("x.tsv.json", R"({"tool": "tare-fit", "version": "0.1.0", "inputs": []})");
    REQUIRE(info.whole());
    CHECK(info.kind == FileKind::json);
    CHECK(std::get<io::JsonInfo>(info.content).tool == "tare-fit");
    CHECK(std::get<io::JsonInfo>(info.content).keys == std::vector<std::string>{"tool", "version", "inputs"});
}

TEST_CASE("Each kind of file that is damaged is called damaged, by name where the content says nothing any more") {
    const Folder folder;
    const std::string nifti = image("x.nii", ramp()), zipped = image("x.nii.gz", ramp()), mgh = image("x.mgh", ramp());
    const std::string npy = npy_bytes(npy_text("<f8", "(1, 2)"), number_bytes<double>({7, 8}));
    struct Case {
        std::string name, bytes;
        FileKind kind;
    };
    for (const auto& [name, bytes, kind] : {
             Case{"cut.nii", nifti.substr(0, nifti.size() - 1), FileKind::image},
             Case{"long.nii", nifti + "x", FileKind::image},
             Case{"head.nii", nifti.substr(0, 100), FileKind::image},
             Case{"none.nii", "", FileKind::image},
             Case{"cut.nii.gz", zipped.substr(0, zipped.size() - 9), FileKind::image},
             Case{"magic.nii.gz", zipped.substr(0, 2), FileKind::image},
             Case{"cut.mgh", mgh.substr(0, 300), FileKind::image},
             Case{"cut.npy", npy.substr(0, npy.size() - 1), FileKind::matrix},
             Case{"none.npy", "", FileKind::matrix},
             Case{"text.npy", "no numbers at all", FileKind::matrix},
             Case{"archive.npz", "PK\x03\x04", FileKind::matrix},
             Case{"ragged.tsv", "a\tb\n1\n", FileKind::table},
             Case{"empty.tsv", "", FileKind::table},
             Case{"head.csv", "a,b\n", FileKind::table},
             Case{"cut.tsv.gz", io::gzip(table).substr(0, 60), FileKind::table},
             Case{"cut.json", R"({"format": "tare-model", "format_ver)", FileKind::model},
             Case{"moments.json", R"({"format": "tare-moments", "format_version": 1})", FileKind::moments},
             Case{"other.json", R"({"format": "else")", FileKind::json},
             Case{"prose.md", "No table,\nbut words.\n", FileKind::table},
             Case{"words", "No table but words.\nAnd more.\n", FileKind::unknown},
             Case{"noise",
                  std::string("\x7f"
                              "ELF\0\0",
                              6),
                  FileKind::unknown},
             Case{"nothing", "", FileKind::unknown},
         }) {
        CAPTURE(name);
        const io::FileInfo info = folder.of(name, bytes);
        REQUIRE_FALSE(info.whole());
        CHECK(info.state() == "damaged");
        CHECK(info.fault->code() == base::ExitCode::data);
        CHECK(std::string(info.fault->what()).starts_with(folder.path(name)));
        CHECK(info.kind == kind);
        CHECK(info.size == bytes.size());
        CHECK(info.sha256 == base::sha256_hex(bytes));
        CHECK(std::holds_alternative<std::monostate>(info.content));
    }
}

TEST_CASE("A file that is missing, a folder or a stream is called missing") {
    const Folder folder;
    const io::FileInfo missing = io::inspect_file(folder.path("x.nii"), "site", {});
    CHECK(missing.state() == "missing");
    CHECK(missing.fault->what() == folder.path("x.nii") + ": no such file");
    CHECK(missing.sha256.empty());
    CHECK(missing.size == 0);
    const io::FileInfo itself = io::inspect_file(folder.path(""), "site", {});
    CHECK(itself.state() == "missing");
    REQUIRE(::mkfifo(folder.path("pipe").c_str(), 0600) == 0);
    CHECK(io::inspect_file(folder.path("pipe"), "site", {}).state() == "missing");
}

TEST_CASE("A file that does not fit into the memory allowed is unreadable, not damaged") {
    const Folder folder;
    const io::FileInfo info = folder.of("x.nii", image("x.nii", ramp()), {.memory = 10});
    CHECK(info.state() == "unreadable");
    CHECK(info.fault->code() == base::ExitCode::memory);
}
