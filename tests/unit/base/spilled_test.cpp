// Matrices in temporary files: they hold what they are given, leave nothing behind, and come where the budget ends.
#include <cstdlib>
#include <filesystem>
#include <numeric>
#include <optional>

#include <catch2/catch.hpp>
#include <sys/resource.h>
#include <sys/stat.h>

#include "support/temporary_directory.hpp"
#include "tare/base/error.hpp"
#include "tare/base/workspace.hpp"

using namespace tare::base;
using tare::test::TemporaryDirectory;

namespace {

/// TMPDIR as long as it lives.
class Temporary {
public:
    explicit Temporary(const std::string& folder) {
        if (const char* before = std::getenv("TMPDIR")) before_ = before;
        setenv("TMPDIR", folder.c_str(), 1);
    }
    Temporary(const Temporary&) = delete;
    Temporary& operator=(const Temporary&) = delete;
    ~Temporary() {
        if (before_) {
            setenv("TMPDIR", before_->c_str(), 1);
        } else {
            unsetenv("TMPDIR");
        }
    }

private:
    std::optional<std::string> before_;
};

template <typename Call>
Error error_of(const Call& call) {
    try {
        call();
    } catch (const Error& error) {
        return error;
    }
    FAIL("nothing was thrown");
    return {ExitCode::internal, ""};
}

}  // namespace

TEST_CASE("spilled bytes are zeros, keep what is written through a release, and leave no name") {
    const TemporaryDirectory directory;
    const Temporary there(directory.path());
    SpilledBytes bytes(300'000);
    REQUIRE(bytes.size() == 300'000);
    auto* first = static_cast<unsigned char*>(bytes.data());
    CHECK(std::all_of(first, first + bytes.size(), [](unsigned char b) { return b == 0; }));
    for (std::size_t i = 0; i < bytes.size(); ++i) first[i] = static_cast<unsigned char>(i * 7);
    bytes.release();
    bool kept = true;
    for (std::size_t i = 0; i < bytes.size(); ++i) kept = kept && first[i] == static_cast<unsigned char>(i * 7);
    CHECK(kept);
    CHECK(std::filesystem::is_empty(directory.path()));
    SpilledBytes taken(std::move(bytes));
    CHECK(taken.data() == first);
    CHECK(bytes.data() == nullptr);
    CHECK(SpilledBytes(0).data() == nullptr);
    SpilledBytes none;
    none.release();
    none = std::move(taken);
    CHECK(none.data() == first);
}

TEST_CASE("a folder without room for spilled bytes, or none, is an error that names it") {
    {
        const Temporary there("/nowhere/at/all");
        const Error error = error_of([] { static_cast<void>(SpilledBytes(4096)); });
        CHECK(error.code() == ExitCode::io);
        CHECK(error.what() == std::string("/nowhere/at/all: no room for 4096 bytes of intermediate results: No such file or "
                                          "directory"));
        CHECK(error.hint() == "TMPDIR names another folder; a larger --memory needs none");
    }
    const TemporaryDirectory directory;
    const Temporary there(directory.path());
    const Error error = error_of([] { static_cast<void>(SpilledBytes(std::size_t{1} << 60)); });
    CHECK(error.code() == ExitCode::io);
    CHECK(std::string(error.what()).starts_with(directory.path().string() + ": no room for 1152921504606846976 bytes"));
    CHECK(std::filesystem::is_empty(directory.path()));
}

TEST_CASE("a spilled matrix is a matrix: equal, copied, moved and assigned like one on the heap") {
    const TemporaryDirectory directory;
    const Temporary there(directory.path());
    Matrix<double> heap(5, 7), spilled = Matrix<double>::spilled(5, 7);
    CHECK(spilled == heap);
    std::iota(heap.data(), heap.data() + heap.size(), 1.0);
    std::iota(spilled.data(), spilled.data() + spilled.size(), 1.0);
    spilled.release();
    CHECK(spilled == heap);
    CHECK(spilled(4, 6) == 35.0);
    CHECK(spilled.row(2)[0] == 15.0);
    CHECK(spilled.row_block(1, 2).size() == 14);
    const Matrix<double> copy(spilled);
    CHECK(copy == heap);
    spilled(0, 0) = -1.0;
    CHECK(copy(0, 0) == 1.0);
    Matrix<double> moved(std::move(spilled));
    CHECK(moved(0, 0) == -1.0);
    CHECK(moved.rows() == 5);
    heap = std::move(moved);
    CHECK(heap(0, 0) == -1.0);
    heap = copy;
    CHECK(heap == copy);
    CHECK(Matrix<float>::spilled(0, 3).empty());
}

TEST_CASE("a workspace takes the heap for half of the memory, then files") {
    const TemporaryDirectory directory;
    std::vector<Matrix<double>> made;
    const Temporary nowhere("/nowhere");
    Workspace space({1, 16'000});
    made.push_back(space.matrix<double>(10, 60));
    CHECK(space.held() == 4'800);
    made.push_back(space.matrix<double>(10, 40));
    CHECK(space.held() == 8'000);
    // Now every byte is a file's, and there is no folder for files.
    CHECK(error_of([&] { static_cast<void>(space.matrix<double>(1, 1)); }).code() == ExitCode::io);
    {
        const Temporary there(directory.path());
        made.push_back(space.matrix<double>(100, 100));
        CHECK(made.back()(99, 99) == 0.0);
    }
    CHECK(space.held() == 8'000);
    // A matrix that does not fit leaves room for a smaller one.
    Workspace other({1, 2'000});
    CHECK_THROWS_AS(other.matrix<double>(1, 126), Error);
    CHECK(other.matrix<float>(1, 250).size() == 250);
    Workspace unbounded;
    CHECK(unbounded.matrix<double>(1000, 1000).size() == 1'000'000);
}
