// Finding columns and naming rows of a table.
#include "tare/data/table.hpp"

#include <catch2/catch.hpp>

using namespace tare;

TEST_CASE("Table finds columns by their exact name") {
    data::Table table;
    table.header = {"id", "site", "Site", ""};
    CHECK(table.find("id") == 0);
    CHECK(table.find("Site") == 2);
    CHECK(table.find("") == 3);
    CHECK(table.find("SITE") == -1);
    CHECK(data::Table().find("id") == -1);
}

TEST_CASE("Table says where a row stands in its file, and reads its text cells") {
    data::Table table;
    table.source = "cohort.tsv";
    table.header = {"id", "volume", "site"};
    table.place = {-1, 0, -2};
    table.text = data::TextCells(2);
    for (const char* const cell : {"sub-1", "A", "sub-2", ""}) {
        table.text.append(cell);
    }
    table.line_numbers = {2, 7};
    CHECK(table.rows() == 2);
    CHECK(table.where(1) == "cohort.tsv:7");
    CHECK(table.text_cell(0, 2) == "A");
    CHECK(table.text_cell(1, 0) == "sub-2");
    CHECK(table.text_cell(1, 2).empty());
}

TEST_CASE("TextCells joins blocks of rows") {
    data::TextCells all(2);
    data::TextCells more(2);
    for (const char* const cell : {"a", "bc"}) {
        all.append(cell);
    }
    for (const char* const cell : {"", "def", "g", ""}) {
        more.append(cell);
    }
    all.append_rows(more);
    all.append_rows(data::TextCells(2));
    REQUIRE(all.rows() == 3);
    CHECK(all.cell(0, 1) == "bc");
    CHECK(all.cell(1, 0).empty());
    CHECK(all.cell(1, 1) == "def");
    CHECK(all.cell(2, 0) == "g");
    CHECK(all.cell(2, 1).empty());
}
