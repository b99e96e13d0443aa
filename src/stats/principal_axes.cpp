// Axes from the covariance of the features, or, where there are fewer subjects than features, from the products of
// subjects, summed over strips of columns. Sums run in an order that the shape alone decides, and products are cut so
// short that Eigen's blocking, which follows the processor's caches, cannot reorder them.
#include "tare/stats/principal_axes.hpp"

#include <Eigen/Core>
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

#include "tare/base/error.hpp"
#include "tare/base/parallel.hpp"
#include "tare/base/text.hpp"

namespace tare::stats {
namespace {

using base::Index;
using base::Matrix;
using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// A column whose spread is below this share of its mean is constant but for rounding.
constexpr double rounding = 64.0 * std::numeric_limits<double>::epsilon();
/// Components below this share of the first are rounding.
constexpr double negligible = 1e-12;
/// Loadings closer than this to the largest are as large, when the sign is chosen.
constexpr double tied = 1e-8;
/// Terms of a product that are summed at once.
constexpr Index depth_block = 256;
/// Rows and columns of the square matrix that are one piece of work.
constexpr Index square_block = 64;
/// Columns that are one piece of work: a row of them is a page of a file.
constexpr Index chunk = 512;
/// Residuals held at a time.
constexpr Index strip_values = Index{1} << 23;

std::size_t pieces(Index count, Index size) {
    return static_cast<std::size_t>((count + size - 1) / size);
}

/// A part of the residuals.
struct Window {
    Index first_row, rows, first_column, columns;
};

/// The residuals as the components see them: centred, scaled, without gaps and constant columns.
class Standardised {
public:
    Standardised(const Matrix<double>& residuals, bool scaled)
        : residuals_(residuals),
          scaled_(scaled),
          centre_(static_cast<std::size_t>(residuals.columns()), 0.0),
          scale_(centre_.size(), 1.0),
          weight_(centre_.size(), 0.0) {}

    /// Finds centre and scale of some columns.
    void measure(Index first, Index count) {
        std::vector<double> n(static_cast<std::size_t>(count), 0.0), sum(n), squares(n);
        const auto each_value = [&](const auto& use) {
            for (Index i = 0; i < residuals_.rows(); ++i) {
                const double* row = &residuals_(i, first);
                for (std::size_t f = 0; f < n.size(); ++f) {
                    if (!std::isnan(row[f])) use(f, row[f]);
                }
            }
        };
        each_value([&](std::size_t f, double value) {
            n[f] += 1.0;
            sum[f] += value;
        });
        double* centre = &centre_[static_cast<std::size_t>(first)];
        for (std::size_t f = 0; f < n.size(); ++f) centre[f] = n[f] > 0.0 ? sum[f] / n[f] : 0.0;
        each_value([&](std::size_t f, double value) { squares[f] += (value - centre[f]) * (value - centre[f]); });
        for (std::size_t f = 0; f < n.size(); ++f) {
            if (!std::isfinite(squares[f])) {
                throw base::degenerate("residuals, column " + std::to_string(first + static_cast<Index>(f) + 1) +
                                       ": values infinite or too large to square");
            }
            const double floor = rounding * centre[f];
            if (squares[f] == 0.0 || squares[f] <= n[f] * floor * floor) continue;
            const std::size_t column = static_cast<std::size_t>(first) + f;
            if (scaled_) scale_[column] = std::sqrt(squares[f] / (n[f] - 1.0));
            weight_[column] = 1.0 / scale_[column];
        }
    }

    /// Fills `out` from (row, column) 0 and `to` on.
    void copy(const Window& from, RowMajor& out, Index to) const {
        const auto column = static_cast<std::size_t>(from.first_column);
        const double* centre = &centre_[column];
        const double* weight = &weight_[column];
        for (Index i = 0; i < from.rows; ++i) {
            const double* row = &residuals_(from.first_row + i, from.first_column);
            double* target = &out(i, to);
            for (Index f = 0; f < from.columns; ++f) {
                target[f] = std::isnan(row[f]) ? 0.0 : (row[f] - centre[f]) * weight[f];
            }
        }
    }

