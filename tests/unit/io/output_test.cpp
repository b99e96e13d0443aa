// One output: whole or absent, whatever happens.
#include "tare/io/output.hpp"

#include <filesystem>
#include <string>
#include <thread>

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../../src/io/destination.hpp"
#include "io_test_support.hpp"

using namespace tare;
using tare::test::failure_of;
using tare::test::names_in;
namespace fs = std::filesystem;

namespace {

using Names = std::vector<std::string>;

/// Ignores a signal as long as it lives, as the programs do.
class Ignored {
public:
    explicit Ignored(int signal) : signal_(signal), before_(::signal(signal, SIG_IGN)) {}
    ~Ignored() { ::signal(signal_, before_); }
    Ignored(const Ignored&) = delete;
    Ignored& operator=(const Ignored&) = delete;

private:
    int signal_;
    void (*before_)(int);
};

}  // namespace

TEST_CASE("an output appears on commit, with all its bytes") {
    const test::TemporaryDirectory folder;
    const fs::path path = folder.path() / "out.csv";
    base::TemporaryFiles unfinished;
    std::string expected;
    {
        io::Output output(path, unfinished);
        for (int i = 0; i < 3000; ++i) {
            const std::string piece(static_cast<std::size_t>(i % 700), static_cast<char>('a' + i % 26));
            output.write(piece);
            expected += piece;
        }
        const std::string large(std::size_t{3} << 20, 'L');
        output.write(large);
        output.write("end");
        expected += large + "end";
        CHECK_FALSE(fs::exists(path));
        output.commit();
    }
    CHECK(test::get_file(path) == expected);
    CHECK(names_in(folder.path()) == Names{"out.csv"});
}

TEST_CASE("an output without commit leaves nothing") {
    const test::TemporaryDirectory folder;
    base::TemporaryFiles unfinished;
    {
        io::Output output(folder.path() / "out.csv", unfinished);
        output.write(std::string(std::size_t{3} << 20, 'x'));
    }
    CHECK(names_in(folder.path()).empty());
}

TEST_CASE("an output of a killed process leaves nothing") {
    const test::TemporaryDirectory folder;
    const std::string path = folder.path() / "out.csv";
    const ::pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        base::TemporaryFiles unfinished;
        io::Output output(path, unfinished);
        output.write(std::string(std::size_t{3} << 20, 'x'));
        ::kill(::getpid(), SIGKILL);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFSIGNALED(status));
    CHECK(names_in(folder.path()).empty());
}

TEST_CASE("where files cannot be nameless, an output is hidden until commit") {
    const test::TemporaryDirectory folder;
    const fs::path path = folder.path() / "out.csv";
    base::TemporaryFiles unfinished;
    SECTION("committed") {
        {
            const auto file = io::detail::open_destination(path, unfinished, false, io::detail::Unfinished::hidden);
            const Names during = names_in(folder.path());
            REQUIRE(during.size() == 1);
            CHECK(during[0].starts_with(".out.csv.tare-"));
            file->write("abc");
            file->complete();
            file->publish();
        }
        CHECK(names_in(folder.path()) == Names{"out.csv"});
        CHECK(test::get_file(path) == "abc");
        unfinished.remove_all();
        CHECK(fs::exists(path));
    }
    SECTION("given up") {
        {
            const auto file = io::detail::open_destination(path, unfinished, false, io::detail::Unfinished::hidden);
        }
        CHECK(names_in(folder.path()).empty());
    }
    SECTION("interrupted") {
        const auto file = io::detail::open_destination(path, unfinished, false, io::detail::Unfinished::hidden);
        unfinished.remove_all();
        CHECK(names_in(folder.path()).empty());
    }
}

