// Folders made for outputs: with their parents, gone again after a failure unless something lies in them.
#include "tare/io/folders.hpp"

#include <fstream>

#include <catch2/catch.hpp>

#include "support/temporary_directory.hpp"
#include "tare/base/error.hpp"

using namespace tare;

TEST_CASE("the folder of an output is created with its parents, and kept after success") {
    const test::TemporaryDirectory place;
    base::TemporaryFiles unfinished;
    io::CreatedFolders folders(unfinished);
    folders.create_for(place.path() / "a/b/c/x.nii");
    folders.create_for(place.path() / "a/b/y.nii");
    folders.create_for(place.path() / "new/../z/x.nii");
    folders.create_for("here.nii");
    CHECK(std::filesystem::is_directory(place.path() / "a/b/c"));
    CHECK(std::filesystem::is_directory(place.path() / "z"));
    folders.keep();
    unfinished.remove_all();
    CHECK(std::filesystem::is_directory(place.path() / "a/b/c"));
}

TEST_CASE("after a failure folders go that are empty and were made by the run") {
    const test::TemporaryDirectory place;
    std::filesystem::create_directory(place.path() / "old");
    base::TemporaryFiles unfinished;
    io::CreatedFolders folders(unfinished);
    folders.create_for(place.path() / "old/x.nii");
    folders.create_for(place.path() / "old/empty/deep/x.nii");
    folders.create_for(place.path() / "full/x.nii");
    std::ofstream(place.path() / "full/x.nii") << "image";
    unfinished.remove_all();
    CHECK(std::filesystem::is_directory(place.path() / "old"));
    CHECK_FALSE(std::filesystem::exists(place.path() / "old/empty"));
    CHECK(std::filesystem::exists(place.path() / "full/x.nii"));
}

TEST_CASE("a folder that cannot be is refused by name") {
    const test::TemporaryDirectory place;
    std::ofstream(place.path() / "file") << "text";
    base::TemporaryFiles unfinished;
    io::CreatedFolders folders(unfinished);
    const std::string path = place.path() / "file/x.nii";
    try {
        folders.create_for(path);
        FAIL("a file was taken for a folder");
    } catch (const base::Error& error) {
        CHECK(error.code() == base::ExitCode::cannot_create);
        CHECK(std::string(error.what()) ==
              path + ": folder '" + (place.path() / "file").string() + "' cannot be created: Not a directory");
    }
    CHECK_THROWS_AS(folders.create_for(place.path() / "file/deeper/x.nii"), base::Error);
    CHECK(std::filesystem::exists(place.path() / "file"));
}
