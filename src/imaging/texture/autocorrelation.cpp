// Moran's I and Geary's C (IBSI reference manual 3.1). The sum over all pairs of weights times values is a convolution of
// the box with 1/distance, so that a transform there and back gives it, exactly but for rounding.
#include <array>
#include <cmath>

#include "fourier.hpp"
#include "tare/imaging/texture/morphology.hpp"

namespace tare::imaging::texture {

namespace {

using Complex = std::complex<double>;

/// The extents of a block in which a region can be shifted against itself without wrapping round; no margins.
std::array<Index, 3> padded(const Box& box) {
    std::array<Index, 3> extents{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
        extents[axis] = fourier_extent(2 * (box.extents[axis] - 2) - 1);
    }
    return extents;
}

/// 1/distance from the block's first voxel, backwards too; 0 of a voxel to itself.
void fill_weights(std::vector<Complex>& block, const std::array<Index, 3>& extents, const std::array<double, 3>& spacing) {
    std::size_t at = 0;
    const auto squared = [&](Index i, std::size_t axis) {
        const double off = static_cast<double>(std::min(i, extents[axis] - i)) * spacing[axis];
        return off * off;
    };
    for (Index z = 0; z < extents[2]; ++z) {
        for (Index y = 0; y < extents[1]; ++y) {
            const double across = squared(z, 2) + squared(y, 1);
            for (Index x = 0; x < extents[0]; ++x, ++at) {
                const double distance = across + squared(x, 0);
                block[at] = distance > 0.0 ? 1.0 / std::sqrt(distance) : 0.0;
            }
        }
    }
}

/// Calls each(voxel of the region's box, place in the block) for every measured voxel.
template <typename Each>
void for_each_measured(const Region& region, const std::array<Index, 3>& extents, const Each& each) {
    const std::array<Index, 3>& size = region.box.extents;
    for (Index z = 1; z + 1 < size[2]; ++z) {
        for (Index y = 1; y + 1 < size[1]; ++y) {
            for (Index x = 1; x + 1 < size[0]; ++x) {
                const std::size_t from = region.box.at(x, y, z);
                if (region.measured[from] == 0) continue;
                each(from, static_cast<std::size_t>(((z - 1) * extents[1] + y - 1) * extents[0] + x - 1));
            }
        }
    }
}

struct Sums {
    double weights = 0.0;     ///< of all ordered pairs
    double products = 0.0;    ///< weight times both deviations
    double squares = 0.0;     ///< weight times the first deviation's square
    double deviations = 0.0;  ///< squares of deviations, unweighted
};

Sums pair_sums(const Region& region, double mean) {
    const std::array<Index, 3> extents = padded(region.box);
    const auto cells = static_cast<std::size_t>(extents[0] * extents[1] * extents[2]);
    Block block{extents, extents, std::vector<Complex>(cells), std::vector<Complex>(cells)};
    std::vector<Complex>& values = block.values;
    fill_weights(values, extents, region.box.spacing);
    fourier_of_part(block);
    // Weights are real and even, and so is their transform.
    std::vector<double> weights(cells);
    for (std::size_t i = 0; i < cells; ++i) weights[i] = values[i].real();
    values.assign(cells, Complex{});
    for_each_measured(region, extents,
                      [&](std::size_t from, std::size_t to) { values[to] = Complex{region.values[from] - mean, 1.0}; });
    for (std::size_t axis = 0; axis < 3; ++axis) block.part[axis] = region.box.extents[axis] - 2;
    fourier_of_part(block);
    // Conjugated twice, the forward transform is the one back.
    for (std::size_t i = 0; i < cells; ++i) values[i] = std::conj(values[i]) * weights[i];
    fourier_to_part(block);
    Sums sums;
    const double scale = 1.0 / static_cast<double>(cells);
    for_each_measured(region, extents, [&](std::size_t from, std::size_t to) {
        const double off = region.values[from] - mean;
        const double weighted_deviations = values[to].real() * scale;
        const double weights_around = -values[to].imag() * scale;
        sums.weights += weights_around;
        sums.products += off * weighted_deviations;
        sums.squares += off * off * weights_around;
        sums.deviations += off * off;
    });
    return sums;
}

}  // namespace

std::uint64_t autocorrelation_bytes(const Box& box) {
    const std::array<Index, 3> extents = padded(box);
    return static_cast<std::uint64_t>(extents[0] * extents[1] * extents[2]) * (2 * sizeof(Complex) + sizeof(double));
}

Autocorrelation autocorrelation(const Region& region) {
    Autocorrelation a;
    const IntensityRange limits = region.limits();
    if (region.measured_voxels < 2 || limits.low == limits.high) return a;
    const auto n = static_cast<double>(region.measured_voxels);
    double sum = 0.0;
    for (const double value : region.values) sum += value;
    const Sums sums = pair_sums(region, sum / n);
    a.moran = n / sums.weights * sums.products / sums.deviations;
    // (x − y)² of a pair, taken apart into squares and a product.
    a.geary = (n - 1.0) / (2.0 * sums.weights) * 2.0 * (sums.squares - sums.products) / sums.deviations;
    return a;
}

std::span<const Named<Autocorrelation>> autocorrelation_features() {
    using A = Autocorrelation;
    static constexpr std::array features{
        Named<A>{"moran_i", "morph_moran_i", "N365", &A::moran},
        Named<A>{"geary_c", "morph_geary_c", "NPT7", &A::geary},
    };
    return features;
}

}  // namespace tare::imaging::texture
