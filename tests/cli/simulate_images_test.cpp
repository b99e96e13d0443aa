// Images that tare-simulate makes: which files, what is in them (read here by their bytes alone), and what is refused.
#include <bit>
#include <cmath>
#include <cstring>
#include <regex>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "fault.hpp"
#include "tare/io/bytes.hpp"
#include "workplace.hpp"

using namespace tare;
using test::check_faults;
using test::Finished;
using test::Workplace;

namespace {

const std::string images = "tare-simulate --images 'p/{participant_id}.nii.gz' ";
const std::string small = images + "--shape 20,24,18 --voxel-size 9 --quiet ";

/// The few fields of a NIfTI-1 file that matter here.
struct Nifti {
    std::string bytes;

    Nifti(const Workplace& place, const std::string& name) : bytes(place.read(name)) {
        if (name.ends_with(".gz")) bytes = io::gunzip(bytes, name, {});
    }
    template <typename Number>
    [[nodiscard]] Number at(std::size_t offset) const {
        Number value{};
        REQUIRE(offset + sizeof value <= bytes.size());
        std::memcpy(&value, bytes.data() + offset, sizeof value);
        return value;
    }
    [[nodiscard]] int type() const { return at<std::int16_t>(70); }
    template <typename Number>
    [[nodiscard]] std::vector<double> values() const {
        std::vector<double> out;
        for (auto offset = static_cast<std::size_t>(at<float>(108)); offset < bytes.size(); offset += sizeof(Number)) {
            out.push_back(static_cast<double>(at<Number>(offset)));
        }
        return out;
    }
};

std::vector<double> floats(const Workplace& place, const std::string& name) {
    const Nifti file(place, name);
    CHECK(file.type() == 16);
    return file.values<float>();
}

/// The listing without the example tables.
std::vector<std::string> made(const Workplace& place) {
    const auto examples = Workplace().listing();
    std::vector<std::string> names;
    for (const auto& [name, contents] : place.listing()) {
        if (!examples.contains(name) && !std::filesystem::is_directory(place / name)) names.push_back(name);
    }
    return names;
}

}  // namespace

TEST_CASE("a cohort of images: one per person, the table, sidecars") {
    const Workplace place;
    place.succeed(
        "tare-simulate --images 'a/{site}/{participant_id}.nii' --shape 20,24,18 --voxel-size 9,8,7.5 "
        "--site-sizes 2,1 --seed 5 --output people.tsv --quiet");
    CHECK(made(place) == std::vector<std::string>{"a/site-01/sub-01.json", "a/site-01/sub-01.nii", "a/site-01/sub-02.json",
                                                  "a/site-01/sub-02.nii", "a/site-02/sub-03.json", "a/site-02/sub-03.nii",
                                                  "people.tsv", "people.tsv.json"});
    // The people are those of a table with the same seed.
    CHECK(place.read("people.tsv") == place.succeed("tare-simulate --site-sizes 2,1 --seed 5 | cut -f 1-5"));
    const Nifti image(place, "a/site-01/sub-01.nii");
    for (std::size_t axis = 0; axis < 3; ++axis) {
        CHECK(image.at<std::int16_t>(42 + 2 * axis) == std::array<int, 3>{20, 24, 18}[axis]);
        CHECK(image.at<float>(80 + 4 * axis) == std::array<float, 3>{9.0F, 8.0F, 7.5F}[axis]);
    }
    // The middle of the grid is the origin.
    CHECK(image.at<float>(280 + 4 * 3) == -85.5F);
    CHECK(image.bytes.size() == 352 + 20 * 24 * 18 * 4);
    auto sidecar = nlohmann::json::parse(place.read("a/site-02/sub-03.json"));
    CHECK(sidecar["seed"] == 5);
    CHECK(sidecar["parameters"]["shape"] == "20,24,18");
    CHECK(sidecar["parameters"]["noise"] == "0.02");
    CHECK_FALSE(sidecar["parameters"].contains("features"));
    CHECK(sidecar["result"]["sha256"].get<std::string>().size() == 64);
    sidecar.erase("result");
    CHECK(nlohmann::json::parse(place.read("people.tsv.json")) == sidecar);
    place.succeed("tare-simulate --output t.tsv");
    CHECK_FALSE(nlohmann::json::parse(place.read("t.tsv.json"))["parameters"].contains("shape"));
}

