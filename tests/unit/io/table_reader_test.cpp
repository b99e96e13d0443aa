// Tables as they exist: every accepted form gives the same table.
#include <cmath>
#include <string>
#include <thread>

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "table_test_support.hpp"
#include "tare/base/sha256.hpp"
#include "tare/io/bytes.hpp"

using namespace tare;
using test::read_text;
using test::row_of;
using Cells = std::vector<std::string>;

namespace {

const std::string small = "participant_id,site,volume\nsub-1,A,1.25\nsub-2,B,n/a\n";

void check_is_small(const data::Table& table) {
    CHECK(table.header == Cells{"participant_id", "site", "volume"});
    CHECK(table.place == std::vector<data::Index>{-1, -2, 0});
    CHECK(table.features.names == Cells{"volume"});
    REQUIRE(table.rows() == 2);
    CHECK(row_of(table, 0) == Cells{"sub-1", "A", "<1.25>"});
    CHECK(row_of(table, 1) == Cells{"sub-2", "B", "<n/a>"});
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
    return text;
}

}  // namespace

TEST_CASE("every accepted form of a table is read alike") {
    check_is_small(read_text(small));
    check_is_small(read_text("\xEF\xBB\xBF" + small));
    check_is_small(read_text(replaced(small, "\n", "\r\n")));
    check_is_small(read_text("\xEF\xBB\xBF\r\n" + replaced(small, "\n", "\r\n\r\n")));
    check_is_small(read_text(small.substr(0, small.size() - 1)));
    check_is_small(read_text(small + "\n  \n\n"));
    check_is_small(read_text("\n\n" + replaced(small, "\nsub", "\n\nsub")));
    check_is_small(read_text(replaced(replaced(small, "sub-1", "\"sub-1\""), "1.25", "\" 1.25 \"")));
    check_is_small(read_text(replaced(small, ",1.25", ", 1.25 ")));
    check_is_small(read_text(replaced(small, "1.25", "+125e-2")));
    check_is_small(read_text(replaced(small, ",", "\t"), test::candidates(), "t.tsv"));
    check_is_small(read_text(replaced(small, ",", ";")));
    check_is_small(read_text(io::gzip(small), test::candidates(), "t.csv.gz"));
    check_is_small(read_text(io::gzip(small.substr(0, 40)) + io::gzip(small.substr(40)), test::candidates(), "t.gz"));
    check_is_small(read_text(io::gzip(small), test::candidates(), "compressed, but not by its name"));
}

TEST_CASE("missing values have many spellings") {
    for (const char* const missing : {"", "n/a", "N/A", "NA", "na", "NaN", "nan", " ", "\"\"", "\"NA\""}) {
        INFO("'" << missing << "'");
        const data::Table table = read_text("id,x\na," + std::string(missing) + "\nb,1\n", test::roles("tf"));
        CHECK(std::isnan(table.features.values(0, 0)));
        CHECK(table.features.values(1, 0) == 1.0);
    }
}

TEST_CASE("the header shows the delimiter, the name of the file says which is likely") {
    const auto delimiter = [](std::string_view text, const std::string& name) {
        return read_text(text, io::all_text(), name).delimiter;
    };
    CHECK(delimiter("a,b\n1,2\n", "t.csv") == ',');
    CHECK(delimiter("a;b\n1;2\n", "t.csv") == ';');
    CHECK(delimiter("a;b,c;d\n1;2;3\n", "t.csv") == ';');
    CHECK(delimiter("a\tb\n1\t2\n", "t.csv") == '\t');
    CHECK(delimiter("a,b\tc\td\n1,2\n", "t.csv") == ',');
    CHECK(delimiter("a\tb,c,d\n1\t2\n", "t.tsv") == '\t');
    CHECK(delimiter("a\tb,c,d\n1\t2\n", "T.TSV") == '\t');
    CHECK(delimiter("a,b\n1,2\n", "t.tsv") == ',');
    CHECK(delimiter("a\tb,c\n1\t2\n", "t.txt") == '\t');
    CHECK(delimiter("a\tb,c,d\n1,2,3\n", "t.txt") == ',');
    CHECK(delimiter("\"a,b,c\";d\n1;2\n", "t.csv") == ';');
    CHECK(delimiter("\"a\"\"\t\t\",d\n1,2\n", "t.txt") == ',');
    CHECK(delimiter("a\n1\n", "t.csv") == ',');
    CHECK(delimiter("a\n1\n", "t.tsv") == '\t');
    CHECK(delimiter("a\n1\n", "t") == '\t');
}

