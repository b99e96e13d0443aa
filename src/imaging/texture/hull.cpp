// Quickhull: a tetrahedron grows by the point furthest out of one of its facets until no point is outside. All is
// decided by signs of whole numbers, so that points in one plane, which a grid has many of, do no harm.
#include "hull.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "tare/base/error.hpp"

namespace tare::imaging::texture {

namespace {

using Whole = std::int64_t;

HalfVoxels minus(const HalfVoxels& a, const HalfVoxels& b) {
    return {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
}
HalfVoxels cross(const HalfVoxels& a, const HalfVoxels& b) {
    return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}
Whole dot(const HalfVoxels& a, const HalfVoxels& b) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

struct Facet {
    std::array<std::size_t, 3> corners{};
    std::array<std::size_t, 3> neighbours{};  ///< across the edge from each corner to the next
    HalfVoxels normal{};
    Whole offset = 0;
    std::vector<std::size_t> outside;  ///< points that only this facet has to deal with
    std::size_t furthest = 0;          ///< of them
    Whole most = 0;
    bool alive = true;
    std::size_t seen = 0;  ///< the step at which it was last found visible
};

class Hull {
public:
    explicit Hull(const std::vector<HalfVoxels>& points) : points_(points) {}

    bool begin() {
        std::array<std::size_t, 4> t{};
        for (std::size_t i = 0; i < points_.size(); ++i) {
            if (points_[i] < points_[t[0]]) t[0] = i;
            if (points_[i] > points_[t[1]]) t[1] = i;
        }
        const HalfVoxels& origin = points_[t[0]];
        const HalfVoxels line = minus(points_[t[1]], origin);
        double widest = 0.0;
        for (std::size_t i = 0; i < points_.size(); ++i) {
            const HalfVoxels c = cross(line, minus(points_[i], origin));
            double squared = 0.0;
            for (const Whole part : c) squared += static_cast<double>(part) * static_cast<double>(part);
            if (squared > widest) widest = squared, t[2] = i;
        }
        if (!(widest > 0.0)) return false;
        const HalfVoxels plane = cross(line, minus(points_[t[2]], origin));
        Whole highest = 0;
        for (std::size_t i = 0; i < points_.size(); ++i) {
            const Whole height = dot(plane, minus(points_[i], origin));
            if (std::abs(height) > std::abs(highest)) highest = height, t[3] = i;
        }
        if (highest == 0) return false;
        if (highest > 0) std::swap(t[1], t[2]);
        // The fourth point now lies below the first three, which are anticlockwise from above.
        add({t[0], t[1], t[2]}, {1, 2, 3});
        add({t[1], t[0], t[3]}, {0, 3, 2});
        add({t[2], t[1], t[3]}, {0, 1, 3});
        add({t[0], t[2], t[3]}, {0, 2, 1});
        std::vector<std::size_t> all(points_.size());
        for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
        hand_out(all, 0);
        return true;
    }

    void grow() {
        for (std::size_t next = 0; next < facets_.size(); ++next) {
            if (facets_[next].alive && !facets_[next].outside.empty()) take_in(next);
        }
    }

    [[nodiscard]] std::vector<std::array<std::size_t, 3>> triangles() const {
        std::vector<std::array<std::size_t, 3>> found;
        for (const Facet& facet : facets_) {
            if (facet.alive) found.push_back(facet.corners);
        }
        return found;
    }

private:
    void add(const std::array<std::size_t, 3>& corners, const std::array<std::size_t, 3>& neighbours) {
        Facet facet;
        facet.corners = corners;
        facet.neighbours = neighbours;
        const HalfVoxels& a = points_[corners[0]];
        facet.normal = cross(minus(points_[corners[1]], a), minus(points_[corners[2]], a));
        facet.offset = dot(facet.normal, a);
        facets_.push_back(std::move(facet));
    }

    /// Above 0 outside. Each part of the normal is at most the square of the largest coordinate.
    [[nodiscard]] Whole height(const Facet& facet, std::size_t point) const {
        return dot(facet.normal, points_[point]) - facet.offset;
    }

    /// Each point goes to the first facet from `first` on that it is outside of; the others are inside for good.
    void hand_out(const std::vector<std::size_t>& points, std::size_t first) {
        for (const std::size_t point : points) {
            for (std::size_t i = first; i < facets_.size(); ++i) {
                Facet& facet = facets_[i];
                const Whole up = height(facet, point);
                if (up <= 0) continue;
                facet.outside.push_back(point);
                if (up > facet.most) facet.most = up, facet.furthest = point;
                break;
            }
        }
    }

    struct Edge {
        std::size_t from, to, beyond;  ///< `beyond`: the facet on its far side, which stays
    };

    /// Facets visible from the point, which die, and the edges around them.
    std::vector<Edge> horizon(std::size_t start, std::size_t point, std::vector<std::size_t>& orphans) {
        ++step_;
        std::vector<Edge> edges;
        std::vector<std::size_t> waiting{start};
        facets_[start].seen = step_;
        while (!waiting.empty()) {
            Facet& facet = facets_[waiting.back()];
            waiting.pop_back();
            facet.alive = false;
            orphans.insert(orphans.end(), facet.outside.begin(), facet.outside.end());
            facet.outside.clear();
            for (std::size_t side = 0; side < 3; ++side) {
                Facet& other = facets_[facet.neighbours[side]];
                if (other.seen == step_) continue;
                if (height(other, point) > 0) {
                    other.seen = step_;
                    waiting.push_back(facet.neighbours[side]);
                } else {
                    edges.push_back({facet.corners[side], facet.corners[(side + 1) % 3], facet.neighbours[side]});
                }
            }
        }
        return edges;
    }

    void take_in(std::size_t start) {
        const std::size_t point = facets_[start].furthest;
        std::vector<std::size_t> orphans;
        const std::vector<Edge> edges = horizon(start, point, orphans);
        const std::size_t first = facets_.size();
        std::unordered_map<std::size_t, std::size_t> from, to;
        for (std::size_t i = 0; i < edges.size(); ++i) {
            from[edges[i].from] = first + i;
            to[edges[i].to] = first + i;
        }
        for (std::size_t i = 0; i < edges.size(); ++i) {
            const Edge& edge = edges[i];
            add({edge.from, edge.to, point}, {edge.beyond, from.at(edge.to), to.at(edge.from)});
            Facet& beyond = facets_[edge.beyond];
            for (std::size_t side = 0; side < 3; ++side) {
                if (beyond.corners[side] == edge.to) beyond.neighbours[side] = first + i;
            }
        }
        hand_out(orphans, first);
    }

    const std::vector<HalfVoxels>& points_;
    std::vector<Facet> facets_;
    std::size_t step_ = 0;
};

}  // namespace

std::vector<std::array<std::size_t, 3>> convex_hull(const std::vector<HalfVoxels>& points) {
    for (const HalfVoxels& point : points) {
        if (std::ranges::all_of(point, [](Whole at) { return at >= 0 && at < hull_extent; })) continue;
        throw base::degenerate(
            "has more than " + std::to_string(hull_extent / 2 - 2) + " voxels along an axis, for which no hull is found",
            "leave out morphology with --families");
    }
    if (points.size() < 4) return {};
    Hull hull(points);
    if (!hull.begin()) return {};
    hull.grow();
    return hull.triangles();
}

}  // namespace tare::imaging::texture
