// A CurveDesign in the processor's memory, as the search sees it.
#pragma once

#include "curve_search.hpp"
#include "tare/compute/backend.hpp"

namespace tare::compute {

/// Valid as long as the design is.
[[nodiscard]] inline CurveArrays arrays_of(const CurveDesign& design) {
    return {static_cast<Index>(design.scale.size()),
            static_cast<Index>(design.lambda.size()),
            design.scale.data(),
            design.modes.data(),
            design.penalised.data(),
            design.free_part.data(),
            design.log_lambda.data(),
            design.lambda.data(),
            design.log_determinants.data(),
            design.log_determinant_of_line,
            design.degrees,
            design.rank,
            design.spline_terms,
            design.exact};
}

}  // namespace tare::compute
