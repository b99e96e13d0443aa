// The bad-input list: tables that are broken, or are no tables.
#include <catch2/catch.hpp>
#include <unistd.h>

#include "fault.hpp"
#include "support/places.hpp"
#include "support/process.hpp"
#include "workplace.hpp"

using tare::test::check_faults;

namespace {

const std::string harmonise = "tare-harmonise --covariates age --output x.csv --model x.json --input ";
const std::string exclude_y1 = "leave the column out with --exclude 'y1', or mark the cell n/a";
const std::string damaged_hint = "copy or download the file again; gzip -t should find no fault in it";

/// A bash line that makes `file` of a header and these lines, in which printf's escapes count.
std::string table(const std::string& file, const std::string& lines) {
    return "printf 'participant_id,site,age,y1,y2\\n" + lines + "' > " + file;
}

}  // namespace

TEST_CASE("tables that are empty, ragged or badly quoted") {
    check_faults({
        {": > t.csv", harmonise + "t.csv", 65, "t.csv: the file is empty"},
        {"printf '\\n\\n' > t.csv", harmonise + "t.csv", 65, "t.csv: the file is empty but for blank lines"},
        {table("t.csv", ""), harmonise + "t.csv", 65, "t.csv: has a header but no rows"},
        {"", "tare-harmonise --input - --output x.csv < /dev/null", 65, "<stdin>: the file is empty"},
        {table("t.csv", "a,A,1,2,3\\nb,A,2,5\\n"), harmonise + "t.csv", 65, "t.csv:3: 4 cells, but the header has 5"},
        {table("t.csv", "a,A,1,2,3\\nb,A,2,5,6,7\\n"), harmonise + "t.csv", 65, "t.csv:3: 6 cells, but the header has 5"},
        {table("t.csv", "a,A,1,2,3\\n\"b,A,2,5,6\\nc,B,2,5,6\\n"), harmonise + "t.csv", 65,
         "t.csv:3: the quote that opens here is never closed"},
        {table("t.csv", "a,A,1,2,3\\n\"b\"x,A,2,5,6\\n"), harmonise + "t.csv", 65,
         "t.csv:3: text after a closing quote: 'x'", "a quote inside a quoted cell is written twice"},
        {"printf 'participant_id,site,y,y\\na,A,1,2\\n' > t.csv", harmonise + "t.csv", 65,
         "t.csv:1: column name 'y' appears twice (columns 3 and 4)"},
        {"printf 'participant_id,site,age\\ra,A,1\\r' > t.csv", harmonise + "t.csv", 65,
         "t.csv: its lines end in CR alone, as on old Macs", "convert it with: tr '\\r' '\\n'"},
    });
}

TEST_CASE("rows without a name, or with somebody else's") {
    check_faults({
        {table("t.csv", "a,A,1,2,3\\nb,A,2,5,1\\na,B,3,1,2\\n"), harmonise + "t.csv", 65,
         "t.csv:4: column 'participant_id': 'a' stands on line 2 already",
         "repeated visits need a column that tells them apart: --session COLUMN"},
        {"printf 'participant_id,session_id,site,age,y\\na,1,A,1,2\\na,2,A,2,3\\na,1,A,3,4\\n' > t.csv", harmonise + "t.csv",
         65, "t.csv:4: column 'participant_id': 'a 1' stands on line 2 already"},
        {table("t.csv", "a,A,1,2,3\\n,A,2,5,1\\n"), harmonise + "t.csv", 65,
         "t.csv:3: column 'participant_id': the id is missing"},
        {table("t.csv", "a,A,1,2,3\\nNA,A,2,5,1\\n"), harmonise + "t.csv", 65,
         "t.csv:3: column 'participant_id': the id is missing"},
        {table("t.csv", "a,A,1,2,3\\nb,,2,5,1\\n"), harmonise + "t.csv", 65, "t.csv:3: column 'site': the site is missing"},
        {table("t.csv", "a,A,1,2,3\\nb,n/a,2,5,1\\n"), harmonise + "t.csv", 65,
         "t.csv:3: column 'site': the site is missing"},
        {table("t.csv", "a,A,1,2,3\\nb,A,,5,1\\nc,A,4,4,4\\n"), harmonise + "t.csv", 65,
         "t.csv:3: column 'age': the value is missing", "fill it in, leave the row out, or leave the covariate out"},
    });
}

