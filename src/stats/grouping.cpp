// Names are numbered in sorted order, so that nothing depends on which row a name stands in first.
#include "tare/stats/grouping.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "tare/base/error.hpp"

namespace tare::stats {

Grouping grouped(std::span<const std::string> name_of_row) {
    Grouping out;
    out.names.assign(name_of_row.begin(), name_of_row.end());
    std::sort(out.names.begin(), out.names.end());
    out.names.erase(std::unique(out.names.begin(), out.names.end()), out.names.end());
    out.rows.resize(out.names.size());
    out.of_row.reserve(name_of_row.size());
    for (const std::string& name : name_of_row) {
        const auto at = std::lower_bound(out.names.begin(), out.names.end(), name) - out.names.begin();
        out.rows[static_cast<std::size_t>(at)].push_back(static_cast<Index>(out.of_row.size()));
        out.of_row.push_back(at);
    }
    return out;
}

std::vector<std::string> quantile_strata(std::span<const double> values, Index bins) {
    if (bins < 1) throw base::usage_error("numbers cannot be cut into " + std::to_string(bins) + " bins");
    std::vector<std::string> out(values.size(), "n/a");
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::erase_if(order, [&](std::size_t i) { return std::isnan(values[i]); });
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
    for (std::size_t first = 0, end = 0; first < order.size(); first = end) {
        while (end < order.size() && values[order[end]] == values[order[first]]) ++end;
        // The middle rank of the ties, twice, among ranks that begin with 0.
        const std::size_t bin = static_cast<std::size_t>(bins) * (first + end - 1) / (2 * order.size());
        for (std::size_t i = first; i < end; ++i) out[order[i]] = std::to_string(bin + 1);
    }
    return out;
}

}  // namespace tare::stats
