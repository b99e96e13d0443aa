// The restricted likelihood as a function of θ alone, on residuals of the ordinary fit and in an orthonormal basis of the
// fixed effects that is diagonal within subjects: V⁻¹ = I − P + Σ c(θ)·(sums of subjects), P the projection on subjects'
// means, so that nothing cancels however large θ is. A grid of θ shared by all features brackets the sign changes of the
// derivative; each maximum is then found as its root.
#include "random_intercept.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "roots.hpp"
#include "tare/base/error.hpp"
#include "tare/base/text.hpp"

namespace tare::stats {
namespace {

constexpr double rounding = 64.0 * std::numeric_limits<double>::epsilon();
/// Residual squares below this share of the feature's own variation are rounding of an exact fit.
constexpr double exact_fit = 1e-12;
/// Below this share of its variance left, a term counts as determined by sites and other terms.
constexpr double determined = 1e-10;
/// A direction of the basis that varies less than this within subjects is constant in all of them.
constexpr double constant_within = 1e-13;

constexpr double least_ratio = 1e-4;
constexpr int points_per_decade = 4;
constexpr int decades = 12;

}  // namespace

std::vector<double> subject_effects(std::span<const double> residuals, std::span<const Index> subject, Index subjects,
                                    double ratio) {
    std::vector<double> sum(static_cast<std::size_t>(subjects), 0.0), rows(static_cast<std::size_t>(subjects), 0.0);
    for (std::size_t i = 0; i < residuals.size(); ++i) {
        const auto s = static_cast<std::size_t>(subject[i]);
        sum[s] += residuals[i];
        rows[s] += 1.0;
    }
    for (std::size_t s = 0; s < sum.size(); ++s) sum[s] *= ratio / (1.0 + rows[s] * ratio);
    return sum;
}

RandomIntercept::RandomIntercept(const Matrix<double>& codes, std::span<const Index> site, Index sites,
                                 std::span<const Index> subject, Index subjects)
    : subjects_(subjects), site_(site.begin(), site.end()) {
    group_subjects(subject);
    read_sites(codes, sites);
    rotate_basis();
    grid_.push_back(point(0.0));
    for (int k = 0; k <= decades * points_per_decade; ++k) {
        grid_.push_back(point(least_ratio * std::pow(10.0, static_cast<double>(k) / points_per_decade)));
    }
}

void RandomIntercept::group_subjects(std::span<const Index> subject) {
    std::vector<Index> rows(static_cast<std::size_t>(subjects_), 0);
    for (const Index s : subject) ++rows[static_cast<std::size_t>(s)];
    const auto rows_of = [&](Index s) { return rows[static_cast<std::size_t>(s)]; };
    for (Index s = 0; s < subjects_; ++s) {
        if (rows_of(s) > 0) subject_at_.push_back(s);
    }
    std::ranges::stable_sort(subject_at_, {}, rows_of);
    if (subject_at_.empty() || rows_of(subject_at_.back()) < 2) {
        throw base::degenerate("no subject has two rows, so nothing tells subjects from noise",
                               "harmonise without subjects, or give the rows of one person the same identifier");
    }
    std::vector<Index> place_of(static_cast<std::size_t>(subjects_), -1);
    for (Index place = 0; place < std::ssize(subject_at_); ++place) {
        const Index s = subject_at_[static_cast<std::size_t>(place)];
        place_of[static_cast<std::size_t>(s)] = place;
        const auto m = static_cast<double>(rows_of(s));
        if (groups_.empty() || groups_.back().rows != m) groups_.push_back({m, place, 0, {}});
        ++groups_.back().count;
    }
    for (const Index s : subject) place_.push_back(place_of[static_cast<std::size_t>(s)]);
}

void RandomIntercept::read_sites(const Matrix<double>& codes, Index sites) {
    const auto rows = std::ssize(site_);
    const Eigen::Map<const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>> given(codes.data(), rows,
                                                                                                         codes.columns());
    Eigen::MatrixXd centred = given;
    rows_of_site_ = Eigen::VectorXd::Zero(sites);
    site_codes_ = Eigen::MatrixXd::Zero(sites, codes.columns());
    for (const Index s : site_) rows_of_site_(s) += 1.0;
    column_of_site_.assign(static_cast<std::size_t>(sites), -1);
    for (Index s = 0; s < sites; ++s) {
        if (rows_of_site_(s) > 0.0) column_of_site_[static_cast<std::size_t>(s)] = present_sites_++;
    }
    // Twice: the second pass takes out what rounding of large codes has left. A matrix without columns has no rows to point
    // at.
    for (int pass = 0; pass < 2 && codes.columns() > 0; ++pass) {
        Eigen::MatrixXd mean = Eigen::MatrixXd::Zero(sites, codes.columns());
        for (Index i = 0; i < rows; ++i) {
            const Index s = site_[static_cast<std::size_t>(i)];
            mean.row(s) += centred.row(i) / rows_of_site_(s);
        }
        for (Index i = 0; i < rows; ++i) centred.row(i) -= mean.row(site_[static_cast<std::size_t>(i)]);
        site_codes_ += mean;
    }
    orthonormalise_codes(std::move(centred));
}

void RandomIntercept::orthonormalise_codes(Eigen::MatrixXd codes) {
    const Index rows = codes.rows(), terms = codes.cols();
    if (rows <= present_sites_ + terms) {
        throw base::degenerate(base::counted(static_cast<std::size_t>(rows), "row") + ", too few for " +
                               base::counted(static_cast<std::size_t>(present_sites_), "site") + " and " +
                               base::counted(static_cast<std::size_t>(terms), "covariate term"));
    }
    code_unit_ = Eigen::VectorXd::Ones(terms);
    for (Index j = 0; j < terms; ++j) {
        const double size = codes.col(j).norm();
        const double floor = rounding * site_codes_.col(j).cwiseAbs().maxCoeff();
        if (size > floor * std::sqrt(static_cast<double>(rows))) code_unit_(j) = size;
        codes.col(j) /= code_unit_(j);
    }
    const Eigen::HouseholderQR<Eigen::MatrixXd> decomposition(codes);
    code_basis_ = decomposition.householderQ() * Eigen::MatrixXd::Identity(rows, terms);
    code_factor_ = decomposition.matrixQR().topRows(terms).triangularView<Eigen::Upper>();
    for (Index j = 0; j < terms; ++j) {
        const double left = code_factor_(j, j) * code_factor_(j, j);
        if (left > determined && codes.col(j).squaredNorm() > 0.5) continue;
        throw base::degenerate("covariate term " + std::to_string(j + 1) + " of " + std::to_string(terms) +
                                   " is determined by the sites and the terms before it",
                               "leave it out of --covariates");
    }
}

void RandomIntercept::rotate_basis() {
    const auto rows = std::ssize(site_), places = std::ssize(subject_at_);
    const Index terms = code_basis_.cols(), q = present_sites_ + terms;
    Eigen::MatrixXd basis = Eigen::MatrixXd::Zero(rows, q);
    Eigen::MatrixXd sums = Eigen::MatrixXd::Zero(places, q);
    for (Index i = 0; i < rows; ++i) {
        const auto s = static_cast<std::size_t>(site_[static_cast<std::size_t>(i)]);
        basis(i, column_of_site_[s]) = 1.0 / std::sqrt(rows_of_site_(static_cast<Index>(s)));
        if (terms > 0) basis.row(i).tail(terms) = code_basis_.row(i);
        sums.row(place_[static_cast<std::size_t>(i)]) += basis.row(i);
    }
    Eigen::VectorXd rows_at(places);
    for (const Group& group : groups_) rows_at.segment(group.first, group.count).setConstant(group.rows);
    const Eigen::MatrixXd means = rows_at.cwiseInverse().asDiagonal() * sums;
    for (Index i = 0; i < rows; ++i) basis.row(i) -= means.row(place_[static_cast<std::size_t>(i)]);

    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(basis.transpose() * basis);
    within_ = (solver.eigenvalues().array() > constant_within).select(solver.eigenvalues(), 0.0);
    rotation_ = solver.eigenvectors();
    subject_sums_ = sums * rotation_;
    for (Group& group : groups_) {
        const Eigen::MatrixXd part = subject_sums_.middleRows(group.first, group.count);
        group.squares = part.transpose() * part;
    }
    const Index varying = (within_.array() > 0.0).count();
    if (rows - places <= varying) {
        throw base::degenerate("too few repeated rows: sites and covariates leave no degree of freedom within subjects (" +
                                   base::counted(static_cast<std::size_t>(rows), "row") + " of " +
                                   base::counted(static_cast<std::size_t>(places), "subject") + ")",
                               "leave out covariates, or harmonise without subjects");
    }
    if (places <= q - varying) {
        throw base::degenerate("too few subjects: sites and covariates leave no degree of freedom between subjects (" +
                                   base::counted(static_cast<std::size_t>(places), "subject") + ")",
                               "leave out covariates, or harmonise without subjects");
    }
}

RandomIntercept::Point RandomIntercept::point(double ratio) const {
    const auto groups = std::ssize(groups_);
    const Index q = within_.size();
    Point out{ratio, Eigen::VectorXd(groups), Eigen::VectorXd(groups), {}, Eigen::MatrixXd::Zero(q, q), 0.0, 0.0};
    Eigen::MatrixXd information = within_.asDiagonal();
    for (Index g = 0; g < groups; ++g) {
        const Group& group = groups_[static_cast<std::size_t>(g)];
        const double inflation = 1.0 + group.rows * ratio;
        const auto count = static_cast<double>(group.count);
        out.weight(g) = 1.0 / (group.rows * inflation);
        out.slope(g) = 1.0 / (inflation * inflation);
        information += out.weight(g) * group.squares;
        out.information_slope += out.slope(g) * group.squares;
        out.log_determinant += count * std::log1p(group.rows * ratio);
        out.log_determinant_slope += count * group.rows / inflation;
    }
    out.information.compute(information);
    out.log_determinant += 2.0 * out.information.matrixLLT().diagonal().array().log().sum();
    out.log_determinant_slope -= out.information.solve(out.information_slope).trace();
    return out;
}

/// One feature's likelihood, from the residuals of its ordinary fit.
class RandomIntercept::Profile {
public:
    /// `residuals` are orthogonal to the fixed effects and of norm 1.
    Profile(const RandomIntercept& model, const Eigen::VectorXd& residuals)
        : model_(model),
          freedom_(static_cast<double>(residuals.size() - model.within_.size())),
          sums_(Eigen::VectorXd::Zero(std::ssize(model.subject_at_))),
          sum_squares_(std::ssize(model.groups_)),
          products_(model.within_.size(), std::ssize(model.groups_)),
          within_products_(Eigen::VectorXd::Zero(model.within_.size())) {
        for (Index i = 0; i < residuals.size(); ++i) sums_(place(i)) += residuals(i);
        Eigen::VectorXd means = sums_;
        for (Index g = 0; g < sum_squares_.size(); ++g) {
            const Group& group = model.groups_[static_cast<std::size_t>(g)];
            means.segment(group.first, group.count) /= group.rows;
            sum_squares_(g) = sums_.segment(group.first, group.count).squaredNorm();
            products_.col(g) = model.subject_sums_.middleRows(group.first, group.count).transpose() *
                               sums_.segment(group.first, group.count);
            within_products_ -= products_.col(g) / group.rows;
        }
        within_products_ = (model.within_.array() > 0.0).select(within_products_, 0.0);
        for (Index i = 0; i < residuals.size(); ++i) {
            const double difference = residuals(i) - means(place(i));
            within_squares_ += difference * difference;
        }
    }

