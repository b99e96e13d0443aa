// Walks down a pattern's parts: a part without braces is stepped into, one with braces is looked up in its folder.
#include "tare/io/found_files.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "tare/base/error.hpp"

namespace tare::io {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> entries_of(const std::string& folder) {
    std::vector<std::string> names;
    std::error_code fault;
    for (fs::directory_iterator entry(folder.empty() ? "." : folder, fault); !fault && entry != fs::directory_iterator();
         entry.increment(fault)) {
        names.push_back(entry->path().filename().string());
    }
    if (fault && fault != std::errc::no_such_file_or_directory && fault != std::errc::not_a_directory) {
        throw base::Error(base::ExitCode::io, folder + ": cannot be listed: " + fault.message());
    }
    std::sort(names.begin(), names.end());
    return names;
}

bool exists(const std::string& path) {
    std::error_code ignored;
    return fs::exists(path, ignored);
}

bool is_folder_there(const std::string& path) {
    std::error_code ignored;
    return fs::is_directory(path, ignored);
}

class Search {
public:
    explicit Search(const data::NamePattern& pattern) {
        std::size_t begin = 0;
        const std::string& text = pattern.text();
        for (std::size_t slash = text.find('/'); slash != std::string::npos; slash = text.find('/', begin)) {
            parts_.push_back(text.substr(begin, slash + 1 - begin));
            begin = slash + 1;
        }
        parts_.push_back(text.substr(begin));
    }

    void below(const std::string& folder, std::size_t part, bool chosen) {
        if (part == parts_.size()) {
            found.push_back(folder);
            return;
        }
        const bool is_folder = parts_[part].ends_with('/');
        std::string name = parts_[part];
        if (is_folder) name.pop_back();
        if (name.empty()) return below(folder + parts_[part], part + 1, chosen);
        const data::NamePattern here(name);
        if (here.columns().empty()) {
            const std::string path = folder + here.expand([](const std::string&) { return std::string(); }, "");
            if (exists(path)) return below(is_folder ? path + '/' : path, part + 1, chosen);
            if (chosen) incomplete.push_back(path);
            return;
        }
        for (const std::string& entry : entries_of(folder)) {
            const bool hidden = entry.starts_with('.') && !name.starts_with('.');
            if (hidden || !here.match(entry) || (is_folder && !is_folder_there(folder + entry))) continue;
            below(folder + entry + (is_folder ? "/" : ""), part + 1, true);
        }
    }

    std::vector<std::string> found, incomplete;

private:
    std::vector<std::string> parts_;
};

}  // namespace

FoundFiles find_files(const data::NamePattern& pattern) {
    Search search(pattern);
    search.below("", 0, false);
    std::vector<std::pair<std::vector<std::string>, std::string>> fitting;
    for (std::string& path : search.found) {
        // A column that stands in the pattern twice must be the same text in both places.
        if (auto cells = pattern.match(path)) fitting.emplace_back(std::move(*cells), std::move(path));
    }
    std::sort(fitting.begin(), fitting.end());
    FoundFiles out;
    for (auto& [cells, path] : fitting) {
        out.cells.push_back(std::move(cells));
        out.paths.push_back(std::move(path));
    }
    out.incomplete = std::move(search.incomplete);
    return out;
}

}  // namespace tare::io
