// --help and the list of commands: plain text for a terminal, 80 columns wide.
#include <algorithm>
#include <string>
#include <vector>

#include "document_parts.hpp"
#include "tare/base/text.hpp"
#include "tare/base/version.hpp"
#include "tare/cli/documents.hpp"

namespace tare::cli {

namespace {

constexpr std::size_t width = 80;
constexpr std::size_t help_column = 26;

void add_lines(std::string& out, const std::vector<std::string>& lines, std::size_t indent) {
    for (const std::string& line : lines) {
        out += std::string(indent, ' ') + line + "\n";
    }
}

void add_text(std::string& out, std::string_view text, std::size_t indent) {
    add_lines(out, wrapped(text, width - indent), indent);
}

/// A term, and what it means in the column beside it or, where the term is long, below it.
void add_entry(std::string& out, const std::string& term, std::string_view meaning, std::size_t column) {
    std::string entry;
    add_text(entry, meaning, column);
    const std::string head = "  " + term;
    if (head.size() + 2 <= column) {
        entry.replace(0, head.size(), head);
        out += entry;
    } else {
        out += head + "\n" + entry;
    }
}

std::string option_help(const OptionSpec& option) {
    std::string text = option.help;
    if (option.kind == OptionKind::choice) {
        text += " One of: " + base::joined(option.choices, option.choices.size()) + ".";
    }
    if (option.required) {
        text += " (required)";
    }
    if (const std::string& value = default_in_words(option); !value.empty()) {
        text += " [default: " + value + "]";
    }
    return text;
}

std::string usage(const CommandSpec& spec) {
    constexpr std::string_view label = "Usage: ";
    const auto lines = wrapped(usage_words(spec), width - label.size() - 4);
    std::string text;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        text += (i == 0 ? std::string(label) : std::string(label.size() + 4, ' ')) + lines[i] + "\n";
    }
    return text;
}

}  // namespace

std::string help_text(const CommandSpec& spec) {
    std::string text = usage(spec) + "\n";
    add_text(text, spec.summary + ". 'tare " + spec.verb + "' does the same as '" + spec.program() + "'.", 0);
    for (const std::string& paragraph : spec.description) {
        text += "\n";
        add_text(text, paragraph, 0);
    }
    for (const OptionGroup* const group : all_groups(spec)) {
        text += "\n" + group->title + ":\n";
        for (const OptionSpec& option : group->options) {
            add_entry(text, option_syntax(option), option_help(option), help_column);
        }
    }
    if (!spec.examples.empty()) {
        text += "\nExamples:\n";
        for (const Example& example : spec.examples) {
            add_text(text, introduction(example), 2);
            add_lines(text, wrapped_command(example.command, width - 6), 6);
        }
    }
    if (!spec.notes.empty()) {
        text += "\nNotes:\n";
        for (const std::string& note : spec.notes) {
            text += &note == &spec.notes.front() ? "" : "\n";
            add_text(text, note, 2);
        }
    }
    text += "\nExit codes:\n";
    for (const ExitCodeMeaning& code : exit_codes()) {
        add_entry(text, std::string(code.code), code.meaning, 8);
    }
    return text;
}

std::string command_list(std::span<const CommandSpec* const> commands) {
    std::vector<std::string> groups;
    std::size_t column = std::string_view("  completion  ").size();
    for (const CommandSpec* const command : commands) {
        if (std::ranges::find(groups, command->group) == groups.end()) {
            groups.push_back(command->group);
        }
        column = std::max(column, command->verb.size() + 4);
    }
    std::string text = "tare " + std::string(base::version()) +
                       ": MRI measurements from different scanners, made comparable\n\n"
                       "Usage: tare COMMAND [OPTION...]\n"
                       "       tare-COMMAND [OPTION...]\n";
    for (const std::string& group : groups) {
        text += "\n" + group + ":\n";
        for (const CommandSpec* const command : commands) {
            if (command->group == group) {
                add_entry(text, command->verb, command->summary, column);
            }
        }
    }
    text += "\nMore:\n";
    add_entry(text, "help", "'tare help COMMAND' explains a command, with examples", column);
    add_entry(text, "completion", "Print the bash completion; load it with 'source <(tare completion)'", column);
    return text;
}

}  // namespace tare::cli
