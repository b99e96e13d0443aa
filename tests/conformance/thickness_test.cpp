// tare-thickness beside FreeSurfer's own thickness, which is another measure of the same: the mean distance between two
// surfaces, over their area. They need not be equal, and must not be far apart.
#include <cmath>
#include <fstream>
#include <map>
#include <sstream>

#include <catch2/catch.hpp>

#include "support/places.hpp"
#include "support/process.hpp"
#include "support/table_values.hpp"
#include "support/temporary_directory.hpp"

using namespace tare::test;

namespace {

/// The column ThickAvg of an aparc.stats file, by the name of the parcel in aparc+aseg.
void read_thickness(const std::filesystem::path& stats, const std::string& side, std::map<std::string, double>& into) {
    std::ifstream file(stats);
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with('#')) continue;
        std::istringstream cells(line);
        std::string name, skipped, thickness;
        cells >> name >> skipped >> skipped >> skipped >> thickness;
        into["ctx-" + side + "-" + name] = std::stod(thickness);
    }
}

}  // namespace

TEST_CASE("parcels of a FreeSurfer subject are about as thick as FreeSurfer says", "[thickness]") {
    const auto shared = shared_folder();
    if (!shared || !std::filesystem::exists(*shared / "data/freesurfer/sub001/mri/ribbon.mgz"))
        return skip("no reference data beside the project");
    const std::filesystem::path subject = *shared / "data/freesurfer/sub001";
    std::map<std::string, double> expected;
    for (const std::string side : {"lh", "rh"}) read_thickness(subject / "stats" / (side + ".aparc.stats"), side, expected);
    REQUIRE(expected.size() == 68);

    const TemporaryDirectory folder;
    const std::string out = (folder.path() / "out.tsv").string();
    const Finished finished =
        shell("tare-thickness --quiet --layout long --images '" + (subject / "mri/ribbon.mgz").string() + "' --labels '" +
              (subject / "mri/aparc+aseg.mgz").string() + "' --structures 'ctx-*' --output '" + out + "'");
    INFO(finished.err);
    REQUIRE(finished.code == 0);
    const auto table = read_numbers(out, {"structure"});
    const std::vector<double> over_area = column(table, "thickness_area_mean_mm"), voxels = column(table, "voxels");
    CHECK(voxels[0] == 228716);
    CHECK(voxels[1] == 235366);
    double apart = 0.0, largest = 0.0, bias = 0.0;
    std::size_t found = 0;
    for (std::size_t i = 0; i < over_area.size(); ++i) {
        const auto known = expected.find(std::string(table.text_cell(static_cast<tare::data::Index>(i), 1)));
        if (known == expected.end()) continue;
        const double difference = over_area[i] - known->second;
        ++found;
        bias += difference / 68.0;
        apart += std::abs(difference) / 68.0;
        largest = std::max(largest, std::abs(difference));
    }
    CHECK(found == 68);
    std::cout << "thickness over area less FreeSurfer's, 68 parcels: mean " << bias << " mm, mean absolute " << apart
              << " mm, largest " << largest << " mm" << std::endl;
    CHECK(apart < 0.25);
    CHECK(largest < 0.8);
}
