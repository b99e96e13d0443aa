// The options of one run, checked against their declaration: known names, right kinds, allowed choices.
// The only place that sees Boost.Program_options is its source file.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tare/cli/command_spec.hpp"

namespace tare::cli {

/// Asking for an option that neither the command nor the common options declare is a fault of the program: every
/// function but `declares` then throws std::logic_error.
class ParsedOptions {
public:
    /// True where the command, or every command, has an option of that name.
    [[nodiscard]] bool declares(const std::string& name) const;
    /// True where the user gave the option.
    [[nodiscard]] bool given(const std::string& name) const;
    [[nodiscard]] bool flag(const std::string& name) const { return given(name); }
    /// The value given, else the declared default, else an empty text; a list with commas. For --help: its value.
    [[nodiscard]] std::string text(const std::string& name) const;
    /// The items given, else those of the declared default.
    [[nodiscard]] std::vector<std::string> list(const std::string& name) const;
    /// The number given, else the declared default where that is a number, else nothing.
    [[nodiscard]] std::optional<long long> integer(const std::string& name) const;
    [[nodiscard]] std::optional<double> number(const std::string& name) const;
    [[nodiscard]] const std::vector<std::string>& operands() const noexcept { return operands_; }

    /// Every option in force that shapes the result, name and value, in declaration order: for provenance. A flag that
    /// was given is "true". Left out: options without a value and what leaves the result alone (--help, --version,
    /// --threads, --memory, --quiet, --verbose, --force).
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> resolved() const;
    /// The command line as typed, quoted for a shell.
    [[nodiscard]] const std::string& command_line() const noexcept { return command_line_; }

private:
    [[nodiscard]] const OptionSpec& declaration(const std::string& name) const;

    friend ParsedOptions parse_options(const CommandSpec&, const std::string&, std::span<const std::string>);
    const CommandSpec* spec_ = nullptr;
    std::map<std::string, std::vector<std::string>> values_;
    std::vector<std::string> operands_;
    std::string command_line_;
};

/// Parses the arguments after the program's name. `_` in option names is read as `-`; names are never guessed from
/// abbreviations; `--opt v` and `--opt=v`; an option given twice is an error unless it is a list; every number,
/// choice and required option is checked here. `program` is what was typed before the arguments ("tare-fit", "tare fit"),
/// as it shall stand in the command line of provenance. The declaration must outlive the result.
/// When --help or --version is among the arguments nothing else is checked. Throws Error (64) with a hint for
/// misspelt names and choices.
[[nodiscard]] ParsedOptions parse_options(const CommandSpec& spec, const std::string& program,
                                          std::span<const std::string> arguments);

}  // namespace tare::cli
