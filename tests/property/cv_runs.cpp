// Tables of text by the names of their columns.
#include "cv_runs.hpp"

#include <stdexcept>

#include "tare/base/number_text.hpp"

namespace tare::test {
namespace {

std::vector<std::string> cells_of(const std::string& line) {
    std::vector<std::string> cells;
    for (std::size_t begin = 0; begin <= line.size();) {
        const std::size_t end = std::min(line.find('\t', begin), line.size());
        cells.push_back(line.substr(begin, end - begin));
        begin = end + 1;
    }
    return cells;
}

}  // namespace

std::vector<Row> rows_of(const std::filesystem::path& table) {
    const std::vector<std::string> lines = lines_of(table);
    if (lines.empty()) throw std::runtime_error("no table " + table.string());
    const std::vector<std::string> header = cells_of(lines.front());
    std::vector<Row> rows;
    for (std::size_t i = 1; i < lines.size(); ++i) {
        const std::vector<std::string> cells = cells_of(lines[i]);
        Row row;
        for (std::size_t j = 0; j < header.size(); ++j) row[header[j]] = cells.at(j);
        rows.push_back(std::move(row));
    }
    return rows;
}

Scores::Scores(const std::filesystem::path& table) {
    for (const Row& row : rows_of(table)) {
        for (const auto& [column, text] : row) cells_[row.at("condition") + " " + row.at("metric") + " " + column] = text;
    }
}

double Scores::cell(const std::string& condition, const std::string& metric, const std::string& column) const {
    return base::parse_number(cells_.at(condition + " " + metric + " " + column)).value();
}
double Scores::mean(const std::string& condition, const std::string& metric) const {
    return cell(condition, metric, "mean");
}
double Scores::low(const std::string& condition, const std::string& metric) const {
    return cell(condition, metric, "low");
}
double Scores::high(const std::string& condition, const std::string& metric) const {
    return cell(condition, metric, "high");
}
Difference Scores::difference(const std::string& condition, const std::string& metric) const {
    return {cell(condition, metric, "difference"), static_cast<int>(cell(condition, metric, "above")),
            static_cast<int>(cell(condition, metric, "below"))};
}

std::map<std::string, Row> predictions_of(const std::filesystem::path& table, const std::string& target) {
    std::map<std::string, Row> out;
    for (Row row : rows_of(table)) {
        const std::string key =
            row.at("repeat") + " " + row.at("fold") + " " + row.at("condition") + " " + row.at("participant_id");
        row.erase(target);
        out[key] = std::move(row);
    }
    return out;
}

}  // namespace tare::test
