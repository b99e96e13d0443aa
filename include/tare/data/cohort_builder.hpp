// Makes a Cohort of a table and the roles of its columns, joining a table of participants by id where there is one.
// Everything is matched by name: columns by header, subjects by id, never by position.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tare/data/cohort.hpp"
#include "tare/data/row_filter.hpp"
#include "tare/data/table.hpp"

namespace tare::data {

enum class CovariateKind { automatic, numeric, categorical };

struct CovariateRole {
    std::string name;
    CovariateKind kind = CovariateKind::automatic;
    std::string use = "a covariate";  ///< what the column is named for, where it is not found
};

/// The columns as the user named them; an empty name takes the default.
struct CohortRoles {
    std::string id;       ///< default: participant_id, else the first column
    std::string session;  ///< default: session_id where it exists
    std::string site;
    std::vector<CovariateRole> covariates;
    std::vector<std::string> more_sites = {};  ///< further batch variables
    std::string person = {};                   ///< who was measured, where that matters; empty: not asked for
    std::vector<std::string> other = {};       ///< further columns that must exist, such as those of a condition
};

/// Where a role's column is: in the table of values, or in the table of participants.
struct ColumnPlace {
    bool in_participants = false;
    Index column = -1;
};

/// The roles found in the headers.
struct ResolvedRoles {
    Index id = -1;  ///< in the table of values; -1: the table has none and rows are numbered
    std::optional<Index> session;
    Index participants_id = -1;  ///< in the table of participants, if there is one
    std::optional<Index> participants_session;
    ColumnPlace site;
    std::vector<ColumnPlace> more_sites;
    std::optional<ColumnPlace> person;
    std::vector<ColumnPlace> covariates;
    std::vector<ColumnPlace> other;
};

/// The names of all columns that have a role, in whichever table: none of them is a feature.
[[nodiscard]] std::vector<std::string> role_names(const CohortRoles& roles, const ResolvedRoles& resolved,
                                                  const std::vector<std::string>& header);

/// Finds every role's column; `participants_header` is null where there is no second table. Columns in both tables are
/// taken from the participants'. Throws Error (65) for a column that is nowhere, with the closest name as a hint.
[[nodiscard]] ResolvedRoles resolve_roles(const CohortRoles& roles, const std::vector<std::string>& header,
                                          const std::string& source, const std::vector<std::string>* participants_header,
                                          const std::string& participants_source);

/// Builds the cohort; the feature values are moved out of `table`. A covariate of automatic kind is numeric if at
/// least half of its non-missing cells in the rows marked by `trains` are numbers: other rows have no say. Levels that are
/// numbers are compared as numbers ("1.0" is "1"). Throws Error (65) with FILE:LINE: duplicate id, id without participant,
/// missing id or site, unreadable number.
[[nodiscard]] Cohort build_cohort(Table& table, const Table* participants, const CohortRoles& roles,
                                  const ResolvedRoles& resolved, const std::vector<bool>& trains);

/// The row of `participants` for every row of `table` (the same row number where there is no second table).
[[nodiscard]] std::vector<Index> join_participants(const Table& table, const Table* participants,
                                                   const ResolvedRoles& resolved);

/// Per row of `table`: does it satisfy the condition, whose columns are `roles.other`?
[[nodiscard]] std::vector<bool> matching_rows(const RowFilter& filter, const Table& table, const Table* participants,
                                              const CohortRoles& roles, const ResolvedRoles& resolved);

/// A level as it is compared: trimmed, and a number in its shortest spelling.
[[nodiscard]] std::string canonical_level(std::string_view text);

}  // namespace tare::data
