// tare-texture as it is called: the table, structures that are missing, images that are damaged or hold nothing to measure.
#include <algorithm>
#include <cmath>
#include <fstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "fault.hpp"
#include "support/small_images.hpp"
#include "support/temporary_directory.hpp"
#include "workplace.hpp"

using namespace tare;
using test::check_faults;
using test::Finished;
using test::Workplace;

namespace {

void put_image(const std::filesystem::path& path, const std::vector<double>& values, std::vector<base::Index> shape,
               double voxel = 2.0) {
    std::filesystem::create_directories(path.parent_path());
    test::write_volume(path, test::grid_of(std::move(shape), {voxel, voxel, voxel}), values, io::VoxelType::float64);
}

/// Two people of 2 × 2 × 2 voxels of 8 mm³; the second lacks structure 5, and has an intensity that is none.
void put_people(const std::filesystem::path& place) {
    put_image(place / "in/a.nii.gz", {1, 2, 3, 4, 5, 6, 7, 8}, {2, 2, 2});
    put_image(place / "in/b.nii.gz", {1, 1, 1, 1, 2, 2, 2, std::nan("")}, {2, 2, 2});
    put_image(place / "in/a_seg.nii.gz", {0, 3, 3, 3, 5, 5, 0, 0}, {2, 2, 2});
    put_image(place / "in/b_seg.nii.gz", {0, 3, 0, 0, 0, 0, 0, 3}, {2, 2, 2});
    put_image(place / "in/zero.nii.gz", {0, 0, 0, 0, 0, 0, 0, 0}, {2, 2, 2});
}

struct People {
    Workplace place;
    People() { put_people(place.folder()); }
};

const std::string some = " --families ngtdm --aggregation 2.5d-merged ";

}  // namespace

TEST_CASE("texture: a row for each image and structure, n/a where one is missing", "[texture]") {
    const People people;
    const std::string images = "tare-texture --images in/a.nii.gz,in/b.nii.gz --labels in/a_seg.nii.gz,in/b_seg.nii.gz ";
    const Finished finished = people.place.shell(images + "--families local,glcm --discretise bins:2 --quiet | cut -f1-6");
    CHECK(finished.err == "tare-texture: warning: in/b.nii.gz: 1 value in structures not finite, left out\n");
    CHECK(finished.out ==
          "participant_id\tstructure\tlocal_local_peak\tlocal_global_peak\tglcm_joint_maximum_3d_average\t"
          "glcm_joint_average_3d_average\n"
          "a\tlabel_3\t4.5\t4.5\t0.6666666666666666\t1.6666666666666667\n"
          "a\tlabel_5\t4.5\t4.5\t0.5\t1.5\n"
          "b\tlabel_3\t1.4285714285714286\t1.4285714285714286\tn/a\tn/a\n"
          "b\tlabel_5\tn/a\tn/a\tn/a\tn/a\n");
    const Finished wide = people.place.shell(images + "--families ivh --layout wide --quiet | cut -f1-2,9-10");
    CHECK(wide.out ==
          "participant_id\tlabel_3_ivh_volume_at_10\tlabel_5_ivh_volume_at_10\tlabel_5_ivh_volume_at_90\n"
          "a\t0.6666666666666666\t0.5\t0.5\nb\tn/a\tn/a\tn/a\n");
}

TEST_CASE("texture: names of structures, ranges, ways to make levels", "[texture]") {
    const People people;
    const Workplace& place = people.place;
    const std::string a = "tare-texture --images in/a.nii.gz --labels in/a_seg.nii.gz --quiet ";
    const std::string column = " | cut -f2,3";
    place.write("names.tsv", "index\tname\n3\tcortex\n5\tputamen\n");
    CHECK(place.succeed(a + "--families histogram --discretise none --label-names names.tsv" + column) ==
          "structure\thistogram_mean\ncortex\t3\nputamen\t5.5\n");
    CHECK(place.succeed(a + "--families histogram --discretise size:2 --range 0, --groups all=3+5" + column) ==
          "structure\thistogram_mean\nall\t2.8\n");
    CHECK(place.succeed(a + "--families intensity --range ,3 --structures 3" + column) ==
          "structure\tintensity_mean\nlabel_3\t2.5\n");
    const Finished none = place.shell(a + "--families morphology,intensity --range 100, --structures 3 | cut -f2,4,26");
    CHECK(none.out == "structure\tmorphology_voxel_volume_mm3\tintensity_mean\nlabel_3\t24\tn/a\n");
    CHECK(none.err ==
          "tare-texture: warning: in/a.nii.gz: no voxel in the range of intensities: label_3; only the shape is measured\n");
    const Finished size = place.shell(a + some + "--discretise size:2 --structures 3");
    CHECK(size.code == 0);
    CHECK(size.err ==
          "tare-texture: warning: bins of a fixed size begin at the smallest intensity of each structure, so that levels do "
          "not stand for the same intensities everywhere; --range LOW, gives them one beginning\n");
}

