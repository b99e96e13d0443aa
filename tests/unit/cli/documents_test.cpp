// Help, man page, Markdown and the list of commands: complete, within their width, and well-formed.
#include "tare/cli/documents.hpp"

#include <array>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "support/temporary_directory.hpp"
#include "tare/cli/parsed_options.hpp"
#include "unit/cli/sample_command.hpp"

using Catch::Matchers::Contains;
using tare::cli::CommandSpec;
using tare::cli::OptionGroup;
using tare::cli::OptionSpec;

namespace {

std::vector<OptionSpec> all_options(const CommandSpec& spec) {
    std::vector<OptionSpec> options = tare::cli::common_options().options;
    for (const OptionGroup& group : spec.groups) {
        options.insert(options.end(), group.options.begin(), group.options.end());
    }
    return options;
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
        lines.push_back(line);
    }
    return lines;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
    return text;
}

/// The text with every run of white space as one space.
std::string on_one_line(const std::string& text) {
    std::istringstream stream(text);
    std::string line;
    for (std::string word; stream >> word;) {
        line.append(line.empty() ? "" : " ").append(word);
    }
    return line;
}

std::size_t characters(const std::string& line) {
    std::size_t count = 0;
    for (const char c : line) {
        count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
    }
    return count;
}

/// What a shell command prints on both streams; its exit code is put on a last line.
std::string output_of(const std::string& command, const tare::test::TemporaryDirectory& folder) {
    const auto file = folder.path() / "output";
    const std::string line = "{ " + command + "; echo \"code $?\"; } > '" + file.string() + "' 2>&1";
    REQUIRE(std::system(line.c_str()) == 0);
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
}

bool is_installed(const std::string& program, const tare::test::TemporaryDirectory& folder) {
    return output_of("command -v " + program + " > /dev/null", folder) == "code 0\n";
}

}  // namespace

TEST_CASE("every option of a command stands in each of its documents") {
    const CommandSpec spec = tare::test::weigh_command();
    const std::string help = tare::cli::help_text(spec);
    const std::string markdown = tare::cli::markdown_page(spec);
    const std::string man = replaced(tare::cli::man_page(spec), "\\-", "-");
    const std::string completion = tare::cli::bash_completion(spec);
    const auto options = all_options(spec);
    REQUIRE(options.size() == 18);
    for (const OptionSpec& option : options) {
        INFO(option.name);
        CHECK_THAT(help, Contains("\n  --" + option.name));
        CHECK_THAT(markdown, Contains("\n- `--" + option.name));
        CHECK_THAT(man, Contains("\n\\fB--" + option.name + "\\fR"));
        CHECK_THAT(completion, Contains(" --" + option.name));
    }
}

TEST_CASE("help says what is required, what may be chosen and what holds otherwise") {
    const std::string help = tare::cli::help_text(tare::test::weigh_command());
    CHECK_THAT(help, Contains("Usage: tare-weigh --input FILE [OPTION...]\n"));
    CHECK_THAT(help, Contains("--input FILE            The table; - is standard input. (required)\n"));
    CHECK_THAT(help, Contains("[default: site]"));
    CHECK_THAT(help, Contains("[default: all rows]"));
    CHECK_THAT(on_one_line(help), Contains("One of: parametric, nonparametric, none. [default: parametric]"));
    CHECK_THAT(help, Contains("'tare weigh' does the same as 'tare-weigh'"));
    CHECK_THAT(help, Contains("\n  73    an output cannot be created"));
    CHECK_THAT(tare::cli::help_text(tare::test::organise_command()), Contains("Usage: tare-organise [OPTION...] FILE...\n"));
}

TEST_CASE("help keeps within 80 columns and has no space at the end of a line") {
    for (const std::string& line : lines_of(tare::cli::help_text(tare::test::weigh_command()))) {
        INFO(line);
        CHECK(characters(line) <= 80);
        CHECK_FALSE(line.ends_with(' '));
    }
}

