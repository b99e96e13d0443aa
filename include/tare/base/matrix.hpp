// A dense row-major matrix that owns its values, and the non-owning views that kernels take.
// Shapes are (rows, columns); feature values are subjects × features. No arithmetic lives here.
#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace tare::base {

using Index = std::ptrdiff_t;

template <typename T>
class Matrix {
public:
    Matrix() = default;
    Matrix(Index rows, Index columns, T fill = T{})
        : rows_(rows), columns_(columns), values_(static_cast<std::size_t>(rows * columns), fill) {}
    /// Takes `values` (row-major, a multiple of `columns` long) without copying.
    Matrix(Index columns, std::vector<T> values)
        : rows_(columns == 0 ? 0 : static_cast<Index>(values.size()) / columns),
          columns_(columns),
          values_(std::move(values)) {}

    [[nodiscard]] Index rows() const noexcept { return rows_; }
    [[nodiscard]] Index columns() const noexcept { return columns_; }
    [[nodiscard]] T* data() noexcept { return values_.data(); }
    [[nodiscard]] const T* data() const noexcept { return values_.data(); }
    T& operator()(Index row, Index column) { return values_[static_cast<std::size_t>(row * columns_ + column)]; }
    const T& operator()(Index row, Index column) const { return values_[static_cast<std::size_t>(row * columns_ + column)]; }
    [[nodiscard]] std::span<T> row(Index r) { return {values_.data() + r * columns_, static_cast<std::size_t>(columns_)}; }
    [[nodiscard]] std::span<const T> row(Index r) const {
        return {values_.data() + r * columns_, static_cast<std::size_t>(columns_)};
    }
    [[nodiscard]] bool empty() const noexcept { return values_.empty(); }
    friend bool operator==(const Matrix&, const Matrix&) = default;

private:
    Index rows_ = 0;
    Index columns_ = 0;
    std::vector<T> values_;
};

}  // namespace tare::base
