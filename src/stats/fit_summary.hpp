// What a fit counts before and after it: enough subjects at every site, values observed, what was degenerate.
#pragma once

#include "tare/stats/combat.hpp"

namespace tare::stats {

/// Throws Error (65) naming the sites with fewer values of some feature than asked for.
void check_site_sizes(const Moments& moments, Index least);

/// c̄ over all values of all features, so that the order of subjects and of features does not matter: terms.
[[nodiscard]] std::vector<double> covariate_mean(const Moments& moments);

/// n of every site and feature; empty where no cell is missing.
[[nodiscard]] Matrix<double> observed_counts(const Moments& moments, base::Workspace& workspace);

/// Says once each what could not be estimated.
void warn_of_degenerate_cells(const CombatModel& model, const Moments& moments, base::Log& log);

/// The part of it that concerns single sites and their cells, for a model of sites that were added.
void warn_of_degenerate_sites(const CombatModel& added, base::Log& log);

}  // namespace tare::stats
