// Writes a table in the order it was read: non-feature cells as their own text, features as the shortest text that
// reads back to the same double, missing as n/a. Quotes only where the delimiter demands them; line ends are LF.
#pragma once

#include <string>

#include "tare/base/resources.hpp"
#include "tare/data/table.hpp"
#include "tare/io/output.hpp"

namespace tare::io {

/// The delimiter for an output called `path`: tab for .tsv, comma for .csv (semicolon stays semicolon), for
/// anything else (and "-") the delimiter of the input.
[[nodiscard]] char output_delimiter(const std::string& path, char input_delimiter);

/// Writes `table` with `delimiter`; the bytes are the same for every number of threads.
/// Gzip-compressed if the output's path ends in .gz. Throws Error (74) when writing fails.
void write_table(Output& output, const data::Table& table, char delimiter, const base::Resources& resources);

}  // namespace tare::io
