// Bringing the intensities of images to a common scale. An image's own intensities, a method and for some methods a standard
// that was learnt from other images give a map from old to new intensities. Definitions: intensity-normalization 3 (J.
// Reinhold et al. 2019, Proc SPIE 10949), where it has no other source.
#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "tare/data/volume.hpp"

namespace tare::imaging {

enum class IntensityMethod : unsigned char { zscore, fcm, kde, whitestripe, nyul, lsq };
/// Which peak of the histogram is the tissue's: the last (T1), the highest (T2, FLAIR) or the first (PD).
enum class Modality : unsigned char { t1, t2, flair, pd };
enum class FuzzyTissue : unsigned char { csf, gm, wm };
/// The width of the kernel of method kde: a 80th of the largest value, or as in intensity-normalization 3 that many SDs.
enum class KernelWidth : unsigned char { absolute, in_sds };

struct IntensityOptions {
    IntensityMethod method = IntensityMethod::zscore;
    Modality modality = Modality::t1;
    FuzzyTissue tissue = FuzzyTissue::wm;
    KernelWidth kernel = KernelWidth::absolute;
    double stripe = 0.05;  ///< half the share of voxels in the white stripe
};

/// From old to new intensities: (x − shift) / scale, or straight lines between knots, the outer ones drawn on.
struct IntensityMap {
    double shift = 0.0, scale = 1.0;
    std::vector<double> from, to;  ///< knots; none for the one straight line

    [[nodiscard]] double operator()(double x) const noexcept;
};

/// The finite values where the mask is not 0, ascending. Throws Error (65) where there is none.
[[nodiscard]] std::vector<double> ascending_values(const data::Volume& volume, std::span<const unsigned char> mask);

/// The peak that the modality names of the values' density: a Gaussian kernel estimate at 80 points between smallest and
/// largest value, above P96 (T1) or P99 (PD) cut off. `width` of the kernel; 0: Scott's rule. Ascending, not all equal.
[[nodiscard]] double tissue_mode(std::span<const double> ascending, Modality modality, double width);

/// Three classes by fuzzy c-means with fuzziness 2 (J. Bezdek 1981), from dark to bright, run until the centres stand still
/// from the quantiles 1/6, 1/2 and 5/6: the mean intensity of each class, weighted by membership.
/// Throws Error (65) where there are fewer than three different values.
[[nodiscard]] std::array<double, 3> fuzzy_means(std::span<const double> ascending);

/// The percentiles that are the landmarks of method nyul.
[[nodiscard]] std::vector<double> nyul_percentiles();

/// True for methods that map images to a standard learnt from images: nyul, lsq.
[[nodiscard]] bool needs_standard(IntensityMethod method) noexcept;

/// What one image says of the standard. nyul: its landmarks after [P1, P99] → [1, 100] (L. Nyúl, J. Udupa, X. Zhang 2000,
/// IEEE Trans Med Imaging 19:143). lsq: its fuzzy means divided by the first. Throws Error (65) where they are degenerate.
[[nodiscard]] std::vector<double> own_standard(std::span<const double> ascending, const IntensityOptions& options);

/// The mean of what several images say, in their order. At least one.
[[nodiscard]] std::vector<double> common_standard(std::span<const std::vector<double>> own);

/// The map of an image with these values; `standard` is empty unless the method needs one.
/// zscore: mean 0, SD 1 (dividing by n). kde: the tissue's mode to 1. fcm: the tissue's fuzzy mean to 1. whitestripe: mean 0
/// and SD 1 of the values between the quantiles `stripe` below and above the mode (R. Shinohara et al. 2014, NeuroImage Clin
/// 6:9). nyul: landmarks to the standard's. lsq: the factor that brings the fuzzy means closest to the standard's.
/// Throws Error (65) where the values do not allow it.
[[nodiscard]] IntensityMap intensity_map(std::span<const double> ascending, const IntensityOptions& options,
                                         std::span<const double> standard);

}  // namespace tare::imaging
