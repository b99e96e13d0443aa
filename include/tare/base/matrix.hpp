// A dense row-major matrix that owns its values, on the heap or, where a Workspace says so, in a temporary file.
// Shapes are (rows, columns); feature values are subjects × features. No arithmetic lives here.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "tare/base/spilled_bytes.hpp"

namespace tare::base {

using Index = std::ptrdiff_t;

template <typename T>
class Matrix {
    static_assert(std::is_trivially_copyable_v<T>);

public:
    Matrix() = default;
    Matrix(Index rows, Index columns, T fill = T{})
        : rows_(rows), columns_(columns), values_(static_cast<std::size_t>(rows * columns), fill), begin_(values_.data()) {}
    /// Takes `values` (row-major, a multiple of `columns` long) without copying.
    Matrix(Index columns, std::vector<T> values)
        : rows_(columns == 0 ? 0 : static_cast<Index>(values.size()) / columns),
          columns_(columns),
          values_(std::move(values)),
          begin_(values_.data()) {}
    /// Zeros in a temporary file. Throws Error (74) where there is no room for it.
    [[nodiscard]] static Matrix spilled(Index rows, Index columns) {
        Matrix out;
        out.rows_ = rows;
        out.columns_ = columns;
        out.file_ = SpilledBytes(static_cast<std::size_t>(rows * columns) * sizeof(T));
        out.begin_ = static_cast<T*>(out.file_.data());
        return out;
    }
    /// A copy is on the heap, wherever the original is.
    Matrix(const Matrix& other)
        : rows_(other.rows_),
          columns_(other.columns_),
          values_(other.begin_, other.begin_ + other.size()),
          begin_(values_.data()) {}
    Matrix(Matrix&& other) noexcept { swap(other); }
    Matrix& operator=(Matrix other) noexcept {
        swap(other);
        return *this;
    }
    ~Matrix() = default;

    [[nodiscard]] Index rows() const noexcept { return rows_; }
    [[nodiscard]] Index columns() const noexcept { return columns_; }
    [[nodiscard]] Index size() const noexcept { return rows_ * columns_; }
    [[nodiscard]] T* data() noexcept { return begin_; }
    [[nodiscard]] const T* data() const noexcept { return begin_; }
    T& operator()(Index row, Index column) { return begin_[row * columns_ + column]; }
    const T& operator()(Index row, Index column) const { return begin_[row * columns_ + column]; }
    [[nodiscard]] std::span<T> row(Index r) { return {begin_ + r * columns_, static_cast<std::size_t>(columns_)}; }
    [[nodiscard]] std::span<const T> row(Index r) const {
        return {begin_ + r * columns_, static_cast<std::size_t>(columns_)};
    }
    /// Several consecutive rows as one.
    [[nodiscard]] std::span<T> row_block(Index first, Index count) {
        return {begin_ + first * columns_, static_cast<std::size_t>(count * columns_)};
    }
    [[nodiscard]] bool empty() const noexcept { return size() == 0; }
    /// Takes the values out of memory for now, where they are in a file; else does nothing.
    void release() const noexcept { file_.release(); }
    friend bool operator==(const Matrix& a, const Matrix& b) {
        return a.rows_ == b.rows_ && a.columns_ == b.columns_ && std::equal(a.begin_, a.begin_ + a.size(), b.begin_);
    }

private:
    void swap(Matrix& other) noexcept {
        std::swap(rows_, other.rows_);
        std::swap(columns_, other.columns_);
        values_.swap(other.values_);
        std::swap(file_, other.file_);
        std::swap(begin_, other.begin_);
    }

    Index rows_ = 0;
    Index columns_ = 0;
    std::vector<T> values_;
    SpilledBytes file_;
    T* begin_ = nullptr;
};

}  // namespace tare::base
