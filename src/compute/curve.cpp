// The curve of one feature, with the arithmetic of the batches.
#include "curve_arrays.hpp"

namespace tare::compute {

CurveFit fit_curve(const CurveDesign& design, std::span<const double> cross_products, double squares) {
    CurveFit out{{cross_products.begin(), cross_products.end()}, 0.0, 0.0};
    std::vector<double> work(cross_products.size());
    const CurveChoice choice = fit_one_curve(arrays_of(design), squares, {out.coefficients.data(), 1}, {work.data(), 1});
    out.lambda = choice.lambda;
    out.edf = choice.edf;
    return out;
}

}  // namespace tare::compute
