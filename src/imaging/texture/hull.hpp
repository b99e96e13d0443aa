// The convex hull of points with whole coordinates: quickhull (Barber, Dobkin and Huhdanpaa 1996) in exact arithmetic.
#pragma once

#include <cstdint>

#include "mesh.hpp"

namespace tare::imaging::texture {

/// Triangles of the hull, anticlockwise from outside; corners number the points. Points that lie on it without being needed
/// are not among the corners of any triangle, or are where several triangles lie in one plane. Empty where all points lie
/// in one plane. Coordinates must be below 2²⁰.
[[nodiscard]] std::vector<std::array<std::size_t, 3>> convex_hull(const std::vector<HalfVoxels>& points);

}  // namespace tare::imaging::texture
