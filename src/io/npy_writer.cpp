// Version 1.0 headers, padded with spaces so that the values begin at a multiple of 64 bytes, as NumPy does.
#include <bit>
#include <string_view>

#include "tare/io/npy_file.hpp"

namespace tare::io {

std::string npy_header(Index rows, Index columns, std::string_view type) {
    constexpr std::size_t before_text = 10;
    constexpr std::size_t alignment = 64;
    std::string text = std::string("{'descr': '") + std::string(type) + "', 'fortran_order': False, 'shape': (" +
                       std::to_string(rows) + ", " + std::to_string(columns) + "), }";
    text.append(alignment - 1 - (before_text + text.size()) % alignment, ' ');
    text += '\n';
    std::string header("\x93NUMPY\x01\x00", before_text - 2);
    header += static_cast<char>(text.size() % 256);
    header += static_cast<char>(text.size() / 256);
    return header + text;
}

void write_npy(Output& output, const base::Matrix<double>& values) {
    static_assert(std::endian::native == std::endian::little, "values are written as they lie in memory");
    output.write(npy_header(values.rows(), values.columns(), "<f8"));
    const auto bytes = static_cast<std::size_t>(values.rows() * values.columns()) * sizeof(double);
    output.write({reinterpret_cast<const char*>(values.data()), bytes});
}

}  // namespace tare::io
