// libdeflate decompresses whole members only, so that a beginning is inflated with zlib.
#include "file_beginning.hpp"

#include <algorithm>
#include <array>
#include <new>

#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "tare/base/error.hpp"
#include "tare/io/bytes.hpp"

namespace tare::io::detail {

namespace {

constexpr std::size_t piece = 4096;
/// No allocation follows what a header claims; it follows what the file gives.
constexpr std::size_t largest_step = std::size_t{1} << 20U;
/// Window of 32 KiB, gzip wrapper.
constexpr int gzip_window = 15 + 16;

}  // namespace

struct FileBeginning::Inflating {
    Inflating() {
        if (::inflateInit2(&stream, gzip_window) != Z_OK) {
            throw std::bad_alloc();
        }
    }
    Inflating(const Inflating&) = delete;
    Inflating& operator=(const Inflating&) = delete;
    ~Inflating() { ::inflateEnd(&stream); }

    ::z_stream stream{};
    std::array<char, piece> input{};
};

FileBeginning::FileBeginning(const std::string& path) : path_(input_name(path)), file_(open_input(path)) {
    struct stat status{};
    if (::fstat(file_.number(), &status) != 0 || !S_ISREG(status.st_mode)) {
        throw base::Error(base::ExitCode::no_input, path_ + ": an image must be a regular file, no stream");
    }
    size_ = static_cast<std::uint64_t>(status.st_size);
    std::array<char, 2> magic{};
    if (::pread(file_.number(), magic.data(), magic.size(), 0) == 2 && looks_gzipped({magic.data(), magic.size()})) {
        inflating_ = std::make_unique<Inflating>();
    }
}

FileBeginning::~FileBeginning() = default;

std::string_view FileBeginning::first(std::size_t count) {
    while (bytes_.size() < count && !at_end_) {
        const std::size_t step = std::min(largest_step, std::max(piece, count - bytes_.size()));
        if (is_gzipped()) {
            inflate_more(step);
        } else {
            read_more(step);
        }
    }
    return std::string_view(bytes_).substr(0, count);
}

void FileBeginning::read_more(std::size_t most) {
    const std::size_t before = bytes_.size();
    bytes_.resize(before + most);
    const std::size_t got = read_up_to(file_, bytes_.data() + before, most, path_);
    bytes_.resize(before + got);
    at_end_ = got < most;
}

void FileBeginning::inflate_more(std::size_t most) {
    const std::size_t before = bytes_.size();
    bytes_.resize(before + most);
    ::z_stream& stream = inflating_->stream;
    stream.next_out = reinterpret_cast<unsigned char*>(bytes_.data() + before);
    stream.avail_out = static_cast<unsigned>(most);
    while (stream.avail_out > 0 && !at_end_) {
        if (stream.avail_in == 0) {
            const std::size_t got = read_up_to(file_, inflating_->input.data(), inflating_->input.size(), path_);
            stream.next_in = reinterpret_cast<unsigned char*>(inflating_->input.data());
            stream.avail_in = static_cast<unsigned>(got);
            at_end_ = got == 0;
        }
        const int result = at_end_ ? Z_OK : ::inflate(&stream, Z_NO_FLUSH);
        if (result == Z_STREAM_END) {
            // Another member may follow.
            ::inflateReset(&stream);
        } else if (result != Z_OK && result != Z_BUF_ERROR) {
            throw base::malformed(path_ + ": the gzip stream is damaged",
                                  "copy or download the file again; gzip -t should find no fault in it");
        }
    }
    bytes_.resize(before + most - stream.avail_out);
}

}  // namespace tare::io::detail
