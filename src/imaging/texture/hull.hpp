// The convex hull of points with whole coordinates: quickhull (Barber, Dobkin and Huhdanpaa 1996) in exact arithmetic.
#pragma once

#include <cstdint>

#include "mesh.hpp"

namespace tare::imaging::texture {

/// Determinants are sums of at most six products of three coordinates, and six times the cube of this is below 2⁶³.
inline constexpr std::int64_t hull_extent = std::int64_t{1} << 20;

/// Triangles of the hull, anticlockwise from outside; corners number the points. Points that lie on it without being needed
/// are not among the corners of any triangle, or are where several triangles lie in one plane. Empty where all points lie
/// in one plane. Throws Error (65) where a coordinate is below 0, or not below `hull_extent`.
[[nodiscard]] std::vector<std::array<std::size_t, 3>> convex_hull(const std::vector<HalfVoxels>& points);

}  // namespace tare::imaging::texture
