// tare-roi: what it measures, whose images it takes, how its table looks, and what it refuses.
#include <cmath>
#include <fstream>
#include <sstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "fault.hpp"
#include "support/places.hpp"
#include "support/temporary_directory.hpp"
#include "tare/io/image_file.hpp"
#include "workplace.hpp"

using namespace tare;
using test::check_faults;
using test::Workplace;

namespace {

void put_image(const std::filesystem::path& path, const std::vector<double>& values, std::vector<base::Index> shape,
               double voxel = 2.0) {
    data::Grid grid{std::move(shape)};
    for (const std::size_t diagonal : {0U, 5U, 10U}) grid.affine[diagonal] = voxel;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << io::image_bytes(path.string(), io::new_image_header(grid, ""),
                                                             io::VoxelType::float64, std::span(values));
}

/// Two people of 2 × 2 × 2 voxels of 8 mm³; the second lacks structure 5.
void put_people(const std::filesystem::path& place) {
    put_image(place / "in/a.nii.gz", {1, 2, 3, 4, 5, 6, 7, 8}, {2, 2, 2});
    put_image(place / "in/b.nii.gz", {1, 1, 1, 1, 2, 2, 2, std::nan("")}, {2, 2, 2});
    put_image(place / "in/a_seg.nii.gz", {0, 3, 3, 3, 5, 5, 0, 0}, {2, 2, 2});
    put_image(place / "in/b_seg.nii.gz", {0, 3, 0, 0, 0, 0, 0, 3}, {2, 2, 2});
    put_image(place / "in/pv.nii.gz", {0, 1, 0.5, 0.5, 0, 0, 0, 0}, {2, 2, 2});
    put_image(place / "in/series.nii.gz", {1, 2, 3, 4, 5, 6, 7, 8, 10, 20, 30, 40, 50, 60, 70, 80}, {2, 2, 2, 2});
    std::ofstream(place / "people.tsv") << "participant_id\tage\na\t30\nb\t40\n";
}

struct People {
    Workplace place;
    People() { put_people(place.folder()); }
};

}  // namespace

TEST_CASE("roi: a row for each image, n/a where a structure is missing", "[roi]") {
    const People people;
    const std::string labels = " --labels 'in/{participant_id}_seg.nii.gz' --participants people.tsv --quiet ";
    const std::string images = "tare-roi --images 'in/{participant_id}.nii.gz'" + labels;
    const test::Finished finished =
        people.place.shell(images + "--measures voxels,volume_mm3,mean,sd,min,max,median,p25,trimmed_mean --trim 0.34");
    CHECK(finished.code == 0);
    CHECK(finished.err == "tare-roi: warning: in/b.nii.gz: 1 value in structures not finite, left out\n");
    CHECK(finished.out ==
          "participant_id\tlabel_3_voxels\tlabel_3_volume_mm3\tlabel_3_mean\tlabel_3_sd\tlabel_3_min\tlabel_3_max\t"
          "label_3_median\tlabel_3_p25\tlabel_3_trimmed_mean\tlabel_5_voxels\tlabel_5_volume_mm3\tlabel_5_mean\tlabel_5_sd\t"
          "label_5_min\tlabel_5_max\tlabel_5_median\tlabel_5_p25\tlabel_5_trimmed_mean\n"
          "a\t3\t24\t3\t1\t2\t4\t3\t2.5\t3\t2\t16\t5.5\t0.7071067811865476\t5\t6\t5.5\t5.25\t5.5\n"
          "b\t2\t16\t1\tn/a\t1\t1\t1\t1\t1\tn/a\tn/a\tn/a\tn/a\tn/a\tn/a\tn/a\tn/a\tn/a\n");
    CHECK(people.place.shell(images + "--layout long --measures mean,voxels").out ==
          "participant_id\tstructure\tmean\tvoxels\na\tlabel_3\t3\t3\na\tlabel_5\t5.5\t2\nb\tlabel_3\t1\t2\nb\tlabel_5\tn/"
          "a\tn/a\n");
}

