// tare-fractal on small images: what the tables say, segmentations and their missing structures, voxels that are no cubes,
// and what is refused.
#include <cmath>

#include <catch2/catch.hpp>

#include "fault.hpp"
#include "support/small_images.hpp"
#include "workplace.hpp"

using namespace tare;
using base::Index;
using test::check_faults;
using test::Finished;
using test::grid_of;
using test::rows_of;
using test::Workplace;
using test::write_image;

namespace {

/// A voxel belongs to the structure where the bits of its indices are, together, an even number at every place: of eight
/// halves of every cube four.
double of_fractal(Index x, Index y, Index z) {
    return (x ^ y ^ z) == 0 ? 1.0 : 0.0;
}

const data::Grid cube32 = grid_of({32, 32, 32}, {0.9, 0.9, 0.9});

/// a.nii.gz, b.nii: a fractal, and a segmentation with label 2 and 3, of which s2 has only the first.
void write_examples(const std::filesystem::path& folder) {
    write_image(folder / "a.nii.gz", cube32, of_fractal);
    write_image(folder / "zero.nii.gz", cube32, [](Index, Index, Index) { return 0.0; });
    write_image(folder / "point.nii.gz", cube32, [](Index x, Index y, Index z) { return x == 3 && y == 4 && z == 5; });
    write_image(folder / "s1.nii.gz", cube32, [](Index x, Index y, Index z) {
        return of_fractal(x, y, z) > 0.0 ? 2.0 : z == 31 && y > 15 ? 3.0 : 0.0;
    });
    write_image(folder / "s2.nii.gz", cube32, [](Index x, Index y, Index z) { return 2.0 * of_fractal(x, y, z); });
    write_image(folder / "thick.nii.gz", grid_of({32, 32, 8}, {1, 1, 4}),
                [](Index x, Index y, Index z) { return x + y > 9 * z ? 1.0 : 0.0; });
    write_image(folder / "cubes.nii.gz", grid_of({32, 32, 32}, {1, 1, 1}),
                [](Index x, Index y, Index z) { return x + y > 9 * (z / 4) ? 1.0 : 0.0; });
    write_image(folder / "small.nii.gz", grid_of({8, 8, 8}, {1, 1, 1}), [](Index, Index, Index) { return 1.0; });
    write_image(folder / "part.nii.gz", cube32, [](Index, Index, Index) { return 0.5; }, io::VoxelType::float32);
    const auto ones_but = [](double other) {
        return [other](Index x, Index y, Index z) { return x == 3 && y == 1 && z == 2 ? other : 1.0; };
    };
    write_image(folder / "nan.nii.gz", cube32, ones_but(std::nan("")), io::VoxelType::float32);
    write_image(folder / "inf.nii.gz", cube32, ones_but(HUGE_VAL), io::VoxelType::float32);
    test::write_volume(folder / "two.nii.gz", grid_of({4, 4, 4, 2}, {1, 1, 1}), std::vector<double>(128, 1.0));
}

struct Example : Workplace {
    Example() { write_examples(folder()); }
};

}  // namespace

TEST_CASE("tare-fractal prints a row per image, and the counts that it was fitted to", "[fractal]") {
    const Example place;
    const auto table = rows_of(place.succeed("tare-fractal --quiet --images a.nii.gz,part.nii.gz --counts c.tsv"));
    REQUIRE(table.size() == 3);
    CHECK(table[0] ==
          std::vector<std::string>{"participant_id", "fd", "fd_se", "adjusted_r2", "mfs_mm", "Mfs_mm", "voxels"});
    CHECK(table[1][0] == "a");
    CHECK(table[1][6] == "1024");
    CHECK(table[2][0] == "part");
    CHECK(table[2][6] == "32768");
    const double a = std::stod(table[1][1]), full = std::stod(table[2][1]);
    // 2 and 3, less what lattices that do not fit cost.
    CHECK(a > 1.5);
    CHECK(a < 2.05);
    CHECK(full > 2.4);
    CHECK(full < 3.05);

    const auto counts = rows_of(place.read("c.tsv"));
    REQUIRE(counts.size() == 13);
    CHECK(counts[0] ==
          std::vector<std::string>{"participant_id", "box_voxels", "box_mm", "mean_boxes", "least_boxes", "in_window"});
    CHECK(counts[1] == std::vector<std::string>{"a", "1", "0.9", "1024", "1024", counts[1][5]});
    CHECK(counts[6][1] == "32");
    CHECK(counts[6][2] == "28.8");
    double least_inside = 1e9, most_inside = 0.0;
    for (std::size_t i = 1; i <= 6; ++i) {
        CHECK(std::stod(counts[i][4]) <= std::stod(counts[i][3]));
        if (counts[i][5] != "1") continue;
        least_inside = std::min(least_inside, std::stod(counts[i][2]));
        most_inside = std::max(most_inside, std::stod(counts[i][2]));
    }
    CHECK(std::stod(table[1][4]) == least_inside);
    CHECK(std::stod(table[1][5]) == most_inside);
    CHECK(place.has("c.tsv.json"));
}

