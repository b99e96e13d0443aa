// The rows of one reference case of the field, coded as its peer codes them, and the tables that the peer gave.
#pragma once

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "support/places.hpp"
#include "support/table_values.hpp"
#include "tare/base/matrix.hpp"

namespace tare::test {

struct ReferenceRows {
    std::filesystem::path folder;
    std::vector<std::string> features;
    std::vector<std::string> site_names;
    std::vector<base::Index> site;
    std::vector<base::Index> subject;         ///< by first appearance; rows of one person share it
    base::Matrix<double> codes;               ///< age, sex = M, dx = PT
    std::vector<std::vector<double>> values;  ///< per feature

    /// A table of the peer: per feature a column.
    [[nodiscard]] std::vector<std::vector<double>> expected(const std::string& name) const {
        const data::Table table = read_numbers((folder / "expected" / name).string());
        std::vector<std::vector<double>> columns;
        for (const std::string& feature : features) columns.push_back(column(table, feature));
        return columns;
    }
};

/// The case, where the reference data lie beside the project.
[[nodiscard]] inline std::optional<ReferenceRows> reference_rows(const std::string& name) {
    const auto shared = shared_folder();
    if (!shared) return std::nullopt;
    ReferenceRows out;
    out.folder = *shared / "conformance" / name;
    const data::Table table = read_numbers((out.folder / "input.tsv").string(), {"site", "sex", "dx"});
    const auto texts = [&](const std::string& name_of_column) {
        std::vector<std::string> cells;
        for (base::Index i = 0; i < table.rows(); ++i) cells.emplace_back(table.text_cell(i, table.find(name_of_column)));
        return cells;
    };
    const std::vector<std::string> sites = texts("site"), sex = texts("sex"), dx = texts("dx");
    const std::vector<double> age = column(table, "age");
    out.site_names = sites;
    std::sort(out.site_names.begin(), out.site_names.end());
    out.site_names.erase(std::unique(out.site_names.begin(), out.site_names.end()), out.site_names.end());
    out.codes = base::Matrix<double>(static_cast<base::Index>(sites.size()), 3);
    for (std::size_t i = 0; i < sites.size(); ++i) {
        const auto row = static_cast<base::Index>(i);
        out.site.push_back(std::lower_bound(out.site_names.begin(), out.site_names.end(), sites[i]) -
                           out.site_names.begin());
        out.codes(row, 0) = age[i];
        out.codes(row, 1) = sex[i] == "M" ? 1.0 : 0.0;
        out.codes(row, 2) = dx[i] == "PT" ? 1.0 : 0.0;
    }
    std::vector<std::string> seen;
    for (const std::string& id : texts(table.header.front())) {
        const auto found = std::find(seen.begin(), seen.end(), id);
        out.subject.push_back(found - seen.begin());
        if (found == seen.end()) seen.push_back(id);
    }
    for (std::size_t j = 0; j < table.header.size(); ++j) {
        if (table.place[j] < 0 || table.header[j] == "age" || table.header[j] == "timepoint") continue;
        out.features.push_back(table.header[j]);
        out.values.push_back(column(table, table.header[j]));
    }
    return out;
}

}  // namespace tare::test
