// Blocks and the pieces that threads take are cut by size alone, and the earliest piece with a fault speaks, so tables
// and errors are the same for every number of threads. The values lie in one vector reserved from the first block:
// reserved pages that are never touched cost nothing, growing by copying would cost twice the table.
#include "table_pass.hpp"

#include <algorithm>
#include <exception>
#include <limits>
#include <string>
#include <utility>

#include "records.hpp"
#include "tare/base/error.hpp"

namespace tare::io::detail {

namespace {

/// Consecutive records that one thread parses at a time, and what they become.
struct Piece {
    std::size_t first = 0;
    std::size_t count = 0;
    data::TextCells cells;
    std::exception_ptr failure;
};

class TablePass {
public:
    TablePass(ReadingWindow& window, const TextSource& source, const TableHeader& header, const RowFormat& format,
              const base::Resources& resources)
        : window_(window),
          source_(source),
          format_(format),
          resources_(resources),
          block_size_(block_size(header)),
          rows_bytes_(source.size() - std::min<std::uint64_t>(source.size(), header.bytes)),
          numbers_(format.numbers()),
          splitter_(source.name(), header.delimiter, header.next_line, header.names.size() > 1),
          cells_(static_cast<data::Index>(format.columns() - numbers_)),
          holds_text_(format.columns(), 0) {}

    /// Parses the next block while more is read; false when there is no more.
    bool parse_block() {
        const bool last = window_.is_last();
        records_.clear();
        const std::size_t used = splitter_.split(window_.text(), last, records_);
        used_bytes_ += used;
        cut_pieces();
        reserve();
        const std::size_t row = line_numbers_.size();
        values_.resize((row + records_.size()) * numbers_);
        // A record longer than a block makes the window grow, by doubling.
        const std::size_t next_size = std::max(block_size_, window_.text().size() - used);
        parse_pieces(values_.data() + row * numbers_, next_size);
        if (splitter_.fault()) {
            throw *splitter_.fault();
        }
        if (ahead_failure_) {
            std::rethrow_exception(ahead_failure_);
        }
        for (const Record& record : records_) {
            line_numbers_.push_back(static_cast<std::uint32_t>(record.line));
        }
        for (const Piece& piece : pieces_) {
            cells_.append_rows(piece.cells);
        }
        window_.advance(used);
        return !last;
    }

    [[nodiscard]] double fraction() const noexcept {
        return rows_bytes_ == 0 ? 1.0 : static_cast<double>(used_bytes_) / static_cast<double>(rows_bytes_);
    }

    [[nodiscard]] PassResult finish() && {
        PassResult result;
        result.holds_text = std::move(holds_text_);
        data::Table& table = result.table;
        table.source = source_.name();
        table.delimiter = format_.delimiter;
        table.header = format_.header;
        data::Index texts = 0;
        for (std::size_t column = 0; column < format_.columns(); ++column) {
            const bool is_text = format_.storage[column] == Storage::text;
            table.place.push_back(is_text ? -1 - texts++ : table.features.features());
            if (!is_text) {
                table.features.names.push_back(format_.header[column]);
            }
        }
        table.features.values = data::Matrix<double>(static_cast<data::Index>(numbers_), std::move(values_));
        table.text = std::move(cells_);
        table.line_numbers = std::move(line_numbers_);
        return result;
    }

private:
    void cut_pieces() {
        constexpr std::size_t piece_bytes = std::size_t{1} << 17;
        pieces_.clear();
        for (std::size_t i = 0; i < records_.size(); ++i) {
            if (pieces_.empty() || records_[i].begin - records_[pieces_.back().first].begin >= piece_bytes) {
                pieces_.push_back({i, 0, data::TextCells(cells_.columns()), nullptr});
            }
            ++pieces_.back().count;
        }
    }

    /// Room for all rows, as many as the bytes read so far let expect and a little more; and the budget for it.
    void reserve() {
        const std::size_t needed = line_numbers_.size() + records_.size();
        const std::uint64_t held =
            cells_.memory() + source_.memory() + window_.memory() + line_numbers_.capacity() * sizeof(std::uint32_t);
        base::check_memory(resources_, held + needed * numbers_ * sizeof(double), source_.name());
        if (needed == 0 || needed * numbers_ <= values_.capacity()) {
            return;
        }
        const double rows_per_byte = static_cast<double>(needed) / static_cast<double>(used_bytes_);
        const double expected = window_.is_last() ? 0.0 : 1.02 * rows_per_byte * static_cast<double>(rows_bytes_) + 16.0;
        const std::size_t rows = std::max(needed, static_cast<std::size_t>(expected));
        // What is expected may exceed the budget where what comes does not.
        const std::uint64_t affordable = (resources_.memory - held) / sizeof(double);
        values_.reserve(std::max<std::size_t>(needed * numbers_, std::min<std::uint64_t>(rows * numbers_, affordable)));
        line_numbers_.reserve(rows);
    }

    void parse_pieces(double* values, std::size_t next_size) {
        const auto count = static_cast<std::ptrdiff_t>(pieces_.size());
        // The first task is the reading ahead: the longest, where the checksum is slow.
#pragma omp parallel for num_threads(resources_.threads) schedule(dynamic, 1)
        for (std::ptrdiff_t task = -1; task < count; ++task) {
            if (task < 0) {
                try {
                    window_.read_ahead(next_size);
                } catch (...) {
                    ahead_failure_ = std::current_exception();
                }
                continue;
            }
            Piece& piece = pieces_[static_cast<std::size_t>(task)];
            try {
                parse_rows(format_, window_.text(), std::span(records_).subspan(piece.first, piece.count),
                           values + piece.first * numbers_, piece.cells, holds_text_);
            } catch (...) {
                piece.failure = std::current_exception();
            }
        }
        for (const Piece& piece : pieces_) {
            if (piece.failure) {
                std::rethrow_exception(piece.failure);
            }
        }
    }

    ReadingWindow& window_;
    const TextSource& source_;
    const RowFormat& format_;
    const base::Resources& resources_;
    std::size_t block_size_;
    std::uint64_t rows_bytes_;
    std::uint64_t used_bytes_ = 0;
    std::size_t numbers_;
    RecordSplitter splitter_;
    std::vector<Record> records_;
    std::vector<Piece> pieces_;
    std::exception_ptr ahead_failure_;
    std::vector<double> values_;
    data::TextCells cells_;
    std::vector<std::uint32_t> line_numbers_;
    std::vector<unsigned char> holds_text_;
};

}  // namespace

std::size_t block_size(const TableHeader& header) noexcept {
    return std::max(std::size_t{4} << 20, 8 * header.bytes);
}

PassResult read_rows(ReadingWindow& window, const TextSource& source, const TableHeader& header, const RowFormat& format,
                     const base::Resources& resources, base::Log& log) {
    TablePass pass(window, source, header, format, resources);
    const std::string what = "reading " + source.name();
    while (pass.parse_block()) {
        log.progress(what, pass.fraction());
    }
    log.progress(what, 1.0);
    PassResult result = std::move(pass).finish();
    if (result.table.rows() == 0) {
        throw base::malformed(source.name() + ": has a header but no rows");
    }
    return result;
}

}  // namespace tare::io::detail