TEST_CASE("an example that is broken into lines is the same command to a shell") {
    const tare::test::TemporaryDirectory folder;
    const CommandSpec spec = tare::test::weigh_command();
    const std::string help = tare::cli::help_text(spec);
    const std::size_t start = help.find("tare-weigh --input cohort.tsv \\\n");
    REQUIRE(start != std::string::npos);
    const std::string broken = help.substr(start, help.find("\n\n", start) - start);
    REQUIRE_THAT(broken, Contains(" \\\n"));
    const auto words_of = [&folder](const std::string& command) {
        return output_of("show() { printf '[%s]' \"$@\"; }; " + replaced(command, "tare-weigh", "show"), folder);
    };
    const std::string whole = words_of(spec.examples[1].command);
    REQUIRE_THAT(whole, Contains("[group == --control || group == --sibling]"));
    CHECK(words_of(broken) == whole);
}

TEST_CASE("the Markdown page has its parts, examples as they are, and prose that stays prose") {
    const std::string page = tare::cli::markdown_page(tare::test::weigh_command());
    CHECK_THAT(page,
               Catch::Matchers::StartsWith("# tare-weigh\n\nWeigh the patients of a table.\n\n```\ntare-weigh --input"));
    CHECK_THAT(page, Contains("\n- `--input FILE` (required)  \n  The table; - is standard input.\n"));
    CHECK_THAT(page, Contains("One of `parametric`, `nonparametric`, `none`. Default: `parametric`.\n"));
    CHECK_THAT(page, Contains("Default: all rows.\n"));
    CHECK_THAT(page, Contains("\nWeigh the controls, in a command too long for one line:\n\n```sh\n"
                              "tare-weigh --input cohort.tsv --train-where 'group == --control || group == --sibling' "
                              "--prior none\n```\n"));
    CHECK_THAT(page, Contains("a back\\\\slash, \\<structure>\\_\\<measure>, \\*stars\\*"));
    CHECK_THAT(page, Contains("\n\\-5 is a number; 1. is a number too.\n"));
    CHECK_THAT(page, Contains("\n| 64 | wrong usage"));
    CHECK(page.ends_with(" |\n"));
}

TEST_CASE("the man page has no date and keeps roff from reading the prose") {
    const std::string page = tare::cli::man_page(tare::test::weigh_command());
    const auto lines = lines_of(page);
    CHECK_THAT(lines.front(), Contains(R"(.TH "TARE\-WEIGH" "1" "" "tare )"));
    CHECK_THAT(page, Contains("\n\\&.A dot first, then h\\[u00E9]t\\[u00E9]rog\\[u00E8]ne letters.\n"));
    CHECK_THAT(page, Contains("\n\\(aqAn apostrophe first.\n"));
    CHECK_THAT(page, Contains("a back\\(rsslash"));
    for (const char c : page) {
        REQUIRE(static_cast<unsigned char>(c) < 0x80);
    }
}

TEST_CASE("groff and man take the man page without a warning") {
    const tare::test::TemporaryDirectory folder;
    const auto file = folder.path() / "tare-weigh.1";
    std::ofstream(file) << tare::cli::man_page(tare::test::weigh_command());
    if (!is_installed("groff", folder) || !is_installed("man", folder)) {
        std::cout << "SKIPPED: groff or man is not installed\n";
        return;
    }
    CHECK(output_of("groff -man -Tutf8 -ww '" + file.string() + "' > /dev/null", folder) == "code 0\n");
    CHECK(output_of("man --warnings -l '" + file.string() + "' > /dev/null", folder) == "code 0\n");

    const std::string shown = on_one_line(output_of("groff -man -Tutf8 -P-cbou '" + file.string() + "'", folder));
    CHECK_THAT(shown, Contains("--train-where CONDITION"));
    CHECK_THAT(shown, Contains("a back\\slash, <structure>_<measure>"));
    CHECK_THAT(shown, Contains(".A dot first, then h\u00E9t\u00E9rog\u00E8ne letters."));
    CHECK_THAT(shown, Contains("'An apostrophe first."));
    CHECK_THAT(shown, Contains("--train-where 'group == --control || group == --sibling'"));
}

TEST_CASE("the list of commands shows every verb below its group") {
    const CommandSpec weigh = tare::test::weigh_command();
    const CommandSpec organise = tare::test::organise_command();
    const std::array<const CommandSpec*, 2> commands{&weigh, &organise};
    const std::string list = tare::cli::command_list(commands);
    CHECK_THAT(list, Contains("\nMeasure:\n  weigh       Weigh the patients of a table\n"));
    CHECK_THAT(list, Contains("\nLook:\n  organise    Put files in order\n"));
    CHECK_THAT(list, Contains("\n  completion  Print the bash completion"));
}
