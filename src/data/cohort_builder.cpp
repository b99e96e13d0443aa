// Roles, joins and covariates: from tables of text and numbers to a Cohort.
#include "tare/data/cohort_builder.hpp"

#include <algorithm>
#include <limits>
#include <unordered_map>

#include "tare/base/error.hpp"
#include "tare/base/number_text.hpp"
#include "tare/base/text.hpp"

namespace tare::data {
namespace {

Index position(const std::vector<std::string>& header, const std::string& name) {
    const auto found = std::find(header.begin(), header.end(), name);
    return found == header.end() ? -1 : found - header.begin();
}

/// A column that must exist in one of the two tables.
ColumnPlace place_of(const std::string& name, const std::string& what, const std::vector<std::string>& header,
                     const std::string& source, const std::vector<std::string>* participants_header,
                     const std::string& participants_source) {
    if (participants_header != nullptr) {
        if (const Index column = position(*participants_header, name); column >= 0) return {true, column};
    }
    if (const Index column = position(header, name); column >= 0) return {false, column};
    std::vector<std::string> candidates = header;
    std::string files = source;
    if (participants_header != nullptr) {
        candidates.insert(candidates.end(), participants_header->begin(), participants_header->end());
        files += " and " + participants_source;
    }
    std::string hint = base::did_you_mean(name, candidates);
    if (hint.empty()) hint = "the columns are " + base::joined(candidates);
    throw base::inconsistent(files + ": no column '" + name + "' (" + what + ")", hint);
}

std::string key_of(const Table& table, Index row, Index id, const std::optional<Index>& session) {
    std::string key(base::trimmed(table.text_cell(row, id)));
    if (session) key += " " + std::string(base::trimmed(table.text_cell(row, *session)));
    return key;
}

std::vector<std::string> keys_of(const Table& table, Index id, const std::optional<Index>& session) {
    std::vector<std::string> keys;
    std::unordered_map<std::string, Index> first;
    for (Index row = 0; row < table.rows(); ++row) {
        if (id < 0) {
            keys.push_back("row " + std::to_string(row + 1));
            continue;
        }
        const std::string& name = table.header[static_cast<std::size_t>(id)];
        if (base::is_missing(table.text_cell(row, id))) {
            throw base::malformed(table.where(row) + ": column '" + name + "': the id is missing");
        }
        keys.push_back(key_of(table, row, id, session));
        const auto [at, is_new] = first.emplace(keys.back(), row);
        if (!is_new) {
            throw base::malformed(table.where(row) + ": column '" + name + "': '" + keys.back() + "' stands on line " +
                                      std::to_string(table.line_numbers[static_cast<std::size_t>(at->second)]) + " already",
                                  session ? "" : "repeated visits need a column that tells them apart: --session COLUMN");
        }
    }
    return keys;
}

/// One column of the cohort, wherever it stands: its text and its place per subject.
class CellSource {
public:
    CellSource(const Table& table, const Table* participants, const std::vector<Index>& joined, const ColumnPlace& place)
        // A column is placed there only where the table exists. NOLINTNEXTLINE(clang-analyzer-core.NullDereference)
        : table_(place.in_participants ? *participants : table),
          joined_(place.in_participants ? &joined : nullptr),
          column_(place.column) {}

    [[nodiscard]] const std::string& name() const { return table_.header[static_cast<std::size_t>(column_)]; }
    [[nodiscard]] std::string_view text(Index subject) const {
        return base::trimmed(table_.text_cell(row(subject), column_));
    }
    [[nodiscard]] std::string where(Index subject) const {
        return table_.where(row(subject)) + ": column '" + name() + "': ";
    }

private:
    [[nodiscard]] Index row(Index subject) const {
        return joined_ == nullptr ? subject : (*joined_)[static_cast<std::size_t>(subject)];
    }

