// tare-thickness on small segmentations: layers, parcels and maps, pieces left out, and what is refused.
#include <cmath>

#include <catch2/catch.hpp>

#include "fault.hpp"
#include "support/small_images.hpp"
#include "workplace.hpp"

using namespace tare;
using base::Index;
using test::check_faults;
using test::Finished;
using test::rows_of;
using test::Workplace;

namespace {

const data::Grid grid = test::grid_of({20, 6, 5}, {1.5, 1, 1});

template <typename Value>
void write_image(const std::filesystem::path& path, const Value& value, const data::Grid& on = grid,
                 io::VoxelType type = io::VoxelType::uint8) {
    test::write_image(path, on, value, type);
}

/// From the left: white matter, a layer of `left` voxels, outside; the same from the right with two voxels.
template <int left>
double slabs(Index x, Index, Index) {
    if (x < 4) return 2.0;
    if (x < 4 + left) return 3.0;
    if (x > 15) return 41.0;
    return x > 13 ? 42.0 : 0.0;
}

void write_examples(const std::filesystem::path& folder) {
    write_image(folder / "a.nii.gz", slabs<3>);
    write_image(folder / "b.nii.gz", [](Index x, Index y, Index z) { return x > 9 ? 0.0 : slabs<4>(x, y, z); });
    write_image(folder / "piece.nii.gz",
                [](Index x, Index y, Index z) { return x == 10 && y == 2 ? 3.0 : slabs<3>(x, y, z); });
    write_image(folder / "thick.nii.gz", [](Index x, Index, Index) { return x < 1 ? 2.0 : x < 19 ? 3.0 : 0.0; });
    write_image(folder / "tissues.nii.gz", [](Index x, Index, Index) {
        return x < 4 ? 3.0 : x < 8 ? 2.0 : x < 12 ? 1.0 : 0.0;
    });
    write_image(folder / "zero.nii.gz", [](Index, Index, Index) { return 0.0; });
    write_image(folder / "half.nii.gz", [](Index, Index, Index) { return 0.5; }, grid, io::VoxelType::float32);
    write_image(folder / "parcels.nii.gz", [](Index x, Index y, Index) { return x > 9 ? 7.0 : y < 2 ? 5.0 : 6.0; });
    write_image(folder / "other.nii.gz", [](Index, Index, Index) { return 1.0; }, {{20, 6, 4}, grid.affine});
}

struct Example : Workplace {
    Example() { write_examples(folder()); }
};

}  // namespace

TEST_CASE("tare-thickness measures both hemispheres, n/a where one is missing", "[thickness]") {
    const Example place;
    const Finished finished = place.shell("tare-thickness --images a.nii.gz,b.nii.gz");
    CHECK(finished.code == 0);
    CHECK(finished.err.find("tare-thickness: warning: b.nii.gz: right: no voxel of the layer\n") != std::string::npos);
    const auto table = rows_of(finished.out);
    REQUIRE(table.size() == 3);
    CHECK(table[0] == std::vector<std::string>{"participant_id", "left_thickness_mean_mm", "left_thickness_median_mm",
                                               "left_thickness_sd_mm", "left_thickness_area_mean_mm", "left_voxels",
                                               "right_thickness_mean_mm", "right_thickness_median_mm",
                                               "right_thickness_sd_mm", "right_thickness_area_mean_mm", "right_voxels"});
    for (const std::size_t column : {1U, 2U, 4U}) {
        CHECK(std::stod(table[1][column]) == Approx(4.5).epsilon(1e-7));
        CHECK(std::stod(table[1][column + 5]) == Approx(3.0).epsilon(1e-7));
        CHECK(std::stod(table[2][column]) == Approx(6.0).epsilon(1e-7));
    }
    CHECK(std::stod(table[1][3]) < 1e-7);
    CHECK(table[1][5] == "90");
    CHECK(table[1][10] == "60");
    for (std::size_t column = 6; column <= 10; ++column) CHECK(table[2][column] == "n/a");
}

