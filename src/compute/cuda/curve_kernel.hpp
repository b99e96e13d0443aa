// The curve of one feature a thread, by the search that both devices share.
#pragma once

#include "curve_search.hpp"
#include "tare/base/matrix.hpp"

namespace tare::compute::cuda {

using base::Index;

struct CurveKernel {
    const CurveArrays* designs;    ///< their arrays lie on the card
    const Index* design;           ///< features: which of the designs
    const double* squares;         ///< sites × features
    const double* cross_products;  ///< (sites · terms) × features
    Index sites, features;
    double* work;          ///< terms × features
    double* coefficients;  ///< terms × features
    double* lambda;        ///< features
    double* edf;           ///< features

    TARE_PORTABLE void operator()(Index f) const {
        const CurveChoice choice =
            fit_one_curve(designs[design[f]], sites, {squares + f, features}, {cross_products + f, features},
                          {coefficients + f, features}, {work + f, features});
        lambda[f] = choice.lambda;
        edf[f] = choice.edf;
    }
};

}  // namespace tare::compute::cuda
