// y* = y + (1/√δ* − 1)(y − α − cᵀβ − û) − σᵢγ*/√δ*, then what CovBat changes.
#include "row_adjustment.hpp"

#include <algorithm>
#include <cmath>

#include "covariance_step.hpp"
#include "random_intercept.hpp"
#include "tare/base/error.hpp"
#include "tare/base/text.hpp"

namespace tare::stats {

bool RowAdjustment::needed(const CombatModel& model, Returned returned) {
    return model.options.method != Method::combat || model.transform != Transform::none || returned != Returned::harmonised;
}

RowAdjustment::RowAdjustment(const CombatModel& model, std::vector<Index> matched, Returned returned,
                             const std::string& source)
    : model_(model), matched_(std::move(matched)), returned_(returned) {
    if (model.covariance && static_cast<Index>(matched_.size()) != model.features.count()) {
        throw base::inconsistent(source + ": has " + base::counted(matched_.size(), "feature") + " of the model's " +
                                     std::to_string(model.features.count()) +
                                     ", and covbat needs all of them: their scores are sums over features",
                                 "leave out --features and --exclude");
    }
    for (const Index m : matched_) sigma_.push_back(std::sqrt(model.pooled_variance[static_cast<std::size_t>(m)]));
}

bool RowAdjustment::transform(std::span<double> row, std::size_t& bad) const {
    if (model_.transform == Transform::none) return true;
    for (std::size_t f = 0; f < row.size(); ++f) {
        if (row[f] <= 0.0) {
            bad = f;
            return false;
        }
        row[f] = std::log(row[f]);
    }
    return true;
}

std::vector<double> RowAdjustment::expected(std::span<const double> codes) const {
    std::vector<double> out;
    for (const Index m : matched_) out.push_back(model_.grand_mean[static_cast<std::size_t>(m)]);
    for (std::size_t j = 0; j < codes.size(); ++j) {
        const std::span<const double> beta = model_.coefficients.row(static_cast<Index>(j));
        for (std::size_t f = 0; f < out.size(); ++f) out[f] += codes[j] * beta[static_cast<std::size_t>(matched_[f])];
    }
    return out;
}

void RowAdjustment::add_fixed_residuals(Index site, std::span<const double> codes, std::span<const double> row,
                                        std::span<double> sums, std::span<double> counts) const {
    const std::vector<double> mean = expected(codes);
    for (std::size_t f = 0; f < row.size(); ++f) {
        if (std::isnan(row[f])) continue;
        sums[f] += row[f] - mean[f] - model_.site_shift(site, matched_[f]);
        counts[f] += 1.0;
    }
}

void RowAdjustment::person_effects(std::span<const double> counts, std::span<double> sums) const {
    for (std::size_t f = 0; f < sums.size(); ++f)
        sums[f] = subject_effect(model_.person_ratio[static_cast<std::size_t>(matched_[f])], counts[f], sums[f]);
}

void RowAdjustment::adjust(const RowTerms& terms, std::span<const double> original, std::span<double> row) const {
    const std::vector<double> mean = expected(terms.codes);
    std::vector<double> log_sd(model_.log_sd.empty() ? 0 : row.size());
    for (std::size_t f = 0; f < log_sd.size(); ++f) {
        log_sd[f] = model_.log_sd[static_cast<std::size_t>(matched_[f])];
        for (std::size_t j = 0; j < terms.scale_codes.size(); ++j)
            log_sd[f] += terms.scale_codes[j] * model_.log_sd_coefficients(static_cast<Index>(j), matched_[f]);
    }
    std::vector<double> change(row.size());
    for (std::size_t f = 0; f < row.size(); ++f) {
        const double random = terms.person_effect.empty() ? 0.0 : terms.person_effect[f];
        const double sigma = log_sd.empty() || sigma_[f] == 0.0 ? sigma_[f] : std::exp(log_sd[f]);
        change[f] = terms.scale_change[f] * (row[f] - mean[f] - random) - sigma * terms.shift[f];
    }
    if (model_.covariance) {
        std::vector<double> residual(row.size());
        for (std::size_t f = 0; f < row.size(); ++f) {
            const double left = row[f] + change[f] - mean[f];
            residual[static_cast<std::size_t>(matched_[f])] = sigma_[f] > 0.0 || std::isnan(left) ? left : 0.0;
        }
        change_of_covariance(*model_.covariance, terms.site, residual);
        for (std::size_t f = 0; f < row.size(); ++f) change[f] += residual[static_cast<std::size_t>(matched_[f])];
    }
    const bool logarithms = model_.transform == Transform::log;
    for (std::size_t f = 0; f < row.size(); ++f) {
        if (returned_ == Returned::residuals) {
            row[f] += change[f] - mean[f];
        } else if (change[f] == 0.0) {
            row[f] = original[f];
        } else {
            row[f] = logarithms ? std::exp(row[f] + change[f]) : row[f] + change[f];
        }
    }
}

}  // namespace tare::stats
