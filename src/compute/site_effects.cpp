// What every way of shrinking shares: where it starts, and how sure its result is.
#include <limits>

#include "tare/compute/backend.hpp"

namespace tare::compute {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

}  // namespace

SiteEffects unshrunk_effects(std::span<const double> gamma_hat) {
    const std::vector<double> unknowns(gamma_hat.size(), unknown);
    return {{gamma_hat.begin(), gamma_hat.end()}, std::vector<double>(gamma_hat.size(), 1.0), unknowns, unknowns, 0};
}

double gamma_variance(const SitePrior& prior, double n, double delta) {
    return prior.tau2 * delta / (prior.tau2 * n + delta);
}

double delta_variance(const SitePrior& prior, double n, double delta) {
    const double shape = 0.5 * n + prior.a - 2.0;
    return shape > 0.0 ? delta * delta / shape : unknown;
}

}  // namespace tare::compute
