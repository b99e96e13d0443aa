// What the tests of files share: small files, folders' contents, and errors as values to look at.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/stat.h>

#include "support/temporary_directory.hpp"
#include "tare/base/error.hpp"

namespace tare::test {

inline void put_file(const std::filesystem::path& path, std::string_view bytes) {
    std::ofstream file(path, std::ios::binary);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    file.close();
    if (!file) {
        throw std::runtime_error("cannot write " + path.string());
    }
}

inline std::string get_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        throw std::runtime_error("cannot read " + path.string());
    }
    return {std::istreambuf_iterator<char>(file), {}};
}

/// The names of all that lies in a folder, hidden files too, sorted.
inline std::vector<std::string> names_in(const std::filesystem::path& folder) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

inline unsigned mode_of(const std::filesystem::path& path) {
    struct stat status{};
    return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 0777U : 0U;
}

struct Failure {
    int code = 0;
    std::string message;
    std::string hint;
    friend bool operator==(const Failure&, const Failure&) = default;
};

/// The Error that `action` throws; code 0 where it throws none.
template <typename Action>
Failure failure_of(Action&& action) {
    try {
        action();
    } catch (const base::Error& error) {
        return {static_cast<int>(error.code()), error.what(), error.hint()};
    }
    return {};
}

}  // namespace tare::test
