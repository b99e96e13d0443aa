// Cuts planes out of the maps of a model, the right way up: left is left, and anterior or superior is above.
#include "report_maps.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <span>
#include <utility>

#include "report_index.hpp"
#include "tare/base/error.hpp"
#include "tare/data/volume.hpp"
#include "tare/stats/metrics.hpp"

namespace tare::commands {
namespace {

using base::Index;

constexpr std::size_t most_sites = 12;
constexpr Index most_pixels = 128;

/// The axis of the grid that runs most nearly along right, anterior or superior, and whether it runs against it.
struct Direction {
    std::size_t axis = 0;
    bool against = false;
};

std::array<Direction, 3> directions_of(const data::Grid& grid) {
    std::array<Direction, 3> out;
    std::array<bool, 3> taken{};
    for (std::size_t world = 0; world < 3; ++world) {
        double most = -1.0;
        for (std::size_t axis = 0; axis < 3; ++axis) {
            const double along = grid.affine[4 * world + axis];
            if (taken[axis] || std::abs(along) <= most) continue;
            most = std::abs(along);
            out[world] = {axis, along < 0.0};
        }
        taken[out[world].axis] = true;
    }
    return out;
}

/// Where the voxels of the model are: their position in it by their position in the grid, or -1.
class Places {
public:
    explicit Places(const data::Features& features)
        : extents_(data::extents(features.grid())),
          directions_(directions_of(features.grid())),
          sizes_(data::voxel_sizes(features.grid())),
          voxel_(at(features.grid().voxels()), -1) {
        for (std::size_t f = 0; f < features.inside().size(); ++f) {
            const Index position = features.inside()[f];
            // Of several volumes the first is shown.
            if (position >= features.grid().voxels()) break;
            voxel_[at(position)] = static_cast<Index>(f);
            const std::array<Index, 3> place{position % extents_[0], position / extents_[0] % extents_[1],
                                             position / (extents_[0] * extents_[1])};
            for (std::size_t axis = 0; axis < 3; ++axis) {
                least_[axis] = std::min(least_[axis], place[axis]);
                most_[axis] = std::max(most_[axis], place[axis]);
            }
        }
        for (std::size_t axis = 0; axis < 3; ++axis) middle_[axis] = (least_[axis] + most_[axis]) / 2;
    }

    /// The plane across one direction (0 right, 1 anterior, 2 superior): rows from above, columns from the left.
    void cut(std::size_t across, report::Montage::Plane& plane, std::vector<Index>& voxels) const {
        const Direction right = directions_[across == 0 ? 1 : 0], up = directions_[across == 2 ? 1 : 2];
        const auto [left, wide] = span_of(right.axis);
        const auto [low, high] = span_of(up.axis);
        const Index stride = (std::max(wide, high) + most_pixels - 1) / most_pixels;
        plane.width = (wide + stride - 1) / stride;
        plane.height = (high + stride - 1) / stride;
        plane.pixel_width = sizes_[right.axis] * static_cast<double>(stride);
        plane.pixel_height = sizes_[up.axis] * static_cast<double>(stride);
        std::array<Index, 3> place = middle_;
        for (Index row = 0; row < plane.height; ++row) {
            for (Index column = 0; column < plane.width; ++column) {
                place[right.axis] = right.against ? left + wide - 1 - column * stride : left + column * stride;
                place[up.axis] = up.against ? low + row * stride : low + high - 1 - row * stride;
                voxels.push_back(voxel_[at(place[0] + extents_[0] * (place[1] + extents_[1] * place[2]))]);
            }
        }
    }

private:
    /// Where the voxels begin along an axis, and how many there are, with one around them where there is room.
    [[nodiscard]] std::pair<Index, Index> span_of(std::size_t axis) const {
        const Index first = std::max<Index>(0, least_[axis] - 1), last = std::min(extents_[axis] - 1, most_[axis] + 1);
        return {first, last - first + 1};
    }

    std::array<Index, 3> extents_, least_ = extents_, most_{}, middle_{};
    std::array<Direction, 3> directions_;
    std::array<double, 3> sizes_;
    std::vector<Index> voxel_;
};

/// Sites by the mean square of their effects, the greatest first.
std::vector<Index> by_effect(const base::Matrix<double>& effects) {
    std::vector<double> squares(at(effects.rows()), 0.0);
    for (Index s = 0; s < effects.rows(); ++s) {
        for (const double effect : effects.row(s)) squares[at(s)] += std::isfinite(effect) ? effect * effect : 0.0;
    }
    std::vector<Index> order(squares.size());
    std::iota(order.begin(), order.end(), Index{0});
    std::sort(order.begin(), order.end(),
              [&](Index a, Index b) { return squares[at(a)] != squares[at(b)] ? squares[at(a)] > squares[at(b)] : a < b; });
    order.resize(std::min(order.size(), most_sites));
    return order;
}

/// From 0 to 1 between the second and the ninety-eighth percentile.
std::vector<float> grey_of(const std::vector<double>& mean) {
    const double low = stats::quantile_of(mean, 0.02), high = stats::quantile_of(mean, 0.98);
    std::vector<float> out;
    for (const double value : mean)
        out.push_back(high > low ? static_cast<float>(std::clamp((value - low) / (high - low), 0.0, 1.0)) : 0.5F);
    return out;
}

/// 99 of 100 effects are smaller.
double largest_of(std::span<const double> effects) {
    std::vector<double> sizes;
    for (const double effect : effects) {
        if (std::isfinite(effect)) sizes.push_back(std::abs(effect));
    }
    return sizes.empty() ? 0.0 : stats::quantile_of(sizes, 0.99);
}

}  // namespace

std::vector<report::Montage> montages_of(const stats::CombatModel& model, const std::string& file) {
    if (model.features.kind() != data::FeatureKind::voxels)
        throw base::inconsistent(file + ": is of " + data::described(model.features) + ", not of images",
                                 "a model of tables goes with --model");
    const Places places(model.features);
    const std::vector<float> grey = grey_of(model.grand_mean);
    std::vector<report::Montage> out;
    for (const Index site : by_effect(model.gamma_star)) {
        const auto effects = model.gamma_star.row(site);
        report::Montage montage{"γ* of " + model.sites[at(site)], {}, largest_of(effects)};
        // Axial, coronal, sagittal.
        for (const std::size_t across : {std::size_t{2}, std::size_t{1}, std::size_t{0}}) {
            report::Montage::Plane& plane = montage.planes[2 - across];
            std::vector<Index> voxels;
            places.cut(across, plane, voxels);
            for (const Index voxel : voxels) {
                const bool inside = voxel >= 0;
                plane.grey.push_back(inside ? grey[at(voxel)] : 0.0F);
                plane.effect.push_back(inside && std::isfinite(effects[at(voxel)]) ? static_cast<float>(effects[at(voxel)])
                                                                                   : 0.0F);
            }
        }
        out.push_back(std::move(montage));
    }
    return out;
}

}  // namespace tare::commands
