// A reference case by folds, through tare-cv: every row as the model of the other folds left it, and those models.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "support/temporary_directory.hpp"

namespace tare::test {

class CrossValidated {
public:
    /// Runs tare-cv on the folds that the column `fold` of `input` names. Throws std::runtime_error with what it said.
    CrossValidated(const std::filesystem::path& case_folder, const std::filesystem::path& input,
                   const std::vector<std::string>& options);

    /// How far its test rows are from the case's harmonized_test.tsv: per feature the largest, in SD of the raw feature.
    [[nodiscard]] std::vector<double> distances() const;
    /// The largest difference of a fold's model (from 1) to the case's foldK_*.tsv, as parameter_difference has it.
    [[nodiscard]] double parameter_difference(int fold) const;
    /// A file of a fold's folder.
    [[nodiscard]] std::filesystem::path file(int fold, const std::string& name) const;

private:
    [[nodiscard]] std::filesystem::path test_rows() const { return work_.path() / "test_rows.tsv"; }

    TemporaryDirectory work_;
    std::filesystem::path folder_, input_;
};

}  // namespace tare::test
