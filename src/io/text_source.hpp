// The text of a table from front to back, whatever it is stored in, with the checksum of the bytes as stored.
// A plain file is read piece by piece; what gzip and streams hold stays in memory until the table is read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "descriptor.hpp"
#include "tare/base/resources.hpp"
#include "tare/base/sha256.hpp"

namespace tare::io::detail {

class TextSource {
public:
    /// Opens `path` ("-" is standard input). Throws Error: 66, 65 (damaged gzip), 71, 74.
    TextSource(const std::string& path, const base::Resources& resources);
    TextSource(const TextSource&) = delete;
    TextSource& operator=(const TextSource&) = delete;

    /// For messages.
    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    /// Bytes of text in all.
    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
    /// Bytes of memory that it holds.
    [[nodiscard]] std::uint64_t memory() const noexcept { return text_.capacity(); }

    /// Copies the next `most` bytes, fewer only at the end. Throws Error (74), also where the file changes under it.
    std::size_t read(char* to, std::size_t most);
    /// Starts again at the beginning.
    void rewind();
    /// The checksum of the stored bytes; to be asked for once, when all text has been read.
    [[nodiscard]] std::string sha256();

private:
    std::size_t read_file(char* to, std::size_t most);
    /// Replaces the bytes of a gzip stream by what they hold.
    void unpack(const base::Resources& resources);

    std::string name_;
    std::uint64_t size_ = 0;
    std::uint64_t position_ = 0;
    base::Sha256 hash_;
    Descriptor file_;       ///< open where the text is read from the file itself
    std::string text_;      ///< else the whole text
    std::string checksum_;  ///< of the gzip stream that text_ came from
};

}  // namespace tare::io::detail