TEST_CASE("without noise an image is gain times truth plus offset of its site, and zero in the air") {
    const Workplace place;
    place.succeed(small +
                  "--subjects 4 --sites 2 --noise 0 --site-gain 0.2 --site-shift 1 --truth t --parameters p.json "
                  "--truth-images 'clean/{participant_id}.nii.gz' --output -");
    const std::vector<double> head = Nifti(place, "t/head.nii.gz").values<std::uint8_t>();
    const std::vector<double> brain = Nifti(place, "t/mask.nii.gz").values<std::uint8_t>();
    CHECK(Nifti(place, "t/mask.nii.gz").type() == 2);
    for (const auto& [id, site] : {std::pair("sub-01", "site-01"), std::pair("sub-04", "site-02")}) {
        const auto observed = floats(place, std::string("p/") + id + ".nii.gz"),
                   truth = floats(place, std::string("clean/") + id + ".nii.gz"),
                   gain = floats(place, std::string("t/") + site + "_gain.nii.gz"),
                   offset = floats(place, std::string("t/") + site + "_offset.nii.gz");
        REQUIRE(observed.size() == 20 * 24 * 18);
        REQUIRE(truth.size() == observed.size());
        double largest = 0.0, effect = 0.0;
        for (std::size_t v = 0; v < observed.size(); ++v) {
            largest = std::max(largest, std::abs(observed[v] - (gain[v] * truth[v] + offset[v])));
            effect = std::max(effect, std::abs(observed[v] - truth[v]));
            REQUIRE(brain[v] <= head[v]);
        }
        CHECK(largest < 1e-3);
        CHECK(effect > 20.0);
        CHECK(observed.front() == 0.0);
    }
    const auto parameters = nlohmann::json::parse(place.read("p.json"));
    CHECK(parameters["noise"] == std::vector<double>{0.0, 0.0});
    CHECK(parameters["white_matter"] == 1000.0);
    for (const char* map : {"age_effect", "age_curve", "sex_effect", "diagnosis_effect"}) {
        CHECK(place.has(std::string("t/") + map + ".nii.gz"));
    }
}

TEST_CASE("threads and memory leave the images as they are, as does a larger cohort; another seed does not") {
    const Workplace place;
    const auto made_with = [&](const std::string& folder, const std::string& options) {
        place.succeed("mkdir " + folder + "; cd " + folder + "; " + small + options +
                      " --truth t --output people.tsv; rm */*.json");
        return place.read(folder + "/p/sub-01.nii.gz") + place.read(folder + "/p/sub-02.nii.gz") +
               place.read(folder + "/t/site-02_gain.nii.gz") + place.read(folder + "/t/site-01_offset.nii.gz");
    };
    const std::string one = made_with("one", "--site-sizes 2,2 --threads 1");
    CHECK(made_with("two", "--site-sizes 2,2 --threads 2") == one);
    CHECK(place.read("two/p/sub-04.nii.gz") == place.read("one/p/sub-04.nii.gz"));
    CHECK(made_with("tight", "--site-sizes 2,2 --threads 4 --memory 9M") == one);
    CHECK(made_with("more", "--site-sizes 5,9 --threads 2") == one);
    CHECK(made_with("other", "--site-sizes 2,2 --seed 2") != one);
    CHECK(place.read("one/p/sub-01.nii.gz") != place.read("one/p/sub-02.nii.gz"));
}

TEST_CASE("int16 images are the float32 ones, rounded") {
    const Workplace place;
    place.succeed(small + "--subjects 1 --sites 1 --output a.tsv");
    place.succeed("mv p q; " + small + "--subjects 1 --sites 1 --datatype int16 --output b.tsv");
    const std::vector<double> exact = floats(place, "q/sub-01.nii.gz");
    const Nifti file(place, "p/sub-01.nii.gz");
    CHECK(file.type() == 4);
    const std::vector<double> rounded = file.values<std::int16_t>();
    REQUIRE(rounded.size() == exact.size());
    for (std::size_t v = 0; v < exact.size(); ++v) REQUIRE(std::abs(exact[v] - rounded[v]) <= 0.5);
}

