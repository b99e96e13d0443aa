// The finite Newton method (Mangasarian 2002; Keerthi, DeCoste 2005): the price is a quadratic as long as the same rows are
// outside their intervals. Go to its minimum, or as far on the way as the price falls; done where the rows stay the same.
#include "interval_machine.hpp"

#include <Eigen/Cholesky>
#include <cmath>

namespace tare::learn {

namespace {

constexpr int most_steps = 200;
constexpr int halvings = 60;

class Machine {
public:
    Machine(const Rows& x, const Eigen::ArrayXd& low, const Eigen::ArrayXd& high, double c)
        : x_(x), low_(low), high_(high), c_(c), weights_(Eigen::VectorXd::Zero(x.cols())), values_(x.rows()) {
        values_.setZero();
    }

    [[nodiscard]] LinearRule solved() {
        for (int i = 0; i < most_steps; ++i) {
            if (step()) break;
        }
        return {weights_, intercept_};
    }

private:
    /// How far the values lie outside, with sign.
    [[nodiscard]] Eigen::ArrayXd outside(const Eigen::ArrayXd& values) const {
        return (values - high_).max(0.0) - (low_ - values).max(0.0);
    }

    /// One step; true where the minimum is reached.
    bool step() {
        const Eigen::ArrayXd apart = outside(values_);
        const Eigen::Index features = x_.cols();
        const Eigen::Index active = (apart != 0.0).count();
        Rows rows(active, features + 1);
        Eigen::VectorXd distance(active);
        for (Eigen::Index r = 0, a = 0; r < x_.rows(); ++r) {
            if (apart[r] == 0.0) continue;
            rows.row(a) << x_.row(r), 1.0;
            distance[a++] = apart[r];
        }
        Eigen::VectorXd gradient = 2.0 * c_ * (rows.transpose() * distance);
        gradient.head(features) += weights_;
        Eigen::MatrixXd curvature = Eigen::MatrixXd::Zero(features + 1, features + 1);
        curvature.selfadjointView<Eigen::Lower>().rankUpdate(rows.transpose(), 2.0 * c_);
        curvature.diagonal().head(features).array() += 1.0;
        if (active == 0) curvature(features, features) = 1.0;
        const Eigen::VectorXd scale = curvature.diagonal().array().rsqrt();
        curvature = scale.asDiagonal() * curvature * scale.asDiagonal();
        const Eigen::LDLT<Eigen::Ref<Eigen::MatrixXd>> factor(curvature);
        const Eigen::VectorXd direction = -(scale.asDiagonal() * factor.solve(scale.asDiagonal() * gradient));
        const Eigen::ArrayXd change = (x_ * direction.head(features)).array() + direction[features];
        const bool whole = ((outside(values_ + change) != 0.0) == (apart != 0.0)).all();
        const double length = whole ? 1.0 : length_along(direction.head(features), change);
        weights_ += length * direction.head(features);
        intercept_ += length * direction[features];
        values_ = (x_ * weights_).array() + intercept_;
        return whole || length == 0.0;
    }

    /// The slope of the price along a direction never falls: where it is zero.
    [[nodiscard]] double length_along(const Eigen::VectorXd& direction, const Eigen::ArrayXd& change) const {
        const double start = weights_.dot(direction), curvature = direction.squaredNorm();
        const auto slope = [&](double length) {
            return start + length * curvature + 2.0 * c_ * (outside(values_ + length * change) * change).sum();
        };
        double before = 0.0, after = 1.0;
        while (slope(after) < 0.0 && after < 1e6) {
            before = after;
            after *= 2.0;
        }
        for (int i = 0; i < halvings; ++i) {
            const double middle = 0.5 * (before + after);
            (slope(middle) < 0.0 ? before : after) = middle;
        }
        return before;
    }

    const Rows& x_;
    const Eigen::ArrayXd& low_;
    const Eigen::ArrayXd& high_;
    double c_;
    Eigen::VectorXd weights_;
    double intercept_ = 0.0;
    Eigen::ArrayXd values_;
};

}  // namespace

LinearRule interval_machine(const Rows& x, const Eigen::ArrayXd& low, const Eigen::ArrayXd& high, double c) {
    return Machine(x, low, high, c).solved();
}

}  // namespace tare::learn
