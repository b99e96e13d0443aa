// A shared mapping of a nameless file. The whole length is reserved at once: a full disk is then an error here, and
// not a signal when a page is first written.
#include "tare/base/spilled_bytes.hpp"

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tare/base/error.hpp"

namespace tare::base {
namespace {

std::string temporary_folder() {
    const char* folder = std::getenv("TMPDIR");
    return folder != nullptr && *folder != '\0' ? folder : "/tmp";
}

/// A file without a name, where the file system knows such, else one whose name is taken away at once; -1 on failure.
int open_nameless(const std::string& folder) {
    const int file = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (file >= 0) return file;
    std::string name = folder + "/tare-XXXXXX";
    const int named = ::mkostemp(name.data(), O_CLOEXEC);
    if (named >= 0) ::unlink(name.c_str());
    return named;
}

}  // namespace

SpilledBytes::SpilledBytes(std::size_t size) {
    if (size == 0) return;
    const std::string folder = temporary_folder();
    const auto fail = [&](int reason) {
        throw Error(ExitCode::io,
                    folder + ": no room for " + std::to_string(size) +
                        " bytes of intermediate results: " + std::generic_category().message(reason),
                    "TMPDIR names another folder; a larger --memory needs none");
    };
    const int file = open_nameless(folder);
    if (file < 0) fail(errno);
    const int reserved = ::posix_fallocate(file, 0, static_cast<off_t>(size));
    void* mapped = reserved == 0 ? ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0) : MAP_FAILED;
    const int reason = reserved != 0 ? reserved : errno;
    ::close(file);
    if (mapped == MAP_FAILED) fail(reason);
    begin_ = mapped;
    size_ = size;
}

SpilledBytes::~SpilledBytes() {
    if (begin_ != nullptr) ::munmap(begin_, size_);
}

void SpilledBytes::release() const noexcept {
    if (begin_ != nullptr) ::madvise(begin_, size_, MADV_DONTNEED);
}

}  // namespace tare::base
