// Distances along the field to either side, by upwind differences. Every voxel takes its distance from neighbours whose
// potential is nearer to that side, so that one pass in the order of the potential solves all equations.
#include "tare/imaging/thickness.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "layer.hpp"

namespace tare::imaging {
namespace {

using detail::Layer;
constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// The potential beyond one face of a voxel, and how far away that is.
struct Beyond {
    double value, distance;
};

class Field {
public:
    Field(const Layer& layer, const std::vector<double>& potential) : layer_(layer), potential_(potential) {}

    /// Millimetres along the field from each voxel to `side`.
    [[nodiscard]] std::vector<double> distances(std::int32_t side) const {
        const double sign = side == detail::inner_side ? 1.0 : -1.0;
        std::vector<std::size_t> order(layer_.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            return potential_[a] != potential_[b] ? sign * potential_[a] < sign * potential_[b] : a < b;
        });
        std::vector<double> found(layer_.size(), none);
        for (const std::size_t at : order) found[at] = distance(at, side, sign, found);
        return found;
    }

private:
    [[nodiscard]] Beyond beyond(std::size_t at, std::size_t face) const {
        const std::int32_t next = layer_.beyond[at][face];
        const double spacing = layer_.spacing[face / 2];
        if (next == detail::inner_side) return {0.0, spacing / 2.0};
        if (next == detail::outer_side) return {1.0, spacing / 2.0};
        // No flow over the edge of the image: what would lie there is as what lies here.
        return {potential_[next >= 0 ? static_cast<std::size_t>(next) : at], spacing};
    }

    /// The derivative along an axis: of the parabola through three points that need not be equally far apart.
    [[nodiscard]] double slope(std::size_t at, std::size_t axis) const {
        const Beyond before = beyond(at, 2 * axis), after = beyond(at, 2 * axis + 1);
        const double rise_before = (potential_[at] - before.value) / before.distance;
        const double rise_after = (after.value - potential_[at]) / after.distance;
        return (rise_before * after.distance + rise_after * before.distance) / (before.distance + after.distance);
    }

    /// The distance already known beyond a face that leads towards `side`; not a number where it does not.
    [[nodiscard]] double known(std::size_t at, std::size_t face, std::int32_t side, double sign,
                               const std::vector<double>& found) const {
        const std::int32_t next = layer_.beyond[at][face];
        if (next == side) return 0.0;
        if (next < 0) return none;
        const auto there = static_cast<std::size_t>(next);
        return sign * potential_[there] < sign * potential_[at] ? found[there] : none;
    }

    [[nodiscard]] double distance(std::size_t at, std::int32_t side, double sign, const std::vector<double>& found) const {
        double squares = 0.0, weights = 0.0, sum = 0.0;
        for (std::size_t axis = 0; axis < 3; ++axis) {
            const double along = sign * slope(at, axis);
            const std::size_t face = 2 * axis + (along > 0.0 ? 0 : 1);
            const double there = known(at, face, side, sign, found);
            // Between two higher neighbours the field has no part along this axis.
            if (along == 0.0 || std::isnan(there)) continue;
            const double weight = std::abs(along) / beyond(at, face).distance;
            squares += along * along;
            weights += weight;
            sum += weight * there;
        }
        return weights > 0.0 ? (std::sqrt(squares) + sum) / weights : steepest(at, side, sign, found);
    }

    /// Straight on to the neighbour towards which the potential changes fastest.
    [[nodiscard]] double steepest(std::size_t at, std::int32_t side, double sign, const std::vector<double>& found) const {
        double best = 0.0, out = none;
        for (std::size_t face = 0; face < 6; ++face) {
            const double there = known(at, face, side, sign, found);
            const Beyond next = beyond(at, face);
            const double fall = sign * (potential_[at] - next.value) / next.distance;
            if (std::isnan(there) || fall <= best) continue;
            best = fall;
            out = there + next.distance;
        }
        return out;
    }

    const Layer& layer_;
    const std::vector<double>& potential_;
};

}  // namespace

LayerThickness laplace_thickness(const data::Segmentation& segmentation, const LayerLabels& labels) {
    const Layer whole = detail::whole_layer(segmentation, labels);
    const detail::Connection connection = detail::connection(whole);
    const Layer layer = detail::part_of(whole, connection.between);
    const std::vector<double> potential = detail::potential(layer);
    const Field field(layer, potential);
    const std::vector<double> inwards = field.distances(detail::inner_side), outwards = field.distances(detail::outer_side);

    LayerThickness out;
    out.positions = whole.positions;
    out.thickness.assign(whole.size(), none);
    out.apart = static_cast<Index>(whole.size() - layer.size());
    out.pieces_apart = connection.pieces_apart;
    std::size_t next = 0;
    for (std::size_t at = 0; at < whole.size(); ++at) {
        if (!connection.between[at]) continue;
        out.thickness[at] = inwards[next] + outwards[next];
        if (std::isnan(out.thickness[at])) ++out.flat;
        ++next;
    }
    return out;
}

}  // namespace tare::imaging
