// The rules of the house that a compiler does not know, each as a function from a file to the findings in it.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "structure/source_file.hpp"

namespace tare::structure {

using Findings = std::vector<std::string>;  ///< "PATH:LINE: what is wrong"

/// Layers include only layers below them, and outside libraries only where the layer table allows them.
[[nodiscard]] Findings check_includes(const SourceFile& file);
/// No `using namespace` in headers.
[[nodiscard]] Findings check_using_namespace(const SourceFile& file);
/// Numbers and text meet only in base/number_text: none of C's or the streams' conversions, and no locale.
[[nodiscard]] Findings check_number_text(const SourceFile& file);
/// The first line begins a comment of one to five lines.
[[nodiscard]] Findings check_opening_comment(const SourceFile& file);
/// The first line of code in a header is #pragma once.
[[nodiscard]] Findings check_include_guard(const SourceFile& file);
/// At most 500 lines.
[[nodiscard]] Findings check_length(const SourceFile& file);

struct Rule {
    std::string name;
    Findings (*check)(const SourceFile&);
};
[[nodiscard]] std::span<const Rule> all_rules();

/// What one rule finds in a whole tree.
[[nodiscard]] Findings check_tree(const Rule& rule, std::span<const SourceFile> files);

}  // namespace tare::structure
