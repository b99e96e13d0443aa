// Which columns are numbers and which are text: what the caller's policy leaves open, the cells decide.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "records.hpp"
#include "row_parser.hpp"
#include "tare/base/log.hpp"
#include "tare/data/table.hpp"
#include "tare/io/table_reader.hpp"

namespace tare::io::detail {

/// The role of every column: the policy's, except that a candidate without a name is text.
[[nodiscard]] std::vector<ColumnRole> column_roles(const ColumnPolicy& policy, const std::vector<std::string>& header);

/// How each role is stored before any cell has been seen.
[[nodiscard]] std::vector<Storage> first_storage(std::span<const ColumnRole> roles);

/// Looks at the first records and stores as text what shows other text already there, so that the file need not be
/// read twice for it; with `whole_table` also what shows no number at all.
void store_shown_text(RowFormat& format, std::string_view text, std::span<const Record> records, bool whole_table);

/// The tentative columns of a table read to its end that must be read again as text: those noted in `holds_text`, and
/// those without a number.
[[nodiscard]] std::vector<std::size_t> columns_to_reread(const RowFormat& format, std::span<const unsigned char> holds_text,
                                                         const data::Table& table);

/// Judges the candidates stored as text: where half of the values or more are numbers, throws Error (65) that names the
/// first cell, in reading order, that is not; else says so in the log.
void judge_text_candidates(std::span<const ColumnRole> roles, const data::Table& table, base::Log& log);

}  // namespace tare::io::detail
