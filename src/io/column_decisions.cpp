// The decisions depend on all cells of a column, never on how the file was cut into blocks: the first block only
// foresees them.
#include "column_decisions.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "cell_errors.hpp"
#include "cells.hpp"
#include "table_header.hpp"
#include "tare/base/error.hpp"
#include "tare/base/number_text.hpp"
#include "tare/base/text.hpp"

namespace tare::io::detail {

namespace {

/// What the cells of one column hold, as text.
struct Tally {
    std::size_t numbers = 0;
    std::size_t others = 0;
    std::size_t decimal_commas = 0;  ///< among the others: what spells a number but for its comma
    data::Index first_other = -1;    ///< its row

    void add(std::string_view cell, data::Index row) {
        if (base::parse_number(cell).has_value()) {
            ++numbers;
        } else if (!base::is_missing(cell)) {
            first_other = others == 0 ? row : first_other;
            ++others;
            decimal_commas += base::with_decimal_point(cell).has_value() ? 1U : 0U;
        }
    }
    /// True for a column that is meant to hold numbers, of which some are faulty. Between commas a comma is no sign
    /// of a decimal.
    [[nodiscard]] bool is_of_numbers(char delimiter) const {
        const std::size_t commas = delimiter == ',' ? 0 : decimal_commas;
        return numbers + commas > 0 && numbers + commas >= others - commas;
    }
};

}  // namespace

std::vector<ColumnRole> column_roles(const ColumnPolicy& policy, const std::vector<std::string>& header) {
    std::vector<ColumnRole> roles = policy(header);
    if (roles.size() != header.size()) {
        throw base::Error(base::ExitCode::internal, "the column policy gave " + std::to_string(roles.size()) +
                                                        " roles for " + base::counted(header.size(), "column"));
    }
    for (std::size_t column = 0; column < roles.size(); ++column) {
        if (roles[column] == ColumnRole::candidate && is_blank_name(header[column])) {
            roles[column] = ColumnRole::text;
        }
    }
    return roles;
}

std::vector<Storage> first_storage(std::span<const ColumnRole> roles) {
    std::vector<Storage> storage(roles.size());
    std::transform(roles.begin(), roles.end(), storage.begin(), [](ColumnRole role) {
        return role == ColumnRole::text      ? Storage::text
               : role == ColumnRole::feature ? Storage::number
                                             : Storage::tentative_number;
    });
    return storage;
}

void store_shown_text(RowFormat& format, std::string_view text, std::span<const Record> records, bool whole_table) {
    std::vector<Tally> tallies(format.columns());
    for (const Record& record : records) {
        CellCursor cursor(text.substr(record.begin, record.end - record.begin), format.delimiter, record.quoted);
        std::string_view cell;
        // A ragged row is the parser's to report.
        for (std::size_t column = 0; column < format.columns() && cursor.next(cell); ++column) {
            if (format.storage[column] == Storage::tentative_number && tallies[column].others == 0) {
                tallies[column].add(cell, 0);
            }
        }
    }
    for (std::size_t column = 0; column < format.columns(); ++column) {
        const Tally& tally = tallies[column];
        if (format.storage[column] == Storage::tentative_number &&
            (tally.others > 0 || (whole_table && tally.numbers == 0))) {
            format.storage[column] = Storage::text;
        }
    }
}

std::vector<std::size_t> columns_to_reread(const RowFormat& format, std::span<const unsigned char> holds_text,
                                           const data::Table& table) {
    std::vector<std::size_t> without_number;
    std::vector<std::size_t> found;
    for (std::size_t column = 0; column < format.columns(); ++column) {
        if (format.storage[column] == Storage::tentative_number) {
            (holds_text[column] != 0 ? found : without_number).push_back(column);
        }
    }
    // Nearly every column shows a number in one of the first rows, so this ends early.
    for (data::Index row = 0; row < table.rows() && !without_number.empty(); ++row) {
        std::erase_if(without_number,
                      [&](std::size_t column) { return !std::isnan(table.features.values(row, table.place[column])); });
    }
    found.insert(found.end(), without_number.begin(), without_number.end());
    return found;
}

void judge_text_candidates(std::span<const ColumnRole> roles, const data::Table& table, base::Log& log) {
    std::vector<std::size_t> judged;
    for (std::size_t column = 0; column < roles.size(); ++column) {
        if (roles[column] == ColumnRole::candidate && table.place[column] < 0) {
            judged.push_back(column);
        }
    }
    std::vector<Tally> tallies(judged.size());
    for (data::Index row = 0; row < table.rows(); ++row) {
        for (std::size_t i = 0; i < judged.size(); ++i) {
            tallies[i].add(table.text_cell(row, static_cast<data::Index>(judged[i])), row);
        }
    }
    std::optional<std::size_t> worst;
    for (std::size_t i = 0; i < judged.size(); ++i) {
        const Tally& tally = tallies[i];
        if (tally.is_of_numbers(table.delimiter) && (!worst || tally.first_other < tallies[*worst].first_other)) {
            worst = i;
        }
    }
    if (worst) {
        const data::Index row = tallies[*worst].first_other;
        const std::size_t column = judged[*worst];
        throw not_a_number(table.source, table.line_numbers[static_cast<std::size_t>(row)], table.header[column],
                           table.text_cell(row, static_cast<data::Index>(column)), table.delimiter);
    }
    for (std::size_t i = 0; i < judged.size(); ++i) {
        const Tally& tally = tallies[i];
        if (tally.numbers > 0) {
            const std::size_t column = judged[i];
            const std::string_view cell = table.text_cell(tally.first_other, static_cast<data::Index>(column));
            log.detail(table.where(tally.first_other) + ": column '" + excerpt(table.header[column]) +
                       "' is kept as text: " + std::to_string(tally.others) + " of its " +
                       base::counted(tally.numbers + tally.others, "value") + " are no numbers, '" + excerpt(cell) +
                       "' is the first");
        }
    }
}

}  // namespace tare::io::detail
