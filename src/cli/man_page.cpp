// The man page of a command, in the man macros that groff and mandoc share. It has no date, so that equal programs
// print equal pages.
#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "document_parts.hpp"
#include "tare/base/text.hpp"
#include "tare/base/version.hpp"
#include "tare/cli/documents.hpp"

namespace tare::cli {

namespace {

struct Glyph {
    char character;
    std::string_view roff;
};
/// ASCII characters that roff takes for something else, or prints as a typographic relative.
constexpr std::array<Glyph, 7> special_glyphs{
    {{'\\', "\\(rs"}, {'-', "\\-"}, {'\'', "\\(aq"}, {'`', "\\(ga"}, {'^', "\\(ha"}, {'~', "\\(ti"}, {'"', "\\(dq"}}};

/// Decodes the character at the front of well-formed UTF-8 and takes it off.
unsigned take_code_point(std::string_view& text) {
    const auto byte = [&text](std::size_t i) { return static_cast<unsigned>(static_cast<unsigned char>(text[i])); };
    const unsigned lead = byte(0);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    unsigned code = lead < 0x80 ? lead : lead & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        code = code << 6U | (byte(i) & 0x3FU);
    }
    text.remove_prefix(length);
    return code;
}

/// "[u00E9]" and the like: four to six upper-case hexadecimal digits.
std::string unicode_glyph(unsigned code) {
    std::string digits;
    for (; code != 0 || digits.size() < 4; code /= 16) {
        digits.insert(digits.begin(), "0123456789ABCDEF"[code % 16]);
    }
    return "\\[u" + digits + "]";
}

/// Text as roff prints it unchanged, also at the start of a line and inside a quoted argument.
std::string escaped(std::string_view text) {
    if (!base::is_utf8(text)) {
        throw std::logic_error("a command is declared with a text that is no UTF-8");
    }
    std::string out = text.starts_with('.') ? "\\&" : "";
    while (!text.empty()) {
        const unsigned code = take_code_point(text);
        const auto special = std::ranges::find(special_glyphs, static_cast<char>(code), &Glyph::character);
        if (code >= 0x80) {
            out += unicode_glyph(code);
        } else if (special != special_glyphs.end()) {
            out += special->roff;
        } else {
            out += static_cast<char>(code);
        }
    }
    return out;
}

/// A request with one quoted argument, on a line of its own.
std::string request(std::string_view name, std::string_view argument) {
    return std::string(".").append(name).append(" \"").append(escaped(argument)).append("\"\n");
}

std::string bold(std::string_view text) {
    return std::string("\\fB").append(escaped(text)).append("\\fR");
}

std::string italic(std::string_view text) {
    return std::string("\\fI").append(escaped(text)).append("\\fR");
}

std::string paragraphs(const std::vector<std::string>& texts) {
    std::string page;
    for (const std::string& text : texts) {
        page.append(page.empty() ? "" : ".PP\n").append(escaped(text)).append("\n");
    }
    return page;
}

std::string option_entry(const OptionSpec& option) {
    std::string page = ".TP\n" + bold("--" + option.name);
    const std::string value = option_syntax(option).substr(2 + option.name.size());
    if (!value.empty()) {
        const bool stands_apart = value.starts_with(' ');
        page.append(stands_apart ? " " : "").append(stands_apart ? italic(value.substr(1)) : escaped(value));
    }
    page.append("\n").append(escaped(option.help));
    if (option.kind == OptionKind::choice) {
        page += " One of: " + escaped(base::joined(option.choices, option.choices.size())) + ".";
    }
    if (option.required) {
        page += " Required.";
    }
    if (const std::string& text = default_in_words(option); !text.empty()) {
        page += " Default: " + escaped(text) + ".";
    }
    return page + "\n";
}

std::string example_entry(const Example& example) {
    constexpr std::size_t width = 66;
    std::string page = escaped(introduction(example)) + "\n.RS 4\n.nf\n";
    for (const std::string& line : wrapped_command(example.command, width)) {
        page += escaped(line) + "\n";
    }
    return page + ".fi\n.RE\n";
}

}  // namespace

std::string man_page(const CommandSpec& spec) {
    std::string title = spec.program();
    std::ranges::transform(title, title.begin(),
                           [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    std::string page = ".TH \"" + escaped(title) + "\" \"1\" \"\" \"tare " + std::string(base::version()) +
                       "\" \"User Commands\"\n.nh\n.ad l\n";
    page += ".SH \"NAME\"\n" + escaped(spec.program()) + " \\- " + escaped(spec.summary) + "\n";
    page += ".SH \"SYNOPSIS\"\n";
    const auto usage = usage_words(spec);
    page += bold(usage.front());
    for (std::size_t i = 1; i < usage.size(); ++i) {
        page.append(" ").append(escaped(usage[i]));
    }
    page += "\n.SH \"DESCRIPTION\"\n" + paragraphs(spec.description);
    page.append(spec.description.empty() ? "" : ".PP\n").append(bold("tare " + spec.verb));
    page += " does the same as " + bold(spec.program()) + ".\n";
    page += ".SH \"OPTIONS\"\n";
    for (const OptionGroup* const group : all_groups(spec)) {
        page += request("SS", group->title);
        for (const OptionSpec& option : group->options) {
            page += option_entry(option);
        }
    }
    if (!spec.examples.empty()) {
        page += ".SH \"EXAMPLES\"\n";
        for (const Example& example : spec.examples) {
            page += &example == &spec.examples.front() ? "" : ".PP\n";
            page += example_entry(example);
        }
    }
    if (!spec.notes.empty()) {
        page += ".SH \"NOTES\"\n" + paragraphs(spec.notes);
    }
    page += ".SH \"EXIT STATUS\"\n";
    for (const ExitCodeMeaning& code : exit_codes()) {
        page += ".TP\n" + bold(code.code) + "\n" + escaped(code.meaning) + "\n";
    }
    return page;
}

}  // namespace tare::cli