TEST_CASE("an output gets the permissions of an ordinary new file, or keeps those of the file it replaces") {
    const test::TemporaryDirectory folder;
    const fs::path path = folder.path() / "out.csv";
    base::TemporaryFiles unfinished;
    for (const auto kind : {io::detail::Unfinished::nameless, io::detail::Unfinished::hidden}) {
        const ::mode_t before = ::umask(027);
        const auto fresh = io::detail::open_destination(path, unfinished, false, kind);
        ::umask(before);
        fresh->complete();
        fresh->publish();
        CHECK(test::mode_of(path) == 0640U);

        REQUIRE(::chmod(path.c_str(), 0600) == 0);
        const auto replacing = io::detail::open_destination(path, unfinished, true, kind);
        replacing->complete();
        replacing->publish();
        CHECK(test::mode_of(path) == 0600U);
        fs::remove(path);
    }
}

TEST_CASE("an output with a very long name is possible") {
    const test::TemporaryDirectory folder;
    const std::string name(255, 'n');
    base::TemporaryFiles unfinished;
    io::Output output(folder.path() / name, unfinished);
    output.commit();
    CHECK(names_in(folder.path()) == Names{name});
}

TEST_CASE("what exists is refused, and replaced only when asked to") {
    const test::TemporaryDirectory folder;
    const std::string path = folder.path() / "out.csv";
    base::TemporaryFiles unfinished;
    test::put_file(path, "old");
    CHECK(failure_of([&] { io::Output output(path, unfinished); }) ==
          test::Failure{73, path + ": exists already", "--force replaces it"});

    {
        io::Output output(path, unfinished, true);
        output.write("new");
        CHECK(test::get_file(path) == "old");
        output.commit();
    }
    CHECK(test::get_file(path) == "new");

    REQUIRE(::chmod(path.c_str(), 0444) == 0);
    const test::Failure locked = failure_of([&] { io::Output output(path, unfinished, true); });
    CHECK(locked.code == 73);
    CHECK(locked.message == path + ": is write-protected and is not replaced, not even with --force");
    CHECK(names_in(folder.path()) == Names{"out.csv"});
}

TEST_CASE("a file that appears while the output is written is not replaced unasked") {
    const test::TemporaryDirectory folder;
    const std::string path = folder.path() / "out.csv";
    base::TemporaryFiles unfinished;
    {
        io::Output output(path, unfinished);
        output.write("ours");
        test::put_file(path, "theirs");
        const test::Failure failure = failure_of([&] { output.commit(); });
        CHECK(failure.code == 73);
        CHECK(failure.message == path + ": exists by now; somebody else has created it meanwhile");
    }
    CHECK(test::get_file(path) == "theirs");
    CHECK(names_in(folder.path()) == Names{"out.csv"});
}

TEST_CASE("a link is followed: what it points to is replaced, the link stays") {
    const test::TemporaryDirectory folder;
    const fs::path link = folder.path() / "link.csv";
    fs::create_directory(folder.path() / "data");
    const fs::path target = folder.path() / "data/target.csv";
    fs::create_symlink("data/target.csv", link);
    base::TemporaryFiles unfinished;

    // It points nowhere yet, and is refused all the same.
    CHECK(failure_of([&] { io::Output output(link, unfinished); }).code == 73);
    {
        io::Output output(link, unfinished, true);
        output.write("first");
        output.commit();
    }
    CHECK(test::get_file(target) == "first");
    CHECK(failure_of([&] { io::Output output(link, unfinished); }).code == 73);
    {
        io::Output output(link, unfinished, true);
        output.write("second");
        output.commit();
    }
    CHECK(test::get_file(target) == "second");
    CHECK(fs::is_symlink(link));
    CHECK(names_in(folder.path() / "data") == Names{"target.csv"});

    fs::create_symlink("b", folder.path() / "a");
    fs::create_symlink("a", folder.path() / "b");
    CHECK(failure_of([&] { io::Output output(folder.path() / "a", unfinished, true); }).code == 73);
}

