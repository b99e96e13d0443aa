// Features of shape (IBSI reference manual 3.1).
#include "tare/imaging/texture/morphology.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "hull.hpp"
#include "mesh.hpp"

namespace tare::imaging::texture {

namespace {

using Point = std::array<double, 3>;
using Symmetric = std::array<std::array<double, 3>, 3>;

/// Turns the plane of two axes so that the covariance of p and q vanishes.
void rotate(Symmetric& m, std::size_t p, std::size_t q) {
    if (m[p][q] == 0.0) return;
    const double theta = (m[q][q] - m[p][p]) / (2.0 * m[p][q]);
    const double t = (theta >= 0.0 ? 1.0 : -1.0) / (std::abs(theta) + std::hypot(theta, 1.0));
    const double c = 1.0 / std::hypot(t, 1.0);
    const double s = t * c;
    const std::size_t r = 3 - p - q;
    const double between = m[p][q];
    m[p][p] -= t * between;
    m[q][q] += t * between;
    m[p][q] = m[q][p] = 0.0;
    const double rp = m[r][p], rq = m[r][q];
    m[r][p] = m[p][r] = c * rp - s * rq;
    m[r][q] = m[q][r] = s * rp + c * rq;
}

/// Eigenvalues in descending order, by Jacobi's rotations; what is zero but for rounding is zero.
Point eigenvalues(Symmetric m) {
    for (int sweep = 0; sweep < 30; ++sweep) {
        rotate(m, 0, 1);
        rotate(m, 0, 2);
        rotate(m, 1, 2);
    }
    Point values{m[0][0], m[1][1], m[2][2]};
    std::sort(values.begin(), values.end(), std::greater<>{});
    for (double& value : values) {
        if (value < 1e-12 * values[0]) value = 0.0;
    }
    return values;
}

/// Sums over voxels of the box: of the structure, and of what is measured, weighted by intensity. Covariances divide by the
/// number of voxels less one: the reference values of the axes hold for no other rule. Those of one voxel are 0.
struct Masses {
    Point centre{};    ///< of the structure, in millimetres from the box's first voxel
    Point weighted{};  ///< of the measured intensities
    Symmetric covariance{};
    double intensity = 0.0;
};

template <typename Each>
void for_each_voxel(const Box& box, const Each& each) {
    std::size_t at = 0;
    for (Index z = 0; z < box.extents[2]; ++z) {
        for (Index y = 0; y < box.extents[1]; ++y) {
            for (Index x = 0; x < box.extents[0]; ++x, ++at) {
                each(at, Point{static_cast<double>(x) * box.spacing[0], static_cast<double>(y) * box.spacing[1],
                               static_cast<double>(z) * box.spacing[2]});
            }
        }
    }
}

Masses masses_of(const Region& region) {
    Masses masses;
    for_each_voxel(region.box, [&](std::size_t at, const Point& place) {
        if (region.structure[at] == 0) return;
        for (std::size_t axis = 0; axis < 3; ++axis) {
            masses.centre[axis] += place[axis];
            masses.weighted[axis] += place[axis] * region.values[at];
        }
        masses.intensity += region.values[at];
    });
    const auto voxels = static_cast<double>(region.structure_voxels);
    for (std::size_t axis = 0; axis < 3; ++axis) {
        masses.centre[axis] /= voxels;
        masses.weighted[axis] /= masses.intensity;
    }
    if (region.structure_voxels < 2) return masses;
    for_each_voxel(region.box, [&](std::size_t at, const Point& place) {
        if (region.structure[at] == 0) return;
        for (std::size_t a = 0; a < 3; ++a) {
            for (std::size_t b = 0; b < 3; ++b) {
                masses.covariance[a][b] += (place[a] - masses.centre[a]) * (place[b] - masses.centre[b]) / (voxels - 1.0);
            }
        }
    });
    return masses;
}

/// The surface of an ellipsoid by the series of Legendre polynomials P_k that the reference manual gives, up to k = 20.
/// Q_k = (αβ)^k·P_k((α² + β²)/(2αβ)) obeys Legendre's recurrence without a division by αβ.
double ellipsoid_area(double a, double b, double c) {
    const double alpha = 1.0 - (b / a) * (b / a);
    const double beta = 1.0 - (c / a) * (c / a);
    const double middle = (alpha + beta) / 2.0;
    double before = 1.0, now = middle, sum = 1.0;
    for (int k = 1; k <= 20; ++k) {
        const double order = k;
        sum += now / (1.0 - 4.0 * order * order);
        const double next = ((2.0 * order + 1.0) * middle * now - order * alpha * beta * before) / (order + 1.0);
        before = now;
        now = next;
    }
    return 4.0 * std::numbers::pi * a * b * sum;
}

void by_axes(Morphology& m, const Masses& masses) {
    const Point spread = eigenvalues(masses.covariance);
    m.major_axis = 4.0 * std::sqrt(spread[0]);
    m.minor_axis = 4.0 * std::sqrt(spread[1]);
    m.least_axis = 4.0 * std::sqrt(spread[2]);
    if (spread[0] > 0.0) {
        m.elongation = std::sqrt(spread[1] / spread[0]);
        m.flatness = std::sqrt(spread[2] / spread[0]);
    }
    if (!(spread[2] > 0.0)) return;
    const Point half{m.major_axis / 2.0, m.minor_axis / 2.0, m.least_axis / 2.0};
    m.volume_density_ellipsoid = 3.0 * m.volume / (4.0 * std::numbers::pi * half[0] * half[1] * half[2]);
    m.area_density_ellipsoid = m.surface_area / ellipsoid_area(half[0], half[1], half[2]);
}

void by_hull(Morphology& m, const Region& region) {
    const std::vector<HalfVoxels> points = outer_points(region);
    const auto place = [&](std::size_t i) {
        Point at{};
        for (std::size_t axis = 0; axis < 3; ++axis) {
            at[axis] = 0.5 * static_cast<double>(points[i][axis]) * region.box.spacing[axis];
        }
        return at;
    };
    double volume = 0.0, area = 0.0;
    std::vector<std::size_t> corners;
    for (const std::array<std::size_t, 3>& triangle : convex_hull(points)) {
        const Point a = place(triangle[0]), b = place(triangle[1]), c = place(triangle[2]);
        const Point u{b[0] - a[0], b[1] - a[1], b[2] - a[2]}, v{c[0] - a[0], c[1] - a[1], c[2] - a[2]};
        const Point normal{u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]};
        area += 0.5 * std::hypot(normal[0], normal[1], normal[2]);
        volume += (a[0] * normal[0] + a[1] * normal[1] + a[2] * normal[2]) / 6.0;
        corners.insert(corners.end(), triangle.begin(), triangle.end());
    }
    m.volume_density_hull = m.volume / volume;
    m.area_density_hull = m.surface_area / area;
    std::sort(corners.begin(), corners.end());
    corners.erase(std::unique(corners.begin(), corners.end()), corners.end());
    double furthest = 0.0;
    for (std::size_t i = 0; i < corners.size(); ++i) {
        const Point a = place(corners[i]);
        for (std::size_t j = 0; j < i; ++j) {
            const Point b = place(corners[j]);
            const double x = a[0] - b[0], y = a[1] - b[1], z = a[2] - b[2];
            furthest = std::max(furthest, x * x + y * y + z * z);
        }
    }
    m.maximum_diameter = std::sqrt(furthest);
}

void by_mesh(Morphology& m) {
    const double v = m.volume, a = m.surface_area;
    const double sphere = std::cbrt(36.0 * std::numbers::pi * v * v);  // surface of the ball of this volume
    m.surface_to_volume = a / v;
    m.compactness_1 = v / (std::sqrt(std::numbers::pi) * a * std::sqrt(a));
    m.compactness_2 = 36.0 * std::numbers::pi * v * v / (a * a * a);
    m.spherical_disproportion = a / sphere;
    m.sphericity = sphere / a;
    m.asphericity = a / sphere - 1.0;
}

}  // namespace

