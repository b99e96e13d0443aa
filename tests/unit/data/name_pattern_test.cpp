// Name patterns: what they parse, what they make of a row, and which rows and patterns they refuse.
#include "tare/data/name_pattern.hpp"

#include <map>
#include <string>
#include <utility>

#include <catch2/catch.hpp>

#include "tare/base/error.hpp"

using namespace tare;
using data::NamePattern;

namespace {

using Cells = std::map<std::string, std::string>;

std::string expanded(const std::string& pattern, const Cells& cells) {
    return NamePattern(pattern).expand([&](const std::string& column) { return cells.at(column); }, "p.tsv:3");
}

/// The exit code and the line of what an action throws; 0 where it throws nothing.
template <typename Action>
std::pair<int, std::string> thrown(Action&& action) {
    try {
        action();
    } catch (const base::Error& error) {
        return {static_cast<int>(error.code()), error.what()};
    }
    return {0, ""};
}

std::pair<int, std::string> refusal(const std::string& pattern, const Cells& cells) {
    return thrown([&] { (void)expanded(pattern, cells); });
}

}  // namespace

TEST_CASE("columns in braces are replaced by the row's cells") {
    CHECK(expanded("in/{participant_id}_FA.nii.gz", {{"participant_id", "sub-01"}}) == "in/sub-01_FA.nii.gz");
    CHECK(expanded("{site}/{id}/{id}_{site}.nii", {{"id", "7"}, {"site", "A b"}}) == "A b/7/7_A b.nii");
    CHECK(expanded("{a}{b}", {{"a", "x"}, {"b", "y"}}) == "xy");
    CHECK(expanded("plain.nii", {}) == "plain.nii");
    CHECK(expanded("{age at scan}.nii", {{"age at scan", "7"}}) == "7.nii");
}

TEST_CASE("doubled braces are braces") {
    CHECK(expanded("{{x}}/{id}.nii", {{"id", "1"}}) == "{x}/1.nii");
    CHECK(expanded("{id}}}.nii", {{"id", "1"}}) == "1}.nii");
    CHECK(expanded("{{{id}}}.nii", {{"id", "1"}}) == "{1}.nii");
    CHECK(NamePattern("{{x}}.nii").columns().empty());
}

TEST_CASE("a pattern lists its columns once, in order of appearance") {
    CHECK(NamePattern("{site}/{id}/{site}_{id}.nii").columns() == std::vector<std::string>{"site", "id"});
    CHECK(NamePattern("a.nii").columns().empty());
    CHECK(NamePattern("a/{id}.nii").text() == "a/{id}.nii");
}

TEST_CASE("the root is the folder before the first brace") {
    CHECK(NamePattern("in/{id}.nii").root() == "in");
    CHECK(NamePattern("out/deriv/sub-{id}/anat/{id}.nii").root() == "out/deriv");
    CHECK(NamePattern("{id}/x.nii").root() == ".");
    CHECK(NamePattern("sub-{id}.nii").root() == ".");
    CHECK(NamePattern("/{id}.nii").root() == "/");
    CHECK(NamePattern("/data/{id}.nii").root() == "/data");
    CHECK(NamePattern("a/{{b}}/{id}.nii").root() == "a/{b}");
    CHECK(NamePattern("a/b.nii").root() == "a");
}

TEST_CASE("patterns that make no sense are wrong usage, and name the option") {
    using Refusal = std::pair<int, std::string>;
    const auto of = [](const std::string& text) { return thrown([&] { (void)NamePattern(text, "--images"); }); };
    CHECK(of("a/{id.nii") == Refusal{64, "--images: 'a/{id.nii': a '{' is not closed"});
    CHECK(of("a/{id") == Refusal{64, "--images: 'a/{id': a '{' is not closed"});
    CHECK(of("a/{") == Refusal{64, "--images: 'a/{': a '{' is not closed"});
    CHECK(of("a/{i{d}.nii") == Refusal{64, "--images: 'a/{i{d}.nii': a '{' is not closed"});
    CHECK(of("a/id}.nii") == Refusal{64, "--images: 'a/id}.nii': a '}' closes no brace"});
    CHECK(of("a/{}.nii") == Refusal{64, "--images: 'a/{}.nii': {} names no column"});
    CHECK(of("") == Refusal{64, "--images: '' names no file"});
    CHECK(of("{id}/") == Refusal{64, "--images: '{id}/' names no file"});
    CHECK(thrown([] { (void)NamePattern("{}"); }).second == "'{}': {} names no column");
}

