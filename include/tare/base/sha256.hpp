// SHA-256 (FIPS 180-4), for the checksums of inputs in provenance and the salted hashes of training ids.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace tare::base {

class Sha256 {
public:
    Sha256();
    void update(std::string_view bytes);
    /// The digest of all bytes so far, as 64 hexadecimal digits; the object must not be updated afterwards.
    [[nodiscard]] std::string hex();

private:
    void compress(const unsigned char* blocks, std::size_t count);

    std::array<std::uint32_t, 8> state_{};
    std::array<unsigned char, 64> pending_{};
    std::size_t pending_size_ = 0;
    std::uint64_t total_bytes_ = 0;
};

[[nodiscard]] std::string sha256_hex(std::string_view bytes);

}  // namespace tare::base
