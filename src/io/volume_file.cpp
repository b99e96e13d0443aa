// From the stored bytes of an image to values or labels.
#include "tare/io/volume_file.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "tare/base/error.hpp"
#include "tare/base/number_text.hpp"

namespace tare::io {
namespace {

/// Voxels that are decoded at a time.
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
                          "a segmentation holds a whole number in every voxel; values to be measured are another image");
}

/// Calls work with the positions first … first + count − 1, a block at a time.
template <typename Work>
void for_each_block(Index first, Index count, const Work& work) {
    std::vector<Index> positions;
    for (Index start = first; start < first + count; start += block) {
        positions.resize(static_cast<std::size_t>(std::min(first + count - start, block)));
        std::iota(positions.begin(), positions.end(), start);
        work(std::span<const Index>(positions));
    }
}

}  // namespace

Index volumes_of(const data::Grid& grid) noexcept {
    return grid.values() / std::max<Index>(1, grid.voxels());
}

data::Volume volume_of(const Image& image, const base::Resources& resources, Index which) {
    const data::Grid& grid = image.header.grid;
    if (which == only_volume) check_one_volume(image.source, grid);
    const Index count = grid.voxels(), first = std::max<Index>(0, which) * count;
    base::check_memory(resources, image.stored.size() + static_cast<std::uint64_t>(count) * sizeof(double), image.source);
    data::Volume volume{grid, std::vector<double>(static_cast<std::size_t>(count))};
    volume.grid.shape.resize(3);
    for_each_block(first, count, [&](std::span<const Index> positions) {
        decode(image, positions,
               std::span(volume.values).subspan(static_cast<std::size_t>(positions.front() - first), positions.size()));
    });
    return volume;
}

data::Segmentation segmentation_of(const Image& image, const base::Resources& resources) {
    check_one_volume(image.source, image.header.grid);
    const Index count = image.header.grid.voxels();
    base::check_memory(resources, image.stored.size() + static_cast<std::uint64_t>(count) * sizeof(std::int32_t),
                       image.source);
    data::Segmentation out{image.header.grid, {}};
    out.grid.shape.resize(3);
    out.labels.reserve(static_cast<std::size_t>(count));
    std::vector<double> values;
    for_each_block(0, count, [&](std::span<const Index> positions) {
        values.resize(positions.size());
        decode(image, positions, values);
        for (const double value : values) out.labels.push_back(label_of(value, image, std::ssize(out.labels)));
    });
    return out;
}

data::Volume read_volume(const std::string& path, const base::Resources& resources) {
    return volume_of(read_image(path, resources), resources);
}

data::Segmentation read_segmentation(const std::string& path, const base::Resources& resources) {
    return segmentation_of(read_image(path, resources), resources);
}

}  // namespace tare::io
