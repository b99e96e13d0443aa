// What the columns of a matrix of values are: named columns of a table, numbered columns of a matrix, or voxels of a
// grid. Copies are cheap: they share what they describe.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "tare/data/grid.hpp"

namespace tare::data {

enum class FeatureKind : unsigned char { named, numbered, voxels };

class Features {
public:
    /// No features.
    Features();
    [[nodiscard]] static Features named(std::vector<std::string> names);
    /// Columns 0 to count − 1 of a matrix.
    [[nodiscard]] static Features numbered(Index count);
    /// Values of an image: `inside` are positions in the grid (x fastest), ascending.
    [[nodiscard]] static Features voxels(Grid grid, std::vector<Index> inside);

    [[nodiscard]] FeatureKind kind() const noexcept { return kind_; }
    [[nodiscard]] Index count() const noexcept { return count_; }
    /// How a message calls a feature: "left_thickness", "column 17", "voxel (45, 54, 45)". Counted from 0.
    [[nodiscard]] std::string name(Index feature) const;
    /// All names; for a sentence, not for millions.
    [[nodiscard]] std::vector<std::string> names() const;

    /// Of kind voxels: the grid, and the features' positions in it.
    [[nodiscard]] const Grid& grid() const { return description_->grid; }
    [[nodiscard]] const std::vector<Index>& inside() const { return description_->inside; }

    /// The features at these positions, ascending. Numbered columns keep the numbers they had.
    [[nodiscard]] Features selected(std::span<const Index> positions) const;

    friend bool operator==(const Features& a, const Features& b);
    /// The same names, columns or voxels, on grids that are the same within the tolerance of same_grid.
    [[nodiscard]] bool same_as(const Features& other) const;

private:
    struct Description {
        std::vector<std::string> names;
        Grid grid;
        std::vector<Index> inside;
    };
    Features(FeatureKind kind, Index count, Description description);

    FeatureKind kind_ = FeatureKind::named;
    Index count_ = 0;
    std::shared_ptr<const Description> description_;
};

/// A feature where a message says what is at fault: "column 'y'", "column 17 of the matrix", "voxel (45, 54, 45)".
[[nodiscard]] std::string called(const Features& features, Index feature);

/// "150 named features", "100000 columns of a matrix", "228483 voxels of 91 × 109 × 91".
[[nodiscard]] std::string described(const Features& features);

}  // namespace tare::data
