// Reading a table: the header, the roles of its columns, and one pass over the rows; a second pass only where a column
// that began with numbers turns out to be text.
#include "tare/io/table_reader.hpp"

#include <utility>

#include "column_decisions.hpp"
#include "reading_window.hpp"
#include "table_header.hpp"
#include "table_pass.hpp"
#include "tare/base/error.hpp"
#include "tare/base/text.hpp"
#include "text_source.hpp"

namespace tare::io {

namespace {

using namespace detail;

/// Lets the first block of rows say which tentative columns are text.
void look_at_first_rows(const ReadingWindow& window, const TableHeader& header, RowFormat& format) {
    RecordSplitter splitter(format.source, header.delimiter, header.next_line, header.names.size() > 1);
    std::vector<Record> records;
    splitter.split(window.text(), window.is_last(), records);
    store_shown_text(format, window.text(), records, window.is_last());
}

}  // namespace

ColumnPolicy all_text() {
    return [](const std::vector<std::string>& header) { return std::vector(header.size(), ColumnRole::text); };
}

ReadTable read_table(const std::string& path, const ColumnPolicy& policy, const base::Resources& resources, base::Log& log) {
    TextSource source(path, resources);
    ReadingWindow window(source);
    const TableHeader header = read_header(window, path, source.name());
    window.advance(header.bytes);
    const std::vector<ColumnRole> roles = column_roles(policy, header.names);
    RowFormat format{source.name(), header.delimiter, header.names, first_storage(roles)};
    window.extend(block_size(header));
    look_at_first_rows(window, header, format);

    PassResult pass = read_rows(window, source, header, format, resources, log);
    std::string checksum = source.sha256();
    const std::vector<std::size_t> reread = columns_to_reread(format, pass.holds_text, pass.table);
    if (!reread.empty()) {
        log.detail(source.name() + ": read a second time, for the text of " + base::counted(reread.size(), "column"));
        for (const std::size_t column : reread) {
            format.storage[column] = Storage::text;
        }
        pass = {};
        source.rewind();
        ReadingWindow again(source);
        again.extend(header.bytes + block_size(header));
        again.advance(header.bytes);
        pass = read_rows(again, source, header, format, resources, log);
        if (source.sha256() != checksum) {
            throw base::Error(base::ExitCode::io, source.name() + ": changed while it was read");
        }
    }
    judge_text_candidates(roles, pass.table, log);
    return {std::move(pass.table), std::move(checksum)};
}

}  // namespace tare::io
