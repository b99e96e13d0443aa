// Programs that run beside a test, to be interrupted or killed.
#pragma once

#include <chrono>
#include <csignal>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "workplace.hpp"

namespace tare::test {

/// A program that runs beside the test, in its own folder; standard error goes to the file `err` there.
class Background {
public:
    Background(const Workplace& place, std::vector<std::string> arguments, const std::string& out = "/dev/null") {
        std::vector<char*> argv;
        for (std::string& argument : arguments) argv.push_back(argument.data());
        argv.push_back(nullptr);
        const std::string program = std::string(TARE_BINARY_DIR) + "/" + arguments.front();
        child_ = fork();
        if (child_ == 0) {
            const bool ready = chdir(place.folder().c_str()) == 0 && redirected("/dev/null", O_RDONLY, 0) &&
                               redirected(out, O_WRONLY, 1) && redirected("err", O_WRONLY | O_CREAT, 2);
            for (const int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, SIG_DFL);
            if (ready) execv(program.c_str(), argv.data());
            _exit(127);
        }
        REQUIRE(child_ > 0);
    }
    Background(const Background&) = delete;
    Background& operator=(const Background&) = delete;
    ~Background() {
        if (child_ > 0) {
            kill(child_, SIGKILL);
            waitpid(child_, nullptr, 0);
        }
    }

    /// To this child only: kill(-1) would reach every process there is.
    void send(int signal) const {
        REQUIRE(child_ > 0);
        kill(child_, signal);
    }
    /// The exit code, or 128 and the signal that ended it; -1 where it does not end within a minute.
    int end() {
        for (int tick = 0; tick < 6000; ++tick) {
            int status = 0;
            if (waitpid(child_, &status, WNOHANG) == child_) {
                child_ = -1;
                return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        return -1;
    }

private:
    static bool redirected(const std::string& path, int flags, int descriptor) {
        const int opened = open(path.c_str(), flags, 0600);
        return opened >= 0 && dup2(opened, descriptor) >= 0;
    }

    pid_t child_ = -1;
};

}  // namespace tare::test
