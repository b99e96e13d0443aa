// Runs programs as a user would: arguments or a shell line, standard input, a folder, an environment; then what came out.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace tare::test {

struct Finished {
    int code = 0;  ///< exit code; 128 + signal where a signal ended it
    std::string out;
    std::string err;
};

struct ProcessOptions {
    std::string input = {};                               ///< bytes on standard input
    std::filesystem::path folder = {};                    ///< working directory; empty: the caller's
    std::map<std::string, std::string> environment = {};  ///< added to the caller's
};

/// Runs a program found in PATH, to which the build's programs are prepended, so that "tare-fit" is ours.
[[nodiscard]] Finished run(const std::vector<std::string>& arguments, const ProcessOptions& options = {});

/// Runs a line in bash with `set -o pipefail`.
[[nodiscard]] Finished shell(const std::string& line, const ProcessOptions& options = {});

}  // namespace tare::test