TEST_CASE("the values of tare-fractal hang on the seed, not on threads or neighbours", "[fractal]") {
    const Example place;
    const std::string a = "tare-fractal --quiet --images a.nii.gz";
    const std::string alone = place.succeed(a);
    CHECK(place.succeed(a + " --seed 2") != alone);
    const std::string three = "tare-fractal --quiet --images part.nii.gz,cubes.nii.gz,a.nii.gz --threads ";
    const auto one = rows_of(place.succeed(three + "1")), several = rows_of(place.succeed(three + "3"));
    CHECK(one == several);
    CHECK(one[3] == rows_of(alone)[1]);
    CHECK(place.succeed(a + " --cover minimum") != alone);
    // The set of label 2 is the structure a.
    CHECK(rows_of(place.succeed("tare-fractal --quiet --images s1.nii.gz --groups x=2 --layout long"))[1][2] ==
          rows_of(alone)[1][1]);
}

TEST_CASE("tare-fractal measures structures of segmentations, n/a where they are missing", "[fractal]") {
    const Example place;
    const auto wide = rows_of(place.succeed("tare-fractal --quiet --images s1.nii.gz,s2.nii.gz --structures '*'"));
    REQUIRE(wide.size() == 3);
    REQUIRE(wide[0].size() == 13);
    CHECK(wide[0][1] == "label_2_fd");
    CHECK(wide[0][7] == "label_3_fd");
    CHECK(wide[1][6] == wide[2][6]);
    CHECK(wide[1][12] != "n/a");
    for (std::size_t column = 7; column <= 12; ++column) CHECK(wide[2][column] == "n/a");

    const auto groups = rows_of(
        place.succeed("tare-fractal --quiet --images s1.nii.gz --groups 'both=2+3,none=9' --layout long --counts c.tsv"));
    REQUIRE(groups.size() == 3);
    CHECK(groups[1][1] == "both");
    CHECK(std::stod(groups[1][7]) == std::stod(wide[1][6]) + std::stod(wide[1][12]));
    CHECK(groups[2] == std::vector<std::string>{"s1", "none", "n/a", "n/a", "n/a", "n/a", "n/a", "n/a"});
    CHECK(rows_of(place.read("c.tsv"))[1][1] == "both");
}

TEST_CASE("tare-fractal --resample counts cubes", "[fractal]") {
    const Example place;
    const auto thick = rows_of(place.succeed("tare-fractal --quiet --images thick.nii.gz --resample 1"));
    const auto cubes = rows_of(place.succeed("tare-fractal --quiet --images cubes.nii.gz"));
    REQUIRE(thick.size() == 2);
    CHECK(thick[1][0] == "thick");
    for (std::size_t column = 1; column < 7; ++column) CHECK(thick[1][column] == cubes[1][column]);
}

