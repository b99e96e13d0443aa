// .npy files made by hand: any header, any bytes.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <numeric>
#include <string>
#include <variant>
#include <vector>

#include "io_test_support.hpp"
#include "tare/io/npy_file.hpp"

namespace tare::test {

/// A .npy file with this dictionary, padded so that the values begin at a multiple of `alignment`.
inline std::string npy_bytes(std::string text, const std::string& data, int version = 1, std::size_t alignment = 64) {
    const std::size_t before = version == 1 ? 10 : 12;
    while ((before + text.size() + 1) % alignment != 0) {
        text += ' ';
    }
    text += '\n';
    std::string bytes = "\x93NUMPY";
    bytes += static_cast<char>(version);
    bytes += '\0';
    for (std::size_t i = 0; i < before - 8; ++i) {
        bytes += static_cast<char>(text.size() >> (8 * i) & 0xFFU);
    }
    return bytes + text + data;
}

inline std::string npy_text(const std::string& descr, const std::string& shape, bool fortran = false) {
    return "{'descr': '" + descr + "', 'fortran_order': " + (fortran ? "True" : "False") + ", 'shape': " + shape + ", }";
}

/// The bytes of numbers one after the other, in the machine's order or the other one.
template <typename T>
std::string number_bytes(const std::vector<T>& values, bool swapped = false) {
    std::string bytes;
    for (const T value : values) {
        std::string one(sizeof value, '\0');
        std::memcpy(one.data(), &value, sizeof value);
        bytes += swapped ? std::string(one.rbegin(), one.rend()) : one;
    }
    return bytes;
}

/// All values of an open file, row by row.
inline std::vector<double> all_values(const io::NpyFile& file) {
    std::vector<base::Index> rows(static_cast<std::size_t>(file.rows()));
    std::iota(rows.begin(), rows.end(), base::Index{0});
    std::vector<double> values;
    std::visit(
        [&](const auto& places) {
            for (const auto* row : places) {
                values.insert(values.end(), row, row + file.columns());
            }
        },
        file.row_pointers(rows));
    return values;
}

}  // namespace tare::test
