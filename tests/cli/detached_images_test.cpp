// Images whose voxels lie in a second file: both files are inputs, and --resume knows them again.

#include <algorithm>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "support/image_cohort.hpp"
#include "support/process.hpp"
#include "support/temporary_directory.hpp"
#include "tare/base/sha256.hpp"
#include "tare/io/bytes.hpp"

using namespace tare;
using namespace tare::test;

namespace {

namespace fs = std::filesystem;

const std::string header =
    "ObjectType = Image\nNDims = 3\nBinaryData = True\nBinaryDataByteOrderMSB = False\nTransformMatrix = 1 0 0 0 1 0 0 0 1\n"
    "Offset = 0 0 0\nElementSpacing = 2 2 2\nDimSize = 12 10 8\nElementType = MET_DOUBLE\nElementDataFile = ";

std::string sha256_of(const fs::path& path) {
    return base::sha256_hex(io::read_bytes(path.string(), {}));
}

}  // namespace

TEST_CASE("results of images with voxels in a second file name both, and are resumed until one of them changes") {
    const TemporaryDirectory directory;
    const fs::path in = directory.path() / "in";
    const ImageCohort cohort(8);
    fs::create_directories(in);
    for (std::size_t i = 0; i < cohort.subjects(); ++i) {
        write_bytes(in / (cohort.ids[i] + ".mhd"), header + cohort.ids[i] + ".raw\n");
        const auto& values = cohort.values[i];
        write_bytes(in / (cohort.ids[i] + ".raw"),
                    {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(double)});
    }
    cohort.write_table(directory.path() / "people.tsv", false);
    const std::string images = " --quiet --images 'in/{participant_id}.mhd' --participants people.tsv ";
    const std::string apply = "tare-apply --model model --resume --output-images 'out/{participant_id}.nii.gz'" + images;
    const auto run = [&](const std::string& line) { return shell(line, {.folder = directory.path()}); };
    REQUIRE(run("tare-fit --model model" + images).code == 0);
    const Finished first = run(apply);
    INFO(first.err);
    REQUIRE(first.code == 0);

    const std::string sidecar = io::read_bytes((directory.path() / "out/sub-03.json").string(), {});
    const auto inputs = nlohmann::json::parse(sidecar).at("inputs");
    for (const std::string name : {"in/sub-03.mhd", "in/sub-03.raw"}) {
        const nlohmann::json expected{{"path", name}, {"sha256", sha256_of(directory.path() / name)}};
        CHECK(std::count(inputs.begin(), inputs.end(), expected) == 1);
    }
    const auto made = fs::last_write_time(directory.path() / "out/sub-03.nii.gz");
    fs::remove(directory.path() / "out/sub-04.nii.gz");
    CHECK(run(apply).code == 0);
    CHECK(fs::exists(directory.path() / "out/sub-04.nii.gz"));
    CHECK(fs::last_write_time(directory.path() / "out/sub-03.nii.gz") == made);

    fs::copy_file(in / "sub-01.raw", in / "sub-03.raw", fs::copy_options::overwrite_existing);
    const Finished changed = run(apply);
    CHECK(changed.code == 73);
    CHECK(changed.err.find("out/sub-03.nii.gz: was made from another in/sub-03.raw") != std::string::npos);
}
