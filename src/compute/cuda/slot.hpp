// One block of features on its way through the card: a stretch of pinned memory, its mirror on the card, and a stream. What
// is put in is copied to the card while the processor goes on; what comes out is handed over once the stream is done.
#pragma once

#include <algorithm>
#include <functional>
#include <span>
#include <stdexcept>
#include <vector>

#include "device.hpp"

namespace tare::compute::cuda {

class Slot {
public:
    Slot(Device& device, int stream) : device_(device), stream_(stream) {}
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;
    ~Slot() { discard(); }

    /// Room for a part of so many values in begin(): parts begin at whole multiples of this many bytes.
    static constexpr std::size_t alignment = 256;
    [[nodiscard]] static constexpr std::size_t room(std::size_t bytes) {
        return (bytes + alignment - 1) / alignment * alignment;
    }

    /// Finishes what went through before, and makes room for parts of `bytes` in all, each counted by room().
    void begin(std::size_t bytes);

    /// A part that goes to the card: fill(span) writes it, then it is queued. Returns where it lies on the card.
    template <typename T, typename Fill>
    T* in(std::size_t count, const Fill& fill) {
        const std::size_t at = reserve(count * sizeof(T));
        fill(pinned<T>(at, count));
        send(at, count * sizeof(T));
        return on_card<T>(at);
    }
    template <typename T>
    const T* in(std::span<const T> values) {
        return in<T>(values.size(), [&](std::span<T> to) { std::copy(values.begin(), values.end(), to.begin()); });
    }
    /// A part that comes back after the kernels: collect(span) takes it, in the next begin() or finish().
    template <typename T, typename Collect>
    T* out(std::size_t count, Collect collect) {
        const std::size_t at = reserve(count * sizeof(T));
        comes_back<T>(at, count, std::move(collect));
        return on_card<T>(at);
    }
    /// A part that goes to the card and comes back.
    template <typename T, typename Fill, typename Collect>
    T* in_out(std::size_t count, const Fill& fill, Collect collect) {
        const std::size_t at = reserve(count * sizeof(T));
        fill(pinned<T>(at, count));
        send(at, count * sizeof(T));
        comes_back<T>(at, count, std::move(collect));
        return on_card<T>(at);
    }
    /// A part that stays on the card.
    template <typename T>
    T* scratch(std::size_t count) {
        return on_card<T>(reserve(count * sizeof(T)));
    }

    /// Waits for the kernels so far, and shows a part as they left it; until the part is written again.
    template <typename T>
    std::span<const T> look(const T* part, std::size_t count) {
        const auto at = static_cast<std::size_t>(reinterpret_cast<const std::byte*>(part) - card_.get());
        device_.copy_out(stream_, pinned_.get() + at, card_.get() + at, count * sizeof(T));
        device_.wait(stream_);
        return pinned<T>(at, count);
    }

    void launch(const Kernel& kernel, Index items) { device_.launch(stream_, kernel, items); }
    /// Queues the way back of all parts that come back.
    void send_back();
    /// Waits, and hands over what came back.
    void finish();
    /// Waits, and forgets what came back: for when an operation failed.
    void discard() noexcept;

private:
    struct Return {
        std::size_t at, bytes;
        std::function<void()> collect;
    };
    [[nodiscard]] std::size_t reserve(std::size_t bytes);
    void send(std::size_t at, std::size_t bytes);
    template <typename T>
    [[nodiscard]] std::span<T> pinned(std::size_t at, std::size_t count) {
        return {reinterpret_cast<T*>(pinned_.get() + at), count};
    }
    template <typename T>
    [[nodiscard]] T* on_card(std::size_t at) {
        return reinterpret_cast<T*>(card_.get() + at);
    }
    template <typename T, typename Collect>
    void comes_back(std::size_t at, std::size_t count, Collect collect) {
        const std::span<T> part = pinned<T>(at, count);
        returns_.push_back({at, count * sizeof(T), [part, collect = std::move(collect)] { collect(part); }});
    }

    Device& device_;
    int stream_;
    Memory pinned_, card_;
    std::size_t capacity_ = 0, used_ = 0;
    std::vector<Return> returns_;
};

}  // namespace tare::compute::cuda
