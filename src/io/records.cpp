// Lines without a quote, the usual case, are found at the speed of memchr; only records with quotes are walked through
// from quote to quote.
#include "records.hpp"

#include <algorithm>

#include "cell_errors.hpp"
#include "tare/base/text.hpp"

namespace tare::io::detail {

namespace {

constexpr std::size_t nowhere = std::string_view::npos;

}  // namespace

void RecordSplitter::add(std::string_view text, std::size_t begin, std::size_t end, bool quoted,
                         std::vector<Record>& records) const {
    if (end > begin && text[end - 1] == '\r') {
        --end;
    }
    const bool blank = text.substr(begin, end - begin).find_first_not_of(' ') == nowhere;
    if (!blank || !skip_blank_lines_) {
        records.push_back({begin, end, line_, quoted});
    }
}

std::size_t RecordSplitter::split(std::string_view text, bool last, std::vector<Record>& records, std::size_t most) {
    std::size_t begin = 0;
    std::size_t quote = text.find('"');
    while (begin < text.size() && records.size() < most && !fault_) {
        if (quote < begin) {
            quote = text.find('"', begin);
        }
        std::size_t end = text.find('\n', begin);
        std::uint64_t lines_inside = 0;
        const bool quoted = quote < std::min(end, text.size());
        if (quoted) {
            const std::optional<std::size_t> found = quoted_record_end(text, begin, last, lines_inside);
            if (!found) {
                break;
            }
            end = *found;
        } else if (end == nowhere) {
            if (!last) {
                break;
            }
            end = text.size();
        }
        add(text, begin, end, quoted, records);
        line_ += 1 + lines_inside;
        begin = std::min(end + 1, text.size());
    }
    return begin;
}

std::optional<std::size_t> RecordSplitter::quoted_record_end(std::string_view text, std::size_t begin, bool last,
                                                             std::uint64_t& lines_inside) {
    std::size_t position = begin;
    while (true) {
        const std::size_t quote = text.find('"', position);
        const std::size_t line_end = text.substr(0, quote).find('\n', position);
        if (line_end != nowhere) {
            return line_end;
        }
        if (quote == nowhere) {
            return last ? std::optional(text.size()) : std::nullopt;
        }
        position = quote + 1;
        if (quote == begin || text[quote - 1] == delimiter_) {
            const std::optional<std::size_t> after = after_closing_quote(text, position, last, lines_inside);
            if (!after) {
                return std::nullopt;
            }
            position = *after;
        }
    }
}

std::optional<std::size_t> RecordSplitter::after_closing_quote(std::string_view text, std::size_t position, bool last,
                                                               std::uint64_t& lines_inside) {
    const std::uint64_t opened_on = line_ + lines_inside;
    while (true) {
        const std::size_t quote = text.find('"', position);
        if (quote == nowhere) {
            if (last) {
                fault_ = base::malformed(at_line(source_, opened_on) + "the quote that opens here is never closed");
            }
            return std::nullopt;
        }
        const std::string_view passed = text.substr(position, quote - position);
        lines_inside += static_cast<std::uint64_t>(std::count(passed.begin(), passed.end(), '\n'));
        position = quote + 1;
        // What follows decides whether the quote closes, so it has to be there.
        const std::string_view next = text.substr(position, 2);
        if (!last && next.empty()) {
            return std::nullopt;
        }
        if (next.starts_with('"')) {
            ++position;
            continue;
        }
        if (next.empty() || next[0] == delimiter_ || next[0] == '\n' || next == "\r" || next == "\r\n") {
            return position;
        }
        if (next[0] == '\r') {
            fault_ = old_line_ends(source_);
            return std::nullopt;
        }
        const std::string_view rest = text.substr(position);
        const std::string_view stray = rest.substr(0, rest.find_first_of(std::string{delimiter_, '\n'}));
        fault_ = base::malformed(
            at_line(source_, line_ + lines_inside) + "text after a closing quote: '" + excerpt(base::trimmed(stray)) + "'",
            "a quote inside a quoted cell is written twice");
        return std::nullopt;
    }
}

}  // namespace tare::io::detail
