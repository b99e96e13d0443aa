// A Device whose kernels are run by the processor, so that they, and how they are streamed, can be tested without a card. It
// is as unkind as a card may be: memory begins as NaN, queued work is done as late as it can be and streams overtake each
// other, items run in any order. It is no proof that a card does the same: the tests run there too, where there is one.
#pragma once

#include <cstring>
#include <deque>
#include <functional>
#include <map>
#include <new>
#include <numeric>
#include <stdexcept>
#include <vector>

#include "cuda/device.hpp"
#include "tare/base/rng.hpp"

namespace tare::test {

class ProcessorCard final : public compute::cuda::Device {
public:
    using Index = compute::Index;

    explicit ProcessorCard(std::uint64_t seed, std::size_t memory = std::size_t{1} << 30U) : rng_(seed), memory_(memory) {}
    ~ProcessorCard() override = default;
    ProcessorCard(const ProcessorCard&) = delete;
    ProcessorCard& operator=(const ProcessorCard&) = delete;

    std::byte* allocate(std::size_t bytes) override {
        if (bytes > memory_) throw std::bad_alloc();
        return poisoned(bytes);
    }
    std::byte* allocate_pinned(std::size_t bytes) override { return poisoned(bytes); }
    void release(std::byte* memory) noexcept override { free_.push_back(std::move(owned_[memory])); }
    void release_pinned(std::byte* memory) noexcept override { free_.push_back(std::move(owned_[memory])); }

    void copy_in(int stream, std::byte* to_card, const std::byte* from_pinned, std::size_t bytes) override {
        queue(stream, [=] { std::memcpy(to_card, from_pinned, bytes); });
    }
    void copy_out(int stream, std::byte* to_pinned, const std::byte* from_card, std::size_t bytes) override {
        queue(stream, [=] { std::memcpy(to_pinned, from_card, bytes); });
    }
    void copy_on_card(int stream, std::byte* to, const std::byte* from, std::size_t bytes) override {
        queue(stream, [=] { std::memcpy(to, from, bytes); });
    }
    void launch(int stream, const compute::cuda::Kernel& kernel, Index items) override {
        ++launches;
        if (fail_after >= 0 && launches > fail_after) throw std::runtime_error("the card failed");
        queue(stream, [this, kernel, items] { std::visit([&](const auto& body) { run(body, items); }, kernel); });
    }
    void wait(int stream) override {
        std::deque<std::function<void()>>& own = queues_.at(static_cast<std::size_t>(stream));
        while (!own.empty()) {
            // Another stream may go ahead of this one, or not.
            std::deque<std::function<void()>>& any = queues_.at(static_cast<std::size_t>(rng_.below(streams)));
            std::deque<std::function<void()>>& next = any.empty() || rng_.below(2) == 0 ? own : any;
            const std::function<void()> work = std::move(next.front());
            next.pop_front();
            work();
        }
    }

    int launches = 0;
    int fail_after = -1;  ///< launches that succeed; -1: all do

private:
    void queue(int stream, std::function<void()> work) {
        queues_.at(static_cast<std::size_t>(stream)).push_back(std::move(work));
    }
    std::byte* poisoned(std::size_t bytes) {
        std::vector<std::byte> memory(bytes, std::byte{0xff});
        std::byte* const begin = memory.data();
        owned_[begin] = std::move(memory);
        return begin;
    }
    template <typename Body>
    void run(const Body& body, Index items) {
        // Every item once, from a random one in random strides that have no common divisor with their number.
        if (items == 0) return;
        Index stride = 1 + static_cast<Index>(rng_.below(static_cast<std::uint64_t>(items)));
        while (std::gcd(stride, items) != 1) ++stride;
        Index item = static_cast<Index>(rng_.below(static_cast<std::uint64_t>(items)));
        for (Index i = 0; i < items; ++i) {
            body(item);
            item = (item + stride) % items;
        }
    }

    base::Rng rng_;
    std::size_t memory_;
    std::vector<std::deque<std::function<void()>>> queues_{static_cast<std::size_t>(streams)};
    std::map<std::byte*, std::vector<std::byte>> owned_;
    std::vector<std::vector<std::byte>> free_;  ///< kept, so that late work on it is seen as wrong numbers, not as a crash
};

}  // namespace tare::test
