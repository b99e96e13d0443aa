// Laplace's equation on the voxels of a layer by conjugate gradients (Hestenes, Stiefel 1952), scaled by the diagonal. The
// flow over a face is the difference over the distance: between two centres, or from a centre to a face that has a value.
// One thread and one order of sums, so that equal layers give equal bits.
#include <cmath>

#include "layer.hpp"
#include "tare/base/error.hpp"

namespace tare::imaging::detail {
namespace {

/// The potential is settled where no voxel is further from the mean of its neighbours.
constexpr double tolerance = 1e-10;

class Flow {
public:
    explicit Flow(const Layer& layer) : layer_(layer) {
        for (std::size_t axis = 0; axis < 3; ++axis) over_[axis] = 1.0 / (layer.spacing[axis] * layer.spacing[axis]);
        for (const std::array<std::int32_t, 6>& beyond : layer.beyond) {
            double diagonal = 0.0, source = 0.0;
            for (std::size_t face = 0; face < 6; ++face) {
                const double across = over_[face / 2];
                if (beyond[face] >= 0) diagonal += across;
                if (beyond[face] == inner_side || beyond[face] == outer_side) diagonal += 2.0 * across;
                if (beyond[face] == outer_side) source += 2.0 * across;
            }
            diagonal_.push_back(diagonal);
            source_.push_back(source);
        }
    }

    [[nodiscard]] const std::vector<double>& diagonal() const noexcept { return diagonal_; }
    [[nodiscard]] const std::vector<double>& source() const noexcept { return source_; }

    /// What flows out of each voxel where the sides are at 0.
    void apply(const std::vector<double>& u, std::vector<double>& out) const {
        for (std::size_t at = 0; at < u.size(); ++at) {
            double sum = diagonal_[at] * u[at];
            const std::array<std::int32_t, 6>& beyond = layer_.beyond[at];
            for (std::size_t face = 0; face < 6; ++face) {
                if (beyond[face] >= 0) sum -= over_[face / 2] * u[static_cast<std::size_t>(beyond[face])];
            }
            out[at] = sum;
        }
    }

private:
    const Layer& layer_;
    std::array<double, 3> over_{};
    std::vector<double> diagonal_, source_;
};

double product(const std::vector<double>& a, const std::vector<double>& b) {
    double sum = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
}

}  // namespace

std::vector<double> potential(const Layer& layer) {
    const Flow flow(layer);
    const std::size_t n = layer.size();
    std::vector<double> u(n, 0.5), residual(n), scaled(n), direction(n), out(n);
    flow.apply(u, out);
    for (std::size_t i = 0; i < n; ++i) residual[i] = flow.source()[i] - out[i];
    const auto scale = [&] {
        double largest = 0.0;
        for (std::size_t i = 0; i < n; ++i) {
            scaled[i] = residual[i] / flow.diagonal()[i];
            // One that is not a number stays, however many numbers follow.
            if (const double size = std::abs(scaled[i]); !std::isnan(largest) && !(size <= largest)) largest = size;
        }
        return largest;
    };
    double largest = scale();
    direction = scaled;
    double length = product(residual, scaled);
    // Exact arithmetic needs no more steps than there are voxels; a layer needs about as many as it is thick.
    for (std::size_t steps = 0; !(largest <= tolerance); ++steps) {
        if (steps > 1000 + n || !std::isfinite(largest))
            throw base::degenerate("the potential across the layer does not settle");
        flow.apply(direction, out);
        const double step = length / product(direction, out);
        for (std::size_t i = 0; i < n; ++i) {
            u[i] += step * direction[i];
            residual[i] -= step * out[i];
        }
        largest = scale();
        const double next = product(residual, scaled);
        for (std::size_t i = 0; i < n; ++i) direction[i] = scaled[i] + next / length * direction[i];
        length = next;
    }
    return u;
}

}  // namespace tare::imaging::detail
