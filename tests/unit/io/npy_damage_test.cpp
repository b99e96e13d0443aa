// Every kind of .npy file that cannot be used, and what is said about it; files that change under a mapping.
#include <chrono>
#include <thread>

#include <catch2/catch.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include "npy_test_support.hpp"
#include "tare/base/sha256.hpp"

using namespace tare;
using test::failure_of;
using test::npy_bytes;
using test::npy_text;
using test::number_bytes;

namespace {

const std::string six_doubles = number_bytes<double>({1, 2, 3, 4, 5, 6});

/// What is said of a file with these bytes, without its name.
test::Failure said_of(const std::string& bytes, const base::Resources& resources = {}) {
    const test::TemporaryDirectory folder;
    const std::string path = folder.path() / "x.npy";
    test::put_file(path, bytes);
    test::Failure failure = failure_of([&] { const io::NpyFile file(path, resources); });
    if (const std::size_t place = failure.message.find(path + ": "); place == 0) {
        failure.message.erase(0, path.size() + 2);
    }
    return failure;
}

test::Failure said_of_text(const std::string& text) {
    return said_of(npy_bytes(text, six_doubles));
}

}  // namespace

TEST_CASE("A .npy file that is cut anywhere, or goes on, is refused with both lengths") {
    const std::string whole = npy_bytes(npy_text("<f8", "(2, 3)"), six_doubles);
    REQUIRE(said_of(whole) == test::Failure{});
    for (std::size_t length = 0; length < whole.size(); ++length) {
        CAPTURE(length);
        CHECK(said_of(whole.substr(0, length)).code == 65);
    }
    CHECK(said_of(whole.substr(0, 175)).message == "is cut: it has 175 bytes, and its header says 176 (2 × 3, float64)");
    CHECK(said_of(whole + "x").message == "has bytes left over: it has 177 bytes, and its header says 176 (2 × 3, float64)");
    CHECK(said_of(whole.substr(0, 127)).message ==
          "is cut within its header: it has 127 bytes, and the header alone takes 128");
    CHECK(said_of(whole.substr(0, 3)).message == "is cut within the first 6 bytes");
    CHECK(said_of("").message == "is empty");
}

TEST_CASE("A flipped bit in a .npy header is refused") {
    const std::string whole = npy_bytes(npy_text("<f8", "(2, 3)"), six_doubles);
    const std::size_t text_end = whole.find('}');
    for (std::size_t place = 0; place <= text_end; ++place) {
        for (const int bit : {0x01, 0x08, 0x40, 0x80}) {
            std::string bytes = whole;
            bytes[place] = static_cast<char>(bytes[place] ^ bit);
            if (whole[place] == '<' && bytes[place] == '=') {
                continue;  // the machine's own order instead of the same order by name
            }
            CAPTURE(place, bit);
            CHECK(said_of(bytes).code == 65);
        }
    }
}

TEST_CASE("A file that is no .npy file is refused, and recognised where people mix formats up") {
    CHECK(said_of("participant_id\tsite\n").message == "is not a .npy file: it does not begin like one");
    const test::Failure archive = said_of("PK\x03\x04 and so on");
    CHECK(archive.message == "is a zip archive (.npz) of arrays, not a .npy file");
    CHECK(archive.hint == "save one matrix with numpy.save");
    CHECK(said_of("\x1f\x8b\x08 and so on").message == "is compressed with gzip");
    CHECK(said_of("\x93NUMPY\x04\x01").message == "version 4.1 of the .npy format is not known");
    CHECK(said_of("\x93NUMPY\x01\x01").code == 65);
}

