// Centred moments in one pass: chunks of a fixed number of subjects, each centred on its own mean, merged in cohort
// order. The chunk is part of the definition of the result, so threads and tiles cannot change a bit of it.
#include <algorithm>
#include <array>

#include "cpu_backend.hpp"

namespace tare::compute {
namespace {

constexpr Index chunk_rows = 16;

/// The values of one chunk of subjects in one tile of features, and the moments of that chunk.
class ChunkWork {
public:
    ChunkWork(const Matrix<double>& values, const Matrix<double>& codes)
        : values_(values),
          codes_(codes),
          terms_(codes.columns()),
          covariate_mean_(static_cast<std::size_t>(terms_)),
          cross_(static_cast<std::size_t>(terms_ * tile_width)) {}

    /// Loads the chunk and computes its moments; `columns` are the tile's features.
    void compute(std::span<const Index> rows, std::span<const Index> columns) {
        const auto width = columns.size();
        const double n = static_cast<double>(rows.size());
        const bool contiguous = columns.back() - columns.front() == static_cast<Index>(width) - 1;
        std::fill_n(mean_.begin(), width, 0.0);
        for (std::size_t r = 0; r < rows.size(); ++r) {
            const double* source = values_.data() + rows[r] * values_.columns();
            double* target = chunk_.data() + r * tile_width;
            if (contiguous) {
                std::copy_n(source + columns.front(), width, target);
            } else {
                for (std::size_t f = 0; f < width; ++f) target[f] = source[columns[f]];
            }
            for (std::size_t f = 0; f < width; ++f) mean_[f] += target[f];
        }
        for (std::size_t f = 0; f < width; ++f) mean_[f] /= n;

        for (Index j = 0; j < terms_; ++j) {
            double sum = 0.0;
            for (const Index row : rows) sum += codes_(row, j);
            covariate_mean_[static_cast<std::size_t>(j)] = sum / n;
        }

        std::fill_n(squares_.begin(), width, 0.0);
        std::fill(cross_.begin(), cross_.end(), 0.0);
        for (std::size_t r = 0; r < rows.size(); ++r) {
            double* centred = chunk_.data() + r * tile_width;
            for (std::size_t f = 0; f < width; ++f) {
                centred[f] -= mean_[f];
                squares_[f] += centred[f] * centred[f];
            }
            for (Index j = 0; j < terms_; ++j) {
                const double code = codes_(rows[r], j) - covariate_mean_[static_cast<std::size_t>(j)];
                double* cross = cross_.data() + j * tile_width;
                for (std::size_t f = 0; f < width; ++f) cross[f] += code * centred[f];
            }
        }
    }

    /// Merges the chunk into the moments of its site; `before` subjects of the site are in them already.
    void merge_into(FeatureMoments& out, Index site, std::span<const Index> columns, double before, double count,
                    std::span<double> site_covariate_mean) {
        const double n = before + count;
        const double weight = before * count / n;
        const double share = count / n;
        for (std::size_t f = 0; f < columns.size(); ++f) {
            double& mean = out.mean(site, columns[f]);
            const double difference = mean_[f] - mean;
            mean += difference * share;
            out.squares(site, columns[f]) += squares_[f] + weight * difference * difference;
            for (Index j = 0; j < terms_; ++j) {
                const auto term = static_cast<std::size_t>(j);
                const double covariate_difference = covariate_mean_[term] - site_covariate_mean[term];
                out.cross_products(site * terms_ + j, columns[f]) +=
                    cross_[static_cast<std::size_t>(j * tile_width) + f] + weight * covariate_difference * difference;
            }
        }
        for (std::size_t j = 0; j < site_covariate_mean.size(); ++j) {
            site_covariate_mean[j] += (covariate_mean_[j] - site_covariate_mean[j]) * share;
        }
    }

private:
    const Matrix<double>& values_;
    const Matrix<double>& codes_;
    Index terms_;
    std::array<double, chunk_rows * tile_width> chunk_{};
    std::array<double, tile_width> mean_{};
    std::array<double, tile_width> squares_{};
    std::vector<double> covariate_mean_;
    std::vector<double> cross_;
};

}  // namespace

FeatureMoments CpuBackend::accumulate(const Matrix<double>& values, const Matrix<double>& codes, Index sites,
                                      std::span<const ObservedRows> groups) const {
    const Index features = values.columns();
    const Index terms = codes.columns();
    FeatureMoments out{Matrix<double>(sites, features), Matrix<double>(sites * terms, features),
                       Matrix<double>(sites, features)};
    const std::vector<Tile> tiles = tiles_of(groups);

#pragma omp parallel num_threads(threads_) if (values.rows() * features >= parallel_cells)
    {
        ChunkWork work(values, codes);
        std::vector<double> site_covariate_mean(static_cast<std::size_t>(terms));
#pragma omp for schedule(dynamic)
        for (std::size_t t = 0; t < tiles.size(); ++t) {
            const ObservedRows& group = groups[static_cast<std::size_t>(tiles[t].group)];
            const auto columns =
                std::span(group.columns)
                    .subspan(static_cast<std::size_t>(tiles[t].begin), static_cast<std::size_t>(tiles[t].count));
            for (Index s = 0; s < sites; ++s) {
                const Index begin = group.site_begin[static_cast<std::size_t>(s)];
                const Index end = group.site_begin[static_cast<std::size_t>(s) + 1];
                std::fill(site_covariate_mean.begin(), site_covariate_mean.end(), 0.0);
                for (Index first = begin; first < end; first += chunk_rows) {
                    const Index count = std::min(chunk_rows, end - first);
                    work.compute(
                        std::span(group.rows).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count)),
                        columns);
                    work.merge_into(out, s, columns, static_cast<double>(first - begin), static_cast<double>(count),
                                    site_covariate_mean);
                }
            }
        }
    }
    return out;
}

}  // namespace tare::compute
