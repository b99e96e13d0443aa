// SHA-256 against the published vectors, for both compression functions and however the bytes arrive.
#include "tare/base/sha256.hpp"

#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "../../../src/base/sha256_blocks.hpp"
#include "tare/base/rng.hpp"

using tare::base::Sha256;
using tare::base::sha256_hex;
using namespace tare::base::detail;

namespace {

const std::vector<std::pair<std::string, std::string>> published{
    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
     "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
    {std::string(1000000, 'a'), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
};

using Compression = void (*)(Sha256State&, const unsigned char*, std::size_t) noexcept;

/// The digest by one given compression function: the whole message is padded in memory first.
std::string digest_by(Compression compression, std::string message) {
    const std::uint64_t bits = message.size() * 8;
    message.push_back('\x80');
    message.resize((message.size() + 8 + 63) / 64 * 64 - 8, '\0');
    for (unsigned shift = 64; shift > 0; shift -= 8) {
        message.push_back(static_cast<char>(bits >> (shift - 8U)));
    }
    Sha256State state{0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19};
    compression(state, reinterpret_cast<const unsigned char*>(message.data()), message.size() / 64);
    std::string text;
    for (const std::uint32_t word : state) {
        for (unsigned shift = 32; shift > 0; shift -= 4) {
            text.push_back("0123456789abcdef"[(word >> (shift - 4U)) & 15U]);
        }
    }
    return text;
}

std::string random_bytes(std::size_t count, std::uint64_t seed) {
    tare::base::Rng rng(seed);
    std::string bytes(count, '\0');
    for (auto& byte : bytes) {
        byte = static_cast<char>(rng.bits() & 0xFFU);
    }
    return bytes;
}

}  // namespace

TEST_CASE("SHA-256 gives the published digests", "[base][sha256]") {
    for (const auto& [message, digest] : published) {
        CAPTURE(message.size());
        CHECK(sha256_hex(message) == digest);
    }
}

TEST_CASE("the portable compression gives the published digests", "[base][sha256]") {
    for (const auto& [message, digest] : published) {
        CAPTURE(message.size());
        CHECK(digest_by(sha256_blocks_portable, message) == digest);
    }
}

TEST_CASE("the processor's instructions agree with the portable compression", "[base][sha256]") {
    if (!sha256_instructions_available()) {
        WARN("SKIPPED: this processor has no SHA instructions");
        return;
    }
    for (const auto& [message, digest] : published) {
        CAPTURE(message.size());
        CHECK(digest_by(sha256_blocks_instructions, message) == digest);
    }
    const std::string bytes = random_bytes(64 * 40, 17);
    for (std::size_t blocks = 0; blocks <= 40; ++blocks) {
        Sha256State portable{1, 2, 3, 4, 5, 6, 7, 8};
        Sha256State fast = portable;
        sha256_blocks_portable(portable, reinterpret_cast<const unsigned char*>(bytes.data()), blocks);
        sha256_blocks_instructions(fast, reinterpret_cast<const unsigned char*>(bytes.data()), blocks);
        CHECK(portable == fast);
    }
}

TEST_CASE("the padding is right for every length around two blocks", "[base][sha256]") {
    const std::string bytes = random_bytes(200, 23);
    for (std::size_t length = 0; length <= bytes.size(); ++length) {
        const std::string message = bytes.substr(0, length);
        CAPTURE(length);
        CHECK(sha256_hex(message) == digest_by(sha256_blocks_portable, message));
    }
}

TEST_CASE("the digest does not depend on how the bytes are cut", "[base][sha256]") {
    const std::string message = random_bytes(1000, 29);
    const std::string whole = sha256_hex(message);
    for (std::size_t first = 0; first <= 130; ++first) {
        Sha256 hash;
        hash.update(std::string_view(message).substr(0, first));
        hash.update({});
        hash.update(std::string_view(message).substr(first));
        CAPTURE(first);
        CHECK(hash.hex() == whole);
    }
    for (const std::size_t piece : {1U, 3U, 63U, 64U, 65U, 127U, 500U}) {
        Sha256 hash;
        for (std::size_t at = 0; at < message.size(); at += piece) {
            hash.update(std::string_view(message).substr(at, piece));
        }
        CAPTURE(piece);
        CHECK(hash.hex() == whole);
    }
}

TEST_CASE("one changed bit changes the digest", "[base][sha256]") {
    std::string message = random_bytes(300, 31);
    const std::string before = sha256_hex(message);
    message[299] = static_cast<char>(message[299] ^ 1);
    CHECK(sha256_hex(message) != before);
}
