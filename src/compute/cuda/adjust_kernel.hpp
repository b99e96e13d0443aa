// Adjusts all subjects of one feature. The same expression, in the same order, as on the processor.
#pragma once

#include "portable.hpp"
#include "tare/base/matrix.hpp"

namespace tare::compute::cuda {

using base::Index;

template <typename T>
struct AdjustKernel {
    const double* codes;         ///< subjects × terms
    const double* grand_mean;    ///< features
    const double* coefficients;  ///< terms × features
    const double* scale_change;  ///< features
    const double* shift;         ///< features
    T* values;                   ///< subjects × features; adjusted in place
    Index subjects, terms, features;

    TARE_PORTABLE void operator()(Index f) const {
        const double alpha = grand_mean[f], change = scale_change[f], moved = shift[f];
        for (Index i = 0; i < subjects; ++i) {
            if (values[i * features + f] != values[i * features + f]) continue;  // a missing cell keeps its bits
            double expected = alpha;
            for (Index j = 0; j < terms; ++j) expected += codes[i * terms + j] * coefficients[j * features + f];
            const double y = static_cast<double>(values[i * features + f]);
            values[i * features + f] = static_cast<T>(y + (change * (y - expected) - moved));
        }
    }
};

}  // namespace tare::compute::cuda
