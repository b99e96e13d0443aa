// What can be said of intensities without asking which voxel has which neighbour: statistics, the histogram of grey levels,
// the intensity-volume histogram; and the peaks, which need the neighbourhood of a voxel but no grey levels.
#pragma once

#include "tare/imaging/texture/named.hpp"
#include "tare/imaging/texture/region.hpp"

namespace tare::imaging::texture {

/// Variances divide by the number of voxels; kurtosis is the excess over 3; percentiles are interpolated linearly between
/// order statistics (numpy's rule). Of a constant region skewness and kurtosis are 0, as the reference manual has it.
struct Statistics {
    double mean = undefined, variance = undefined, skewness = undefined, kurtosis = undefined;
    double median = undefined, minimum = undefined, p10 = undefined, p90 = undefined, maximum = undefined;
    double interquartile_range = undefined, range = undefined;
    double mean_absolute_deviation = undefined;         ///< from the mean
    double robust_mean_absolute_deviation = undefined;  ///< of what lies in [p10, p90] from its own mean
    double median_absolute_deviation = undefined;       ///< the mean deviation from the median
    double coefficient_of_variation = undefined;
    double quartile_coefficient_of_dispersion = undefined;
    double energy = undefined;  ///< sum of squares
    double root_mean_square = undefined;
};

/// `sorted` ascending; nothing is defined where it is empty.
[[nodiscard]] Statistics statistics(std::span<const double> sorted);
[[nodiscard]] std::span<const Named<Statistics>> statistics_features();

/// The statistics of grey levels (all but energy and root mean square), and of their histogram. Logarithms are binary.
struct Histogram : Statistics {
    double mode = undefined;  ///< the most frequent level; of several the one nearest to the mean, then the lower
    double entropy = undefined, uniformity = undefined;
    /// Differences of counts between the next and the previous level, halved; at the ends to the one neighbour. Undefined
    /// where there is one level. Of equal gradients the lowest level counts.
    double maximum_gradient = undefined, maximum_gradient_level = undefined;
    double minimum_gradient = undefined, minimum_gradient_level = undefined;
};

[[nodiscard]] Histogram histogram(const Levels& levels);
[[nodiscard]] std::span<const Named<Histogram>> histogram_features();

/// Of the share of voxels v(i) with level i or above, against how far i is from the lowest to the highest level.
struct VolumeHistogram {
    double volume_at_10 = undefined, volume_at_90 = undefined;        ///< share of voxels at 10 % and 90 % of intensity
    double intensity_at_10 = undefined, intensity_at_90 = undefined;  ///< least intensity that at most 10 %, 90 % have
    double volume_difference = undefined, intensity_difference = undefined;
    double area_under_curve = undefined;
};

/// Level i stands for intensity first + (i − 1)·step. Intensities are undefined where no level is rare enough.
[[nodiscard]] VolumeHistogram volume_histogram(const Levels& levels, double first = 1.0, double step = 1.0);
[[nodiscard]] std::span<const Named<VolumeHistogram>> volume_histogram_features();

/// Means of the image, within the structure or not, over the voxels whose centres lie within a sphere of 1 cm³.
struct LocalIntensity {
    double local_peak = undefined;   ///< around the brightest measured voxel; of several the greatest mean
    double global_peak = undefined;  ///< the greatest around any measured voxel
};

/// Voxels outside of the image, and those without a finite intensity, do not count.
[[nodiscard]] LocalIntensity local_intensity(const data::Volume& image, const Region& region);
[[nodiscard]] std::span<const Named<LocalIntensity>> local_intensity_features();

}  // namespace tare::imaging::texture
