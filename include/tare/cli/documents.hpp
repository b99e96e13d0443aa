// The documents that are printed from a command's declaration: help, man page, bash completion, Markdown.
#pragma once

#include <span>
#include <string>

#include "tare/cli/command_spec.hpp"

namespace tare::cli {

/// Plain text, wrapped at 80 columns: usage, description, options by group, examples, notes, exit codes.
[[nodiscard]] std::string help_text(const CommandSpec& spec);
/// A roff page of section 1 that `man -l` and `mandoc -Tlint` accept.
[[nodiscard]] std::string man_page(const CommandSpec& spec);
/// The page docs/commands/tare-VERB.md.
[[nodiscard]] std::string markdown_page(const CommandSpec& spec);
/// One bash script that completes `tare` and every tare-VERB: options, choices, files.
[[nodiscard]] std::string bash_completion(std::span<const CommandSpec* const> commands);
/// The part of that script that completes one tare-VERB.
[[nodiscard]] std::string bash_completion(const CommandSpec& spec);
/// The list that `tare` alone prints: verbs by group with their summaries.
[[nodiscard]] std::string command_list(std::span<const CommandSpec* const> commands);

}  // namespace tare::cli