TEST_CASE("roi: segmentations alone, names, groups, structures", "[roi]") {
    const People people;
    const Workplace& place = people.place;
    CHECK(place.succeed("tare-roi --images in/a_seg.nii.gz,in/b_seg.nii.gz --measures voxels --quiet") ==
          "participant_id\tlabel_3_voxels\tlabel_5_voxels\na_seg\t3\t2\nb_seg\t2\tn/a\n");
    place.write("names.tsv", "index\tname\n3\tcortex\n5\tputamen\n");
    CHECK(place.succeed(
              "tare-roi --images in/b_seg.nii.gz --label-names names.tsv --measures voxels --structures putamen,c*") ==
          "participant_id\tcortex_voxels\tputamen_voxels\nb_seg\t2\tn/a\n");
    place.write("groups.tsv", "structure\tlabel\nall\t3\nall\t5\nputamen\t5\n");
    CHECK(place.succeed(
              "tare-roi --images in/a_seg.nii.gz,in/b_seg.nii.gz --groups groups.tsv,both=5+3+9 --measures voxels") ==
          "participant_id\tall_voxels\tputamen_voxels\tboth_voxels\na_seg\t5\t2\t5\nb_seg\t2\tn/a\t2\n");
    CHECK(place.succeed("tare-roi --images in/a_seg.nii.gz --label-names freesurfer --groups hemispheres --measures voxels "
                        "--layout long --structures '*_cerebral_gm'") ==
          "participant_id\tstructure\tvoxels\na_seg\tleft_cerebral_gm\t3\na_seg\tright_cerebral_gm\tn/a\n");
}

TEST_CASE("roi: weights, several volumes, one segmentation for all, shards", "[roi]") {
    const People people;
    const Workplace& place = people.place;
    CHECK(place.succeed("tare-roi --images in/a.nii.gz --labels in/a_seg.nii.gz --weights in/pv.nii.gz --structures 3 "
                        "--measures weighted_mean,weighted_volume_mm3") ==
          "participant_id\tlabel_3_weighted_mean\tlabel_3_weighted_volume_mm3\na\t2.75\t16\n");
    CHECK(place.succeed("tare-roi --images in/series.nii.gz --labels in/a_seg.nii.gz --measures mean") ==
          "participant_id\tvolume\tlabel_3_mean\tlabel_5_mean\nseries\t1\t3\t5.5\nseries\t2\t30\t55\n");
    const std::string all = "tare-roi --images in/a.nii.gz,in/b.nii.gz --labels in/a_seg.nii.gz --measures max ";
    const std::string whole = place.succeed(all);
    CHECK(whole == "participant_id\tlabel_3_max\tlabel_5_max\na\t4\t6\nb\t1\t2\n");
    CHECK(place.succeed(all + "--shard 2/2") == "participant_id\tlabel_3_max\tlabel_5_max\nb\t1\t2\n");
    CHECK(place.succeed(all + "--threads 1") == whole);
    place.succeed(all + "--output t.tsv --quiet");
    CHECK(place.read("t.tsv") == whole);
    const auto sidecar = nlohmann::json::parse(place.read("t.tsv.json"));
    std::vector<std::string> read;
    for (const auto& input : sidecar.at("inputs")) read.push_back(input.at("path").get<std::string>());
    CHECK(read == std::vector<std::string>{"in/a.nii.gz", "in/a_seg.nii.gz", "in/b.nii.gz"});
    place.write("names.tsv", "index\tname\n3\tcortex\n");
    place.succeed("tare-roi --images in/a_seg.nii.gz --label-names names.tsv --output named.tsv");
    const auto named = nlohmann::json::parse(place.read("named.tsv.json"));
    REQUIRE(named.at("inputs").size() == 2);
    CHECK(named.at("inputs")[0].at("path") == "names.tsv");
}

TEST_CASE("roi: images on disk are found by the pattern", "[roi]") {
    const People people;
    const Workplace& place = people.place;
    place.succeed(
        "mkdir -p fs/s2/mri fs/s1/mri fs/s3/mri; cp in/a_seg.nii.gz fs/s1/mri/seg.nii.gz; cp in/b_seg.nii.gz "
        "fs/s2/mri/seg.nii.gz");
    const test::Finished finished =
        place.shell("tare-roi --images 'fs/{participant_id}/mri/seg.nii.gz' --measures voxels --quiet");
    CHECK(finished.out == "participant_id\tlabel_3_voxels\tlabel_5_voxels\ns1\t3\t2\ns2\t2\tn/a\n");
    CHECK(finished.err == "tare-roi: warning: left out, as there is no such file: fs/s3/mri/seg.nii.gz\n");
}

