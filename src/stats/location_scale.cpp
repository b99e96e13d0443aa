// Climbs the likelihood with β and the site intercepts profiled out by weighted least squares: Newton's step on θ where
// the profile is concave, else Fisher's. It works on the residuals of the ordinary fit in units of their SD, so that
// neither large means nor small units cost digits.
#include "location_scale.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace tare::stats {
namespace {

constexpr int most_steps = 200;
constexpr int most_halvings = 40;
constexpr double tolerance = 1e-11;         // of log σ, in every row
constexpr double longest_step = 2.0;        // of log σ, in any row
constexpr double vanishing_log_sd = -18.0;  // σ of some row below 1.5e-8 of the overall residual SD: it runs to 0
constexpr double rounding = 1e-13;

/// Divides each column by its root mean square, where that is not 0.
Eigen::VectorXd scale_columns(Eigen::Ref<Eigen::MatrixXd> columns) {
    Eigen::VectorXd unit = Eigen::VectorXd::Ones(columns.cols());
    for (Index j = 0; j < columns.cols(); ++j) {
        const double size =
            std::sqrt(columns.col(j).squaredNorm() / static_cast<double>(std::max<Index>(columns.rows(), 1)));
        if (size > 0.0) unit(j) = size;
        columns.col(j) /= unit(j);
    }
    return unit;
}

}  // namespace

/// One feature's search: values in, weighted least squares and the profile likelihood at any θ.
class LocationScale::Search {
public:
    Search(const LocationScale& model, Eigen::VectorXd values) : model_(model), values_(std::move(values)) {
        move_to(Eigen::VectorXd::Zero(model.scale_design_.cols()));
    }

    /// Sets θ and fits the mean for it.
    void move_to(const Eigen::VectorXd& theta) {
        theta_ = theta;
        log_sd_ = model_.scale_design_ * theta;
        weight_ = (-2.0 * log_sd_.array()).exp();
        root_weight_ = (-log_sd_.array()).exp();
        site_weight_ = Eigen::VectorXd::Zero(model_.rows_of_site_.size());
        for (Index i = 0; i < rows(); ++i) site_weight_(site(i)) += weight_(i);

        Eigen::MatrixXd codes = model_.codes_;
        const Eigen::MatrixXd code_mean = centre(codes);
        Eigen::MatrixXd centred = values_;
        const Eigen::MatrixXd value_mean = centre(centred);
        beta_ = Eigen::VectorXd::Zero(codes.cols());
        residual_ = centred.col(0);
        if (codes.cols() > 0) {
            design_.compute(root_weight_.asDiagonal() * codes);
            beta_ = design_.solve((root_weight_.array() * residual_.array()).matrix());
            residual_ -= codes * beta_;
        }
        site_shift_ = value_mean.col(0) - code_mean * beta_;
        relative_square_ = weight_.array() * residual_.array().square();
        likelihood_ = -log_sd_.sum() - 0.5 * relative_square_.sum();
    }

    /// The step that would lead to the maximum of a parabola through here; false where the profile is not concave and
    /// the expected information takes the place of the observed.
    bool step(Eigen::VectorXd& out) const {
        const Eigen::MatrixXd& z = model_.scale_design_;
        const Eigen::VectorXd gradient = z.transpose() * (relative_square_.array() - 1.0).matrix();
        // −∂²/∂θ² of the profile: 2MᵀWM − 4(PM)ᵀW(PM), where M = r·Z and P projects on sites and codes.
        Eigen::MatrixXd rest = residual_.asDiagonal() * z;
        const Eigen::MatrixXd site_mean = centre(rest);
        rest = root_weight_.asDiagonal() * rest;
        const Eigen::MatrixXd of_sites = site_mean.transpose() * site_weight_.asDiagonal() * site_mean;
        Eigen::MatrixXd curvature = 2.0 * (rest.transpose() * rest) - 2.0 * of_sites;
        if (model_.codes_.cols() > 0) {
            const Eigen::MatrixXd turned = design_.householderQ().transpose() * rest;
            const Eigen::MatrixXd of_codes = turned.topRows(design_.rank());
            curvature -= 4.0 * (of_codes.transpose() * of_codes);
        }
        const Eigen::LLT<Eigen::MatrixXd> factor(curvature);
        const bool concave = factor.info() == Eigen::Success;
        out = concave ? factor.solve(gradient) : model_.information_.solve(gradient);
        return concave;
    }

    [[nodiscard]] double longest(const Eigen::VectorXd& step) const {
        return (model_.scale_design_ * step).lpNorm<Eigen::Infinity>();
    }

    /// Goes to the maximum; false where there is none in reach.
    bool climb() {
        for (int k = 0; k < most_steps; ++k) {
            Eigen::VectorXd direction;
            const bool concave = step(direction);
            const double length = longest(direction);
            if (!std::isfinite(length)) return false;
            if (concave && length <= tolerance) return true;
            if (length > longest_step) direction *= longest_step / length;
            const Eigen::VectorXd from = theta_;
            const double enough = likelihood_ - 1e-12 * static_cast<double>(rows());
            move_to(from + direction);
            for (int halving = 0; !(likelihood_ >= enough); ++halving) {
                if (halving == most_halvings) return false;
                direction *= 0.5;
                move_to(from + direction);
            }
            if (log_sd_.minCoeff() < vanishing_log_sd) return false;
        }
        return false;
    }

    [[nodiscard]] const Eigen::VectorXd& theta() const { return theta_; }
    [[nodiscard]] const Eigen::VectorXd& beta() const { return beta_; }
    [[nodiscard]] const Eigen::VectorXd& site_shift() const { return site_shift_; }
    [[nodiscard]] const Eigen::VectorXd& residual() const { return residual_; }

private:
    [[nodiscard]] Index rows() const { return model_.codes_.rows(); }
    [[nodiscard]] Index site(Index row) const { return model_.site_[static_cast<std::size_t>(row)]; }

