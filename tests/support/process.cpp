// Starting a child with its three streams redirected to files in a directory of its own, and reading them afterwards.
#include "process.hpp"

#include <fstream>
#include <iterator>
#include <stdexcept>

#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "temporary_directory.hpp"

namespace tare::test {
namespace {

std::string contents(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void redirect(const std::filesystem::path& path, int flags, int descriptor) {
    const int opened = open(path.c_str(), flags, 0600);
    if (opened < 0 || dup2(opened, descriptor) < 0) _exit(126);
    close(opened);
}

}  // namespace

Finished run(const std::vector<std::string>& arguments, const ProcessOptions& options) {
    const TemporaryDirectory streams;
    std::ofstream(streams.path() / "in", std::ios::binary) << options.input;
    std::vector<char*> argv;
    for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);

    const pid_t child = fork();
    if (child < 0) throw std::runtime_error("cannot fork");
    if (child == 0) {
        redirect(streams.path() / "in", O_RDONLY, 0);
        redirect(streams.path() / "out", O_WRONLY | O_CREAT, 1);
        redirect(streams.path() / "err", O_WRONLY | O_CREAT, 2);
        if (!options.folder.empty() && chdir(options.folder.c_str()) != 0) _exit(126);
        const char* path = getenv("PATH");
        setenv("PATH", (std::string(TARE_BINARY_DIR) + ":" + (path == nullptr ? "/usr/bin:/bin" : path)).c_str(), 1);
        for (const auto& [name, value] : options.environment) setenv(name.c_str(), value.c_str(), 1);
        execvp(argv.front(), argv.data());
        _exit(127);
    }
    int status = 0;
    if (waitpid(child, &status, 0) != child) throw std::runtime_error("lost the child process");
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), contents(streams.path() / "out"),
            contents(streams.path() / "err")};
}

Finished shell(const std::string& line, const ProcessOptions& options) {
    return run({"bash", "-c", "set -o pipefail; " + line}, options);
}

}  // namespace tare::test
