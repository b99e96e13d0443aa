// The cohorts on which properties are tested: the field's real one where it lies beside the project, and simulated ones;
// with the lines that make, shuffle and cut tables.
#pragma once

#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "support/process.hpp"

namespace tare::test {

/// A table and the options that name its columns.
struct TestCohort {
    std::filesystem::path table;
    std::string options;
    std::vector<std::string> text_columns;  ///< besides the first
};

/// A simulated cohort with missing cells and sites down to one subject, written into `folder`.
[[nodiscard]] TestCohort simulated_cohort(const std::filesystem::path& folder);

/// fcon1000 with all its thicknesses.
[[nodiscard]] TestCohort real_cohort(const std::filesystem::path& shared);

[[nodiscard]] std::vector<std::string> lines_of(const std::filesystem::path& path);
void write_lines(const std::filesystem::path& path, const std::vector<std::string>& lines);
[[nodiscard]] std::string bytes_of(const std::filesystem::path& path);

/// Runs a shell line in `folder` and throws, with what it said, when it fails.
void must(const std::string& line, const std::filesystem::path& folder);

/// Everything that two result tables have in numbers, row by id: the largest difference in SD of the column.
[[nodiscard]] double difference_by_id(const std::filesystem::path& a, const std::filesystem::path& b,
                                      const TestCohort& cohort);

/// The largest relative difference of the numbers of two JSON files, place by place; infinite where anything else differs.
/// Entries named in `but` are not compared.
[[nodiscard]] double json_difference(const std::filesystem::path& a, const std::filesystem::path& b,
                                     const std::vector<std::string>& but);

}  // namespace tare::test