TEST_CASE("tare-thickness takes other layers, with names or without", "[thickness]") {
    const Example place;
    const std::string a = "tare-thickness --quiet --images a.nii.gz ";
    CHECK(rows_of(place.succeed(a + "--gray 3 --white 2"))[0][1] == "thickness_mean_mm");
    CHECK(rows_of(place.succeed(a + "--gray 3,42 --white 2,41"))[0][6] == "gray_42_thickness_mean_mm");
    const auto both = rows_of(place.succeed(a + "--gray cortex=3+42 --white 2+41 --layout long"));
    REQUIRE(both.size() == 2);
    CHECK(both[1][1] == "cortex");
    CHECK(std::stod(both[1][2]) == Approx((4.5 * 90 + 3.0 * 60) / 150).epsilon(1e-7));
    CHECK(std::stod(both[1][5]) == Approx(150 / (90 / 4.5 + 60 / 3.0)).epsilon(1e-7));
    CHECK(both[1][6] == "150");
}

TEST_CASE("tare-thickness measures parcels, and none that has no grey matter", "[thickness]") {
    const Example place;
    const auto table = rows_of(
        place.succeed("tare-thickness --quiet --images a.nii.gz --labels parcels.nii.gz --structures 5,7,9 --layout long"));
    REQUIRE(table.size() == 6);
    CHECK(table[3][1] == "label_5");
    CHECK(table[3][6] == "30");
    CHECK(std::stod(table[3][2]) == Approx(4.5).epsilon(1e-7));
    CHECK(table[4][1] == "label_7");
    CHECK(std::stod(table[4][2]) == Approx(3.0).epsilon(1e-7));
    CHECK(table[5] == std::vector<std::string>{"a", "label_9", "n/a", "n/a", "n/a", "n/a", "n/a"});
}

TEST_CASE("tare-thickness leaves out pieces that lie apart, and says so", "[thickness]") {
    const Example place;
    const Finished finished =
        place.shell("tare-thickness --images piece.nii.gz --output-images 'maps/{participant_id}_t.nii.gz'");
    CHECK(finished.code == 0);
    CHECK(finished.err.find("tare-thickness: warning: piece.nii.gz: left: 5 voxels in 1 piece left out, not between white "
                            "matter and outside\n") != std::string::npos);
    CHECK(rows_of(finished.out)[1][5] == "90");
    const std::vector<double> map = test::voxels_of(place / "maps/piece_t.nii.gz");
    REQUIRE(map.size() == 600);
    CHECK(map[0] == 0.0);
    CHECK(map[4] == Approx(4.5).epsilon(1e-6));
    CHECK(map[14] == Approx(3.0).epsilon(1e-6));
    CHECK(map[9] == 0.0);
    CHECK(std::isnan(map[40 + 10]));
    CHECK(place.has("maps/piece_t.json"));
}

TEST_CASE("tare-thickness leaves no map where the run fails for any reason", "[thickness]") {
    const Example place;
    // The first image fits, the second has more grey matter.
    const std::string run = "tare-thickness --quiet --images a.nii.gz,thick.nii.gz --threads 1 ";
    const std::string maps = "--output-images 'maps/{participant_id}_t.nii.gz' ";
    const Finished finished = place.shell(run + maps + "--memory 60K");
    CHECK(finished.code == 71);
    CHECK(finished.err.find("for thick.nii.gz, --memory allows 60 KiB") != std::string::npos);
    CHECK(finished.out.empty());
    CHECK_FALSE(place.has("maps"));
    CHECK(place.shell(run + maps + "--memory 1M").code == 0);
    CHECK(place.has("maps/a_t.nii.gz"));
}

TEST_CASE("tare-thickness warns where half of the labels of a ribbon is nowhere", "[thickness]") {
    const Example place;
    const std::string warning =
        "tare-thickness: warning: no image has label 41, 42 of FreeSurfer's ribbon.mgz, whose layers are measured; where "
        "labels mean other tissues, name them with --gray and --white\n";
    const Finished tissues = place.shell("tare-thickness --images tissues.nii.gz,b.nii.gz");
    CHECK(tissues.code == 0);
    CHECK(tissues.err.find(warning) != std::string::npos);
    // One image with both hemispheres shows that the labels are the right ones.
    CHECK(place.shell("tare-thickness --images a.nii.gz,b.nii.gz").err.find("ribbon") == std::string::npos);
    CHECK(place.shell("tare-thickness --images tissues.nii.gz --gray 2 --white 3").err.empty());
}

