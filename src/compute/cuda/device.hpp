// What the CUDA backend asks of a card: memory, copies and launches on streams that run in order each and beside each other.
// The backend itself is written against this alone, so its streaming can be tested where there is no card.
#pragma once

#include <cstddef>
#include <memory>

#include "kernels.hpp"

namespace tare::compute::cuda {

class Device {
public:
    /// One for each of two blocks of features under way, and one for what they share.
    static constexpr int streams = 3;

    virtual ~Device() = default;

    /// Memory on the card, or pinned memory of the processor. Throws Error (71) where there is none left.
    [[nodiscard]] virtual std::byte* allocate(std::size_t bytes) = 0;
    [[nodiscard]] virtual std::byte* allocate_pinned(std::size_t bytes) = 0;
    virtual void release(std::byte* memory) noexcept = 0;
    virtual void release_pinned(std::byte* memory) noexcept = 0;

    /// Queued on the stream; the pinned side must stay as it is until wait(stream).
    virtual void copy_in(int stream, std::byte* to_card, const std::byte* from_pinned, std::size_t bytes) = 0;
    virtual void copy_out(int stream, std::byte* to_pinned, const std::byte* from_card, std::size_t bytes) = 0;
    virtual void copy_on_card(int stream, std::byte* to, const std::byte* from, std::size_t bytes) = 0;
    /// Runs the kernel for items 0 … items − 1.
    virtual void launch(int stream, const Kernel& kernel, Index items) = 0;
    /// Returns when all that was queued on the stream is done. Throws Error (70) where something of it failed.
    virtual void wait(int stream) = 0;
};

/// Frees what a Device allocated.
struct Release {
    Device* device = nullptr;
    bool pinned = false;
    void operator()(std::byte* memory) const noexcept { pinned ? device->release_pinned(memory) : device->release(memory); }
};
using Memory = std::unique_ptr<std::byte, Release>;

/// Card `number`. Throws Error: 69 where it cannot be used, or in a build without a GPU path; 71 where it has no memory
/// left.
[[nodiscard]] std::unique_ptr<Device> make_card(int number);

}  // namespace tare::compute::cuda
