// Large tables: whatever the number of threads and wherever blocks are cut, the table and its errors are the same.
#include <string>

#include <catch2/catch.hpp>

#include "table_test_support.hpp"
#include "tare/base/rng.hpp"
#include "tare/base/sha256.hpp"
#include "tare/io/bytes.hpp"

using namespace tare;
using Cells = std::vector<std::string>;

namespace {

/// About 12 MB: text, quoted text with delimiters and line ends, numbers, missing values, blank lines, CRLF.
std::string varied_table(std::uint64_t seed) {
    base::Rng rng(seed);
    std::string text = "id,note";
    for (int column = 0; column < 30; ++column) {
        text += ",f" + std::to_string(column);
    }
    text += "\r\n";
    for (int row = 0; row < 22000; ++row) {
        text += "s" + std::to_string(row) + ",";
        text += rng.below(3) == 0 ? "\"a \"\"b\"\",\n" + std::to_string(row) + "\"" : "plain";
        for (int column = 0; column < 30; ++column) {
            text += ',';
            if (rng.below(10) == 0) {
                text += rng.below(2) == 0 ? "n/a" : "";
            } else {
                base::append_number(text, rng.normal());
            }
        }
        text += rng.below(2) == 0 ? "\r\n" : "\n";
        text += rng.below(100) == 0 ? "\n" : "";
    }
    return text;
}

std::string with_fault(std::string text, double where, const std::string& fault) {
    const std::size_t line = text.find("\ns", static_cast<std::size_t>(where * static_cast<double>(text.size())));
    return text.insert(line + 1, fault);
}

}  // namespace

TEST_CASE("a table of several blocks is the same for every number of threads") {
    const std::string text = varied_table(1);
    REQUIRE(text.size() > (std::size_t{10} << 20));
    const test::TableFile file(text);
    const data::Table one = file.read(test::candidates(), 1);
    REQUIRE(one.rows() == 22000);
    REQUIRE(one.features.features() == 30);
    for (const int count : {2, 3, 8}) {
        CHECK(test::same_table(one, file.read(test::candidates(), count)));
    }
    const test::TableFile compressed(io::gzip(text, 1), "t.csv.gz");
    CHECK(test::same_table(one, compressed.read(test::candidates(), 2)));
    test::KeepingLog log;
    CHECK(io::read_table(file.path(), test::candidates(), test::threads(2), log).sha256 == base::sha256_hex(text));
    CHECK(log.details.empty());  // the first block showed all, so one reading was enough
}

TEST_CASE("the earliest fault is the one reported, for every number of threads") {
    const std::string text = varied_table(2);
    const std::string ragged = "bad,row\n";
    const std::string quote = "\"x\"y,row\n";
    const std::string bytes = "\xff" + std::string(31, ',') + "\n";
    for (const double where : {0.01, 0.4, 0.99}) {
        for (const std::string& first : {ragged, quote, bytes}) {
            std::string broken = with_fault(text, where, first);
            const std::string before = broken.substr(0, broken.find("\n" + first) + 1);
            const auto line = std::to_string(1 + std::count(before.begin(), before.end(), '\n'));
            broken = with_fault(with_fault(std::move(broken), where + 0.002, bytes), where + 0.004, ragged);
            const test::TableFile file(broken);
            const test::Failure one = file.failure(test::candidates(), 1);
            CHECK(one.code == 65);
            CHECK(one.message.starts_with("t.csv:" + line + ": "));
            for (const int count : {2, 3, 8}) {
                CHECK(file.failure(test::candidates(), count) == one);
            }
        }
    }
}

TEST_CASE("a quote that is never closed is found in a large table") {
    const test::TableFile file(with_fault(varied_table(3).substr(0, 9000000), 0.3, "\"open"));
    const test::Failure failure = file.failure(test::candidates());
    CHECK(failure.code == 65);
    // The next quote of the table closes it, and text follows.
    CHECK(failure.message.find("text after a closing quote") != std::string::npos);
    std::string text = "id,x\n";
    for (int row = 0; row < 600000; ++row) {
        text += row == 1000 ? "\"s,1\n" : "sub-" + std::to_string(row) + ",1.5\n";
    }
    CHECK(test::text_failure(text).message == "t.csv:1002: the quote that opens here is never closed");
}

TEST_CASE("100,000 columns and rows longer than the header are no trouble") {
    constexpr int columns = 100000;
    base::Rng rng(4);
    std::string text = "id";
    for (int column = 0; column < columns; ++column) {
        text += ",f" + std::to_string(column);
    }
    text += "\n";
    std::vector<std::vector<double>> values(7, std::vector<double>(columns));
    for (std::size_t row = 0; row < values.size(); ++row) {
        text += "s" + std::to_string(row);
        for (double& value : values[row]) {
            value = rng.normal();
            text += ',';
            base::append_number(text, value);
        }
        text += "\n";
    }
    const test::TableFile file(text);
    for (const int count : {1, 2}) {
        const data::Table table = file.read(test::candidates(), count);
        REQUIRE(table.rows() == 7);
        REQUIRE(table.features.features() == columns);
        for (std::size_t row = 0; row < values.size(); ++row) {
            const auto got = table.features.values.row(static_cast<data::Index>(row));
            CHECK(std::equal(got.begin(), got.end(), values[row].begin()));
        }
    }
}

TEST_CASE("one cell may be larger than a block") {
    const std::string large(std::size_t{11} << 20, 'x');
    for (const std::string& cell : {large, "\"" + large + "\n,\"\"\""}) {
        const data::Table table = test::read_text("id,note,x\na," + cell + ",1\nb,c,2\n");
        REQUIRE(table.rows() == 2);
        CHECK(table.text_cell(0, 1).substr(0, large.size()) == large);
        CHECK(test::row_of(table, 1) == Cells{"b", "c", "<2>"});
    }
    const data::Table header = test::read_text("id," + large + "\na,1\n");
    CHECK(header.features.names == Cells{large});
}

TEST_CASE("rows that become shorter or longer do not upset the expected size") {
    for (const bool growing : {false, true}) {
        std::string text = "id,note,x\n";
        const int rows = 120000;
        for (int row = 0; row < rows; ++row) {
            const bool is_long = growing ? row > rows / 2 : row < 20000;
            text += "s," + std::string(is_long ? 300 : 1, 'n') + "," + std::to_string(row) + "\n";
        }
        const data::Table table = test::read_text(text);
        REQUIRE(table.rows() == rows);
        bool all = true;
        for (data::Index row = 0; row < rows; ++row) {
            all = all && table.features.values(row, 0) == static_cast<double>(row);
        }
        CHECK(all);
    }
}
