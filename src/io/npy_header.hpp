// What the first bytes of a .npy file say of the rest: the type of its elements, their order and the shape.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tare/base/matrix.hpp"

namespace tare::io::detail {

using base::Index;

struct NpyHeader {
    char kind = 0;            ///< NumPy's letter: f float, i and u integer, b bool, c complex, ...; V also for records
    Index item_size = 0;      ///< bytes per element; 0 where the header does not say (objects, records)
    bool big_endian = false;  ///< false where order means nothing
    bool fortran_order = false;
    std::vector<Index> shape;
    std::uint64_t data_offset = 0;

    /// float32 or float64 in two dimensions, with rows and columns.
    [[nodiscard]] bool is_matrix() const noexcept;
};

/// True where the bytes begin like a .npy file.
[[nodiscard]] bool looks_npy(std::string_view bytes) noexcept;

/// Reads the header at the beginning of a file's bytes and checks that the file ends where it should.
/// Throws Error (65) with `name` for anything else.
[[nodiscard]] NpyHeader parse_npy(std::string_view file, const std::string& name);

/// Throws Error (65) where the file holds no matrix that can be used, and says what it holds.
void require_matrix(const NpyHeader& header, const std::string& name);

/// "float32", "int64", "complex128", "text", "Python objects", ...
[[nodiscard]] std::string dtype_name(const NpyHeader& header);

/// "1740 × 100000", "no dimensions" where there are none.
[[nodiscard]] std::string npy_shape_text(const std::vector<Index>& shape);

}  // namespace tare::io::detail
