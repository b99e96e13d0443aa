// Where the values of a cohort come from, some subjects at a time: memory, a mapped matrix, or images that are decoded
// when they are wanted. What uses it never knows which.
#pragma once

#include <span>

#include "tare/base/matrix.hpp"
#include "tare/base/row_pointers.hpp"

namespace tare::data {

using base::Index;

class RowSource {
public:
    RowSource() = default;
    RowSource(const RowSource&) = delete;
    RowSource& operator=(const RowSource&) = delete;
    virtual ~RowSource() = default;

    /// Features of every row.
    [[nodiscard]] virtual Index features() const = 0;
    /// How many rows may be asked for at once, given that there are `wanted` in all: at least 16, or `wanted`.
    [[nodiscard]] virtual Index most_rows(Index wanted) const = 0;
    /// The values of these subjects; the pointers live until the next call. Throws Error where they cannot be had.
    [[nodiscard]] virtual base::RowPointers rows(std::span<const Index> subjects) = 0;
};

/// The rows of a matrix in memory, which must outlive this.
class MatrixRows final : public RowSource {
public:
    explicit MatrixRows(const base::Matrix<double>& values) : values_(values) {}
    [[nodiscard]] Index features() const override { return values_.columns(); }
    [[nodiscard]] Index most_rows(Index wanted) const override { return wanted; }
    [[nodiscard]] base::RowPointers rows(std::span<const Index> subjects) override;

private:
    const base::Matrix<double>& values_;
};

}  // namespace tare::data
