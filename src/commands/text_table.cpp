// Result tables out of texts.
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

}  // namespace tare::commands
