// The rules that look at one file's text: conversions, headers, opening comment, length.
#include "structure/rules.hpp"

#include <algorithm>
#include <array>
#include <regex>

namespace tare::structure {

namespace {

constexpr std::size_t longest_file = 500;
constexpr std::size_t longest_opening_comment = 5;

Findings find_in_code(const SourceFile& file, const std::regex& pattern, const std::string& why) {
    Findings findings;
    for (std::size_t i = 0; i < file.code.size(); ++i) {
        std::smatch match;
        if (std::regex_search(file.code[i], match, pattern)) {
            findings.push_back(file.path + ":" + std::to_string(i + 1) + ": '" + match.str() + "' " + why);
        }
    }
    return findings;
}

}  // namespace

Findings check_using_namespace(const SourceFile& file) {
    static const std::regex pattern(R"(\busing\s+namespace\b)");
    return file.is_header() ? find_in_code(file, pattern, "in a header") : Findings{};
}

Findings check_number_text(const SourceFile& file) {
    static const std::regex pattern(
        R"(\b(sto(d|f|ld|i|l|ll|ul|ull)|ato(f|i|l|ll)|strto(d|f|ld|l|ll|ul|ull)|v?s?n?printf|fprintf|v?f?s?scanf)"
        R"(|w?[io]?stringstream|setlocale|uselocale|localeconv|imbue|setprecision|std::locale)\b)");
    const bool concerned =
        file.path.starts_with("src/") || file.path.starts_with("include/") || file.path.starts_with("apps/");
    return concerned ? find_in_code(file, pattern, "instead of tare/base/number_text.hpp") : Findings{};
}

Findings check_opening_comment(const SourceFile& file) {
    std::size_t length = 0;
    while (length < file.lines.size() && file.lines[length].starts_with("//")) {
        ++length;
    }
    if (length == 0) {
        return {file.path + ":1: no comment that says which idea this file is"};
    }
    if (length > longest_opening_comment) {
        return {file.path + ":1: the opening comment has " + std::to_string(length) + " lines, more than " +
                std::to_string(longest_opening_comment)};
    }
    return {};
}

Findings check_include_guard(const SourceFile& file) {
    if (!file.is_header()) {
        return {};
    }
    static const std::regex guard(R"(^\s*#\s*pragma\s+once\s*$)");
    const auto is_code = [](const std::string& line) { return line.find_first_not_of(" \t") != std::string::npos; };
    const auto first = std::ranges::find_if(file.code, is_code);
    if (first != file.code.end() && std::regex_match(*first, guard)) {
        return {};
    }
    return {file.path + ":1: the first line of code is not #pragma once"};
}

Findings check_length(const SourceFile& file) {
    if (file.lines.size() <= longest_file) {
        return {};
    }
    return {file.path + ":" + std::to_string(longest_file + 1) + ": " + std::to_string(file.lines.size()) +
            " lines, more than " + std::to_string(longest_file)};
}

std::span<const Rule> all_rules() {
    static const std::array rules{
        Rule{"includes", check_includes},           Rule{"using namespace", check_using_namespace},
        Rule{"number text", check_number_text},     Rule{"opening comment", check_opening_comment},
        Rule{"include guard", check_include_guard}, Rule{"length", check_length},
    };
    return rules;
}

Findings check_tree(const Rule& rule, std::span<const SourceFile> files) {
    Findings findings;
    for (const SourceFile& file : files) {
        const Findings more = rule.check(file);
        findings.insert(findings.end(), more.begin(), more.end());
    }
    return findings;
}

}  // namespace tare::structure
