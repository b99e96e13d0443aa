// From the stored bytes of an image to values or labels.
#include "tare/io/volume_file.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tare/base/error.hpp"
#include "tare/base/number_text.hpp"
#include "tare/base/text.hpp"

namespace tare::io {
namespace {

/// Voxels that are decoded at a time, where they are not kept as they come.
constexpr Index block = Index{1} << 16;

void check_one_volume(const std::string& path, const data::Grid& grid) {
    if (grid.values() == grid.voxels()) return;
    throw base::inconsistent(path + ": holds " + std::to_string(grid.values() / grid.voxels()) + " volumes, " +
                                 data::shape_text(grid) + ", where one is wanted",
                             "cut out the volume that is meant");
}

std::string voxel_text(const data::Grid& grid, Index position) {
    const std::array<Index, 3> extent = data::extents(grid);
    return "(" + std::to_string(position % extent[0]) + ", " + std::to_string(position / extent[0] % extent[1]) + ", " +
           std::to_string(position / extent[0] / extent[1]) + ")";
}

std::int32_t label_of(double value, const Image& image, Index position) {
    constexpr double least = std::numeric_limits<std::int32_t>::min(), most = std::numeric_limits<std::int32_t>::max();
    // A value that is not a number fails the comparison.
    if (value >= least && value <= most && value == std::floor(value)) return static_cast<std::int32_t>(value);
    throw base::malformed(image.source + ": voxel " + voxel_text(image.header.grid, position) + ": " +
                              base::number_text(value) + " is no label",
                          "a segmentation holds a whole number in every voxel");
}

}  // namespace

data::Volume read_volume(const std::string& path, const base::Resources& resources, bool several) {
    const Image image = read_image(path, resources);
    if (!several) check_one_volume(image.source, image.header.grid);
    const Index count = image.header.grid.values();
    base::check_memory(resources, image.stored.size() + static_cast<std::uint64_t>(count) * sizeof(double), image.source);
    data::Volume volume{image.header.grid, std::vector<double>(static_cast<std::size_t>(count))};
    decode(image, {}, volume.values);
    return volume;
}

data::Segmentation read_segmentation(const std::string& path, const base::Resources& resources) {
    const Image image = read_image(path, resources);
    check_one_volume(image.source, image.header.grid);
    const Index count = image.header.grid.voxels();
    base::check_memory(resources, image.stored.size() + static_cast<std::uint64_t>(count) * sizeof(std::int32_t),
                       image.source);
    data::Segmentation out{image.header.grid, std::vector<std::int32_t>(static_cast<std::size_t>(count))};
    std::vector<Index> positions;
    std::vector<double> values;
    for (Index start = 0; start < count; start += block) {
        const Index end = std::min(count, start + block);
        positions.resize(static_cast<std::size_t>(end - start));
        values.resize(positions.size());
        for (Index i = start; i < end; ++i) positions[static_cast<std::size_t>(i - start)] = i;
        decode(image, positions, values);
        for (Index i = start; i < end; ++i) {
            out.labels[static_cast<std::size_t>(i)] = label_of(values[static_cast<std::size_t>(i - start)], image, i);
        }
    }
    return out;
}

void check_same_space(const std::string& a, const data::Grid& grid_a, const std::string& b, const data::Grid& grid_b) {
    if (data::extents(grid_a) != data::extents(grid_b)) {
        throw base::inconsistent(a + ": is " + data::shape_text(grid_a) + ", " + b + " is " + data::shape_text(grid_b),
                                 "both must lie on one grid: resample one of them");
    }
    const double apart = data::largest_displacement(grid_a, grid_b);
    if (apart <= data::grid_tolerance_mm) return;
    throw base::inconsistent(a + ": lies up to " + base::number_text(apart) + " mm from " + b + ": affine map " +
                                 data::affine_text(grid_a) + ", there " + data::affine_text(grid_b),
                             "both must lie on one grid: resample one of them");
}

}  // namespace tare::io
