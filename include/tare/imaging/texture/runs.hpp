// Grey level run lengths: how many voxels of the same level follow each other along each of 13 directions in space, or 4
// within a slice.
#pragma once

#include "tare/imaging/texture/aggregation.hpp"
#include "tare/imaging/texture/emphasis.hpp"
#include "tare/imaging/texture/region.hpp"

namespace tare::imaging::texture {

[[nodiscard]] Emphases run_lengths(const Levels& levels, Aggregation aggregation);
/// Bytes that counting takes, beside the levels themselves.
[[nodiscard]] std::uint64_t run_length_bytes(const Box& box, Index levels);
[[nodiscard]] std::span<const Named<Emphases>> run_length_features();

}  // namespace tare::imaging::texture
