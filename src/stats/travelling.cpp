// With persons eliminated the offsets solve L·o = r, L the Laplacian of the graph that travelling people make of the sites.
#include "travelling.hpp"

#include <Eigen/Cholesky>
#include <Eigen/QR>
#include <algorithm>
#include <cmath>

#include "tare/base/error.hpp"
#include "tare/base/parallel.hpp"
#include "tare/base/text.hpp"

namespace tare::stats {
namespace {

constexpr double fewest_for_scale = 3.0;

/// What the features of one pattern of missing cells share.
class TravellingDesign {
public:
    TravellingDesign(const CombatModel& model, const TrainingRows& rows, const std::vector<Index>& observed)
        : rows_(observed), sites_(static_cast<Index>(model.sites.size())), people_(rows.people) {
        visits_ = Eigen::MatrixXd::Zero(people_, sites_);
        for (const Index row : rows_) visits_(person(rows, row), site(rows, row)) += 1.0;
        for (Index p = 0; p < people_; ++p) travels_.push_back((visits_.row(p).array() > 0.0).count() > 1);
        travellers_ = Eigen::VectorXd::Zero(sites_);
        Eigen::MatrixXd laplacian = Eigen::MatrixXd::Constant(sites_, sites_, 1.0 / static_cast<double>(sites_));
        for (Index p = 0; p < people_; ++p) {
            if (!travels_[static_cast<std::size_t>(p)]) continue;
            const Eigen::VectorXd own = visits_.row(p);
            laplacian += Eigen::MatrixXd(own.asDiagonal()) - own * own.transpose() / own.sum();
            travellers_ += (own.array() > 0.0).cast<double>().matrix();
        }
        check_connected(model, laplacian);
        laplacian_.compute(laplacian);
        subjects_ = visits_.colwise().sum();
        Eigen::MatrixXd codes(static_cast<Index>(rows_.size()), rows.codes.columns() + 1);
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            codes(static_cast<Index>(i), 0) = 1.0;
            for (Index j = 0; j < rows.codes.columns(); ++j) codes(static_cast<Index>(i), j + 1) = rows.codes(rows_[i], j);
        }
        code_mean_ = codes.colwise().mean();
        codes_ = codes.rightCols(codes.cols() - 1).rowwise() - code_mean_.tail(codes.cols() - 1).transpose();
        if (codes_.cols() > 0) solver_.compute(codes_);
    }

    [[nodiscard]] double travellers(Index s) const { return travellers_(s); }

    void fit(CombatModel& model, const TrainingRows& rows, Index f, Index reference) const {
        Eigen::VectorXd y(static_cast<Index>(rows_.size()));
        for (std::size_t i = 0; i < rows_.size(); ++i) y(static_cast<Index>(i)) = rows.values(rows_[i], f);
        const Eigen::VectorXd offset = offsets(rows, y, reference);
        for (std::size_t i = 0; i < rows_.size(); ++i) y(static_cast<Index>(i)) -= offset(site(rows, rows_[i]));
        const double mean = y.mean();
        const Eigen::VectorXd centred = y.array() - mean;
        const Eigen::VectorXd beta = codes_.cols() > 0 ? Eigen::VectorXd(solver_.solve(centred)) : Eigen::VectorXd();
        Eigen::VectorXd residual = centred;
        if (codes_.cols() > 0) residual -= codes_ * beta;
        const double variance = residual.squaredNorm() / static_cast<double>(rows_.size());
        const auto i = static_cast<std::size_t>(f);
        model.pooled_variance[i] = variance;
        model.grand_mean[i] = mean - beta.dot(code_mean_.tail(beta.size()));
        for (Index j = 0; j < beta.size(); ++j) model.coefficients(j, f) = beta(j);
        const Eigen::VectorXd scale = scales(rows, residual, reference);
        for (Index s = 0; s < sites_; ++s) {
            model.gamma_hat(s, f) = offset(s) / std::sqrt(variance);
            model.delta_hat(s, f) = scale(s);
            if (model.status(s, f) == CellStatus::adjusted && !(scale(s) > 0.0))
                model.status(s, f) = CellStatus::single_subject;
        }
    }

private:
    static Index site(const TrainingRows& rows, Index row) { return rows.site[static_cast<std::size_t>(row)]; }
    static Index person(const TrainingRows& rows, Index row) { return rows.person[static_cast<std::size_t>(row)]; }

    void check_connected(const CombatModel& model, const Eigen::MatrixXd& laplacian) const {
        std::vector<bool> reached(static_cast<std::size_t>(sites_), false);
        std::vector<Index> open{0};
        reached[0] = true;
        while (!open.empty()) {
            const Index s = open.back();
            open.pop_back();
            for (Index t = 0; t < sites_; ++t) {
                const double without = 1.0 / static_cast<double>(sites_);
                if (reached[static_cast<std::size_t>(t)] || std::abs(laplacian(s, t) - without) < 1e-12) continue;
                reached[static_cast<std::size_t>(t)] = true;
                open.push_back(t);
            }
        }
        std::vector<std::string> apart;
        for (Index s = 0; s < sites_; ++s) {
            if (!reached[static_cast<std::size_t>(s)]) apart.push_back("'" + model.sites[static_cast<std::size_t>(s)] + "'");
        }
        if (apart.empty()) return;
        throw base::degenerate("--travelling: no people were measured both at " + base::joined(apart) + " and at '" +
                                   model.sites.front() + "' or a site connected with it",
                               "leave such sites out with --train-where");
    }

