// Running tare-cv on a reference case and putting its folds together again.
#include "cross_validated.hpp"

#include <fstream>
#include <map>
#include <stdexcept>

#include "parameter_comparison.hpp"
#include "reference_case.hpp"
#include "support/process.hpp"
#include "tare/io/model_file.hpp"

namespace tare::test {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> lines_in(const fs::path& path) {
    std::ifstream file(path);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
}

std::string first_cell(const std::string& line) {
    return line.substr(0, line.find('\t'));
}

}  // namespace

CrossValidated::CrossValidated(const fs::path& case_folder, const fs::path& input, const std::vector<std::string>& options)
    : folder_(case_folder), input_(input) {
    std::vector<std::string> command{"tare-cv", "--input", input.string(), "--fold-column", "fold", "--output-dir", "folds"};
    for (const auto& more : {column_arguments(case_folder), options})
        command.insert(command.end(), more.begin(), more.end());
    const Finished finished = run(command, {.folder = work_.path()});
    if (finished.code != 0) throw std::runtime_error(finished.err);

    const std::vector<std::string> rows = lines_in(input);
    std::map<std::string, std::string> line_of;
    for (int fold = 1; fs::exists(file(fold, "test.tsv")); ++fold) {
        for (const std::string& line : lines_in(file(fold, "test.tsv"))) {
            const bool header = line == rows.front();
            if (!line_of.emplace(first_cell(line), line).second && !header)
                throw std::runtime_error(first_cell(line) + " is tested twice");
        }
    }
    if (line_of.size() != rows.size()) throw std::runtime_error("not every row is tested");
    std::ofstream together(test_rows());
    for (const std::string& row : rows) together << line_of.at(first_cell(row)) << '\n';
}

fs::path CrossValidated::file(int fold, const std::string& name) const {
    return work_.path() / "folds" / "repeat-1" / ("fold-" + std::to_string(fold)) / name;
}

std::vector<double> CrossValidated::distances() const {
    return feature_differences(folder_ / "expected" / "harmonized_test.tsv", test_rows(), input_);
}

double CrossValidated::parameter_difference(int fold) const {
    const TemporaryDirectory one_fold;
    const fs::path expected = one_fold.path() / "expected", theirs = folder_ / "expected";
    fs::create_directory(expected);
    const std::string start = "fold" + std::to_string(fold) + "_";
    for (const char* name : {"gamma_star.tsv", "delta_star.tsv"}) fs::copy_file(theirs / (start + name), expected / name);
    for (const char* name : {"grand_mean.tsv", "var_pooled.tsv"})
        fs::copy_file(theirs / (start + "standardisation.tsv"), expected / name);
    const io::SavedModel saved = io::read_model(file(fold, "model.json").string());
    return test::parameter_difference(one_fold.path(), saved.model, spread_of(input_, features_of(folder_)));
}

}  // namespace tare::test