TEST_CASE("cells that cannot be part of a name are refused with their row") {
    using Refusal = std::pair<int, std::string>;
    const Refusal missing{65, "p.tsv:3: column 'id' has no value, so the image has no name"};
    for (const char* text : {"", " ", "n/a", "NA", "NaN"}) CHECK(refusal("in/{id}.nii", {{"id", text}}) == missing);
    CHECK(refusal("in/{id}.nii", {{"id", "../x"}}) ==
          Refusal{65, "p.tsv:3: column 'id': '../x' cannot be part of a file name"});
    CHECK(refusal("in/{id}.nii", {{"id", std::string("a\0b", 3)}}).first == 65);
    CHECK(refusal("{id}/x.nii", {{"id", ".."}}) == Refusal{65, "p.tsv:3: '..' cannot be the name of a folder"});
    CHECK(refusal("{id}/x.nii", {{"id", "."}}).first == 65);
    CHECK(refusal("{id}{b}/x.nii", {{"id", "."}, {"b", "."}}).first == 65);
    CHECK(refusal(".{id}/x.nii", {{"id", "."}}).first == 65);
    CHECK(refusal("x/{id}", {{"id", ".."}}) == Refusal{65, "p.tsv:3: '..' cannot be the name of a file"});
    // The user's own '..' is the user's will, and dots within a name are harmless.
    CHECK(expanded("../in/{id}.nii", {{"id", "a..b"}}) == "../in/a..b.nii");
    CHECK(expanded("in/{id}.nii", {{"id", ".."}}) == "in/...nii");
}

TEST_CASE("two rows with one name are refused, naming both") {
    const std::vector<Cells> rows{{{"id", "1"}, {"site", "A"}}, {{"id", "2"}, {"site", "B"}}, {{"id", "3"}, {"site", "A"}}};
    const auto cell = [&](data::Index row, const std::string& column) {
        return rows[static_cast<std::size_t>(row)].at(column);
    };
    const auto where = [](data::Index row) { return "p.tsv:" + std::to_string(row + 2); };
    CHECK(NamePattern("{site}/{id}.nii").expand_all(3, cell, where) ==
          std::vector<std::string>{"A/1.nii", "B/2.nii", "A/3.nii"});
    const auto [code, line] = thrown([&] { (void)NamePattern("{site}.nii").expand_all(3, cell, where); });
    CHECK(code == 65);
    CHECK(line == "p.tsv:4: 'A.nii' is also the image of p.tsv:2");
}

TEST_CASE("a name is taken apart by the pattern that makes it") {
    using Cells_of = std::vector<std::string>;
    CHECK(NamePattern("in/{id}_FA.nii").match("in/sub-01_FA.nii") == Cells_of{"sub-01"});
    CHECK(NamePattern("{a}_{b}").match("x_y_z") == Cells_of{"x", "y_z"});
    CHECK(NamePattern("{a}/{a}.nii").match("s1/s1.nii") == Cells_of{"s1"});
    CHECK_FALSE(NamePattern("{a}/{a}.nii").match("s1/s2.nii"));
    CHECK_FALSE(NamePattern("in/{id}.nii").match("in/.nii"));
    CHECK_FALSE(NamePattern("in/{id}.nii").match("in/a/b.nii"));
    CHECK_FALSE(NamePattern("in/{id}.nii").match("in/a.nii.gz"));
    CHECK(NamePattern("{{x}}{id}").match("{x}7") == Cells_of{"7"});
}
