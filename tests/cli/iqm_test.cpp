// tare-iqm as a user runs it: its table, its order and threads, and what it says of input that cannot be measured.
#include <fstream>

#include <catch2/catch.hpp>

#include "fault.hpp"
#include "support/temporary_directory.hpp"
#include "tare/io/image_file.hpp"
#include "workplace.hpp"

using namespace tare;

namespace {

constexpr int edge = 28, voxels = edge * edge * edge;

/// Four heads with a segmentation of three shells, and images that are wrong in one way.
void make_images(const std::filesystem::path& folder) {
    data::Grid grid;
    grid.shape = {edge, edge, edge};
    grid.affine = {2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0};
    const io::ImageHeader header = io::new_image_header(grid, "test");
    std::vector<double> labels, values;
    for (int v = 0; v < voxels; ++v) {
        const double x = v % edge - 13.5, y = v / edge % edge - 13.5, z = v / edge / edge - 13.5;
        const double square = x * x + y * y + z * z;
        labels.push_back(square < 16 ? 3 : square < 72 ? 2 : square < 144 ? 1 : 0);
        values.push_back((labels.back() + 0.1) * 100.0 + (v * 7919) % 13);
    }
    const auto write = [&](const std::string& name, const std::string& bytes) {
        std::ofstream(folder / name, std::ios::binary) << bytes;
    };
    const auto put = [&](const std::string& name, const std::vector<double>& data) {
        write(name, io::image_bytes(name, header, io::VoxelType::float32, std::span(data)));
    };
    put("labels.nii.gz", labels);
    for (const std::string id : {"a", "b", "c", "d"}) {
        for (double& x : values) x *= 1.25;
        put(id + "_T1w.nii.gz", values);
    }
    put("zero.nii", std::vector<double>(voxels, 0.0));
    put("constant.nii", std::vector<double>(voxels, 5.0));
    put("nan.nii", std::vector<double>(voxels, std::numeric_limits<double>::quiet_NaN()));
    std::vector<double> holed = labels;
    holed[3] = std::numeric_limits<double>::quiet_NaN();
    put("holed.nii", holed);
    std::vector<double> some = values;
    some[0] = some[1] = std::numeric_limits<double>::infinity();
    put("some.nii", some);
    put("halves.nii.gz", std::vector<double>(voxels, 0.5));
    const std::string whole = io::image_bytes("a.nii.gz", header, io::VoxelType::float32, std::span<const double>(values));
    write("cut.nii.gz", whole.substr(0, whole.size() / 2));
    write("empty.nii.gz", "");
    grid.shape = {edge, edge, edge - 1};
    const std::span<const double> fewer = std::span<const double>(labels).first(edge * edge * (edge - 1));
    write("small.nii.gz", io::image_bytes("small.nii.gz", io::new_image_header(grid, "test"), io::VoxelType::uint8, fewer));
    write("cohort_images.tsv", "participant_id\na\nb\nc\nd\n");
}

const std::string all = "tare-iqm --quiet --images '{participant_id}_T1w.nii.gz' --labels labels.nii.gz ";

std::string line(const std::string& table, std::size_t number) {
    std::size_t begin = 0;
    for (std::size_t i = 0; i < number; ++i) begin = table.find('\n', begin) + 1;
    return table.substr(begin, table.find('\n', begin) - begin);
}

}  // namespace

TEST_CASE("tare-iqm measures an image alone as among others, on any number of threads", "[cli][iqm]") {
    const test::Workplace place;
    make_images(place.folder());
    const std::string table = place.succeed(all);
    CHECK(line(table, 0).starts_with("participant_id\tcjv\tcnr\tefc\tfber\ticvs_csf"));
    CHECK(line(table, 3).starts_with("c\t"));
    CHECK(place.succeed(all + "--threads 1") == table);
    CHECK(place.succeed(all + "--threads 4") == table);
    CHECK(place.succeed(all + "--participants cohort_images.tsv") == table);
    std::string alone = place.succeed("tare-iqm --quiet --images c_T1w.nii.gz --labels labels.nii.gz");
    CHECK(line(alone, 1) == "c_T1w" + line(table, 3).substr(1));
    CHECK(line(place.succeed(all + "--shard 2/2"), 1) == line(table, 3));
    // The same numbers under other names.
    place.succeed(all + "--csf 1 --gm 2 --wm 3 --output named.tsv");
    CHECK(place.read("named.tsv") == table);
    CHECK(place.has("named.tsv.json"));
    CHECK(place.succeed(all + "--background 0") == place.succeed(all + "--head-mask labels.nii.gz"));
    CHECK(place.succeed(all + "--erode yes") != table);
    CHECK(place.succeed(all + "--erode no") == table);
}

