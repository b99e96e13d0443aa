// Regions written down as levels: 0 lies outside of the structure.
#pragma once

#include <cmath>
#include <vector>

#include "tare/base/rng.hpp"
#include "tare/imaging/texture/region.hpp"

namespace tare::test {

struct SmallImage {
    data::Volume image;
    data::Segmentation labels;
};

/// x fastest; voxels with 0 have label 0, the others label 1.
inline SmallImage small_image(const std::vector<data::Index>& shape, const std::vector<double>& values,
                              const std::array<double, 3>& spacing = {1.0, 1.0, 1.0}) {
    SmallImage small;
    small.image.grid.shape = shape;
    small.image.grid.affine = {spacing[0], 0, 0, 0, 0, spacing[1], 0, 0, 0, 0, spacing[2], 0};
    small.image.values = values;
    small.labels.grid = small.image.grid;
    for (const double value : values) small.labels.labels.push_back(value != 0.0 ? 1 : 0);
    return small;
}

inline imaging::texture::Region region_of(const SmallImage& small, const imaging::texture::IntensityRange& range = {}) {
    const std::vector<std::int32_t> one{1};
    return imaging::texture::cut_region(small.image, small.labels, imaging::texture::label_boxes(small.labels), one, range);
}

/// The grey levels themselves.
inline imaging::texture::Levels levels_of(const std::vector<data::Index>& shape, const std::vector<double>& levels) {
    return imaging::texture::discretise(region_of(small_image(shape, levels)),
                                        {imaging::texture::Discretisation::Kind::none, 0.0});
}

/// A ragged blob with holes: levels from 1 to `most`, about a third of the voxels outside.
inline SmallImage random_image(const std::vector<data::Index>& shape, std::uint64_t seed, int most = 5,
                               const std::array<double, 3>& spacing = {1.0, 1.0, 1.0}) {
    base::Rng rng(seed);
    std::vector<double> values;
    for (data::Index i = 0; i < shape[0] * shape[1] * shape[2]; ++i) {
        const double level = 1.0 + std::floor(rng.uniform() * most);
        values.push_back(rng.uniform() < 0.35 ? 0.0 : level);
    }
    return small_image(shape, values, spacing);
}

/// The same image seen in a mirror along one axis.
inline SmallImage mirrored(const SmallImage& small, std::size_t axis) {
    SmallImage out = small;
    const std::array<data::Index, 3> size = data::extents(small.image.grid);
    for (data::Index z = 0; z < size[2]; ++z) {
        for (data::Index y = 0; y < size[1]; ++y) {
            for (data::Index x = 0; x < size[0]; ++x) {
                std::array<data::Index, 3> to{x, y, z};
                to[axis] = size[axis] - 1 - to[axis];
                const auto from = static_cast<std::size_t>((z * size[1] + y) * size[0] + x);
                const auto at = static_cast<std::size_t>((to[2] * size[1] + to[1]) * size[0] + to[0]);
                out.image.values[at] = small.image.values[from];
                out.labels.labels[at] = small.labels.labels[from];
            }
        }
    }
    return out;
}

}  // namespace tare::test
