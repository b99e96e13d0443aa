// tare-report on images: histograms by site, figures of images where there are no tables, maps, and images that are wrong.
#include <cmath>
#include <filesystem>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "fault.hpp"
#include "image_example.hpp"
#include "support/image_cohort.hpp"
#include "workplace.hpp"

using tare::test::check_faults;
using tare::test::image_example;
using tare::test::Workplace;
using Json = nlohmann::ordered_json;

namespace {

const std::string both = "--before-images 'raw/{participant_id}.nii.gz' --after-images 'clean/{participant_id}.nii.gz' ";
const std::string alone = both + "--participants heads.tsv ";

/// raw/, heads.tsv, brain/mask.nii.gz, the model maps/ and clean/.
void make_heads(const Workplace& place) {
    place.succeed(
        "tare-simulate --quiet --images 'raw/{participant_id}.nii.gz' --shape 16,20,16 --voxel-size 11 --subjects 24 "
        "--sites 2 --seed 5 --truth brain --output heads.tsv && tare-harmonise --mask brain/mask.nii.gz --quiet --images "
        "'raw/{participant_id}.nii.gz' "
        "--participants heads.tsv --covariates age --model maps --output-images 'clean/{participant_id}.nii.gz' "
        "2> /dev/null");
}

Json report_of(const Workplace& place, const std::string& options) {
    return Json::parse(place.succeed("tare-report --quiet --format json " + options));
}

}  // namespace

TEST_CASE("images alone are reported on by figures of each, before and after") {
    const Workplace place;
    make_heads(place);
    const Json json = report_of(place, alone + "--images maps");
    CHECK(json["of_images"] == true);
    CHECK(json["people"] == 24);
    // The model of the images names the covariates.
    CHECK(json["terms"] == Json({"age"}));
    CHECK(json["before"]["features"].contains("voxel_p95"));
    CHECK(json["maps"].size() == 2);
    const Json& voxels = json["voxels"];
    CHECK(voxels["edges"].size() == 65);
    for (const char* state : {"before", "after"}) {
        for (std::size_t site = 0; site < 2; ++site) {
            double sum = voxels[state]["below"][site].get<double>() + voxels[state]["above"][site].get<double>();
            for (const double share : voxels[state]["shares"][site]) sum += share;
            CHECK(sum == Approx(1.0).epsilon(1e-12));
        }
    }
    CHECK(voxels["after"]["overlap"] > voxels["before"]["overlap"]);
    const std::string page = place.succeed("tare-report --quiet " + alone + "--images maps");
    CHECK(page.find("plot-voxels") != std::string::npos);
    CHECK(page.find("γ* of site-02, coronal") != std::string::npos);
    CHECK(page.find("raw/{participant_id}.nii.gz") != std::string::npos);
}

TEST_CASE("a mask says which voxels count, and so does a model") {
    const Workplace place;
    make_heads(place);
    const Json whole = report_of(place, alone), masked = report_of(place, alone + "--mask brain/mask.nii.gz"),
               of_model = report_of(place, alone + "--images maps");
    CHECK(masked["voxels"] == of_model["voxels"]);
    // Around the head there is next to nothing.
    for (std::size_t site = 0; site < 2; ++site)
        CHECK(masked["voxels"]["before"]["sites"][site][0] >
              1.5 * whole["voxels"]["before"]["sites"][site][0].get<double>());
    // The mean over people of a site is that of the figures of its people.
    const Json& boxes = masked["before"]["features"]["voxel_mean"]["sites"];
    CHECK(masked["voxels"]["before"]["sites"][0][0].get<double>() == Approx(boxes[0][8].get<double>()).epsilon(1e-12));
}

TEST_CASE("images that have not as many voxels before as after are compared where both have some, with a remark") {
    const Workplace place;
    const tare::data::Grid grid = tare::test::small_grid({8, 7, 6});
    std::string people = "participant_id\tsite\n";
    for (int i = 0; i < 8; ++i) {
        const std::string id = "p" + std::to_string(i);
        people += id + "\t" + (i % 2 == 0 ? "A" : "B") + "\n";
        for (const std::string folder : {"raw", "clean"}) {
            std::filesystem::create_directories(place / folder);
            std::vector<double> values(static_cast<std::size_t>(grid.values()));
            // The last hundred voxels are 0 after.
            for (std::size_t v = 0; v < values.size(); ++v)
                values[v] = folder == "clean" && v + 100 >= values.size() ? 0.0 : 5.0 + static_cast<double>(v % 9) + 0.1 * i;
            tare::test::write_volume(place / folder / (id + ".nii.gz"), grid, values);
        }
    }
    place.write("heads.tsv", people);
    const Json json = report_of(place, alone);
    CHECK(json["voxels"]["before"]["voxels"] == Json(std::vector<int>(8, 336)));
    CHECK(json["voxels"]["after"]["voxels"] == Json(std::vector<int>(8, 236)));
    CHECK(json["remarks"].dump().find(
              "the images of 8 of 8 people have not as many before as after, those of p0 336 and 236") != std::string::npos);
    // Over the same voxels the images are the same.
    CHECK(json["voxels"]["before"]["sites"] == json["voxels"]["after"]["sites"]);
    CHECK(json["voxels"]["before"]["shares"] == json["voxels"]["after"]["shares"]);
}

