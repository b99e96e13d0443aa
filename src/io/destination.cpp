// Decides from what bears the name of an output now how it is written, and refuses what must not be replaced.
#include "destination.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "descriptor.hpp"
#include "tare/base/error.hpp"
#include "unfinished_file.hpp"

namespace tare::io::detail {

using base::Error;
using base::ExitCode;

namespace {

Error refused(const std::string& path, const std::string& why, std::string hint = {}) {
    return {ExitCode::cannot_create, path + ": " + why, std::move(hint)};
}

/// Written as the bytes come; what has been written cannot be taken back.
class Stream final : public Destination {
public:
    Stream(Descriptor file, std::string name) : file_(std::move(file)), name_(std::move(name)) {}

    [[nodiscard]] bool is_file() const noexcept override { return false; }
    void write(std::string_view bytes) override { write_all(file_, bytes, name_); }
    void complete() override {
        if (const int error_number = file_.close(); error_number != 0) {
            throw Error(ExitCode::io, name_ + ": cannot be written: " + reason(error_number));
        }
    }
    void publish() override {}
    void withdraw() noexcept override {}

private:
    Descriptor file_;
    std::string name_;
};

/// The number of the open file that a path stands for: opening such a path anew would write from the start.
std::optional<int> standing_for_open_file(std::string_view path) {
    constexpr std::array<std::pair<std::string_view, int>, 3> names{
        {{"-", STDOUT_FILENO}, {"/dev/stdout", STDOUT_FILENO}, {"/dev/stderr", STDERR_FILENO}}};
    for (const auto& [name, number] : names) {
        if (path == name) {
            return number;
        }
    }
    for (const std::string_view folder : {"/dev/fd/", "/proc/self/fd/"}) {
        int number = 0;
        if (path.starts_with(folder)) {
            const auto [stop, error] = std::from_chars(path.data() + folder.size(), path.data() + path.size(), number);
            if (error == std::errc{} && stop == path.data() + path.size()) {
                return number;
            }
        }
    }
    return std::nullopt;
}

std::unique_ptr<Destination> open_standing(int number, const std::string& path) {
    const std::string name = path == "-" ? "standard output" : path;
    Descriptor file(::fcntl(number, F_DUPFD_CLOEXEC, 0));
    if (!file.is_open()) {
        throw Error(ExitCode::io, name + ": cannot be written: " + reason(errno));
    }
    return std::make_unique<Stream>(std::move(file), name);
}

/// Checks that a regular file may be replaced.
void check_replaceable(const std::string& path, const std::filesystem::path& target, const struct stat& status,
                       bool overwrite) {
    if (!overwrite) {
        throw refused(path, "exists already", "--force replaces it");
    }
    // Root may write everywhere, but not even root should replace what somebody has locked.
    if ((status.st_mode & 0222U) == 0 || ::access(target.c_str(), W_OK) != 0) {
        throw refused(path, "is write-protected and is not replaced, not even with --force");
    }
}

void check_folder(const std::string& path, const std::filesystem::path& target) {
    const std::filesystem::path folder = target.parent_path();
    struct stat status{};
    if (folder.empty() || (::stat(folder.c_str(), &status) == 0 && S_ISDIR(status.st_mode))) {
        return;
    }
    const int error_number = errno;
    if (status.st_mode != 0 || error_number == ENOTDIR) {
        throw refused(path, "'" + folder.string() + "' is not a folder");
    }
    throw refused(path, error_number == ENOENT ? "folder '" + folder.string() + "' does not exist"
                                               : "cannot be created: " + reason(error_number));
}

}  // namespace

std::filesystem::path resolved_target(const std::string& path) {
    std::filesystem::path target(path);
    std::error_code error;
    for (int links = 0; links < 40; ++links) {
        const std::filesystem::path next = std::filesystem::read_symlink(target, error);
        if (error) {
            return target;
        }
        target = target.parent_path() / next;
    }
    throw refused(path, "leads through too many links");
}

bool same_file(const std::string& output, const std::string& input) noexcept {
    struct stat first{};
    struct stat second{};
    const auto look = [](const std::string& path, int standard, struct stat& status) {
        return path == "-" ? ::fstat(standard, &status) : ::stat(path.c_str(), &status);
    };
    return look(output, STDOUT_FILENO, first) == 0 && look(input, STDIN_FILENO, second) == 0 && S_ISREG(first.st_mode) &&
           first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

std::unique_ptr<Destination> open_destination(const std::string& path, base::TemporaryFiles& unfinished, bool overwrite,
                                              Unfinished kind) {
    if (path.empty()) {
        throw refused("''", "is no file name");
    }
    if (const std::optional<int> number = standing_for_open_file(path)) {
        return open_standing(*number, path);
    }
    const std::filesystem::path target = resolved_target(path);
    struct stat status{};
    if (::stat(path.c_str(), &status) == 0) {
        if (S_ISDIR(status.st_mode)) {
            throw refused(path, "is a folder");
        }
        if (S_ISCHR(status.st_mode) || S_ISFIFO(status.st_mode)) {
            Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
            if (!file.is_open()) {
                throw refused(path, "cannot be opened for writing: " + reason(errno));
            }
            return std::make_unique<Stream>(std::move(file), path);
        }
        if (!S_ISREG(status.st_mode)) {
            throw refused(path, "is neither a file nor a pipe");
        }
        check_replaceable(path, target, status, overwrite);
    } else if (errno != ENOENT && errno != ENOTDIR) {
        throw refused(path, "cannot be created: " + reason(errno));
    } else if (target != path && !overwrite) {
        throw refused(path, "exists already, as a link to a file that does not", "--force creates that file");
    }
    check_folder(path, target);
    return std::make_unique<UnfinishedFile>(target, path, unfinished, overwrite, kind);
}

}  // namespace tare::io::detail
