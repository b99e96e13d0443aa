// Names, bins and groups of --permute-within.
#include "permutation_groups.hpp"

#include "tare/base/error.hpp"
#include "tare/base/number_text.hpp"
#include "tare/stats/grouping.hpp"

namespace tare::commands {
namespace {

/// Per subject the group by one column.
std::vector<std::string> groups_by(const data::Cohort& cohort, const GroupingColumn& by) {
    const data::Covariate& column = *cohort.covariate(by.name);
    for (data::Index row = 0; row < cohort.subjects(); ++row) {
        if (column.missing(row)) {
            throw base::inconsistent(cohort.where(row) + ": column '" + by.name + "': the value is missing",
                                     "--permute-within needs one of every row");
        }
    }
    if (column.categorical && by.bins > 0) {
        throw base::inconsistent(cohort.source + ": column '" + by.name + "' has no numbers to make bins of",
                                 "--permute-within " + by.name);
    }
    if (column.categorical) return column.levels;
    if (by.bins > 0) return stats::quantile_strata(column.numbers, by.bins);
    std::vector<std::string> groups;
    for (const double number : column.numbers) groups.push_back(base::number_text(number));
    return groups;
}

}  // namespace

std::vector<GroupingColumn> grouping_columns(const cli::ParsedOptions& options) {
    std::vector<GroupingColumn> out;
    for (const std::string& item : options.list("permute-within")) {
        const std::size_t colon = item.rfind(':');
        GroupingColumn column{item.substr(0, colon)};
        if (column.name.empty()) throw base::usage_error("--permute-within: '" + item + "' names no column");
        if (column.name == options.list("site").front()) {
            throw base::usage_error("--permute-within: '" + column.name +
                                    "' is the site, within which every label stays what it is");
        }
        if (colon != std::string::npos) {
            const auto bins = base::parse_integer(item.substr(colon + 1));
            if (!bins || *bins < 2) {
                throw base::usage_error("--permute-within: '" + item + "' has no number of bins from 2 after the colon",
                                        "as in --permute-within age:5,sex");
            }
            column.bins = static_cast<data::Index>(*bins);
        }
        out.push_back(column);
    }
    return out;
}

std::vector<data::CovariateRole> roles_of(const std::vector<GroupingColumn>& columns) {
    std::vector<data::CovariateRole> roles;
    for (const GroupingColumn& column : columns)
        roles.push_back({column.name, column.bins > 0 ? data::CovariateKind::numeric : data::CovariateKind::automatic});
    return roles;
}

std::vector<data::Index> permutation_groups(const data::Cohort& cohort, const std::vector<GroupingColumn>& columns) {
    if (columns.empty()) return {};
    std::vector<std::string> names(cohort.ids.size());
    for (const GroupingColumn& column : columns) {
        const std::vector<std::string> own = groups_by(cohort, column);
        for (std::size_t i = 0; i < names.size(); ++i) names[i] += own[i] + '\n';
    }
    return stats::grouped(names).of_row;
}

}  // namespace tare::commands