TEST_CASE("A .npy file of something other than float32 and float64 is refused by name") {
    const auto name_of = [](const std::string& descr, std::size_t item) {
        return said_of(npy_bytes(npy_text(descr, "(2, 3)"), std::string(6 * item, '\0')));
    };
    CHECK(name_of("<i8", 8).message == "holds int64, not float32 or float64");
    CHECK(name_of("<i8", 8).hint == "save it with .astype('float32') or .astype('float64')");
    CHECK(name_of("|u1", 1).message == "holds uint8, not float32 or float64");
    CHECK(name_of("|b1", 1).message == "holds bool, not float32 or float64");
    CHECK(name_of("<f2", 2).message == "holds float16, not float32 or float64");
    CHECK(name_of("<f16", 16).message == "holds float128, not float32 or float64");
    CHECK(name_of("<c16", 16).message == "holds complex128, not float32 or float64");
    CHECK(name_of("|S5", 5).message == "holds bytes, not float32 or float64");
    CHECK(name_of("<U5", 20).message == "holds text, not float32 or float64");
    CHECK(name_of("<M8[ns]", 8).message == "holds dates, not float32 or float64");
    CHECK(name_of("|V3", 3).message == "holds raw bytes, not float32 or float64");
    CHECK(name_of("|O", 9).message == "holds Python objects, not float32 or float64");
    CHECK(name_of("|O", 9).hint == "a matrix holds numbers only: subjects in rows, features in columns");
    CHECK(name_of("<q8", 8).message == "the element type '<q8' is not known");
    CHECK(name_of("<f", 8).message == "the element type '<f' is not known");
    CHECK(name_of("<f-8", 8).message == "the element type '<f-8' is not known");
    CHECK(name_of("|f8", 8).message == "the element type '|f8' is not known");
    CHECK(said_of_text("{'descr': [('a', '<f8'), ('b', '<i4', (2,))], 'fortran_order': False, 'shape': (2, 3)}").message ==
          "holds records, not float32 or float64");
    std::string deep(100000, '[');
    CHECK(said_of(npy_bytes("{'descr': " + deep, six_doubles, 2)).code == 65);
}

TEST_CASE("A .npy array that is no matrix is refused with a hint") {
    const auto said = [](const std::string& shape, std::size_t count) {
        return said_of(npy_bytes(npy_text("<f8", shape), std::string(count * 8, '\0')));
    };
    CHECK(said("(6,)", 6).message == "has 1 dimensions (6) where a matrix has two");
    CHECK(said("(6,)", 6).hint == "one feature is .reshape(-1, 1), one subject .reshape(1, -1)");
    CHECK(said("(1, 2, 3)", 6).message == "has 3 dimensions (1 × 2 × 3) where a matrix has two");
    CHECK(said("(1, 2, 3)", 6).hint == "put the features of a subject side by side: .reshape(len(x), -1)");
    CHECK(said("()", 1).message == "has 0 dimensions (no dimensions) where a matrix has two");
    CHECK(said("(0, 3)", 0).message == "has no rows: its shape is 0 × 3");
    CHECK(said("(2, 0)", 0).message == "has no columns: its shape is 2 × 0");
    CHECK(said("(4611686018427387904, 8)", 1).message == "the shape 4611686018427387904 × 8 is impossible");
    CHECK(said("(99999999999999999999, 1)", 1).code == 65);
}

TEST_CASE("A .npy header that Python would not read is refused") {
    const std::string good = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3)}";
    REQUIRE(said_of_text(good) == test::Failure{});
    for (const char* text : {
             "",
             "{",
             "{}",
             "[]",
             "{'descr': '<f8'}",
             "{'descr': '<f8', 'fortran_order': False}",
             "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3)",
             "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3)} + 1",
             "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), 'more': 1}",
             "{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (2, 3)}",
             "{'descr': '<f8', 'fortran_order': 0, 'shape': (2, 3)}",
             "{'descr': '<f8', 'fortran_order': false, 'shape': (2, 3)}",
             "{'descr': '<f8', 'fortran_order': False, 'shape': [2, 3]}",
             "{'descr': '<f8', 'fortran_order': False, 'shape': (2, -3)}",
             "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3.0)}",
             "{'descr': '<f8', 'fortran_order': False, 'shape': (2 3)}",
             "{'descr': '<f8', 'fortran_order': False, 'shape': (6)}",
             "{'descr': '<f8', 'fortran_order': False 'shape': (2, 3)}",
             "{'descr': '<f8', 'fortran_order': False, 'shape' (2, 3)}",
             "{'descr': '<f8, 'fortran_order': False, 'shape': (2, 3)}",
             "{'descr': '', 'fortran_order': False, 'shape': (2, 3)}",
             "{'descr': '<\\x66f8', 'fortran_order': False, 'shape': (2, 3)}",
             "{descr: '<f8', 'fortran_order': False, 'shape': (2, 3)}",
         }) {
        CAPTURE(text);
        CHECK(said_of_text(text).code == 65);
    }
    CHECK(said_of_text("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), 'more': 1}").message ==
          "the .npy header is damaged at byte 65 of its text: the key 'more' is not known");
}

