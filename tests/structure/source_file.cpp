// Reading a source tree, and telling code from comments and literals in one pass over the characters.
#include "structure/source_file.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <regex>
#include <stdexcept>

namespace tare::structure {

namespace {

std::vector<std::string> split_lines(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

bool continues_a_word(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

/// One past the end of the comment or literal that begins at `at`, or `at` where none begins there.
std::size_t end_of_non_code(std::string_view text, std::size_t at) {
    const auto past = [&](std::string_view end, std::size_t from) {
        const std::size_t found = text.find(end, from);
        return found == std::string_view::npos ? text.size() : found + end.size();
    };
    const std::string_view rest = text.substr(at);
    if (rest.starts_with("//")) {
        return std::min(text.find('\n', at), text.size());
    }
    if (rest.starts_with("/*")) {
        return past("*/", at + 2);
    }
    const bool after_word = at > 0 && continues_a_word(text[at - 1]);
    if (rest.starts_with("R\"") && !after_word) {
        const std::size_t open = std::min(text.find('(', at), text.size());
        return past(")" + std::string(text.substr(at + 2, open - at - 2)) + "\"", open);
    }
    // After a word, a single quote separates digits: 1'000.
    if (rest.front() == '"' || (rest.front() == '\'' && !after_word)) {
        std::size_t end = at + 1;
        while (end < text.size() && text[end] != rest.front() && text[end] != '\n') {
            end += text[end] == '\\' ? 2U : 1U;
        }
        return std::min(end + 1, text.size());
    }
    return at;
}

std::string code_only(std::string_view text) {
    std::string code(text);
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = end_of_non_code(text, at);
        std::replace_if(
            code.begin() + static_cast<std::ptrdiff_t>(at), code.begin() + static_cast<std::ptrdiff_t>(end),
            [](char c) { return c != '\n'; }, ' ');
        at = std::max(end, at + 1);
    }
    return code;
}

std::vector<Include> includes_of(const SourceFile& file) {
    static const std::regex directive(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"])");
    std::vector<Include> includes;
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
        std::smatch match;
        const bool is_code = file.code[i].find('#') != std::string::npos;
        if (is_code && std::regex_search(file.lines[i], match, directive)) {
            includes.push_back({i + 1, match[2].str(), match[1].str() == "<"});
        }
    }
    return includes;
}

}  // namespace

std::string SourceFile::layer() const {
    if (path.starts_with("apps/")) {
        return "apps";
    }
    for (const std::string_view folder : {"include/tare/", "src/"}) {
        if (path.starts_with(folder)) {
            return path.substr(folder.size(), path.find('/', folder.size()) - folder.size());
        }
    }
    return {};
}

SourceFile make_source_file(std::string path, std::string_view text) {
    SourceFile file{std::move(path), split_lines(text), split_lines(code_only(text)), {}};
    file.includes = includes_of(file);
    return file;
}

std::vector<SourceFile> read_tree(const std::filesystem::path& root) {
    namespace fs = std::filesystem;
    static const std::vector<std::string> endings{".hpp", ".cpp", ".cuh", ".cu"};
    std::vector<SourceFile> files;
    for (const char* folder : {"include", "src", "apps", "tests"}) {
        if (!fs::is_directory(root / folder)) {
            continue;
        }
        for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
            if (entry.is_regular_file() && std::ranges::count(endings, entry.path().extension().string()) > 0) {
                std::ifstream stream(entry.path(), std::ios::binary);
                const std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
                files.push_back(make_source_file(entry.path().lexically_relative(root).generic_string(), text));
            }
        }
    }
    if (files.empty()) {
        throw std::runtime_error("no source file below " + root.string());
    }
    std::ranges::sort(files, {}, &SourceFile::path);
    return files;
}

}  // namespace tare::structure
