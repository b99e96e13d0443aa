// Mapping is private and read-only; the pages stay the system's, so that any of them can be let go at any time.
#include "mapped_file.hpp"

#include <cerrno>

#include <sys/mman.h>

#include "mapping_guard.hpp"
#include "tare/base/error.hpp"

namespace tare::io::detail {

using base::Error;
using base::ExitCode;

namespace {

void* address(std::string_view bytes) noexcept {
    // The system's calls take a pointer to what may be written; munmap and madvise write nothing.
    return const_cast<char*>(bytes.data());  // NOLINT(cppcoreguidelines-pro-type-const-cast)
}

bool same_time(const ::timespec& a, const ::timespec& b) noexcept {
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

}  // namespace

MappedFile::MappedFile(const std::string& path, const base::Resources& resources)
    : name_(input_name(path)), file_(open_input(path)) {
    if (::fstat(file_.number(), &opened_) != 0) {
        throw Error(ExitCode::io, name_ + ": cannot be read: " + reason(errno));
    }
    if (path == "-" || !S_ISREG(opened_.st_mode)) {
        held_ = read_all(file_, name_, resources);
        bytes_ = held_;
        file_.close();
        return;
    }
    if (opened_.st_size == 0) {
        return;
    }
    const auto size = static_cast<std::size_t>(opened_.st_size);
    void* const place = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file_.number(), 0);
    if (place == MAP_FAILED) {
        throw Error(ExitCode::io, name_ + ": cannot be mapped into memory: " + reason(errno));
    }
    bytes_ = {static_cast<const char*>(place), size};
    static_cast<void>(::madvise(place, size, MADV_SEQUENTIAL));
    guard_ = guard_mapping(bytes_);
}

MappedFile::~MappedFile() {
    if (file_.is_open() && !bytes_.empty()) {
        forget_mapping(guard_);
        static_cast<void>(::munmap(address(bytes_), bytes_.size()));
    }
}

void MappedFile::release() const noexcept {
    if (file_.is_open() && !bytes_.empty()) {
        static_cast<void>(::madvise(address(bytes_), bytes_.size(), MADV_DONTNEED));
    }
}

void MappedFile::verify() const {
    if (!file_.is_open()) {
        return;
    }
    struct stat now{};
    if (::fstat(file_.number(), &now) != 0) {
        throw Error(ExitCode::io, name_ + ": cannot be read: " + reason(errno));
    }
    if (now.st_size != opened_.st_size) {
        throw Error(ExitCode::io, name_ + ": changed while it was read: it had " + std::to_string(opened_.st_size) +
                                      " bytes and has " + std::to_string(now.st_size) + " now");
    }
    if (!same_time(now.st_mtim, opened_.st_mtim)) {
        throw Error(ExitCode::io, name_ + ": changed while it was read");
    }
    if (mapping_failed(guard_)) {
        throw Error(ExitCode::io, name_ + ": a part of it could not be read from the disk");
    }
}

}  // namespace tare::io::detail