TEST_CASE("tare-thickness gives the same bytes with any number of threads", "[thickness]") {
    const Example place;
    const std::string line =
        "tare-thickness --quiet --images a.nii.gz,b.nii.gz --gray 3 --white 2 --output-images '{participant_id}_t.nii' "
        "--threads ";
    const std::string one = place.succeed(line + "1");
    const std::string map = place.read("b_t.nii");
    CHECK(place.succeed(line + "3 --force") == one);
    CHECK(place.read("b_t.nii") == map);
}

TEST_CASE("what tare-thickness refuses", "[thickness]") {
    const test::TemporaryDirectory example;
    write_examples(example.path());
    const std::string a = "tare-thickness --quiet --images a.nii.gz ";
    const std::string how = "as in 3,42, left=3,right=42 or 3+42";
    check_faults(
        {
            {"", a + "--gray 3", 64, "--gray names 1 layer, --white 2", "one item of --white for each of --gray"},
            {"", a + "--gray 3,x", 64, "--gray: 'x': 'x' is no label", how},
            {"", a + "--gray 3,4+", 64, "--gray: '4+': '' is no label", how},
            {"", a + "--white 2,l=99999999999", 64, "--white: 'l=99999999999': '99999999999' is no label", how},
            {"", a + "--gray =3,42", 64, "--gray: '=3' gives the layer no name"},
            {"", a + "--gray 3,3", 64, "--gray: 3 stands in it twice"},
            {"", a + "--gray a=3,a=42", 64, "--gray: two layers are called 'a'"},
            {"", a + "--white 3,41", 64, "--white: 3 is grey matter of the same layer"},
            {"", a + "--groups lobes", 64, "--groups needs --labels"},
            {"", a + "--output-images x.txt", 64, "--output-images: 'x.txt' is no name for an image",
             "images are written as .nii, .nii.gz, .mgh or .mgz"},
            {"", a + "--output-images a.nii.gz --force", 73,
             "a.nii.gz: is an input of this run; a result never overwrites its input"},
            {"touch t.nii", a + "--output-images t.nii", 73, "t.nii: exists",
             "--force replaces it, --resume keeps what was made in the same way"},
            {"", a + "--memory 30K", 71, "needs about 44.5 KiB for a.nii.gz, --memory allows 30 KiB",
             "raise the limit with --memory 1M"},
            {"", "tare-thickness --quiet --images zero.nii.gz --output-images m/t.nii.gz", 65,
             "no image has a layer between white matter and outside", "look at --gray and --white"},
            {"", a + "--white 9,9", 65, "no image has a layer between white matter and outside",
             "look at --gray and --white"},
            {"", "tare-thickness --quiet --images half.nii.gz", 65, "half.nii.gz: voxel (0, 0, 0): 0.5 is no label",
             "a segmentation holds a whole number in every voxel; values to be measured are another image"},
            {"", a + "--labels other.nii.gz", 65, "other.nii.gz: has 20 × 6 × 4 voxels, a.nii.gz has 20 × 6 × 5",
             "resample all images to one grid first"},
            {"", a + "--labels gone.nii.gz", 66, "gone.nii.gz: no such file"},
            {"", "tare-thickness --quiet --images gone.nii.gz", 66, "gone.nii.gz: no such file"},
            {"head -c -10 a.nii.gz > cut.nii.gz",
             "tare-thickness --quiet --images a.nii.gz,cut.nii.gz --output-images "
             "'m/{participant_id}.nii.gz'",
             65, "cut.nii.gz: the gzip stream is cut short or damaged",
             "copy or download the file again; gzip -t should find no fault in it"},
            {": > empty.nii.gz", "tare-thickness --quiet --images empty.nii.gz", 65, "empty.nii.gz: the file is empty"},
        },
        example.path());
}
