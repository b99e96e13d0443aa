// The two kinds of main: one program per verb, and the dispatcher `tare` that runs any of them.
#include "tare/cli/program.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "guarded.hpp"
#include "run_command.hpp"
#include "shell_quote.hpp"
#include "spelling.hpp"
#include "standard_streams.hpp"
#include "tare/base/error.hpp"
#include "tare/base/version.hpp"
#include "tare/cli/documents.hpp"

namespace tare::cli {

namespace {

using base::usage_error;
using Commands = std::span<const CommandSpec* const>;
using Arguments = std::span<const std::string>;

/// The name by which the program was called, without its folder.
std::string called_as(int argc, char** argv, const std::string& otherwise) {
    const std::string_view path = argc > 0 ? argv[0] : "";
    const std::string_view name = path.substr(path.rfind('/') + 1);
    return name.empty() ? otherwise : shell_quoted(name);
}

std::vector<std::string> arguments_of(int argc, char** argv) {
    return argc > 1 ? std::vector<std::string>(argv + 1, argv + argc) : std::vector<std::string>();
}

/// The words that may follow `tare` without being commands of their own.
const std::vector<std::string>& dispatcher_verbs() {
    static const std::vector<std::string> verbs{"help", "completion"};
    return verbs;
}

const CommandSpec& command_meant(Commands commands, const std::string& verb) {
    std::vector<std::string> verbs;
    std::ranges::transform(commands, std::back_inserter(verbs), &CommandSpec::verb);
    if (const auto known = known_spelling(verb, verbs)) {
        return **std::ranges::find(commands, *known, &CommandSpec::verb);
    }
    verbs.insert(verbs.end(), dispatcher_verbs().begin(), dispatcher_verbs().end());
    const std::string hint = suggestion(verb, verbs);
    throw usage_error("unknown command '" + verb + "'", hint.empty() ? "tare alone lists the commands" : hint);
}

void refuse_more(Arguments arguments, std::size_t most) {
    if (arguments.size() > most) {
        throw usage_error("unexpected argument '" + arguments[most] + "'");
    }
}

/// tare help [VERB]
void help(Commands commands, const std::string& typed, Arguments verbs) {
    refuse_more(verbs, 1);
    if (verbs.empty() || std::ranges::find(dispatcher_verbs(), verbs.front()) != dispatcher_verbs().end()) {
        write_standard_output(command_list(commands));
    } else {
        run_command(command_meant(commands, verbs.front()), typed, std::vector<std::string>{"--help"});
    }
}

void dispatch(Commands commands, const std::string& typed, Arguments arguments) {
    if (arguments.empty()) {
        write_standard_output(command_list(commands));
        return;
    }
    const std::string& first = arguments.front();
    const Arguments rest = arguments.subspan(1);
    if (first == "help") {
        help(commands, typed, rest);
    } else if (first == "--help") {
        help(commands, typed, {});
    } else if (first == "--version") {
        write_standard_output("tare " + std::string(base::version()) + "\n");
    } else if (first == "completion" || first == "--help=bash") {
        refuse_more(rest, 0);
        write_standard_output(bash_completion(commands));
    } else if (first.starts_with("-")) {
        throw usage_error("unknown option '" + first.substr(0, first.find('=')) + "'",
                          "the command comes first, then its options: tare VERB --option");
    } else {
        run_command(command_meant(commands, first), typed + " " + shell_quoted(first), rest);
    }
}

/// The name in front of messages: that of the command where the arguments begin with one.
std::string speaking_program(Commands commands, Arguments arguments) {
    std::vector<std::string> verbs;
    std::ranges::transform(commands, std::back_inserter(verbs), &CommandSpec::verb);
    const auto known = arguments.empty() ? std::nullopt : known_spelling(arguments.front(), verbs);
    return known ? "tare-" + *known : "tare";
}

}  // namespace

int run_program(const CommandSpec& spec, int argc, char** argv) {
    return guarded(spec.program(),
                   [&] { run_command(spec, called_as(argc, argv, spec.program()), arguments_of(argc, argv)); });
}

int run_dispatcher(std::span<const CommandSpec* const> commands, int argc, char** argv) {
    const auto arguments = arguments_of(argc, argv);
    return guarded(speaking_program(commands, arguments),
                   [&] { dispatch(commands, called_as(argc, argv, "tare"), arguments); });
}

}  // namespace tare::cli
