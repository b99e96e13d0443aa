// A rectangle of text cells (rows × columns) in one block of memory: what a table holds besides its features.
// One allocation grows instead of millions of strings, so a table of 100,000 ignored columns stays small.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tare/base/matrix.hpp"

namespace tare::data {

class TextCells {
public:
    TextCells() = default;
    explicit TextCells(base::Index columns) : columns_(columns) {}

    [[nodiscard]] base::Index columns() const noexcept { return columns_; }
    [[nodiscard]] base::Index rows() const noexcept {
        return columns_ == 0 ? 0 : static_cast<base::Index>(ends_.size()) / columns_;
    }
    [[nodiscard]] std::string_view cell(base::Index row, base::Index column) const noexcept {
        const auto i = static_cast<std::size_t>(row * columns_ + column);
        const std::uint64_t begin = i == 0 ? 0 : ends_[i - 1];
        return std::string_view(bytes_).substr(begin, ends_[i] - begin);
    }
    /// Cells are added row by row, left to right.
    void append(std::string_view text) {
        bytes_ += text;
        ends_.push_back(bytes_.size());
    }
    /// Adds all rows of `other`, which has the same columns, below these.
    void append_rows(const TextCells& other) {
        const std::uint64_t offset = bytes_.size();
        bytes_ += other.bytes_;
        for (const std::uint64_t end : other.ends_) ends_.push_back(offset + end);
    }
    [[nodiscard]] std::uint64_t memory() const noexcept {
        return bytes_.capacity() + ends_.capacity() * sizeof(std::uint64_t);
    }

private:
    base::Index columns_ = 0;
    std::string bytes_;
    std::vector<std::uint64_t> ends_;
};

}  // namespace tare::data
