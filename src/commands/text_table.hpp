// A table of results that a command makes: named columns of texts and numbers, written like every other table.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tare/base/resources.hpp"
#include "tare/data/table.hpp"
#include "tare/io/output.hpp"

namespace tare::commands {

class TextTable {
public:
    explicit TextTable(std::vector<std::string> header);

    /// Adds a row: one cell a column.
    void add(const std::vector<std::string>& cells);
    [[nodiscard]] data::Index rows() const noexcept { return table_.rows(); }
    /// Tab-separated, unless the output's name says otherwise. Throws Error (74).
    void write(io::Output& output, const base::Resources& resources) const;

private:
    data::Table table_;
};

/// A number as a cell; n/a where it is not a number.
[[nodiscard]] std::string cell(double value);

}  // namespace tare::commands
