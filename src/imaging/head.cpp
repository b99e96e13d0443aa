// Signed distances (positive inside) to a few dozen simple shapes, turned into shares of tissue. Proportions are those of
// an adult head, by eye.
#include "head.hpp"

#include <algorithm>
#include <cmath>

namespace tare::imaging {
namespace {

// As on a T1-weighted image.
constexpr double scalp_intensity = 0.82, muscle_intensity = 0.42, skull_intensity = 0.10, marrow_intensity = 0.45,
                 fluid_intensity = 0.22, grey_intensity = 0.64, deep_grey_intensity = 0.74, white_intensity = 1.0;

constexpr double fluid_gap = 0.03, skull_gap = 0.075, scalp_depth = 0.055;

double square(double x) noexcept {
    return x * x;
}

/// 0 outside, 1 inside, smooth over a width of twice `blur`.
double share(double distance, double blur) noexcept {
    const double t = std::clamp(0.5 + 0.5 * distance / blur, 0.0, 1.0);
    return t * t * (3.0 - 2.0 * t);
}

/// 1 at 0, falling to almost nothing beyond twice the width.
double bump(double x, double width) noexcept {
    return 1.0 / square(1.0 + square(x / width));
}

double mixed(double outer, double inner, double share_of_inner) noexcept {
    return outer + share_of_inner * (inner - outer);
}

/// First-order distance to an ellipsoid's surface.
double ellipsoid(const Point& p, const Point& centre, const Point& axes) noexcept {
    double squared = 0.0, steepness = 0.0;
    for (std::size_t i = 0; i < 3; ++i) {
        const double q = (p[i] - centre[i]) / axes[i];
        squared += q * q;
        steepness += square(q / axes[i]);
    }
    if (squared < 1e-12) return std::min({axes[0], axes[1], axes[2]});
    const double length = std::sqrt(squared);
    return length * (1.0 - length) / std::sqrt(steepness);
}

/// The smaller of two distances, with the edge between the two surfaces rounded.
double smaller(double a, double b, double rounding) noexcept {
    const double overlap = std::max(rounding - std::abs(a - b), 0.0) / rounding;
    return std::min(a, b) - 0.25 * overlap * overlap * rounding;
}

/// Distance to a fold of fluid that cuts `depth` deep into a body; `body` is the distance to the body's surface and `sheet`
/// that to the surface along which it is cut. Positive outside the fold.
double fold(double sheet, double body, double depth, double half_width) noexcept {
    return std::sqrt(square(sheet) + square(std::max(0.0, body - depth))) - half_width;
}

double head_surface(const Point& p) noexcept {
    // Narrower in front.
    return ellipsoid({p[0] * (1.0 + 0.08 * p[1]), p[1], p[2]}, {0.0, 0.0, 0.0}, {1.0, 1.0, 1.0});
}

double dome_of_cerebrum(const Point& p) noexcept {
    return ellipsoid({p[0] * (1.0 + 0.12 * p[1]), p[1], p[2]}, {0.0, 0.0, 0.06}, {0.82, 0.83, 0.785});
}

double cerebrum(const Point& p, double dome) noexcept {
    const double side = std::abs(p[0]);
    // The base: temporal lobes hang down at both sides.
    const double base = -0.20 - 0.04 * bump(p[1] - 0.55, 0.3) - 0.30 * bump(side - 0.46, 0.24) * bump(p[1] - 0.1, 0.42);
    return smaller(dome, 0.75 * (p[2] - base), 0.12);
}

constexpr Point cerebellum_centre{0.21, -0.47, -0.42};

double cerebellum(const Point& p) noexcept {
    return ellipsoid({std::abs(p[0]), p[1], p[2]}, cerebellum_centre, {0.36, 0.28, 0.21});
}

/// Its leaves are cut from outside towards the middle, as spokes in a plane from front to back.
double leaves_surface(const Point& p, double body, double width) noexcept {
    const double front = p[1] - cerebellum_centre[1] - 0.06, up = p[2] - cerebellum_centre[2];
    const double radius = std::sqrt(square(front) + square(up));
    constexpr double leaves = 9.0;
    const double sheet = std::sin(leaves * std::atan2(up, front) + 6.0 * std::abs(p[0])) * radius / leaves;
    return std::min(body, fold(sheet, body, 0.12, 0.006 * width));
}

/// Eyes, and the air behind the nose.
double eyes(const Point& p) noexcept {
    return ellipsoid({std::abs(p[0]), p[1], p[2]}, {0.33, 0.70, -0.36}, {0.13, 0.12, 0.13});
}

double nasal_cavity(const Point& p) noexcept {
    return ellipsoid({std::abs(p[0]), p[1], p[2]}, {0.07, 0.62, -0.55}, {0.05, 0.22, 0.15});
}

double brain_stem(const Point& p) noexcept {
    const double pons = ellipsoid(p, {0.0, -0.12, -0.42}, {0.16, 0.13, 0.17});
    // Runs down and slightly back.
    const double along = p[2], centre = -0.12 + 0.25 * (p[2] + 0.3);
    const double stalk = smaller(0.105 - std::sqrt(square(p[0]) + square(p[1] - centre)), -0.1 - along, 0.05);
    return std::max(pons, stalk);
}

double ventricles(const Point& p, double size) noexcept {
    const double side = std::abs(p[0]), y = p[1];
    // The lateral ventricles arch over the thalamus and come apart towards the back.
    const Point bent{side - 0.085 - 0.16 * square(std::min(0.0, y - 0.05)) - 0.03 * std::max(0.0, y - 0.1), y + 0.02,
                     p[2] - 0.13 + 0.9 * square(y + 0.02) * (y < -0.02 ? 1.0 : 0.55)};
    const double grown = std::sqrt(size);
    const double lateral = ellipsoid(bent, {0.0, 0.0, 0.0}, {0.058 * grown, 0.37, 0.088 * grown});
    const double third = ellipsoid(p, {0.0, -0.02, -0.04}, {0.017 * grown, 0.15, 0.11});
    const double fourth = ellipsoid(p, {0.0, -0.29, -0.42}, {0.06 * grown, 0.035 * grown, 0.09});
    return std::max({lateral, third, fourth});
}

double nuclei(const Point& p) noexcept {
    const Point q{std::abs(p[0]), p[1], p[2]};
    const double thalamus = ellipsoid(q, {0.105, -0.09, -0.015}, {0.085, 0.145, 0.085});
    const double caudate = ellipsoid(q, {0.165, 0.20, 0.065}, {0.05, 0.13, 0.095});
    const double putamen =
        ellipsoid({q[0] - 0.25 * (p[1] < 0.1 ? 0.1 - p[1] : 0.0), q[1], q[2]}, {0.285, 0.10, -0.03}, {0.062, 0.21, 0.125});
    return std::max({thalamus, caudate, putamen});
}

/// Sulci wind on their way in.
Point wavy(const Point& p) noexcept {
    constexpr double height = 0.022;
    return {p[0] + height * std::sin(13.0 * p[1] + 11.0 * p[2]), p[1] + height * std::sin(12.0 * p[2] - 14.0 * p[0] + 1.0),
            p[2] + height * std::sin(14.0 * p[0] + 12.0 * p[1] + 2.0)};
}

/// Distance to the cortex's outer surface, sulci and fissures cut in; positive inside.
/// `body` is the distance to the smooth outer surface, `dome` that to its part below the skull's roof, where the sulci are.
double cortex_surface(const Point& p, double body, double dome, double sheet, double width) noexcept {
    const double deepest = 0.19 + 0.05 * std::sin(9.0 * p[0] + 4.0 * p[1]) * std::sin(7.0 * p[1] - 8.0 * p[2] + 1.0);
    // Sulci narrow towards their floor.
    const double half_width = width * (0.013 - 0.045 * std::clamp(dome, 0.0, 0.2));
    double surface = std::min(body, fold(sheet, dome, deepest, half_width));
    const double midline_depth = p[2] > -0.1 ? 0.36 - 0.12 * bump(p[1] + 0.1, 0.5) : 0.10;
    surface = std::min(surface, fold(p[0], dome, midline_depth, 0.011 * width));
    const double sylvian_depth = 0.27 * bump(p[1] - 0.08, 0.40) * std::clamp(3.0 * std::abs(p[0]) - 0.9, 0.0, 1.0);
    const double sylvian_plane = 0.9 * (p[2] + 0.09 + 0.32 * (p[1] - 0.1));
    surface = std::min(surface, fold(sylvian_plane, dome, sylvian_depth, 0.013 * width));
    return surface;
}

}  // namespace

Tissue Head::at(const Point& p, const HeadVariation& variation, double blur) const noexcept {
    Tissue tissue;
    const double outer = head_surface(p);
    tissue.head = share(outer, blur);
    if (tissue.head <= 0.0) return tissue;

    const double dome = dome_of_cerebrum(p), upper = cerebrum(p, dome), lower = cerebellum(p), stem = brain_stem(p);
    const double brain = std::max({upper, lower, stem});
    double intensity = mixed(scalp_intensity, muscle_intensity, share(outer - scalp_depth, 2.0 * blur));
    if (p[2] < 0.0) {
        intensity = mixed(intensity, fluid_intensity, share(eyes(p), blur));
        intensity = mixed(intensity, 0.0, 0.9 * share(nasal_cavity(p), blur));
    }
    const double skull = std::min(brain + fluid_gap + skull_gap, outer - 0.6 * scalp_depth);
    intensity = mixed(intensity, skull_intensity, share(skull, blur));
    intensity = mixed(intensity, marrow_intensity, share(0.014 - std::abs(skull - 0.5 * skull_gap), blur));
    tissue.inner = share(std::min(brain + fluid_gap, outer - scalp_depth), blur);
    intensity = mixed(intensity, fluid_intensity, tissue.inner);

    const double width = variation.sulci, thickness = 0.040 * variation.cortex;
    double grey = 0.0, white_share = 0.0;
    if (upper > -blur) {
        const double surface = cortex_surface(p, upper, dome, folds_.distance(wavy(p)), width);
        const double within = share(surface, blur);
        const double white = share(surface - thickness, blur);
        const double nucleus = share(nuclei(p), blur) * white;
        intensity = mixed(intensity, grey_intensity, within);
        intensity = mixed(intensity, white_intensity, white);
        intensity = mixed(intensity, deep_grey_intensity, nucleus);
        grey = within - white + nucleus;
        white_share = white - nucleus;
    }
    if (lower > -blur && lower > upper) {
        const double surface = leaves_surface(p, lower, width);
        const double within = share(surface, blur);
        const double core = share(surface - 0.6 * thickness, blur);
        intensity = mixed(intensity, grey_intensity, within);
        intensity = mixed(intensity, white_intensity, core);
        grey = std::max(grey, within - core);
        white_share = std::max(white_share, core);
    }
    if (stem > -blur && p[2] < -0.05) {
        const double within = share(stem, blur) * share(outer - scalp_depth, blur);
        intensity = mixed(intensity, 0.93 * white_intensity, within);
        grey *= 1.0 - within;
        white_share = mixed(white_share, 1.0, within);
    }
    const double ventricle = share(ventricles(p, variation.ventricles), blur);
    tissue.intensity = mixed(intensity, fluid_intensity, ventricle) * tissue.head;
    tissue.grey_matter = std::max(0.0, grey * (1.0 - ventricle));
    tissue.white_matter = std::max(0.0, white_share * (1.0 - ventricle));
    return tissue;
}

}  // namespace tare::imaging
