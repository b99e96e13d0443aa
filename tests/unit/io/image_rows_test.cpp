// Images as rows of values: looked at once, kept as far as the memory allows, and checked against each other.
#include "tare/io/image_rows.hpp"

#include <cmath>
#include <filesystem>
#include <numeric>

#include <catch2/catch.hpp>

#include "support/image_cohort.hpp"
#include "support/temporary_directory.hpp"
#include "tare/base/error.hpp"
#include "tare/base/sha256.hpp"
#include "tare/io/bytes.hpp"
#include "tare/io/provenance.hpp"

using namespace tare;
using namespace tare::test;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t plenty = std::uint64_t{1} << 30;

/// Twenty images in a folder.
struct Images {
    TemporaryDirectory directory;
    ImageCohort cohort{20};
    std::vector<std::string> paths;
    std::vector<Index> everyone;

    Images() : everyone(20) {
        cohort.write_images(directory.path());
        for (const std::string& id : cohort.ids) paths.push_back((directory.path() / (id + ".nii.gz")).string());
        std::iota(everyone.begin(), everyone.end(), Index{0});
    }
    [[nodiscard]] io::ImageRows open(std::uint64_t memory, bool finite = true) const {
        return {io::check_images(paths, everyone, std::nullopt, "", {2, memory}),
                data::Features::voxels(cohort.grid, cohort.inside),
                finite,
                {2, memory}};
    }
    void check_rows(io::ImageRows& rows, std::span<const Index> subjects) const {
        const auto pointers = std::get<std::vector<const float*>>(rows.rows(subjects));
        REQUIRE(pointers.size() == subjects.size());
        for (std::size_t i = 0; i < subjects.size(); ++i) {
            const auto& image = cohort.values[static_cast<std::size_t>(subjects[i])];
            for (std::size_t f = 0; f < cohort.inside.size(); ++f) {
                REQUIRE(static_cast<double>(pointers[i][f]) == image[static_cast<std::size_t>(cohort.inside[f])]);
            }
        }
    }
};

template <typename Call>
std::string said(const Call& call, base::ExitCode code) {
    try {
        call();
    } catch (const base::Error& error) {
        CHECK(error.code() == code);
        return error.what();
    }
    return "nothing";
}

}  // namespace

TEST_CASE("a second look at an image costs no second reading while the memory lasts") {
    const Images images;
    const std::vector<Index> some{3, 0, 19};
    auto rows = images.open(plenty);
    CHECK(rows.features() == static_cast<Index>(images.cohort.inside.size()));
    images.check_rows(rows, some);
    for (const Index i : some) fs::remove(images.paths[static_cast<std::size_t>(i)]);
    images.check_rows(rows, some);
    REQUIRE(rows.known_files(3).size() == 1);
    CHECK(rows.known_files(3)[0].sha256.size() == 64);
    CHECK(rows.known_files(4).empty());
    CHECK(rows.files(4) ==
          std::vector<io::InputFile>{{images.paths[4], base::sha256_hex(io::read_bytes(images.paths[4], {}))}});
    const std::vector<Index> gone{1};
    fs::remove(images.paths[1]);
    CHECK(said([&] { static_cast<void>(rows.rows(gone)); }, base::ExitCode::no_input) == images.paths[1] + ": no such file");
}

TEST_CASE("with too little memory to keep images they are read again, and must not have changed") {
    const Images images;
    const std::string asks = said([&] { static_cast<void>(images.open(1000)); }, base::ExitCode::memory);
    CHECK(asks.starts_with("needs about "));
    CHECK(asks.find(" for 16 images of 12 × 10 × 8 at a time, --memory allows 1000 bytes") != std::string::npos);
    // The least memory that is accepted, to the byte.
    std::uint64_t low = 1000, high = plenty;
    while (high - low > 1) {
        const std::uint64_t middle = low + (high - low) / 2;
        try {
            static_cast<void>(images.open(middle));
            high = middle;
        } catch (const base::Error&) {
            low = middle;
        }
    }
    auto rows = images.open(high);
    const std::vector<Index> some{2, 5};
    images.check_rows(rows, some);
    images.check_rows(rows, some);
    fs::copy_file(images.paths[7], images.paths[2], fs::copy_options::overwrite_existing);
    CHECK(said([&] { static_cast<void>(rows.rows(some)); }, base::ExitCode::io) ==
          images.paths[2] + ": changed while it was in use");
}

TEST_CASE("rows may be written over, and go back into an image of which the rest is copied") {
    const Images images;
    auto rows = images.open(plenty);
    rows.choose(data::Features::voxels(images.cohort.grid, images.cohort.inside));
    const std::vector<Index> some{6, 1};
    static_cast<void>(rows.rows(some));
    const auto targets = std::get<std::vector<float*>>(rows.last_rows());
    targets[1][0] = 12.5F;
    targets[1][images.cohort.inside.size() - 1] = -3.0F;
    const fs::path out = images.directory.path() / "out.nii";
    write_bytes(out, rows.rewritten(1, out.string(), io::VoxelType::float32));
    std::vector<double> expected = images.cohort.values[1];
    expected[static_cast<std::size_t>(images.cohort.inside.front())] = 12.5;
    expected[static_cast<std::size_t>(images.cohort.inside.back())] = -3.0;
    CHECK(voxels_of(out) == expected);
    // What is kept is not what is handed out.
    images.check_rows(rows, some);
}

