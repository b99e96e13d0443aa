// tare-info as scripts use it: what it prints, the exit code that says whether files are whole, and its faults.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "fault.hpp"
#include "tare/compute/devices.hpp"
#include "tare/io/image_file.hpp"
#include "tare/io/npy_file.hpp"
#include "workplace.hpp"

using namespace tare;
using test::Finished;
using test::Workplace;
using Json = nlohmann::json;

namespace {

constexpr auto make_fits =
    "tare-fit --quiet --input cohort.tsv --covariates age,sex --model model.json && "
    "tare-moments --quiet --input centre_a.tsv --covariates age --no-training-ids --output moments.json";

std::string small_image(const std::string& name) {
    data::Grid grid;
    grid.shape = {2, 2, 2};
    return io::image_bytes(name, io::new_image_header(grid, "small"), io::VoxelType::int16,
                           std::vector<float>{0, 1, 2, 3, 4, 5, 6, -7});
}

/// A file of every kind.
void fill(const Workplace& place) {
    place.succeed(make_fits);
    place.write("image.nii.gz", small_image("image.nii.gz"));
    const std::vector<double> values{1, 2, 3, 4, 5, 6};
    place.write("matrix.npy",
                io::npy_header(2, 3, "<f8") + std::string(reinterpret_cast<const char*>(values.data()), 6 * sizeof(double)));
}

const std::string every_kind = "cohort.tsv matrix.npy image.nii.gz model.json moments.json";

}  // namespace

TEST_CASE("tare-info says of a file of every kind what it is, as lines and as JSON") {
    const Workplace place;
    fill(place);
    const std::string text = place.succeed("tare-info " + every_kind);
    for (const char* line : {
             "cohort.tsv: table, whole\n",
             "  rows: 144\n",
             "  sites: 4 sites, n = 144 (site-01 63, site-02 42, site-03 27, site-04 12)\n",
             "    age: 18 to 87.98\n",
             "matrix.npy: matrix, whole\n",
             "  shape: 2 × 3\n",
             "  type: float64, little-endian\n",
             "  range: 1 to 6\n",
             "image.nii.gz: image, whole\n",
             "  format: NIfTI-1, compressed\n",
             "  shape: 2 × 2 × 2\n",
             "  voxel size: 1 × 1 × 1 mm\n",
             "  range: -7 to 6\n",
             "  description: small\n",
             "model.json: model, whole\n",
             "  method: combat, convention tare, prior parametric\n",
             "  training: n = 144, with salted hashes of the ids\n",
             "    sex: levels F, M\n",
             "moments.json: moments, whole\n",
             "  training: n = 90, without ids\n",
         }) {
        INFO(line << "in\n" << text);
        CHECK(("\n" + text).find("\n" + std::string(line)) != std::string::npos);
    }
    const Json json = Json::parse(place.succeed("tare-info --format json " + every_kind));
    REQUIRE(json.size() == 5);
    for (const Json& file : json) {
        CHECK(file.at("state") == "whole");
        CHECK(place.succeed("sha256sum " + file.at("path").get<std::string>() + " | cut -c -64") ==
              file.at("sha256").get<std::string>() + "\n");
        CHECK(file.at("size") == place.read(file.at("path")).size());
    }
    CHECK(json[0].at("sites")[1] == Json{{"name", "site-02"}, {"n", 42}});
    CHECK(json[0].at("numeric_columns").size() == 31);
    CHECK(json[1].at("shape") == Json{2, 3});
    CHECK(json[2].at("range") == Json{-7, 6});
    CHECK(json[3].at("features").at("names").size() == 30);
    CHECK(json[3].at("convention") == "tare");
    CHECK(json[3].at("covariates")[0] == Json{{"name", "age"}, {"kind", "numeric"}, {"range", {18, 87.98}}});
    CHECK(json[3].at("tool").get<std::string>().starts_with("tare "));
    CHECK(json[4].at("training").at("n") == 90);
    CHECK(json[4].at("training").at("keeps_id_hashes") == false);
}

TEST_CASE("tare-info shows robust estimates, logarithms and travelling people") {
    const Workplace place;
    place.succeed("tare-fit --quiet --input cohort.tsv --covariates age,sex --robust --transform log --model robust.json");
    place.succeed("tare-moments --quiet --input cohort.tsv --covariates age,sex --transform log --output moments.json");
    place.write("v.csv", "id,session_id,site,y,z\na,1,A,1,2\na,2,B,3,2.5\nb,1,A,2,1\nb,2,B,2.5,1\nc,1,A,4,5\nc,2,B,6,5.5\n");
    place.succeed("tare-fit --quiet --input v.csv --travelling id --model travelling.json");
    const std::string text = place.succeed("tare-info robust.json moments.json travelling.json");
    INFO(text);
    CHECK(text.find("method: combat, robust, convention tare, prior parametric\n") != std::string::npos);
    CHECK(text.find("method: combat, site effects from travelling people, convention") != std::string::npos);
    const std::string logarithms = "  transform: log: harmonised as logarithms\n";
    const std::size_t first = text.find(logarithms);
    REQUIRE(first != std::string::npos);
    const std::size_t second = text.find(logarithms, first + 1);
    REQUIRE(second != std::string::npos);
    CHECK(text.find(logarithms, second + 1) == std::string::npos);
    const Json json = Json::parse(place.succeed("tare-info --format json robust.json moments.json travelling.json"));
    CHECK(json[0].at("transform") == "log");
    CHECK(json[0].at("robust") == true);
    CHECK(json[0].at("travelling") == false);
    CHECK(json[1].at("transform") == "log");
    CHECK(json[2].at("transform") == "none");
    CHECK(json[2].at("travelling") == true);
}

