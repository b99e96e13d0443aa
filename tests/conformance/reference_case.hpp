// One reference case of the field: what its folder says, the run of tare on it, and the differences.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace tare::test {

struct Differences {
    double values = 0.0;      ///< harmonised values, the fitted rows and the new ones, in the feature's SD
    double parameters = 0.0;  ///< see parameter_difference; −1: not given
    double converged = -1.0;  ///< by our own convention against the peer with its stop tightened; −1: not given
    std::string failure;      ///< what a program said when it did not succeed
};

/// One feature at one site.
struct Cell {
    std::string site, feature;
};

/// The options of the contract that a case maps to.
[[nodiscard]] std::vector<std::string> case_options(const std::string& name);

/// Runs harmonise (and apply, where the case has new rows) and compares with what the peer gave.
[[nodiscard]] Differences compare(const std::filesystem::path& folder);

/// How far values may be off, in SD: the case's own suggested tolerance.
[[nodiscard]] double tolerance(const std::string& name);

/// Where the peer's shrinkage cycles without ever stopping, so that the end of a tightened run means nothing.
[[nodiscard]] std::optional<Cell> cell_without_limit(const std::string& name);

/// The shared arguments of a run on the case's input: columns and features.
[[nodiscard]] std::vector<std::string> column_arguments(const std::filesystem::path& folder);
[[nodiscard]] std::vector<std::string> features_of(const std::filesystem::path& folder);

/// The SD of every feature in a table of raw values.
[[nodiscard]] std::vector<double> spread_of(const std::filesystem::path& raw, const std::vector<std::string>& features);

/// The largest difference of two result tables for each feature, in SD of the raw features, leaving out one cell; infinite
/// where rows or missing cells do not match.
[[nodiscard]] std::vector<double> feature_differences(const std::filesystem::path& expected,
                                                      const std::filesystem::path& got, const std::filesystem::path& raw,
                                                      const std::optional<Cell>& without = {});
[[nodiscard]] double value_difference(const std::filesystem::path& expected, const std::filesystem::path& got,
                                      const std::filesystem::path& raw, const std::optional<Cell>& without = {});

}  // namespace tare::test
