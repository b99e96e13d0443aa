// Memory that lives in a nameless file in TMPDIR instead of on the heap: for matrices that the budget has no room for.
// It reads and writes like memory; what is released leaves the process and stays in the file.
#pragma once

#include <cstddef>
#include <utility>

namespace tare::base {

class SpilledBytes {
public:
    SpilledBytes() = default;
    /// Zeros. Throws Error (74) where the folder for temporary files has no room for them.
    explicit SpilledBytes(std::size_t size);
    SpilledBytes(SpilledBytes&& other) noexcept
        : begin_(std::exchange(other.begin_, nullptr)), size_(std::exchange(other.size_, 0)) {}
    SpilledBytes& operator=(SpilledBytes&& other) noexcept {
        std::swap(begin_, other.begin_);
        std::swap(size_, other.size_);
        return *this;
    }
    ~SpilledBytes();

    [[nodiscard]] void* data() const noexcept { return begin_; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    /// Lets all pages go; they come back from the file when they are touched again.
    void release() const noexcept;

private:
    void* begin_ = nullptr;
    std::size_t size_ = 0;
};

}  // namespace tare::base