TEST_CASE("roi: bad input", "[roi]") {
    const test::TemporaryDirectory example;
    put_people(example.path());
    put_image(example.path() / "in/other.nii.gz", {1, 1, 1, 1}, {2, 2, 1});
    put_image(example.path() / "in/moved.nii.gz", {1, 1, 1, 1, 1, 1, 1, 1}, {2, 2, 2}, 3.0);
    put_image(example.path() / "in/zero.nii.gz", {0, 0, 0, 0, 0, 0, 0, 0}, {2, 2, 2});
    put_image(example.path() / "in/half.nii.gz", {0.5, 0, 0, 0, 0, 0, 0, 0}, {2, 2, 2});
    put_image(example.path() / "in/minus.nii.gz", {-1, -1, -1, -1, -1, -1, -1, -1}, {2, 2, 2});
    std::ofstream(example.path() / "in/empty.nii.gz") << "";
    const std::string a = "tare-roi --images in/a.nii.gz --labels ";
    check_faults(
        {
            {"", "tare-roi --images in/none.nii.gz", 66, "in/none.nii.gz: no such file"},
            {"", "tare-roi --images in/empty.nii.gz", 65, "in/empty.nii.gz: the file is empty"},
            {"", a + "in/none.nii.gz", 66, "in/none.nii.gz: no such file"},
            {"", a + "in/zero.nii.gz", 65, "no image has any of the structures to measure",
             "look at --labels and --structures"},
            {"", "tare-roi --images in/zero.nii.gz", 65, "no image has any of the structures to measure",
             "look at --labels and --structures"},
            {"",
             "tare-roi --images in/a.nii.gz,in/b.nii.gz,in/zero.nii.gz --labels "
             "in/a_seg.nii.gz,in/other.nii.gz,in/a_seg.nii.gz",
             65, "in/other.nii.gz: has 2 × 2 × 1 voxels, in/b.nii.gz has 2 × 2 × 2",
             "resample all images to one grid first"},
            {"",
             "tare-roi --images in/a.nii.gz,in/b.nii.gz,in/zero.nii.gz --labels "
             "in/a_seg.nii.gz,in/none.nii.gz,in/a_seg.nii.gz",
             66, "in/none.nii.gz: no such file"},
            {"", a + "in/a_seg.nii.gz --structures 3,putamen", 64,
             "--structures: 'putamen' is no structure of in/a_seg.nii.gz"},
            {"", a + "in/a_seg.nii.gz --label-names freesurfer --structures Left-Hipocampus", 64,
             "--structures: 'Left-Hipocampus' is no structure of in/a_seg.nii.gz", "did you mean 'Left-Hippocampus'?"},
            {"", a + "in/a_seg.nii.gz --groups gm=3,wm=5 --structures csf", 64,
             "--structures: 'csf' is no structure of in/a_seg.nii.gz"},
            {"", a + "in/a_seg.nii.gz --groups air=0", 64, "--groups: 'air=0': '0' is no label",
             "as in gm=3+42; 0 is background"},
            {"rm in/empty.nii.gz",
             "tare-roi --images 'in/{participant_id}.nii.gz' --labels 'in/{participant_id}_seg.nii.gz'", 66,
             "in/a_seg_seg.nii.gz: no such file",
             "{participant_id} takes every file that fits, other kinds of files too; --participants tells who is meant"},
            {"", a + "in/half.nii.gz", 65, "in/half.nii.gz: voxel (0, 0, 0): 0.5 is no label",
             "a segmentation holds a whole number in every voxel; values to be measured are another image"},
            {"head -c 75 in/a_seg.nii.gz > in/cut.nii.gz", a + "in/cut.nii.gz", 65,
             "in/cut.nii.gz: the gzip stream is cut short or damaged",
             "copy or download the file again; gzip -t should find no fault in it"},
            {"", a + "in/moved.nii.gz", 65,
             "in/moved.nii.gz: its affine [3 0 0 0; 0 3 0 0; 0 0 3 0] is not [2 0 0 0; 0 2 0 0; 0 0 2 0] of in/a.nii.gz "
             "(corners 1.7320508075688772 mm apart, 0.01 is allowed)",
             "resample all images to one grid first"},
            {"", a + "in/other.nii.gz", 65, "in/other.nii.gz: has 2 × 2 × 1 voxels, in/a.nii.gz has 2 × 2 × 2",
             "resample all images to one grid first"},
            {"", a + "in/series.nii.gz", 65, "in/series.nii.gz: holds 2 volumes, 2 × 2 × 2 × 2, where one is wanted",
             "cut out the volume that is meant"},
            {"", a + "in/a_seg.nii.gz --weights in/minus.nii.gz", 65, "in/minus.nii.gz: -1 is no weight, in label_3",
             "weights, such as partial volumes, are finite and at least 0"},
            {"", "tare-roi --images in/a_seg.nii.gz --measures mean", 64, "--measures: mean needs values to measure",
             "give the segmentation as --labels, and the image whose values are meant as --images"},
            {"", a + "in/a_seg.nii.gz --measures average", 64, "--measures: 'average' is no measure",
             "voxels, volume_mm3, mean, sd, median, min, max, trimmed_mean, weighted_mean, weighted_volume_mm3, or a "
             "percentile such as p95"},
            {"", a + "in/a_seg.nii.gz --measures p101", 64, "--measures: 'p101' is no measure",
             "voxels, volume_mm3, mean, sd, median, min, max, trimmed_mean, weighted_mean, weighted_volume_mm3, or a "
             "percentile such as p95"},
            {"", a + "in/a_seg.nii.gz --measures mean,mean", 64, "--measures: 'mean' stands in the list twice"},
            {"", a + "in/a_seg.nii.gz --measures weighted_mean", 64, "--measures: weighted_mean needs --weights"},
            {"", a + "in/a_seg.nii.gz --trim 0.5", 64, "--trim: 0.5 is not from 0 to below 0.5"},
            {"", a + "in/a_seg.nii.gz --groups tissue", 64, "--groups: 'tissue' is no set of groups",
             "did you mean 'tissues'?"},
            {"", a + "in/a_seg.nii.gz --groups gm=3+x", 64, "--groups: 'gm=3+x': 'x' is no label",
             "as in gm=3+42; 0 is background"},
            {"", a + "in/a_seg.nii.gz --groups gm=3,gm=5", 64, "--groups: two structures are called 'gm'"},
            {"", "tare-roi --images 'in/{participant}.nii.gz'", 64,
             "--images: 'in/{participant}.nii.gz' does not say where the id is",
             "put {participant_id} where the names differ, or give --participants"},
            {"", "tare-roi --images 'in/{participant_id}.mgz'", 66, "--images: no file fits 'in/{participant_id}.mgz'"},
            {"mkdir x; cp in/a_seg.nii.gz x", "tare-roi --images in/a_seg.nii.gz,x/a_seg.nii.gz", 64,
             "--images: in/a_seg.nii.gz and x/a_seg.nii.gz have the same id, 'a_seg'",
             "a pattern such as 'fs/{participant_id}/mri/aseg.mgz' takes the id from the folder"},
            {"", "tare-roi --images in/a.nii.gz,in/b.nii.gz --labels in/a_seg.nii.gz,in/b_seg.nii.gz,in/zero.nii.gz", 64,
             "--labels: 3 paths for 2 images", "one path for all, one for each of as many plain --images, or a pattern"},
            {"", "tare-roi --images in/a_seg.nii.gz --output in/a_seg.nii.gz --force", 73,
             "in/a_seg.nii.gz: is also an input of this run",
             "name another output; a result never replaces what it was made from"},
            {"printf 'participant_id\\na\\na\\n' > twice.tsv",
             "tare-roi --images 'in/{participant_id}.nii.gz' --participants twice.tsv", 65,
             "twice.tsv:3: 'a' stands in the table twice", "--session names the column that tells visits apart"},
            {"printf 'participant_id\\na\\nq\\n' > other.tsv",
             "tare-roi --images 'in/{participant_id}.nii.gz' --participants other.tsv", 66, "in/q.nii.gz: no such file",
             "a row whose image is not there is left out of --participants"},
        },
        example.path());
}

