// Tables that are broken: what is said, and where.
#include <string>

#include <catch2/catch.hpp>

#include "table_test_support.hpp"
#include "tare/io/bytes.hpp"

using namespace tare;
using test::Failure;
using test::text_failure;

namespace {

std::string message(std::string_view bytes, const io::ColumnPolicy& policy = test::candidates(),
                    const std::string& name = "t.csv") {
    const Failure failure = text_failure(bytes, policy, name);
    CHECK(failure.code == 65);
    return failure.message;
}

}  // namespace

TEST_CASE("a table that is not there or not a file is an error of its own") {
    const test::TemporaryDirectory folder;
    base::SilentLog log;
    const auto code = [&](const std::string& path) {
        return test::failure_of([&] { (void)io::read_table(path, io::all_text(), {}, log); }).code;
    };
    CHECK(code(folder.path() / "missing.csv") == 66);
    CHECK(code(folder.path()) == 66);
}

TEST_CASE("tables without rows or header are errors") {
    CHECK(message("") == "t.csv: the file is empty");
    CHECK(message(io::gzip("")) == "t.csv: the file is empty");
    CHECK(message("\n\n \r\n") == "t.csv: the file is empty but for blank lines");
    CHECK(message("id,x\n") == "t.csv: has a header but no rows");
    CHECK(message("id,x") == "t.csv: has a header but no rows");
    CHECK(message("\xEF\xBB\xBFid,x\n\n\n") == "t.csv: has a header but no rows");
}

TEST_CASE("ragged rows are errors with their line and both counts") {
    CHECK(message("a,b,c\n1,2,3\n4,5\n") == "t.csv:3: 2 cells, but the header has 3");
    CHECK(message("a,b,c\n1,2,3,4\n") == "t.csv:2: 4 cells, but the header has 3");
    CHECK(message("a,b\n1,2\n\n,\n3\n") == "t.csv:5: 1 cell, but the header has 2");
    CHECK(message("a,b\n\"1\n2\",3\n4\n") == "t.csv:4: 1 cell, but the header has 2");
    CHECK(message("a\n1\n2,3\n") == "t.csv:3: 2 cells, but the header has 1");
    // A decimal comma in a comma file moves the cells; that is the fault, not the text under a wrong name.
    CHECK(message("id,x,g\na,1,5,male\n", test::roles("tff")) == "t.csv:2: 4 cells, but the header has 3");
    CHECK(message("id,g,x\na,\xff,1,5\n", test::roles("ttf")) == "t.csv:2: 4 cells, but the header has 3");
}

TEST_CASE("broken quotes are errors with the line on which they open") {
    CHECK(message("a,b\n1,2\n3,\"4\n5,6\n") == "t.csv:3: the quote that opens here is never closed");
    CHECK(message("a,\"b\n1,2\n") == "t.csv:1: the quote that opens here is never closed");
    const Failure failure = text_failure("a,b\n1,2\n\"3\"x,4\n");
    CHECK(failure ==
          Failure{65, "t.csv:3: text after a closing quote: 'x'", "a quote inside a quoted cell is written twice"});
    // An earlier fault of another kind comes first.
    CHECK(message("a,b\n1\n\"3\"x,4\n") == "t.csv:2: 1 cell, but the header has 2");
}

TEST_CASE("column names may not appear twice") {
    CHECK(message("id,b,x,c,d,e,x\n1,2,3,4,5,6,7\n") == "t.csv:1: column name 'x' appears twice (columns 3 and 7)");
    CHECK(message("\n\nid,id\n1,2\n") == "t.csv:3: column name 'id' appears twice (columns 1 and 2)");
    CHECK(message("id\n") == "t.csv: has a header but no rows");
}

TEST_CASE("what is no text table is turned away with a word on what it looks like") {
    using namespace std::string_literals;
    const std::string what = "t.csv: is not a text table";
    const std::string unicode = "it looks like UTF-16 or UTF-32: save it as CSV in UTF-8";
    const std::string spreadsheet = "it looks like a spreadsheet: export it as CSV or TSV";
    CHECK(text_failure("\xFF\xFEi\0d\0\n\0"s) == Failure{65, what, unicode});
    CHECK(text_failure("\xFE\xFF\0i\0d\0\n"s) == Failure{65, what, unicode});
    CHECK(text_failure("\xFF\xFE\0\0i\0\0\0"s) == Failure{65, what, unicode});
    CHECK(text_failure("\0\0\xFE\xFF\0\0\0i"s) == Failure{65, what, unicode});
    CHECK(text_failure("PK\x03\x04\x14xyz"s) == Failure{65, what, spreadsheet});
    CHECK(text_failure("\xD0\xCF\x11\xE0\xA1xyz"s) == Failure{65, what, spreadsheet});
    CHECK(text_failure("i\0d\0,\0x\0\n\0"s).message == what);
    CHECK(text_failure(io::gzip("i\0d\0,\0x\0\n\0"s)).message == what);
    const Failure old = text_failure("id,x\ra,1\rb,2\r");
    CHECK(old == Failure{65, "t.csv: its lines end in CR alone, as on old Macs", "convert it with: tr '\\r' '\\n'"});
    CHECK(text_failure("\"id\",\"x\"\r\"a\",1\r").message == old.message);
}

