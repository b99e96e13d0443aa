// Means, factors and the overall variance of training rows, in two passes, so that large offsets do not cancel.
#include "preparation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "tare/base/error.hpp"
#include "tare/base/number_text.hpp"

namespace tare::learn {

using base::Index;
using base::Matrix;

void check_cells(const Matrix<double>& x, double largest) {
    for (Index r = 0; r < x.rows(); ++r) {
        const auto row = x.row(r);
        const auto wrong = std::ranges::find_if(row, [&](double value) { return std::abs(value) > largest; });
        if (wrong == row.end()) continue;
        const std::string size = std::isinf(*wrong) ? "infinite" : base::number_text(*wrong) + ", too large to learn from";
        throw base::degenerate("row " + std::to_string(r + 1) + ", feature " + std::to_string(wrong - row.begin() + 1) +
                               " is " + size);
    }
}

void check_columns(const Matrix<double>& x, Index trained_on) {
    if (x.columns() == trained_on) return;
    throw base::inconsistent("the learner was trained on " + std::to_string(trained_on) + " features and is asked about " +
                             std::to_string(x.columns()));
}

void Preparation::check_new_rows(const Matrix<double>& x) const {
    check_columns(x, features());
    check_cells(x, std::numeric_limits<double>::max());
}

Preparation::Preparation(const Matrix<double>& x, bool standardise)
    : means_(static_cast<std::size_t>(x.columns()), 0.0), factors_(means_.size(), 0.0) {
    const auto features = means_.size();
    const auto n = static_cast<double>(x.rows());
    std::vector<double> present(features, 0.0), squares(features, 0.0);
    constexpr double infinity = std::numeric_limits<double>::infinity();
    std::vector<double> least(features, infinity), most(features, -infinity);
    for (Index r = 0; r < x.rows(); ++r) {
        const auto row = x.row(r);
        for (std::size_t f = 0; f < features; ++f) {
            if (std::isnan(row[f])) continue;
            means_[f] += row[f];
            present[f] += 1.0;
            least[f] = std::min(least[f], row[f]);
            most[f] = std::max(most[f], row[f]);
        }
    }
    for (std::size_t f = 0; f < features; ++f) {
        // Within the values, whatever rounding says: so that those of a constant feature become zeros exactly.
        means_[f] = present[f] > 0.0 ? std::clamp(means_[f] / present[f], least[f], most[f]) : 0.0;
    }
    for (Index r = 0; r < x.rows(); ++r) {
        const auto row = x.row(r);
        for (std::size_t f = 0; f < features; ++f) {
            const double difference = row[f] - means_[f];
            if (!std::isnan(difference)) squares[f] += difference * difference;
        }
    }
    std::vector<double> centres = means_;
    double sum_of_centres = 0.0;
    for (std::size_t f = 0; f < features; ++f) {
        if (!std::isfinite(squares[f])) {
            throw base::degenerate("feature " + std::to_string(f + 1) + " has values too large to learn from");
        }
        factors_[f] = present[f] > 0.0 ? 1.0 : 0.0;
        if (standardise) {
            const double factor = 1.0 / std::sqrt(squares[f] / n);
            const bool constant = !std::isfinite(factor);
            if (!constant) factors_[f] = factor;
            squares[f] = constant ? 0.0 : n;
            centres[f] = 0.0;
        }
        sum_of_centres += centres[f];
    }
    const double grand_mean = sum_of_centres / static_cast<double>(features);
    double total = 0.0;
    for (std::size_t f = 0; f < features; ++f) {
        const double difference = centres[f] - grand_mean;
        total += squares[f] + n * difference * difference;
    }
    variance_of_all_cells_ = total / (n * static_cast<double>(features));
}

void Preparation::prepare(std::span<const double> row, double* out) const {
    for (std::size_t f = 0; f < row.size(); ++f) {
        out[f] = std::isnan(row[f]) ? 0.0 : (row[f] - means_[f]) * factors_[f];
    }
}

Rows Preparation::prepared(const Matrix<double>& x) const {
    Rows rows(x.rows(), x.columns());
    for (Index r = 0; r < x.rows(); ++r) prepare(x.row(r), rows.row(r).data());
    return rows;
}

}  // namespace tare::learn
