// SHA-256 over a stream of bytes: what does not fill a block waits in `pending_`, whole blocks are compressed in place.
#include "tare/base/sha256.hpp"

#include <algorithm>

#include "sha256_blocks.hpp"

namespace tare::base {

namespace {

/// The first 32 bits of the fractions of the square roots of the first eight primes.
constexpr detail::Sha256State initial_state{
    0x6A09E667U, 0xBB67AE85U, 0x3C6EF372U, 0xA54FF53AU, 0x510E527FU, 0x9B05688CU, 0x1F83D9ABU, 0x5BE0CD19U,
};

}  // namespace

Sha256::Sha256() : state_(initial_state) {}

void Sha256::compress(const unsigned char* blocks, std::size_t count) {
    if (detail::sha256_instructions_available()) {
        detail::sha256_blocks_instructions(state_, blocks, count);
    } else {
        detail::sha256_blocks_portable(state_, blocks, count);
    }
}

void Sha256::update(std::string_view bytes) {
    total_bytes_ += bytes.size();
    const auto* next = reinterpret_cast<const unsigned char*>(bytes.data());
    std::size_t left = bytes.size();
    if (pending_size_ > 0) {
        const std::size_t taken = std::min(left, pending_.size() - pending_size_);
        std::copy_n(next, taken, pending_.data() + pending_size_);
        pending_size_ += taken;
        next += taken;
        left -= taken;
        if (pending_size_ < pending_.size()) {
            return;
        }
        compress(pending_.data(), 1);
        pending_size_ = 0;
    }
    const std::size_t blocks = left / pending_.size();
    if (blocks > 0) {
        compress(next, blocks);
    }
    pending_size_ = left % pending_.size();
    std::copy_n(next + blocks * pending_.size(), pending_size_, pending_.data());
}

std::string Sha256::hex() {
    // A one bit, zeros, and the length in bits as the last eight bytes of a block.
    constexpr std::size_t length_at = 56;
    const std::uint64_t bits = total_bytes_ * 8;
    pending_[pending_size_++] = 0x80;
    if (pending_size_ > length_at) {
        std::fill(pending_.begin() + static_cast<std::ptrdiff_t>(pending_size_), pending_.end(),
                  static_cast<unsigned char>(0));
        compress(pending_.data(), 1);
        pending_size_ = 0;
    }
    std::fill(pending_.begin() + static_cast<std::ptrdiff_t>(pending_size_), pending_.end(), static_cast<unsigned char>(0));
    for (std::size_t i = 0; i < 8; ++i) {
        pending_[length_at + i] = static_cast<unsigned char>(bits >> (56U - 8U * i));
    }
    compress(pending_.data(), 1);

    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(64);
    for (const std::uint32_t word : state_) {
        for (unsigned shift = 32; shift > 0; shift -= 4) {
            text.push_back(digits[(word >> (shift - 4U)) & 0xFU]);
        }
    }
    return text;
}

std::string sha256_hex(std::string_view bytes) {
    Sha256 hash;
    hash.update(bytes);
    return hash.hex();
}

}  // namespace tare::base
