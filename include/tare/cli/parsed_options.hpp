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

class ParsedOptions {
public:
    /// True where the user gave the option.
    [[nodiscard]] bool given(const std::string& name) const;
    [[nodiscard]] bool flag(const std::string& name) const { return given(name); }
    /// The value given, else the declared default, else an empty text.
    [[nodiscard]] std::string text(const std::string& name) const;
    [[nodiscard]] std::vector<std::string> list(const std::string& name) const;
    [[nodiscard]] std::optional<long long> integer(const std::string& name) const;
    [[nodiscard]] std::optional<double> number(const std::string& name) const;
    [[nodiscard]] const std::vector<std::string>& operands() const noexcept { return operands_; }

    /// Every option in force that shapes the result, name and value, in declaration order: for provenance.
    /// Left out: --help, --version, --threads, --memory, --quiet, --verbose, --force.
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> resolved() const;
    /// The command line as typed, quoted for a shell.
    [[nodiscard]] const std::string& command_line() const noexcept { return command_line_; }

private:
    friend ParsedOptions parse_options(const CommandSpec&, const std::string&, std::span<const std::string>);
    const CommandSpec* spec_ = nullptr;
    std::map<std::string, std::vector<std::string>> values_;
    std::vector<std::string> operands_;
    std::string command_line_;
};

/// Parses the arguments after the program's name. `_` in option names is read as `-`; names are never guessed from
/// abbreviations; `--opt v` and `--opt=v`; an option given twice is an error unless it is a list; every number,
/// choice and required option is checked here. `program` is the name as typed, for the command line in provenance.
/// When --help or --version is among the arguments nothing else is checked. Throws Error (64) with a hint for
/// misspelt names and choices.
[[nodiscard]] ParsedOptions parse_options(const CommandSpec& spec, const std::string& program,
                                          std::span<const std::string> arguments);

}  // namespace tare::cli