    /// Σ n_s·o_s = 0, or 0 at the reference.
    [[nodiscard]] Eigen::VectorXd offsets(const TrainingRows& rows, const Eigen::VectorXd& y, Index reference) const {
        Eigen::VectorXd mean = Eigen::VectorXd::Zero(people_), right = Eigen::VectorXd::Zero(sites_);
        for (std::size_t i = 0; i < rows_.size(); ++i) mean(person(rows, rows_[i])) += y(static_cast<Index>(i));
        mean = mean.cwiseQuotient(visits_.rowwise().sum().cwiseMax(1.0));
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            const Index p = person(rows, rows_[i]);
            if (travels_[static_cast<std::size_t>(p)]) right(site(rows, rows_[i])) += y(static_cast<Index>(i)) - mean(p);
        }
        const Eigen::VectorXd offset = laplacian_.solve(right);
        const double level = reference >= 0 ? offset(reference) : offset.dot(subjects_) / subjects_.sum();
        return offset.array() - level;
    }

    /// Their weighted mean is 1, or 1 at the reference; NaN where too few people travel.
    [[nodiscard]] Eigen::VectorXd scales(const TrainingRows& rows, const Eigen::VectorXd& residual, Index reference) const {
        Eigen::MatrixXd at_site = Eigen::MatrixXd::Zero(people_, sites_);
        for (std::size_t i = 0; i < rows_.size(); ++i)
            at_site(person(rows, rows_[i]), site(rows, rows_[i])) += residual(static_cast<Index>(i));
        const Eigen::VectorXd own = at_site.rowwise().sum().cwiseQuotient(visits_.rowwise().sum().cwiseMax(1.0));
        Eigen::VectorXd ratio = Eigen::VectorXd::Constant(sites_, std::numeric_limits<double>::quiet_NaN());
        for (Index s = 0; s < sites_; ++s) {
            if (travellers_(s) < fewest_for_scale) continue;
            double mean_here = 0.0, mean_own = 0.0, here = 0.0, everywhere = 0.0;
            const auto each = [&](const auto& use) {
                for (Index p = 0; p < people_; ++p) {
                    if (travels_[static_cast<std::size_t>(p)] && visits_(p, s) > 0.0)
                        use(at_site(p, s) / visits_(p, s), own(p));
                }
            };
            each([&](double value, double mean) {
                mean_here += value / travellers_(s);
                mean_own += mean / travellers_(s);
            });
            each([&](double value, double mean) {
                here += (value - mean_here) * (value - mean_here);
                everywhere += (mean - mean_own) * (mean - mean_own);
            });
            if (here > 0.0 && everywhere > 0.0) ratio(s) = here / everywhere;
        }
        double level = 0.0, weight = 0.0;
        for (Index s = 0; s < sites_; ++s) {
            if (std::isnan(ratio(s)) || (reference >= 0 && s != reference)) continue;
            level += subjects_(s) * ratio(s);
            weight += subjects_(s);
        }
        return weight > 0.0 ? Eigen::VectorXd(ratio * (weight / level)) : ratio;
    }

    std::vector<Index> rows_;
    Index sites_, people_;
    Eigen::MatrixXd visits_;      ///< people × sites: rows
    std::vector<bool> travels_;   ///< per person
    Eigen::VectorXd travellers_;  ///< per site
    Eigen::VectorXd subjects_;    ///< per site: rows
    Eigen::LDLT<Eigen::MatrixXd> laplacian_;
    Eigen::VectorXd code_mean_;
    Eigen::MatrixXd codes_;  ///< centred
    Eigen::ColPivHouseholderQR<Eigen::MatrixXd> solver_;
};

}  // namespace

void refit_travelling(CombatModel& model, const TrainingRows& rows, base::Workspace& workspace, int threads) {
    Index reference = -1;
    if (model.options.reference) {
        reference = std::lower_bound(model.sites.begin(), model.sites.end(), *model.options.reference) - model.sites.begin();
    }
    model.observed = workspace.matrix<double>(static_cast<Index>(model.sites.size()), model.features.count());
    for (const ObservedGroup& group : observed_groups(rows.values)) {
        if (group.rows.empty()) continue;
        const TravellingDesign design(model, rows, group.rows);
        base::for_each_in_parallel(group.features.size(), threads, [&](std::size_t i) {
            const Index f = group.features[i];
            for (Index s = 0; s < model.observed.rows(); ++s) model.observed(s, f) = design.travellers(s);
            if (model.pooled_variance[static_cast<std::size_t>(f)] > 0.0) design.fit(model, rows, f, reference);
        });
    }
    rows.values.release();
}

}  // namespace tare::stats
