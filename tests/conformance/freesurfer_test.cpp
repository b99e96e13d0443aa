// Structures of a real FreeSurfer subject: intensities as its aseg.stats has them, voxel counts that are known.
#include <fstream>
#include <map>
#include <sstream>

#include <catch2/catch.hpp>

#include "support/places.hpp"
#include "support/process.hpp"
#include "support/temporary_directory.hpp"

using namespace tare;

namespace {

/// structure -> column -> value
using Values = std::map<std::string, std::map<std::string, double>>;

Values long_table(const std::string& text) {
    std::istringstream lines(text);
    std::string line, word;
    std::getline(lines, line);
    std::vector<std::string> header;
    for (std::istringstream words(line); std::getline(words, word, '\t');) header.push_back(word);
    Values out;
    while (std::getline(lines, line)) {
        std::vector<std::string> cells;
        for (std::istringstream words(line); std::getline(words, word, '\t');) cells.push_back(word);
        for (std::size_t i = 2; i < cells.size(); ++i) {
            if (cells[i] != "n/a") out[cells[1]][header[i]] = std::stod(cells[i]);
        }
    }
    return out;
}

std::filesystem::path subject() {
    return *test::shared_folder() / "data/freesurfer/sub001";
}

Values measured(const std::vector<std::string>& options) {
    std::vector<std::string> arguments{"tare-roi", "--layout", "long"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    const test::Finished finished = test::run(arguments);
    REQUIRE(finished.code == 0);
    return long_table(finished.out);
}

bool has_data() {
    const auto shared = test::shared_folder();
    if (shared && std::filesystem::exists(*shared / "data/freesurfer/sub001")) return true;
    test::skip("../shared/data/freesurfer is not there");
    return false;
}

}  // namespace

TEST_CASE("aseg.stats: intensities of every structure, from the same voxels", "[roi][freesurfer]") {
    if (!has_data()) return;
    const std::string mri = (subject() / "mri/").string();
    const Values ours = measured(
        {"--images", mri + "norm.mgz", "--labels", mri + "aseg.mgz", "--measures", "voxels,volume_mm3,mean,sd,min,max"});
    std::ifstream stats(subject() / "stats/aseg.stats");
    std::size_t compared = 0;
    for (std::string line; std::getline(stats, line);) {
        if (line.starts_with('#')) continue;
        std::istringstream words(line);
        std::string index, label, name;
        double count = 0.0, volume = 0.0, mean = 0.0, sd = 0.0, least = 0.0, most = 0.0;
        words >> index >> label >> count >> volume >> name >> mean >> sd >> least >> most;
        if (!ours.contains(name)) {
            CHECK(count == 0.0);
            continue;
        }
        INFO(name);
        const auto& values = ours.at(name);
        // Printed with four decimals, computed in single precision.
        CHECK(values.at("mean") == Approx(mean).margin(1e-4).epsilon(0));
        if (values.at("voxels") > 1.0) CHECK(values.at("sd") == Approx(sd).margin(1e-4).epsilon(0));
        CHECK(values.at("min") == least);
        CHECK(values.at("max") == most);
        // Its volume (and its NVoxels, which is that volume rounded) corrects for partial volumes: near, and never the
        // count.
        CHECK(values.at("volume_mm3") == values.at("voxels"));
        CHECK(values.at("volume_mm3") == Approx(volume).epsilon(0.25).margin(25.0));
        ++compared;
    }
    CHECK(compared > 35);
}

TEST_CASE("voxel counts of tissues and lobes of a real subject", "[roi][freesurfer]") {
    if (!has_data()) return;
    const Values ours = measured({"--images", (subject() / "mri/aparc+aseg.mgz").string(), "--groups", "tissues,lobes",
                                  "--measures", "voxels,volume_mm3"});
    CHECK(ours.at("cerebral_gm").at("voxels") == 454574);
    CHECK(ours.at("cerebral_wm").at("voxels") == 519493);
    CHECK(ours.at("cerebellar_gm").at("voxels") == 116223);
    CHECK(ours.at("cerebellar_wm").at("voxels") == 32463);
    double lobes = 0.0;
    for (const auto& [name, values] : ours) {
        if (!name.starts_with("cereb")) lobes += values.at("voxels");
    }
    CHECK(lobes == 454574);
    // "Measure Mask, MaskVol" of aseg.stats: the voxels of the brain mask that are not 0.
    const Values mask = measured({"--images", (subject() / "mri/brainmask.mgz").string(), "--measures", "volume_mm3"});
    double volume = 0.0;
    for (const auto& [name, values] : mask) volume += values.at("volume_mm3");
    CHECK(volume == 1690541);
}
