// Which columns become numbers: the caller's roles, and what the cells of the candidates say.
#include <string>

#include <catch2/catch.hpp>

#include "table_test_support.hpp"
#include "tare/base/sha256.hpp"
#include "tare/io/bytes.hpp"

using namespace tare;
using test::read_text;
using test::row_of;
using test::text_failure;
using Cells = std::vector<std::string>;

namespace {

/// A table of rows "s<i>,<cell(i)>,<i>" that takes several blocks of reading.
template <typename Cell>
std::string long_table(int rows, Cell cell) {
    std::string text = "id,c,x\n";
    for (int i = 0; i < rows; ++i) {
        text += "s" + std::to_string(i) + "," + cell(i) + "," + std::to_string(i) + std::string(40, '0') + "\n";
    }
    return text;
}

constexpr int long_rows = 250000;

}  // namespace

TEST_CASE("the policy is asked with the whole header and answers for every column") {
    Cells asked;
    (void)read_text("id,a,b\n1,2,3\n", [&](const Cells& header) {
        asked = header;
        return std::vector(header.size(), io::ColumnRole::text);
    });
    CHECK(asked == Cells{"id", "a", "b"});
    CHECK(text_failure("id,a,b\n1,2,3\n", test::roles("tt")).code == 70);
    CHECK(text_failure("id,a,b\n1,2,3\n", [](const Cells&) -> std::vector<io::ColumnRole> {
              throw base::usage_error("no column 'age'");
          }) == test::Failure{64, "no column 'age'", ""});
}

TEST_CASE("all_text keeps every cell as it stands") {
    const data::Table table = read_text("id,a\n007,1.50\n,NA\n", io::all_text());
    CHECK(table.features.features() == 0);
    CHECK(table.features.values.empty());
    CHECK(row_of(table, 0) == Cells{"007", "1.50"});
    CHECK(row_of(table, 1) == Cells{"", "NA"});
}

TEST_CASE("features and text columns keep their order") {
    const data::Table table = read_text("a,b,c,d\n1,x,2,y\n3,z,4,w\n", test::roles("ftft"));
    CHECK(table.place == std::vector<data::Index>{0, -1, 1, -2});
    CHECK(table.features.names == Cells{"a", "c"});
    CHECK(row_of(table, 1) == Cells{"<3>", "z", "<4>", "w"});
}

TEST_CASE("a feature may be missing everywhere, a candidate without a value is text") {
    const data::Table table = read_text("id,a,b\n1,,n/a\n2,NA,\n", test::roles("tfc"));
    CHECK(table.place == std::vector<data::Index>{-1, 0, -2});
    CHECK(row_of(table, 0) == Cells{"1", "<n/a>", "n/a"});
    CHECK(row_of(table, 1) == Cells{"2", "<n/a>", ""});
}

TEST_CASE("candidates without a name are text, and may be several") {
    const data::Table table = read_text(",id,, ,x\n0,a,1,2,3\n1,b,4,5,6\n", test::roles("ctccc"));
    CHECK(table.place == std::vector<data::Index>{-1, -2, -3, -4, 0});
    CHECK(row_of(table, 1) == Cells{"1", "b", "4", "5", "<6>"});
}

TEST_CASE("a candidate is text where fewer than half of its values are numbers, and this is said") {
    const test::TableFile file("id,c\n1,5\n2,a\n3,n/a\n4,b\n");
    test::KeepingLog log;
    const data::Table table = io::read_table(file.path(), test::candidates(), {}, log).table;
    CHECK(table.place[1] == -2);
    CHECK(row_of(table, 0) == Cells{"1", "5"});
    CHECK(row_of(table, 2) == Cells{"3", "n/a"});
    CHECK(log.details ==
          Cells{file.path() + ":3: column 'c' is kept as text: 2 of its 3 values are no numbers, 'a' is the first"});

    test::KeepingLog plain;
    (void)io::read_table(test::TableFile("id,c\n1,a\n2,n/a\n").path(), test::candidates(), {}, plain);
    CHECK(plain.details.empty());
}

