// Tables come back as they were read, whatever stands in them, and their bytes depend on nothing but the table.
#include "tare/io/table_writer.hpp"

#include <limits>
#include <string>

#include <catch2/catch.hpp>

#include "table_test_support.hpp"
#include "tare/base/rng.hpp"
#include "tare/io/bytes.hpp"

using namespace tare;
using Cells = std::vector<std::string>;

namespace {

/// The bytes of the file that `table` is written to.
std::string written(const data::Table& table, char delimiter = ',', const std::string& name = "out.csv", int count = 2) {
    const test::TemporaryDirectory folder;
    base::TemporaryFiles unfinished;
    io::OutputSet outputs(unfinished, false);
    io::write_table(outputs.open(folder.path() / name), table, delimiter, test::threads(count));
    outputs.commit();
    return test::get_file(folder.path() / name);
}

std::string rewritten(std::string_view text, const io::ColumnPolicy& policy = test::candidates(), char delimiter = ',') {
    return written(test::read_text(text, policy), delimiter);
}

data::Table random_table(data::Index rows, data::Index features, std::uint64_t seed) {
    constexpr std::string_view letters = "ab ,;\t\"\r\n'\xC3";
    base::Rng rng(seed);
    data::Table table;
    table.delimiter = ',';
    table.text = data::TextCells(2);
    table.header = {"id", "note, \"quoted\""};
    table.place = {-1, -2};
    std::vector<double> values;
    for (data::Index column = 0; column < features; ++column) {
        table.header.push_back("f" + std::to_string(column));
        table.place.push_back(column);
        table.features.names.push_back(table.header.back());
    }
    for (data::Index row = 0; row < rows; ++row) {
        table.text.append("s" + std::to_string(row));
        std::string note;
        for (std::uint64_t i = rng.below(6); i > 0; --i) {
            const char letter = letters[rng.below(letters.size())];
            note += letter == '\xC3' ? std::string("\xC3\xA9") : std::string(1, letter);
        }
        table.text.append(note);
        for (data::Index column = 0; column < features; ++column) {
            values.push_back(rng.below(9) == 0 ? std::numeric_limits<double>::quiet_NaN()
                                               : rng.normal() * std::pow(10.0, rng.uniform(-300.0, 300.0)));
        }
        table.line_numbers.push_back(static_cast<std::uint32_t>(row + 2));
    }
    table.features.values = data::Matrix<double>(features, std::move(values));
    return table;
}

}  // namespace

TEST_CASE("a table is written as it was read, in plain LF lines") {
    CHECK(rewritten("id,x,site\r\ns1,1.50,A\r\ns2,n/a,\r\n") == "id,x,site\ns1,1.5,A\ns2,n/a,\n");
    CHECK(rewritten("\xEF\xBB\xBFid,x\n 007 ,\n\ns2,-0\n") == "id,x\n 007 ,n/a\ns2,-0\n");
    CHECK(rewritten("id,c\n1,NA\n2,NaN\n3,\n") == "id,c\n1,NA\n2,NaN\n3,\n");
}

TEST_CASE("numbers are written in the shortest text that reads back") {
    CHECK(rewritten("id,x\na,0.10000000000000001\nb,1e-320\nc,123456789012345678\nd,5e-1\n") ==
          "id,x\na,0.1\nb,1e-320\nc,123456789012345680\nd,0.5\n");
}

TEST_CASE("cells are quoted only where they must be") {
    const std::string text = "id,\"a,b\",c\n\"s\"\"1\",\"x\ny\",z;z\n\"plain\",\"\rcr\",\" spaced \"\n";
    CHECK(rewritten(text, io::all_text()) == "id,\"a,b\",c\n\"s\"\"1\",\"x\ny\",z;z\nplain,\"\rcr\", spaced \n");
    CHECK(rewritten(text, io::all_text(), ';') == "id;a,b;c\n\"s\"\"1\";\"x\ny\";\"z;z\"\nplain;\"\rcr\"; spaced \n");
    CHECK(rewritten("id,x\n5\" disk,1\n") == "id,x\n\"5\"\" disk\",1\n");
}