TEST_CASE("texture: the same bytes for any number of threads, and a sidecar", "[texture]") {
    const People people;
    const Workplace& place = people.place;
    const std::string all = "tare-texture --images in/a.nii.gz,in/b.nii.gz --labels in/a_seg.nii.gz ";
    const std::string once = place.shell(all + "--threads 1").out;
    CHECK(place.shell(all + "--threads 2").out == once);
    CHECK(place.shell(all + "--output t.tsv --quiet").code == 0);
    CHECK(place.read("t.tsv") == once);
    const auto sidecar = nlohmann::json::parse(place.read("t.tsv.json"));
    CHECK(sidecar.at("inputs").size() == 3);
    CHECK(sidecar.at("parameters").at("discretise") == "bins:32");
    CHECK(place.shell(all + "--shard 2/2 | wc -l").out == "3\n");
}

TEST_CASE("texture: an image of zeros has a shape, and no texture but what is defined", "[texture]") {
    const People people;
    const Finished finished = people.place.shell(
        "tare-texture --images in/zero.nii.gz --labels in/a_seg.nii.gz --structures 3 --families "
        "autocorrelation,intensity --quiet | cut -f3-6,20-22");
    CHECK(finished.out ==
          "autocorrelation_moran_i\tautocorrelation_geary_c\tintensity_mean\tintensity_variance\t"
          "intensity_quartile_coefficient_of_dispersion\tintensity_energy\tintensity_root_mean_square\n"
          "n/a\tn/a\t0\t0\tn/a\t0\t0\n");
    CHECK(finished.err ==
          "tare-texture: warning: in/zero.nii.gz: label_3: constant, all of its voxels have one intensity; it has no "
          "texture\n");
}

TEST_CASE("texture: a constant is spoken of once for each structure, and 0 is never -0", "[texture]") {
    const People people;
    put_image(people.place / "in/minus.nii.gz", {-7, -7, -7, -7, -7, -7, 1, 2}, {2, 2, 2});
    const Finished finished = people.place.shell("tare-texture --images in/minus.nii.gz --labels in/a_seg.nii.gz --quiet");
    const std::string constant = ": constant, all of its voxels have one intensity; it has no texture\n";
    CHECK(finished.err == "tare-texture: warning: in/minus.nii.gz: label_3" + constant +
                              "tare-texture: warning: in/minus.nii.gz: label_5" + constant);
    const auto rows = test::rows_of(finished.out);
    REQUIRE(rows.size() == 3);
    const auto column = [&](const std::string& name) {
        return static_cast<std::size_t>(std::ranges::find(rows[0], name) - rows[0].begin());
    };
    CHECK(rows[1].at(column("intensity_mean")) == "-7");
    CHECK(rows[1].at(column("intensity_coefficient_of_variation")) == "0");
    for (const std::string& cell : rows[1]) CHECK(cell != "-0");
}

TEST_CASE("texture: matrices and the image itself count among the memory", "[texture]") {
    const People people;
    const std::string some_levels =
        "tare-texture --images in/a.nii.gz --labels in/a_seg.nii.gz --structures 3 --memory 100M --quiet --families ";
    CHECK(people.place.shell(some_levels + "histogram --discretise bins:4096").code == 0);
    CHECK(people.place.shell(some_levels + "glcm --discretise bins:2000").code == 0);
    for (const char* levels : {"bins:4096", "size:0.001 --range 0,4"}) {
        const Finished glcm = people.place.shell(some_levels + "glcm --discretise " + levels);
        CHECK(glcm.code == 71);
        CHECK(glcm.err.find("for the texture of label_3, --memory allows 100 MiB") != std::string::npos);
    }
    // A block of 4 x 4 x 3 voxels of 64 bytes, beside 8 of 12 bytes.
    const std::string shape =
        "tare-texture --images in/a.nii.gz --labels in/a_seg.nii.gz --structures 3 --families morphology --quiet --memory ";
    CHECK(people.place.shell(shape + "3167").code == 71);
    CHECK(people.place.shell(shape + "3168").code == 0);
}

