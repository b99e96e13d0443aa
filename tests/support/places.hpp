// Where tests find things: the source tree's example files, and the field's reference data that lie beside the project.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>

namespace tare::test {

inline std::filesystem::path source_folder() {
    return TARE_SOURCE_DIR;
}
inline std::filesystem::path example(const std::string& name) {
    return source_folder() / "testdata" / name;
}

/// The folder of reference data (TARE_SHARED, else ../shared beside the source tree), where there is one.
inline std::optional<std::filesystem::path> shared_folder() {
    const char* named = std::getenv("TARE_SHARED");
    const std::filesystem::path folder =
        named != nullptr ? std::filesystem::path(named) : source_folder().parent_path() / "shared";
    if (std::filesystem::is_directory(folder / "conformance")) return folder;
    return std::nullopt;
}

/// Says that a test could not run; ctest then counts it as skipped. Call it, then return.
inline void skip(const std::string& reason) {
    std::cout << "SKIPPED: " << reason << std::endl;
}

}  // namespace tare::test
