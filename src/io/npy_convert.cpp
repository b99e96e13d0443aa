// Fortran order is turned in square tiles, so that both sides stay in the cache; threads take bands of columns, which
// lie in one piece in the file.
#include "npy_convert.hpp"

#include <algorithm>

#include "byte_order.hpp"

namespace tare::io::detail {

template <typename T>
void convert_matrix(const NpyHeader& header, const char* from, T* to, int threads) {
    constexpr Index tile = 64;
    constexpr auto width = static_cast<Index>(sizeof(T));
    const Index rows = header.shape[0];
    const Index columns = header.shape[1];
    if (!header.fortran_order) {
#pragma omp parallel for num_threads(threads) schedule(static)
        for (Index r = 0; r < rows; ++r) {
            for (Index i = r * columns; i < (r + 1) * columns; ++i) {
                to[i] = load<T>(from + i * width, header.big_endian);
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
                    to[r * columns + c] = load<T>(from + (c * rows + r) * width, header.big_endian);
                }
            }
        }
    }
}

template void convert_matrix<float>(const NpyHeader&, const char*, float*, int);
template void convert_matrix<double>(const NpyHeader&, const char*, double*, int);

}  // namespace tare::io::detail
