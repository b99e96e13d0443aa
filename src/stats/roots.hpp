// Roots of a function of one variable between points where its signs differ, and the polynomial through equidistant values.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

namespace tare::stats {

/// The root of `function` between a and b, where it has the signs of fa and fb: Chandrupatla's choice between inverse
/// quadratic interpolation and bisection.
template <typename Function>
double root_between(double a, double fa, double b, double fb, const Function& function) {
    constexpr double relative = 1e-14, absolute = 1e-18;
    constexpr int most_steps = 100;
    double fraction = 0.5;
    for (int step = 0; step < most_steps; ++step) {
        const double x = a + fraction * (b - a);
        const double fx = function(x);
        double c = a, fc = fa;
        if (std::signbit(fx) != std::signbit(fa)) {
            c = b;
            fc = fb;
            b = a;
            fb = fa;
        }
        a = x;
        fa = fx;
        const double best = std::abs(fa) < std::abs(fb) ? a : b;
        const double limit = (relative * std::abs(best) + absolute) / std::abs(b - a);
        if (limit > 0.5 || fa == 0.0) return best;
        const double xi = (a - b) / (c - b), phi = (fa - fb) / (fc - fb);
        const bool interpolate = phi * phi < xi && (1.0 - phi) * (1.0 - phi) < 1.0 - xi;
        fraction = interpolate ? fa / (fb - fa) * fc / (fb - fc) + (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb) : 0.5;
        fraction = std::clamp(fraction, limit, 1.0 - limit);
    }
    return std::abs(fa) < std::abs(fb) ? a : b;
}

/// The polynomial through (0, values[0]), (1, values[1]), … at x, by Neville's scheme.
inline double through(std::span<const double> values, double x) {
    std::vector<double> part(values.begin(), values.end());
    for (std::size_t order = 1; order < part.size(); ++order) {
        for (std::size_t i = 0; i + order < part.size(); ++i) {
            part[i] += (x - static_cast<double>(i)) * (part[i + 1] - part[i]) / static_cast<double>(order);
        }
    }
    return part.front();
}

}  // namespace tare::stats
