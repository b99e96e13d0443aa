// The pieces from which help, man page and Markdown are put together.
#include "document_parts.hpp"

#include <algorithm>
#include <array>

namespace tare::cli {

namespace {

/// Characters, not bytes: continuation bytes of UTF-8 take no column.
std::size_t columns(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string default_value_name(const OptionSpec& option) {
    switch (option.kind) {
        case OptionKind::flag:
            return "";
        case OptionKind::path:
        case OptionKind::output:
            return "FILE";
        case OptionKind::integer:
            return "N";
        case OptionKind::number:
            return "NUMBER";
        case OptionKind::list:
            return "A,B,...";
        case OptionKind::text:
        case OptionKind::choice:
            break;
    }
    return "NAME";
}

/// The parts of a shell line between which it may be broken: where an option, a redirection or a pipe begins, outside
/// quotes.
std::vector<std::string> breakable_parts(std::string_view command) {
    std::vector<std::string> parts(1);
    char quote = '\0';
    for (std::size_t i = 0; i < command.size(); ++i) {
        const char c = command[i];
        const std::string_view rest = command.substr(i + 1);
        const bool may_break = rest.starts_with("--") || rest.starts_with("| ") || rest.starts_with("> ") ||
                               rest.starts_with("< ") || rest.starts_with("&& ");
        if (quote == '\0' && c == '\\' && !rest.empty()) {
            parts.back() += c;
            parts.back() += command[++i];
            continue;
        }
        if (quote != '\0') {
            quote = c == quote ? '\0' : quote;
        } else if (c == '\'' || c == '"') {
            quote = c;
        } else if (c == ' ' && may_break) {
            parts.emplace_back();
            continue;
        }
        parts.back() += c;
    }
    return parts;
}

}  // namespace

std::string option_syntax(const OptionSpec& option) {
    const std::string value = option.value_name.empty() ? default_value_name(option) : option.value_name;
    const bool needs_space = !value.empty() && !value.starts_with('[');
    return "--" + option.name + (needs_space ? " " : "") + value;
}

const std::string& default_in_words(const OptionSpec& option) {
    return option.default_note.empty() ? option.default_text : option.default_note;
}

std::vector<const OptionGroup*> all_groups(const CommandSpec& spec) {
    std::vector<const OptionGroup*> groups;
    groups.reserve(spec.groups.size() + 1);
    for (const OptionGroup& group : spec.groups) {
        groups.push_back(&group);
    }
    groups.push_back(&common_options());
    return groups;
}

std::vector<std::string> usage_words(const CommandSpec& spec) {
    std::vector<std::string> words{spec.program()};
    for (const OptionGroup& group : spec.groups) {
        for (const OptionSpec& option : group.options) {
            if (option.required) {
                words.push_back(option_syntax(option));
            }
        }
    }
    words.emplace_back("[OPTION...]");
    if (!spec.operands.empty()) {
        words.push_back(spec.operands);
    }
    return words;
}

std::string introduction(const Example& example) {
    std::string_view text = example.what;
    while (text.ends_with('.') || text.ends_with(':')) {
        text.remove_suffix(1);
    }
    return std::string(text) + ":";
}

std::span<const ExitCodeMeaning> exit_codes() noexcept {
    static constexpr std::array<ExitCodeMeaning, 12> codes{{
        {"0", "success"},
        {"64", "wrong usage: an option or argument is unknown, missing or impossible"},
        {"65", "the data are malformed, inconsistent or degenerate"},
        {"66", "an input does not exist or cannot be opened"},
        {"69", "the device asked for is not available"},
        {"70", "internal error"},
        {"71", "not enough memory"},
        {"73", "an output cannot be created, or exists and --force was not given"},
        {"74", "reading or writing failed"},
        {"129", "the terminal was closed (SIGHUP)"},
        {"130", "interrupted (SIGINT)"},
        {"143", "terminated (SIGTERM)"},
    }};
    return codes;
}

std::vector<std::string> wrapped(std::span<const std::string> words, std::size_t width) {
    std::vector<std::string> lines;
    std::size_t used = 0;
    for (const std::string& word : words) {
        const std::size_t size = columns(word);
        if (lines.empty() || used + 1 + size > width) {
            lines.push_back(word);
            used = size;
        } else {
            lines.back() += " " + word;
            used += 1 + size;
        }
    }
    return lines;
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
    std::vector<std::string> words;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        if (end > 0) {
            words.emplace_back(text.substr(0, end));
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return wrapped(words, width);
}

std::vector<std::string> wrapped_command(std::string_view command, std::size_t width) {
    constexpr std::string_view indent = "    ";
    constexpr std::size_t room_for_backslash = 2;
    if (columns(command) <= width) {
        return {std::string(command)};
    }
    std::vector<std::string> lines;
    std::size_t used = 0;
    for (const std::string& part : breakable_parts(command)) {
        const std::size_t size = columns(part);
        if (lines.empty()) {
            lines.push_back(part);
            used = size;
        } else if (used + 1 + size + room_for_backslash > width) {
            lines.back() += " \\";
            lines.push_back(std::string(indent) + part);
            used = indent.size() + size;
        } else {
            lines.back() += " " + part;
            used += 1 + size;
        }
    }
    return lines;
}

}  // namespace tare::cli
