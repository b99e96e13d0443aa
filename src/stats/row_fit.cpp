// Features are gathered from the rows in narrow strips, so that a strip is read once and each feature is then a column.
#include "row_fit.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>

#include "biweight.hpp"
#include "location_scale.hpp"
#include "random_intercept.hpp"
#include "tare/base/error.hpp"
#include "tare/base/parallel.hpp"
#include "tare/base/text.hpp"

namespace tare::stats {
namespace {

constexpr std::size_t strip_width = 32;

/// The rows of one group of features, as its solver sees them.
struct GroupRows {
    Matrix<double> codes, scale_codes;
    std::vector<Index> site, person;
};

GroupRows rows_of(const TrainingRows& rows, const ObservedGroup& group) {
    const auto pick = [&](const Matrix<double>& from) {
        Matrix<double> out(static_cast<Index>(group.rows.size()), from.columns());
        for (std::size_t i = 0; i < group.rows.size(); ++i) {
            for (Index j = 0; j < from.columns(); ++j) out(static_cast<Index>(i), j) = from(group.rows[i], j);
        }
        return out;
    };
    GroupRows out{pick(rows.codes), pick(rows.scale_codes), {}, {}};
    for (const Index row : group.rows) {
        out.site.push_back(rows.site[static_cast<std::size_t>(row)]);
        if (!rows.person.empty()) out.person.push_back(rows.person[static_cast<std::size_t>(row)]);
    }
    return out;
}

/// Calls work(feature, column) with the values of every feature of the group and writes the column back.
template <typename Work>
void for_each_column(Matrix<double>& values, const ObservedGroup& group, int threads, const Work& work) {
    const std::size_t strips = (group.features.size() + strip_width - 1) / strip_width;
    base::for_each_in_parallel(strips, threads, [&](std::size_t strip) {
        const std::size_t begin = strip * strip_width, end = std::min(begin + strip_width, group.features.size());
        std::vector<std::vector<double>> columns(end - begin, std::vector<double>(group.rows.size()));
        for (std::size_t i = 0; i < group.rows.size(); ++i) {
            for (std::size_t c = begin; c < end; ++c) columns[c - begin][i] = values(group.rows[i], group.features[c]);
        }
        for (std::size_t c = begin; c < end; ++c) work(group.features[c], columns[c - begin]);
        for (std::size_t i = 0; i < group.rows.size(); ++i) {
            for (std::size_t c = begin; c < end; ++c) values(group.rows[i], group.features[c]) = columns[c - begin][i];
        }
    });
    values.release();
}

double linear(const Matrix<double>& codes, std::size_t row, std::span<const double> coefficients) {
    double sum = 0.0;
    for (std::size_t j = 0; j < coefficients.size(); ++j)
        sum += codes(static_cast<Index>(row), static_cast<Index>(j)) * coefficients[j];
    return sum;
}

/// α: the sites' intercepts weighted by their rows, or that of the reference.
double grand_mean_of(const std::vector<double>& intercepts, std::span<const Index> site, Index reference) {
    if (reference >= 0) return intercepts[static_cast<std::size_t>(reference)];
    double sum = 0.0;
    for (const Index s : site) sum += intercepts[static_cast<std::size_t>(s)];
    return sum / static_cast<double>(site.size());
}

/// Σ(r − r̄)²/n of the residuals, over the reference's rows where there is one.
double mean_square_residual(std::span<const double> residuals, std::span<const Index> site, Index reference) {
    double n = 0.0, mean = 0.0, squares = 0.0;
    for (std::size_t i = 0; i < residuals.size(); ++i) {
        if (reference >= 0 && site[i] != reference) continue;
        n += 1.0;
        mean += residuals[i];
    }
    mean /= n;
    for (std::size_t i = 0; i < residuals.size(); ++i) {
        if (reference < 0 || site[i] == reference) squares += (residuals[i] - mean) * (residuals[i] - mean);
    }
    return squares / n;
}

Index reference_of(const CombatModel& model) {
    if (!model.options.reference) return -1;
    return std::lower_bound(model.sites.begin(), model.sites.end(), *model.options.reference) - model.sites.begin();
}

bool passes_through(const CombatModel& model, Index f) {
    const double variance = model.pooled_variance[static_cast<std::size_t>(f)];
    return !(variance > 0.0);
}

/// A feature that its own model fits exactly is no different from a constant one.
void leave_unchanged(CombatModel& model, Index f) {
    model.pooled_variance[static_cast<std::size_t>(f)] = 0.0;
    for (Index s = 0; s < model.status.rows(); ++s) {
        if (model.status(s, f) != CellStatus::absent) model.status(s, f) = CellStatus::unchanged;
    }
}

/// Where it fails for features that some rows lack, one of them is named.
RandomIntercept random_intercept(const CombatModel& model, const TrainingRows& rows, const ObservedGroup& group,
                                 const GroupRows& of) {
    try {
        return {of.codes, of.site, static_cast<Index>(model.sites.size()), of.person, rows.people};
    } catch (const base::Error& error) {
        if (of.site.size() == rows.site.size()) throw;
        throw base::Error(
            error.code(),
            "feature '" + model.features.name(group.features.front()) + "' (rows that have it): " + error.what(),
            "leave the feature out with --exclude");
    }
}

/// Beer et al. 2020, equations 2 to 4: z = (y − α − cᵀβ − û)/σ.
void refit_longitudinal(CombatModel& model, TrainingRows& rows, const ObservedGroup& group, int threads) {
    const GroupRows of = rows_of(rows, group);
    const auto sites = static_cast<Index>(model.sites.size());
    const RandomIntercept solver = random_intercept(model, rows, group, of);
    const Index reference = reference_of(model);
    for_each_column(rows.values, group, threads, [&](Index f, std::vector<double>& y) {
        if (passes_through(model, f)) return;
        const RandomInterceptFit fit = solver.fit(y);
        const auto i = static_cast<std::size_t>(f);
        const double alpha = grand_mean_of(fit.site_intercept, of.site, reference);
        std::vector<double> conditional(y.size());
        for (std::size_t r = 0; r < y.size(); ++r) {
            const double random = fit.subject_effect[static_cast<std::size_t>(of.person[r])];
            y[r] -= linear(of.codes, r, fit.coefficients) + random;
            conditional[r] = y[r] - fit.site_intercept[static_cast<std::size_t>(of.site[r])];
            y[r] -= alpha;
        }
        const bool from_residuals = reference >= 0 || model.options.sigma == SigmaKind::msr;
        const double variance =
            from_residuals ? mean_square_residual(conditional, of.site, reference) : fit.residual_variance;
        if (!(variance > 0.0)) return leave_unchanged(model, f);
        for (double& value : y) value /= std::sqrt(variance);
        model.grand_mean[i] = alpha;
        model.pooled_variance[i] = variance;
        model.person_ratio[i] = fit.ratio;
        for (std::size_t j = 0; j < fit.coefficients.size(); ++j)
            model.coefficients(static_cast<Index>(j), f) = fit.coefficients[j];
        for (Index s = 0; s < sites; ++s) model.site_shift(s, f) = fit.site_intercept[static_cast<std::size_t>(s)] - alpha;
    });
}

/// Gardner et al. 2024: z = (y − α − cᵀβ)/σᵢ with log σᵢ linear in the scale covariates. Counts the features for which no
/// maximum was found, which have one spread for all.
void refit_combatls(CombatModel& model, TrainingRows& rows, const ObservedGroup& group, int threads,
                    std::atomic<std::size_t>& not_converged) {
    const GroupRows of = rows_of(rows, group);
    const LocationScale solver(of.codes, of.site, static_cast<Index>(model.sites.size()), of.scale_codes);
    const Index reference = reference_of(model);
    for_each_column(rows.values, group, threads, [&](Index f, std::vector<double>& y) {
        if (passes_through(model, f)) return;
        const LocationScaleFit fit = solver.fit(y);
        if (!std::isfinite(fit.log_sd_intercept)) return leave_unchanged(model, f);
        if (!fit.converged) ++not_converged;
        const auto i = static_cast<std::size_t>(f);
        const double alpha = grand_mean_of(fit.site_intercept, of.site, reference);
        std::vector<double> residuals(y.size());
        for (std::size_t r = 0; r < y.size(); ++r) {
            y[r] -= linear(of.codes, r, fit.coefficients);
            residuals[r] = y[r] - fit.site_intercept[static_cast<std::size_t>(of.site[r])];
            y[r] = (y[r] - alpha) / std::exp(fit.log_sd_intercept + linear(of.scale_codes, r, fit.log_sd_coefficients));
        }
        model.grand_mean[i] = alpha;
        model.pooled_variance[i] = mean_square_residual(residuals, of.site, reference);
        model.log_sd[i] = fit.log_sd_intercept;
        for (std::size_t j = 0; j < fit.coefficients.size(); ++j)
            model.coefficients(static_cast<Index>(j), f) = fit.coefficients[j];
        for (std::size_t j = 0; j < fit.log_sd_coefficients.size(); ++j)
            model.log_sd_coefficients(static_cast<Index>(j), f) = fit.log_sd_coefficients[j];
    });
}

/// The mean model stays least squares; σ² is the biweight midvariance of its residuals × (n−1)/n, as in ComBatFamily.
void restandardise_robustly(CombatModel& model, TrainingRows& rows, const ObservedGroup& group, int threads) {
    const GroupRows of = rows_of(rows, group);
    const Index reference = reference_of(model);
    for_each_column(rows.values, group, threads, [&](Index f, std::vector<double>& y) {
        if (passes_through(model, f)) return;
        const auto i = static_cast<std::size_t>(f);
        const double least_squares_sigma = std::sqrt(model.pooled_variance[i]);
        std::vector<double> beta;
        for (Index j = 0; j < model.coefficients.rows(); ++j) beta.push_back(model.coefficients(j, f));
        std::vector<double> residuals;
        for (std::size_t r = 0; r < y.size(); ++r) {
            y[r] -= model.grand_mean[i] + linear(of.codes, r, beta);
            if (reference < 0 || of.site[r] == reference)
                residuals.push_back(y[r] - least_squares_sigma * model.gamma_hat(of.site[r], f));
        }
        const double n = static_cast<double>(residuals.size());
        const double variance = biweight_midvariance(residuals) * (n - 1.0) / n;
        if (!(variance > 0.0)) {
            for (double& value : y) value /= least_squares_sigma;
            return;
        }
        for (double& value : y) value /= std::sqrt(variance);
        model.pooled_variance[i] = variance;
    });
}

/// From r/σ to z: a site's shift is the generalised least squares mean of its rows, then every person's effect goes.
void take_off_persons(CombatModel& model, Index f, const GroupRows& of, Index people, std::vector<double>& y) {
    const auto i = static_cast<std::size_t>(f);
    const double ratio = model.person_ratio[i], sigma = std::sqrt(model.pooled_variance[i]);
    std::vector<double> shift(model.sites.size(), 0.0);
    for (std::size_t s = 0; s < model.sites.size(); ++s) {
        std::vector<double> sums(static_cast<std::size_t>(people), 0.0), counts(static_cast<std::size_t>(people), 0.0);
        for (std::size_t r = 0; r < y.size(); ++r) {
            if (of.site[r] != static_cast<Index>(s)) continue;
            sums[static_cast<std::size_t>(of.person[r])] += y[r];
            counts[static_cast<std::size_t>(of.person[r])] += 1.0;
        }
        double weighted = 0.0, weight = 0.0;
        for (std::size_t p = 0; p < sums.size(); ++p) {
            weighted += sums[p] / (1.0 + counts[p] * ratio);
            weight += counts[p] / (1.0 + counts[p] * ratio);
        }
        if (weight > 0.0) shift[s] = weighted / weight;
        model.site_shift(static_cast<Index>(s), f) = shift[s] * sigma;
    }
    std::vector<double> sums(static_cast<std::size_t>(people), 0.0), counts(static_cast<std::size_t>(people), 0.0);
    for (std::size_t r = 0; r < y.size(); ++r) {
        sums[static_cast<std::size_t>(of.person[r])] += y[r] - shift[static_cast<std::size_t>(of.site[r])];
        counts[static_cast<std::size_t>(of.person[r])] += 1.0;
    }
    for (std::size_t r = 0; r < y.size(); ++r) {
        const auto p = static_cast<std::size_t>(of.person[r]);
        y[r] -= subject_effect(ratio, counts[p], sums[p]);
    }
}

/// γ̂ and δ̂ of one feature at one site from its standardised values.
void estimate_cell(CombatModel& model, Index site, Index f, std::span<const double> z) {
    CellStatus& status = model.status(site, f);
    if (status == CellStatus::absent || status == CellStatus::unchanged) return;
    double mean = 0.0, squares = 0.0;
    for (const double v : z) mean += v / static_cast<double>(z.size());
    for (const double v : z) squares += (v - mean) * (v - mean);
    model.gamma_hat(site, f) = model.options.robust ? median(z) : mean;
    if (z.size() < 2) return;
    model.delta_hat(site, f) = model.options.robust ? biweight_midvariance(z) : squares / static_cast<double>(z.size() - 1);
    if (status == CellStatus::adjusted && !(model.delta_hat(site, f) > 0.0)) status = CellStatus::constant;
}

}  // namespace

void standardise(const CombatModel& model, TrainingRows& rows, int threads) {
    base::for_each_in_parallel(rows.site.size(), threads, [&](std::size_t i) {
        const std::span<double> row = rows.values.row(static_cast<Index>(i));
        std::vector<double> expected(model.grand_mean.begin(), model.grand_mean.end());
        for (Index j = 0; j < model.coefficients.rows(); ++j) {
            const double code = rows.codes(static_cast<Index>(i), j);
            const std::span<const double> beta = model.coefficients.row(j);
            for (std::size_t f = 0; f < row.size(); ++f) expected[f] += code * beta[f];
        }
        for (std::size_t f = 0; f < row.size(); ++f) {
            if (model.pooled_variance[f] > 0.0) row[f] = (row[f] - expected[f]) / std::sqrt(model.pooled_variance[f]);
        }
    });
    rows.values.release();
}

void standardise_frozen(CombatModel& model, TrainingRows& rows, int threads) {
    for (const ObservedGroup& group : observed_groups(rows.values)) {
        const GroupRows of = rows_of(rows, group);
        for_each_column(rows.values, group, threads, [&](Index f, std::vector<double>& y) {
            if (passes_through(model, f)) return;
            const auto i = static_cast<std::size_t>(f);
            std::vector<double> beta, of_spread;
            for (Index j = 0; j < model.coefficients.rows(); ++j) beta.push_back(model.coefficients(j, f));
            for (Index j = 0; j < model.log_sd_coefficients.rows(); ++j)
                of_spread.push_back(model.log_sd_coefficients(j, f));
            const double sigma = std::sqrt(model.pooled_variance[i]);
            for (std::size_t r = 0; r < y.size(); ++r) {
                y[r] -= model.grand_mean[i] + linear(of.codes, r, beta);
                y[r] /= model.log_sd.empty() ? sigma : std::exp(model.log_sd[i] + linear(of.scale_codes, r, of_spread));
            }
            if (model.options.method == Method::longitudinal) take_off_persons(model, f, of, rows.people, y);
        });
    }
}

std::vector<std::vector<double>> values_of_site(const Matrix<double>& z, std::span<const Index> site, Index s) {
    std::vector<std::vector<double>> out(static_cast<std::size_t>(z.columns()));
    for (Index i = 0; i < z.rows(); ++i) {
        if (site[static_cast<std::size_t>(i)] != s) continue;
        const std::span<const double> row = z.row(i);
        for (std::size_t f = 0; f < row.size(); ++f) {
            if (!std::isnan(row[f])) out[f].push_back(row[f]);
        }
    }
    z.release();
    return out;
}

void estimate_from_standardised(CombatModel& model, const Matrix<double>& z, std::span<const Index> site, int threads) {
    for (std::size_t s = 0; s < model.sites.size(); ++s) {
        const auto row = static_cast<Index>(s);
        const std::vector<std::vector<double>> values = values_of_site(z, site, row);
        base::for_each_in_parallel((values.size() + strip_width - 1) / strip_width, threads, [&](std::size_t strip) {
            const std::size_t end = std::min((strip + 1) * strip_width, values.size());
            for (std::size_t f = strip * strip_width; f < end; ++f)
                estimate_cell(model, row, static_cast<Index>(f), values[f]);
        });
    }
}

void refit_from_rows(CombatModel& model, TrainingRows& rows, const compute::Backend& backend, base::Log& log) {
    std::atomic<std::size_t> not_converged = 0;
    for (const ObservedGroup& group : observed_groups(rows.values)) {
        if (group.rows.empty()) continue;
        switch (model.options.method) {
            case Method::longitudinal:
                refit_longitudinal(model, rows, group, backend.threads());
                break;
            case Method::combatls:
                refit_combatls(model, rows, group, backend.threads(), not_converged);
                break;
            case Method::combat:
            case Method::covbat:
                restandardise_robustly(model, rows, group, backend.threads());
                break;
        }
    }
    if (not_converged > 0) {
        log.warn("the spread's covariates have no maximum of the likelihood for " + base::counted(not_converged, "feature") +
                 ": one spread for all subjects there");
    }
    estimate_from_standardised(model, rows.values, rows.site, backend.threads());
}

}  // namespace tare::stats
