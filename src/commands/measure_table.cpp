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

void MeasureTable::write(io::Output& output, const base::Resources& resources) const {
    const bool wide = layout_ == TableLayout::wide;
    std::vector<std::string> header = keys_;
    if (!wide) header.emplace_back("structure");
    std::set<std::string> names(header.begin(), header.end());
    const auto add_column = [&](const std::string& name) {
        if (!names.insert(name).second) {
            throw base::inconsistent("two columns would be called '" + name + "'",
                                     "give the structures names that differ with --label-names");
        }
        header.push_back(name);
    };
    if (wide) {
        for (const auto& [order, structure] : structures_) {
            for (const std::string& measure : measures_) {
                add_column(structure.empty() ? measure : std::string(structure).append("_").append(measure));
            }
        }
    } else {
        for (const std::string& measure : measures_) add_column(measure);
    }
    TextTable table(header);
    const std::vector<double> missing(measures_.size(), std::numeric_limits<double>::quiet_NaN());
    for (const Row& row : rows_) {
        std::vector<std::string> cells = row.keys;
        for (const Place& place : structures_) {
            const auto found = row.values.find(place);
            if (!wide) {
                cells = row.keys;
                cells.push_back(place.second);
            }
            for (const double value : found == row.values.end() ? missing : found->second) cells.push_back(cell(value));
            if (!wide) table.add(cells);
        }
        if (wide) table.add(cells);
    }
    table.write(output, resources);
}

}  // namespace tare::commands