TEST_CASE("cells that are no numbers where numbers belong") {
    check_faults({
        {table("t.csv", "a,A,1,2,3\\nb,A,2,5,1\\nc,B,3,abc,2\\n"), harmonise + "t.csv", 65,
         "t.csv:4: column 'y1': 'abc' is not a number", exclude_y1},
        {table("t.csv", "a,A,1,x,3\\nb,A,2,y,1\\n"), harmonise + "t.csv --features y1,y2", 65,
         "t.csv:2: column 'y1': 'x' is not a number", exclude_y1},
        {table("t.csv", "a,A,1,2,3\\n\\nb,A,2,inf,1\\nc,B,3,1,2\\n"), harmonise + "t.csv", 65,
         "t.csv:4: column 'y1': 'inf' is not a finite number", exclude_y1},
        {table("t.csv", "a,A,1,2,3\\nb,A,2,-1e999,1\\nc,B,3,1,2\\n"), harmonise + "t.csv", 65,
         "t.csv:3: column 'y1': '-1e999' is not a finite number", exclude_y1},
        {table("t.csv", "a,A,1,2,3\\nb,A,old,5,1\\nc,B,3,1,2\\n"), harmonise + "t.csv", 65,
         "t.csv:3: column 'age': 'old' is not a number", "a column of categories is named in --categorical"},
        {table("t.csv", "a,A,1,2,3\\nb,A,\"31,5\",5,1\\nc,B,\"30,1\",1,2\\n"), harmonise + "t.csv", 65,
         "t.csv:3: column 'age': '31,5' is not a number", "decimal comma: write 31.5"},
        {"printf 'participant_id\\tsite\\tage\\ty1\\na\\tA\\t1\\t1.5\\nb\\tA\\t2\\t3,14\\nc\\tB\\t3\\t2.5\\n' > t.tsv",
         harmonise + "t.tsv", 65, "t.tsv:3: column 'y1': '3,14' is not a number", "decimal comma: write 3.14"},
        {"printf 'participant_id;site;age;y1;y2\\na;A;1;7;1,5\\nb;A;2;8;3,14\\nc;B;3;9;2,5\\n' > t.csv", harmonise + "t.csv",
         65, "t.csv:2: column 'y2': '1,5' is not a number", "decimal comma: write 1.5"},
        {table("t.csv", "a,A,1,2,3\\n\"b\nb\",A,2,5,1\\nc,B,3,abc,2\\n"), harmonise + "t.csv", 65,
         "t.csv:5: column 'y1': 'abc' is not a number", exclude_y1},
    });
}

TEST_CASE("bytes that are no text in UTF-8") {
    check_faults({
        {"iconv -f utf-8 -t utf-16 cohort.tsv > t.tsv", harmonise + "t.tsv", 65, "t.tsv: is not a text table",
         "it looks like UTF-16 or UTF-32: save it as CSV in UTF-8"},
        {"iconv -f utf-8 -t utf-16le cohort.tsv > t.tsv", harmonise + "t.tsv", 65, "t.tsv: is not a text table",
         "it holds NUL bytes: save the table as CSV in UTF-8"},
        {"(cat cohort.tsv; printf 'sub-\\0\\n') > t.tsv", harmonise + "t.tsv", 65,
         "t.tsv:146: 1 cell, but the header has 35"},
        {"(cat cohort.tsv; tail -1 cohort.tsv | sed 's/sub-/sub\\x00/') > t.tsv", harmonise + "t.tsv", 65,
         "t.tsv:146: is not text: it holds a NUL byte", "save the table as CSV in UTF-8"},
        {table("t.csv", "M\\374ller,A,1,2,3\\n"), harmonise + "t.csv", 65, "t.csv:2: bytes that are not UTF-8",
         "convert the file, for example with: iconv -f latin1 -t utf-8"},
        {"printf 'PK\\003\\004anything' > t.xlsx", harmonise + "t.xlsx", 65, "t.xlsx: is not a text table",
         "it looks like a spreadsheet: export it as CSV or TSV"},
        {"printf '\\320\\317\\021\\340\\241\\261' > t.xls", harmonise + "t.xls", 65, "t.xls: is not a text table",
         "it looks like a spreadsheet: export it as CSV or TSV"},
    });
}

