// Writing to descriptors with every interruption and failure looked at.
#include "standard_streams.hpp"

#include <cerrno>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "tare/base/error.hpp"

namespace tare::cli {

void occupy_closed_streams() noexcept {
    for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(descriptor, F_GETFD) == -1 && errno == EBADF) {
            // The lowest free number is this one, and the mode is the wrong one on purpose.
            const int opened = ::open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);
            static_cast<void>(opened);
        }
    }
}

int write_all(int descriptor, std::string_view bytes) noexcept {
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            pollfd ready{descriptor, POLLOUT, 0};
            static_cast<void>(::poll(&ready, 1, -1));
        } else if (errno != EINTR) {
            return errno;
        }
    }
    return 0;
}

void write_standard_output(std::string_view text) {
    if (const int failure = write_all(STDOUT_FILENO, text); failure != 0) {
        throw base::Error(base::ExitCode::io,
                          "cannot write to standard output: " + std::generic_category().message(failure));
    }
}

}  // namespace tare::cli
