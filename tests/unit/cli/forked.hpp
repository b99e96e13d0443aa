// Runs a main function in a child process and collects what it printed and how it ended, so that exit codes, signals
// and standard streams are tested for real.
#pragma once

#include <array>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tare::test {

struct Outcome {
    int code = -1;  ///< the exit code, or 128 + signal
    std::string out;
    std::string err;
};

namespace detail {

inline void collect(int first, std::string& into_first, int second, std::string& into_second) {
    std::array<pollfd, 2> open{pollfd{first, POLLIN, 0}, pollfd{second, POLLIN, 0}};
    const std::array<std::string*, 2> texts{&into_first, &into_second};
    while (open[0].fd >= 0 || open[1].fd >= 0) {
        static_cast<void>(::poll(open.data(), open.size(), -1));
        for (std::size_t i = 0; i < open.size(); ++i) {
            if (open[i].fd < 0 || open[i].revents == 0) {
                continue;
            }
            std::array<char, 4096> buffer{};
            const ssize_t size = ::read(open[i].fd, buffer.data(), buffer.size());
            if (size > 0) {
                texts[i]->append(buffer.data(), static_cast<std::size_t>(size));
            } else {
                ::close(open[i].fd);
                open[i].fd = -1;
            }
        }
    }
}

struct Channel {
    int here = -1;
    int there = -1;
};

inline Channel open_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw std::runtime_error("no pipe");
    }
    return {ends[0], ends[1]};
}

inline Channel open_terminal() {
    const int here = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (here < 0 || ::grantpt(here) != 0 || ::unlockpt(here) != 0) {
        throw std::runtime_error("no pseudo-terminal");
    }
    return {here, ::open(::ptsname(here), O_RDWR | O_NOCTTY | O_CLOEXEC)};
}

}  // namespace detail

/// `body` returns the exit code of the child. Standard error is a pipe, or a terminal where asked for. A child that
/// hangs is killed after half a minute.
inline Outcome in_child(const std::function<int()>& body, bool error_is_terminal = false) {
    const detail::Channel out = detail::open_pipe();
    const detail::Channel err = error_is_terminal ? detail::open_terminal() : detail::open_pipe();
    const pid_t child = ::fork();
    if (child == 0) {
        ::dup2(out.there, STDOUT_FILENO);
        ::dup2(err.there, STDERR_FILENO);
        ::close(out.there);
        ::close(err.there);
        ::alarm(30);
        ::_exit(body());
    }
    ::close(out.there);
    ::close(err.there);
    Outcome outcome;
    detail::collect(out.here, outcome.out, err.here, outcome.err);
    int status = 0;
    ::waitpid(child, &status, 0);
    outcome.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return outcome;
}

/// The arguments of a main function.
class Arguments {
public:
    explicit Arguments(std::vector<std::string> words) : words_(std::move(words)) {
        for (std::string& word : words_) {
            pointers_.push_back(word.data());
        }
        pointers_.push_back(nullptr);
    }
    Arguments(const Arguments&) = delete;
    Arguments& operator=(const Arguments&) = delete;

    [[nodiscard]] int count() const { return static_cast<int>(words_.size()); }
    [[nodiscard]] char** pointers() { return pointers_.data(); }

private:
    std::vector<std::string> words_;
    std::vector<char*> pointers_;
};

}  // namespace tare::test
