// From labels to the voxels of a layer, and their pieces.
#include "layer.hpp"

#include <algorithm>
#include <limits>

#include "tare/base/error.hpp"

namespace tare::imaging::detail {
namespace {

constexpr std::int32_t no_voxel = std::numeric_limits<std::int32_t>::min();

bool among(const std::vector<std::int32_t>& labels, std::int32_t label) {
    return std::find(labels.begin(), labels.end(), label) != labels.end();
}

/// The piece that a voxel begins: its voxels take its number.
struct Piece {
    bool touches_inner = false, touches_outer = false;
};

Piece fill(const Layer& layer, std::size_t from, std::int32_t number, std::vector<std::int32_t>& pieces) {
    Piece piece;
    std::vector<std::size_t> to_visit{from};
    pieces[from] = number;
    while (!to_visit.empty()) {
        const std::size_t at = to_visit.back();
        to_visit.pop_back();
        for (const std::int32_t next : layer.beyond[at]) {
            piece.touches_inner = piece.touches_inner || next == inner_side;
            piece.touches_outer = piece.touches_outer || next == outer_side;
            if (next < 0 || pieces[static_cast<std::size_t>(next)] != no_voxel) continue;
            pieces[static_cast<std::size_t>(next)] = number;
            to_visit.push_back(static_cast<std::size_t>(next));
        }
    }
    return piece;
}

}  // namespace

Layer whole_layer(const data::Segmentation& segmentation, const LayerLabels& labels) {
    Layer layer;
    layer.spacing = data::voxel_sizes(segmentation.grid);
    const std::array<Index, 3> extents = data::extents(segmentation.grid);
    // What each voxel is to a neighbour of the layer: its place there, or the side it lies on.
    std::vector<std::int32_t> role(segmentation.labels.size(), outer_side);
    for (std::size_t at = 0; at < role.size(); ++at) {
        const std::int32_t label = segmentation.labels[at];
        if (at > 0 && label == segmentation.labels[at - 1] && role[at - 1] < 0) {
            role[at] = role[at - 1];
        } else if (among(labels.layer, label)) {
            if (layer.size() >= static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()))
                throw base::degenerate("a layer of more than 2147483647 voxels");
            role[at] = static_cast<std::int32_t>(layer.size());
            layer.positions.push_back(static_cast<Index>(at));
        } else if (among(labels.inner, label)) {
            role[at] = inner_side;
        }
    }
    layer.beyond.reserve(layer.size());
    for (const Index at : layer.positions) {
        std::array<std::int32_t, 6> beyond{};
        Index stride = 1, along = at;
        for (std::size_t axis = 0; axis < 3; ++axis) {
            const Index i = along % extents[axis];
            along /= extents[axis];
            beyond[2 * axis] = i == 0 ? edge_of_image : role[static_cast<std::size_t>(at - stride)];
            beyond[2 * axis + 1] = i + 1 == extents[axis] ? edge_of_image : role[static_cast<std::size_t>(at + stride)];
            stride *= extents[axis];
        }
        layer.beyond.push_back(beyond);
    }
    return layer;
}

Connection connection(const Layer& layer) {
    std::vector<std::int32_t> pieces(layer.size(), no_voxel);
    std::vector<Piece> found;
    for (std::size_t at = 0; at < layer.size(); ++at) {
        if (pieces[at] == no_voxel) found.push_back(fill(layer, at, static_cast<std::int32_t>(found.size()), pieces));
    }
    const auto is_between = [](const Piece& piece) { return piece.touches_inner && piece.touches_outer; };
    Connection out;
    out.between.reserve(layer.size());
    for (const std::int32_t piece : pieces) out.between.push_back(is_between(found[static_cast<std::size_t>(piece)]));
    out.pieces_apart = static_cast<Index>(found.size()) - std::count_if(found.begin(), found.end(), is_between);
    return out;
}

Layer part_of(const Layer& layer, const std::vector<bool>& keep) {
    Layer part;
    part.spacing = layer.spacing;
    std::vector<std::int32_t> place(layer.size(), no_voxel);
    for (std::size_t at = 0; at < layer.size(); ++at) {
        if (!keep[at]) continue;
        place[at] = static_cast<std::int32_t>(part.positions.size());
        part.positions.push_back(layer.positions[at]);
        part.beyond.push_back(layer.beyond[at]);
    }
    for (std::array<std::int32_t, 6>& beyond : part.beyond) {
        for (std::int32_t& next : beyond) {
            if (next >= 0) next = place[static_cast<std::size_t>(next)];
        }
    }
    return part;
}

}  // namespace tare::imaging::detail
