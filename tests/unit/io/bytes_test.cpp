// Reading whole files.
#include "tare/io/bytes.hpp"

#include <string>
#include <thread>

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io_test_support.hpp"

using namespace tare;
using tare::test::failure_of;

TEST_CASE("read_bytes returns exactly the bytes of a file") {
    const test::TemporaryDirectory folder;
    const std::string path = folder.path() / "bytes";
    std::string bytes;
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{4096}, std::size_t{9} << 20}) {
        bytes.resize(size);
        for (std::size_t i = 0; i < size; ++i) {
            bytes[i] = static_cast<char>(i * 31 + i / 256);
        }
        test::put_file(path, bytes);
        CHECK(io::read_bytes(path, {}) == bytes);
    }
}

TEST_CASE("read_bytes reads a named pipe to its end") {
    const test::TemporaryDirectory folder;
    const std::string path = folder.path() / "pipe";
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    const std::string bytes(std::size_t{5} << 20, 'x');
    std::thread writer([&] { test::put_file(path, bytes); });
    const std::string got = io::read_bytes(path, {});
    writer.join();
    CHECK(got == bytes);
}

TEST_CASE("read_bytes says what is wrong with a path") {
    const test::TemporaryDirectory folder;
    const std::string missing = folder.path() / "missing";
    CHECK(failure_of([&] { (void)io::read_bytes(missing, {}); }) == test::Failure{66, missing + ": no such file", ""});
    const std::string inside_file = folder.path() / "file/inside";
    test::put_file(folder.path() / "file", "x");
    CHECK(failure_of([&] { (void)io::read_bytes(inside_file, {}); }).code == 66);
    const std::string itself = folder.path();
    CHECK(failure_of([&] { (void)io::read_bytes(itself, {}); }) ==
          test::Failure{66, itself + ": is a folder, not a file", ""});
}

TEST_CASE("read_bytes keeps to the memory budget") {
    const test::TemporaryDirectory folder;
    const std::string path = folder.path() / "bytes";
    test::put_file(path, std::string(5000, 'x'));
    base::Resources resources;
    resources.memory = 4000;
    const test::Failure failure = failure_of([&] { (void)io::read_bytes(path, resources); });
    CHECK(failure.code == 71);
    CHECK(failure.message.find(path) != std::string::npos);
    resources.memory = 5001;
    CHECK(io::read_bytes(path, resources).size() == 5000);
}