TEST_CASE("tare-info prints the same bytes whatever the threads, and --verbose leaves nothing out") {
    const Workplace place;
    fill(place);
    for (const std::string form : {"text", "json"}) {
        const std::string line = "tare-info --format " + form + " " + every_kind;
        CHECK(place.succeed(line + " --threads 1") == place.succeed(line + " --threads 3"));
        CHECK(place.succeed(line).find(place.folder().string()) == std::string::npos);
    }
    const std::string all = place.succeed("tare-info cohort.tsv --verbose");
    CHECK(all.find(" more (") == std::string::npos);
    CHECK(all.find("    region10_fd: ") != std::string::npos);
    CHECK(place.succeed("tare-info cohort.tsv").find(" and 23 more (") != std::string::npos);
}

TEST_CASE("tare-info looks at a model that is a folder with all files in it") {
    const Workplace place;
    place.succeed(
        "tare-simulate --quiet --images 'im/{participant_id}.nii.gz' --shape 8,8,8 --subjects 40 --sites 3 --seed 1 "
        "--output c.tsv; for verb in 'fit --model m' 'moments --output s'; do tare $verb --quiet "
        "--images 'im/{participant_id}.nii.gz' --participants c.tsv --covariates age; done");
    const std::string text = place.succeed("tare-info m s");
    CHECK(text.find("m: model, whole\n") != std::string::npos);
    CHECK(text.find("s: moments, whole\n") != std::string::npos);
    CHECK(text.find(" voxels of 8 × 8 × 8\n") != std::string::npos);
    CHECK(Json::parse(place.succeed("tare-info m --format json"))[0].at("features").at("kind") == "voxels");
    // Sidecars lie among the images, and are whole too.
    CHECK(place.shell("tare-info im/*").code == 0);
    place.succeed("mv s/mean.nii.gz kept; head -c 100 kept > s/mean.nii.gz");
    const Finished damaged = place.shell("tare-info m s");
    CHECK(damaged.code == 65);
    CHECK(damaged.out.find("s: moments, damaged\n  problem: s/mean.nii.gz: ") != std::string::npos);
    place.succeed("rm s/moments.json");
    CHECK(place.shell("tare-info s").code == 66);
}

TEST_CASE("tare-info says of what tare-normalise has learnt what it is, and whether it is whole") {
    const Workplace place;
    place.succeed(
        "tare-simulate --quiet --images 'in/{participant_id}.nii.gz' --shape 12,12,12 --voxel-size 14 --subjects 4 "
        "--sites 2 --output people.tsv --truth truth");
    const std::string learn = "tare-normalise --quiet --images 'in/{participant_id}.nii.gz' --mask truth/mask.nii.gz ";
    place.succeed(learn + "--method lsq --model lsq.json");
    place.succeed(learn + "--method ravel --control truth/mask.nii.gz --factors 2 --stripe 0.1 --model ravel");
    const std::string text = place.succeed("tare-info lsq.json ravel ravel/model.json");
    for (const std::string said : {"lsq.json: intensity model, whole\n", "ravel: factor model, whole\n",
                                   "ravel/model.json: factor model, whole\n", "  method: lsq\n", "  method: ravel\n",
                                   "  training: 4 images\n", "masked: yes", "stripe: 0.1", "  factors: 2\n"}) {
        INFO(said);
        CHECK(text.find(said) != std::string::npos);
    }
    const Json json = Json::parse(place.succeed("tare-info --format json lsq.json ravel"));
    CHECK(json[0].at("kind") == "intensity model");
    CHECK(json[0].at("standard").size() == 3);
    CHECK(json[1].at("kind") == "factor model");
    CHECK(json[1].at("training").at("n") == 4);
    CHECK(json[1].at("parameters").at("stripe") == "0.1");
    CHECK(json[1].at("features").at("kind") == "voxels");
    place.succeed("truncate -s -1 ravel/gamma.nii.gz");
    const auto damaged = place.shell("tare-info ravel");
    CHECK(damaged.code == 65);
    CHECK(damaged.out.find("ravel: factor model, damaged") != std::string::npos);
}

TEST_CASE("tare-info keeps what it found in a file, with its provenance") {
    const Workplace place;
    place.succeed("tare-info cohort.tsv --format json --output found.json");
    CHECK(Json::parse(place.read("found.json"))[0].at("kind") == "table");
    CHECK(Json::parse(place.read("found.json.json")).at("inputs")[0].at("path") == "cohort.tsv");
    CHECK(place.shell("tare-info cohort.tsv --output found.json").code == 73);
    CHECK(place.shell("tare-info cohort.tsv --output cohort.tsv --force").code == 73);
}

