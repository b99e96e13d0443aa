// The sweeps over one feature's (γ, δ), their fixed point, and the two rules for stopping.
#include "shrink_robust.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "biweight.hpp"
#include "tare/base/parallel.hpp"

namespace tare::stats {
namespace {

using compute::Shrinkage;
using compute::SiteEffects;
using compute::SiteEstimates;
using compute::SitePrior;

constexpr double own_tolerance = 1e-12;
constexpr double together_tolerance = 1e-4;
constexpr int most_sweeps_alone = 1'000;  // then the fixed point is looked for in another way
constexpr int most_sweeps_together = 10'000;
constexpr int sweeps_before_growth_counts = 31;

struct Effect {
    double gamma;
    double delta;
};

bool settled(double next, double last) {
    return std::abs(next - last) <= own_tolerance * std::abs(last) || std::abs(next - last) <= 1e-300;
}

/// One feature at the site: the posterior means of either parameter given the other.
class Cell {
public:
    Cell(std::span<const double> z, double n, double gamma_hat, const SitePrior& prior)
        : z_(z), n_(n), gamma_hat_(gamma_hat), prior_(prior), tied_(half_tied(z)) {}

    [[nodiscard]] double gamma(double delta) const {
        const double weight = prior_.tau2 * n_;
        return (weight * gamma_hat_ + delta * prior_.gamma_bar) / (weight + delta);
    }
    [[nodiscard]] double delta(double gamma) const {
        if (!std::isfinite(prior_.a)) return prior_.b;  // all δ̂ of the site are equal
        const double spread = tied_ ? mean_square(z_, gamma) : biweight_midvariance(z_, gamma);
        return (0.5 * (n_ - 1.0) * spread + prior_.b) / (0.5 * n_ + prior_.a - 1.0);
    }
    [[nodiscard]] Effect sweep(const Effect& last) const {
        const double g = gamma(last.delta);
        return {g, delta(g)};
    }

    /// Goes to the fixed point; false when there is none.
    [[nodiscard]] bool settle(Effect& effect) const {
        for (int sweep_number = 0; sweep_number < most_sweeps_alone; ++sweep_number) {
            const Effect next = sweep(effect);
            const bool done = settled(next.gamma, effect.gamma) && settled(next.delta, effect.delta);
            effect = next;
            if (done) return true;
        }
        return bisect(effect);
    }

private:
    /// γ(δ(g)) − g is continuous, not negative at the lower of γ̂ and γ̄ and not positive at the upper.
    [[nodiscard]] bool bisect(Effect& effect) const {
        double low = std::min(gamma_hat_, prior_.gamma_bar), high = std::max(gamma_hat_, prior_.gamma_bar);
        const double width = high - low;
        double middle = low + 0.5 * (high - low);
        while (low < middle && middle < high) {
            (gamma(delta(middle)) > middle ? low : high) = middle;
            middle = low + 0.5 * (high - low);
        }
        effect = {middle, delta(middle)};
        return std::abs(gamma(effect.delta) - middle) <= 1e-9 * width;
    }

    std::span<const double> z_;
    double n_;
    double gamma_hat_;
    SitePrior prior_;
    bool tied_;
};

struct Iterated {
    std::size_t feature;
    Cell cell;
    Effect effect;
    double signed_change = 0.0;  ///< the peers': a negative γ makes its relative change negative
    bool done = false;
};

void each_to_its_own(std::vector<Iterated>& cells, int threads) {
    base::for_each_in_parallel(cells.size(), threads,
                               [&](std::size_t k) { cells[k].done = cells[k].cell.settle(cells[k].effect); });
}

void all_together(std::vector<Iterated>& cells, int threads) {
    double last_change = std::numeric_limits<double>::infinity();
    for (int sweep = 1; sweep <= most_sweeps_together && !cells.empty(); ++sweep) {
        base::for_each_in_parallel(cells.size(), threads, [&](std::size_t k) {
            Iterated& cell = cells[k];
            const Effect last = cell.effect;
            cell.effect = cell.cell.sweep(last);
            const double gamma = std::abs(cell.effect.gamma - last.gamma) / last.gamma;
            const double delta = std::abs(cell.effect.delta - last.delta) / last.delta;
            cell.signed_change = std::max(gamma, delta);
            cell.done = std::max(std::abs(gamma), delta) <= together_tolerance;
        });
        double change = -std::numeric_limits<double>::infinity();
        for (const Iterated& cell : cells) change = std::max(change, cell.signed_change);
        if (change <= together_tolerance) {
            for (Iterated& cell : cells) cell.done = true;
            return;
        }
        if (sweep > sweeps_before_growth_counts && change > last_change) return;
        last_change = change;
    }
}

}  // namespace

SiteEffects shrink_robust(std::span<const std::vector<double>> z, const SiteEstimates& site, const SitePrior& prior,
                          compute::StopRule stop, int threads) {
    SiteEffects out = compute::unshrunk_effects(site.gamma_hat);
    std::vector<Iterated> cells;
    for (std::size_t f = 0; f < site.gamma_hat.size(); ++f) {
        if (site.shrinkage[f] == Shrinkage::none) continue;
        const Cell cell(z[f], site.n[f], site.gamma_hat[f], prior);
        if (site.shrinkage[f] == Shrinkage::location) {
            out.gamma_star[f] = cell.gamma(1.0);
            out.gamma_variance[f] = compute::gamma_variance(prior, site.n[f], 1.0);
        } else {
            cells.push_back({f, cell, {site.gamma_hat[f], site.delta_hat[f]}});
        }
    }
    if (stop == compute::StopRule::each_feature) {
        each_to_its_own(cells, threads);
    } else {
        all_together(cells, threads);
    }
    for (const Iterated& cell : cells) {
        out.gamma_star[cell.feature] = cell.effect.gamma;
        out.delta_star[cell.feature] = cell.effect.delta;
        out.gamma_variance[cell.feature] = compute::gamma_variance(prior, site.n[cell.feature], cell.effect.delta);
        out.delta_variance[cell.feature] = compute::delta_variance(prior, site.n[cell.feature], cell.effect.delta);
        if (!cell.done) ++out.not_converged;
    }
    return out;
}

}  // namespace tare::stats
