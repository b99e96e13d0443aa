// Rows of a mapped matrix, as many at a time as fit into a fixed window.
#include "tare/io/npy_rows.hpp"

#include <algorithm>

namespace tare::io {
namespace {

constexpr Index window_bytes = Index{1} << 26;

}  // namespace

Index NpyRows::most_rows(Index wanted) const {
    const Index row_bytes = file_.columns() * (file_.single_precision() ? 4 : 8);
    return std::min(wanted, std::max<Index>(16, window_bytes / row_bytes));
}

base::RowPointers NpyRows::rows(std::span<const Index> subjects) {
    file_.release();
    return file_.row_pointers(subjects);
}

}  // namespace tare::io