TEST_CASE("images without a structure, and structures without a dimension, are n/a and spoken of", "[fractal]") {
    const Example place;
    const Finished zero = place.shell("tare-fractal --images a.nii.gz,zero.nii.gz");
    CHECK(zero.code == 0);
    CHECK(zero.err.find("zero.nii.gz: no voxel is above 0") != std::string::npos);
    CHECK(rows_of(zero.out)[2] == std::vector<std::string>{"zero", "n/a", "n/a", "n/a", "n/a", "n/a", "n/a"});
    const Finished point = place.shell("tare-fractal --images point.nii.gz");
    CHECK(point.code == 0);
    CHECK(point.err.find("point.nii.gz: as many boxes of every size, so that it has no fractal dimension") !=
          std::string::npos);
    CHECK(rows_of(point.out)[1] == std::vector<std::string>{"point", "n/a", "n/a", "n/a", "n/a", "n/a", "1"});
}

TEST_CASE("what tare-fractal refuses", "[fractal]") {
    const test::TemporaryDirectory example;
    write_examples(example.path());
    const std::string a = "tare-fractal --quiet --images a.nii.gz ";
    check_faults(
        {
            {"", a + "--offsets 0", 64, "--offsets: 0 is not from 1 to 1000000"},
            {"", a + "--min-scales 2", 64, "--min-scales: 2 is not from 3 to 60"},
            {"", a + "--seed -1", 64, "--seed: -1 is not from 0 to 9223372036854775807"},
            {"", a + "--seed 3 --convention fractalbrain", 64, "--seed: the convention fractalbrain has a stream of its own",
             "leave out one of the two"},
            {"", a + "--resample 0", 64, "--resample: 0 is no edge of a cube in millimetres"},
            {"", a + "--label-names freesurfer", 64, "--label-names needs --groups or --structures"},
            {"", a + "--groups tissue", 64, "--groups: 'tissue' is no set of groups", "did you mean 'tissues'?"},
            {"", "tare-fractal --quiet --images thick.nii.gz", 65, "thick.nii.gz: voxels of 1 × 1 × 4 mm are no cubes",
             "--resample 1 counts cubes of that edge"},
            {"", "tare-fractal --quiet --images small.nii.gz", 65,
             "small.nii.gz: 8 voxels along the longest axis give boxes of 4 sizes, fewer than --min-scales 5"},
            {"", "tare-fractal --quiet --images zero.nii.gz", 65, "no image has a voxel above 0"},
            {"", a + "--groups x=7", 65, "no image has any of the structures to measure",
             "look at --groups and --structures"},
            {"", "tare-fractal --quiet --images part.nii.gz --structures '*'", 65,
             "part.nii.gz: voxel (0, 0, 0): 0.5 is no label",
             "a segmentation holds a whole number in every voxel; values to be measured are another image"},
            {"", "tare-fractal --quiet --images two.nii.gz", 65,
             "two.nii.gz: holds 2 volumes, 4 × 4 × 4 × 2, where one is wanted", "cut out the volume that is meant"},
            {"", "tare-fractal --quiet --images nan.nii.gz", 65, "nan.nii.gz: voxel (3, 1, 2) is not a finite number",
             "a mask says of every voxel whether it belongs to the structure: 0, or a value above 0"},
            {"", "tare-fractal --quiet --images a.nii.gz,inf.nii.gz", 65,
             "inf.nii.gz: voxel (3, 1, 2) is not a finite number",
             "a mask says of every voxel whether it belongs to the structure: 0, or a value above 0"},
            {"", a + "--resample 0.00001 --memory 1G", 71,
             "needs about 113686.8 TiB for a.nii.gz, resampled, --memory allows 1 GiB",
             "raise the limit with --memory 116415322G"},
            {"", "tare-fractal --quiet --images gone.nii.gz", 66, "gone.nii.gz: no such file"},
            {"head -c 400 a.nii.gz > cut.nii.gz", "tare-fractal --quiet --images a.nii.gz,cut.nii.gz", 65,
             "cut.nii.gz: the gzip stream is cut short or damaged",
             "copy or download the file again; gzip -t should find no fault in it"},
            {": > empty.nii.gz", "tare-fractal --quiet --images empty.nii.gz", 65, "empty.nii.gz: the file is empty"},
            {"", a + "--output a.nii.gz --force", 73, "a.nii.gz: is also an input of this run",
             "name another output; a result never replaces what it was made from"},
        },
        example.path());
}
