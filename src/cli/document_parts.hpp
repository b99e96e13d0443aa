// What all documents of a command have in common: how an option is written, the usage line, exit codes, line breaks.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tare/cli/command_spec.hpp"

namespace tare::cli {

/// "--site NAME", "--mean-only", "--help[=man|markdown|bash]".
[[nodiscard]] std::string option_syntax(const OptionSpec& option);

/// The default in words, as a value or as a note; empty where there is none.
[[nodiscard]] const std::string& default_in_words(const OptionSpec& option);

/// The groups of the command, then the common options.
[[nodiscard]] std::vector<const OptionGroup*> all_groups(const CommandSpec& spec);

/// The usage line in its words: the program, every required option, "[OPTION...]", the operands.
[[nodiscard]] std::vector<std::string> usage_words(const CommandSpec& spec);

/// What an example does, as the line in front of it: "Fit a model:".
[[nodiscard]] std::string introduction(const Example& example);

struct ExitCodeMeaning {
    std::string_view code;
    std::string_view meaning;
};
/// The table of exit codes, the same for every command.
[[nodiscard]] std::span<const ExitCodeMeaning> exit_codes() noexcept;

/// `words` put into lines of at most `width` characters; a longer word has a line to itself.
[[nodiscard]] std::vector<std::string> wrapped(std::span<const std::string> words, std::size_t width);
/// The words of a text, in lines of at most `width` characters.
[[nodiscard]] std::vector<std::string> wrapped(std::string_view text, std::size_t width);

/// A shell line in several lines of at most `width` characters where that is possible: broken in front of options and
/// behind pipes, joined by backslashes, later lines indented. A shell reads it as the same command.
[[nodiscard]] std::vector<std::string> wrapped_command(std::string_view command, std::size_t width);

}  // namespace tare::cli
