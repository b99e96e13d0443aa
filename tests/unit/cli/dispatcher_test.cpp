// `tare VERB` against `tare-VERB`, the lists it prints and the verbs it does not know.
#include <array>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <unistd.h>

#include "tare/base/version.hpp"
#include "tare/cli/documents.hpp"
#include "tare/cli/parsed_options.hpp"
#include "tare/cli/program.hpp"
#include "unit/cli/forked.hpp"
#include "unit/cli/sample_command.hpp"

using tare::cli::CommandSpec;
using tare::test::Arguments;
using tare::test::Outcome;

namespace {

void print_command_line(const tare::cli::ParsedOptions& options, tare::cli::Context&) {
    static_cast<void>(!::write(STDOUT_FILENO, options.command_line().data(), options.command_line().size()));
}

const CommandSpec& weigh() {
    static const CommandSpec spec = [] {
        CommandSpec command = tare::test::weigh_command();
        command.run = print_command_line;
        return command;
    }();
    return spec;
}

const CommandSpec& organise() {
    static const CommandSpec spec = [] {
        CommandSpec command = tare::test::organise_command();
        command.run = print_command_line;
        return command;
    }();
    return spec;
}

const std::array<const CommandSpec*, 2>& commands() {
    static const std::array<const CommandSpec*, 2> both{&weigh(), &organise()};
    return both;
}

Outcome tare_with(std::vector<std::string> words) {
    words.insert(words.begin(), "/usr/bin/tare");
    Arguments arguments(words);
    return tare::test::in_child(
        [&] { return tare::cli::run_dispatcher(commands(), arguments.count(), arguments.pointers()); });
}

Outcome weigh_with(std::vector<std::string> words) {
    words.insert(words.begin(), "tare-weigh");
    Arguments arguments(words);
    return tare::test::in_child([&] { return tare::cli::run_program(weigh(), arguments.count(), arguments.pointers()); });
}

void check_equal(const Outcome& one, const Outcome& other) {
    CHECK(one.code == other.code);
    CHECK(one.out == other.out);
    CHECK(one.err == other.err);
}

}  // namespace

TEST_CASE("tare alone, help and completion print the lists") {
    const std::string list = tare::cli::command_list(commands());
    for (const auto& words : std::vector<std::vector<std::string>>{{}, {"--help"}, {"help"}, {"help", "help"}}) {
        const Outcome outcome = tare_with(words);
        CHECK(outcome.code == 0);
        CHECK(outcome.out == list);
        CHECK(outcome.err.empty());
    }
    CHECK(tare_with({"completion"}).out == tare::cli::bash_completion(commands()));
    CHECK(tare_with({"--help=bash"}).out == tare::cli::bash_completion(commands()));
    CHECK(tare_with({"--version"}).out == "tare " + std::string(tare::base::version()) + "\n");
    CHECK(tare_with({"help", "weigh"}).out == tare::cli::help_text(weigh()));
    CHECK(tare_with({"help", "organize"}).out == tare::cli::help_text(organise()));
}

TEST_CASE("tare VERB does what tare-VERB does, with the same messages and exit codes") {
    check_equal(tare_with({"weigh", "--help"}), weigh_with({"--help"}));
    check_equal(tare_with({"weigh", "--version"}), weigh_with({"--version"}));
    check_equal(tare_with({"weigh", "--bogus"}), weigh_with({"--bogus"}));
    check_equal(tare_with({"weigh"}), weigh_with({}));
    CHECK(tare_with({"weigh"}).code == 64);
    CHECK(tare_with({"weigh", "--input", "a b"}).out == "tare weigh --input 'a b'");
}

TEST_CASE("a verb is accepted in its American spelling") {
    CHECK(tare_with({"organize", "x"}).out == "tare organize x");
    CHECK(tare_with({"organize", "--bogus"}).err ==
          "tare-organise: error: unknown option '--bogus'\nhint: tare-organise --help lists the options\n");
}

TEST_CASE("what tare does not know is refused") {
    const auto refused = [](const std::vector<std::string>& words, const std::string& message) {
        const Outcome outcome = tare_with(words);
        CHECK(outcome.code == 64);
        CHECK(outcome.out.empty());
        CHECK(outcome.err == message);
    };
    refused({"wiegh"}, "tare: error: unknown command 'wiegh'\nhint: did you mean 'weigh'?\n");
    refused({"help", "organis"}, "tare: error: unknown command 'organis'\nhint: did you mean 'organise'?\n");
    refused({"xyzzyxyzzy"}, "tare: error: unknown command 'xyzzyxyzzy'\nhint: tare alone lists the commands\n");
    refused({"--quiet", "weigh"},
            "tare: error: unknown option '--quiet'\nhint: the command comes first, then its options: tare VERB --option\n");
    refused({"completion", "zsh"}, "tare: error: unexpected argument 'zsh'\n");
    refused({"help", "weigh", "organise"}, "tare: error: unexpected argument 'organise'\n");
}
