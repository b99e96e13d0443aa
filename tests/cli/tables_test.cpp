// Tables as they exist: whatever form a table comes in, it leaves in the same, with nothing but feature cells changed.
#include <sstream>

#include <catch2/catch.hpp>

#include "workplace.hpp"

using tare::test::Workplace;

namespace {

using Rows = std::vector<std::vector<std::string>>;

Rows rows_of(const std::string& text, char delimiter) {
    Rows rows;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        rows.emplace_back();
        std::istringstream cells(line);
        for (std::string cell; std::getline(cells, cell, delimiter);) rows.back().push_back(cell);
    }
    return rows;
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
        text.replace(at, what.size(), by);
    }
    return text;
}

const std::string harmonise = "tare-harmonise --quiet --covariates age,sex --input ";

}  // namespace

TEST_CASE("columns, rows and their order stay; only feature cells change, all of them") {
    const Workplace place;
    const Rows before = rows_of(place.read("cohort.tsv"), '\t'),
               after = rows_of(place.succeed(harmonise + "cohort.tsv"), '\t');
    REQUIRE(after.size() == before.size());
    CHECK(after[0] == before[0]);
    for (std::size_t i = 1; i < before.size(); ++i) {
        REQUIRE(after[i].size() == before[i].size());
        for (std::size_t j = 0; j < 5; ++j) CHECK(after[i][j] == before[i][j]);
        std::size_t same = 0;
        for (std::size_t j = 5; j < before[i].size(); ++j) same += after[i][j] == before[i][j] ? 1U : 0U;
        CHECK(same == 0);
    }
}

TEST_CASE("a column that is no feature keeps its text, be it numbers or not") {
    const Workplace place;
    const Rows before = rows_of(place.read("cohort.tsv"), '\t');
    const Rows after = rows_of(place.succeed(harmonise + "cohort.tsv --features '*_fd' --exclude region03_fd"), '\t');
    for (std::size_t i = 1; i < before.size(); ++i) {
        for (std::size_t j = 0; j < before[i].size(); ++j) {
            const bool feature = before[0][j].ends_with("_fd") && before[0][j] != "region03_fd";
            if ((after[i][j] == before[i][j]) == feature) FAIL("line " << i + 1 << ", column " << before[0][j]);
        }
    }
}

TEST_CASE("one table in every form gives one result in the form of the input") {
    const Workplace place;
    const std::string table = place.read("cohort.tsv");
    const std::string result = place.succeed(harmonise + "cohort.tsv");
    place.write("t.csv", replaced(table, "\t", ","));
    place.write("semi.csv", replaced(table, "\t", ";"));
    place.write("crlf.tsv", replaced(table, "\n", "\r\n"));
    place.write("bom.tsv", "\xEF\xBB\xBF" + table);
    place.write("quoted.csv",
                "\"" + replaced(replaced(table.substr(0, table.size() - 1), "\t", "\",\""), "\n", "\"\n\"") + "\"\n");
    place.write("unended.tsv", table.substr(0, table.size() - 1));
    place.write("noname", table);
    place.succeed(
        "gzip -nk cohort.tsv t.csv; cp cohort.tsv.gz packed.tsv; split -n 3 cohort.tsv p.; "
        "for p in p.aa p.ab p.ac; do gzip -nc $p; done > members.tsv.gz");
    const auto in_commas = replaced(result, "\t", ",");
    CHECK(place.succeed(harmonise + "t.csv") == in_commas);
    CHECK(place.succeed(harmonise + "quoted.csv") == in_commas);
    CHECK(place.succeed(harmonise + "t.csv.gz") == in_commas);
    CHECK(place.succeed(harmonise + "- < t.csv") == in_commas);
    CHECK(place.succeed(harmonise + "semi.csv") == replaced(result, "\t", ";"));
    for (const std::string name :
         {"crlf.tsv", "bom.tsv", "unended.tsv", "noname", "cohort.tsv.gz", "packed.tsv", "members.tsv.gz"}) {
        INFO(name);
        CHECK(place.succeed(harmonise + name) == result);
    }
    // The name of the output decides where it says something.
    place.succeed(harmonise + "cohort.tsv --output x.csv; " + harmonise + "t.csv --output x.tsv; " + harmonise +
                  "t.csv --output x.tsv.gz");
    CHECK(place.read("x.csv") == in_commas);
    CHECK(place.read("x.tsv") == result);
    CHECK(place.succeed("gzip -dc x.tsv.gz") == result);
    CHECK(place.succeed("gzip -t x.tsv.gz") == "");
}

