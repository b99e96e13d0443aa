// A source file as the structure checks see it: its place in the tree, its text, and the same text without comments
// and literals, so that a word in a comment or a message is never taken for code.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace tare::structure {

struct Include {
    std::size_t line;  ///< from 1
    std::string name;
    bool angled;  ///< <name>, else "name"
};

struct SourceFile {
    std::string path;  ///< relative to the root of the tree, with '/'
    std::vector<std::string> lines;
    std::vector<std::string> code;  ///< the same lines with blanks for comments and the insides of literals
    std::vector<Include> includes;

    [[nodiscard]] bool is_header() const { return path.ends_with(".hpp") || path.ends_with(".cuh"); }
    /// The layer a file of src/LAYER or include/tare/LAYER belongs to; "apps" for programs; empty for other places.
    [[nodiscard]] std::string layer() const;
    /// True for what a user of the library includes.
    [[nodiscard]] bool is_public_header() const { return path.starts_with("include/"); }
};

/// A file of a tree, from its text.
[[nodiscard]] SourceFile make_source_file(std::string path, std::string_view text);

/// Every C++ and CUDA file below the folders include, src, apps and tests of a tree, in the order of their paths.
/// Throws std::runtime_error where there is none: a check that looked at nothing has not passed.
[[nodiscard]] std::vector<SourceFile> read_tree(const std::filesystem::path& root);

}  // namespace tare::structure
