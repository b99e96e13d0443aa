// The register of unfinished files: what is removed, what is spared, and that threads may share it.
#include "tare/base/temporary_files.hpp"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

#include "support/temporary_directory.hpp"

namespace fs = std::filesystem;
using tare::base::TemporaryFiles;
using tare::test::TemporaryDirectory;

namespace {

fs::path make_file(const fs::path& path) {
    std::ofstream(path) << "unfinished";
    return path;
}

}  // namespace

TEST_CASE("registered files go, forgotten and foreign ones stay", "[base][temporary_files]") {
    const TemporaryDirectory directory;
    const fs::path unfinished = make_file(directory.path() / "unfinished");
    const fs::path finished = make_file(directory.path() / "finished");
    const fs::path foreign = make_file(directory.path() / "foreign");
    TemporaryFiles files;
    files.add(unfinished);
    files.add(finished);
    files.forget(finished);
    files.forget(foreign);
    files.remove_all();
    CHECK_FALSE(fs::exists(unfinished));
    CHECK(fs::exists(finished));
    CHECK(fs::exists(foreign));
}

TEST_CASE("a removed file is no longer registered", "[base][temporary_files]") {
    const TemporaryDirectory directory;
    const fs::path path = make_file(directory.path() / "file");
    TemporaryFiles files;
    files.add(path);
    files.remove_all();
    make_file(path);
    files.remove_all();
    CHECK(fs::exists(path));
}

TEST_CASE("the end of the register removes what is left", "[base][temporary_files]") {
    const TemporaryDirectory directory;
    const fs::path path = make_file(directory.path() / "file");
    {
        TemporaryFiles files;
        files.add(path);
        CHECK(fs::exists(path));
    }
    CHECK_FALSE(fs::exists(path));
}

TEST_CASE("what cannot be removed stops nothing", "[base][temporary_files]") {
    const TemporaryDirectory directory;
    const fs::path full = directory.path() / "b-full";
    fs::create_directory(full);
    make_file(full / "foreign");
    const fs::path before = make_file(directory.path() / "a");
    const fs::path after = make_file(directory.path() / "c");
    TemporaryFiles files;
    files.add(directory.path() / "never-made");
    files.add(before);
    files.add(full);
    files.add(after);
    files.remove_all();
    CHECK_FALSE(fs::exists(before));
    CHECK_FALSE(fs::exists(after));
    CHECK(fs::exists(full / "foreign"));
}

TEST_CASE("a registered folder goes after its registered files", "[base][temporary_files]") {
    const TemporaryDirectory directory;
    const fs::path folder = directory.path() / "model";
    fs::create_directory(folder);
    TemporaryFiles files;
    files.add(folder);
    files.add(make_file(folder / "model.json"));
    files.add(make_file(folder / "gamma.nii.gz"));
    files.remove_all();
    CHECK_FALSE(fs::exists(folder));
}

TEST_CASE("several threads may register at once", "[base][temporary_files]") {
    const TemporaryDirectory directory;
    TemporaryFiles files;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < 50; ++i) {
                const fs::path path = make_file(directory.path() / (std::to_string(t) + "-" + std::to_string(i)));
                files.add(path);
                if (i % 2 == 0) {
                    files.forget(path);
                }
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    files.remove_all();
    const auto left = std::distance(fs::directory_iterator(directory.path()), fs::directory_iterator{});
    CHECK(left == 100);
}

TEST_CASE("removal waits while it is held off", "[base][temporary_files]") {
    const TemporaryDirectory directory;
    const fs::path path = make_file(directory.path() / "file");
    TemporaryFiles files;
    files.add(path);
    std::atomic<bool> removed = false;
    std::thread remover;
    {
        const auto held = files.hold_off_removal();
        remover = std::thread([&] {
            files.remove_all();
            removed = true;
        });
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        CHECK_FALSE(removed);
        CHECK(fs::exists(path));
        // Who holds it off registers and forgets as before.
        files.add(directory.path() / "other");
        files.forget(directory.path() / "other");
    }
    remover.join();
    CHECK_FALSE(fs::exists(path));
}
