// Counts of all scales, and the search for the window that lies best on a line.
#include "tare/imaging/fractal.hpp"

#include <algorithm>
#include <cmath>

#include "lattice_offsets.hpp"

namespace tare::imaging {
namespace {

/// Ordinary least squares of log₂ boxes on the number of the scale, which is log₂ of its side.
std::optional<ScalingWindow> line_through(const std::vector<double>& logarithms, Index first, Index length) {
    const auto begin = logarithms.begin() + first, end = begin + length;
    const auto [least, most] = std::minmax_element(begin, end);
    if (*least == *most) return std::nullopt;
    const auto n = static_cast<double>(length);
    const double middle = (n - 1.0) / 2.0;
    double mean = 0.0;
    for (auto y = begin; y != end; ++y) mean += *y / n;
    double xx = 0.0, xy = 0.0, yy = 0.0;
    for (Index i = 0; i < length; ++i) {
        const double x = static_cast<double>(i) - middle, y = begin[i] - mean;
        xx += x * x;
        xy += x * y;
        yy += y * y;
    }
    const double slope = xy / xx;
    double residual = 0.0;
    for (Index i = 0; i < length; ++i) {
        const double x = static_cast<double>(i) - middle, apart = begin[i] - mean - slope * x;
        residual += apart * apart;
    }
    return ScalingWindow{.first = first,
                         .length = length,
                         .dimension = -slope,
                         .standard_error = std::sqrt(residual / (n - 2.0) / xx),
                         .adjusted_r2 = 1.0 - residual / yy * (n - 1.0) / (n - 2.0)};
}

double rounded(double value, double unit) {
    return std::nearbyint(value * unit) / unit;
}

}  // namespace

Index scales_of(const std::array<Index, 3>& extents) {
    const Index longest = *std::max_element(extents.begin(), extents.end());
    Index scales = 1;
    for (Index side = 1; side < longest; side *= 2) ++scales;
    return scales;
}

std::vector<BoxCount> count_scales(const VoxelSet& set, const FractalOptions& options) {
    detail::LatticeOffsets offsets(options.convention, options.seed);
    std::vector<BoxCount> counts(static_cast<std::size_t>(scales_of(set.extents())));
    Index side = 1;
    for (BoxCount& count : counts) {
        Index sum = 0;
        for (Index i = 0; i < options.offsets; ++i) {
            std::array<Index, 3> offset{};
            for (Index& along : offset) along = offsets.next(side);
            const Index boxes = side == 1 && i > 0 ? count.least : count_boxes(set, side, offset);
            sum += boxes;
            count.least = i == 0 ? boxes : std::min(count.least, boxes);
        }
        count.side = side;
        count.mean = static_cast<double>(sum) / static_cast<double>(options.offsets);
        side *= 2;
    }
    return counts;
}

std::vector<double> covering(const std::vector<BoxCount>& counts, BoxCover cover) {
    std::vector<double> boxes;
    for (const BoxCount& count : counts) {
        boxes.push_back(cover == BoxCover::mean ? count.mean : static_cast<double>(count.least));
    }
    return boxes;
}

std::optional<ScalingWindow> scaling_window(const std::vector<double>& boxes, Index least_scales,
                                            FractalConvention convention) {
    std::vector<double> logarithms;
    for (const double count : boxes) logarithms.push_back(std::log2(count));
    const bool rounds = convention == FractalConvention::fractalbrain;
    const double tie = rounds ? 0.0 : 1e-12;
    const auto scales = static_cast<Index>(boxes.size());
    std::optional<ScalingWindow> best;
    for (Index length = scales; length >= least_scales; --length) {
        for (Index first = 0; first + length <= scales; ++first) {
            std::optional<ScalingWindow> window = line_through(logarithms, first, length);
            if (!window) continue;
            if (rounds) window->adjusted_r2 = rounded(window->adjusted_r2, 1e3);
            if (!best || window->adjusted_r2 > best->adjusted_r2 + tie) best = window;
        }
    }
    if (best && rounds) best->dimension = rounded(best->dimension, 1e4);
    return best;
}

}  // namespace tare::imaging
