// Which voxels of a grid belong to a structure: one bit each, x fastest, every row (y, z) in whole words.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "tare/data/volume.hpp"

namespace tare::imaging {

using data::Index;

class VoxelSet {
public:
    using Word = std::uint64_t;
    static constexpr Index bits_per_word = 64;

    /// No voxel yet. Every extent is at least 1.
    explicit VoxelSet(std::array<Index, 3> extents);

    /// Takes the voxel in, if it is not there; it must lie on the grid.
    void insert(Index x, Index y, Index z);

    [[nodiscard]] const std::array<Index, 3>& extents() const noexcept { return extents_; }
    [[nodiscard]] Index size() const noexcept;
    [[nodiscard]] bool empty() const noexcept { return lowest_[0] > highest_[0]; }
    /// The smallest and the largest index along each axis; of a set that is not empty.
    [[nodiscard]] const std::array<Index, 3>& lowest() const noexcept { return lowest_; }
    [[nodiscard]] const std::array<Index, 3>& highest() const noexcept { return highest_; }
    [[nodiscard]] bool contains(Index x, Index y, Index z) const noexcept;
    /// Bit x % 64 of word x / 64 is voxel (x, y, z); bits after the last voxel are 0.
    [[nodiscard]] std::span<const Word> row(Index y, Index z) const noexcept;

private:
    std::array<Index, 3> extents_, lowest_, highest_{-1, -1, -1};
    Index words_per_row_;
    std::vector<Word> words_;
};

/// Takes in the voxels of slice `z` whose value is above 0, which one that is not a number is not. `values`: of the whole
/// slice, x fastest.
void insert_above_zero(VoxelSet& set, Index z, std::span<const double> values);

/// For each structure, a list of labels, the voxels that have one of them. Labels may stand in several structures.
[[nodiscard]] std::vector<VoxelSet> of_labels(const data::Segmentation& segmentation,
                                              const std::vector<std::vector<std::int32_t>>& structures);

/// The extents of a grid of cubes of this edge over the same field of view, at least 1 along each axis. `sizes` are the
/// edges of the voxels that are there.
[[nodiscard]] std::array<Index, 3> resampled_extents(const std::array<Index, 3>& extents, const std::array<double, 3>& sizes,
                                                     double edge);

/// The same structure on that grid: a cube belongs to it where the voxel that holds the cube's centre does. Cubes and voxels
/// begin at the same corner.
[[nodiscard]] VoxelSet resampled(const VoxelSet& set, const std::array<double, 3>& sizes, double edge);

}  // namespace tare::imaging