    [[nodiscard]] bool takes_part(std::size_t column) const { return weight_[column] > 0.0; }
    void hand_over(PrincipalAxes& axes) {
        axes.centre = std::move(centre_);
        axes.scale = std::move(scale_);
    }

private:
    const Matrix<double>& residuals_;
    bool scaled_;
    std::vector<double> centre_;
    std::vector<double> scale_;
    std::vector<double> weight_;  ///< 1/scale, 0 for a column that takes no part
};

/// Adds to the lower triangle of `square` the products of the first `vectors` rows of `values` over `depth` columns.
void add_products(Eigen::MatrixXd& square, const RowMajor& values, Index depth, int threads) {
    std::vector<std::pair<Index, Index>> blocks;
    for (Index i = 0; i < square.rows(); i += square_block) {
        for (Index j = 0; j <= i; j += square_block) blocks.emplace_back(i, j);
    }
    base::for_each_in_parallel(blocks.size(), threads, [&](std::size_t b) {
        const Index i = blocks[b].first, j = blocks[b].second;
        const Index rows = std::min(square_block, square.rows() - i), columns = std::min(square_block, square.rows() - j);
        for (Index d = 0; d < depth; d += depth_block) {
            const Index terms = std::min(depth_block, depth - d);
            square.block(i, j, rows, columns).noalias() +=
                values.block(i, d, rows, terms) * values.block(j, d, columns, terms).transpose();
        }
    });
}

/// Σ over subjects: features × features.
Eigen::MatrixXd products_of_features(const Matrix<double>& residuals, Standardised& standard, int threads) {
    const Index subjects = residuals.rows(), features = residuals.columns();
    base::for_each_in_parallel(pieces(features, chunk), threads, [&](std::size_t c) {
        const Index first = static_cast<Index>(c) * chunk;
        standard.measure(first, std::min(chunk, features - first));
    });
    Eigen::MatrixXd square = Eigen::MatrixXd::Zero(features, features);
    const Index height = std::min(std::max(strip_values / features / depth_block, Index{1}) * depth_block, subjects);
    for (Index first = 0; first < subjects; first += height) {
        const Index rows = std::min(height, subjects - first);
        RowMajor values(rows, features);
        standard.copy({first, rows, 0, features}, values, 0);
        const RowMajor turned = values.transpose();
        add_products(square, turned, rows, threads);
        residuals.release();
    }
    return square;
}

Index strip_width(Index subjects, Index features) {
    return std::min(features, std::max(strip_values / subjects / chunk, Index{1}) * chunk);
}

/// Σ over features: subjects × subjects.
Eigen::MatrixXd products_of_subjects(const Matrix<double>& residuals, Standardised& standard, int threads, base::Log& log) {
    const Index subjects = residuals.rows(), features = residuals.columns();
    const Index width = strip_width(subjects, features);
    Eigen::MatrixXd square = Eigen::MatrixXd::Zero(subjects, subjects);
    RowMajor strip(subjects, width);
    for (Index first = 0; first < features; first += width) {
        const Index columns = std::min(width, features - first);
        base::for_each_in_parallel(pieces(columns, chunk), threads, [&](std::size_t c) {
            const Index to = static_cast<Index>(c) * chunk, count = std::min(chunk, columns - to);
            standard.measure(first + to, count);
            standard.copy({0, subjects, first + to, count}, strip, to);
        });
        residuals.release();
        add_products(square, strip, columns, threads);
        log.progress("products of subjects", static_cast<double>(first + columns) / static_cast<double>(features));
    }
    return square;
}

/// The rows of `weights` (components × subjects) times the residuals.
void combine_subjects(const Matrix<double>& residuals, const Standardised& standard, const RowMajor& weights,
                      Matrix<double>& axes, int threads, base::Log& log) {
    const Index subjects = residuals.rows(), features = residuals.columns();
    const Index width = strip_width(subjects, features);
    for (Index begin = 0; begin < features; begin += width) {
        const Index columns = std::min(width, features - begin);
        base::for_each_in_parallel(pieces(columns, chunk), threads, [&](std::size_t c) {
            const Index first = begin + static_cast<Index>(c) * chunk, count = std::min(chunk, begin + columns - first);
            RowMajor values(std::min(depth_block, subjects), count);
            RowMajor sums = RowMajor::Zero(weights.rows(), count);
            for (Index i = 0; i < subjects; i += depth_block) {
                const Index rows = std::min(depth_block, subjects - i);
                standard.copy({i, rows, first, count}, values, 0);
                sums.noalias() += weights.middleCols(i, rows) * values.topRows(rows);
            }
            for (Index k = 0; k < sums.rows(); ++k) std::copy_n(&sums(k, 0), count, &axes(k, first));
        });
        residuals.release();
        axes.release();
        log.progress("principal axes", static_cast<double>(begin + columns) / static_cast<double>(features));
    }
}

double dot(const double* a, const double* b, Index count) {
    constexpr Index lanes = 8;
    std::array<double, lanes> sum{};
    double rest = 0.0;
    Index i = 0;
    for (; i + lanes <= count; i += lanes) {
        for (Index lane = 0; lane < lanes; ++lane) sum[static_cast<std::size_t>(lane)] += a[i + lane] * b[i + lane];
    }
    for (; i < count; ++i) rest += a[i] * b[i];
    return std::accumulate(sum.begin(), sum.end(), rest);
}

/// Gives an axis unit length and the sign by which its largest loading is positive.
void orient(std::span<double> axis) {
    const auto size = static_cast<Index>(axis.size());
    double squares = 0.0, largest = 0.0;
    for (Index f = 0; f < size; f += chunk)
        squares += dot(&axis[static_cast<std::size_t>(f)], &axis[static_cast<std::size_t>(f)], std::min(chunk, size - f));
    for (const double loading : axis) largest = std::max(largest, std::abs(loading));
    const auto leading =
        std::find_if(axis.begin(), axis.end(), [&](double loading) { return std::abs(loading) >= largest * (1.0 - tied); });
    const double factor = (*leading < 0.0 ? -1.0 : 1.0) / std::sqrt(squares);
    for (double& loading : axis) loading *= factor;
}

std::size_t kept(const std::vector<double>& variance, const AxesRequest& request) {
    if (request.components) {
        if (*request.components > static_cast<Index>(variance.size())) {
            throw base::degenerate("--components " + std::to_string(*request.components) + ": the residuals have " +
                                   base::counted(variance.size(), "principal component"));
        }
        return static_cast<std::size_t>(*request.components);
    }
    const double total = std::accumulate(variance.begin(), variance.end(), 0.0);
    double cumulative = 0.0;
    for (std::size_t k = 0; k < variance.size(); ++k) {
        cumulative += variance[k];
        if (cumulative / total > request.explained) return k + 1;
    }
    return variance.size();
}

}  // namespace

PrincipalAxes principal_axes(const Matrix<double>& residuals, const AxesRequest& request, int threads,
                             base::Workspace& workspace, base::Log& log) {
    const Index subjects = residuals.rows(), features = residuals.columns();
    if (request.components && *request.components < 1) {
        throw base::usage_error("--components " + std::to_string(*request.components) + ": at least 1 is needed");
    }
    if (subjects < 2 || features == 0) throw base::degenerate("principal axes need two subjects and a feature at least");

    Standardised standard(residuals, request.scaled);
    const bool by_features = features <= subjects;
    Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(by_features
                                                              ? products_of_features(residuals, standard, threads)
                                                              : products_of_subjects(residuals, standard, threads, log));
    if (solver.info() != Eigen::Success) throw base::degenerate("the principal axes of the residuals cannot be found");
    const Eigen::VectorXd squares = solver.eigenvalues().reverse();
    if (!(squares(0) > 0.0))
        throw base::degenerate("the residuals do not vary, so they have no principal axes",
                               "no feature varies beyond sites and covariates: harmonise with another --method");

    PrincipalAxes out;
    for (Index k = 0; k < squares.size() && squares(k) > negligible * squares(0); ++k) {
        out.variance.push_back(squares(k) / static_cast<double>(subjects - 1));
    }
    const auto components = static_cast<Index>(kept(out.variance, request));
    log.detail("principal axes: " + std::to_string(components) + " of " + std::to_string(out.variance.size()) + " kept");

    const RowMajor vectors = solver.eigenvectors().rightCols(components).rowwise().reverse().transpose();
    out.axes = workspace.matrix<double>(components, features);
    if (by_features) {
        for (Index k = 0; k < components; ++k) {
            for (Index f = 0; f < features; ++f) {
                out.axes(k, f) = standard.takes_part(static_cast<std::size_t>(f)) ? vectors(k, f) : 0.0;
            }
        }
    } else {
        combine_subjects(residuals, standard, vectors, out.axes, threads, log);
    }
    base::for_each_in_parallel(static_cast<std::size_t>(components), threads,
                               [&](std::size_t k) { orient(out.axes.row(static_cast<Index>(k))); });
    out.axes.release();
    standard.hand_over(out);
    return out;
}

std::vector<double> scores_of(const PrincipalAxes& axes, std::span<const double> rows, int threads) {
    const Index features = axes.axes.columns(), components = axes.axes.rows();
    const std::size_t count = rows.size() / axes.centre.size();
    std::vector<double> scores(count * static_cast<std::size_t>(components), 0.0);
    for (Index first = 0; first < features; first += chunk) {
        const Index width = std::min(chunk, features - first);
        base::for_each_in_parallel(count, threads, [&](std::size_t i) {
            std::array<double, chunk> values{};
            const double* row = &rows[i * axes.centre.size()];
            for (Index f = 0; f < width; ++f) {
                const auto column = static_cast<std::size_t>(first + f);
                const double value = row[column];
                values[static_cast<std::size_t>(f)] =
                    std::isnan(value) ? 0.0 : (value - axes.centre[column]) / axes.scale[column];
            }
            double* score = &scores[i * static_cast<std::size_t>(components)];
            for (Index k = 0; k < components; ++k) score[k] += dot(values.data(), &axes.axes(k, first), width);
        });
    }
    return scores;
}

void add_components(const PrincipalAxes& axes, std::span<const double> change, std::span<double> rows, int threads) {
    const Index features = axes.axes.columns(), components = axes.axes.rows();
    const std::size_t count = rows.size() / axes.centre.size();
    for (Index first = 0; first < features; first += chunk) {
        const Index width = std::min(chunk, features - first);
        base::for_each_in_parallel(count, threads, [&](std::size_t i) {
            std::array<double, chunk> sum{};
            for (Index k = 0; k < components; ++k) {
                const double by = change[i * static_cast<std::size_t>(components) + static_cast<std::size_t>(k)];
                const double* axis = &axes.axes(k, first);
                for (Index f = 0; f < width; ++f) sum[static_cast<std::size_t>(f)] += by * axis[f];
            }
            for (Index f = 0; f < width; ++f) {
                const auto column = static_cast<std::size_t>(first + f);
                rows[i * axes.centre.size() + column] += sum[static_cast<std::size_t>(f)] * axes.scale[column];
            }
        });
    }
}

}  // namespace tare::stats
