// Features that share designs in groups, in one row for the card: which features, and which design each has.
#pragma once

#include <span>
#include <vector>

#include "pass.hpp"

namespace tare::compute::cuda {

struct Assigned {
    std::vector<Index> features, design;

    template <typename Design>
    explicit Assigned(std::span<const Design> designs) {
        for (std::size_t d = 0; d < designs.size(); ++d) {
            features.insert(features.end(), designs[d].columns.begin(), designs[d].columns.end());
            design.insert(design.end(), designs[d].columns.size(), static_cast<Index>(d));
        }
    }
    [[nodiscard]] Index count() const { return static_cast<Index>(features.size()); }
    /// The features as a pass takes them: empty where they are all there are, in their order.
    [[nodiscard]] std::span<const Index> columns(Index all) const {
        bool in_order = count() == all;
        for (Index f = 0; f < all && in_order; ++f) in_order = features[static_cast<std::size_t>(f)] == f;
        return in_order ? std::span<const Index>() : std::span<const Index>(features);
    }
    /// Which design the features of a block have.
    [[nodiscard]] const Index* of_block(Slot& slot, const Block& block) const {
        return slot.in(std::span(design).subspan(static_cast<std::size_t>(block.begin), block.size()));
    }
};

}  // namespace tare::compute::cuda
