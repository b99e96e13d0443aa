// The linear svm and svr. Where features outnumber rows the weights lie in the span of the rows: turned into it (X = RᵀQᵀ),
// the problem has as many weights as rows, and the same minimum.
#include <Eigen/QR>
#include <limits>

#include "interval_machine.hpp"
#include "training.hpp"

namespace tare::learn {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Where the rule's values bear no loss.
struct Interval {
    Eigen::ArrayXd low, high;
};

Interval around(const Eigen::VectorXd& y, double epsilon) {
    return {y.array() - epsilon, y.array() + epsilon};
}

/// At or beyond 1 on the side of the row's class.
Interval beyond(const Eigen::VectorXd& y) {
    return {(y.array() > 0.0).select(1.0, Eigen::ArrayXd::Constant(y.size(), -infinity)),
            (y.array() > 0.0).select(infinity, Eigen::ArrayXd::Constant(y.size(), -1.0))};
}

}  // namespace

std::unique_ptr<const Learner> train_linear_machine(const LearnerSpec& spec, const Matrix<double>& x,
                                                    const Targets& targets) {
    Preparation preparation(x, spec.standardise);
    Rows rows = preparation.prepared(x);
    const bool numbers = targets.task == Task::regression;
    const auto train = [&](const Rows& z, Eigen::VectorXd y) {
        // From the mean on: of several intercepts that cost the same, the one nearest to it.
        const double mean = numbers ? y.mean() : 0.0;
        y.array() -= mean;
        const Interval interval = numbers ? around(y, spec.epsilon) : beyond(y);
        LinearRule rule = interval_machine(z, interval.low, interval.high, spec.c);
        rule.intercept += mean;
        return rule;
    };
    if (rows.cols() <= rows.rows()) {
        return train_outputs(std::move(preparation), targets, false,
                             [&](const Eigen::VectorXd& y) { return train(rows, y); });
    }
    // In place: the memory of the rows is that of their transpose, column by column.
    Eigen::Map<Eigen::MatrixXd> transposed(rows.data(), rows.cols(), rows.rows());
    const Eigen::HouseholderQR<Eigen::Ref<Eigen::MatrixXd>> parts(transposed);
    const Eigen::MatrixXd triangle = transposed.topRows(rows.rows()).triangularView<Eigen::Upper>();
    const Rows turned = triangle.transpose();
    return train_outputs(std::move(preparation), targets, false, [&](const Eigen::VectorXd& y) {
        LinearRule rule = train(turned, y);
        rule.weights.conservativeResizeLike(Eigen::VectorXd::Zero(rows.cols()));
        rule.weights.applyOnTheLeft(parts.householderQ());
        return rule;
    });
}

}  // namespace tare::learn