    /// −2 log restricted likelihood with σ² profiled out, up to a constant, and its derivative by θ.
    struct Value {
        double criterion, slope;
    };
    Value at(const Point& point) {
        const Eigen::VectorXd products = within_products_ + products_ * point.weight;
        shift_ = point.information.solve(products);
        // What is left can be rounding of nothing only where θ is at the end of the grid.
        squares_ = std::max(within_squares_ + sum_squares_.dot(point.weight) - products.dot(shift_), least_squares);
        const double slope = sum_squares_.dot(point.slope) - 2.0 * (products_.transpose() * shift_).dot(point.slope) +
                             shift_.dot(point.information_slope * shift_);
        return {freedom_ * std::log(squares_) + point.log_determinant,
                point.log_determinant_slope - freedom_ * slope / squares_};
    }

    /// The ratio of the least criterion; the members below are then those of that ratio.
    double minimise() {
        std::vector<Value> values;
        values.reserve(model_.grid_.size());
        for (const Point& point : model_.grid_) values.push_back(at(point));
        double best = 0.0, reached = -1.0, least = std::numeric_limits<double>::infinity();
        const auto offer = [&](double ratio, double criterion) {
            if (criterion < least) {
                best = ratio;
                least = criterion;
            }
        };
        if (values.front().slope >= 0.0) offer(0.0, values.front().criterion);
        if (values.back().slope < 0.0) offer(model_.grid_.back().ratio, values.back().criterion);
        for (std::size_t k = 1; k < values.size(); ++k) {
            if (values[k - 1].slope >= 0.0 || values[k].slope < 0.0) continue;
            reached = root(values, k);
            offer(reached, at(model_.point(reached)).criterion);
        }
        if (best != reached) at(model_.point(best));
        return best;
    }