TEST_CASE("tare-info counts the sites of the column that --site names") {
    const Workplace place;
    CHECK(place.succeed("tare-info cohort.tsv --site sex").find("  sites: 2 sites, n = 144 (F ") != std::string::npos);
    CHECK(place.succeed("tare-info cohort.tsv --site scanner").find("  sites: no such column") != std::string::npos);
}

TEST_CASE("tare-info exits 65 for a damaged file, reports it, and looks at the others too") {
    const Workplace place;
    fill(place);
    place.succeed("head -c 60 image.nii.gz > cut.nii.gz");
    const Finished one = place.shell("tare-info cut.nii.gz cohort.tsv");
    CHECK(one.code == 65);
    CHECK(one.out.starts_with("cut.nii.gz: image, damaged\n  problem: cut.nii.gz: "));
    CHECK(one.out.find("cohort.tsv: table, whole\n") != std::string::npos);
    CHECK(one.err.starts_with("tare-info: error: cut.nii.gz: "));
    CHECK(one.err.find("warning") == std::string::npos);

    const Finished both = place.shell("tare-info nowhere.tsv cut.nii.gz cohort.tsv --format json --quiet");
    CHECK(both.code == 65);
    const Json json = Json::parse(both.out);
    REQUIRE(json.size() == 3);
    CHECK(json[0].at("state") == "missing");
    CHECK(json[0].at("problem") == "nowhere.tsv: no such file");
    CHECK(json[0].at("sha256").is_null());
    CHECK(json[1].at("state") == "damaged");
    CHECK(json[1].at("size") == 60);
    CHECK(json[2].at("state") == "whole");
    CHECK(both.err.starts_with("tare-info: warning: nowhere.tsv: no such file\ntare-info: warning: cut.nii.gz: "));
    CHECK(both.err.ends_with("tare-info: error: 2 of 3 files are not whole\n"));

    const Finished missing = place.shell("tare-info nowhere.tsv cohort.tsv");
    CHECK(missing.code == 66);
    CHECK(missing.out.starts_with("nowhere.tsv: missing\n  problem: nowhere.tsv: no such file\ncohort.tsv: table, whole\n"));
    CHECK(missing.err == "tare-info: error: nowhere.tsv: no such file\n");
}

TEST_CASE("tare-info notices any cut and any flipped byte of files that hold checksums or lengths") {
    const Workplace place;
    fill(place);
    const std::string image = place.read("image.nii.gz");
    const std::string matrix = place.read("matrix.npy");
    for (std::size_t i = 10; i < image.size(); i += 7) {
        std::string bytes = image;
        bytes[i] = static_cast<char>(bytes[i] ^ 0x20);
        place.write("flipped.nii.gz", bytes);
        INFO(i);
        CHECK(place.shell("tare-info flipped.nii.gz").code == 65);
    }
    for (std::size_t length = 0; length < matrix.size(); length += 13) {
        place.write("cut.npy", matrix.substr(0, length));
        INFO(length);
        CHECK(place.shell("tare-info cut.npy").code == 65);
    }
}

TEST_CASE("tare-info does not let the names in a file steer the terminal") {
    const Workplace place;
    place.write("x.tsv", "id\t\x1b[31mred\nA\t1\n");
    const std::string text = place.succeed("tare-info x.tsv");
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(text.find("    ?[31mred: 1 to 1\n") != std::string::npos);
}

TEST_CASE("tare-info refuses what it cannot look at") {
    test::check_faults({
        {"", "tare-info", 64, "no files to look at", "tare-info image.nii.gz table.tsv model.json"},
        {"", "tare-info cohort.tsv - < cohort.tsv", 64, "'-' is not taken: a file is read more than once",
         "save the stream to a file"},
        {"", "tare-info cohort.tsv --format yaml", 64, "option '--format' is 'yaml'; it must be one of text, json"},
        {"", "tare-info cohort.tsv --output nowhere/x.txt", 73, "nowhere/x.txt: folder 'nowhere' does not exist"},
        {"", "tare-info cohort.tsv --devices", 64, "--devices is asked for beside files",
         "ask for the cards and the files one after another"},
    });
}

TEST_CASE("tare-info --devices lists the cards, or says why there is none") {
    const Workplace place;
    const compute::DeviceList here = compute::cuda_devices();
    const std::string text = place.succeed("tare-info --devices");
    if (here.devices.empty()) {
        CHECK(text == "no card: " + here.why_none + "\n");
    } else {
        CHECK(text.starts_with(here.devices.front().text() + "  " + here.devices.front().name + ", "));
    }
    const auto json = nlohmann::json::parse(place.succeed("tare-info --devices --format json"));
    CHECK(json["devices"].size() == here.devices.size());
    CHECK(json["why_none"].is_null() == !here.devices.empty());
}
