// All kernels as one type, for a Device to launch. A kernel is a value: pointers to the card's memory, sizes, and what one
// thread does with one item. Items are features, side by side, so that neighbouring threads read neighbouring cells.
#pragma once

#include <variant>

#include "adjust_kernel.hpp"
#include "curve_kernel.hpp"
#include "moments_kernels.hpp"
#include "shrink_kernels.hpp"

namespace tare::compute::cuda {

using Kernel =
    std::variant<AccumulateKernel<float>, AccumulateKernel<double>, SolveKernel, ResidualsKernel, CurveKernel, IterateKernel,
                 SweepKernel, LargestKernel, WeighKernel, MergeWeightsKernel, AdjustKernel<float>, AdjustKernel<double>>;

}  // namespace tare::compute::cuda
