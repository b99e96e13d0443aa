// A table is read as text, so that no column's content is an error; columns of numbers are found afterwards.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <string_view>

#include "inspect_parts.hpp"
#include "tare/base/number_text.hpp"
#include "tare/io/table_reader.hpp"

namespace tare::io::detail {

namespace {

using base::Index;

struct Column {
    ValueSummary values;
    std::uint64_t texts = 0;
};

/// Cells lie row by row, so a few columns at a time are walked together.
std::vector<Column> columns_of(const data::Table& table, int threads) {
    constexpr Index together = 64;
    const auto count = static_cast<Index>(table.header.size());
    std::vector<Column> columns(table.header.size());
#pragma omp parallel for num_threads(threads) schedule(dynamic)
    for (Index first = 0; first < count; first += together) {
        const Index last = std::min(first + together, count);
        for (Index row = 0; row < table.rows(); ++row) {
            for (Index c = first; c < last; ++c) {
                Column& column = columns[static_cast<std::size_t>(c)];
                const std::string_view cell = table.text_cell(row, c);
                if (base::is_missing(cell)) {
                    column.values.add(std::numeric_limits<double>::quiet_NaN());
                } else if (const auto number = base::parse_number(cell)) {
                    column.values.add(*number);
                } else {
                    ++column.texts;
                }
            }
        }
    }
    return columns;
}

std::uint64_t distinct_texts(const data::Table& table, Index column) {
    std::set<std::string_view> texts;
    for (Index row = 0; row < table.rows(); ++row) {
        if (const std::string_view cell = table.text_cell(row, column); !base::is_missing(cell)) {
            texts.insert(cell);
        }
    }
    return texts.size();
}

SiteCounts count_sites(const data::Table& table, Index column) {
    std::map<std::string, std::uint64_t> counts;
    for (Index row = 0; row < table.rows(); ++row) {
        if (const std::string_view cell = table.text_cell(row, column); !base::is_missing(cell)) {
            ++counts[std::string(cell)];
        }
    }
    return {counts.begin(), counts.end()};
}

}  // namespace

TableInfo inspect_table(const std::string& path, const std::string& site_column, const base::Resources& resources,
                        std::string& sha256) {
    base::SilentLog log;
    const ReadTable read = read_table(path, all_text(), resources, log);
    const data::Table& table = read.table;
    sha256 = read.sha256;
    TableInfo info;
    info.rows = static_cast<std::uint64_t>(table.rows());
    info.columns = table.header.size();
    info.delimiter = table.delimiter;
    const std::vector<Column> columns = columns_of(table, resources.threads);
    for (std::size_t c = 0; c < columns.size(); ++c) {
        const ValueSummary& values = columns[c].values;
        if (columns[c].texts == 0 && values.finite > 0) {
            info.numeric.push_back({table.header[c], values});
        } else {
            info.text.push_back(
                {table.header[c], values.missing, distinct_texts(table, static_cast<Index>(c)), values.finite});
        }
    }
    if (const Index column = table.find(site_column); column >= 0) {
        info.site_column = site_column;
        info.sites = count_sites(table, column);
    }
    return info;
}

}  // namespace tare::io::detail
