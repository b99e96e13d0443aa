// Chunks of rows are formatted (and compressed) by all threads and written in order. A chunk is cut by the number of
// columns alone, so the bytes do not depend on the threads. In a compressed table every chunk ends after the first cell
// of the row that follows: a file that is cut between two gzip members then ends in a broken row, not in a whole one.
#include "tare/io/table_writer.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <exception>
#include <string>
#include <string_view>

#include "tare/base/number_text.hpp"
#include "tare/io/bytes.hpp"

namespace tare::io {

namespace {

std::string in_lower_case(std::string text) {
    for (char& c : text) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return text;
}

class RowFormatter {
public:
    RowFormatter(const data::Table& table, char delimiter)
        : table_(table), special_{delimiter, '"', '\r', '\n'}, delimiter_(delimiter) {}

    [[nodiscard]] data::Index columns() const noexcept { return static_cast<data::Index>(table_.header.size()); }

    void append_header(std::string& out) const {
        for (data::Index column = 0; column < columns(); ++column) {
            append_text(out, table_.header[static_cast<std::size_t>(column)]);
            out += column + 1 == columns() ? '\n' : delimiter_;
        }
    }

    /// The cells `from` to `to` (exclusive) of a row, each with the delimiter or line end after it.
    void append_cells(std::string& out, data::Index row, data::Index from, data::Index to) const {
        for (data::Index column = from; column < to; ++column) {
            const data::Index place = table_.place[static_cast<std::size_t>(column)];
            if (place >= 0) {
                base::append_number(out, table_.features.values(row, place));
            } else {
                append_text(out, table_.text.cell(row, -1 - place));
            }
            out += column + 1 == columns() ? '\n' : delimiter_;
        }
    }

private:
    void append_text(std::string& out, std::string_view cell) const {
        // The only cell of a row is quoted when it is empty, because many readers skip blank lines.
        const bool looks_blank = columns() == 1 && cell.empty();
        if (!looks_blank && cell.find_first_of(std::string_view(special_.data(), special_.size())) == cell.npos) {
            out += cell;
            return;
        }
        out += '"';
        for (std::size_t quote = cell.find('"'); quote != cell.npos; quote = cell.find('"')) {
            out += cell.substr(0, quote + 1);
            out += '"';
            cell.remove_prefix(quote + 1);
        }
        out += cell;
        out += '"';
    }

    const data::Table& table_;
    std::array<char, 4> special_;
    char delimiter_;
};

/// The bytes of chunk number `chunk`, of `size` rows each.
std::string chunk_bytes(const RowFormatter& formatter, data::Index rows, data::Index chunk, data::Index size,
                        bool compressed) {
    std::string bytes;
    if (chunk == 0) {
        formatter.append_header(bytes);
    }
    const data::Index begin = chunk * size;
    const data::Index end = std::min(begin + size, rows);
    const data::Index shift = compressed ? 1 : 0;
    for (data::Index row = begin; row < end; ++row) {
        const bool has_begun = row == begin && chunk > 0;
        formatter.append_cells(bytes, row, has_begun ? shift : 0, formatter.columns());
    }
    if (end < rows) {
        formatter.append_cells(bytes, end, 0, shift);
    }
    // Digits hardly compress: the first level is five times as fast as the sixth and gives away a tenth.
    return compressed ? gzip(bytes, 1) : bytes;
}

}  // namespace

char output_delimiter(const std::string& path, char input_delimiter) {
    std::string name = in_lower_case(path);
    if (name.ends_with(".gz")) {
        name.resize(name.size() - 3);
    }
    if (name.ends_with(".tsv")) {
        return '\t';
    }
    if (name.ends_with(".csv")) {
        return input_delimiter == ';' ? ';' : ',';
    }
    return input_delimiter;
}

void write_table(Output& output, const data::Table& table, char delimiter, const base::Resources& resources) {
    constexpr data::Index cells_per_chunk = 65536;
    const RowFormatter formatter(table, delimiter);
    const bool compressed = in_lower_case(output.path()).ends_with(".gz");
    const data::Index size = std::max<data::Index>(1, cells_per_chunk / std::max<data::Index>(1, formatter.columns()));
    const data::Index chunks = std::max<data::Index>(1, (table.rows() + size - 1) / size);
    std::exception_ptr failure;
    std::atomic<bool> has_failed = false;
#pragma omp parallel for ordered num_threads(resources.threads) schedule(dynamic, 1)
    for (data::Index chunk = 0; chunk < chunks; ++chunk) {
        std::string bytes;
        std::exception_ptr own_failure;
        try {
            if (!has_failed) {
                bytes = chunk_bytes(formatter, table.rows(), chunk, size, compressed);
            }
        } catch (...) {
            own_failure = std::current_exception();
        }
#pragma omp ordered
        {
            try {
                if (!has_failed && own_failure) {
                    std::rethrow_exception(own_failure);
                }
                if (!has_failed) {
                    output.write(bytes);
                }
            } catch (...) {
                failure = std::current_exception();
                has_failed = true;
            }
        }
    }
    if (failure) {
        std::rethrow_exception(failure);
    }
}

}  // namespace tare::io
