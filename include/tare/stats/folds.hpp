// Which rows are tested together in a cross-validation: k folds, several times, balanced over strata, groups kept whole.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "tare/stats/grouping.hpp"

namespace tare::stats {

struct FoldRequest {
    Index folds = 5;
    Index repeats = 1;
    std::uint64_t seed = 0;
};

/// Per repeat and row: its fold, 0 … folds − 1; no fold is empty. A repeat is the same however many follow it.
/// The rows of a stratum, or else all, are shuffled from the order in which they are given (strata in the order of their
/// names) and dealt in turn: the folds of every stratum, and all folds, differ by one row at most.
/// With groups, all rows of a group come into one fold: groups are shuffled from the order of their names, largest first,
/// and each goes to the fold with the fewest rows so far or, with strata, to the fold that has least of what the group
/// brings, weighed by Σ_s n_gs n_fs / n_s over the strata and all rows together. Only the groups' names and what they
/// consist of matter there, not the order of rows. Where every group is one row, groups make no difference.
/// `strata` and `groups` have one name per row or none at all. Throws Error (64) for fewer than two folds or one repeat,
/// and Error (65) where there are fewer rows or groups than folds; a stratum may be smaller.
[[nodiscard]] std::vector<std::vector<Index>> make_folds(const FoldRequest& request, Index rows,
                                                         std::span<const std::string> strata,
                                                         std::span<const std::string> groups);

/// Per row: the position of its group among the sorted names, so that every fold is one group. Throws Error (65) for
/// fewer than two groups.
[[nodiscard]] std::vector<Index> folds_by_group(std::span<const std::string> groups);

}  // namespace tare::stats
