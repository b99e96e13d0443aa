// The reference programs that some tests compare with: Python from .scratch/venv, where scripts/scratch_env.sh made it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "support/places.hpp"
#include "support/process.hpp"

namespace tare::test {

/// The interpreter, if it is there and has the module; else the test is reported as skipped.
inline std::optional<std::string> python_with(const std::string& module) {
    const std::filesystem::path python = source_folder() / ".scratch/venv/bin/python";
    if (!std::filesystem::exists(python)) {
        skip("scripts/scratch_env.sh has not made .scratch/venv");
        return std::nullopt;
    }
    if (run({python.string(), "-c", "import " + module}).code != 0) {
        skip(".scratch/venv has no " + module);
        return std::nullopt;
    }
    return python.string();
}

}  // namespace tare::test
