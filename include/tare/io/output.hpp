// Outputs that are whole or absent: written beside their final name, renamed when everything has succeeded.
// An OutputSet commits all outputs of a run together; destroyed without commit, it leaves nothing behind.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tare/base/temporary_files.hpp"

namespace tare::io {

/// One output: a file that appears on commit, or standard output ("-"), which is written as it comes.
class Output {
public:
    Output(std::string path, base::TemporaryFiles& unfinished);
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;
    ~Output();

    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    [[nodiscard]] bool is_stdout() const noexcept { return path_ == "-"; }
    /// Appends bytes. Throws Error (74): disk full, closed pipe, ...
    void write(std::string_view bytes);
    /// Flushes to disk and gives the file its final name. Throws Error (74).
    void commit();

private:
    std::string path_;
    std::filesystem::path unfinished_path_;
    base::TemporaryFiles& unfinished_;
    int descriptor_ = -1;
};

class OutputSet {
public:
    /// With `overwrite` false an output that exists is refused (73).
    OutputSet(base::TemporaryFiles& unfinished, bool overwrite) : unfinished_(unfinished), overwrite_(overwrite) {}

    /// Opens an output; "-" is standard output (at most one). Throws Error (73): exists, no such folder, not
    /// writable, named twice in this set, or equal to one of `inputs` (a result never overwrites its input).
    Output& open(const std::string& path);
    /// Declares a file that is read in this run, so that no output can replace it, not even with --force.
    void protect(const std::string& input_path);
    /// Gives every output its final name. If one fails, those that were new are removed again.
    void commit();

private:
    base::TemporaryFiles& unfinished_;
    bool overwrite_;
    std::vector<std::unique_ptr<Output>> outputs_;
    std::vector<std::filesystem::path> inputs_;
};

}  // namespace tare::io
