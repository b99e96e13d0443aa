// Regional statistics beside mrtrix3's mrstats, on simulated heads.
#include <sstream>

#include <catch2/catch.hpp>

#include "oracles/oracle.hpp"
#include "support/temporary_directory.hpp"

using namespace tare;

namespace {

std::vector<double> numbers(const std::string& text) {
    std::vector<double> out;
    std::istringstream words(text);
    for (double number = 0.0; words >> number;) out.push_back(number);
    return out;
}

}  // namespace

TEST_CASE("tare-roi and mrstats measure the same", "[roi]") {
    if (test::run({"bash", "-c", "command -v mrstats"}).code != 0) return test::skip("mrtrix3 is not installed");
    const test::TemporaryDirectory folder;
    const auto shell = [&](const std::string& line) {
        const test::Finished finished = test::run({"bash", "-c", line}, {.folder = folder.path()});
        INFO(line);
        INFO(finished.err);
        REQUIRE(finished.code == 0);
        return finished.out;
    };
    shell(
        "tare-simulate --images '{participant_id}.nii.gz' --segmentations '{participant_id}_dseg.nii.gz' --shape 40,48,40 "
        "--voxel-size 4 --subjects 3 --sites 3 --output people.tsv --quiet");
    std::istringstream rows(shell("tail -n +2 people.tsv | cut -f 1"));
    std::size_t compared = 0;
    for (std::string id; std::getline(rows, id);) {
        for (const char* label : {"1", "2", "3"}) {
            const std::vector<double> ours =
                numbers(shell("tare-roi --images " + id + ".nii.gz --labels " + id + "_dseg.nii.gz --structures " + label +
                              " --measures voxels,mean,median,sd,min,max | tail -n 1 | cut -f 2-"));
            const std::vector<double> theirs = numbers(shell(
                "mrcalc -quiet -force " + id + "_dseg.nii.gz " + label + " -eq mask.nii && mrstats -quiet " + id +
                ".nii.gz -mask mask.nii -output count -output mean -output median -output std -output min -output max"));
            REQUIRE(ours.size() == 6);
            REQUIRE(theirs.size() == 6);
            CHECK(ours[0] > 1000.0);
            // It prints six digits.
            for (std::size_t i = 0; i < ours.size(); ++i) {
                INFO(id + " " + label + " " + std::to_string(i));
                CHECK(ours[i] == Approx(theirs[i]).epsilon(1e-5));
                ++compared;
            }
        }
    }
    CHECK(compared == 54);
}
