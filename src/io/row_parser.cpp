// The inner loop of reading: one look at the storage of the column, one from_chars per number.
#include "row_parser.hpp"

#include <algorithm>
#include <atomic>
#include <limits>
#include <optional>

#include "cell_errors.hpp"
#include "cells.hpp"
#include "tare/base/number_text.hpp"
#include "tare/base/text.hpp"

namespace tare::io::detail {

namespace {

class RowParser {
public:
    RowParser(const RowFormat& format, std::string_view text, double* values, data::TextCells& cells,
              std::span<unsigned char> holds_text)
        : format_(format), text_(text), values_(values), cells_(cells), holds_text_(holds_text) {}

    void parse(const Record& record) {
        CellCursor cursor(bytes_of(record), format_.delimiter, record.quoted);
        const std::size_t columns = format_.columns();
        std::string_view cell;
        std::size_t column = 0;
        for (; cursor.next(cell); ++column) {
            if (column == columns) {
                fail_if_ragged(record);
            }
            if (format_.storage[column] == Storage::text) {
                check_text(record, cell);
                cells_.append(cell);
            } else if (const std::optional<double> number = base::parse_number(cell)) {
                *values_++ = *number;
            } else {
                *values_++ = std::numeric_limits<double>::quiet_NaN();
                if (!base::is_missing(cell)) {
                    note_other_text(record, column, cell);
                }
            }
        }
        if (column != columns) {
            fail_if_ragged(record);
        }
    }

private:
    [[nodiscard]] std::string_view bytes_of(const Record& record) const {
        return text_.substr(record.begin, record.end - record.begin);
    }

    /// A row that has lost or won a cell is reported as such, not by the cells that stand under a wrong name.
    void fail_if_ragged(const Record& record) const {
        const std::size_t cells = count_cells(bytes_of(record), format_.delimiter, record.quoted);
        if (cells != format_.columns()) {
            throw ragged(format_.source, record.line, cells, format_.columns());
        }
    }

    void check_text(const Record& record, std::string_view cell) const {
        if (!base::is_utf8(cell)) {
            fail_if_ragged(record);
            throw not_text(format_.source, record.line, cell);
        }
    }

    void note_other_text(const Record& record, std::size_t column, std::string_view cell) const {
        check_text(record, cell);
        if (format_.storage[column] == Storage::number) {
            fail_if_ragged(record);
            throw not_a_number(format_.source, record.line, format_.header[column], cell, format_.delimiter);
        }
        std::atomic_ref(holds_text_[column]).store(1, std::memory_order_relaxed);
    }

    const RowFormat& format_;
    std::string_view text_;
    double* values_;
    data::TextCells& cells_;
    std::span<unsigned char> holds_text_;
};

}  // namespace

std::size_t RowFormat::numbers() const noexcept {
    return columns() - static_cast<std::size_t>(std::count(storage.begin(), storage.end(), Storage::text));
}

void parse_rows(const RowFormat& format, std::string_view text, std::span<const Record> records, double* values,
                data::TextCells& cells, std::span<unsigned char> holds_text) {
    RowParser parser(format, text, values, cells, holds_text);
    for (const Record& record : records) {
        parser.parse(record);
    }
}

}  // namespace tare::io::detail
