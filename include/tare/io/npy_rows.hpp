// An .npy matrix as rows of values: mapped, so that a row is a pointer; pages are let go from time to time, so that the
// process never holds the whole file.
#pragma once

#include "tare/data/row_source.hpp"
#include "tare/io/npy_file.hpp"

namespace tare::io {

class NpyRows final : public data::RowSource {
public:
    /// The file must outlive this.
    explicit NpyRows(const NpyFile& file) : file_(file) {}

    [[nodiscard]] Index features() const override { return file_.columns(); }
    [[nodiscard]] Index most_rows(Index wanted) const override;
    [[nodiscard]] base::RowPointers rows(std::span<const Index> subjects) override;

private:
    const NpyFile& file_;
};

}  // namespace tare::io
