// The first bytes of a file, decompressed where it is gzip, without reading the rest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "descriptor.hpp"

namespace tare::io::detail {

class FileBeginning {
public:
    /// Throws Error: 66 (also for what is no regular file, whose bytes would be lost to later readers), 74.
    explicit FileBeginning(const std::string& path);
    FileBeginning(const FileBeginning&) = delete;
    FileBeginning& operator=(const FileBeginning&) = delete;
    ~FileBeginning();

    [[nodiscard]] bool is_gzipped() const noexcept { return inflating_ != nullptr; }
    /// Bytes of the file as it lies on disk.
    [[nodiscard]] std::uint64_t size_on_disk() const noexcept { return size_; }
    /// The first `count` bytes, fewer only where there are no more. The view lasts until the next call. Throws Error: 65
    /// where the gzip stream is damaged, 74.
    [[nodiscard]] std::string_view first(std::size_t count);

private:
    struct Inflating;
    void read_more(std::size_t most);
    void inflate_more(std::size_t most);

    std::string path_;
    Descriptor file_;
    std::uint64_t size_ = 0;
    std::string bytes_;
    bool at_end_ = false;
    std::unique_ptr<Inflating> inflating_;
};

}  // namespace tare::io::detail