    const Table& table_;
    const std::vector<Index>* joined_;
    Index column_;
};

/// Numbers with a decimal comma count as well: they are faults in a column of numbers, not levels.
bool mostly_numbers(const CellSource& cells, const std::vector<bool>& trains) {
    Index numbers = 0, present = 0;
    for (Index i = 0; i < static_cast<Index>(trains.size()); ++i) {
        if (!trains[static_cast<std::size_t>(i)] || base::is_missing(cells.text(i))) continue;
        ++present;
        if (base::parse_number(cells.text(i)) || base::with_decimal_point(cells.text(i))) ++numbers;
    }
    return 2 * numbers >= present;
}

Covariate read_covariate(const CellSource& cells, CovariateKind kind, const std::vector<bool>& trains) {
    Covariate covariate;
    covariate.name = cells.name();
    covariate.categorical =
        kind == CovariateKind::categorical || (kind == CovariateKind::automatic && !mostly_numbers(cells, trains));
    for (Index i = 0; i < static_cast<Index>(trains.size()); ++i) {
        const std::string_view text = cells.text(i);
        const bool missing = base::is_missing(text);
        if (covariate.categorical) {
            covariate.levels.push_back(missing ? std::string() : canonical_level(text));
            continue;
        }
        const auto number = base::parse_number(text);
        if (!missing && !number) {
            const auto pointed = base::with_decimal_point(text);
            throw base::malformed(cells.where(i) + "'" + std::string(text) + "' is not a number",
                                  pointed                          ? "decimal comma: write " + *pointed
                                  : kind == CovariateKind::numeric ? ""
                                                                   : "a column of categories is named in --categorical");
        }
        covariate.numbers.push_back(number.value_or(std::numeric_limits<double>::quiet_NaN()));
    }
    return covariate;
}

}  // namespace

std::string canonical_level(std::string_view text) {
    text = base::trimmed(text);
    const auto number = base::parse_number(text);
    return number ? base::number_text(*number) : std::string(text);
}

std::vector<std::string> role_names(const CohortRoles& roles, const ResolvedRoles& resolved,
                                    const std::vector<std::string>& header) {
    std::vector<std::string> names{roles.site};
    names.insert(names.end(), roles.more_sites.begin(), roles.more_sites.end());
    if (!roles.person.empty()) names.push_back(roles.person);
    for (const CovariateRole& covariate : roles.covariates) names.push_back(covariate.name);
    names.insert(names.end(), roles.other.begin(), roles.other.end());
    if (resolved.id >= 0) names.push_back(header[static_cast<std::size_t>(resolved.id)]);
    if (resolved.session) names.push_back(header[static_cast<std::size_t>(*resolved.session)]);
    return names;
}

ResolvedRoles resolve_roles(const CohortRoles& roles, const std::vector<std::string>& header, const std::string& source,
                            const std::vector<std::string>* participants_header, const std::string& participants_source) {
    const auto place = [&](const std::string& name, const std::string& what) {
        return place_of(name, what, header, source, participants_header, participants_source);
    };
    ResolvedRoles resolved;
    resolved.site = place(roles.site, "the site");
    for (const std::string& name : roles.more_sites) resolved.more_sites.push_back(place(name, "the site"));
    if (!roles.person.empty()) resolved.person = place(roles.person, "the person");
    for (const CovariateRole& c : roles.covariates) resolved.covariates.push_back(place(c.name, c.use));
    for (const std::string& name : roles.other) resolved.other.push_back(place(name, "a condition"));

    if (!roles.id.empty()) {
        resolved.id = place_of(roles.id, "the id", header, source, nullptr, {}).column;
    } else if (resolved.id = position(header, "participant_id"); resolved.id < 0) {
        // The first column, unless it has another role: then the table has no ids and its rows are numbered.
        const std::vector<std::string> taken = role_names(roles, resolved, header);
        if (participants_header != nullptr || std::find(taken.begin(), taken.end(), header.front()) == taken.end())
            resolved.id = 0;
    }
    if (!roles.session.empty()) {
        resolved.session = place_of(roles.session, "the session", header, source, nullptr, {}).column;
    } else if (const Index column = position(header, "session_id"); column >= 0) {
        resolved.session = column;
    }
    if (participants_header != nullptr) {
        const std::string& id_name = header[static_cast<std::size_t>(resolved.id)];
        resolved.participants_id = position(*participants_header, id_name);
        if (resolved.participants_id < 0 && roles.id.empty())
            resolved.participants_id = position(*participants_header, "participant_id");
        if (resolved.participants_id < 0) {
            throw base::inconsistent(participants_source + ": no column '" + id_name + "' to join " + source + " by",
                                     "name the id column that both tables have with --id");
        }
        if (resolved.session) {
            const Index column = position(*participants_header, header[static_cast<std::size_t>(*resolved.session)]);
            if (column >= 0) resolved.participants_session = column;
        }
    }
    return resolved;
}

std::vector<Index> join_participants(const Table& table, const Table* participants, const ResolvedRoles& resolved) {
    std::vector<Index> joined;
    if (participants == nullptr) return joined;
    const std::vector<std::string> keys = keys_of(*participants, resolved.participants_id, resolved.participants_session);
    std::unordered_map<std::string, Index> row_of;
    for (std::size_t i = 0; i < keys.size(); ++i) row_of.emplace(keys[i], static_cast<Index>(i));
    const std::optional<Index> session = resolved.participants_session ? resolved.session : std::nullopt;
    for (Index row = 0; row < table.rows(); ++row) {
        const std::string key = key_of(table, row, resolved.id, session);
        const auto found = row_of.find(key);
        if (found == row_of.end()) {
            throw base::inconsistent(table.where(row) + ": '" + key + "' is not in " + participants->source,
                                     "every subject of the table needs a row there");
        }
        joined.push_back(found->second);
    }
    return joined;
}

std::vector<bool> matching_rows(const RowFilter& filter, const Table& table, const Table* participants,
                                const CohortRoles& roles, const ResolvedRoles& resolved) {
    const std::vector<Index> joined = join_participants(table, participants, resolved);
    std::unordered_map<std::string, CellSource> cells;
    for (std::size_t c = 0; c < roles.other.size(); ++c) {
        cells.emplace(roles.other[c], CellSource(table, participants, joined, resolved.other[c]));
    }
    std::vector<bool> matches;
    for (Index row = 0; row < table.rows(); ++row) {
        matches.push_back(filter.matches([&](const std::string& column) { return cells.at(column).text(row); }));
    }
    return matches;
}

Cohort build_cohort(Table& table, const Table* participants, const CohortRoles& roles, const ResolvedRoles& resolved,
                    const std::vector<bool>& trains) {
    Cohort cohort;
    cohort.source = table.source;
    cohort.line_numbers = table.line_numbers;
    cohort.ids = keys_of(table, resolved.id, resolved.session);
    cohort.has_ids = resolved.id >= 0;
    const std::vector<Index> joined = join_participants(table, participants, resolved);

    const CellSource site(table, participants, joined, resolved.site);
    for (Index i = 0; i < table.rows(); ++i) {
        if (base::is_missing(site.text(i))) throw base::malformed(site.where(i) + "the site is missing");
        cohort.sites.emplace_back(site.text(i));
    }
    for (const ColumnPlace& column : resolved.more_sites) {
        const CellSource more(table, participants, joined, column);
        cohort.more_sites.emplace_back();
        for (Index i = 0; i < table.rows(); ++i) {
            if (base::is_missing(more.text(i))) throw base::malformed(more.where(i) + "the site is missing");
            cohort.more_sites.back().emplace_back(more.text(i));
        }
    }
    if (resolved.person) {
        const CellSource person(table, participants, joined, *resolved.person);
        for (Index i = 0; i < table.rows(); ++i) {
            if (base::is_missing(person.text(i))) throw base::malformed(person.where(i) + "the person is missing");
            cohort.people.emplace_back(person.text(i));
        }
    }
    for (std::size_t c = 0; c < roles.covariates.size(); ++c) {
        cohort.covariates.push_back(read_covariate(CellSource(table, participants, joined, resolved.covariates[c]),
                                                   roles.covariates[c].kind, trains));
    }
    cohort.features = std::move(table.features);
    return cohort;
}

}  // namespace tare::data
