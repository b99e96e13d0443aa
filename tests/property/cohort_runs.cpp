// Making, cutting and comparing cohorts for the property tests.
#include "cohort_runs.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "support/table_values.hpp"

namespace tare::test {
namespace {

double difference(const nlohmann::json& a, const nlohmann::json& b, const std::vector<std::string>& but) {
    if (a.is_number() && b.is_number()) {
        const double x = a.get<double>(), y = b.get<double>();
        return x == y ? 0.0 : std::abs(x - y) / std::max({std::abs(x), std::abs(y), 1e-6});
    }
    if (a.type() != b.type() || a.size() != b.size()) return INFINITY;
    if (!a.is_structured()) return a == b ? 0.0 : INFINITY;
    double largest = 0.0;
    if (a.is_array()) {
        for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, difference(a[i], b[i], but));
        return largest;
    }
    for (const auto& [key, value] : a.items()) {
        if (std::find(but.begin(), but.end(), key) != but.end()) continue;
        largest = std::max(largest, b.contains(key) ? difference(value, b[key], but) : INFINITY);
    }
    return largest;
}

nlohmann::json json_of(const std::filesystem::path& path) {
    std::ifstream file(path);
    return nlohmann::json::parse(file);
}

}  // namespace

TestCohort simulated_cohort(const std::filesystem::path& folder) {
    must(
        "tare-simulate --site-sizes 60,35,20,8,3,1 --features 40 --missing 0.03 --site-shift 1 --seed 11 --output "
        "simulated.tsv",
        folder);
    return {folder / "simulated.tsv", "--covariates age,sex,diagnosis", {"site", "age", "sex", "diagnosis"}};
}

TestCohort real_cohort(const std::filesystem::path& shared) {
    return {shared / "data" / "fcon1000.csv",
            "--id sub_id --covariates age,sex --categorical sex --features '*_thickness'",
            {"age", "sex", "site"}};
}

std::vector<std::string> lines_of(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
}

void write_lines(const std::filesystem::path& path, const std::vector<std::string>& lines) {
    std::ofstream file(path);
    for (const std::string& line : lines) file << line << '\n';
}

std::string bytes_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error("no file " + path.string());
    return {std::istreambuf_iterator<char>(file), {}};
}

void must(const std::string& line, const std::filesystem::path& folder) {
    const Finished finished = shell(line, {.folder = folder});
    if (finished.code != 0) throw std::runtime_error(line + "\n" + finished.err);
}

double difference_by_id(const std::filesystem::path& a, const std::filesystem::path& b, const TestCohort& cohort) {
    const data::Table left = read_numbers(a.string(), cohort.text_columns),
                      right = read_numbers(b.string(), cohort.text_columns);
    if (left.header != right.header) return INFINITY;
    std::map<std::string, base::Index> row_of;
    for (base::Index i = 0; i < right.rows(); ++i) row_of[std::string(right.text_cell(i, 0))] = i;
    double largest = 0.0;
    for (const std::string& name : left.features.names) {
        const std::vector<double> x = column(left, name), y = column(right, name);
        std::vector<double> matched;
        for (base::Index i = 0; i < left.rows(); ++i)
            matched.push_back(y[static_cast<std::size_t>(row_of.at(std::string(left.text_cell(i, 0))))]);
        const double spread = standard_deviation(x.size() > 1 ? x : y);
        largest = std::max(largest, largest_difference(x, matched) / (spread > 0.0 ? spread : 1.0));
    }
    return largest;
}

double json_difference(const std::filesystem::path& a, const std::filesystem::path& b, const std::vector<std::string>& but) {
    return difference(json_of(a), json_of(b), but);
}

}  // namespace tare::test
