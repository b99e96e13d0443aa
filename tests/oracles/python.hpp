// Runs small Python programs with the reference packages of .scratch/venv, where scripts/scratch_env.sh has made it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "support/places.hpp"
#include "support/process.hpp"

namespace tare::test {

/// The interpreter, or nothing after a word about the test being skipped.
inline std::optional<std::string> python() {
    const std::filesystem::path interpreter = source_folder() / ".scratch/venv/bin/python";
    if (std::filesystem::exists(interpreter)) {
        return interpreter.string();
    }
    skip("there is no .scratch/venv; scripts/scratch_env.sh makes it");
    return std::nullopt;
}

/// Runs a program text in a folder.
inline Finished run_python(const std::string& interpreter, const std::string& text, const std::filesystem::path& folder) {
    return run({interpreter, "-W", "ignore", "-c", text}, {.folder = folder});
}

}  // namespace tare::test