    /// Takes the weighted mean of its site from every row; returns the means, sites × columns.
    Eigen::MatrixXd centre(Eigen::MatrixXd& columns) const {
        Eigen::MatrixXd mean = Eigen::MatrixXd::Zero(site_weight_.size(), columns.cols());
        if (columns.cols() == 0) return mean;
        for (Index i = 0; i < columns.rows(); ++i) mean.row(site(i)) += weight_(i) * columns.row(i);
        for (Index s = 0; s < mean.rows(); ++s) {
            if (site_weight_(s) > 0.0) mean.row(s) /= site_weight_(s);
        }
        for (Index i = 0; i < columns.rows(); ++i) columns.row(i) -= mean.row(site(i));
        return mean;
    }

    const LocationScale& model_;
    Eigen::VectorXd values_;
    Eigen::VectorXd theta_, log_sd_, weight_, root_weight_, site_weight_;
    Eigen::VectorXd beta_, site_shift_, residual_, relative_square_;
    Eigen::ColPivHouseholderQR<Eigen::MatrixXd> design_;
    double likelihood_ = 0.0;
};

LocationScale::LocationScale(const Matrix<double>& codes, std::span<const Index> site, Index sites,
                             const Matrix<double>& scale_codes)
    : site_(site.begin(), site.end()),
      rows_of_site_(Eigen::VectorXd::Zero(sites)),
      site_codes_(Eigen::MatrixXd::Zero(sites, codes.columns())) {
    const auto rows = static_cast<Index>(site.size());
    codes_.resize(rows, codes.columns());
    for (Index i = 0; i < rows; ++i) {
        const Index s = site_[static_cast<std::size_t>(i)];
        rows_of_site_(s) += 1.0;
        for (Index j = 0; j < codes.columns(); ++j) {
            codes_(i, j) = codes(i, j);
            site_codes_(s, j) += codes(i, j);
        }
    }
    for (Index j = 0; j < codes.columns(); ++j) {
        site_codes_.col(j).array() /= rows_of_site_.array().max(1.0);
        for (Index i = 0; i < rows; ++i) codes_(i, j) -= site_codes_(site_[static_cast<std::size_t>(i)], j);
    }
    code_unit_ = scale_columns(codes_);

    const Index scale_terms = scale_codes.columns();
    scale_design_ = Eigen::MatrixXd::Ones(rows, 1 + scale_terms);
    scale_mean_ = Eigen::VectorXd::Zero(scale_terms);
    for (Index j = 0; j < scale_terms; ++j) {
        for (Index i = 0; i < rows; ++i) scale_mean_(j) += scale_codes(i, j) / static_cast<double>(rows);
        for (Index i = 0; i < rows; ++i) scale_design_(i, 1 + j) = scale_codes(i, j) - scale_mean_(j);
    }
    scale_unit_ = scale_columns(scale_design_.rightCols(scale_terms));
    information_.compute(2.0 * (scale_design_.transpose() * scale_design_));
}

LocationScaleFit LocationScale::fit(std::span<const double> y) const {
    const auto rows = static_cast<Index>(y.size());
    const Index sites = rows_of_site_.size();
    // Site means are taken away twice, so that what is left is centred to its own rounding and not to theirs.
    Eigen::VectorXd centred = Eigen::Map<const Eigen::VectorXd>(y.data(), rows);
    const double largest = rows > 0 ? centred.lpNorm<Eigen::Infinity>() : 0.0;
    Eigen::VectorXd intercept = Eigen::VectorXd::Zero(sites);
    for (int pass = 0; pass < 2; ++pass) {
        Eigen::VectorXd mean = Eigen::VectorXd::Zero(sites);
        for (Index i = 0; i < rows; ++i) mean(site_[static_cast<std::size_t>(i)]) += centred(i);
        mean.array() /= rows_of_site_.array().max(1.0);
        for (Index i = 0; i < rows; ++i) centred(i) -= mean(site_[static_cast<std::size_t>(i)]);
        intercept += mean;
    }

    const Search ordinary(*this, centred);
    Eigen::VectorXd beta = ordinary.beta();
    const double sd = std::sqrt(ordinary.residual().squaredNorm() / static_cast<double>(rows));
    Eigen::VectorXd theta = Eigen::VectorXd::Zero(scale_design_.cols());
    LocationScaleFit out;
    if (sd > rounding * largest) {
        theta(0) = std::log(sd);
        Search search(*this, ordinary.residual() / sd);
        out.converged = search.climb();
        if (out.converged) {
            beta += sd * search.beta();
            intercept += sd * search.site_shift();
            theta += search.theta();
        }
    } else {
        theta(0) = -std::numeric_limits<double>::infinity();
    }

    beta.array() /= code_unit_.array();
    intercept -= site_codes_ * beta;
    for (Index s = 0; s < sites; ++s) {
        if (rows_of_site_(s) == 0.0) intercept(s) = std::numeric_limits<double>::quiet_NaN();
    }
    theta.tail(scale_unit_.size()).array() /= scale_unit_.array();
    out.coefficients.assign(beta.begin(), beta.end());
    out.site_intercept.assign(intercept.begin(), intercept.end());
    out.log_sd_intercept = theta(0) - theta.tail(scale_mean_.size()).dot(scale_mean_);
    out.log_sd_coefficients.assign(theta.begin() + 1, theta.end());
    return out;
}

}  // namespace tare::stats
