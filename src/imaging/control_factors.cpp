// The singular value decomposition of few images with many control voxels, through the products of images.
#include "tare/imaging/control_factors.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "tare/base/error.hpp"

namespace tare::imaging {
namespace {

/// Rotates rows and columns p and q so that their common entry vanishes (G. Golub and C. Van Loan, Matrix Computations,
/// section 8.5).
void rotate(base::Matrix<double>& a, base::Matrix<double>& vectors, Index p, Index q) {
    if (a(p, q) == 0.0) return;
    const double theta = (a(q, q) - a(p, p)) / (2.0 * a(p, q));
    const double tangent = (theta >= 0.0 ? 1.0 : -1.0) / (std::abs(theta) + std::hypot(theta, 1.0));
    const double cosine = 1.0 / std::hypot(tangent, 1.0), sine = tangent * cosine;
    const auto turn = [&](double& x, double& y) {
        const double old = x;
        x = cosine * old - sine * y;
        y = sine * old + cosine * y;
    };
    for (Index k = 0; k < a.rows(); ++k) turn(a(k, p), a(k, q));
    for (Index k = 0; k < a.rows(); ++k) turn(a(p, k), a(q, k));
    for (Index k = 0; k < a.rows(); ++k) turn(vectors(p, k), vectors(q, k));
}

double off_diagonal(const base::Matrix<double>& a) {
    double sum = 0.0;
    for (Index i = 0; i < a.rows(); ++i) {
        for (Index j = 0; j < a.columns(); ++j) sum += i == j ? 0.0 : a(i, j) * a(i, j);
    }
    return sum;
}

}  // namespace

SymmetricEigen symmetric_eigen(base::Matrix<double> matrix) {
    const Index n = matrix.rows();
    base::Matrix<double> vectors(n, n, 0.0);
    double whole = 0.0;
    for (Index i = 0; i < n; ++i) {
        vectors(i, i) = 1.0;
        for (Index j = 0; j < n; ++j) whole += matrix(i, j) * matrix(i, j);
    }
    constexpr int most_sweeps = 60;
    for (int sweep = 0; sweep < most_sweeps && off_diagonal(matrix) > 1e-30 * whole; ++sweep) {
        for (Index p = 0; p < n; ++p) {
            for (Index q = p + 1; q < n; ++q) rotate(matrix, vectors, p, q);
        }
    }
    std::vector<Index> order(static_cast<std::size_t>(n));
    std::iota(order.begin(), order.end(), Index{0});
    std::sort(order.begin(), order.end(),
              [&](Index a, Index b) { return matrix(a, a) != matrix(b, b) ? matrix(a, a) > matrix(b, b) : a < b; });
    SymmetricEigen out{{}, base::Matrix<double>(n, n)};
    for (Index k = 0; k < n; ++k) {
        const Index from = order[static_cast<std::size_t>(k)];
        out.values.push_back(matrix(from, from));
        Index largest = 0;
        for (Index i = 0; i < n; ++i) {
            if (std::abs(vectors(from, i)) > std::abs(vectors(from, largest))) largest = i;
        }
        const double sign = vectors(from, largest) < 0.0 ? -1.0 : 1.0;
        for (Index i = 0; i < n; ++i) out.vectors(k, i) = sign * vectors(from, i);
    }
    return out;
}

ControlScores control_scores(const base::Matrix<double>& control, Index factors) {
    const Index images = control.rows(), voxels = control.columns();
    base::Matrix<double> products(images, images);
    for (Index i = 0; i < images; ++i) {
        for (Index j = 0; j <= i; ++j) {
            const auto a = control.row(i), b = control.row(j);
            products(i, j) = products(j, i) = std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
        }
    }
    const SymmetricEigen eigen = symmetric_eigen(std::move(products));
    // Squares of singular values: rounding is that of squares too.
    constexpr double rounding = 1e-12;
    const auto usable = static_cast<Index>(std::count_if(
        eigen.values.begin(), eigen.values.end(), [&](double value) { return value > rounding * eigen.values.front(); }));
    if (factors > usable) {
        throw base::degenerate("the control voxels of " + std::to_string(images) + " images have " + std::to_string(usable) +
                               " factor(s) beyond rounding; " + std::to_string(factors) + " are wanted");
    }
    ControlScores out{base::Matrix<double>(factors, images), base::Matrix<double>(factors, voxels, 0.0)};
    for (Index k = 0; k < factors; ++k) {
        const auto loading = out.loading.row(k);
        for (Index i = 0; i < images; ++i) {
            out.scores(k, i) = eigen.vectors(k, i);
            const double share = eigen.vectors(k, i) / eigen.values[static_cast<std::size_t>(k)];
            const auto row = control.row(i);
            for (std::size_t c = 0; c < loading.size(); ++c) loading[c] += share * row[c];
        }
    }
    return out;
}

VoxelFactors no_images_yet(const ControlScores& scores, std::span<const Index> positions, Index voxels) {
    const Index factors = scores.loading.rows();
    VoxelFactors out{std::vector<double>(static_cast<std::size_t>(voxels), 0.0), base::Matrix<double>(factors, voxels, 0.0),
                     base::Matrix<double>(factors, voxels, 0.0)};
    for (Index k = 0; k < factors; ++k) {
        for (std::size_t c = 0; c < positions.size(); ++c) {
            out.loading(k, positions[c]) = scores.loading(k, static_cast<Index>(c));
        }
    }
    return out;
}

void add_image(const ControlScores& scores, Index image, std::span<const double> values, VoxelFactors& sums) {
    const auto images = static_cast<double>(scores.scores.columns());
    for (std::size_t v = 0; v < values.size(); ++v) sums.mean[v] += values[v] / images;
    for (Index k = 0; k < sums.gamma.rows(); ++k) {
        const auto gamma = sums.gamma.row(k);
        const double score = scores.scores(k, image);
        for (std::size_t v = 0; v < values.size(); ++v) gamma[v] += score * values[v];
    }
}

void remove_factors(const VoxelFactors& factors, std::span<const Index> inside, std::span<double> values) {
    std::vector<double> scores(static_cast<std::size_t>(factors.gamma.rows()), 0.0);
    for (std::size_t k = 0; k < scores.size(); ++k) {
        const auto loading = factors.loading.row(static_cast<Index>(k));
        for (std::size_t v = 0; v < inside.size(); ++v) {
            if (loading[v] != 0.0) scores[k] += loading[v] * values[static_cast<std::size_t>(inside[v])];
        }
        if (!std::isfinite(scores[k])) throw base::degenerate("holds a control voxel that is not finite");
    }
    for (std::size_t v = 0; v < inside.size(); ++v) {
        double& value = values[static_cast<std::size_t>(inside[v])];
        for (std::size_t k = 0; k < scores.size(); ++k) {
            value -= scores[k] * factors.gamma(static_cast<Index>(k), static_cast<Index>(v));
        }
        value += factors.mean[v];
    }
}

}  // namespace tare::imaging
