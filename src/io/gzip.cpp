// Gzip members to and from memory. libdeflate verifies the CRC and the length of each member; what it cannot tell
// apart is a member that is cut and one that is damaged.
#include <algorithm>
#include <cstdint>
#include <memory>
#include <new>

#include <libdeflate.h>

#include "tare/base/error.hpp"
#include "tare/base/text.hpp"
#include "tare/io/bytes.hpp"

namespace tare::io {

namespace {

/// Ten bytes of header, two of data, eight of checksum and length.
constexpr std::size_t smallest_member = 20;

struct Release {
    void operator()(libdeflate_decompressor* d) const noexcept { libdeflate_free_decompressor(d); }
    void operator()(libdeflate_compressor* c) const noexcept { libdeflate_free_compressor(c); }
};

/// The length that the last member claims for itself, modulo 2³².
std::uint64_t claimed_length(std::string_view compressed) noexcept {
    std::uint64_t length = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        length = (length << 8U) | static_cast<unsigned char>(compressed[compressed.size() - 1 - i]);
    }
    return length;
}

/// The text that grows while members are added, never beyond what the compressed bytes can hold.
class Unpacked {
public:
    Unpacked(std::string_view compressed, const std::string& source, const base::Resources& resources)
        : source_(source),
          resources_(resources),
          compressed_size_(compressed.size()),
          most_(largest_gzip_ratio * compressed.size() + 64) {
        make_room(std::min(most_, claimed_length(compressed) + 64));
    }

    [[nodiscard]] char* free_begin() noexcept { return text_.data() + used_; }
    [[nodiscard]] std::size_t free_size() const noexcept { return text_.size() - used_; }
    void add(std::size_t bytes) noexcept { used_ += bytes; }
    /// More room, as `done` compressed bytes foretell it; false where the compressed bytes cannot hold that much.
    [[nodiscard]] bool grow(std::size_t done) {
        if (text_.size() >= most_) {
            return false;
        }
        const std::uint64_t more = text_.size() + text_.size() / (done == 0 ? 1 : 4) + (std::uint64_t{1} << 16U);
        const double ratio = done == 0 ? 0.0 : static_cast<double>(used_) / static_cast<double>(done);
        const auto foretold = static_cast<std::uint64_t>(1.02 * ratio * static_cast<double>(compressed_size_));
        make_room(std::min(most_, std::max(more, foretold)));
        return true;
    }
    [[nodiscard]] std::string finish() {
        text_.resize(used_);
        return std::move(text_);
    }

private:
    void make_room(std::uint64_t size) {
        base::check_memory(resources_, compressed_size_ + text_.size() + size, source_ + " decompressed");
        text_.resize(static_cast<std::size_t>(size));
    }

    const std::string& source_;
    const base::Resources& resources_;
    std::size_t compressed_size_;
    std::uint64_t most_ = 0;
    std::string text_;
    std::size_t used_ = 0;
};

base::Error damaged(const std::string& source, std::size_t offset) {
    const std::string where = offset == 0 ? "" : ", in the part that begins at byte " + std::to_string(offset);
    return base::malformed(source + ": the gzip stream is cut short or damaged" + where,
                           "copy or download the file again; gzip -t should find no fault in it");
}

}  // namespace

bool looks_gzipped(std::string_view bytes) noexcept {
    return bytes.starts_with("\x1f\x8b");
}

std::string gunzip(std::string_view compressed, const std::string& source, const base::Resources& resources) {
    if (compressed.empty()) {
        throw base::malformed(source + ": the file is empty");
    }
    if (!looks_gzipped(compressed)) {
        throw compressed.size() == 1 && compressed[0] == '\x1f' ? damaged(source, 0)
                                                                : base::malformed(source + ": is not a gzip stream");
    }
    if (compressed.size() < smallest_member) {
        throw damaged(source, 0);
    }
    const std::unique_ptr<libdeflate_decompressor, Release> decompressor(libdeflate_alloc_decompressor());
    if (decompressor == nullptr) {
        throw std::bad_alloc();
    }
    Unpacked unpacked(compressed, source, resources);
    std::size_t offset = 0;
    while (offset < compressed.size()) {
        const std::string_view rest = compressed.substr(offset);
        if (!looks_gzipped(rest) && rest != "\x1f") {
            throw base::malformed(source + ": " + base::counted(rest.size(), "byte") +
                                  " that are no gzip data follow the gzip stream, from byte " + std::to_string(offset));
        }
        std::size_t taken = 0;
        std::size_t given = 0;
        const libdeflate_result result = libdeflate_gzip_decompress_ex(
            decompressor.get(), rest.data(), rest.size(), unpacked.free_begin(), unpacked.free_size(), &taken, &given);
        if (result == LIBDEFLATE_INSUFFICIENT_SPACE) {
            if (!unpacked.grow(offset)) {
                throw damaged(source, offset);
            }
        } else if (result != LIBDEFLATE_SUCCESS) {
            throw damaged(source, offset);
        } else {
            offset += taken;
            unpacked.add(given);
        }
    }
    return unpacked.finish();
}

std::string gunzip_member(std::string_view& rest, std::size_t size, const std::string& source) {
    const std::unique_ptr<libdeflate_decompressor, Release> decompressor(libdeflate_alloc_decompressor());
    if (decompressor == nullptr) {
        throw std::bad_alloc();
    }
    std::string bytes(size, '\0');
    std::size_t taken = 0;
    std::size_t given = 0;
    const libdeflate_result result = libdeflate_gzip_decompress_ex(decompressor.get(), rest.data(), rest.size(),
                                                                   bytes.data(), bytes.size(), &taken, &given);
    if (result != LIBDEFLATE_SUCCESS || given != size) {
        throw damaged(source, 0);
    }
    rest.remove_prefix(taken);
    return bytes;
}

std::string gzip(std::string_view bytes, int level) {
    const std::unique_ptr<libdeflate_compressor, Release> compressor(libdeflate_alloc_compressor(level));
    if (compressor == nullptr) {
        throw std::bad_alloc();
    }
    // The bound is about the size of the input: what is not needed of it is not touched.
    const std::size_t bound = libdeflate_gzip_compress_bound(compressor.get(), bytes.size());
    const auto room = std::make_unique_for_overwrite<char[]>(bound);
    return {room.get(), libdeflate_gzip_compress(compressor.get(), bytes.data(), bytes.size(), room.get(), bound)};
}

}  // namespace tare::io
