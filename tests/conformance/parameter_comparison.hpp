// The parameters of a model beside the files of a reference case that hold the peer's.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tare/stats/combat.hpp"

namespace tare::test {

/// The largest difference over all files that the case has, −1 where it has none; `spread` is the SD of each feature. σ² and
/// the SDs of components are relative, α, the coefficients and the sites' own shifts in SD; what has no unit (γ, δ, log σ)
/// is absolute.
[[nodiscard]] double parameter_difference(const std::filesystem::path& folder, const stats::CombatModel& model,
                                          const std::vector<double>& spread);

/// γ* and δ* alone, with the peer's stopping rule tightened (the files *_conv1e-13).
[[nodiscard]] double converged_parameter_difference(const std::filesystem::path& folder, const stats::CombatModel& model);

/// ComBatFamily keeps the shrunk effects of the reference site in its model and restores the rows afterwards; ours are 0 and
/// 1, so that row is left out of a comparison.
[[nodiscard]] bool peers_reference_row(const std::filesystem::path& folder, const stats::CombatModel& model,
                                       const std::string& site);

}  // namespace tare::test