TEST_CASE("roi: two real images measured and harmonised in a pipe", "[roi]") {
    const auto shared = test::shared_folder();
    if (!shared || !std::filesystem::exists(*shared / "data/freesurfer/sub001")) {
        return test::skip("../shared/data/freesurfer is not there");
    }
    const Workplace place;
    const std::string mri = (*shared / "data/freesurfer/sub001/mri/").string();
    place.succeed(
        "tare-simulate --images 'h/{participant_id}.nii.gz' --segmentations 'h/{participant_id}_dseg.nii.gz' --shape "
        "32,38,32 "
        "--voxel-size 6 --subjects 20 --sites 2 --seed 2 --output people.tsv --quiet && "
        "tare-roi --images 'h/{participant_id}.nii.gz' --labels 'h/{participant_id}_dseg.nii.gz' --participants people.tsv "
        "--groups gm=2,wm=3 --measures mean,sd --output simulated.tsv && "
        "tare-roi --images " +
        mri + "norm.mgz," + mri + "brainmask.mgz --labels " + mri +
        "aseg.mgz --groups gm=3+42,wm=2+41 --measures mean,sd --output real.tsv && "
        "(cut -f 1,2 people.tsv; printf 'norm\treal\nbrainmask\treal\n') > scans.tsv");
    const std::string table = place.succeed(
        "(cat simulated.tsv; tail -n 2 real.tsv) | tare-harmonise --quiet --input - --participants scans.tsv --output - | "
        "tail -n 2");
    // The real scans, whose scale is another by a factor of ten, come to lie among the others.
    std::istringstream rows(table);
    std::size_t seen = 0;
    for (std::string row, id; std::getline(rows, row);) {
        std::istringstream cells(row);
        double grey = 0.0, grey_sd = 0.0, white = 0.0;
        cells >> id >> grey >> grey_sd >> white;
        CHECK(grey > 400.0);
        CHECK(grey < 800.0);
        CHECK(white > 800.0);
        ++seen;
    }
    CHECK(seen == 2);
    CHECK(place.read("real.tsv").starts_with("participant_id\tgm_mean\tgm_sd\twm_mean\twm_sd\nnorm\t"));
}

