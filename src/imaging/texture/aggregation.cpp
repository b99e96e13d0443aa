// The names of the aggregations.
#include "tare/imaging/texture/aggregation.hpp"

#include <array>

namespace tare::imaging::texture {

std::span<const NamedAggregation> aggregations() {
    using A = Aggregation;
    static constexpr std::array all{
        NamedAggregation{A::volume_average, Extent::volume, "3d-average", "_3d_average", "_3D_avg", "_3d", "_3D"},
        NamedAggregation{A::volume_merged, Extent::volume, "3d-merged", "_3d_merged", "_3D_comb", "_3d", "_3D"},
        NamedAggregation{A::slices_average, Extent::slices, "2d-average", "_2d_average", "_2D_avg", "_2d", "_2D"},
        NamedAggregation{A::slices_merged, Extent::slices, "2d-merged", "_2d_merged", "_2D_comb", "_2d", "_2D"},
        NamedAggregation{A::directions_average, Extent::slices_merged, "2.5d-average", "_2_5d_average", "_2_5D_avg", "_2_5d",
                         "_2_5D"},
        NamedAggregation{A::directions_merged, Extent::slices_merged, "2.5d-merged", "_2_5d_merged", "_2_5D_comb", "_2_5d",
                         "_2_5D"},
    };
    return all;
}

}  // namespace tare::imaging::texture