TEST_CASE("tables and images go into one report, and threads do not matter to it") {
    const Workplace place;
    make_heads(place);
    place.succeed(
        "awk -F '\\t' -v OFS='\\t' 'NR == 1 {print $0, \"y\"} NR > 1 {print $0, 7 + NR % 5 + ($2 == \"site-02\")}' "
        "heads.tsv "
        "> before.tsv; "
        "awk -F '\\t' -v OFS='\\t' 'NR == 1 {print $0, \"y\"} NR > 1 {print $0, 7 + NR % 5}' heads.tsv > after.tsv");
    const std::string options = "--before before.tsv --after after.tsv --covariates age " + both;
    const Json json = report_of(place, options + "--threads 1");
    CHECK(json["of_images"] == false);
    CHECK(json["before"]["features"].size() == 1);
    CHECK(json["voxels"]["after"]["sites"].size() == 2);
    CHECK(json["verdict"][2].get<std::string>().find("histograms of voxels share") != std::string::npos);
    CHECK(report_of(place, options + "--threads 3") == json);
    // Rows of --participants are found by name; further ones do not matter.
    place.succeed(
        "(head -n 1 heads.tsv; tail -n +2 heads.tsv | sort -r; printf 'new\\tsite-02\\t30\\tF\\tcontrol\\n') > p.tsv");
    CHECK(report_of(place, options + "--participants p.tsv")["voxels"] == json["voxels"]);
}

TEST_CASE("of images of several volumes the maps show the first, and histograms all") {
    const Workplace place;
    const tare::data::Grid grid = tare::test::small_grid({8, 7, 6, 2});
    std::string people = "participant_id\tsite\n";
    for (int i = 0; i < 8; ++i) {
        const std::string id = "p" + std::to_string(i);
        people += id + "\t" + (i % 2 == 0 ? "A" : "B") + "\n";
        for (const std::string folder : {"raw", "clean"}) {
            std::filesystem::create_directories(place / folder);
            std::vector<double> values(static_cast<std::size_t>(grid.values()));
            for (std::size_t v = 0; v < values.size(); ++v)
                values[v] = 5.0 + std::sin(static_cast<double>(v * 7 + static_cast<std::size_t>(i * i))) +
                            (folder == "raw" ? 0.7 * (i % 2) : 0.0);
            tare::test::write_volume(place / folder / (id + ".nii.gz"), grid, values);
        }
    }
    place.write("heads.tsv", people);
    place.succeed(
        "tare-fit --quiet --images 'raw/{participant_id}.nii.gz' --participants heads.tsv --model maps 2> /dev/null");
    const Json json = report_of(place, alone + "--images maps");
    CHECK(json["maps"].size() == 2);
    CHECK(json["voxels"]["after"]["overlap"] > json["voxels"]["before"]["overlap"]);
}

TEST_CASE("images of tare-report that are missing, damaged, different or not named rightly") {
    const std::string images = "tare-report --before-images 'in/{participant_id}.nii.gz' ",
                      after = images + "--after-images 'out/{participant_id}.nii.gz' ",
                      report = after + "--participants people.tsv ";
    const std::string copied = "cp -r in out; ";
    const std::string copy_again = "copy or download the file again; gzip -t should find no fault in it";
    const std::string left_out = "a person who lacks one of the two is left out of the tables";
    check_faults(
        {
            {copied + "rm out/sub-03.nii.gz", report, 66,
             "out/sub-03.nii.gz: no such file, the counterpart of in/sub-03.nii.gz", left_out},
            {copied + "rm in/sub-02.nii.gz", report, 66,
             "in/sub-02.nii.gz: no such file, the counterpart of out/sub-02.nii.gz", left_out},
            {copied + "rm {in,out}/sub-02.nii.gz", report, 66, "in/sub-02.nii.gz: no such file",
             "the name is that of the pattern with the text of the table's cells, leading zeros and all"},
            {copied + "truncate -s -20 out/sub-04.nii.gz", report, 65,
             "out/sub-04.nii.gz: the gzip stream is cut short or damaged", copy_again},
            {copied + "cp other/shape.nii.gz out/sub-05.nii.gz", report, 65,
             "out/sub-05.nii.gz: has 12 × 10 × 9 voxels, in/sub-01.nii.gz has 12 × 10 × 8",
             "resample all images to one grid first"},
            {copied + "cp other/empty.nii.gz out/sub-05.nii.gz", report, 65,
             "out/sub-05.nii.gz: no voxel is finite and not 0", "without --mask and --images, these are looked at"},
            {copied, report + "--mask other/empty.nii.gz", 65,
             "other/empty.nii.gz: the mask is empty, all its voxels are 0"},
            {copied, report + "--images table.json", 65, "table.json: is of 257 named features, not of images",
             "a model of tables goes with --model"},
            {"", images + "--after-images 'in/{participant_id}.nii.gz' --participants people.tsv", 64,
             "--before-images and --after-images are the same images in/{participant_id}.nii.gz"},
            {"", images + "--after-images './in/{participant_id}.nii.gz' --participants people.tsv", 64,
             "--before-images and --after-images both name in/sub-01.nii.gz",
             "name the images before harmonising, and those after"},
            {"", images + "--participants people.tsv", 64, "--before-images needs --after-images"},
            {copied, after, 64, "--before-images needs --participants, a table with one row for each image",
             "or --before and --after, tables of the same people"},
            {copied, report + "--features y", 64, "--features does not go with images alone",
             "it chooses columns of --before"},
            {copied, report + "--output in/sub-01.nii.gz --force", 73, "in/sub-01.nii.gz: is also an input of this run",
             "name another output; a result never replaces what it was made from"},
            {"", "tare-report --before table.tsv", 64, "--before needs --after"},
            {"", "tare-report --after table.tsv", 64, "--after needs --before"},
            {"", "tare-report --participants people.tsv", 64, "nothing to report on",
             "--before and --after name tables, --before-images and --after-images images"},
            {"cp table.tsv t.tsv", "tare-report --before table.tsv --after t.tsv --mask mask.nii.gz", 64,
             "--mask is for images", "--before-images and --after-images name them"},
        },
        image_example());
}
