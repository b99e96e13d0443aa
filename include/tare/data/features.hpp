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

    /// Of kind voxels.
    [[nodiscard]] const Grid& grid() const { return description_->grid; }
    [[nodiscard]] const std::vector<Index>& inside() const { return description_->inside; }

    /// The features at these positions, in this order. Those of a matrix keep no numbers of their own: only named columns
    /// and voxels (ascending) can be selected.
    [[nodiscard]] Features selected(std::span<const Index> positions) const;

    friend bool operator==(const Features& a, const Features& b);

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

}  // namespace tare::data
