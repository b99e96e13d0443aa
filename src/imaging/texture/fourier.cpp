// Stockham's form of the fast Fourier transform: every pass leaves its results in order, so that nothing is permuted, and
// all lines of a plane are transformed together, number by number.
#include "fourier.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace tare::imaging::texture {

namespace {

using Complex = std::complex<double>;

/// Plain multiplication: the operator of std::complex looks for infinities first.
Complex times(const Complex& a, const Complex& b) {
    return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}
/// −i·a
Complex turned(const Complex& a) {
    return {a.imag(), -a.real()};
}

struct Pass {
    std::size_t radix, rest, stride;  ///< length of lines = radix · rest, in steps of `stride`
    std::size_t every;                ///< of the table of roots
};

void pass_of_two(const Complex* x, Complex* y, const Pass& pass, const std::vector<Complex>& roots) {
    for (std::size_t p = 0; p < pass.rest; ++p) {
        const Complex w = roots[p * pass.every];
        const Complex* a = x + pass.stride * p;
        const Complex* b = a + pass.stride * pass.rest;
        Complex* to = y + pass.stride * 2 * p;
        for (std::size_t q = 0; q < pass.stride; ++q) {
            const Complex low = a[q], high = b[q];
            to[q] = low + high;
            to[q + pass.stride] = times(low - high, w);
        }
    }
}

void pass_of_four(const Complex* x, Complex* y, const Pass& pass, const std::vector<Complex>& roots) {
    const std::size_t apart = pass.stride * pass.rest;
    for (std::size_t p = 0; p < pass.rest; ++p) {
        const Complex w1 = roots[p * pass.every], w2 = roots[2 * p * pass.every], w3 = roots[3 * p * pass.every];
        const Complex* from = x + pass.stride * p;
        Complex* to = y + pass.stride * 4 * p;
        for (std::size_t q = 0; q < pass.stride; ++q) {
            const Complex a = from[q], b = from[q + apart], c = from[q + 2 * apart], d = from[q + 3 * apart];
            const Complex sum = a + c, difference = a - c, other = b + d, beside = turned(b - d);
            to[q] = sum + other;
            to[q + pass.stride] = times(difference + beside, w1);
            to[q + 2 * pass.stride] = times(sum - other, w2);
            to[q + 3 * pass.stride] = times(difference - beside, w3);
        }
    }
}

void pass_of_any(const Complex* x, Complex* y, const Pass& pass, const std::vector<Complex>& roots) {
    const std::size_t length = pass.radix * pass.rest;
    for (std::size_t p = 0; p < pass.rest; ++p) {
        for (std::size_t j = 0; j < pass.radix; ++j) {
            Complex* to = y + pass.stride * (pass.radix * p + j);
            for (std::size_t k = 0; k < pass.radix; ++k) {
                const Complex w = roots[(j * k * pass.rest + j * p) % length * pass.every];
                const Complex* from = x + pass.stride * (p + k * pass.rest);
                for (std::size_t q = 0; q < pass.stride; ++q) {
                    to[q] = k == 0 ? times(from[q], w) : to[q] + times(from[q], w);
                }
            }
        }
    }
}

std::size_t radix_of(std::size_t length) {
    for (const std::size_t radix : {std::size_t{4}, std::size_t{2}, std::size_t{3}}) {
        if (length % radix == 0) return radix;
    }
    return 5;
}

std::vector<Complex> roots_of_one(std::size_t length) {
    std::vector<Complex> roots(length);
    for (std::size_t k = 0; k < length; ++k) {
        const double angle = -2.0 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(length);
        roots[k] = {std::cos(angle), std::sin(angle)};
    }
    return roots;
}

/// Lines of `length` numbers, `stride` apart, of which `stride` lie side by side; true where the result is in y.
bool lines(Complex* x, Complex* y, std::size_t length, std::size_t stride, const std::vector<Complex>& roots) {
    bool swapped = false;
    for (std::size_t left = length, every = 1; left > 1;) {
        const std::size_t radix = radix_of(left);
        const Pass pass{radix, left / radix, stride, every};
        if (radix == 2) {
            pass_of_two(x, y, pass, roots);
        } else if (radix == 4) {
            pass_of_four(x, y, pass, roots);
        } else {
            pass_of_any(x, y, pass, roots);
        }
        std::swap(x, y);
        swapped = !swapped;
        left /= radix;
        every *= radix;
        stride *= radix;
    }
    return swapped;
}

/// Transforms the lines along one axis, those that lie within the part on the axes after it.
void along(Block& block, std::size_t axis) {
    std::size_t stride = 1;
    for (std::size_t before = 0; before < axis; ++before) stride *= static_cast<std::size_t>(block.extents[before]);
    const auto length = static_cast<std::size_t>(block.extents[axis]);
    const std::vector<Complex> roots = roots_of_one(length);
    const std::size_t plane = stride * length;
    const auto next = static_cast<std::size_t>(axis < 2 ? block.extents[axis + 1] : 1);
    const auto first_part = static_cast<std::size_t>(axis < 2 ? block.part[axis + 1] : 1);
    const auto second_part = static_cast<std::size_t>(axis < 1 ? block.part[2] : 1);
    bool swapped = false;
    for (std::size_t i = 0; i * plane < block.values.size(); ++i) {
        const std::size_t begin = i * plane;
        if (i % next < first_part && i / next < second_part) {
            swapped = lines(block.values.data() + begin, block.spare.data() + begin, length, stride, roots);
        } else {
            std::fill_n(block.spare.data() + begin, plane, Complex{});
        }
    }
    if (swapped) block.values.swap(block.spare);
}

}  // namespace

Index fourier_extent(Index least) noexcept {
    for (Index extent = least;; ++extent) {
        Index left = extent;
        for (const Index prime : {Index{2}, Index{3}, Index{5}}) {
            while (left % prime == 0) left /= prime;
        }
        if (left == 1) return extent;
    }
}

void fourier_of_part(Block& block) {
    for (std::size_t axis = 0; axis < 3; ++axis) along(block, axis);
}

void fourier_to_part(Block& block) {
    for (std::size_t axis = 3; axis-- > 0;) along(block, axis);
}

}  // namespace tare::imaging::texture
