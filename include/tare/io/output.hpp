// Outputs that are whole or absent: written without a name, or beside their final one, and named when everything has
// succeeded. An OutputSet commits all outputs of a run together; destroyed without commit, it leaves nothing behind.
// Standard output, devices and named pipes are written as the bytes come. SIGPIPE must be ignored by the program.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tare/base/temporary_files.hpp"

namespace tare::io {

namespace detail {
class Destination;
}

/// One output: a file that appears on commit, or standard output ("-"), which is written as it comes.
class Output {
public:
    /// With `overwrite` false a file that exists is refused. Throws Error (73) where it cannot be created.
    Output(std::string path, base::TemporaryFiles& unfinished, bool overwrite = false);
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;
    ~Output();

    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    [[nodiscard]] bool is_stdout() const noexcept { return path_ == "-"; }
    /// True for a file that appears on commit; false for standard output, open descriptors, devices and pipes.
    [[nodiscard]] bool is_file() const noexcept;
    /// Appends bytes. Throws Error (74): disk full, closed pipe, ...
    void write(std::string_view bytes);
    /// Writes out what is buffered and gives the file its final name. Throws Error: 74; 73 where a file of that name
    /// has appeared meanwhile.
    void commit();

private:
    friend class OutputSet;
    /// The two halves of commit: all that can fail for want of space, and the name.
    void complete();
    void publish();
    /// Takes a published file away again, if it did not exist before.
    void withdraw() noexcept;

    std::string path_;
    std::string buffer_;
    std::unique_ptr<detail::Destination> destination_;
};

class OutputSet {
public:
    /// With `overwrite` false an output that exists is refused (73).
    OutputSet(base::TemporaryFiles& unfinished, bool overwrite) : unfinished_(unfinished), overwrite_(overwrite) {}

    /// Opens an output; "-" is standard output (at most one). Throws Error (73): exists, no such folder, not
    /// writable, named twice in this set, or equal to one of the inputs (a result never overwrites its input).
    Output& open(const std::string& path);
    /// Declares a file that is read in this run, so that no output can replace it, not even with --force.
    /// Throws Error (73) where an output opened before is that file.
    void protect(const std::string& input_path);
    /// Gives every output its final name, the one opened first last, while interrupts wait. If one fails, those that were
    /// new are removed again.
    void commit();

private:
    base::TemporaryFiles& unfinished_;
    bool overwrite_;
    std::vector<std::unique_ptr<Output>> outputs_;
    std::vector<std::string> inputs_;
};

}  // namespace tare::io
