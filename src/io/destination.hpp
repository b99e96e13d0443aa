// Where the bytes of one output go: straight into a stream (standard output, device, named pipe), or into a file
// that has no name, or a hidden one, until it is complete.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "tare/base/temporary_files.hpp"

namespace tare::io::detail {

class Destination {
public:
    Destination() = default;
    Destination(const Destination&) = delete;
    Destination& operator=(const Destination&) = delete;
    virtual ~Destination() = default;

    /// False for streams, which are no file of their own and have no place beside them.
    [[nodiscard]] virtual bool is_file() const noexcept = 0;
    virtual void write(std::string_view bytes) = 0;
    /// All bytes are written: everything but the name. Throws Error (74).
    virtual void complete() = 0;
    /// The file gets its name. Throws Error (74; 73 where it may not replace what bears the name now).
    virtual void publish() = 0;
    /// Undoes publish where the file is new.
    virtual void withdraw() noexcept = 0;
};

/// Whether an unfinished file may do without a name; `hidden` is what file systems without O_TMPFILE get.
enum class Unfinished { nameless, hidden };

/// The destination for the output called `path`; "-", /dev/stdout and /dev/fd/N are the open files of this process.
/// Throws Error (73) where it cannot be created, or exists and may not be overwritten.
[[nodiscard]] std::unique_ptr<Destination> open_destination(const std::string& path, base::TemporaryFiles& unfinished,
                                                            bool overwrite, Unfinished kind = Unfinished::nameless);

/// The file that an output called `path` would become: links followed, even one that points nowhere yet.
[[nodiscard]] std::filesystem::path resolved_target(const std::string& path);

/// True where both name one regular file (by path, or by device and inode); "-" is the open file that `standard` names.
[[nodiscard]] bool same_file(const std::string& output, const std::string& input) noexcept;

}  // namespace tare::io::detail
