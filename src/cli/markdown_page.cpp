// The Markdown page of a command, as it stands in docs/commands.
#include <string>
#include <string_view>

#include "document_parts.hpp"
#include "tare/cli/documents.hpp"

namespace tare::cli {

namespace {

bool is_word_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           static_cast<unsigned char>(c) >= 0x80;
}

bool needs_backslash(std::string_view text, std::size_t at) {
    const char c = text[at];
    const bool inside_word =
        at > 0 && at + 1 < text.size() && is_word_character(text[at - 1]) && is_word_character(text[at + 1]);
    switch (c) {
        case '\\':
        case '`':
        case '*':
        case '<':
        case '[':
        case '|':
            return true;
        case '_':
            return !inside_word;
        case '&':
            return at + 1 < text.size() && text[at + 1] != ' ';
        case '#':
        case '+':
        case '-':
        case '>':
        case '=':
        case '~':
            return at == 0;
        case '.':
        case ')':
            return at > 0 && text.substr(0, at).find_first_not_of("0123456789") == std::string_view::npos;
        default:
            return false;
    }
}

/// Prose that Markdown shows as it is.
std::string escaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (needs_backslash(text, i)) {
            out += '\\';
        }
        out += text[i];
    }
    return out;
}

/// An inline code span; the fence is longer than any run of backticks inside.
std::string code(std::string_view text) {
    std::string fence = "`";
    while (text.find(fence) != std::string_view::npos) {
        fence += '`';
    }
    const std::string padding = fence.size() > 1 ? " " : "";
    return fence + padding + std::string(text) + padding + fence;
}

std::string option_entry(const OptionSpec& option) {
    std::string text = "- " + code(option_syntax(option));
    if (option.required) {
        text += " (required)";
    }
    text += "  \n  " + escaped(option.help);
    if (option.kind == OptionKind::choice) {
        text += " One of ";
        for (std::size_t i = 0; i < option.choices.size(); ++i) {
            text += (i == 0 ? "" : ", ") + code(option.choices[i]);
        }
        text += ".";
    }
    if (!option.default_note.empty()) {
        text += " Default: " + escaped(option.default_note) + ".";
    } else if (!option.default_text.empty()) {
        text += " Default: " + code(option.default_text) + ".";
    }
    return text + "\n";
}

}  // namespace

std::string markdown_page(const CommandSpec& spec) {
    std::string page = "# " + spec.program() + "\n\n" + escaped(spec.summary) + ".\n\n```\n";
    const auto usage = usage_words(spec);
    for (std::size_t i = 0; i < usage.size(); ++i) {
        page += (i == 0 ? "" : " ") + usage[i];
    }
    page += "\n```\n\n" + code("tare " + spec.verb) + " does the same as " + code(spec.program()) + ".\n\n## Description\n";
    for (const std::string& paragraph : spec.description) {
        page.append("\n").append(escaped(paragraph)).append("\n");
    }
    page += "\n## Options\n";
    for (const OptionGroup* const group : all_groups(spec)) {
        page.append("\n### ").append(escaped(group->title)).append("\n\n");
        for (const OptionSpec& option : group->options) {
            page += option_entry(option);
        }
    }
    if (!spec.examples.empty()) {
        page += "\n## Examples\n";
        for (const Example& example : spec.examples) {
            page.append("\n").append(escaped(introduction(example)));
            page.append("\n\n```sh\n").append(example.command).append("\n```\n");
        }
    }
    if (!spec.notes.empty()) {
        page += "\n## Notes\n";
        for (const std::string& note : spec.notes) {
            page.append("\n").append(escaped(note)).append("\n");
        }
    }
    page += "\n## Exit codes\n\n| code | meaning |\n| --- | --- |\n";
    for (const ExitCodeMeaning& entry : exit_codes()) {
        page += "| " + std::string(entry.code) + " | " + escaped(entry.meaning) + " |\n";
    }
    return page;
}

}  // namespace tare::cli
