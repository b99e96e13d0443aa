// A structure cut out of its image, on its own box: which voxels belong to it, which of them are measured, and what
// grey levels they have. Every box has a margin of one voxel that belongs to nothing, so that neighbours always exist.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "tare/data/volume.hpp"

namespace tare::imaging::texture {

using base::Index;

/// A box of voxels, x fastest, its margin included.
struct Box {
    std::array<Index, 3> extents{0, 0, 0};
    std::array<double, 3> spacing{1.0, 1.0, 1.0};  ///< millimetres

    [[nodiscard]] std::size_t voxels() const noexcept {
        return static_cast<std::size_t>(extents[0]) * static_cast<std::size_t>(extents[1]) *
               static_cast<std::size_t>(extents[2]);
    }
    /// Steps in memory along x, y and z.
    [[nodiscard]] std::array<Index, 3> strides() const noexcept { return {1, extents[0], extents[0] * extents[1]}; }
    [[nodiscard]] std::size_t at(Index x, Index y, Index z) const noexcept {
        return static_cast<std::size_t>((z * extents[1] + y) * extents[0] + x);
    }
};

/// Intensities that are measured, both ends included: the re-segmentation of the reference manual.
struct IntensityRange {
    double low = -std::numeric_limits<double>::infinity();
    double high = std::numeric_limits<double>::infinity();
};

struct Region {
    Box box;
    std::array<Index, 3> begin{0, 0, 0};  ///< of the box's first voxel in the image; −1 where the margin lies outside
    std::vector<std::uint8_t> structure;  ///< 1: belongs to the structure (the morphological mask)
    std::vector<std::uint8_t> measured;   ///< 1: and its intensity is a number in the range (the intensity mask)
    std::vector<double> values;           ///< 0 where not measured
    Index structure_voxels = 0, measured_voxels = 0;
    Index not_numbers = 0;  ///< voxels of the structure without a finite intensity

    /// The intensities of the measured voxels, in ascending order.
    [[nodiscard]] std::vector<double> sorted_values() const;
    /// The smallest and largest of them; both infinite where there are none.
    [[nodiscard]] IntensityRange limits() const noexcept;
};

/// The box in which a label's voxels lie, both ends included.
struct LabelBox {
    std::int32_t label = 0;
    std::array<Index, 3> first{0, 0, 0}, last{0, 0, 0};
};

/// Every label other than 0 that occurs, in ascending order.
[[nodiscard]] std::vector<LabelBox> label_boxes(const data::Segmentation& segmentation);

/// The box, margin included, of the voxels that have one of `labels` (ascending); no voxels where there are none.
[[nodiscard]] Box region_box(const data::Grid& grid, std::span<const LabelBox> boxes, std::span<const std::int32_t> labels);

/// The voxels of `labels` (ascending). `boxes` are the segmentation's own; both must have the extents of the image. Where no
/// voxel has one of the labels, the region has no voxels at all.
[[nodiscard]] Region cut_region(const data::Volume& image, const data::Segmentation& segmentation,
                                std::span<const LabelBox> boxes, std::span<const std::int32_t> labels,
                                const IntensityRange& range = {});

struct Discretisation {
    enum class Kind {
        bins,  ///< a fixed number of bins between the region's smallest and largest intensity
        size,  ///< bins of a fixed size, from the range's lower end, or from the smallest intensity where it has none
        none,  ///< intensities are grey levels: whole numbers from 1
    };
    Kind kind = Kind::bins;
    double amount = 32.0;  ///< bins, or the size of one
};

/// More grey levels than this are refused: the co-occurrence matrix alone would have 16 million cells.
inline constexpr Index most_levels = 4096;

struct Levels {
    Box box;
    std::vector<std::uint16_t> level;     ///< 1 … count, 0 outside of what is measured
    std::vector<std::uint8_t> structure;  ///< as in the region
    Index count = 0;                      ///< grey levels, whether or not they occur
    Index voxels = 0;                     ///< measured
};

/// The grey levels of a region that has measured voxels. A region of one intensity has level 1 throughout. Throws Error
/// (65) for more than `most_levels` levels, or for intensities that are no grey levels where they ought to be.
[[nodiscard]] Levels discretise(const Region& region, const Discretisation& how, const IntensityRange& range = {});

}  // namespace tare::imaging::texture
