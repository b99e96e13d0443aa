// The examples of a Markdown page: its ```sh blocks, each with the ```text block that follows it, which is what the
// commands print. A block without one prints nothing.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace tare::test {

struct Example {
    std::size_t line = 0;  ///< of the page, on which the commands begin
    std::string commands;
    std::string output;  ///< standard output and standard error as they come
};

/// Reads the examples of a page. Throws std::runtime_error for a block that is never closed.
[[nodiscard]] std::vector<Example> read_examples(const std::filesystem::path& page);

/// What came of running examples.
struct Session {
    bool completed = false;            ///< every command exited with 0
    std::vector<std::string> outputs;  ///< of each example up to the last one, or to the one that failed
};

/// Runs examples one after the other in one shell, in a fresh folder that looks like the source tree after a build:
/// testdata/ and build/release/bin/. Stops at the first that fails.
[[nodiscard]] Session run_examples(const std::vector<Example>& examples);

}  // namespace tare::test
