// Cutting text into records does not depend on where the text itself is cut.
#include "../../../src/io/records.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include "../../../src/io/cells.hpp"
#include "tare/base/rng.hpp"

using namespace tare;
using io::detail::Record;
using io::detail::RecordSplitter;

namespace {

struct Row {
    std::uint64_t line;
    std::vector<std::string> cells;
    friend bool operator==(const Row&, const Row&) = default;
};

struct Split {
    std::vector<Row> rows;
    std::string fault;
};

/// Splits `text` as it comes, `step` bytes more at a time.
Split split_in_steps(std::string_view text, std::size_t step, bool skip_blank = true) {
    RecordSplitter splitter("t.csv", ',', 1, skip_blank);
    Split result;
    std::size_t begin = 0;
    for (std::size_t end = std::min(step, text.size());; end = std::min(end + step, text.size())) {
        const std::string_view window = text.substr(begin, end - begin);
        std::vector<Record> records;
        begin += splitter.split(window, end == text.size(), records);
        for (const Record& record : records) {
            Row row{record.line, {}};
            io::detail::CellCursor cursor(window.substr(record.begin, record.end - record.begin), ',', record.quoted);
            for (std::string_view cell; cursor.next(cell);) {
                row.cells.emplace_back(cell);
            }
            result.rows.push_back(row);
        }
        if (splitter.fault()) {
            result.fault = splitter.fault()->what();
            return result;
        }
        if (end == text.size()) {
            return result;
        }
    }
}

std::vector<Row> rows_of(std::string_view text) {
    return split_in_steps(text, text.size() + 1).rows;
}

}  // namespace

TEST_CASE("records end at line ends outside quotes") {
    CHECK(rows_of("a,b\r\nc,d\n") == std::vector<Row>{{1, {"a", "b"}}, {2, {"c", "d"}}});
    CHECK(rows_of("a,b") == std::vector<Row>{{1, {"a", "b"}}});
    CHECK(rows_of("a,b\r") == std::vector<Row>{{1, {"a", "b"}}});
    CHECK(rows_of("a,\n,\n") == std::vector<Row>{{1, {"a", ""}}, {2, {"", ""}}});
    CHECK(rows_of("\n\r\n  \na\n\nb\n") == std::vector<Row>{{4, {"a"}}, {6, {"b"}}});
    CHECK(split_in_steps("a\n\nb\n", 99, false).rows == std::vector<Row>{{1, {"a"}}, {2, {""}}, {3, {"b"}}});
}

TEST_CASE("quotes protect delimiters, quotes and line ends, at the beginning of a cell only") {
    CHECK(rows_of("\"a,b\",c\n") == std::vector<Row>{{1, {"a,b", "c"}}});
    CHECK(rows_of("\"a \"\"b\"\"\",\"\"\"\"\n") == std::vector<Row>{{1, {"a \"b\"", "\""}}});
    CHECK(rows_of("\"two\nlines\",x\r\ny,\"\"\n") == std::vector<Row>{{1, {"two\nlines", "x"}}, {3, {"y", ""}}});
    CHECK(rows_of("\"a\"\r\n\"b\"") == std::vector<Row>{{1, {"a"}}, {2, {"b"}}});
    CHECK(rows_of("5\" disk,3'\"\n") == std::vector<Row>{{1, {"5\" disk", "3'\""}}});
    CHECK(rows_of(" \"a\",b\n") == std::vector<Row>{{1, {" \"a\"", "b"}}});
}

TEST_CASE("faulty quotes are named with their line") {
    const auto fault = [](std::string_view text) { return split_in_steps(text, text.size() + 1).fault; };
    CHECK(fault("a,b\nc,\"d\ne,f\n") == "t.csv:2: the quote that opens here is never closed");
    CHECK(fault("a,\"b\n\",\"c\n\n") == "t.csv:2: the quote that opens here is never closed");
    CHECK(fault("a,\"b\"c,d\n") == "t.csv:1: text after a closing quote: 'c'");
    CHECK(fault("\"x\ny\" z\n") == "t.csv:2: text after a closing quote: 'z'");
    CHECK(fault("\"a\",\"b\"\r\"c\",\"d\"\r").find("CR alone") != std::string::npos);
}

TEST_CASE("records are the same wherever the text is cut") {
    base::Rng rng(7);
    constexpr std::string_view letters = "ab,,\"\"\n\n\r ";
    int with_fault = 0;
    int without = 0;
    for (int round = 0; round < 400; ++round) {
        std::string text(rng.below(40), ' ');
        for (char& c : text) {
            c = letters[rng.below(letters.size())];
        }
        Split whole = split_in_steps(text, text.size() + 1);
        (whole.fault.empty() ? without : with_fault)++;
        for (std::size_t step = 1; step < text.size(); ++step) {
            Split pieces = split_in_steps(text, step);
            INFO("'" << text << "' in steps of " << step);
            CHECK(pieces.rows == whole.rows);
            // The excerpt in the message may be shorter, its place may not.
            CHECK(pieces.fault.substr(0, 20) == whole.fault.substr(0, 20));
        }
    }
    CHECK(with_fault > 50);
    CHECK(without > 50);
}