TEST_CASE("bytes that are not UTF-8 are errors with their line") {
    using namespace std::string_literals;
    const std::string hint = "convert the file, for example with: iconv -f latin1 -t utf-8";
    CHECK(text_failure("id,Gr\xF6\xDF"
                       "e\na,1\n") == Failure{65, "t.csv:1: bytes that are not UTF-8", hint});
    CHECK(text_failure("id,x\na,1\nM\xFCller,2\n") == Failure{65, "t.csv:3: bytes that are not UTF-8", hint});
    CHECK(text_failure("id,x\na,1\nb,2\xB5\n") == Failure{65, "t.csv:3: bytes that are not UTF-8", hint});
    CHECK(text_failure("id,x\na,1\nb,2\xB5\n", test::roles("tf")) == Failure{65, "t.csv:3: bytes that are not UTF-8", hint});
    const std::string far = "id,x\n" + std::string(5000, 'a') + ",1\n";
    CHECK(text_failure(far + "b\0,2\n"s).message == "t.csv:3: is not text: it holds a NUL byte");
    CHECK(text_failure(far + "b,2\0\n"s).message == "t.csv:3: is not text: it holds a NUL byte");
}

TEST_CASE("a feature cell that is no finite number is an error with column, cell and advice") {
    const std::string advice = "leave the column out with --exclude 'x', or mark the cell n/a";
    const auto failure = [](const std::string& cell, const std::string& delimiter = ",") {
        return text_failure("id" + delimiter + "x\na" + delimiter + "1\nb" + delimiter + cell + "\n", test::roles("tf"));
    };
    const std::string start = "t.csv:3: column 'x': ";
    CHECK(failure("abc") == Failure{65, start + "'abc' is not a number", advice});
    CHECK(failure("1.2.3") == Failure{65, start + "'1.2.3' is not a number", advice});
    CHECK(failure("12 mm") == Failure{65, start + "'12 mm' is not a number", advice});
    CHECK(failure("1e") == Failure{65, start + "'1e' is not a number", advice});
    CHECK(failure("0x1p3") == Failure{65, start + "'0x1p3' is not a number", advice});
    for (const std::string infinite : {"inf", "-inf", "+Inf", "Infinity", "1e999", "-1.5E+400", "1e309"}) {
        CHECK(failure(infinite) == Failure{65, start + "'" + infinite + "' is not a finite number", advice});
    }
    CHECK(failure(std::string(400, '9')).message.ends_with("is not a finite number"));
    CHECK(failure("3,14", ";") == Failure{65, start + "'3,14' is not a number", "decimal comma: write 3.14"});
    CHECK(failure("3,14", "\t") == Failure{65, start + "'3,14' is not a number", "decimal comma: write 3.14"});
    CHECK(failure("3,14,15", ";") == Failure{65, start + "'3,14,15' is not a number", advice});
    // Whatever stands in the cell, the message is one line of moderate length.
    CHECK(failure("\"a\nb\t\x1b[31m\"").message == start + "'a b  [31m' is not a number");
    CHECK(failure(std::string(59, 'z') + "\xC3\xA9" + std::string(99, 'z')).message ==
          start + "'" + std::string(59, 'z') + "...' is not a number");
}

TEST_CASE("too small a number is zero, not an error") {
    CHECK(test::read_text("id,x\na,1e-999\n", test::roles("tf")).features.values(0, 0) == 0.0);
}

TEST_CASE("a compressed table that is cut anywhere is an error") {
    const std::string whole = io::gzip("id,x\na,1.5\nb,2.5\nc,3.5\n");
    for (std::size_t size = 0; size < whole.size(); ++size) {
        INFO("cut after " << size << " bytes");
        CHECK(text_failure(whole.substr(0, size), test::candidates(), "t.csv.gz").code == 65);
    }
    CHECK(message("id,x\na,1\n", test::candidates(), "t.csv.gz") == "t.csv.gz: is not a gzip stream");
}

TEST_CASE("a table beyond the memory budget is an error") {
    std::string text = "id,x,y,z\n";
    for (int i = 0; i < 2000; ++i) {
        text += "s,1,2,3\n";
    }
    const test::TableFile file(text);
    base::SilentLog log;
    base::Resources resources;
    const auto code = [&] {
        return test::failure_of([&] { (void)io::read_table(file.path(), test::candidates(), resources, log); }).code;
    };
    resources.memory = 2000 * 3 * 8;
    CHECK(code() == 71);
    resources.memory = 16U << 20U;
    CHECK(code() == 0);
}

TEST_CASE("a file that changes while it is read is an error") {
    const std::string text = "id,x\na,1\nb,2\n";
    std::string longer = text;
    while (longer.size() < (std::size_t{1} << 20U)) {
        longer += "c,3\n";
    }
    for (const std::string& changed : {text, longer + "c,3\n"}) {
        const test::TableFile file(longer);
        const Failure failure = file.failure([&](const std::vector<std::string>& header) {
            test::put_file(file.path(), changed);
            return std::vector(header.size(), io::ColumnRole::text);
        });
        CHECK(failure == Failure{74, "t.csv: changed while it was read", ""});
    }
}

TEST_CASE("a file that changes between two readings of it is an error") {
    // Late text makes a second reading necessary, and saying so gives the occasion.
    std::string text = "id,x\n";
    while (text.size() < (std::size_t{5} << 20U)) {
        text += "a,1\n";
    }
    text += "b,n/a\nb,z\n";
    const test::TableFile file(text);
    class ChangingLog final : public base::Log {
    public:
        explicit ChangingLog(std::string path, std::string changed) : path_(std::move(path)), changed_(std::move(changed)) {}
        void warn(std::string_view) override {}
        void info(std::string_view) override {}
        void detail(std::string_view) override { test::put_file(path_, changed_); }
        void progress(std::string_view, double) override {}

    private:
        std::string path_;
        std::string changed_;
    };
    std::string changed = text;
    changed[changed.size() - 2] = 'y';
    ChangingLog log(file.path(), changed);
    const Failure failure = test::failure_of([&] { (void)io::read_table(file.path(), test::candidates(), {}, log); });
    CHECK(failure == Failure{74, file.path() + ": changed while it was read", ""});
}
