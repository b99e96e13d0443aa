// Rows that share a name: strata, subjects, sites, bins.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "tare/base/matrix.hpp"

namespace tare::stats {

using base::Index;

struct Grouping {
    std::vector<std::string> names;        ///< each once, sorted by bytes
    std::vector<std::vector<Index>> rows;  ///< per name: its rows, ascending
    std::vector<Index> of_row;             ///< per row: position among the names
};
/// The groups of rows with equal names.
[[nodiscard]] Grouping grouped(std::span<const std::string> name_of_row);

/// Numbers as strata: per row "1" … "`bins`" by its rank, so that bins are as equal as ties allow (equal numbers share a
/// bin), and "n/a" for a missing one. Throws Error (64) for fewer than one bin.
[[nodiscard]] std::vector<std::string> quantile_strata(std::span<const double> values, Index bins);

}  // namespace tare::stats
