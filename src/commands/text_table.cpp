// Result tables out of texts, and parts of tables that were read.
#include "text_table.hpp"

#include <cmath>

#include "tare/base/number_text.hpp"
#include "tare/io/table_writer.hpp"

namespace tare::commands {

TextTable::TextTable(std::vector<std::string> header) {
    const auto columns = static_cast<data::Index>(header.size());
    for (data::Index j = 0; j < columns; ++j) table_.place.push_back(-1 - j);
    table_.header = std::move(header);
    table_.text = data::TextCells(columns);
}

void TextTable::add(const std::vector<std::string>& cells) {
    for (const std::string& text : cells) table_.text.append(text);
    table_.line_numbers.push_back(static_cast<std::uint32_t>(table_.line_numbers.size() + 2));
}

void TextTable::write(io::Output& output, const base::Resources& resources) const {
    io::write_table(output, table_, io::output_delimiter(output.path(), '\t'), resources);
}

std::string cell(double value) {
    return std::isnan(value) ? std::string(base::missing_text) : base::number_text(value);
}

data::Table some_rows(const data::Table& table, const std::vector<data::Index>& rows, data::FeatureTable features) {
    data::Table out;
    out.source = table.source;
    out.delimiter = table.delimiter;
    std::vector<data::Index> texts;
    for (std::size_t j = 0; j < table.header.size(); ++j) {
        const bool feature = table.place[j] >= 0;
        if (feature && features.values.empty()) continue;
        out.header.push_back(table.header[j]);
        out.place.push_back(feature ? table.place[j] : -1 - static_cast<data::Index>(texts.size()));
        if (!feature) texts.push_back(-1 - table.place[j]);
    }
    out.text = data::TextCells(static_cast<data::Index>(texts.size()));
    for (const data::Index row : rows) {
        for (const data::Index column : texts) out.text.append(table.text.cell(row, column));
        out.line_numbers.push_back(table.line_numbers[static_cast<std::size_t>(row)]);
    }
    out.features = std::move(features);
    return out;
}

}  // namespace tare::commands
