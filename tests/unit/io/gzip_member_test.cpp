// One gzip member after the other, each of a size that is known: as the maps of models are read.
#include <catch2/catch.hpp>

#include "io_test_support.hpp"
#include "tare/base/error.hpp"
#include "tare/io/bytes.hpp"

using namespace tare;

namespace {

base::ExitCode code_of(const std::string& bytes, std::size_t size) {
    std::string_view rest = bytes;
    try {
        static_cast<void>(io::gunzip_member(rest, size, "map.nii.gz"));
    } catch (const base::Error& error) {
        CHECK(std::string(error.what()).starts_with("map.nii.gz: "));
        // What could not be read is still there.
        CHECK(rest.size() == bytes.size());
        return error.code();
    }
    return base::ExitCode::ok;
}

}  // namespace

TEST_CASE("members come one by one and leave what is behind them") {
    const std::string first(1000, 'a'), second = "two";
    const std::string bytes = io::gzip(first) + io::gzip(second, 1) + "tail";
    std::string_view rest = bytes;
    CHECK(io::gunzip_member(rest, 1000, "x") == first);
    CHECK(rest.size() == io::gzip(second, 1).size() + 4);
    CHECK(io::gunzip_member(rest, 3, "x") == second);
    CHECK(rest == "tail");
    const std::string nothing = io::gzip("");
    rest = nothing;
    CHECK(io::gunzip_member(rest, 0, "x").empty());
    CHECK(rest.empty());
}

TEST_CASE("a member that is cut, damaged or of another size is an error") {
    const std::string whole = io::gzip(std::string(500, 'q') + "end");
    CHECK(code_of(whole, 503) == base::ExitCode::ok);
    CHECK(code_of(whole, 502) == base::ExitCode::data);
    CHECK(code_of(whole, 504) == base::ExitCode::data);
    CHECK(code_of(whole, 0) == base::ExitCode::data);
    for (std::size_t size = 0; size < whole.size(); ++size)
        CHECK(code_of(whole.substr(0, size), 503) == base::ExitCode::data);
    for (std::size_t at = whole.size() - 8; at < whole.size(); ++at) {
        std::string damaged = whole;
        damaged[at] = static_cast<char>(damaged[at] ^ 1);
        CHECK(code_of(damaged, 503) == base::ExitCode::data);
    }
    CHECK(code_of("no gzip stream at all", 5) == base::ExitCode::data);
}
