// Applies a fitted model to rows of values. Written as "value plus a correction", so that where nothing is to be
// corrected (reference site, constant feature) the value comes back bit for bit.
#include <algorithm>
#include <array>

#include "cpu_backend.hpp"

namespace tare::compute {

void CpuBackend::adjust(Matrix<double>& values, const Matrix<double>& codes, std::span<const Index> site,
                        const Adjustment& adjustment) const {
    const Index features = values.columns();
    const Index terms = codes.columns();

#pragma omp parallel for num_threads(threads_) schedule(static) if (values.rows() * features >= parallel_cells)
    for (Index row = 0; row < values.rows(); ++row) {
        const Index s = site[static_cast<std::size_t>(row)];
        if (s < 0) continue;
        const double* scale_change = adjustment.scale_change.data() + s * features;
        const double* shift = adjustment.shift.data() + s * features;
        double* y = values.data() + row * features;
        std::array<double, static_cast<std::size_t>(tile_width)> expected;
        for (Index begin = 0; begin < features; begin += tile_width) {
            const Index count = std::min(tile_width, features - begin);
            std::copy_n(adjustment.grand_mean.data() + begin, count, expected.data());
            for (Index j = 0; j < terms; ++j) {
                const double code = codes(row, j);
                const double* beta = adjustment.coefficients.data() + j * features + begin;
                for (Index f = 0; f < count; ++f) expected[static_cast<std::size_t>(f)] += code * beta[f];
            }
            for (Index f = 0; f < count; ++f) {
                const Index i = begin + f;
                y[i] += scale_change[i] * (y[i] - expected[static_cast<std::size_t>(f)]) - shift[i];
            }
        }
    }
}

std::unique_ptr<Backend> make_cpu_backend(int threads) {
    return std::make_unique<CpuBackend>(threads);
}

}  // namespace tare::compute
