// Applies a fitted model to subjects of one site. Written as "value plus a correction", so that where nothing is to be
// corrected (reference site, constant feature) the value comes back bit for bit.
#include <array>

#include "cpu_backend.hpp"
#include "widest.hpp"

namespace tare::compute {
namespace {

template <typename T>
[[gnu::always_inline]] inline void adjust_tile(const T* values, T* adjusted, const double* codes, const Adjustment& by,
                                               Index begin, std::size_t width) {
    std::array<double, static_cast<std::size_t>(tile_width)> expected;
    std::copy_n(by.grand_mean.data() + begin, width, expected.data());
    for (Index j = 0; j < by.coefficients.rows(); ++j) {
        const double* beta = by.coefficients.data() + j * by.coefficients.columns() + begin;
        for (std::size_t f = 0; f < width; ++f) expected[f] += codes[j] * beta[f];
    }
    const double* scale_change = by.scale_change.data() + begin;
    const double* shift = by.shift.data() + begin;
    for (std::size_t f = 0; f < width; ++f) {
        const double y = static_cast<double>(values[begin + static_cast<Index>(f)]);
        adjusted[begin + static_cast<Index>(f)] = static_cast<T>(y + (scale_change[f] * (y - expected[f]) - shift[f]));
    }
}

/// The features from `begin` to `end` of all rows.
template <typename T>
void adjust_strip(const Rows& rows, const std::vector<const T*>& values, const std::vector<T*>& targets,
                  const Adjustment& by, Index begin, Index end) {
    widest([&]() __attribute__((always_inline)) {
        for (std::size_t i = 0; i < targets.size(); ++i) {
            const double* codes = rows.codes.data() + rows.subjects[i] * rows.codes.columns();
            for (Index first = begin; first < end; first += tile_width) {
                const auto width = static_cast<std::size_t>(std::min(tile_width, end - first));
                adjust_tile(values[i], targets[i], codes, by, first, width);
            }
        }
    });
}

}  // namespace

void CpuBackend::adjust(const Rows& rows, const Adjustment& adjustment, const base::WritableRows& adjusted) const {
    const auto features = static_cast<Index>(adjustment.grand_mean.size());
    const auto subjects = static_cast<Index>(rows.subjects.size());
    const Index strip = strip_width_for(features, threads_);
    const Index strips = (features + strip - 1) / strip;
    std::visit(
        [&]<typename T>(const std::vector<const T*>& values) {
            const auto& targets = std::get<std::vector<T*>>(adjusted);
#pragma omp parallel for num_threads(threads_) schedule(dynamic) if (subjects * features >= parallel_cells)
            for (Index s = 0; s < strips; ++s) {
                adjust_strip<T>(rows, values, targets, adjustment, s * strip, std::min(features, (s + 1) * strip));
            }
        },
        rows.values);
}

std::unique_ptr<Backend> make_cpu_backend(int threads) {
    return std::make_unique<CpuBackend>(threads);
}

}  // namespace tare::compute