TEST_CASE("tare-iqm writes n/a for what is not there, and says why", "[cli][iqm]") {
    const test::Workplace place;
    make_images(place.folder());
    const auto zero = place.shell("tare-iqm --images zero.nii --labels labels.nii.gz");
    CHECK(zero.code == 0);
    CHECK(zero.err.find("zero.nii: every voxel is 0; what depends on it is n/a") != std::string::npos);
    CHECK(line(zero.out, 1).starts_with("zero\tn/a\tn/a\tn/a\tn/a\t"));
    const auto constant = place.shell("tare-iqm --images constant.nii");
    CHECK(constant.code == 0);
    CHECK(line(constant.out, 1).starts_with("constant\tn/a\tn/a\t"));
    CHECK(place.succeed(
              "tare-iqm --quiet --images constant.nii --head-mask labels.nii.gz 2> /dev/null | tail -n 1 | cut -f 1,5") ==
          "constant\tn/a\n");
    const auto some = place.shell("tare-iqm --images some.nii --labels labels.nii.gz");
    CHECK(some.code == 0);
    CHECK(some.err == "tare-iqm: warning: some.nii: 2 values not finite; left out\n");
    const auto missing = place.shell("tare-iqm --images a_T1w.nii.gz,b_T1w.nii.gz --labels labels.nii.gz --csf 9");
    CHECK(missing.code == 0);
    CHECK(missing.err ==
          "tare-iqm: warning: a_T1w.nii.gz and 1 more image: no voxel is left of csf; what depends on it is n/a\n");
}

TEST_CASE("tare-iqm refuses damaged and mismatched images", "[cli][iqm]") {
    const test::TemporaryDirectory images;
    make_images(images.path());
    const std::string labelled = "--labels labels.nii.gz ";
    test::check_faults(
        {{"", "tare-iqm --images nan.nii", 65, "nan.nii: holds no finite value"},
         {"", "tare-iqm --images nowhere.nii", 66, "nowhere.nii: no such file"},
         {"", "tare-iqm --images a_T1w.nii.gz --csf 1", 64, "--csf needs --labels"},
         {"", "tare-iqm --images a_T1w.nii.gz " + labelled + "--csf one", 64, "--csf: 'one' is not a label",
          "labels are whole numbers"},
         {"", "tare-iqm --images a_T1w.nii.gz " + labelled + "--csf 0", 64, "--csf: label 0 is background"},
         {"", "tare-iqm --images a_T1w.nii.gz " + labelled + "--csf 2", 64, "label 2 is both csf and gm"},
         {"", "tare-iqm --images a_T1w.nii.gz " + labelled + "--background 0 --head-mask labels.nii.gz", 64,
          "--background does not go with --head-mask", "both tell where there is air"},
         {"", "tare-iqm --images a_T1w.nii.gz " + labelled + "--background 0,3", 64, "label 3 is both background and wm"},
         {"", "tare-iqm --images a_T1w.nii.gz " + labelled + "--background ''", 64,
          "--background is empty; it must name a label"},
         {"", "tare-iqm --images a_T1w.nii.gz --head-mask holed.nii", 65, "holed.nii: a mask must hold finite values only",
          "1 inside, 0 outside"},
         {"", "tare-iqm --images a_T1w.nii.gz --head-mask zero.nii", 65,
          "zero.nii: the mask is empty, all its voxels are 0"},
         {"", "tare-iqm --images a_T1w.nii.gz --labels halves.nii.gz", 65, "halves.nii.gz: voxel (0, 0, 0): 0.5 is no label",
          "a segmentation holds a whole number in every voxel; values to be measured are another image"}},
        images.path());
    const test::Workplace place;
    make_images(place.folder());
    for (const std::string name : {"cut.nii.gz", "empty.nii.gz"}) {
        const auto refused = place.shell("tare-iqm --images " + name + " --output x.tsv");
        INFO(refused.err);
        CHECK(refused.code == 65);
        CHECK(refused.err.find(name) != std::string::npos);
        CHECK(!place.has("x.tsv"));
    }
    for (const std::string option : {"--labels", "--head-mask"}) {
        const auto refused = place.shell("tare-iqm --images a_T1w.nii.gz " + option + " small.nii.gz");
        INFO(refused.err);
        CHECK(refused.code == 65);
        CHECK(refused.err.find("28 × 28 × 27") != std::string::npos);
    }
}
