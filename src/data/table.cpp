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

}  // namespace tare::data