    [[nodiscard]] double residual_variance() const { return squares_ / freedom_; }
    /// Sums of subjects' residuals, by place.
    [[nodiscard]] const Eigen::VectorXd& sums() const { return sums_; }
    /// What to add to the ordinary fit, in the rotated basis.
    [[nodiscard]] const Eigen::VectorXd& shift() const { return shift_; }

private:
    static constexpr double least_squares = 1e-24;

    /// Where the slope is 0 between the grid's points k − 1 and k. What depends on θ alone is dear to make, so the search
    /// starts from a polynomial through the slopes of the points around, which are there, and most often ends after two
    /// trials.
    double root(const std::vector<Value>& values, std::size_t k) {
        constexpr std::size_t around = 6;
        constexpr double settled = 1e-12;
        const auto slope = [&](double ratio) { return at(model_.point(ratio)).slope; };
        const auto usual = [&] {
            return root_between(model_.grid_[k - 1].ratio, values[k - 1].slope, model_.grid_[k].ratio, values[k].slope,
                                slope);
        };
        if (k <= around || k + around > values.size()) return usual();
        const std::size_t first = k - around;
        std::vector<double> by_log;  // the derivatives by log θ, whose polynomial is in steps of the grid
        for (std::size_t i = first; i < k + around; ++i) by_log.push_back(model_.grid_[i].ratio * values[i].slope);
        const double low = around - 1, high = around;
        const auto ratio_at = [&](double x) {
            return model_.grid_[k - 1].ratio * std::pow(10.0, (x - low) / points_per_decade);
        };
        const auto exact = [&](double x) { return ratio_at(x) * slope(ratio_at(x)); };
        const auto about = [&](double x) { return through(by_log, x); };
        const double guess = root_between(low, by_log[around - 1], high, by_log[around], about);
        const double nearby = 1e-3, inclination = (about(guess + nearby) - about(guess - nearby)) / (2.0 * nearby);
        const double at_guess = exact(guess), second = guess - at_guess / inclination;
        if (!(second >= low && second <= high)) return usual();
        if (second == guess) return ratio_at(guess);
        const double at_second = exact(second);
        const double third = second - at_second * (second - guess) / (at_second - at_guess);
        // The error of a secant's step is in proportion to those of the two before it.
        const bool done = std::abs(third - second) * std::abs(second - guess) <= settled && third >= low && third <= high;
        return done ? ratio_at(third) : usual();
    }

