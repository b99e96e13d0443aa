// Putting what was measured into columns.
#include "measure_table.hpp"

#include <limits>

#include "tare/base/error.hpp"
#include "text_table.hpp"

namespace tare::commands {

cli::OptionSpec layout_option(const std::string& usual) {
    return {
        "layout",        cli::OptionKind::choice,
        "LAYOUT",        "A row for each image, with columns <structure>_<measure>, or a row for each image and structure.",
        usual,           false,
        {"wide", "long"}};
}

TableLayout layout_of(const cli::ParsedOptions& options) {
    return options.text("layout") == "wide" ? TableLayout::wide : TableLayout::by_structure;
}

MeasureTable::MeasureTable(std::vector<std::string> keys, std::vector<std::string> measures, TableLayout layout)
    : keys_(std::move(keys)), measures_(std::move(measures)), layout_(layout) {}

void MeasureTable::add(std::vector<std::string> keys, const std::vector<StructureValues>& measured) {
    Row row{std::move(keys), {}};
    for (const StructureValues& one : measured) {
        structures_.emplace(one.order, one.structure);
        row.values[{one.order, one.structure}] = one.values;
    }
    rows_.push_back(std::move(row));
}

std::vector<std::string> MeasureTable::header() const {
    std::vector<std::string> columns = keys_;
    if (layout_ == TableLayout::by_structure) {
        columns.emplace_back("structure");
        columns.insert(columns.end(), measures_.begin(), measures_.end());
    } else {
        for (const auto& [order, structure] : structures_) {
            for (const std::string& measure : measures_) {
                columns.push_back(structure.empty() ? measure : std::string(structure).append("_").append(measure));
            }
        }
    }
    std::set<std::string> names;
    for (const std::string& name : columns) {
        if (names.insert(name).second) continue;
        throw base::inconsistent("two columns would be called '" + name + "'",
                                 "give the structures names that differ with --label-names");
    }
    return columns;
}

void MeasureTable::write(io::Output& output, const base::Resources& resources) const {
    TextTable table(header());
    const std::vector<double> missing(measures_.size(), std::numeric_limits<double>::quiet_NaN());
    const bool wide = layout_ == TableLayout::wide;
    for (const Row& row : rows_) {
        std::vector<std::string> cells = row.keys;
        for (const Place& place : structures_) {
            const auto found = row.values.find(place);
            if (!wide) cells.push_back(place.second);
            for (const double value : found == row.values.end() ? missing : found->second) cells.push_back(cell(value));
            if (wide) continue;
            table.add(cells);
            cells = row.keys;
        }
        if (wide) table.add(cells);
    }
    table.write(output, resources);
}

}  // namespace tare::commands
