// Image quality beside the same formulas in numpy and scipy.
#include <map>
#include <sstream>

#include <catch2/catch.hpp>

#include "oracles/oracle.hpp"
#include "support/temporary_directory.hpp"

using namespace tare;

namespace {

std::vector<std::string> cells(const std::string& line) {
    std::vector<std::string> out;
    std::istringstream stream(line);
    for (std::string cell; std::getline(stream, cell, '\t');) out.push_back(cell);
    return out;
}

}  // namespace

TEST_CASE("image quality agrees with the formulas in numpy", "[oracle][iqm]") {
    const auto python = test::python_with("nibabel, scipy");
    if (!python) return;
    const test::TemporaryDirectory folder;
    const std::string script = (test::source_folder() / "tests/oracles/iqm.py").string();
    REQUIRE(test::run({*python, script, "make", folder.path().string()}).code == 0);
    const test::ProcessOptions there{.input = {}, .folder = folder.path(), .environment = {}};
    const test::Finished expected =
        test::run({*python, "-W", "ignore", script, "measure", "image.nii.gz", "labels.nii.gz", "head.nii.gz"}, there);
    REQUIRE(expected.code == 0);
    const test::Finished measured = test::run(
        {"tare-iqm", "--images", "image.nii.gz", "--labels", "labels.nii.gz", "--head-mask", "head.nii.gz"}, there);
    REQUIRE(measured.code == 0);
    CHECK(measured.err.empty());
    const std::size_t end = measured.out.find('\n');
    const std::vector<std::string> names = cells(measured.out.substr(0, end)),
                                   values = cells(measured.out.substr(end + 1, measured.out.size() - end - 2));
    REQUIRE(names.size() == values.size());
    std::map<std::string, double> ours;
    for (std::size_t c = 1; c < names.size(); ++c) ours[names[c]] = std::stod(values[c]);
    std::istringstream lines(expected.out);
    std::size_t compared = 0;
    for (std::string line; std::getline(lines, line); ++compared) {
        const std::vector<std::string> pair = cells(line);
        INFO(pair.at(0));
        CHECK(ours.at(pair.at(0)) == Approx(std::stod(pair.at(1))).epsilon(1e-10));
    }
    CHECK(compared == ours.size());
}
