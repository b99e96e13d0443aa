// One reference case of the field: what its folder says, the run of tare on it, and the differences.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace tare::test {

struct Differences {
    double values = 0.0;      ///< harmonised values, the fitted rows and the new ones, in the feature's SD
    double parameters = 0.0;  ///< α, β, σ² and γ̂, δ̂, γ*, δ*: relative, or in the feature's SD
    double converged = 0.0;   ///< values by our own convention against the peer's with its stop tightened; −1: not given
    std::string failure;      ///< what a program said when it did not succeed
};

/// The options of the contract that a case maps to.
[[nodiscard]] std::vector<std::string> case_options(const std::string& name);

/// Runs harmonise (and apply, where the case has new rows) and compares with what the peer gave.
[[nodiscard]] Differences compare(const std::filesystem::path& folder);

/// How far values may be off, in SD: the case's own suggested tolerance.
[[nodiscard]] double tolerance(const std::string& name);

/// The shared arguments of a run on the case's input: columns and features.
[[nodiscard]] std::vector<std::string> column_arguments(const std::filesystem::path& folder);

/// The largest difference of two result tables in SD of the raw features.
[[nodiscard]] double value_difference(const std::filesystem::path& expected, const std::filesystem::path& got,
                                      const std::filesystem::path& raw);

}  // namespace tare::test
