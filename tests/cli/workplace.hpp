// A folder as a user has it: the example tables, and nothing else. Says afterwards what lies in it, hidden files too.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "support/process.hpp"
#include "support/temporary_directory.hpp"

namespace tare::test {

class Workplace {
public:
    Workplace();

    [[nodiscard]] std::filesystem::path folder() const { return directory_.path(); }
    [[nodiscard]] std::filesystem::path operator/(const std::string& name) const { return directory_.path() / name; }
    [[nodiscard]] bool has(const std::string& name) const { return std::filesystem::exists(*this / name); }

    /// Every name in the folder with its contents (a link's target, or what kind of thing it is).
    [[nodiscard]] std::map<std::string, std::string> listing() const;
    [[nodiscard]] std::string read(const std::string& name) const;
    void write(const std::string& name, const std::string& bytes) const;

    /// Runs a line of bash in the folder.
    [[nodiscard]] Finished shell(const std::string& line, ProcessOptions options = {}) const;
    /// Runs a line that is to succeed without a word on standard error; returns its standard output. Throws
    /// std::runtime_error with what it said where it does not.
    std::string succeed(const std::string& line, const ProcessOptions& options = {}) const;

private:
    TemporaryDirectory directory_;
};

}  // namespace tare::test
