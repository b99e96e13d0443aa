// Gzip in memory: whole streams give their text, cut and damaged ones never do.
#include <cstdint>
#include <string>

#include <catch2/catch.hpp>

#include "io_test_support.hpp"
#include "tare/base/rng.hpp"
#include "tare/io/bytes.hpp"

using namespace tare;
using tare::test::failure_of;

namespace {

/// The bytes of `printf 'id,v\na,1\n' | gzip -n -6`: not made by the code under test.
const std::string gzip_by_gzip(
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb\x4c\xd1\x29\xe3\x4a\xd4\x31\xe4\x02\x00\xcb\xe9\xfb"
    "\x49\x09\x00\x00\x00",
    29);

std::string random_text(std::size_t size, std::uint64_t seed) {
    base::Rng rng(seed);
    std::string text(size, '\0');
    for (char& c : text) {
        c = static_cast<char>('0' + static_cast<int>(rng.below(10)));
    }
    return text;
}

std::string unpacked(const std::string& bytes) {
    return io::gunzip(bytes, "x.gz", {});
}

}  // namespace

TEST_CASE("gunzip undoes gzip, for every size and level") {
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{1000}, std::size_t{3} << 20}) {
        const std::string text = random_text(size, size);
        for (const int level : {1, 6, 9}) {
            CHECK(unpacked(io::gzip(text, level)) == text);
        }
    }
    const std::string zeros(std::size_t{20} << 20, '\0');
    CHECK(unpacked(io::gzip(zeros)) == zeros);
}

TEST_CASE("gunzip reads what gzip wrote") {
    CHECK(unpacked(gzip_by_gzip) == "id,v\na,1\n");
}

TEST_CASE("gzip of equal bytes is equal, without name or time") {
    const std::string member = io::gzip("abc");
    CHECK(member == io::gzip("abc"));
    CHECK(io::looks_gzipped(member));
    CHECK(member.substr(3, 5) == std::string(5, '\0'));
}

TEST_CASE("gunzip joins all members, of very different sizes") {
    const std::string large = random_text(std::size_t{2} << 20, 1);
    std::string stream;
    std::string text;
    for (const std::string& part : {std::string("a"), std::string(), large, std::string(5000000, 'z'), std::string("end")}) {
        stream += io::gzip(part);
        text += part;
    }
    CHECK(unpacked(stream) == text);
    std::string many;
    for (int i = 0; i < 3000; ++i) {
        many += io::gzip("row\n");
    }
    CHECK(unpacked(many).size() == 12000);
}

TEST_CASE("a gzip stream that is cut anywhere is an error") {
    const std::string text = "participant_id,site,volume\nsub-1,A,1.25\nsub-2,B,3.5\n";
    const std::string whole = io::gzip(text);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        INFO("cut after " << size << " bytes");
        CHECK(failure_of([&] { (void)unpacked(whole.substr(0, size)); }).code == 65);
    }
    // In a stream of two members the cut between them is the only one that leaves a whole stream.
    const std::string two = whole + whole;
    for (std::size_t size = whole.size() + 1; size < two.size(); ++size) {
        INFO("cut after " << size << " bytes");
        CHECK(failure_of([&] { (void)unpacked(two.substr(0, size)); }).code == 65);
    }
}

TEST_CASE("a flipped bit is an error, or changes nothing where gzip does not look") {
    const std::string text = "participant_id,site,volume\nsub-1,A,1.25\nsub-2,B,3.5\n";
    const std::string whole = io::gzip(text);
    std::size_t errors = 0;
    for (std::size_t i = 0; i < whole.size(); ++i) {
        for (unsigned bit = 0; bit < 8; ++bit) {
            std::string damaged = whole;
            damaged[i] = static_cast<char>(static_cast<unsigned char>(damaged[i]) ^ (1U << bit));
            std::string got;
            INFO("byte " << i << ", bit " << bit);
            const test::Failure failure = failure_of([&] { got = unpacked(damaged); });
            const bool unverified = i >= 3 && i < 10;  // flags, time, extra flags, system
            CHECK((failure.code == 65 || (failure.code == 0 && unverified && got == text)));
            errors += failure.code == 65 ? 1U : 0U;
        }
    }
    CHECK(errors >= 8 * (whole.size() - 7));
}

TEST_CASE("gunzip names the file, the fault and where it is") {
    const std::string whole = io::gzip("abc");
    CHECK(failure_of([&] { (void)unpacked(""); }).message == "x.gz: the file is empty");
    CHECK(failure_of([&] { (void)unpacked("id,v\n"); }).message == "x.gz: is not a gzip stream");
    CHECK(failure_of([&] { (void)unpacked(whole.substr(0, whole.size() - 1)); }).message ==
          "x.gz: the gzip stream is cut short or damaged");
    CHECK(failure_of([&] { (void)unpacked(whole + whole.substr(0, 21)); }).message ==
          "x.gz: the gzip stream is cut short or damaged, in the part that begins at byte " + std::to_string(whole.size()));
    const test::Failure trailing = failure_of([&] { (void)unpacked(whole + std::string(512, '\0')); });
    CHECK(trailing.code == 65);
    CHECK(trailing.message ==
          "x.gz: 512 bytes that are no gzip data follow the gzip stream, from byte " + std::to_string(whole.size()));
}

TEST_CASE("gunzip keeps to the memory budget, and believes no claimed length") {
    base::Resources resources;
    resources.memory = 100000;
    const std::string bomb = io::gzip(std::string(50000000, '\0'));
    REQUIRE(bomb.size() < 100000);
    CHECK(failure_of([&] { (void)io::gunzip(bomb, "x.gz", resources); }).code == 71);
    std::string boastful = io::gzip("abc");
    boastful.replace(boastful.size() - 4, 4, "\xff\xff\xff\x7f");
    CHECK(failure_of([&] { (void)io::gunzip(boastful, "x.gz", resources); }).code == 65);
}
