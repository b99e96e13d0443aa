// Marching cubes with a table that is worked out from the rule for a face: where the inside corners of a face lie
// across from each other, they are kept apart. Neighbouring cells thereby agree, and the mesh is closed.
#include "mesh.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace tare::imaging::texture {

namespace {

using Point = std::array<double, 3>;

/// Corner number: 1 for the far end along x, 2 along y, 4 along z. Corners of each face, anticlockwise from outside.
constexpr std::array<std::array<unsigned, 4>, 6> faces{
    {{0, 4, 6, 2}, {1, 3, 7, 5}, {0, 1, 5, 4}, {2, 6, 7, 3}, {0, 2, 3, 1}, {4, 5, 7, 6}}};

Point middle(unsigned a, unsigned b) {
    Point point{};
    for (unsigned axis = 0; axis < 3; ++axis) {
        point[axis] = 0.5 * static_cast<double>(((a >> axis) & 1U) + ((b >> axis) & 1U));
    }
    return point;
}

/// An edge between two corners, whichever way round.
constexpr std::size_t edge_of(unsigned a, unsigned b) {
    return std::min(a, b) * 8U + std::max(a, b);
}

/// What the triangles of a cell add to area and volume.
struct Cell {
    double area = 0.0;
    double projected = 0.0;  ///< area projected along x, positive where the outside lies at greater x
    double moment = 0.0;     ///< the same times x within the cell

    Cell& operator+=(const Cell& other) {
        area += other.area;
        projected += other.projected;
        moment += other.moment;
        return *this;
    }
};

class CellTable {
public:
    explicit CellTable(const std::array<double, 3>& spacing) : spacing_(spacing) {
        for (unsigned corners = 0; corners < cells_.size(); ++corners) triangulate(corners);
    }
    [[nodiscard]] const Cell& operator[](std::size_t corners) const { return cells_[corners]; }

private:
    /// The edge after each edge on the outline of the surface, where it leaves a face.
    struct Outline {
        std::array<std::size_t, 64> next{};
        std::array<bool, 64> used{};
        std::array<Point, 64> at{};
    };

    static Outline outline_of(unsigned corners) {
        Outline outline;
        const auto inside = [&](unsigned corner) { return ((corners >> corner) & 1U) != 0; };
        for (const auto& face : faces) {
            for (unsigned i = 0; i < 4; ++i) {
                const unsigned from = face[i];
                const unsigned to = face[(i + 1) % 4];
                if (!inside(from) || inside(to)) continue;
                // Walking on, the surface leaves the inside here; it came in at the last edge before.
                unsigned back = i;
                while (inside(face[(back + 3) % 4])) back = (back + 3) % 4;
                const std::size_t leave = edge_of(from, to);
                outline.next[leave] = edge_of(face[(back + 3) % 4], face[back]);
                outline.used[leave] = true;
                outline.at[leave] = middle(from, to);
            }
        }
        return outline;
    }

    /// Every closed outline is filled by those triangles that enclose the greatest volume, or the least where most corners
    /// are inside: mirrored cells are then alike, and a hollow has the surface of the solid that fills it.
    void triangulate(unsigned corners) {
        Outline outline = outline_of(corners);
        for (std::size_t start = 0; start < outline.used.size(); ++start) {
            std::vector<Point> loop;
            for (std::size_t edge = start; outline.used[edge]; edge = outline.next[edge]) {
                outline.used[edge] = false;
                loop.push_back(outline.at[edge]);
            }
            // The outline runs clockwise as seen from outside.
            std::reverse(loop.begin(), loop.end());
            if (!loop.empty()) cells_[corners] += filled(loop, 0, loop.size() - 1, std::popcount(corners) <= 4 ? 1.0 : -1.0);
        }
    }

    [[nodiscard]] Cell triangle(const Point& a, const Point& b, const Point& c) const {
        Point u{}, v{};
        for (std::size_t axis = 0; axis < 3; ++axis) {
            u[axis] = (b[axis] - a[axis]) * spacing_[axis];
            v[axis] = (c[axis] - a[axis]) * spacing_[axis];
        }
        const Point normal{u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]};
        const double projected = 0.5 * normal[0];
        return {0.5 * std::hypot(normal[0], normal[1], normal[2]), projected,
                projected * spacing_[0] * (a[0] + b[0] + c[0]) / 3.0};
    }

