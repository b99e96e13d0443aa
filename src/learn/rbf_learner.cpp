// Predictions of a machine with a kernel: each row's kernel values once, then every decision function from them.
#include "rbf_learner.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace tare::learn {

RbfLearner::RbfLearner(Preparation preparation, SupportVectors support, double gamma, std::optional<ClassColumns> columns)
    : preparation_(std::move(preparation)), support_(std::move(support)), gamma_(gamma), columns_(std::move(columns)) {}

std::size_t RbfLearner::vote(const Eigen::VectorXd& kernel, std::span<double> margins) const {
    const std::size_t classes = support_.per_class.size();
    std::vector<Eigen::Index> begin(classes + 1, 0);
    for (std::size_t c = 0; c < classes; ++c) begin[c + 1] = begin[c] + support_.per_class[c];
    const auto part = [&](std::size_t rows_of, std::size_t column) {
        const Eigen::Index first = begin[rows_of], count = support_.per_class[rows_of];
        return support_.coefficients.col(static_cast<Eigen::Index>(column))
            .segment(first, count)
            .dot(kernel.segment(first, count));
    };
    std::vector<double> votes(classes, 0.0), confidence(classes, 0.0);
    std::size_t pair = 0;
    for (std::size_t i = 0; i < classes; ++i) {
        for (std::size_t j = i + 1; j < classes; ++j, ++pair) {
            const double decision = part(i, j - 1) + part(j, i) - support_.offsets[pair];
            votes[decision > 0.0 ? i : j] += 1.0;
            confidence[i] += decision;
            confidence[j] -= decision;
        }
    }
    if (classes == 2) {
        margins[0] = confidence[1];
        return votes[1] > 0.0 ? 1 : 0;
    }
    // Votes first, and below one vote how sure they are, as scikit-learn orders them: at most a third of a vote.
    for (std::size_t c = 0; c < classes; ++c) {
        margins[c] = votes[c] + confidence[c] / (3.0 * (std::abs(confidence[c]) + 1.0));
    }
    return static_cast<std::size_t>(std::ranges::max_element(votes) - votes.begin());
}

Predictions RbfLearner::predict(const Matrix<double>& x) const {
    preparation_.check_new_rows(x);
    Predictions out;
    if (columns_) out.scores = Matrix<double>(x.rows(), columns_->classes);
    Eigen::RowVectorXd row(x.columns());
    Eigen::VectorXd kernel(support_.rows.rows());
    std::vector<double> margins(columns_ ? columns_->margins() : 0);
    for (Index r = 0; r < x.rows(); ++r) {
        preparation_.prepare(x.row(r), row.data());
        for (Eigen::Index s = 0; s < kernel.size(); ++s) {
            kernel[s] = std::exp(-gamma_ * (support_.rows.row(s) - row).squaredNorm());
        }
        if (!columns_) {
            out.values.push_back(support_.coefficients.col(0).dot(kernel) - support_.offsets[0]);
            continue;
        }
        const std::size_t voted = vote(kernel, margins);
        columns_->fill(margins, out.scores.row(r));
        out.labels.push_back(columns_->present[voted]);
    }
    return out;
}

}  // namespace tare::learn
