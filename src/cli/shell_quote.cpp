// Quoting for a shell: bare where possible, single quotes where needed, $'...' where the bytes are not printable.
#include "shell_quote.hpp"

#include <algorithm>

#include "printable.hpp"

namespace tare::cli {

namespace {

bool is_bare(char c) {
    constexpr std::string_view marks = "-_./:=,@%+";
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           marks.find(c) != std::string_view::npos;
}

std::string in_ansi_quotes(std::string_view word) {
    std::string text = "$'";
    for (std::size_t at = 0; at < word.size();) {
        const std::size_t length = printable_length(word.substr(at));
        if (length == 0) {
            text += escaped_byte(word[at]);
            at += 1;
            continue;
        }
        if (word[at] == '\'' || word[at] == '\\') {
            text += '\\';
        }
        text += word.substr(at, length);
        at += length;
    }
    return text + "'";
}

}  // namespace

std::string shell_quoted(std::string_view word) {
    if (!word.empty() && std::ranges::all_of(word, is_bare)) {
        return std::string(word);
    }
    for (std::size_t at = 0; at < word.size();) {
        const std::size_t length = printable_length(word.substr(at));
        if (length == 0) {
            return in_ansi_quotes(word);
        }
        at += length;
    }
    std::string text = "'";
    for (const char c : word) {
        if (c == '\'') {
            text += "'\\''";
        } else {
            text += c;
        }
    }
    return text + "'";
}

}  // namespace tare::cli