TEST_CASE("places where no file can be are named") {
    const test::TemporaryDirectory folder;
    const std::string base = folder.path();
    base::TemporaryFiles unfinished;
    test::put_file(folder.path() / "file", "x");
    const auto message = [&](const std::string& path) {
        const test::Failure failure = failure_of([&] { io::Output output(path, unfinished, true); });
        CHECK(failure.code == 73);
        return failure.message;
    };
    CHECK(message(base) == base + ": is a folder");
    CHECK(message(base + "/missing/out.csv") == base + "/missing/out.csv: folder '" + base + "/missing' does not exist");
    CHECK(message(base + "/missing/") == base + "/missing/: folder '" + base + "/missing' does not exist");
    CHECK(message(base + "/file/out.csv") == base + "/file/out.csv: '" + base + "/file' is not a folder");
    CHECK(message("") == "'': is no file name");
    CHECK(message(base + "/" + std::string(256, 'n')).find("File name too long") != std::string::npos);
}

TEST_CASE("a full disk is an error that names the output and leaves nothing") {
    const test::TemporaryDirectory folder;
    const std::string path = folder.path() / "out.csv";
    base::TemporaryFiles unfinished;
    {
        const Ignored signal(SIGXFSZ);
        io::Output output(path, unfinished);
        rlimit before{};
        REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
        rlimit small = before;
        small.rlim_cur = std::size_t{2} << 20;
        REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
        const test::Failure failure = failure_of([&] { output.write(std::string(std::size_t{3} << 20, 'x')); });
        REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
        CHECK(failure.code == 74);
        CHECK(failure.message == path + ": cannot be written: File too large");
    }
    CHECK(names_in(folder.path()).empty());

    // A device is written to straight away; what is buffered fails on commit.
    io::Output full("/dev/full", unfinished);
    full.write("abc");
    const test::Failure failure = failure_of([&] { full.commit(); });
    CHECK(failure.code == 74);
    CHECK(failure.message == "/dev/full: cannot be written: No space left on device");
}

TEST_CASE("devices and named pipes are written to as they are") {
    const test::TemporaryDirectory folder;
    base::TemporaryFiles unfinished;
    {
        io::Output output("/dev/null", unfinished);
        output.write("abc");
        output.commit();
    }
    CHECK(fs::is_character_file("/dev/null"));

    const std::string path = folder.path() / "pipe";
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    std::string got;
    std::thread reader([&] { got = test::get_file(path); });
    {
        io::Output output(path, unfinished);
        output.write("through the pipe");
        output.commit();
    }
    reader.join();
    CHECK(got == "through the pipe");
    CHECK(names_in(folder.path()) == Names{"pipe"});
}

TEST_CASE("open files of the process are written where they stand") {
    const test::TemporaryDirectory folder;
    const std::string path = folder.path() / "log";
    const int file = ::open(path.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    REQUIRE(file >= 0);
    REQUIRE(::write(file, "before ", 7) == 7);
    base::TemporaryFiles unfinished;
    for (const std::string prefix : {"/dev/fd/", "/proc/self/fd/"}) {
        io::Output output(prefix + std::to_string(file), unfinished);
        output.write("x");
        output.commit();
    }
    CHECK(::close(file) == 0);
    CHECK(test::get_file(path) == "before xx");
}

TEST_CASE("a pipe that its reader has closed is an error, not a death") {
    const Ignored signal(SIGPIPE);
    int ends[2] = {-1, -1};
    REQUIRE(::pipe(ends) == 0);
    REQUIRE(::close(ends[0]) == 0);
    base::TemporaryFiles unfinished;
    const std::string path = "/dev/fd/" + std::to_string(ends[1]);
    io::Output output(path, unfinished);
    output.write("abc");
    CHECK(failure_of([&] { output.commit(); }) == test::Failure{74, path + ": the reader closed the pipe", ""});
    CHECK(::close(ends[1]) == 0);

    // The same for standard output, under its own name.
    REQUIRE(::pipe(ends) == 0);
    REQUIRE(::close(ends[0]) == 0);
    const int kept = ::dup(STDOUT_FILENO);
    REQUIRE(::dup2(ends[1], STDOUT_FILENO) >= 0);
    const test::Failure failure = failure_of([&] {
        io::Output standard("-", unfinished);
        standard.write("abc");
        standard.commit();
    });
    ::dup2(kept, STDOUT_FILENO);
    ::close(kept);
    ::close(ends[1]);
    CHECK(failure == test::Failure{74, "standard output: the reader closed the pipe", ""});
}
