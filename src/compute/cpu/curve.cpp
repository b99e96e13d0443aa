// Curves of features with the weight of each one's penalty found by the search that both devices share.
#include "cpu_backend.hpp"
#include "curve_arrays.hpp"

namespace tare::compute {
namespace {

/// Below this many features a few microseconds each are not worth waking other threads for.
constexpr Index parallel_curves = 1'024;

}  // namespace

void CpuBackend::fit_curve(const FeatureMoments& moments, Index sites, std::span<const CurveDesign> designs,
                           const CurveFits& into) const {
    const Index terms = into.coefficients.rows(), features = moments.mean.columns();
    for_each_feature(designs, 2 * terms, threads_, features >= parallel_curves,
                     [&](const CurveDesign& design, Index feature, std::span<double> room) {
                         const Strided<double> beta{room.data(), 1}, work{room.data() + terms, 1};
                         const CurveChoice choice =
                             fit_one_curve(arrays_of(design), sites, {moments.squares.data() + feature, features},
                                           {moments.cross_products.data() + feature, features}, beta, work);
                         for (Index j = 0; j < terms; ++j) into.coefficients(j, feature) = beta[j];
                         into.lambda[static_cast<std::size_t>(feature)] = choice.lambda;
                         into.edf[static_cast<std::size_t>(feature)] = choice.edf;
                     });
}

}  // namespace tare::compute
