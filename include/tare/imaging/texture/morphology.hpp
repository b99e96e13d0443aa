// The shape of a structure: its mesh, its convex hull, its principal axes; and how intensities lie in space.
#pragma once

#include "tare/imaging/texture/named.hpp"
#include "tare/imaging/texture/region.hpp"

namespace tare::imaging::texture {

/// In millimetres, mm² and mm³. The mesh runs midway between voxels of the structure and others (isosurface at 0.5); V and A
/// are the volume in it and its area. Axes are four standard deviations of the voxels' centres along the principal
/// directions; densities are V or A divided by that of an enclosing solid. What needs three axes of some length is undefined
/// where there are fewer.
struct Morphology {
    double volume = undefined, voxel_volume = undefined;  ///< of the mesh, and of the voxels
    double surface_area = undefined, surface_to_volume = undefined;
    double compactness_1 = undefined, compactness_2 = undefined;
    double spherical_disproportion = undefined, sphericity = undefined, asphericity = undefined;
    double centre_of_mass_shift = undefined;  ///< from the structure's centre to that weighted by measured intensities
    double maximum_diameter = undefined;      ///< between two points of the mesh
    double major_axis = undefined, minor_axis = undefined, least_axis = undefined;
    double elongation = undefined, flatness = undefined;                              ///< minor and least axis by major axis
    double volume_density_box = undefined, area_density_box = undefined;              ///< box along the image's axes
    double volume_density_ellipsoid = undefined, area_density_ellipsoid = undefined;  ///< with half of the axes above
    double volume_density_hull = undefined, area_density_hull = undefined;            ///< convex hull of the mesh
    double integrated_intensity = undefined;                                          ///< mean measured intensity times V
};

[[nodiscard]] Morphology morphology(const Region& region);
[[nodiscard]] std::span<const Named<Morphology>> morphology_features();

/// Of all pairs of measured voxels, each weighted by one over the distance of their centres. Undefined for a single
/// voxel and for equal intensities.
struct Autocorrelation {
    double moran = undefined;  ///< Moran's I
    double geary = undefined;  ///< Geary's C
};

/// By a fast Fourier transform of the box, so that time grows with n·log n of its voxels, not with n² of pairs.
[[nodiscard]] Autocorrelation autocorrelation(const Region& region);
/// Bytes that it needs for a region of this box.
[[nodiscard]] std::uint64_t autocorrelation_bytes(const Box& box);
[[nodiscard]] std::span<const Named<Autocorrelation>> autocorrelation_features();

}  // namespace tare::imaging::texture