Morphology morphology(const Region& region) {
    Morphology m;
    if (region.structure_voxels == 0) return m;
    const MeshSize mesh = mesh_size(region);
    m.volume = mesh.volume;
    m.surface_area = mesh.area;
    const Point& spacing = region.box.spacing;
    m.voxel_volume = static_cast<double>(region.structure_voxels) * spacing[0] * spacing[1] * spacing[2];
    by_mesh(m);
    const Masses masses = masses_of(region);
    by_axes(m, masses);
    by_hull(m, region);
    Point edges{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
        edges[axis] = static_cast<double>(region.box.extents[axis] - 2) * spacing[axis];
    }
    m.volume_density_box = m.volume / (edges[0] * edges[1] * edges[2]);
    m.area_density_box = m.surface_area / (2.0 * (edges[0] * edges[1] + edges[0] * edges[2] + edges[1] * edges[2]));
    if (region.measured_voxels > 0) {
        m.integrated_intensity = masses.intensity / static_cast<double>(region.measured_voxels) * m.volume;
    }
    if (masses.intensity != 0.0) {
        m.centre_of_mass_shift = std::hypot(masses.weighted[0] - masses.centre[0], masses.weighted[1] - masses.centre[1],
                                            masses.weighted[2] - masses.centre[2]);
    }
    return m;
}

