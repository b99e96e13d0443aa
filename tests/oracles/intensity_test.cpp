// Normalised images beside those of intensity-normalization, as a share of the SD of the normalised values.
#include <catch2/catch.hpp>

#include "oracles/oracle.hpp"
#include "support/temporary_directory.hpp"

using namespace tare;

namespace {

struct Case {
    std::string name;     ///< of the method, for the script
    std::string options;  ///< for the program
    double tolerance;
};

/// Fuzzy classes are settled to the digits that their program's tolerance leaves; all else is the same arithmetic.
const std::vector<Case> cases{
    {"zscore", "--method zscore", 1e-10},
    {"kde", "--method kde --convention intensity-normalization", 1e-10},
    {"whitestripe", "--method whitestripe", 1e-10},
    {"whitestripe-t2", "--method whitestripe --modality t2", 1e-10},
    {"whitestripe-pd", "--method whitestripe --modality pd", 1e-10},
    {"nyul", "--method nyul", 1e-10},
    {"fcm", "--method fcm", 1e-6},
    // There, the standard is that of the first image.
    {"lsq", "--method lsq --apply-model first.json", 1e-6},
};

void compare(const std::string& python, const std::filesystem::path& folder, const std::vector<std::string>& images,
             const std::string& mask, const Case& one) {
    INFO(one.name);
    const std::string script = (test::source_folder() / "tests/oracles/intensity.py").string();
    std::vector<std::string> compared{python, "-W", "ignore", script, mask, one.name};
    for (const std::string& image : images) {
        const std::string result = one.name + "_" + std::filesystem::path(image).stem().stem().string() + ".nii";
        compared.push_back(image + "=" + result);
    }
    std::string named;
    for (const std::string& image : images) named += (named.empty() ? "" : ",") + image;
    const test::Finished made =
        test::shell("tare-normalise --quiet --datatype float64 --images " + named + " --mask " + mask + " " + one.options +
                        " --output-images '" + one.name + "_{participant_id}.nii'",
                    {.input = {}, .folder = folder, .environment = {}});
    INFO(made.err);
    REQUIRE(made.code == 0);
    const test::Finished said = test::run(compared, {.input = {}, .folder = folder, .environment = {}});
    INFO(said.err);
    REQUIRE(said.code == 0);
    CHECK(std::stod(said.out) <= one.tolerance);
}

}  // namespace

TEST_CASE("normalised images equal those of intensity-normalization", "[oracle][normalise]") {
    const auto python = test::python_with("intensity_normalization");
    if (!python) return;
    const test::TemporaryDirectory folder;
    REQUIRE(test::shell("tare-simulate --quiet --images 'in/{participant_id}.nii.gz' --shape 40,48,40 --voxel-size 4.5 "
                        "--subjects 3 --sites 3 --output people.tsv --truth truth && "
                        "tare-normalise --quiet --images in/sub-01.nii.gz --mask truth/mask.nii.gz --method lsq "
                        "--model first.json",
                        {.input = {}, .folder = folder.path(), .environment = {}})
                .code == 0);
    for (const Case& one : cases) {
        compare(*python, folder.path(), {"in/sub-01.nii.gz", "in/sub-02.nii.gz", "in/sub-03.nii.gz"}, "truth/mask.nii.gz",
                one);
    }
}

TEST_CASE("a real brain is normalised as by intensity-normalization", "[oracle][normalise]") {
    const auto python = test::python_with("intensity_normalization");
    if (!python) return;
    const auto shared = test::shared_folder();
    if (!shared) return test::skip("the shared reference data are not there");
    const std::string scan = (*shared / "data/freesurfer/sub001/mri").string();
    if (!std::filesystem::exists(scan + "/norm.mgz")) return test::skip("the FreeSurfer subject is not there");
    const test::TemporaryDirectory folder;
    for (const Case& one : cases) {
        if (!one.name.starts_with("whitestripe-") && one.name != "fcm" && one.name != "lsq") {
            compare(*python, folder.path(), {scan + "/norm.mgz"}, scan + "/brainmask.mgz", one);
        }
    }
}

TEST_CASE("unwanted factors are taken away as by RAVEL", "[oracle][normalise]") {
    const auto python = test::python_with("nibabel");
    if (!python) return;
    const test::TemporaryDirectory folder;
    const test::ProcessOptions there{.input = {}, .folder = folder.path(), .environment = {}};
    const std::string all = "tare-normalise --quiet --datatype float64 --images 'in/{participant_id}.nii.gz' ";
    REQUIRE(test::shell("tare-simulate --quiet --images 'in/{participant_id}.nii.gz' --shape 32,38,32 --voxel-size 6 "
                        "--subjects 6 --sites 3 --output people.tsv --truth truth && " +
                            all + "--mask truth/mask.nii.gz --method whitestripe --output-images 'ws/{participant_id}.nii'",
                        there)
                .code == 0);
    const std::string script = (test::source_folder() / "tests/oracles/ravel.py").string();
    for (const std::string factors : {"1", "2"}) {
        INFO(factors);
        // Any voxels serve as control voxels here: those of the head's mask that are in the brain's.
        const std::string out = "ravel" + factors;
        REQUIRE(test::shell(all + "--mask truth/mask.nii.gz --control truth/head.nii.gz --method ravel --factors " +
                                factors + " --output-images '" + out + "/{participant_id}.nii'",
                            there)
                    .code == 0);
        std::vector<std::string> compared{*python, "-W", "ignore", script, "truth/mask.nii.gz", "truth/head.nii.gz",
                                          factors};
        for (int i = 1; i <= 6; ++i) {
            const std::string name = "/sub-0" + std::to_string(i) + ".nii";
            compared.push_back("ws" + name + "=" + out + name);
        }
        const test::Finished said = test::run(compared, there);
        INFO(said.err);
        REQUIRE(said.code == 0);
        CHECK(std::stod(said.out) <= 1e-9);
    }
}