TEST_CASE("A .npy file that is not there, is a folder or needs too much memory says so") {
    const test::TemporaryDirectory folder;
    const std::string missing = folder.path() / "missing.npy";
    CHECK(failure_of([&] { const io::NpyFile file(missing, {}); }) == test::Failure{66, missing + ": no such file", ""});
    const std::string itself = folder.path();
    CHECK(failure_of([&] { const io::NpyFile file(itself, {}); }).code == 66);
    // What can be used as it lies needs no memory; what must be turned does.
    CHECK(said_of(npy_bytes(npy_text("<f8", "(2, 3)"), six_doubles), {.memory = 47}).code == 0);
    CHECK(said_of(npy_bytes(npy_text(">f8", "(2, 3)"), six_doubles), {.memory = 48}).code == 0);
    const test::Failure failure = said_of(npy_bytes(npy_text(">f8", "(2, 3)"), six_doubles), {.memory = 47});
    CHECK(failure.code == 71);
    CHECK(failure.message.find("x.npy") != std::string::npos);
}

TEST_CASE("A .npy matrix is read from a named pipe") {
    const test::TemporaryDirectory folder;
    const std::string path = folder.path() / "pipe";
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    const std::string bytes = npy_bytes(npy_text("<f8", "(2, 3)"), six_doubles);
    std::thread writer([&] { test::put_file(path, bytes); });
    io::NpyFile file(path, {.threads = 2});
    writer.join();
    CHECK(test::all_values(file) == std::vector<double>{1, 2, 3, 4, 5, 6});
    CHECK(file.sha256() == base::sha256_hex(bytes));
    file.release();
    CHECK(test::all_values(file) == std::vector<double>{1, 2, 3, 4, 5, 6});
}

TEST_CASE("A .npy file that changes while it is open is refused, and does not kill the process") {
    const test::TemporaryDirectory folder;
    const std::string path = folder.path() / "x.npy";
    const std::string bytes = npy_bytes(npy_text("<f8", "(100, 1000)"), std::string(800000, '\1'));
    for (const int threads : {1, 2}) {
        CAPTURE(threads);
        test::put_file(path, bytes);
        io::NpyFile file(path, {.threads = threads});
        REQUIRE(::truncate(path.c_str(), 5000) == 0);
        const std::vector<double> values = test::all_values(file);
        CHECK(values.front() != 0.0);
        CHECK(values.back() == 0.0);
        const test::Failure failure = failure_of([&] { (void)file.sha256(); });
        CHECK(failure == test::Failure{74, path + ": changed while it was read: it had 800128 bytes and has 5000 now", ""});
        CHECK(failure_of([&] { file.verify(); }).code == 74);
        // Put back to its length, the pages that were missing are not forgotten.
        REQUIRE(::truncate(path.c_str(), static_cast<::off_t>(bytes.size())) == 0);
        CHECK(failure_of([&] { file.verify(); }).code == 74);
    }
    test::put_file(path, bytes);
    io::NpyFile file(path, {});
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    test::put_file(path, bytes);
    CHECK(failure_of([&] { (void)file.sha256(); }) == test::Failure{74, path + ": changed while it was read", ""});
}
