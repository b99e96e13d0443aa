// Thickness of a layer between two others, as of cortical grey matter between white matter and what lies outside: the
// length of the field lines of a potential that is 0 on one boundary and 1 on the other (Jones, Buchbinder, Aharon 2000,
// doi 10.1002/1097-0193(200009)11:1<12::AID-HBM20>3.0.CO;2-K), found without tracing them (Yezzi, Prince 2003,
// doi 10.1109/TMI.2003.817775).
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "tare/data/volume.hpp"

namespace tare::imaging {

using data::Index;

/// The labels of the layer and of what lies on its inner side; every other label lies on the outer side.
struct LayerLabels {
    std::vector<std::int32_t> layer, inner;
};

struct LayerThickness {
    std::vector<Index> positions;   ///< of the layer's voxels, in order of memory
    std::vector<double> thickness;  ///< millimetres, of each; not a number where there is none
    Index apart = 0;                ///< voxels in pieces that do not touch both sides
    Index pieces_apart = 0;
    Index flat = 0;  ///< voxels where the potential is so flat that the field has no direction, as at the end of a thread
};

/// The potential solves Laplace's equation in finite volumes, with 0 and 1 on the faces between voxels of the layer and
/// others, and no flow over the edge of the image. In each voxel of the layer, the distances along the field to either side
/// follow from ∇L·T = 1, upwind, voxel by voxel in the order of the potential; the thickness is their sum. Pieces of the
/// layer (voxels joined by faces) that do not touch both sides have none. Voxels may have any edges; the axes of the grid
/// are taken as orthogonal. Throws Error (65) where the potential does not settle.
[[nodiscard]] LayerThickness laplace_thickness(const data::Segmentation& segmentation, const LayerLabels& labels);

}  // namespace tare::imaging
