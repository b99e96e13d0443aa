// Makes the big matrices of a run: on the heap while half of the memory budget lasts, after that in temporary files. The
// other half is for what is read and written meanwhile.
#pragma once

#include <cstdint>

#include "tare/base/matrix.hpp"
#include "tare/base/resources.hpp"

namespace tare::base {

class Workspace {
public:
    /// Without a budget everything is on the heap.
    Workspace() = default;
    explicit Workspace(const Resources& resources) : most_(resources.memory / 2) {}

    /// Zeros. Throws Error (74) where a temporary file has no room for them.
    template <typename T>
    [[nodiscard]] Matrix<T> matrix(Index rows, Index columns) {
        const auto bytes = static_cast<std::uint64_t>(rows) * static_cast<std::uint64_t>(columns) * sizeof(T);
        if (bytes > most_ - held_) return Matrix<T>::spilled(rows, columns);
        held_ += bytes;
        return Matrix<T>(rows, columns);
    }
    /// Bytes of the heap that its matrices have taken. What they give back is not counted.
    [[nodiscard]] std::uint64_t held() const noexcept { return held_; }

private:
    std::uint64_t most_ = UINT64_MAX;
    std::uint64_t held_ = 0;
};

}  // namespace tare::base