    [[nodiscard]] Index place(Index row) const { return model_.place_[static_cast<std::size_t>(row)]; }

    const RandomIntercept& model_;
    double freedom_;
    Eigen::VectorXd sums_;             ///< per place
    Eigen::VectorXd sum_squares_;      ///< per group
    Eigen::MatrixXd products_;         ///< q × groups: Σ of s times the sum of the residuals
    Eigen::VectorXd within_products_;  ///< of basis and residuals, both less the subject's mean
    double within_squares_ = 0.0;
    Eigen::VectorXd shift_;
    double squares_ = 0.0;  ///< r'V⁻¹r
};

RandomInterceptFit RandomIntercept::fit(std::span<const double> y) const {
    const auto rows = std::ssize(site_);
    const Index sites = rows_of_site_.size(), terms = code_basis_.cols();
    const auto site = [&](Index i) { return site_[static_cast<std::size_t>(i)]; };
    Eigen::VectorXd residuals = Eigen::Map<const Eigen::VectorXd>(y.data(), rows);
    Eigen::VectorXd mean = Eigen::VectorXd::Zero(sites), products = Eigen::VectorXd::Zero(terms);
    double squares = 0.0;
    // Twice: the second pass takes out what rounding of large values has left.
    for (int pass = 0; pass < 2; ++pass) {
        Eigen::VectorXd sum = Eigen::VectorXd::Zero(sites);
        for (Index i = 0; i < rows; ++i) sum(site(i)) += residuals(i);
        for (Index s = 0; s < sites; ++s) sum(s) /= std::max(rows_of_site_(s), 1.0);
        for (Index i = 0; i < rows; ++i) residuals(i) -= sum(site(i));
        if (pass == 0) squares = residuals.squaredNorm();
        const Eigen::VectorXd more = code_basis_.transpose() * residuals;
        residuals -= code_basis_ * more;
        mean += sum;
        products += more;
    }

    RandomInterceptFit out;
    out.subject_effect.assign(static_cast<std::size_t>(subjects_), 0.0);
    const double unit = residuals.stableNorm(), floor = rounding * mean.cwiseAbs().maxCoeff();
    if (unit * unit > exact_fit * squares && unit > std::sqrt(static_cast<double>(rows)) * floor) {
        residuals /= unit;
        Profile profile(*this, residuals);
        out.ratio = profile.minimise();
        out.residual_variance = profile.residual_variance() * unit * unit;
        const Eigen::VectorXd sums = unit * (profile.sums() - subject_sums_ * profile.shift());
        for (const Group& group : groups_) {
            for (Index place = group.first; place < group.first + group.count; ++place) {
                out.subject_effect[static_cast<std::size_t>(subject_at_[static_cast<std::size_t>(place)])] =
                    out.ratio / (1.0 + group.rows * out.ratio) * sums(place);
            }
        }
        const Eigen::VectorXd shift = unit * (rotation_ * profile.shift());
        for (Index s = 0; s < sites; ++s) {
            const Index column = column_of_site_[static_cast<std::size_t>(s)];
            if (column >= 0) mean(s) += shift(column) / std::sqrt(rows_of_site_(s));
        }
        products += shift.tail(terms);
    }
    const Eigen::VectorXd beta = code_factor_.triangularView<Eigen::Upper>().solve(products).cwiseQuotient(code_unit_);
    out.coefficients.assign(beta.begin(), beta.end());
    for (Index s = 0; s < sites; ++s) {
        const double explained = terms > 0 ? site_codes_.row(s).dot(beta) : 0.0;
        out.site_intercept.push_back(rows_of_site_(s) > 0.0 ? mean(s) - explained
                                                            : std::numeric_limits<double>::quiet_NaN());
    }
    return out;
}

}  // namespace tare::stats
