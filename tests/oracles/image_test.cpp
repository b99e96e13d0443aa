// Images beside nibabel and nifti_tool: what they write is read to the same values and positions; what is written opens in
// them with the same header.
#include <cstring>
#include <fstream>
#include <iterator>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "oracles/oracle.hpp"
#include "support/temporary_directory.hpp"
#include "tare/io/image_file.hpp"

using namespace tare;

namespace {

std::string contents(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void put(const std::filesystem::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
}

std::vector<std::filesystem::path> images_in(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> found;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (std::filesystem::exists(entry.path().string() + ".json")) found.push_back(entry.path());
    }
    return found;
}

std::vector<double> values_of(const io::Image& image) {
    std::vector<double> values(static_cast<std::size_t>(image.header.grid.values()));
    io::decode(image, {}, values);
    return values;
}

void check_as_nibabel_says(const std::filesystem::path& path) {
    INFO(path.filename().string());
    const io::Image image = io::read_image(path.string(), {});
    const auto said = nlohmann::json::parse(contents(path.string() + ".json"));
    CHECK(image.header.grid.shape == said.at("shape").get<std::vector<base::Index>>());
    CHECK(io::voxel_type_name(image.header.type) == said.at("dtype").get<std::string>());
    const auto affine = said.at("affine").get<std::vector<double>>();
    // nibabel computes MGH positions in single precision.
    const double tolerance = image.header.format == io::ImageFormat::mgh ? 1e-6 : 1e-13;
    for (std::size_t i = 0; i < affine.size(); ++i) {
        CHECK(image.header.grid.affine[i] == Approx(affine[i]).epsilon(tolerance).margin(100 * tolerance));
    }
    const std::string bytes = contents(path.string() + ".values");
    std::vector<double> wanted(bytes.size() / sizeof(double));
    std::memcpy(wanted.data(), bytes.data(), bytes.size());
    CHECK(values_of(image) == wanted);
}

/// Everything that can be made like one image: its own type, floats, and the other family. "@" parts it from the name.
void write_variants(const std::filesystem::path& path, const std::filesystem::path& folder) {
    INFO(path.filename().string());
    const io::Image image = io::read_image(path.string(), {});
    const std::vector<double> values = values_of(image);
    const std::string stem = (folder / path.filename()).string() + "@";
    const auto write = [&](const std::string& name, io::VoxelType type) {
        put(name, io::image_bytes(name, image.header, type, values));
    };
    write(stem + "single.nii.gz", io::VoxelType::float32);
    write(stem + "double.nii", io::VoxelType::float64);
    write(stem + "single.mgz", io::VoxelType::float32);
    write(stem + "single.mgh", io::VoxelType::float32);
    if (image.header.slope == 1.0 && image.header.intercept == 0.0 && io::bytes_per_voxel(image.header.type) <= 4) {
        write(stem + "own.nii.gz", image.header.type);
        if (image.header.format == io::ImageFormat::mgh) write(stem + "own.mgz", image.header.type);
    }
}

}  // namespace

TEST_CASE("images agree with nibabel and nifti_tool, read and written", "[oracle]") {
    const auto python = test::python_with("nibabel");
    if (!python) return;
    if (test::shell("command -v nifti_tool").code != 0) return test::skip("nifti_tool (package nifti-bin) is not installed");
    const test::TemporaryDirectory folder;
    const std::string script = (test::source_folder() / "tests/oracles/images.py").string();
    const test::Finished made = test::run({*python, script, "write", folder.path().string()});
    INFO(made.err);
    REQUIRE(made.code == 0);
    const auto written = folder.path() / "written";
    std::filesystem::create_directory(written);
    const auto images = images_in(folder.path());
    CHECK(images.size() > 100);
    for (const auto& path : images) {
        check_as_nibabel_says(path);
        write_variants(path, written);
    }
    const test::Finished checked = test::run({*python, script, "check", folder.path().string()});
    INFO(checked.out << checked.err);
    CHECK(checked.code == 0);
}
