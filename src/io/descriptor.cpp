// System calls on open files, with every failure turned into an Error that names the file.
#include "descriptor.hpp"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tare/base/error.hpp"

namespace tare::io::detail {

using base::Error;
using base::ExitCode;

namespace {

/// After a failed call: waits where it only came too early, on a stream that another program made non-blocking.
bool waited(const Descriptor& file, short event) noexcept {
    if (errno != EAGAIN && errno != EWOULDBLOCK) {
        return false;
    }
    ::pollfd ready{file.number(), event, 0};
    static_cast<void>(::poll(&ready, 1, -1));
    return true;
}

}  // namespace

int Descriptor::close() noexcept {
    if (number_ < 0) {
        return 0;
    }
    // Never repeated after EINTR: Linux has released the number by then.
    return ::close(std::exchange(number_, -1)) == 0 || errno == EINTR ? 0 : errno;
}

std::string reason(int error_number) {
    return std::generic_category().message(error_number);
}

std::string input_name(const std::string& path) {
    return path == "-" ? "<stdin>" : path;
}

Descriptor open_input(const std::string& path) {
    const std::string name = input_name(path);
    Descriptor file(path == "-" ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.is_open()) {
        switch (errno) {
            case ENOENT:
            case ENOTDIR:
                throw Error(ExitCode::no_input, name + ": no such file");
            case EACCES:
            case EPERM:
                throw Error(ExitCode::no_input, name + ": may not be read: " + reason(errno));
            case EBADF:
                throw Error(ExitCode::no_input, name + ": standard input is closed");
            default:
                throw Error(ExitCode::io, name + ": cannot be opened: " + reason(errno));
        }
    }
    struct stat status{};
    if (::fstat(file.number(), &status) != 0) {
        throw Error(ExitCode::io, name + ": cannot be read: " + reason(errno));
    }
    if (S_ISDIR(status.st_mode)) {
        throw Error(ExitCode::no_input, name + ": is a folder, not a file");
    }
    return file;
}

std::size_t read_up_to(const Descriptor& file, char* to, std::size_t most, const std::string& name) {
    std::size_t done = 0;
    while (done < most) {
        const ::ssize_t got = ::read(file.number(), to + done, most - done);
        if (got < 0) {
            if (errno == EINTR || waited(file, POLLIN)) {
                continue;
            }
            throw Error(ExitCode::io, name + ": cannot be read: " + reason(errno));
        }
        if (got == 0) {
            break;
        }
        done += static_cast<std::size_t>(got);
    }
    return done;
}

std::string read_all(const Descriptor& file, const std::string& name, const base::Resources& resources) {
    struct stat status{};
    const bool has_size = ::fstat(file.number(), &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0;
    constexpr std::size_t piece = std::size_t{4} << 20;
    std::string bytes;
    // One byte more than the file should have, so that a single read also meets the end.
    std::size_t wanted = has_size ? static_cast<std::size_t>(status.st_size) + 1 : piece;
    while (true) {
        base::check_memory(resources, bytes.size() + wanted, name);
        const std::size_t before = bytes.size();
        bytes.resize(before + wanted);
        const std::size_t got = read_up_to(file, bytes.data() + before, wanted, name);
        bytes.resize(before + got);
        if (got < wanted) {
            return bytes;
        }
        wanted = piece;
    }
}

void write_all(const Descriptor& file, std::string_view bytes, const std::string& name) {
    while (!bytes.empty()) {
        const ::ssize_t written = ::write(file.number(), bytes.data(), bytes.size());
        if (written >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno == EPIPE) {
            throw Error(ExitCode::io, name + ": the reader closed the pipe");
        } else if (errno != EINTR && !waited(file, POLLOUT)) {
            throw Error(ExitCode::io, name + ": cannot be written: " + reason(errno));
        }
    }
}

}  // namespace tare::io::detail
