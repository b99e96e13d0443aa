// Site effects from people who were measured at several sites: their differences hold no difference between populations.
#pragma once

#include "tare/stats/combat.hpp"

namespace tare::stats {

/// Puts estimates from travelling people in place of those from moments, for every feature that is not constant: offsets of
/// the sites by least squares on site and person (Yamashita et al. 2019, here with scales beside them), β and σ² of all rows
/// with the offsets taken off, γ̂ and δ̂ from offsets and from the spread of the travelling people at a site against their own
/// means over sites. `model.observed` becomes the number of travelling people. Fewer than three leave a site's scale alone.
/// Throws Error (65) naming sites that no travelling people connect with the others.
void refit_travelling(CombatModel& model, const TrainingRows& rows, base::Workspace& workspace, int threads);

}  // namespace tare::stats
