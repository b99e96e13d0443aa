// The anatomy of the phantom as a function of the point: scalp, skull, fluid, cortex with sulci, white matter, deep
// nuclei, ventricles, cerebellum and brain stem. x points to the right, y to the front, z up; the head's half axes are 1.
#pragma once

#include "folds.hpp"

namespace tare::imaging {

/// What is at a point: shares of a soft boundary, from 0 to 1.
struct Tissue {
    double intensity = 0.0;  ///< where white matter is 1 and air 0
    double head = 0.0;       ///< all but air
    double inner = 0.0;      ///< brain and fluid, all within the skull
    double grey_matter = 0.0;
    double white_matter = 0.0;
};

/// How a person differs from the template beside the shape of the head; 1 is the template.
struct HeadVariation {
    double cortex = 1.0;      ///< thickness
    double sulci = 1.0;       ///< width
    double ventricles = 1.0;  ///< size
};

class Head {
public:
    explicit Head(base::Rng& rng) : folds_(rng) {}
    /// `blur` is half the width of boundaries: about half a voxel.
    [[nodiscard]] Tissue at(const Point& p, const HeadVariation& variation, double blur) const noexcept;

private:
    Folds folds_;
};

}  // namespace tare::imaging