TEST_CASE("a candidate of which half are numbers is an error at its first other cell") {
    const std::string hint = "leave the column out with --exclude 'c', or mark the cell n/a";
    CHECK(text_failure("id,c\n1,5\n2,abc\n") == test::Failure{65, "t.csv:3: column 'c': 'abc' is not a number", hint});
    CHECK(text_failure("id,c\n1,5\n2,6\n3,-inf\n") ==
          test::Failure{65, "t.csv:4: column 'c': '-inf' is not a finite number", hint});
    CHECK(text_failure("id;c\n1;3,14\n2;2,7\n") ==
          test::Failure{65, "t.csv:2: column 'c': '3,14' is not a number", "decimal comma: write 3.14"});
    CHECK(read_text("id,c\n1,\"3,14\"\n").place[1] == -2);
    // The smallest line speaks, then the smallest column.
    CHECK(text_failure("id,a,b\n1,5,6\n2,5,x\n3,y,6\n").message == "t.csv:3: column 'b': 'x' is not a number");
    CHECK(text_failure("id,a,b\n1,5,6\n2,x,y\n3,6,7\n").message == "t.csv:3: column 'a': 'x' is not a number");
}

TEST_CASE("a column whose text comes late is read again, with all its text") {
    const auto cell = [](int i) { return i < long_rows / 3 ? "0" + std::to_string(i % 10) : "text " + std::to_string(i); };
    const std::string text = long_table(long_rows, cell);
    for (const std::string& bytes : {text, io::gzip(text, 1)}) {
        const test::TableFile file(bytes, "table");
        test::KeepingLog log;
        const io::ReadTable read = io::read_table(file.path(), test::candidates(), test::threads(2), log);
        CHECK(read.sha256 == base::sha256_hex(bytes));
        const data::Table& table = read.table;
        CHECK(table.place == std::vector<data::Index>{-1, -2, 0});
        REQUIRE(table.rows() == long_rows);
        CHECK(table.features.values.columns() == 1);
        for (const int i : {0, 1, 5000, long_rows / 3, long_rows - 1}) {
            CHECK(table.text_cell(i, 0) == "s" + std::to_string(i));
            CHECK(table.text_cell(i, 1) == cell(i));
            CHECK(table.features.values(i, 0) == std::stod(std::to_string(i) + std::string(40, '0')));
        }
        REQUIRE(log.details.size() == 2);
        CHECK(log.details[0] == file.path() + ": read a second time, for the text of 1 column");
        CHECK(log.details[1].find("column 'c' is kept as text: 166667 of its 250000 values") != std::string::npos);
    }
}

TEST_CASE("a single cell that is no number is found at the end of a long table") {
    const test::TableFile file(
        long_table(long_rows, [](int i) { return i == long_rows - 2 ? std::string("1.2.3") : std::to_string(i); }));
    for (const int count : {1, 2, 5}) {
        CHECK(file.failure(test::candidates(), count).message ==
              "t.csv:" + std::to_string(long_rows) + ": column 'c': '1.2.3' is not a number");
        CHECK(file.failure(test::roles("tff"), count).message ==
              "t.csv:" + std::to_string(long_rows) + ": column 'c': '1.2.3' is not a number");
    }
}

TEST_CASE("a candidate that is missing for long is decided by what comes") {
    const test::TableFile numbers(long_table(long_rows, [](int i) { return i == long_rows - 1 ? "7" : "n/a"; }));
    const data::Table late = numbers.read(test::candidates());
    CHECK(late.place == std::vector<data::Index>{-1, 0, 1});
    CHECK(late.features.values(long_rows - 1, 0) == 7.0);

    const test::TableFile never(long_table(long_rows, [](int) { return "n/a"; }));
    const data::Table missing = never.read(test::candidates());
    CHECK(missing.place == std::vector<data::Index>{-1, -2, 0});
    CHECK(missing.text_cell(long_rows - 1, 1) == "n/a");
}
