// Files on disk that a pattern fits, and volumes read from files.
#include "tare/io/found_files.hpp"

#include <cmath>
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

#include "support/temporary_directory.hpp"
#include "tare/base/error.hpp"
#include "tare/io/volume_file.hpp"

using namespace tare;

namespace {

void touch(const std::filesystem::path& path) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << "x";
}

}  // namespace

TEST_CASE("a pattern finds the files that fit, sorted, and tells of folders without", "[found]") {
    const test::TemporaryDirectory folder;
    const std::string root = folder.path().string() + "/";
    for (const char* name :
         {"fs/b/mri/aseg.mgz", "fs/a/mri/aseg.mgz", "fs/a/mri/norm.mgz", "fs/.hidden/mri/aseg.mgz", "fs/note.txt"})
        touch(root + name);
    std::filesystem::create_directories(root + "fs/c/mri");
    const io::FoundFiles found = io::find_files(data::NamePattern(root + "fs/{participant_id}/mri/aseg.mgz"));
    CHECK(found.paths == std::vector<std::string>{root + "fs/a/mri/aseg.mgz", root + "fs/b/mri/aseg.mgz"});
    CHECK(found.cells == std::vector<std::vector<std::string>>{{"a"}, {"b"}});
    CHECK(found.incomplete == std::vector<std::string>{root + "fs/c/mri/aseg.mgz"});
    CHECK(io::find_files(data::NamePattern(root + "none/{participant_id}.nii")).paths.empty());
}

TEST_CASE("a column that stands in a pattern twice is the same text twice", "[found]") {
    const test::TemporaryDirectory folder;
    const std::string root = folder.path().string() + "/";
    for (const char* name : {"s1/s1_ses-2.nii", "s1/s1_ses-1.nii", "s1/s2_ses-1.nii", "s2/s2_ses-1.nii"}) touch(root + name);
    const io::FoundFiles found = io::find_files(data::NamePattern(root + "{id}/{id}_{session}.nii"));
    CHECK(found.cells == std::vector<std::vector<std::string>>{{"s1", "ses-1"}, {"s1", "ses-2"}, {"s2", "ses-1"}});
}

TEST_CASE("a volume of an image, and a segmentation, come as they lie in the file", "[found]") {
    const test::TemporaryDirectory folder;
    const std::string path = (folder.path() / "a.nii").string();
    data::Grid grid{{2, 2, 1, 2}};
    const std::vector<double> values{1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.5, 8.0};
    std::ofstream(path, std::ios::binary) << io::image_bytes(path, io::new_image_header(grid, ""), io::VoxelType::float64,
                                                             std::span<const double>(values));
    const io::Image image = io::read_image(path, {});
    CHECK(io::volumes_of(image.header.grid) == 2);
    const data::Volume second = io::volume_of(image, {}, 1);
    CHECK(second.values == std::vector<double>{5.0, 6.0, 7.5, 8.0});
    CHECK(second.grid.shape == std::vector<base::Index>{2, 2, 1});
    CHECK_THROWS_WITH(io::read_volume(path, {}), Catch::Contains("holds 2 volumes, 2 × 2 × 1 × 2, where one is wanted"));
    CHECK_THROWS_WITH(io::read_segmentation(path, {}), Catch::Contains("holds 2 volumes"));

    grid.shape = {2, 2, 1};
    const auto write = [&](const std::vector<double>& of) {
        std::ofstream(path, std::ios::binary)
            << io::image_bytes(path, io::new_image_header(grid, ""), io::VoxelType::float64, std::span<const double>(of));
    };
    write({0.0, -3.0, 2035.0, 7.0});
    CHECK(io::read_segmentation(path, {}).labels == std::vector<std::int32_t>{0, -3, 2035, 7});
    write({0.0, 1.0, 2.5, 7.0});
    CHECK_THROWS_WITH(io::read_segmentation(path, {}), Catch::EndsWith("a.nii: voxel (0, 1, 0): 2.5 is no label"));
    write({0.0, 1.0, 1e12, 7.0});
    CHECK_THROWS_WITH(io::read_segmentation(path, {}), Catch::EndsWith("is no label"));
    write({0.0, std::nan(""), 1.0, 7.0});
    CHECK_THROWS_WITH(io::read_segmentation(path, {}), Catch::Contains("voxel (1, 0, 0)"));
}

TEST_CASE("a grid tells the size of its voxels", "[found]") {
    data::Grid grid{{4, 5, 6}};
    grid.affine = {0, 0, 3, -10, -1, 0, 0, 20, 0, 2, 0, 5};
    CHECK(data::voxel_sizes(grid) == std::array<double, 3>{1.0, 2.0, 3.0});
    CHECK(data::voxel_volume(grid) == Approx(6.0));
    CHECK_FALSE(data::is_isotropic(grid));
    CHECK(data::is_isotropic(data::Grid{{4, 5, 6}}));
    CHECK(data::extents(data::Grid{{4, 5}}) == std::array<base::Index, 3>{4, 5, 1});
}
