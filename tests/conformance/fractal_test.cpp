// tare-fractal beside the algorithm of fractalbrain-toolkit (asofi), whose source says what it does: values of its own
// example objects and of a FreeSurfer subject, computed from that description by a program independent of tare.
#include <catch2/catch.hpp>

#include "support/places.hpp"
#include "support/process.hpp"
#include "support/table_values.hpp"
#include "support/temporary_directory.hpp"

using namespace tare::test;

namespace {

struct Expected {
    std::string structure;
    double voxels, dimension, largest_scale, adjusted_r2;
};

/// Columns of the long table that the convention gives for an image.
tare::data::Table measured(const std::filesystem::path& image, const std::string& options, const TemporaryDirectory& folder,
                           const std::vector<std::string>& text) {
    const std::string out = (folder.path() / "out.tsv").string();
    const Finished finished =
        shell("tare-fractal --quiet --force --convention fractalbrain --images '" + image.string() + "' " + options +
              " --output '" + out + "' --counts '" + (folder.path() / "c.tsv").string() + "'");
    INFO(finished.err);
    REQUIRE(finished.code == 0);
    return read_numbers(out, text);
}

void check_object(const std::string& name, const Expected& expected, const std::vector<double>& mean_boxes) {
    const auto shared = shared_folder();
    if (!shared || !std::filesystem::exists(*shared / "data/fractal" / name))
        return skip("no reference data beside the project");
    const TemporaryDirectory folder;
    const auto table = measured(*shared / "data/fractal" / name, "", folder, {});
    CHECK(column(table, "voxels") == std::vector<double>{expected.voxels});
    CHECK(column(table, "fd") == std::vector<double>{expected.dimension});
    CHECK(column(table, "adjusted_r2") == std::vector<double>{expected.adjusted_r2});
    CHECK(column(table, "mfs_mm") == std::vector<double>{1.0});
    CHECK(column(table, "Mfs_mm") == std::vector<double>{expected.largest_scale});
    CHECK(column(read_numbers((folder.path() / "c.tsv").string()), "mean_boxes") == mean_boxes);
}

}  // namespace

TEST_CASE("fractalbrain's Menger sponge has its counts and its dimension", "[fractal]") {
    check_object("menger_level5.nii.gz", {"", 4320000, 2.5579, 64, 1.0},
                 {4320000, 723680, 125298, 20678, 3345.55, 591.4, 107.55, 24.3, 7.0});
}

TEST_CASE("fractalbrain's pyramid has its counts and its dimension", "[fractal]") {
    check_object("fractal_pyramid_level6.nii.gz", {"", 872054, 2.2950, 64, 1.0},
                 {872054, 167969.4, 32566.25, 6746.35, 1407.8, 292.25, 61.2, 17.85, 5.95});
}

TEST_CASE("tissues and lobes of a FreeSurfer subject have the dimensions that fractalbrain gives", "[fractal]") {
    const auto shared = shared_folder();
    if (!shared || !std::filesystem::exists(*shared / "data/freesurfer/sub001/mri/aparc+aseg.mgz"))
        return skip("no reference data beside the project");
    const TemporaryDirectory folder;
    const auto table =
        measured(*shared / "data/freesurfer/sub001/mri/aparc+aseg.mgz",
                 "--layout long --groups tissues,lobes --structures 'cereb*,left_frontal_gm'", folder, {"structure"});
    const std::vector<Expected> all{{"cerebral_gm", 454574, 2.4506, 32, 1.0},
                                    {"cerebral_wm", 519493, 2.5051, 32, 1.0},
                                    {"cerebellar_gm", 116223, 2.5518, 16, 0.999},
                                    {"cerebellar_wm", 32463, 2.2822, 16, 0.998},
                                    {"left_frontal_gm", 81408, 2.3282, 16, 1.0}};
    const std::vector<double> voxels = column(table, "voxels"), dimensions = column(table, "fd"),
                              r2 = column(table, "adjusted_r2"), largest = column(table, "Mfs_mm");
    REQUIRE(voxels.size() == all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        CAPTURE(all[i].structure);
        CHECK(table.text_cell(static_cast<tare::data::Index>(i), 1) == all[i].structure);
        CHECK(voxels[i] == all[i].voxels);
        CHECK(dimensions[i] == all[i].dimension);
        CHECK(r2[i] == all[i].adjusted_r2);
        CHECK(largest[i] == all[i].largest_scale);
    }
}
