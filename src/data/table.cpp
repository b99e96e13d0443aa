// Looking up a column of a table, and the place of a row in its file.
#include "tare/data/table.hpp"

#include <algorithm>

namespace tare::data {

Index Table::find(std::string_view name) const noexcept {
    const auto found = std::find(header.begin(), header.end(), name);
    return found == header.end() ? -1 : found - header.begin();
}

std::string Table::where(Index row) const {
    return source + ":" + std::to_string(line_numbers[static_cast<std::size_t>(row)]);
}

Table some_rows(const Table& table, const std::vector<Index>& rows, FeatureTable features) {
    Table out;
    out.source = table.source;
    out.delimiter = table.delimiter;
    std::vector<Index> texts;
    for (std::size_t j = 0; j < table.header.size(); ++j) {
        const bool feature = table.place[j] >= 0;
        if (feature && features.values.empty()) continue;
        out.header.push_back(table.header[j]);
        out.place.push_back(feature ? table.place[j] : -1 - static_cast<Index>(texts.size()));
        if (!feature) texts.push_back(-1 - table.place[j]);
    }
    out.text = TextCells(static_cast<Index>(texts.size()));
    for (const Index row : rows) {
        for (const Index column : texts) out.text.append(table.text.cell(row, column));
        out.line_numbers.push_back(table.line_numbers[static_cast<std::size_t>(row)]);
    }
    out.features = std::move(features);
    return out;
}

}  // namespace tare::data
