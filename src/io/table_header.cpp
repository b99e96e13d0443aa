// What is no text table is turned away here, with a word about what it looks like.
#include "table_header.hpp"

#include <algorithm>
#include <unordered_map>

#include "cell_errors.hpp"
#include "cells.hpp"
#include "records.hpp"
#include "tare/base/error.hpp"
#include "tare/base/text.hpp"

namespace tare::io::detail {

namespace {

constexpr std::size_t piece = std::size_t{1} << 16;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

void check_is_text(std::string_view text, const std::string& source) {
    using namespace std::string_view_literals;
    if (text.empty()) {
        throw base::malformed(source + ": the file is empty");
    }
    for (const std::string_view mark : {"\xFF\xFE"sv, "\xFE\xFF"sv, "\0\0\xFE\xFF"sv}) {
        if (text.starts_with(mark)) {
            throw not_a_table(source, "it looks like UTF-16 or UTF-32: save it as CSV in UTF-8");
        }
    }
    for (const std::string_view magic : {"PK\x03\x04"sv, "\xD0\xCF\x11\xE0"sv}) {
        if (text.starts_with(magic)) {
            throw not_a_table(source, "it looks like a spreadsheet: export it as CSV or TSV");
        }
    }
    if (text.substr(0, 4096).find('\0') != std::string_view::npos) {
        throw not_a_table(source, "it holds NUL bytes: save the table as CSV in UTF-8");
    }
}

/// How often each delimiter stands outside quotes in the first line, before any of them is known to be the one.
struct DelimiterCounts {
    std::size_t tabs = 0;
    std::size_t commas = 0;
    std::size_t semicolons = 0;
};

/// Counts the delimiters up to the first line end outside quotes; false where that is not in `text` yet.
bool count_delimiters(std::string_view text, bool last, DelimiterCounts& counts) {
    counts = {};
    bool inside = false;
    bool at_cell_start = true;
    for (const char c : text) {
        if (c == '"' && (inside || at_cell_start)) {
            // A doubled quote closes and opens again, which comes to the same.
            inside = !inside;
            at_cell_start = !inside;
            continue;
        }
        if (inside) {
            continue;
        }
        if (c == '\n') {
            return true;
        }
        counts.tabs += c == '\t' ? 1U : 0U;
        counts.commas += c == ',' ? 1U : 0U;
        counts.semicolons += c == ';' ? 1U : 0U;
        at_cell_start = c == '\t' || c == ',' || c == ';';
    }
    return last;
}

bool ends_like(std::string_view path, std::string_view ending) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return path.size() >= ending.size() &&
           std::equal(ending.begin(), ending.end(), path.end() - static_cast<std::ptrdiff_t>(ending.size()),
                      [&](char expected, char given) { return expected == lower(given); });
}

char choose_delimiter(const std::string& path, const DelimiterCounts& counts) {
    const bool named_csv = ends_like(path, ".csv") || ends_like(path, ".csv.gz");
    const bool named_tsv = ends_like(path, ".tsv") || ends_like(path, ".tsv.gz");
    const std::size_t most = std::max(counts.commas, counts.semicolons);
    const char comma_like = counts.semicolons > counts.commas ? ';' : ',';
    if (most == 0 && counts.tabs == 0) {
        return named_csv ? ',' : '\t';
    }
    const bool prefers_tab = named_tsv ? counts.tabs > 0 : named_csv ? most == 0 : counts.tabs >= most;
    return prefers_tab ? '\t' : comma_like;
}

void check_names(const TableHeader& header, const std::string& source, std::uint64_t line) {
    std::unordered_map<std::string_view, std::size_t> first;
    for (std::size_t column = 0; column < header.names.size(); ++column) {
        const std::string& name = header.names[column];
        if (!base::is_utf8(name)) {
            throw not_text(source, line, name);
        }
        if (is_blank_name(name)) {
            continue;
        }
        const auto [known, is_new] = first.try_emplace(name, column);
        if (!is_new) {
            throw base::malformed(at_line(source, line) + "column name '" + excerpt(name) + "' appears twice (columns " +
                                  std::to_string(known->second + 1) + " and " + std::to_string(column + 1) + ")");
        }
    }
}

}  // namespace

bool is_blank_name(std::string_view name) noexcept {
    return base::trimmed(name).empty();
}

TableHeader read_header(ReadingWindow& window, const std::string& path, const std::string& source) {
    window.extend(piece);
    check_is_text(window.text(), source);
    TableHeader header;
    header.bytes = window.text().starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
    // Blank lines before the header, of which each ends in LF.
    while (true) {
        const std::string_view rest = window.text().substr(header.bytes);
        const std::size_t text = rest.find_first_not_of(" \r\n");
        if (text == std::string_view::npos) {
            if (window.is_last()) {
                throw base::malformed(source + ": the file is empty but for blank lines");
            }
            window.extend(piece);
            continue;
        }
        const std::string_view blank = rest.substr(0, text);
        const std::size_t line_end = blank.rfind('\n');
        header.bytes += line_end == std::string_view::npos ? 0 : line_end + 1;
        header.next_line += static_cast<std::uint64_t>(std::count(blank.begin(), blank.end(), '\n'));
        break;
    }

    DelimiterCounts counts;
    while (!count_delimiters(window.text().substr(header.bytes), window.is_last(), counts)) {
        window.extend(piece);
    }
    header.delimiter = choose_delimiter(path, counts);

    const std::uint64_t line = header.next_line;
    std::vector<Record> records;
    std::size_t used = 0;
    while (true) {
        RecordSplitter splitter(source, header.delimiter, line, true);
        const std::string_view rest = window.text().substr(header.bytes);
        used = splitter.split(rest, window.is_last(), records, 1);
        if (splitter.fault()) {
            throw *splitter.fault();
        }
        header.next_line = splitter.line();
        if (!records.empty()) {
            break;
        }
        window.extend(piece);
    }
    const Record& record = records.front();
    const std::string_view bytes = window.text().substr(header.bytes + record.begin, record.end - record.begin);
    CellCursor cursor(bytes, header.delimiter, record.quoted);
    for (std::string_view cell; cursor.next(cell);) {
        header.names.emplace_back(cell);
    }
    if (!record.quoted && bytes.find('\r') != std::string_view::npos) {
        throw old_line_ends(source);
    }
    header.bytes += used;
    check_names(header, source, line);
    return header;
}

}  // namespace tare::io::detail
