// Distributions by Boost.Math; no policy of it throws through here.
#include "tare/stats/distributions.hpp"

#include <cmath>
#include <limits>

#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>

namespace tare::stats {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

namespace policies = boost::math::policies;
/// Doubles stay doubles on every platform, and what is out of range is a value instead of an exception.
using Quiet =
    policies::policy<policies::promote_double<false>, policies::domain_error<policies::ignore_error>,
                     policies::overflow_error<policies::ignore_error>, policies::evaluation_error<policies::ignore_error>>;

}  // namespace

double upper_tail_of_f(double f, double d1, double d2) {
    if (std::isnan(f) || !(d1 > 0.0) || !(d2 > 0.0)) return nan;
    if (f <= 0.0) return 1.0;
    if (std::isinf(f)) return 0.0;
    return cdf(complement(boost::math::fisher_f_distribution<double, Quiet>(d1, d2), f));
}

double upper_tail_of_chi_squared(double x, double degrees) {
    if (std::isnan(x) || !(degrees > 0.0)) return nan;
    if (x <= 0.0) return 1.0;
    if (std::isinf(x)) return 0.0;
    return cdf(complement(boost::math::chi_squared_distribution<double, Quiet>(degrees), x));
}

double upper_tail_of_normal(double z) {
    return std::isnan(z) ? nan : cdf(complement(boost::math::normal_distribution<double, Quiet>(), z));
}

double quantile_of_t(double share, double degrees) {
    if (!(share > 0.0 && share < 1.0) || !(degrees > 0.0)) return nan;
    return quantile(boost::math::students_t_distribution<double, Quiet>(degrees), share);
}

double quantile_of_normal(double share) {
    if (!(share > 0.0 && share < 1.0)) return nan;
    return quantile(boost::math::normal_distribution<double, Quiet>(), share);
}

}  // namespace tare::stats
