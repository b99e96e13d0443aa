// The memory and the way back of one block.
#include "slot.hpp"

namespace tare::compute::cuda {

void Slot::begin(std::size_t bytes) {
    finish();
    used_ = 0;
    if (bytes <= capacity_) return;
    capacity_ = 0;
    pinned_.reset();
    card_.reset();
    pinned_ = Memory(device_.allocate_pinned(bytes), Release{&device_, true});
    card_ = Memory(device_.allocate(bytes), Release{&device_, false});
    capacity_ = bytes;
}

std::size_t Slot::reserve(std::size_t bytes) {
    const std::size_t at = used_;
    used_ += room(bytes);
    if (used_ > capacity_) throw std::logic_error("a block has more parts than were counted");
    return at;
}

void Slot::send(std::size_t at, std::size_t bytes) {
    if (bytes > 0) device_.copy_in(stream_, card_.get() + at, pinned_.get() + at, bytes);
}

void Slot::send_back() {
    for (const Return& part : returns_) {
        if (part.bytes > 0) device_.copy_out(stream_, pinned_.get() + part.at, card_.get() + part.at, part.bytes);
    }
}

void Slot::finish() {
    if (capacity_ > 0) device_.wait(stream_);
    const std::vector<Return> returned = std::move(returns_);
    returns_.clear();
    for (const Return& part : returned) part.collect();
}

void Slot::discard() noexcept {
    returns_.clear();
    if (capacity_ == 0) return;
    try {
        device_.wait(stream_);
    } catch (...) {
        // The failure that led here is the one to tell.
    }
}

}  // namespace tare::compute::cuda