TEST_CASE("roi: what fits one at a time is measured with any number of threads", "[roi]") {
    const Workplace place;
    // 60 x 60 x 60 voxels: 10 MB for one image as it is counted, and less than twice that is allowed.
    put_image(place / "a.nii.gz", std::vector<double>(216000, 3.0), {60, 60, 60});
    put_image(place / "b.nii.gz", std::vector<double>(216000, 4.0), {60, 60, 60});
    const std::string line = "tare-roi --images a.nii.gz,b.nii.gz --measures voxels --memory 22M --threads ";
    const std::string alone = place.succeed(line + "1");
    CHECK(alone == "participant_id\tlabel_3_voxels\tlabel_4_voxels\na\t216000\tn/a\nb\tn/a\t216000\n");
    CHECK(place.succeed(line + "2") == alone);
}

TEST_CASE("roi: the cortex of Destrieux's parcels is grey matter, without the medial wall", "[roi]") {
    const Workplace place;
    put_image(place / "d.nii.gz", {11101, 12175, 11142, 2, 3005, 5002, 3, 0}, {2, 2, 2});
    CHECK(place.succeed("tare-roi --images d.nii.gz --groups tissues --structures 'cerebral*' --measures voxels") ==
          "participant_id\tcerebral_gm_voxels\tcerebral_wm_voxels\nd\t2\t3\n");
}

TEST_CASE("a file beyond the limit of its size is a failed write", "[roi]") {
    const Workplace place;
    const test::Finished finished = place.shell(
        "ulimit -f 4; tare-simulate --images 'x/{participant_id}.nii.gz' --shape 20,24,18 --voxel-size 9 --subjects 1 "
        "--sites 1 "
        "--quiet --output o.tsv");
    CHECK(finished.code == 74);
    CHECK_FALSE(place.has("x"));
}
