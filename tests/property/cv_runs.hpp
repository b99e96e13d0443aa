// Reading what tare-cv wrote: the scores of conditions, and each row's predictions.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "cohort_runs.hpp"

namespace tare::test {

/// Of a condition to in-fold, paired by repeat.
struct Difference {
    double mean = 0.0;
    int above = 0, below = 0;  ///< repeats
};

/// comparison.tsv
class Scores {
public:
    explicit Scores(const std::filesystem::path& table);
    [[nodiscard]] double mean(const std::string& condition, const std::string& metric) const;
    [[nodiscard]] double low(const std::string& condition, const std::string& metric) const;
    [[nodiscard]] double high(const std::string& condition, const std::string& metric) const;
    [[nodiscard]] Difference difference(const std::string& condition, const std::string& metric) const;

private:
    [[nodiscard]] double cell(const std::string& condition, const std::string& metric, const std::string& column) const;
    std::map<std::string, std::string> cells_;  ///< by "condition metric column"
};

/// The lines of a table of text as cells, by the names of its columns.
using Row = std::map<std::string, std::string>;
[[nodiscard]] std::vector<Row> rows_of(const std::filesystem::path& table);

/// predictions.tsv without the true targets: by "repeat fold condition id" what was predicted, and the score of each class.
[[nodiscard]] std::map<std::string, Row> predictions_of(const std::filesystem::path& table, const std::string& target);

}  // namespace tare::test
