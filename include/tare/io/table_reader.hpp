// Reads CSV and TSV tables as they exist: plain or gzip, comma, tab or semicolon, BOM, CRLF, quotes, blank lines.
// Which columns become numbers is the caller's policy; the rest keeps its text. Damage is an error with FILE:LINE.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "tare/base/log.hpp"
#include "tare/base/resources.hpp"
#include "tare/data/table.hpp"

namespace tare::io {

enum class ColumnRole {
    text,       ///< kept as text
    feature,    ///< every cell must be a number or missing; anything else is an error
    candidate,  ///< a feature if its cells are numbers; text if (most of) its cells are not
};

/// Given all column names, the role of each. May throw Error (unknown column names and the like).
using ColumnPolicy = std::function<std::vector<ColumnRole>(const std::vector<std::string>& header)>;

/// The policy that keeps every column as text.
[[nodiscard]] ColumnPolicy all_text();

struct ReadTable {
    data::Table table;
    std::string sha256;  ///< of the bytes of the file as stored (compressed if it is), for provenance
};

/// Reads the table at `path` ("-" is standard input). The delimiter is the one the header shows: a `.tsv` name
/// prefers tab, a `.csv` name comma or semicolon. A candidate column with no number in it is text; one with both
/// becomes text when fewer than half of its non-missing cells are numbers, and is otherwise an error that names the
/// first cell that is no number. A candidate without any value is text; so is one with a blank name.
/// The result and any error are the same for every number of threads.
/// Throws Error: 66 no such file; 65 malformed (cut or corrupt gzip, ragged row, unclosed quote, duplicate column
/// name, no header, no rows, bytes that are not UTF-8, binary content, infinite or unreadable number in a feature
/// column); 71 beyond `resources.memory`; 74 read failure.
[[nodiscard]] ReadTable read_table(const std::string& path, const ColumnPolicy& policy, const base::Resources& resources,
                                   base::Log& log);

}  // namespace tare::io
