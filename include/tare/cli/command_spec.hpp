// What a command is, as data: its name, its options, its examples and the function that runs it. The parser, --help,
// the man page, the bash completion and docs/commands/*.md are all printed from this one declaration.
#pragma once

#include <string>
#include <vector>

namespace tare::base {
class Log;
}

namespace tare::cli {

class ParsedOptions;
struct Context;

enum class OptionKind {
    flag,     ///< present or not; a value_name "[=a|b]" lets one of `choices` follow, as in --help=man
    text,     ///< any text
    path,     ///< a file to read
    output,   ///< a file to write
    integer,  ///< a whole number
    number,   ///< a finite number
    list,     ///< comma-separated texts; given twice, the lists are put together
    choice,   ///< one of `choices`
};

struct OptionSpec {
    std::string name;  ///< without the dashes, words joined by '-'
    OptionKind kind = OptionKind::text;
    std::string value_name;         ///< as in "--site NAME"; empty for flags
    std::string help;               ///< one or two sentences, no line breaks
    std::string default_text = {};  ///< the value in force when the option is not given; empty if none
    bool required = false;
    std::vector<std::string> choices =
        {};                         ///< of kind choice: all that is allowed; of other kinds: proposed by the completion
    std::string default_note = {};  ///< the default in words, where it is no value ("all CPUs the process may use")
};

struct OptionGroup {
    std::string title;
    std::vector<OptionSpec> options;
};

struct Example {
    std::string what;     ///< one line that says what it does
    std::string command;  ///< a shell line that runs as it stands in a folder with the bundled example files
};

struct CommandSpec {
    std::string verb;                      ///< "fit": the program is tare-fit, and `tare fit` does the same
    std::string group;                     ///< heading in the list that `tare` prints
    std::string summary;                   ///< one line, imperative, no full stop
    std::vector<std::string> description;  ///< paragraphs
    std::vector<OptionGroup> groups;       ///< without the common options, which every command has
    std::vector<Example> examples;
    std::vector<std::string> notes = {};  ///< paragraphs at the end of the long help: limits, references
    std::string operands = {};            ///< the name of positional arguments ("FILE..."), empty if the command takes none
    /// Turns what --device asks for ("cuda", "cuda:1", "auto") into a device that is there, before anything is read; throws
    /// Error (69) for one that is not. nullptr: the command runs on the CPU only.
    std::string (*device)(const std::string& asked, base::Log&) = nullptr;
    void (*run)(const ParsedOptions&, Context&) = nullptr;

    [[nodiscard]] std::string program() const { return "tare-" + verb; }
};

/// --help, --version, --threads, --memory, --quiet, --verbose, --force, --device: on every command.
[[nodiscard]] const OptionGroup& common_options();

/// The option of that name in the command's own groups or the common ones, or nullptr.
[[nodiscard]] const OptionSpec* find_option(const CommandSpec& spec, const std::string& name);

}  // namespace tare::cli
