// The compression function of SHA-256 on whole blocks of 64 bytes: in plain C++, and with the processor's own
// instructions where it has them (checked at run time). Both give the same state.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace tare::base::detail {

using Sha256State = std::array<std::uint32_t, 8>;

void sha256_blocks_portable(Sha256State& state, const unsigned char* blocks, std::size_t count) noexcept;

/// True where this processor has the SHA extensions and this build can use them.
[[nodiscard]] bool sha256_instructions_available() noexcept;

/// Like `sha256_blocks_portable`; only where `sha256_instructions_available()`.
void sha256_blocks_instructions(Sha256State& state, const unsigned char* blocks, std::size_t count) noexcept;

}  // namespace tare::base::detail
