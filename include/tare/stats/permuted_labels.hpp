// Labels in another order, for permutation tests: within groups, where labels may depend on what the groups stand for.
#pragma once

#include <span>
#include <vector>

#include "tare/base/matrix.hpp"
#include "tare/base/rng.hpp"

namespace tare::stats {

using base::Index;

/// The labels shuffled among the rows of each group; every group keeps its labels. `groups` has a number from 0 per row, or
/// none where all rows are one group. Throws std::logic_error for another length or a negative number.
[[nodiscard]] std::vector<Index> permuted_within(std::span<const Index> labels, std::span<const Index> groups,
                                                 base::Rng& rng);

}  // namespace tare::stats
