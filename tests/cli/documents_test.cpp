// Documents that are printed from declarations: the pages in docs/commands are up to date, and every example runs.
#include "tare/cli/documents.hpp"

#include <fstream>
#include <iterator>
#include <set>

#include <catch2/catch.hpp>

#include "support/places.hpp"
#include "tare/commands/registry.hpp"
#include "workplace.hpp"

using namespace tare;
using test::Finished;
using test::Workplace;

namespace {

std::string contents(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("docs/commands holds what the commands print of themselves, and nothing else") {
    const std::filesystem::path folder = test::source_folder() / "docs" / "commands";
    std::set<std::string> pages;
    for (const cli::CommandSpec* spec : commands::all()) {
        pages.insert(spec->program() + ".md");
        INFO("scripts/update_docs.sh writes " << spec->program() << ".md anew");
        const Finished printed = test::run({spec->program(), "--help=markdown"});
        CHECK(printed.code == 0);
        CHECK(printed.out == cli::markdown_page(*spec));
        CHECK(contents(folder / (spec->program() + ".md")) == printed.out);
    }
    std::set<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) found.insert(entry.path().filename().string());
    CHECK(found == pages);
}

TEST_CASE("every command has examples, and each runs as it stands") {
    for (const cli::CommandSpec* spec : commands::all()) {
        CHECK_FALSE(spec->examples.empty());
        const Workplace place;
        for (const cli::Example& example : spec->examples) {
            INFO(example.command);
            CHECK(example.command.find(spec->program()) != std::string::npos);
            const auto before = place.listing();
            const Finished finished = place.shell(example.command);
            CHECK(finished.code == 0);
            CHECK(finished.err.find("error") == std::string::npos);
            CHECK(finished.out == "");
            CHECK(place.listing().size() > before.size());
        }
    }
}

TEST_CASE("every example stands in the help, the manual and the page of its command") {
    const auto without_breaks = [](std::string text) {
        for (std::size_t at = text.find("\\\n"); at != std::string::npos; at = text.find("\\\n")) {
            text.erase(at, text.find_first_not_of(' ', at + 2) - at);
        }
        return text;
    };
    for (const cli::CommandSpec* spec : commands::all()) {
        for (const char* form : {"--help", "--help=markdown"}) {
            const std::string document = without_breaks(test::run({spec->program(), form}).out);
            for (const cli::Example& example : spec->examples) {
                INFO(spec->program() << " " << form);
                CHECK(document.find(example.command) != std::string::npos);
            }
        }
        const Finished manual = test::run({spec->program(), "--help=man"});
        CHECK(manual.code == 0);
        CHECK(manual.out.find(".TH") != std::string::npos);
    }
}

TEST_CASE("the completion that is printed is a script that bash takes") {
    const Workplace place;
    place.succeed("tare completion > c.bash; bash -n c.bash");
    const std::string words = place.succeed(
        "source c.bash; COMP_WORDS=(tare-harmonise --pri); COMP_CWORD=1; "
        "$(complete -p tare-harmonise | sed 's/.*-F \\([^ ]*\\).*/\\1/') tare-harmonise --pri tare-harmonise; echo "
        "${COMPREPLY[@]}");
    CHECK(words == "--prior\n");
}