TEST_CASE("gzip files that are cut or damaged never yield numbers") {
    const std::string pack = "gzip -nc cohort.tsv > whole.gz; ";
    const auto poke = [&](const std::string& place) {
        return pack + "cp whole.gz t.tsv.gz; printf '\\377' | dd status=none conv=notrunc of=t.tsv.gz bs=1 seek=" + place;
    };
    const std::string damaged = "t.tsv.gz: the gzip stream is cut short or damaged";
    check_faults({
        {pack + "head -c 5000 whole.gz > t.tsv.gz", harmonise + "t.tsv.gz", 65, damaged, damaged_hint},
        {pack + "head -c 12 whole.gz > t.tsv.gz", harmonise + "t.tsv.gz", 65, damaged, damaged_hint},
        {pack + "head -c -1 whole.gz > t.tsv.gz", harmonise + "t.tsv.gz", 65, damaged, damaged_hint},
        {pack + "head -c -8 whole.gz > t.tsv.gz", harmonise + "t.tsv.gz", 65, damaged, damaged_hint},
        {poke("9000"), harmonise + "t.tsv.gz", 65, damaged, damaged_hint},
        {poke("$(($(stat -c %s whole.gz) - 1))"), harmonise + "t.tsv.gz", 65, damaged, damaged_hint},
        {"cp cohort.tsv t.tsv.gz", harmonise + "t.tsv.gz", 65, "t.tsv.gz: is not a gzip stream",
         "if it is plain text, rename it without .gz"},
        {": > t.tsv.gz", harmonise + "t.tsv.gz", 65, "t.tsv.gz: the file is empty"},
    });
}

TEST_CASE("bytes behind a gzip stream are counted and placed") {
    const tare::test::Workplace place;
    place.succeed("gzip -nc cohort.tsv > t.tsv.gz");
    const std::string whole = std::to_string(std::filesystem::file_size(place / "t.tsv.gz"));
    check_faults({{"gzip -nc cohort.tsv > t.tsv.gz; printf hello >> t.tsv.gz", harmonise + "t.tsv.gz", 65,
                   "t.tsv.gz: 5 bytes that are no gzip data follow the gzip stream, from byte " + whole}});
}

TEST_CASE("inputs that cannot be opened or read") {
    check_faults({
        {"", harmonise + "nowhere.csv", 66, "nowhere.csv: no such file"},
        {"", harmonise + "cohort.tsv/x.csv", 66, "cohort.tsv/x.csv: no such file"},
        {"ln -s nowhere.csv t.csv", harmonise + "t.csv", 66, "t.csv: no such file"},
        {"mkdir t.csv", harmonise + "t.csv", 66, "t.csv: is a folder, not a file"},
        {"", harmonise + "/proc/self/mem", 74, "/proc/self/mem: cannot be read: Input/output error"},
        {"", harmonise + "- < .", 66, "<stdin>: is a folder, not a file"},
        {"", harmonise + "cohort.tsv --participants nowhere.tsv", 66, "nowhere.tsv: no such file"},
    });
}

TEST_CASE("a file that may not be read is said so") {
    std::string as_nobody;
    if (geteuid() == 0) {
        as_nobody = "setpriv --reuid=65534 --regid=65534 --clear-groups ";
        if (tare::test::shell(as_nobody + "tare --version").code != 0) {
            tare::test::skip("root reads everything, and setpriv cannot make us somebody else here");
            return;
        }
    }
    const auto finished = tare::test::shell(
        "cd $(mktemp -d) && chmod 777 . && echo x > t.csv && chmod 000 t.csv && { " + as_nobody +
        "tare-harmonise --input t.csv --output x.csv; code=$?; ls -A; rm -f t.csv; rmdir $PWD; exit $code; }");
    CHECK(finished.code == 66);
    CHECK(finished.err == "tare-harmonise: error: t.csv: may not be read: Permission denied\n");
    CHECK(finished.out == "t.csv\n");
}
