// Peaks: mean intensities within a sphere of 1 cm³ (IBSI reference manual 3.2). A sphere is a bundle of lines along x, and
// the sum over a line follows from sums up to its ends.
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "tare/imaging/texture/intensity.hpp"

namespace tare::imaging::texture {

namespace {

/// Voxels from −reach to reach along x, in the line that is y and z away from the centre.
struct Line {
    Index y, z, reach;
};

std::vector<Line> sphere(const std::array<double, 3>& spacing) {
    const double radius = 10.0 * std::cbrt(0.75 / std::numbers::pi);
    const auto most = [&](double left, double edge) { return static_cast<Index>(std::floor(std::sqrt(left) / edge)); };
    std::vector<Line> lines;
    const Index far_z = most(radius * radius, spacing[2]);
    for (Index z = -far_z; z <= far_z; ++z) {
        const double off_z = static_cast<double>(z) * spacing[2];
        const double left_z = std::max(0.0, radius * radius - off_z * off_z);
        const Index far_y = most(left_z, spacing[1]);
        for (Index y = -far_y; y <= far_y; ++y) {
            const double off_y = static_cast<double>(y) * spacing[1];
            lines.push_back({y, z, most(std::max(0.0, left_z - off_y * off_y), spacing[0])});
        }
    }
    return lines;
}

/// Sums and counts of the finite intensities of every line of the part of the image that spheres can reach.
class LineSums {
public:
    LineSums(const data::Volume& image, const Region& region, const std::vector<Line>& lines)
        : size_(data::extents(image.grid)) {
        Index y = 0, z = 0;
        for (const Line& line : lines) {
            y = std::max(y, line.y);
            z = std::max(z, line.z);
        }
        const std::array<Index, 3> reach{0, y, z};
        for (std::size_t axis = 1; axis < 3; ++axis) {
            first_[axis] = std::max<Index>(0, region.begin[axis] - reach[axis]);
            const Index last = region.begin[axis] + region.box.extents[axis] - 1 + reach[axis];
            count_[axis] = std::min(size_[axis] - 1, last) - first_[axis] + 1;
        }
        const Index cells = (size_[0] + 1) * count_[1] * count_[2];
        sums_.resize(static_cast<std::size_t>(cells));
        counts_.resize(static_cast<std::size_t>(cells));
        for (Index k = 0; k < count_[2]; ++k) {
            for (Index j = 0; j < count_[1]; ++j) add_line(image, j, k);
        }
    }

    /// The mean around a voxel of the image.
    [[nodiscard]] double mean(const std::array<Index, 3>& centre, const std::vector<Line>& lines) const {
        double sum = 0.0;
        Index count = 0;
        for (const Line& line : lines) {
            const Index j = centre[1] + line.y - first_[1];
            const Index k = centre[2] + line.z - first_[2];
            if (j < 0 || j >= count_[1] || k < 0 || k >= count_[2]) continue;
            const Index begin = (k * count_[1] + j) * (size_[0] + 1);
            const auto from = static_cast<std::size_t>(begin + std::max<Index>(0, centre[0] - line.reach));
            const auto to = static_cast<std::size_t>(begin + std::min(size_[0], centre[0] + line.reach + 1));
            sum += sums_[to] - sums_[from];
            count += counts_[to] - counts_[from];
        }
        return sum / static_cast<double>(count);
    }

private:
    void add_line(const data::Volume& image, Index j, Index k) {
        auto from = static_cast<std::size_t>(((k + first_[2]) * size_[1] + j + first_[1]) * size_[0]);
        auto to = static_cast<std::size_t>((k * count_[1] + j) * (size_[0] + 1));
        for (Index x = 0; x < size_[0]; ++x, ++from, ++to) {
            const double value = image.values[from];
            const bool counts = std::isfinite(value);
            sums_[to + 1] = sums_[to] + (counts ? value : 0.0);
            counts_[to + 1] = counts_[to] + (counts ? 1 : 0);
        }
    }

    std::array<Index, 3> size_;
    std::array<Index, 3> first_{0, 0, 0}, count_{0, 0, 0};
    std::vector<double> sums_;
    std::vector<std::int32_t> counts_;
};

}  // namespace

LocalIntensity local_intensity(const data::Volume& image, const Region& region) {
    LocalIntensity peaks;
    if (region.measured_voxels == 0) return peaks;
    const std::vector<Line> lines = sphere(region.box.spacing);
    const LineSums sums(image, region, lines);
    const double brightest = region.limits().high;
    const std::array<Index, 3>& size = region.box.extents;
    for (Index z = 1; z + 1 < size[2]; ++z) {
        for (Index y = 1; y + 1 < size[1]; ++y) {
            for (Index x = 1; x + 1 < size[0]; ++x) {
                const std::size_t at = region.box.at(x, y, z);
                if (region.measured[at] == 0) continue;
                const double mean = sums.mean({x + region.begin[0], y + region.begin[1], z + region.begin[2]}, lines);
                if (!(mean <= peaks.global_peak)) peaks.global_peak = mean;
                if (region.values[at] == brightest && !(mean <= peaks.local_peak)) peaks.local_peak = mean;
            }
        }
    }
    return peaks;
}

std::span<const Named<LocalIntensity>> local_intensity_features() {
    using L = LocalIntensity;
    static constexpr std::array features{
        Named<L>{"local_peak", "loc_peak_loc", "VJGA", &L::local_peak},
        Named<L>{"global_peak", "loc_peak_glob", "0F91", &L::global_peak},
    };
    return features;
}

}  // namespace tare::imaging::texture