    /// The best triangles between the points of a loop from one to another and the line that joins these two; `sign` says
    /// whether more or less volume within is better, which differs as the moments do.
    [[nodiscard]] Cell filled(const std::vector<Point>& loop, std::size_t from, std::size_t to, double sign) const {
        Cell best;
        for (std::size_t k = from + 1; k < to; ++k) {
            Cell cell = triangle(loop[from], loop[k], loop[to]);
            cell += filled(loop, from, k, sign);
            cell += filled(loop, k, to, sign);
            const double gain = sign * (cell.moment - best.moment);
            const double rounding = 1e-9 * spacing_[0] * spacing_[1] * spacing_[2];
            if (k == from + 1 || gain > rounding || (gain > -rounding && cell.area < best.area)) best = cell;
        }
        return best;
    }

    std::array<double, 3> spacing_;
    std::array<Cell, 256> cells_{};
};

}  // namespace

MeshSize mesh_size(const Region& region) {
    const Box& box = region.box;
    const std::array<Index, 3> step = box.strides();
    std::array<Index, 256> count{}, along_x{};
    for (Index z = 0; z + 1 < box.extents[2]; ++z) {
        for (Index y = 0; y + 1 < box.extents[1]; ++y) {
            const std::uint8_t* at = region.structure.data() + box.at(0, y, z);
            const auto column = [&](Index x) {
                const std::uint8_t* p = at + x;
                return static_cast<unsigned>(p[0] | p[step[1]] << 2 | p[step[2]] << 4 | p[step[1] + step[2]] << 6);
            };
            unsigned near = column(0);
            for (Index x = 0; x + 1 < box.extents[0]; ++x) {
                const unsigned far = column(x + 1);
                const unsigned corners = near | far << 1U;
                ++count[corners];
                along_x[corners] += x;
                near = far;
            }
        }
    }
    const CellTable table(box.spacing);
    MeshSize size;
    for (std::size_t corners = 0; corners < count.size(); ++corners) {
        const Cell& cell = table[corners];
        size.area += static_cast<double>(count[corners]) * cell.area;
        // The divergence theorem: volume is the integral of x over the projected surface.
        size.volume += static_cast<double>(along_x[corners]) * box.spacing[0] * cell.projected +
                       static_cast<double>(count[corners]) * cell.moment;
    }
    return size;
}

std::vector<HalfVoxels> outer_points(const Region& region) {
    const Box& box = region.box;
    const std::array<Index, 3> step = box.strides();
    std::vector<HalfVoxels> points;
    for (Index z = 0; z + 1 < box.extents[2]; ++z) {
        for (Index y = 0; y + 1 < box.extents[1]; ++y) {
            for (Index x = 0; x + 1 < box.extents[0]; ++x) {
                const std::uint8_t* at = region.structure.data() + box.at(x, y, z);
                for (std::size_t axis = 0; axis < 3; ++axis) {
                    if (at[0] == at[step[axis]]) continue;
                    HalfVoxels point{2 * x, 2 * y, 2 * z};
                    ++point[axis];
                    points.push_back(point);
                }
            }
        }
    }
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const auto across = [&](const HalfVoxels& p) { return std::array{p[(axis + 2) % 3], p[(axis + 1) % 3]}; };
        const auto before = [&](const HalfVoxels& a, const HalfVoxels& b) {
            return across(a) != across(b) ? across(a) < across(b) : a[axis] < b[axis];
        };
        std::sort(points.begin(), points.end(), before);
        std::vector<HalfVoxels> ends;
        for (std::size_t i = 0; i < points.size(); ++i) {
            const bool first = i == 0 || across(points[i - 1]) != across(points[i]);
            const bool last = i + 1 == points.size() || across(points[i + 1]) != across(points[i]);
            if (first || last) ends.push_back(points[i]);
        }
        points = std::move(ends);
    }
    return points;
}

}  // namespace tare::imaging::texture
