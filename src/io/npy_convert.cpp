// Fortran order is turned in square tiles, so that both sides stay in the cache; threads take bands of columns, which
// lie in one piece in the file.
#include "npy_convert.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace tare::io::detail {

namespace {

template <typename T>
T loaded(const char* from, bool swapped) noexcept {
    if constexpr (sizeof(T) == sizeof(std::uint32_t)) {
        std::uint32_t bits = 0;
        std::memcpy(&bits, from, sizeof bits);
        return std::bit_cast<T>(swapped ? __builtin_bswap32(bits) : bits);
    } else {
        std::uint64_t bits = 0;
        std::memcpy(&bits, from, sizeof bits);
        return std::bit_cast<T>(swapped ? __builtin_bswap64(bits) : bits);
    }
}

}  // namespace

template <typename T>
void convert_matrix(const NpyHeader& header, const char* from, T* to, int threads) {
    constexpr Index tile = 64;
    constexpr auto width = static_cast<Index>(sizeof(T));
    const Index rows = header.shape[0];
    const Index columns = header.shape[1];
    const bool swapped = header.big_endian != (std::endian::native == std::endian::big);
    if (!header.fortran_order) {
#pragma omp parallel for num_threads(threads) schedule(static)
        for (Index r = 0; r < rows; ++r) {
            for (Index i = r * columns; i < (r + 1) * columns; ++i) {
                to[i] = loaded<T>(from + i * width, swapped);
            }
        }
        return;
    }
#pragma omp parallel for num_threads(threads) schedule(dynamic)
    for (Index band = 0; band < columns; band += tile) {
        const Index band_end = std::min(band + tile, columns);
        for (Index first = 0; first < rows; first += tile) {
            const Index last = std::min(first + tile, rows);
            for (Index r = first; r < last; ++r) {
                for (Index c = band; c < band_end; ++c) {
                    to[r * columns + c] = loaded<T>(from + (c * rows + r) * width, swapped);
                }
            }
        }
    }
}

template void convert_matrix<float>(const NpyHeader&, const char*, float*, int);
template void convert_matrix<double>(const NpyHeader&, const char*, double*, int);

}  // namespace tare::io::detail
