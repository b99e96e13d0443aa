// The outputs of one run together: all or none, apart from each other and from the inputs.
#include <filesystem>
#include <string>

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <unistd.h>

#include "io_test_support.hpp"
#include "tare/io/output.hpp"

using namespace tare;
using tare::test::failure_of;
using tare::test::names_in;
namespace fs = std::filesystem;

using Names = std::vector<std::string>;

TEST_CASE("an OutputSet names all its outputs on commit, and none without") {
    const test::TemporaryDirectory folder;
    base::TemporaryFiles unfinished;
    {
        io::OutputSet given_up(unfinished, false);
        given_up.open(folder.path() / "a").write("1");
        given_up.open(folder.path() / "b").write("2");
    }
    CHECK(names_in(folder.path()).empty());
    {
        io::OutputSet outputs(unfinished, false);
        io::Output& first = outputs.open(folder.path() / "a");
        io::Output& second = outputs.open(folder.path() / "b");
        second.write("2");
        first.write("1");
        outputs.commit();
    }
    CHECK(names_in(folder.path()) == Names{"a", "b"});
    CHECK(test::get_file(folder.path() / "a") == "1");
    CHECK(test::get_file(folder.path() / "b") == "2");
}

TEST_CASE("an OutputSet that cannot name one output takes the new ones back") {
    const test::TemporaryDirectory folder;
    base::TemporaryFiles unfinished;
    SECTION("all were new") {
        {
            io::OutputSet outputs(unfinished, false);
            outputs.open(folder.path() / "a").write("ours");
            outputs.open(folder.path() / "b").write("ours");
            outputs.open(folder.path() / "c").write("ours");
            test::put_file(folder.path() / "b", "theirs");
            CHECK(failure_of([&] { outputs.commit(); }).code == 73);
        }
        CHECK(names_in(folder.path()) == Names{"b"});
        CHECK(test::get_file(folder.path() / "b") == "theirs");
    }
    SECTION("one replaced an older file, which is not taken away") {
        test::put_file(folder.path() / "a", "old");
        {
            io::OutputSet outputs(unfinished, true);
            outputs.open(folder.path() / "b").write("new");
            outputs.open(folder.path() / "a").write("new");
            fs::create_directory(folder.path() / "b");
            CHECK(failure_of([&] { outputs.commit(); }).code == 74);
        }
        CHECK(names_in(folder.path()) == Names{"a", "b"});
        CHECK(test::get_file(folder.path() / "a") == "new");
    }
}

TEST_CASE("an OutputSet names what was opened first last, so that it never stands without the others") {
    const test::TemporaryDirectory folder;
    base::TemporaryFiles unfinished;
    test::put_file(folder.path() / "document", "old");
    io::OutputSet outputs(unfinished, true);
    outputs.open(folder.path() / "document").write("new");
    outputs.open(folder.path() / "map").write("new");
    fs::create_directory(folder.path() / "map");
    CHECK(failure_of([&] { outputs.commit(); }).code == 74);
    CHECK(test::get_file(folder.path() / "document") == "old");
}

TEST_CASE("a write that fails on commit leaves every other output unnamed") {
    const test::TemporaryDirectory folder;
    base::TemporaryFiles unfinished;
    {
        io::OutputSet outputs(unfinished, false);
        outputs.open(folder.path() / "a").write("1");
        outputs.open("/dev/full").write("2");
        outputs.open(folder.path() / "c").write("3");
        CHECK(failure_of([&] { outputs.commit(); }).code == 74);
    }
    CHECK(names_in(folder.path()).empty());
}

TEST_CASE("one file cannot be two outputs, however it is written") {
    const test::TemporaryDirectory folder;
    fs::create_directory(folder.path() / "data");
    fs::create_directory_symlink("data", folder.path() / "link");
    base::TemporaryFiles unfinished;
    io::OutputSet outputs(unfinished, true);
    outputs.open(folder.path() / "data/out.csv");
    for (const char* const same : {"data/out.csv", "data/../data/out.csv", "./data//out.csv", "link/out.csv"}) {
        const std::string path = folder.path() / same;
        INFO(path);
        CHECK(failure_of([&] { outputs.open(path); }) == test::Failure{73, path + ": is named as an output twice", ""});
    }
    outputs.open(folder.path() / "data/other.csv");
    outputs.open("/dev/null");
    outputs.open("/dev/null");
    outputs.open("-");
    CHECK(failure_of([&] { outputs.open("-"); }).message == "standard output: is named as an output twice");
}

TEST_CASE("an input is never replaced, not even by force") {
    const test::TemporaryDirectory folder;
    const std::string input = folder.path() / "in.csv";
    test::put_file(input, "x");
    fs::create_symlink("in.csv", folder.path() / "symbolic");
    fs::create_hard_link(input, folder.path() / "hard");
    base::TemporaryFiles unfinished;
    io::OutputSet outputs(unfinished, true);
    outputs.protect(input);
    for (const char* const same : {"in.csv", "./in.csv", "symbolic", "hard"}) {
        const std::string path = folder.path() / same;
        INFO(path);
        const test::Failure failure = failure_of([&] { outputs.open(path); });
        CHECK(failure.code == 73);
        CHECK(failure.message == path + ": is also an input of this run");
    }
    outputs.protect(folder.path() / "not there");
    outputs.open(folder.path() / "out.csv");
    test::put_file(folder.path() / "old.csv", "y");
    outputs.open(folder.path() / "old.csv");

    // The other way round: the output was opened first.
    io::OutputSet later(unfinished, true);
    later.open(input);
    CHECK(failure_of([&] { later.protect(folder.path() / "hard"); }).code == 73);
}

TEST_CASE("standard input that comes from a file is protected too") {
    const test::TemporaryDirectory folder;
    const std::string input = folder.path() / "in.csv";
    test::put_file(input, "x");
    const int kept = ::dup(STDIN_FILENO);
    const int file = ::open(input.c_str(), O_RDONLY | O_CLOEXEC);
    REQUIRE(::dup2(file, STDIN_FILENO) == STDIN_FILENO);
    ::close(file);
    base::TemporaryFiles unfinished;
    io::OutputSet outputs(unfinished, true);
    outputs.protect("-");
    const test::Failure failure = failure_of([&] { outputs.open(input); });
    ::dup2(kept, STDIN_FILENO);
    ::close(kept);
    CHECK(failure.code == 73);
}
