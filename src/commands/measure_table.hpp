// What was measured in many images as one table: a row for each image with columns <structure>_<measure>, or a row for each
// image and structure.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tare/base/resources.hpp"
#include "tare/cli/command_spec.hpp"
#include "tare/cli/parsed_options.hpp"
#include "tare/io/output.hpp"

namespace tare::commands {

enum class TableLayout : unsigned char { wide, by_structure };

/// --layout wide|long.
[[nodiscard]] cli::OptionSpec layout_option(const std::string& usual);
[[nodiscard]] TableLayout layout_of(const cli::ParsedOptions& options);

/// What was measured of one structure.
struct StructureValues {
    /// Where its columns stand: by the number first, then by the name.
    long long order = 0;
    /// Empty where the whole image is measured: its columns are the measures alone.
    std::string structure;
    /// One for each measure of the table; not a number where it could not be measured, which is written n/a.
    std::vector<double> values;
};

class MeasureTable {
public:
    /// `keys`: the columns that tell rows apart. `measures`: their names, with the unit as their end where they have one.
    MeasureTable(std::vector<std::string> keys, std::vector<std::string> measures, TableLayout layout);

    /// A structure that every row has, n/a where it was not measured.
    void expect(long long order, const std::string& structure) { structures_.emplace(order, structure); }
    /// Adds what was measured in one image; structures that others have and this has not are n/a, never 0.
    void add(std::vector<std::string> keys, const std::vector<StructureValues>& measured);
    /// Tab-separated, unless the output's name says otherwise. Throws Error: 65 where two columns would have one name; 74.
    void write(io::Output& output, const base::Resources& resources) const;

private:
    [[nodiscard]] std::vector<std::string> header() const;

    using Place = std::pair<long long, std::string>;
    struct Row {
        std::vector<std::string> keys;
        std::map<Place, std::vector<double>> values;
    };

    std::vector<std::string> keys_, measures_;
    TableLayout layout_;
    /// In the order of their columns.
    std::set<Place> structures_;
    std::vector<Row> rows_;
};

}  // namespace tare::commands
