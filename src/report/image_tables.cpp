// Cells of the tables on images.
#include <algorithm>

#include "plots.hpp"
#include "tables.hpp"
#include "tare/report/shown.hpp"

namespace tare::report::detail {

Table voxel_table(const Report& report) {
    Table table{.title = "Voxels of an image, mean over the people of a site",
                .header = {"Site", "images", "mean", "SD", "5 %", "median", "95 %", "mean", "SD", "5 %", "median", "95 %"},
                .rows = {},
                .groups = {{"before", 5}, {"after", 5}}};
    for (const Histograms& histograms : report.histograms) {
        for (std::size_t s = 0; s < std::min(report.sites.size(), histograms.before.sites.size()); ++s) {
            std::vector<std::string> row{report.sites[s].name, std::to_string(report.sites[s].n)};
            for (const VoxelValues* voxels : {&histograms.before, &histograms.after}) {
                const VoxelValues::Figures& figures = voxels->sites[s];
                for (const double value : {figures.mean, figures.sd, figures.p05, figures.median, figures.p95}) {
                    row.push_back(shown(value));
                }
            }
            table.rows.push_back(std::move(row));
        }
    }
    return table;
}

Table overlap_table(const Report& report) {
    Table table{
        .title = "What the histograms of two sites share", .header = {"Pairs of sites", "before", "after"}, .rows = {}};
    if (report.histograms.empty() || report.sites.size() < 2) {
        return table;
    }
    const VoxelValues& before = report.histograms.front().before;
    const VoxelValues& after = report.histograms.front().after;
    table.rows = {{"on average", shown_share(before.overlap), shown_share(after.overlap)},
                  {"the two that differ most", shown_share(before.least_overlap), shown_share(after.least_overlap)}};
    return table;
}

Table map_table(const Report& report) {
    Table table{.title = "Site-effect maps", .header = {"Map", "largest effect, 99 % of voxels below"}, .rows = {}};
    for (const Montage& montage : report.montages) {
        table.rows.push_back({montage.title, shown(montage.largest)});
    }
    return table;
}

}  // namespace tare::report::detail
