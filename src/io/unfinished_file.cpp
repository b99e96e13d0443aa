// A file is complete before it is named, and named by one rename. Nothing is fsynced: rename is atomic against
// every way in which this process can die, and syncing gigabytes would cost minutes to guard against power failure
// alone, after which a batch job is run again anyway.
#include "unfinished_file.hpp"

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <random>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tare/base/error.hpp"

namespace tare::io::detail {

using base::Error;
using base::ExitCode;

namespace {

/// As the shell's redirection creates files; the umask takes its bits away.
constexpr ::mode_t ordinary_mode = 0666;

std::filesystem::path folder_of(const std::filesystem::path& target) {
    return target.has_parent_path() ? target.parent_path() : std::filesystem::path(".");
}

/// ".NAME.tare-x7k2p9" beside the target; a long NAME is cut so that the file system accepts the whole.
std::filesystem::path hidden_path(const std::filesystem::path& target) {
    constexpr std::string_view letters = "0123456789abcdefghijklmnopqrstuvwxyz";
    std::random_device random;
    std::string name(1, '.');
    name.append(target.filename().string(), 0, 200).append(".tare-");
    for (int i = 0; i < 8; ++i) {
        name += letters[random() % letters.size()];
    }
    return folder_of(target) / name;
}

/// Calls `make(path)`, which returns 0 or an error number, with new hidden names until one is free. The path is
/// registered before the file exists, so that an interrupt at any time finds it.
template <typename Make>
int make_hidden(const std::filesystem::path& target, base::TemporaryFiles& unfinished, std::filesystem::path& made,
                Make make) {
    int error_number = EEXIST;
    for (int attempt = 0; attempt < 100 && error_number == EEXIST; ++attempt) {
        made = hidden_path(target);
        unfinished.add(made);
        error_number = make(made.c_str());
        if (error_number != 0) {
            unfinished.forget(made);
            made.clear();
        }
    }
    return error_number;
}

Descriptor open_nameless(const std::filesystem::path& folder) {
    return Descriptor(::open(folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, ordinary_mode));
}

int link_nameless(const Descriptor& file, const char* path) {
    const std::string link = "/proc/self/fd/" + std::to_string(file.number());
    return ::linkat(AT_FDCWD, link.c_str(), AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0 ? 0 : errno;
}

/// Nameless files are no use where they cannot be named in the end (no /proc, a sandbox, an odd file system):
/// better known before hours of work than after, so an empty one is tried.
bool nameless_files_work(const std::filesystem::path& target, base::TemporaryFiles& unfinished) {
    const Descriptor trial = open_nameless(folder_of(target));
    std::filesystem::path made;
    if (!trial.is_open() ||
        make_hidden(target, unfinished, made, [&](const char* path) { return link_nameless(trial, path); }) != 0) {
        return false;
    }
    const bool removed = ::unlink(made.c_str()) == 0;
    unfinished.forget(made);
    return removed;
}

}  // namespace

UnfinishedFile::UnfinishedFile(std::filesystem::path target, std::string name, base::TemporaryFiles& unfinished,
                               bool overwrite, Unfinished kind)
    : target_(std::move(target)), name_(std::move(name)), unfinished_(unfinished), overwrite_(overwrite) {
    if (kind == Unfinished::nameless &&
        unfinished_.takes_nameless(folder_of(target_), [&] { return nameless_files_work(target_, unfinished_); })) {
        file_ = open_nameless(folder_of(target_));
    }
    if (!file_.is_open()) {
        open_hidden();
    }
    take_mode_of_predecessor();
}

UnfinishedFile::~UnfinishedFile() {
    remove_hidden();
}

void UnfinishedFile::open_hidden() {
    const int error_number = make_hidden(target_, unfinished_, hidden_, [&](const char* path) {
        file_ = Descriptor(::open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, ordinary_mode));
        return file_.is_open() ? 0 : errno;
    });
    if (error_number != 0) {
        throw Error(ExitCode::cannot_create, name_ + ": cannot be created: " + reason(error_number));
    }
}

void UnfinishedFile::take_mode_of_predecessor() {
    struct stat status{};
    if (::stat(target_.c_str(), &status) == 0) {
        is_new_ = false;
        if (::fchmod(file_.number(), status.st_mode & 0777U) != 0) {
            throw Error(ExitCode::cannot_create, name_ + ": cannot be created: " + reason(errno));
        }
    }
}

void UnfinishedFile::write(std::string_view bytes) {
    write_all(file_, bytes, name_);
}

void UnfinishedFile::complete() {
    // A nameless file lives while it is open; closing a second descriptor tells the same of what was written.
    Descriptor second;
    if (hidden_.empty()) {
        second = Descriptor(::fcntl(file_.number(), F_DUPFD_CLOEXEC, 0));
        if (!second.is_open()) {
            throw Error(ExitCode::io, name_ + ": cannot be written: " + reason(errno));
        }
    }
    if (const int error_number = (hidden_.empty() ? second : file_).close(); error_number != 0) {
        throw Error(ExitCode::io, name_ + ": cannot be written: " + reason(error_number));
    }
}

void UnfinishedFile::link_hidden() {
    const int error_number =
        make_hidden(target_, unfinished_, hidden_, [&](const char* path) { return link_nameless(file_, path); });
    if (error_number != 0) {
        throw Error(ExitCode::io, name_ + ": cannot be named: " + reason(error_number));
    }
}

void UnfinishedFile::publish() {
    if (hidden_.empty()) {
        // Without a hidden name in between, kill -9 has nothing to leave behind.
        const int linked = link_nameless(file_, target_.c_str());
        if (linked == 0) {
            file_ = {};
            return;
        }
        if (linked != EEXIST || overwrite_) {
            link_hidden();
        }
    }
    int error_number = 0;
    if (hidden_.empty()) {
        error_number = EEXIST;
    } else if (overwrite_) {
        error_number = ::rename(hidden_.c_str(), target_.c_str()) == 0 ? 0 : errno;
    } else {
        error_number = ::renameat2(AT_FDCWD, hidden_.c_str(), AT_FDCWD, target_.c_str(), RENAME_NOREPLACE) == 0 ? 0 : errno;
        if (error_number == EINVAL || error_number == ENOSYS) {
            // A file system that cannot rename without replacing: a look beforehand has to do.
            error_number = ::faccessat(AT_FDCWD, target_.c_str(), F_OK, AT_SYMLINK_NOFOLLOW) == 0 ? EEXIST
                           : ::rename(hidden_.c_str(), target_.c_str()) == 0                      ? 0
                                                                                                  : errno;
        }
    }
    if (error_number == EEXIST) {
        throw Error(ExitCode::cannot_create, name_ + ": exists by now; somebody else has created it meanwhile");
    }
    if (error_number != 0) {
        throw Error(ExitCode::io, name_ + ": cannot be named: " + reason(error_number));
    }
    unfinished_.forget(hidden_);
    hidden_.clear();
}

void UnfinishedFile::withdraw() noexcept {
    if (is_new_) {
        ::unlink(target_.c_str());
    }
}

void UnfinishedFile::remove_hidden() noexcept {
    if (!hidden_.empty()) {
        ::unlink(hidden_.c_str());
        unfinished_.forget(hidden_);
    }
}

}  // namespace tare::io::detail