TEST_CASE("quoted cells keep delimiters, quotes, line ends and spaces") {
    const data::Table table =
        read_text("id,\"the \"\"note\"\", long\",x\na,\"1, 2\nand \"\"3\"\"\r\n\",\"4\"\nb,  spaced  ,5\nc,5\" disk,6\n",
                  test::roles("ttf"));
    CHECK(table.header[1] == "the \"note\", long");
    CHECK(row_of(table, 0) == Cells{"a", "1, 2\nand \"3\"\r\n", "<4>"});
    CHECK(row_of(table, 1) == Cells{"b", "  spaced  ", "<5>"});
    CHECK(row_of(table, 2) == Cells{"c", "5\" disk", "<6>"});
    CHECK(table.line_numbers == std::vector<std::uint32_t>{2, 5, 6});
}

TEST_CASE("column names are kept as they are") {
    const data::Table table = read_text("id, padded ,Größe\na,1,2\n");
    CHECK(table.header == Cells{"id", " padded ", "Größe"});
    CHECK(table.features.names == Cells{" padded ", "Größe"});
}

TEST_CASE("a table of one column has no blank lines, only missing values") {
    const data::Table table = read_text("x\n1\n\n\"\"\n2\n", test::roles("f"));
    REQUIRE(table.rows() == 4);
    CHECK(row_of(table, 1) == Cells{"<n/a>"});
    CHECK(row_of(table, 2) == Cells{"<n/a>"});
    CHECK(table.line_numbers == std::vector<std::uint32_t>{2, 3, 4, 5});
}

TEST_CASE("a table is read from named pipes and from standard input") {
    const test::TemporaryDirectory folder;
    base::SilentLog log;
    for (const std::string& bytes : {small, io::gzip(small)}) {
        const std::string pipe = folder.path() / "pipe";
        REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
        std::thread writer([&] { test::put_file(pipe, bytes); });
        const io::ReadTable piped = io::read_table(pipe, test::candidates(), {}, log);
        writer.join();
        check_is_small(piped.table);
        CHECK(piped.sha256 == base::sha256_hex(bytes));
        std::filesystem::remove(pipe);

        const std::string file = folder.path() / "file";
        test::put_file(file, bytes);
        const int kept = ::dup(STDIN_FILENO);
        const int opened = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
        REQUIRE(::dup2(opened, STDIN_FILENO) == STDIN_FILENO);
        const io::ReadTable standard = io::read_table("-", test::candidates(), {}, log);
        ::dup2(kept, STDIN_FILENO);
        ::close(kept);
        ::close(opened);
        check_is_small(standard.table);
        CHECK(standard.table.source == "<stdin>");
        CHECK(standard.sha256 == base::sha256_hex(bytes));
    }
}

TEST_CASE("the checksum is of the bytes as stored, the source is the name as given") {
    base::SilentLog log;
    for (const std::string& bytes :
         {small, "\xEF\xBB\xBF" + small, io::gzip(small), io::gzip(small) + io::gzip("c,C,3\n")}) {
        const test::TableFile file(bytes, "table");
        const io::ReadTable read = io::read_table(file.path(), test::candidates(), {}, log);
        CHECK(read.sha256 == base::sha256_hex(bytes));
        CHECK(read.table.source == file.path());
    }
}

TEST_CASE("reading tells how far it has come") {
    const test::TableFile file(small);
    test::KeepingLog log;
    (void)io::read_table(file.path(), test::candidates(), {}, log);
    REQUIRE_FALSE(log.steps.empty());
    CHECK(log.steps.back() == "reading " + file.path());
    CHECK(log.last_fraction == 1.0);
    CHECK(log.warnings.empty());
}
