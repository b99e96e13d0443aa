// Shell-style patterns, matched without recursion: on a mismatch only the latest `*` takes one character more,
// so the time is at most the product of the two lengths. A `?` and a class match one character, not one byte.
#include <optional>

#include "tare/base/text.hpp"
#include "utf8.hpp"

namespace tare::base {

namespace {

using detail::next_character;

struct ClassMatch {
    bool matches = false;
    std::size_t end = 0;
};

/// Whether the class that opens at `pattern[start]` holds `character`, and where the class ends;
/// nothing where no `]` closes it. A `]` that comes first is a member.
std::optional<ClassMatch> match_class(std::string_view pattern, std::size_t start, char32_t character) noexcept {
    std::size_t position = start + 1;
    const bool negated = position < pattern.size() && pattern[position] == '!';
    if (negated) {
        ++position;
    }
    const std::size_t first = position;
    bool found = false;
    while (position < pattern.size()) {
        if (pattern[position] == ']' && position != first) {
            return ClassMatch{found != negated, position + 1};
        }
        const char32_t low = next_character(pattern, position);
        char32_t high = low;
        if (position + 1 < pattern.size() && pattern[position] == '-' && pattern[position + 1] != ']') {
            ++position;
            high = next_character(pattern, position);
        }
        found = found || (low <= character && character <= high);
    }
    return std::nullopt;
}

/// Matches one character of the text against the one-character element at `at`; moves `at` behind it on success.
bool match_element(std::string_view pattern, std::size_t& at, char32_t character) noexcept {
    if (pattern[at] == '?') {
        ++at;
        return true;
    }
    if (pattern[at] == '[') {
        if (const auto in_class = match_class(pattern, at, character)) {
            at = in_class->matches ? in_class->end : at;
            return in_class->matches;
        }
    }
    std::size_t behind = at;
    if (next_character(pattern, behind) != character) {
        return false;
    }
    at = behind;
    return true;
}

}  // namespace

bool glob_match(std::string_view pattern, std::string_view text) {
    std::size_t p = 0;
    std::size_t t = 0;
    std::optional<std::size_t> behind_star;
    std::size_t star_covers = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            behind_star = ++p;
            star_covers = t;
            continue;
        }
        std::size_t behind = t;
        const char32_t character = next_character(text, behind);
        if (p < pattern.size() && match_element(pattern, p, character)) {
            t = behind;
            continue;
        }
        if (!behind_star) {
            return false;
        }
        static_cast<void>(next_character(text, star_covers));
        p = *behind_star;
        t = star_covers;
    }
    return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

}  // namespace tare::base