TEST_CASE("names, ids and cells that other programs spoil") {
    const Workplace place;
    place.write("t.csv",
                "\"participant_id\",site,,\"y,1\",z & w,note,,missing\n"
                "0012,01,u,1.50,2,\"said \"\"no\"\"\",q,\n"
                "1e5,01,v,2,3.25,\"two, words\",,NA\n"
                "007,2,w,3,4,\"a\nb\",,n/a\n"
                "Zo\xC3\xAB,2,x,NaN,6,NA,,NaN\n"
                "12,2,x,4,5.5,,,\n");
    const std::string out = place.succeed("tare-harmonise --input t.csv --features 'z & w','y?1' --prior none --quiet");
    const std::string expected =
        "participant_id,site,,\"y,1\",z & w,note,,missing\n"
        "0012,01,u,*,*,\"said \"\"no\"\"\",q,\n"
        "1e5,01,v,*,*,\"two, words\",,NA\n"
        "007,2,w,*,*,\"a\nb\",,n/a\n"
        "Zo\xC3\xAB,2,x,n/a,*,NA,,NaN\n"
        "12,2,x,*,*,,,\n";
    std::string shape;
    // Numbers of features are those with a decimal point that stand in place of a star.
    std::size_t at = 0;
    for (const char c : expected) {
        if (c != '*') {
            REQUIRE(at < out.size());
            REQUIRE(out[at] == c);
            ++at;
            continue;
        }
        const std::size_t end = out.find_first_not_of("0123456789.-e", at);
        REQUIRE(end > at);
        at = end;
    }
    CHECK(at == out.size());
}

TEST_CASE("missing feature cells stay missing, however they are written") {
    const Workplace place;
    place.succeed(
        "sed -e '3s/[0-9.]*$//' -e '4s/[0-9.]*$/NA/' -e '5s/[0-9.]*$/NaN/' -e '6s/[0-9.]*$/n\\/a/' cohort.tsv > t.tsv");
    const Rows after = rows_of(place.succeed(harmonise + "t.tsv"), '\t');
    for (const std::size_t row : {2U, 3U, 4U, 5U}) CHECK(after[row].back() == "n/a");
    CHECK(after[6].back() != "n/a");
    // A row without a value takes no part, and no other row is touched by that of another column.
    const Rows whole = rows_of(place.succeed(harmonise + "cohort.tsv --prior none"), '\t');
    const Rows with_gaps = rows_of(place.succeed(harmonise + "t.tsv --prior none"), '\t');
    for (std::size_t i = 1; i < whole.size(); ++i) CHECK(whole[i][5] == with_gaps[i][5]);
}

TEST_CASE("a second table is joined by id, whatever its order and whoever else is in it") {
    const Workplace place;
    place.succeed(
        "cut -f 1,6- cohort.tsv > f.tsv; cut -f 1-5 cohort.tsv > all.tsv; tail -n +2 newcomers.tsv | cut -f 1-5 >> all.tsv; "
        "(head -1 all.tsv; tail -n +2 all.tsv | tac) > p.tsv");
    const Rows whole = rows_of(place.succeed(harmonise + "cohort.tsv"), '\t');
    const Rows joined = rows_of(place.succeed(harmonise + "f.tsv --participants p.tsv"), '\t');
    REQUIRE(joined.size() == whole.size());
    for (std::size_t i = 0; i < whole.size(); ++i) {
        CHECK(joined[i][0] == whole[i][0]);
        CHECK(std::equal(joined[i].begin() + 1, joined[i].end(), whole[i].begin() + 5, whole[i].end()));
    }
    CHECK(place.succeed(harmonise + "f.tsv --participants - --output - < p.tsv") ==
          place.succeed(harmonise + "f.tsv --participants p.tsv"));
    // The second table is asked first: what stands in both is taken from there.
    place.succeed("sed 's/site-01/elsewhere/' cohort.tsv > c.tsv");
    CHECK(rows_of(place.succeed(harmonise + "c.tsv --participants p.tsv"), '\t')[1][7] == whole[1][7]);
}

TEST_CASE("repeated visits are told apart by a session") {
    const Workplace place;
    place.write("t.csv", "participant_id,session_id,site,y,z\n01,1,A,1,2\n01,2,A,3,1\n02,1,B,3,5\n02,2,B,4,4\n1,1,B,2,2\n");
    place.succeed("sed s/session_id/visit/ t.csv > v.csv");
    const std::string known = place.succeed("tare-harmonise --input t.csv --prior none --quiet");
    CHECK(place.succeed("tare-harmonise --input v.csv --session visit --prior none --quiet | sed 1s/visit/session_id/") ==
          known);
    CHECK(place.shell("tare-harmonise --input v.csv --prior none --quiet").code == 65);
    CHECK(known.find("01,2,A,") != std::string::npos);
}

TEST_CASE("a table without ids has its rows numbered") {
    const Workplace place;
    place.write("t.csv", "site,y,z\nA,1,2\nA,3,1\nB,3,5\nB,4,4\n");
    const std::string out = place.succeed("tare-harmonise --input t.csv --prior none --quiet");
    CHECK(out.starts_with("site,y,z\nA,"));
}

TEST_CASE("any number of threads and any sufficient memory give the same bytes") {
    const Workplace place;
    place.succeed("tare-simulate --subjects 700 --features 90 --sites 7 --missing 0.02 --output s.tsv");
    const std::string run = "tare-harmonise --input s.tsv --covariates age,sex,diagnosis --quiet ";
    const std::string one = place.succeed(run + "--threads 1");
    CHECK(place.succeed(run + "--threads 2") == one);
    CHECK(place.succeed(run + "--threads 5 --memory 64M") == one);
    const tare::test::ProcessOptions three{.input = {}, .folder = {}, .environment = {{"OMP_NUM_THREADS", "3"}}};
    CHECK(place.succeed(run, three) == one);
}
