// Histograms of tare-report beside NumPy's, of simulated images before and after harmonising.
#include <catch2/catch.hpp>

#include "oracles/oracle.hpp"
#include "support/temporary_directory.hpp"

using namespace tare;

TEST_CASE("histograms of images are NumPy's", "[oracle]") {
    const auto python = test::python_with("nibabel");
    if (!python) return;
    const test::TemporaryDirectory folder;
    const test::ProcessOptions there{.input = {}, .folder = folder.path(), .environment = {}};
    const test::Finished made = test::shell(
        "tare-simulate --quiet --images 'raw/{participant_id}.nii.gz' --shape 20,24,20 --voxel-size 9 --subjects 21 --sites "
        "3 "
        "--seed 4 --truth brain --output people.tsv && tare-harmonise --quiet --images 'raw/{participant_id}.nii.gz' "
        "--participants people.tsv --mask brain/mask.nii.gz --model maps --output-images 'clean/{participant_id}.nii.gz' && "
        "tare-report --quiet --before-images 'raw/{participant_id}.nii.gz' --after-images 'clean/{participant_id}.nii.gz' "
        "--participants people.tsv --mask brain/mask.nii.gz --output report.json",
        there);
    INFO(made.err);
    REQUIRE(made.code == 0);
    const std::string script = (test::source_folder() / "tests/oracles/report_images.py").string();
    const test::Finished compared = test::run({*python, script, "report.json", "people.tsv", "brain/mask.nii.gz",
                                               "raw/{participant_id}.nii.gz", "clean/{participant_id}.nii.gz"},
                                              there);
    INFO(compared.err);
    REQUIRE(compared.code == 0);
    CHECK(std::stod(compared.out) < 1e-12);
}
