// Among which rows labels may be permuted: what --permute-within says.
#pragma once

#include <string>
#include <vector>

#include "cohort_input.hpp"

namespace tare::commands {

/// A column in whose groups labels are permuted.
struct GroupingColumn {
    std::string name;
    data::Index bins = 0;  ///< into how many its numbers go; 0: every value is a group
};

/// The items of --permute-within. Throws Error (64), also for the column of the site.
[[nodiscard]] std::vector<GroupingColumn> grouping_columns(const cli::ParsedOptions& options);

/// As what the columns are to be read.
[[nodiscard]] std::vector<data::CovariateRole> roles_of(const std::vector<GroupingColumn>& columns);

/// Per subject the group of rows alike in all columns; nothing without columns. Throws Error (65) for a missing value.
[[nodiscard]] std::vector<data::Index> permutation_groups(const data::Cohort& cohort,
                                                          const std::vector<GroupingColumn>& columns);

}  // namespace tare::commands
