// The curve of one feature: the weight λ of its penalty by restricted maximum likelihood (Wood 2011, section 2), and its
// coefficients. In the basis of the design's modes everything is diagonal, so a trial of λ costs a sum over terms. A grid
// finds the valley, false position its floor.
#pragma once

#include <cfloat>
#include <cmath>
#include <cstddef>
#include <limits>

#include "portable.hpp"

namespace tare::compute {

/// A CurveDesign as plain arrays, in the memory of the device that computes.
struct CurveArrays {
    std::ptrdiff_t terms;
    std::ptrdiff_t grid_points;
    const double* scale;      ///< terms
    const double* modes;      ///< terms × terms, row-major: a row is a term, a column a mode
    const double* penalised;  ///< terms
    const double* free_part;  ///< terms
    const double* log_lambda;
    const double* lambda;
    const double* log_determinants;
    double log_determinant_of_line;
    double degrees;
    double rank;
    double spline_terms;
    double exact;
};

/// One column of a row-major matrix: element j of a feature whose neighbours stand between its own elements.
template <typename T>
struct Strided {
    T* first;
    std::ptrdiff_t stride;
    TARE_PORTABLE T& operator[](std::ptrdiff_t j) const { return first[j * stride]; }
};

struct CurveChoice {
    double lambda;
    double edf;
};

namespace curve_search {

inline constexpr double infinite = std::numeric_limits<double>::infinity();
/// Points of the grid that are looked at together: as many sums that do not wait for each other.
inline constexpr std::size_t together = 8;

/// What one feature brings to the search: Wᵀb by mode, and yy.
struct Seen {
    Strided<const double> part;
    double squares;
};

/// As std::max, NaN included.
TARE_PORTABLE inline double larger(double a, double b) {
    return a < b ? b : a;
}

TARE_PORTABLE inline double log_of_residual(const CurveArrays& curve, const Seen& seen, double residual) {
    return curve.degrees * std::log(larger(residual, curve.exact * seen.squares + DBL_MIN));
}

struct GridPoint {
    std::ptrdiff_t at;
    double value;  ///< of the criterion
};

/// Moves `best` to the smallest of `Count` points from `first` on where one of them is smaller.
template <std::size_t Count>
TARE_PORTABLE inline void look_at(const CurveArrays& curve, const Seen& seen, std::ptrdiff_t first, GridPoint& best) {
    constexpr auto count = static_cast<std::ptrdiff_t>(Count);
    double explained[Count] = {};
    for (std::ptrdiff_t t = 0; t < curve.terms; ++t) {
        const double weight = seen.part[t] * seen.part[t], unbent = curve.free_part[t], penalised = curve.penalised[t];
        for (std::ptrdiff_t k = 0; k < count; ++k) explained[k] += weight / (unbent + curve.lambda[first + k] * penalised);
    }
    for (std::ptrdiff_t k = 0; k < count; ++k) {
        const double value = log_of_residual(curve, seen, seen.squares - explained[k]) + curve.log_determinants[first + k];
        if (value < best.value) best = {first + k, value};
    }
}

TARE_PORTABLE inline GridPoint best_on_grid(const CurveArrays& curve, const Seen& seen) {
    GridPoint best{0, infinite};
    constexpr auto step = static_cast<std::ptrdiff_t>(together);
    std::ptrdiff_t first = 0;
    for (; first + step <= curve.grid_points; first += step) look_at<together>(curve, seen, first, best);
    for (; first < curve.grid_points; ++first) look_at<1>(curve, seen, first, best);
    return best;
}

/// The criterion as λ goes to infinity.
TARE_PORTABLE inline double value_of_line(const CurveArrays& curve, const Seen& seen) {
    double residual = seen.squares;
    for (std::ptrdiff_t t = 0; t < curve.terms; ++t) {
        if (curve.penalised[t] == 0.0) residual -= seen.part[t] * seen.part[t];
    }
    return log_of_residual(curve, seen, residual) + curve.log_determinant_of_line;
}

/// The derivative of the criterion by log λ.
TARE_PORTABLE inline double slope(const CurveArrays& curve, const Seen& seen, double log_lambda) {
    const double lambda = std::exp(log_lambda);
    double explained = 0.0, pull = 0.0, shares = 0.0;
    for (std::ptrdiff_t t = 0; t < curve.terms; ++t) {
        const double penalty = lambda * curve.penalised[t], whole = curve.free_part[t] + penalty;
        const double share = penalty / whole, own = seen.part[t] * seen.part[t] / whole;
        explained += own;
        pull += own * share;
        shares += share;
    }
    const double left = larger(seen.squares - explained, curve.exact * seen.squares);
    return curve.degrees * pull / left + shares - curve.rank;
}

/// The log λ where the slope is 0 between the neighbours of a grid point, by the Illinois form of false position.
TARE_PORTABLE inline double root(const CurveArrays& curve, const Seen& seen, std::ptrdiff_t at) {
    double a = curve.log_lambda[at - 1], b = curve.log_lambda[at + 1];
    double at_a = slope(curve, seen, a), at_b = slope(curve, seen, b);
    double middle = curve.log_lambda[at];
    if (!(at_a < 0.0 && at_b > 0.0)) return middle;
    int last = 0;
    for (int i = 0; i < 200 && b - a > 1e-13 * larger(1.0, std::fabs(b)); ++i) {
        middle = (a * at_b - b * at_a) / (at_b - at_a);
        if (!(middle > a && middle < b)) middle = 0.5 * (a + b);
        const double here = slope(curve, seen, middle);
        if (here == 0.0) break;
        if (here < 0.0) {
            a = middle;
            at_a = here;
            if (last == -1) at_b *= 0.5;
            last = -1;
        } else {
            b = middle;
            at_b = here;
            if (last == 1) at_a *= 0.5;
            last = 1;
        }
    }
    return middle;
}

/// The λ that makes the criterion smallest; infinite where that is the straight line's.
TARE_PORTABLE inline double best_lambda(const CurveArrays& curve, const Seen& seen) {
    const GridPoint best = best_on_grid(curve, seen);
    if (best.at + 1 == curve.grid_points || value_of_line(curve, seen) <= best.value) return infinite;
    return best.at == 0 ? curve.lambda[0] : std::exp(root(curve, seen, best.at));
}

}  // namespace curve_search

/// Finds λ and the effective degrees of freedom of one feature. `beta`: on entry b = Σ b_s, on return the coefficients.
/// `squares`: yy = Σ q_s. `work`: room for as many numbers as there are terms; on return they mean nothing.
TARE_PORTABLE inline CurveChoice fit_one_curve(const CurveArrays& curve, double squares, Strided<double> beta,
                                               Strided<double> work) {
    const std::ptrdiff_t terms = curve.terms;
    for (std::ptrdiff_t j = 0; j < terms; ++j) beta[j] /= curve.scale[j];
    for (std::ptrdiff_t t = 0; t < terms; ++t) work[t] = 0.0;
    for (std::ptrdiff_t j = 0; j < terms; ++j) {
        const double own = beta[j];
        for (std::ptrdiff_t t = 0; t < terms; ++t) work[t] += curve.modes[j * terms + t] * own;
    }
    const double lambda = curve_search::best_lambda(curve, {{work.first, work.stride}, squares});
    const bool line = std::isinf(lambda);
    double shares = line ? curve.rank : 0.0;
    for (std::ptrdiff_t t = 0; t < terms; ++t) {
        const double unbent = curve.free_part[t], penalised = curve.penalised[t];
        if (!line) {
            const double penalty = lambda * penalised, whole = unbent + penalty;
            shares += penalty / whole;
            work[t] /= whole;
        } else {
            work[t] = penalised > 0.0 ? 0.0 : work[t] / unbent;
        }
    }
    for (std::ptrdiff_t j = 0; j < terms; ++j) {
        double sum = 0.0;
        for (std::ptrdiff_t t = 0; t < terms; ++t) sum += curve.modes[j * terms + t] * work[t];
        beta[j] = sum / curve.scale[j];
    }
    return {lambda, curve.spline_terms - shares};
}

/// The same from the moments of every site: `squares` has one element a site, `cross_products` one a site and term.
TARE_PORTABLE inline CurveChoice fit_one_curve(const CurveArrays& curve, std::ptrdiff_t sites, Strided<const double> squares,
                                               Strided<const double> cross_products, Strided<double> beta,
                                               Strided<double> work) {
    double sum = 0.0;
    for (std::ptrdiff_t j = 0; j < curve.terms; ++j) beta[j] = 0.0;
    for (std::ptrdiff_t s = 0; s < sites; ++s) {
        sum += squares[s];
        for (std::ptrdiff_t j = 0; j < curve.terms; ++j) beta[j] += cross_products[s * curve.terms + j];
    }
    return fit_one_curve(curve, sum, beta, work);
}

}  // namespace tare::compute