TEST_CASE("texture: bad input", "[texture]") {
    const test::TemporaryDirectory example;
    put_people(example.path());
    put_image(example.path() / "in/other.nii.gz", {1, 1, 1, 1}, {2, 2, 1});
    put_image(example.path() / "in/moved.nii.gz", {1, 1, 1, 1, 1, 1, 1, 1}, {2, 2, 2}, 3.0);
    put_image(example.path() / "in/series.nii.gz", {1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8}, {2, 2, 2, 2});
    put_image(example.path() / "in/half.nii.gz", {1, 1.5, 2, 3, 1, 1, 1, 1}, {2, 2, 2});
    std::ofstream(example.path() / "in/empty.nii.gz") << "";
    const std::string a = "tare-texture --images in/a.nii.gz --labels ";
    const std::string sound = a + "in/a_seg.nii.gz ";
    const std::string levels_hint = "as in bins:32, size:25, or none for intensities that are grey levels";
    check_faults(
        {
            {"", "tare-texture --images in/a.nii.gz", 64, "--labels is missing",
             "the segmentation whose structures are measured"},
            {"", "tare-texture --images in/empty.nii.gz --labels in/a_seg.nii.gz", 65, "in/empty.nii.gz: the file is empty"},
            {"", a + "in/none.nii.gz", 66, "in/none.nii.gz: no such file"},
            {"", a + "in/zero.nii.gz", 65, "no image has any of the structures to measure",
             "look at --labels and --structures"},
            {"head -c 75 in/a.nii.gz > in/cut.nii.gz", "tare-texture --images in/cut.nii.gz --labels in/a_seg.nii.gz", 65,
             "in/cut.nii.gz: the gzip stream is cut short or damaged",
             "copy or download the file again; gzip -t should find no fault in it"},
            {"", a + "in/moved.nii.gz", 65,
             "in/moved.nii.gz: its affine [3 0 0 0; 0 3 0 0; 0 0 3 0] is not [2 0 0 0; 0 2 0 0; 0 0 2 0] of in/a.nii.gz "
             "(corners 1.7320508075688772 mm apart, 0.01 is allowed)",
             "resample all images to one grid first"},
            {"", a + "in/other.nii.gz", 65, "in/other.nii.gz: has 2 × 2 × 1 voxels, in/a.nii.gz has 2 × 2 × 2",
             "resample all images to one grid first"},
            {"", "tare-texture --images in/series.nii.gz --labels in/a_seg.nii.gz", 65,
             "in/series.nii.gz: holds 2 volumes, 2 × 2 × 2 × 2, where one is wanted", "cut out the volume that is meant"},
            {"", "tare-texture --images in/half.nii.gz --labels in/a_seg.nii.gz --discretise none", 65,
             "in/half.nii.gz: label_3: intensity 1.5 is no grey level",
             "grey levels are whole numbers from 1; for other intensities --discretise bins:32"},
            {"", sound + "--discretise size:0.0001 --range 0,", 65,
             "in/a.nii.gz: label_3: 40001 grey levels, more than 4096",
             "choose wider bins, or a number of bins: --discretise bins:32"},
            {"", sound + "--discretise 32", 64, "--discretise: '32' is no way to make grey levels", levels_hint},
            {"", sound + "--discretise bin:32", 64, "--discretise: 'bin:32' is no way to make grey levels", levels_hint},
            {"", sound + "--discretise bins:x", 64, "--discretise: 'bins:x' is no way to make grey levels", levels_hint},
            {"", sound + "--discretise bins:2.5", 64,
             "--discretise: 'bins:2.5': a number of bins is a whole number from 1 to 4096"},
            {"", sound + "--discretise bins:5000", 64,
             "--discretise: 'bins:5000': a number of bins is a whole number from 1 to 4096"},
            {"", sound + "--discretise size:-1", 64, "--discretise: 'size:-1': the size of a bin is above 0", levels_hint},
            {"", sound + "--range 5", 64, "--range: '5' is no range", "as in 0,1500, or 1, without an upper end"},
            {"", sound + "--range a,5", 64, "--range: 'a' is not a number", "as in 0,1500 or 1,"},
            {"", sound + "--range 5,5", 64, "--range: '5,5': the lower end is not below the upper one"},
            {"", sound + "--families glcn", 64, "--families: 'glcn' is unknown", "did you mean 'glcm'?"},
            {"", sound + "--families glcm,glcm", 64, "--families: 'glcm' stands in the list twice"},
            {"", sound + "--aggregation 3d", 64, "--aggregation: '3d' is unknown",
             "3d-average, 3d-merged, 2d-average, 2d-merged, 2.5d-average, 2.5d-merged"},
            {"", sound + "--output in/a.nii.gz --force", 73, "in/a.nii.gz: is also an input of this run",
             "name another output; a result never replaces what it was made from"},
            {"", sound + "--memory 1K", 71, "needs about 15.3 KiB for the texture of label_3, --memory allows 1 KiB",
             "raise the limit with --memory 1M"},
        },
        example.path());
}