TEST_CASE("the only cell of a row is never a blank line") {
    CHECK(rewritten("id\na\n\nb\n", io::all_text()) == "id\na\n\"\"\nb\n");
    CHECK(rewritten("x\n1\n\n2\n", test::roles("f")) == "x\n1\nn/a\n2\n");
}

TEST_CASE("random tables survive writing and reading, with every delimiter") {
    for (const char delimiter : {',', ';', '\t'}) {
        for (std::uint64_t seed = 0; seed < 10; ++seed) {
            data::Table table = random_table(60, 5, seed);
            const std::string bytes = written(table, delimiter);
            const data::Table back = test::read_text(bytes, test::roles("ttfffff"), delimiter == '\t' ? "t.tsv" : "t.csv");
            table.delimiter = delimiter;
            table.line_numbers = back.line_numbers;  // notes with line ends move the rows
            CHECK(test::same_table(table, back));
            CHECK(written(back, delimiter) == bytes);
        }
    }
}

TEST_CASE("the bytes are the same for every number of threads, compressed or not") {
    const data::Table table = random_table(9000, 40, 1);
    const std::string plain = written(table, ',', "out.csv", 1);
    const std::string compressed = written(table, ',', "out.csv.gz", 1);
    REQUIRE(plain.size() > (std::size_t{4} << 20));
    for (const int count : {2, 3, 8}) {
        CHECK(written(table, ',', "out.csv", count) == plain);
        CHECK(written(table, ',', "out.csv.gz", count) == compressed);
    }
    CHECK(io::gunzip(compressed, "out.csv.gz", {}) == plain);
    CHECK(written(table, ',', "OUT.CSV.GZ") == compressed);
}

TEST_CASE("a compressed table that is cut between two members does not pass for a smaller table") {
    const std::string compressed = written(random_table(9000, 40, 1), ',', "out.csv.gz");
    std::size_t boundaries = 0;
    for (std::size_t at = compressed.find("\x1f\x8b\x08", 1); at != std::string::npos;
         at = compressed.find("\x1f\x8b\x08", at + 1)) {
        const test::Failure failure = test::text_failure(compressed.substr(0, at), test::candidates(), "t.csv.gz");
        CHECK(failure.code == 65);
        boundaries += failure.message.find("but the header has 42") != std::string::npos ? 1U : 0U;
    }
    CHECK(boundaries >= 4);
}

TEST_CASE("very wide tables are written too") {
    const data::Table table = random_table(3, 100000, 2);
    const std::string plain = written(table);
    CHECK(io::gunzip(written(table, ',', "out.csv.gz"), "out.csv.gz", {}) == plain);
    const data::Table back = test::read_text(plain, test::roles("tt" + std::string(100000, 'f')));
    CHECK(std::equal(back.features.values.row(2).begin(), back.features.values.row(2).end(),
                     table.features.values.row(2).begin(),
                     [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }));
}

TEST_CASE("the name of the output decides the delimiter where it says one") {
    CHECK(io::output_delimiter("x.tsv", ',') == '\t');
    CHECK(io::output_delimiter("x.TSV.gz", ';') == '\t');
    CHECK(io::output_delimiter("x.csv", '\t') == ',');
    CHECK(io::output_delimiter("x.csv", ';') == ';');
    CHECK(io::output_delimiter("x.csv.gz", ',') == ',');
    CHECK(io::output_delimiter("x.txt", ';') == ';');
    CHECK(io::output_delimiter("-", '\t') == '\t');
    CHECK(io::output_delimiter("/dev/null", ',') == ',');
}

TEST_CASE("a write failure of the output reaches the caller, for every number of threads") {
    const data::Table table = random_table(9000, 40, 1);
    base::TemporaryFiles unfinished;
    for (const int count : {1, 4}) {
        io::Output full("/dev/full", unfinished);
        CHECK(test::failure_of([&] { io::write_table(full, table, ',', test::threads(count)); }) ==
              test::Failure{74, "/dev/full: cannot be written: No space left on device", ""});
    }
}