TEST_CASE("a value that is not finite is an error only where finite values are asked for") {
    Images images;
    const auto voxel = static_cast<std::size_t>(images.cohort.inside[4]);
    images.cohort.values[2][voxel] = NAN;
    images.cohort.write_images(images.directory.path());
    const std::vector<Index> some{1, 2};
    auto strict = images.open(plenty);
    CHECK(said([&] { static_cast<void>(strict.rows(some)); }, base::ExitCode::data)
              .starts_with(images.paths[2] + ": voxel ("));
    auto loose = images.open(plenty, false);
    CHECK(std::isnan(std::get<std::vector<const float*>>(loose.rows(some))[1][4]));
    std::vector<Index> others = images.cohort.inside;
    others.erase(others.begin() + 4);
    loose.choose(data::Features::voxels(images.cohort.grid, others));
    CHECK(loose.features() == static_cast<Index>(others.size()));
    CHECK(std::get<std::vector<const float*>>(loose.rows(some))[1][4] ==
          static_cast<float>(images.cohort.values[2][static_cast<std::size_t>(others[4])]));
    loose.choose(data::Features::voxels(images.cohort.grid, images.cohort.inside));
    CHECK(
        said([&] { static_cast<void>(loose.rows(some)); }, base::ExitCode::data).starts_with(images.paths[2] + ": voxel ("));
}

TEST_CASE("images of double precision, or of mixed types, give doubles") {
    const Images images;
    write_volume(images.paths[9], images.cohort.grid, images.cohort.values[9], io::VoxelType::float64);
    const io::ImageSet set = io::check_images(images.paths, images.everyone, std::nullopt, "", {});
    CHECK_FALSE(set.single_precision);
    CHECK(set.largest_stored == images.cohort.grid.values() * 8);
    auto rows = images.open(plenty);
    const std::vector<Index> some{9, 8};
    const auto pointers = std::get<std::vector<const double*>>(rows.rows(some));
    CHECK(pointers[0][3] == images.cohort.values[9][static_cast<std::size_t>(images.cohort.inside[3])]);
    CHECK(pointers[1][3] == images.cohort.values[8][static_cast<std::size_t>(images.cohort.inside[3])]);
}

TEST_CASE("a grid agrees within a hundredth of a millimetre, a mask in every volume") {
    const Images images;
    data::Grid near = images.cohort.grid, far = near;
    near.affine[3] += 0.009;
    far.affine[3] += 0.011;
    CHECK_NOTHROW(io::check_same_grid(near, "a.nii", images.cohort.grid, "b.nii"));
    CHECK_THROWS_AS(io::check_same_grid(far, "a.nii", images.cohort.grid, "b.nii"), base::Error);
    data::Grid volumes = images.cohort.grid;
    volumes.shape.push_back(2);
    CHECK_THROWS_AS(io::check_same_grid(volumes, "a.nii", images.cohort.grid, "b.nii"), base::Error);
    const std::string mask = (images.directory.path() / "mask.nii").string();
    images.cohort.write_mask(mask);
    const io::Mask read = io::read_mask(mask, images.cohort.grid, "b.nii", {});
    CHECK(read.inside == images.cohort.inside);
    CHECK(read.binary);
    CHECK(read.files == std::vector<io::InputFile>{{mask, base::sha256_hex(io::read_bytes(mask, {}))}});
    const std::vector<Index> twice = io::read_mask(mask, volumes, "b.nii", {}).inside;
    REQUIRE(twice.size() == 2 * images.cohort.inside.size());
    CHECK(twice[images.cohort.inside.size()] == images.cohort.inside[0] + images.cohort.grid.voxels());
}

TEST_CASE("the sidecar of an image is named as BIDS has it, and agrees with what was asked for or does not") {
    CHECK(io::image_sidecar_path("a/sub-1_FA.nii.gz") == "a/sub-1_FA.json");
    CHECK(io::image_sidecar_path("x.nii") == "x.json");
    CHECK(io::image_sidecar_path("x.v2.mgz") == "x.v2.json");
    CHECK(io::image_sidecar_path("x.mgh") == "x.json");
    CHECK(io::image_sidecar_path("x.npy") == "x.npy.json");
    const TemporaryDirectory directory;
    const std::string path = (directory.path() / "x.json").string();
    const io::Provenance made{
        "tare-apply", "tare-apply --x", {{"in.nii", "ab"}}, {{"prior", "none"}, {"resume", "true"}}, std::nullopt, "cpu",
        "cd"};
    CHECK_FALSE(io::sidecar_difference(path, made, {}).empty());
    CHECK(io::sidecar_result_sha256(path).empty());
    base::TemporaryFiles unfinished;
    io::Output output(path, unfinished, false);
    io::write_sidecar(output, made);
    output.commit();
    CHECK(io::sidecar_difference(path, made, {}).empty());
    CHECK(io::sidecar_result_sha256(path) == "cd");
    io::Provenance other = made;
    other.command_line = "tare-apply --x --quiet";
    other.result_sha256 = "ef";
    other.parameters.pop_back();
    CHECK(io::sidecar_difference(path, other, {"resume"}).empty());
    CHECK(io::sidecar_difference(path, other, {}) == "was made with --resume \"true\"");
    for (const auto& change : std::vector<std::function<void(io::Provenance&)>>{
             [](auto& p) { p.program = "tare-harmonise"; }, [](auto& p) { p.inputs[0].sha256 = "xy"; },
             [](auto& p) { p.inputs.push_back({"model", "gh"}); }, [](auto& p) { p.parameters[0].second = "parametric"; },
             [](auto& p) { p.seed = 1; }, [](auto& p) { p.device = "cuda:0"; }}) {
        io::Provenance changed = made;
        change(changed);
        CHECK_FALSE(io::sidecar_difference(path, changed, {"resume"}).empty());
    }
    for (const std::string text : {"", "[]", "{}", "{\"parameters\": 3}", "not JSON"}) {
        write_bytes(path, text);
        CHECK_FALSE(io::sidecar_difference(path, made, {}).empty());
        CHECK(io::sidecar_result_sha256(path).empty());
    }
}
