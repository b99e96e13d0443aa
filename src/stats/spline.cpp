// The uniform cubic B-spline in closed form, and the Helmert basis of coefficients that sum to zero.
#include "tare/stats/spline.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace tare::stats {
namespace {

/// The outer knots lie this share of the range beyond it.
constexpr double widening = 0.001;

struct Knots {
    double first;  ///< the first of the k − 2 knots between which the basis is complete
    double step;
};

Knots knots_of(const Spline& spline) {
    const double range = spline.high - spline.low;
    return {spline.low - widening * range, range * (1.0 + 2.0 * widening) / static_cast<double>(spline.size - 3)};
}

/// k × (k − 1): column j weighs the first j + 1 coefficients against the next.
Eigen::MatrixXd sum_to_zero(Index size) {
    Eigen::MatrixXd z = Eigen::MatrixXd::Zero(size, size - 1);
    for (Index j = 0; j + 1 < size; ++j) {
        const double count = static_cast<double>(j + 1);
        z.col(j).head(j + 1).setConstant(1.0 / std::sqrt(count * (count + 1.0)));
        z(j + 1, j) = -count / std::sqrt(count * (count + 1.0));
    }
    return z;
}

/// The four basis functions that are not 0 at share u of a knot span.
std::array<double, 4> cubic(double u) {
    const double v = 1.0 - u;
    return {v * v * v / 6.0, (3.0 * u * u * u - 6.0 * u * u + 4.0) / 6.0, (3.0 * v * v * v - 6.0 * v * v + 4.0) / 6.0,
            u * u * u / 6.0};
}

std::array<double, 4> cubic_slope(double u) {
    const double v = 1.0 - u;
    return {-0.5 * v * v, 0.5 * u * (3.0 * u - 4.0), -0.5 * v * (3.0 * v - 4.0), 0.5 * u * u};
}

}  // namespace

void Spline::code(double x, std::span<double> codes) const {
    const auto [first, step] = knots_of(*this);
    const double spans = static_cast<double>(size - 3);
    // Between knots as far apart as numbers can be there is no place; such a curve is refused when its design is checked.
    const double found = (x - first) / step, place = std::isnan(found) ? 0.0 : found;
    const double inside = std::clamp(place, 0.0, spans);
    const double span = std::min(std::floor(inside), spans - 1.0);
    std::array<double, 4> basis = cubic(inside - span);
    const double beyond = place - inside;
    const std::array<double, 4> slope = cubic_slope(inside - span);
    for (std::size_t i = 0; i < 4; ++i) basis[i] += beyond * slope[i];
    // Column j of Z holds the sum of the coefficients up to j against that of j + 1: so do the codes.
    const auto begin = static_cast<Index>(span);
    const auto value = [&](Index i) {
        return i < begin || i >= begin + 4 ? 0.0 : basis[static_cast<std::size_t>(i - begin)];
    };
    double sum = 0.0;
    for (Index j = 0; j + 1 < size; ++j) {
        const double count = static_cast<double>(j + 1);
        sum += value(j);
        codes[static_cast<std::size_t>(j)] = (sum - count * value(j + 1)) / std::sqrt(count * (count + 1.0));
    }
}

Eigen::MatrixXd Spline::penalty() const {
    Eigen::MatrixXd differences = Eigen::MatrixXd::Zero(size - 2, size);
    for (Index i = 0; i + 2 < size; ++i) {
        differences(i, i) = differences(i, i + 2) = 1.0;
        differences(i, i + 1) = -2.0;
    }
    const Eigen::MatrixXd coded = differences * sum_to_zero(size);
    return coded.transpose() * coded;
}

Eigen::VectorXd Spline::line() const {
    return sum_to_zero(size).transpose() * Eigen::VectorXd::LinSpaced(size, 0.0, static_cast<double>(size - 1));
}

Eigen::VectorXd Spline::knots() const {
    const auto [first, step] = knots_of(*this);
    Eigen::VectorXd out(size + 4);
    for (Index i = 0; i < size + 4; ++i) out(i) = first + static_cast<double>(i - 3) * step;
    return out;
}

}  // namespace tare::stats
