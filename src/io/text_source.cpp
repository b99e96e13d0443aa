// Hashing goes along with reading, a piece at a time, so that it can overlap with the parsing of the piece before;
// for gzip it goes along with unpacking, so that the compressed bytes need not stay.
#include "text_source.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <thread>
#include <utility>

#include <sys/stat.h>
#include <unistd.h>

#include "tare/base/error.hpp"
#include "tare/io/bytes.hpp"

namespace tare::io::detail {

using base::Error;
using base::ExitCode;

TextSource::TextSource(const std::string& path, const base::Resources& resources) : name_(input_name(path)) {
    file_ = open_input(path);
    struct stat status{};
    std::array<char, 2> magic{};
    const bool is_plain_file = path != "-" && ::fstat(file_.number(), &status) == 0 && S_ISREG(status.st_mode) &&
                               status.st_size > 0 && ::pread(file_.number(), magic.data(), magic.size(), 0) >= 0 &&
                               !looks_gzipped({magic.data(), magic.size()});
    if (path.ends_with(".gz") && is_plain_file) {
        throw base::malformed(name_ + ": is not a gzip stream", "if it is plain text, rename it without .gz");
    }
    if (is_plain_file) {
        size_ = static_cast<std::uint64_t>(status.st_size);
        return;
    }
    // The same descriptor: a named pipe can be opened only once.
    text_ = read_all(file_, name_, resources);
    file_.close();
    if (looks_gzipped(text_)) {
        unpack(resources);
    }
    size_ = text_.size();
}

void TextSource::unpack(const base::Resources& resources) {
    const std::string stored = std::move(text_);
    const auto hash = [&] { checksum_ = base::sha256_hex(stored); };
    if (resources.threads > 1) {
        // Joined at the end of the block, also where the stream turns out to be damaged.
        const std::jthread beside(hash);
        text_ = gunzip(stored, name_, resources);
    } else {
        hash();
        text_ = gunzip(stored, name_, resources);
    }
}

std::size_t TextSource::read(char* to, std::size_t most) {
    std::size_t got = 0;
    if (file_.is_open()) {
        got = read_file(to, most);
    } else {
        got = text_.copy(to, most, static_cast<std::size_t>(position_));
    }
    if (checksum_.empty()) {
        hash_.update({to, got});
    }
    position_ += got;
    return got;
}

std::size_t TextSource::read_file(char* to, std::size_t most) {
    const std::size_t got = read_up_to(file_, to, most, name_);
    const bool at_end = got < most;
    if (position_ + got > size_ || (at_end && position_ + got != size_)) {
        throw Error(ExitCode::io, name_ + ": changed while it was read");
    }
    return got;
}

void TextSource::rewind() {
    position_ = 0;
    hash_ = base::Sha256();
    if (file_.is_open() && ::lseek(file_.number(), 0, SEEK_SET) != 0) {
        throw Error(ExitCode::io, name_ + ": cannot be read again: " + reason(errno));
    }
}

std::string TextSource::sha256() {
    return checksum_.empty() ? hash_.hex() : checksum_;
}

}  // namespace tare::io::detail