std::span<const Named<Morphology>> morphology_features() {
    using M = Morphology;
    static constexpr std::array features{
        Named<M>{"volume_mm3", "morph_volume", "RNU0", &M::volume},
        Named<M>{"voxel_volume_mm3", "morph_vol_approx", "YEKZ", &M::voxel_volume},
        Named<M>{"surface_area_mm2", "morph_area_mesh", "C0JK", &M::surface_area},
        Named<M>{"surface_to_volume_per_mm", "morph_av", "2PR5", &M::surface_to_volume},
        Named<M>{"compactness_1", "morph_comp_1", "SKGS", &M::compactness_1},
        Named<M>{"compactness_2", "morph_comp_2", "BQWJ", &M::compactness_2},
        Named<M>{"spherical_disproportion", "morph_sph_dispr", "KRCK", &M::spherical_disproportion},
        Named<M>{"sphericity", "morph_sphericity", "QCFX", &M::sphericity},
        Named<M>{"asphericity", "morph_asphericity", "25C7", &M::asphericity},
        Named<M>{"centre_of_mass_shift_mm", "morph_com", "KLMA", &M::centre_of_mass_shift},
        Named<M>{"maximum_diameter_mm", "morph_diam", "L0JK", &M::maximum_diameter},
        Named<M>{"major_axis_mm", "morph_pca_maj_axis", "TDIC", &M::major_axis},
        Named<M>{"minor_axis_mm", "morph_pca_min_axis", "P9VJ", &M::minor_axis},
        Named<M>{"least_axis_mm", "morph_pca_least_axis", "7J51", &M::least_axis},
        Named<M>{"elongation", "morph_pca_elongation", "Q3CK", &M::elongation},
        Named<M>{"flatness", "morph_pca_flatness", "N17B", &M::flatness},
        Named<M>{"volume_density_box", "morph_vol_dens_aabb", "PBX1", &M::volume_density_box},
        Named<M>{"area_density_box", "morph_area_dens_aabb", "R59B", &M::area_density_box},
        Named<M>{"volume_density_ellipsoid", "morph_vol_dens_aee", "6BDE", &M::volume_density_ellipsoid},
        Named<M>{"area_density_ellipsoid", "morph_area_dens_aee", "RDD2", &M::area_density_ellipsoid},
        Named<M>{"volume_density_hull", "morph_vol_dens_conv_hull", "R3ER", &M::volume_density_hull},
        Named<M>{"area_density_hull", "morph_area_dens_conv_hull", "7T7F", &M::area_density_hull},
        Named<M>{"integrated_intensity", "morph_integ_int", "99N0", &M::integrated_intensity},
    };
    return features;
}

}  // namespace tare::imaging::texture
