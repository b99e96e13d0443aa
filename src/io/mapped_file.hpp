// A file's bytes as a piece of memory: mapped where it is a plain file, read where it is a pipe. A file that shrinks or
// cannot be read while it is mapped does not kill the process: what is missing reads as zeros, and verify() says so.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <sys/stat.h>

#include "descriptor.hpp"
#include "tare/base/resources.hpp"

namespace tare::io::detail {

class MappedFile {
public:
    /// Throws Error: 66, 71 (a pipe beyond the memory budget), 74.
    MappedFile(const std::string& path, const base::Resources& resources);
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;
    ~MappedFile();

    /// For messages.
    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] std::string_view bytes() const noexcept { return bytes_; }
    /// Open as long as this object lives, for reading at any place; closed where the bytes came from a pipe.
    [[nodiscard]] const Descriptor& file() const noexcept { return file_; }
    /// Lets go of the pages in memory; they come back from the file when needed.
    void release() const noexcept;
    /// Throws Error (74) where the file has changed, or could not be read, since it was opened.
    void verify() const;

private:
    std::string name_;
    Descriptor file_;
    struct stat opened_{};
    std::string held_;
    std::string_view bytes_;
    int guard_ = -1;
};

}  // namespace tare::io::detail