TEST_CASE("images that exist are refused before anything is made, and replaced with --force") {
    const Workplace place;
    const std::string run = small + "--subjects 3 --sites 1 --output people.tsv ";
    place.succeed(run);
    const auto before = place.listing();
    place.succeed("rm p/sub-01.nii.gz p/sub-02.nii.gz people.tsv people.tsv.json");
    const auto fewer = place.listing();
    const Finished refused = place.shell(run + "--truth fresh");
    CHECK(refused.code == 73);
    CHECK(refused.err == "tare-simulate: error: p/sub-01.json: exists already\nhint: --force replaces it\n");
    CHECK(place.listing() == fewer);
    const Finished another = place.shell(small + "--subjects 3 --sites 1 --output other.tsv --seed 2 --force");
    CHECK(another.code == 0);
    CHECK(place.read("p/sub-03.nii.gz") != before.at("p/sub-03.nii.gz"));
    place.succeed(run + "--force");
    CHECK(place.read("p/sub-03.nii.gz") == before.at("p/sub-03.nii.gz"));
    CHECK(place.read("p/sub-01.nii.gz") == before.at("p/sub-01.nii.gz"));
}

TEST_CASE("one remark says what is made, and --quiet leaves it out") {
    const Workplace place;
    const Finished loud = place.shell(images + "--shape 9,9,9 --subjects 2 --sites 2");
    CHECK(loud.code == 0);
    CHECK(loud.err == "tare-simulate: 2 images of 9 × 9 × 9 voxels at 2 sites\n");
    CHECK(loud.out.starts_with("participant_id\tsite\tage\tsex\tdiagnosis\nsub-01\tsite-01\t"));
    CHECK(place.shell(images + "--shape 9,9,9 --subjects 2 --sites 2 --force --quiet").err.empty());
}

TEST_CASE("a disk that fills up leaves whole images only, and no table of people") {
    const Workplace place;
    const Finished finished =
        place.shell("trap '' XFSZ; ulimit -f 16; " + small + "--subjects 3 --sites 1 --output people.tsv");
    CHECK(finished.code == 74);
    static const std::regex expected("tare-simulate: error: p/sub-0[123]\\.nii\\.gz: cannot be written: File too large\n");
    CHECK(std::regex_match(finished.err, expected));
    CHECK(made(place).empty());
}

TEST_CASE("sizes, names and options that make no image") {
    const std::string doubled = "write {{ and }} where braces are part of the name";
    check_faults({
        {"", images + "--shape 3,4", 64, "--shape takes three numbers of voxels, as in 91,109,91"},
        {"", images + "--shape 3,4,0", 64, "--shape: '0' is not a number of voxels"},
        {"", images + "--shape 3,4,x", 64, "--shape: 'x' is not a number of voxels"},
        {"", images + "--voxel-size 1,2", 64, "--voxel-size takes one size, or three for x, y and z"},
        {"", images + "--voxel-size 0", 64, "--voxel-size: '0' is not a size in millimetres"},
        {"", images + "--voxel-size 1,1,mm", 64, "--voxel-size: 'mm' is not a size in millimetres"},
        {"", images + "--noise -0.1", 64, "--noise must be at least 0"},
        {"", images + "--site-gain -1", 64, "--site-gain must be at least 0"},
        {"", images + "--features 4", 64, "--features does not go with --images"},
        {"", images + "--missing 0", 64, "--missing does not go with --images"},
        {"", "tare-simulate --shape 3,4,5", 64, "--shape needs --images"},
        {"", "tare-simulate --truth-images x.nii", 64, "--truth-images needs --images"},
        {"", "tare-simulate --images p/{participant_id.nii", 64, "--images: 'p/{participant_id.nii': a '{' is not closed",
         doubled},
        {"", "tare-simulate --images p/{participantid}.nii", 64,
         "--images: a simulated cohort has no column 'participantid'", "did you mean 'participant_id'?"},
        {"", "tare-simulate --images p/{participant_id}.png", 64, "--images: 'p/sub-001.png' is no name for an image",
         "images are written as .nii, .nii.gz, .mgh or .mgz"},
        {"", "tare-simulate --images p/{site}.nii", 65,
         "simulated cohort:3: 'p/site-01.nii' is also the image of simulated cohort:2",
         "name more columns in 'p/{site}.nii', so that every row has an image of its own"},
        {"", images + "--truth-images ./p/{participant_id}.nii.gz", 73, "./p/sub-001.nii.gz: is named as an output twice"},
        {"", images + "--truth cohort.tsv", 73,
         "cohort.tsv/mask.nii.gz: folder 'cohort.tsv' cannot be created: Not a directory"},
        {"", images + "--shape 100000,100000,100000 --memory 1G", 71,
         "needs about 30922.8 TiB for one image, --memory allows 1 GiB", "raise the limit with --memory 31664968G"},
        {"", images + "--subjects 99999999999 --memory 1G", 71, "needs about 93.1 TiB for the cohort, --memory allows 1 GiB",
         "raise the limit with --memory 95368G"},
    });
}
