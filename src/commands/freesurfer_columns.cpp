// Names of FreeSurfer's measures.
#include "freesurfer_columns.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <string_view>

#include "tare/base/error.hpp"
#include "tare/base/text.hpp"
#include "text_table.hpp"

namespace tare::commands {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// A measure of regions: what --measures calls it, FreeSurfer's column in files of surfaces and of volumes, its unit.
struct RegionMeasure {
    std::string_view name, surface, volume, ending, unit;
};
constexpr std::array measures{RegionMeasure{"thickness", "ThickAvg", "", "_thickness_mm", "mm"},
                              RegionMeasure{"thickness_sd", "ThickStd", "", "_thickness_sd_mm", "mm"},
                              RegionMeasure{"area", "SurfArea", "", "_area_mm2", "mm^2"},
                              RegionMeasure{"volume", "GrayVol", "Volume_mm3", "_volume_mm3", "mm^3"},
                              RegionMeasure{"vertices", "NumVert", "", "_vertices", "unitless"},
                              RegionMeasure{"voxels", "", "NVoxels", "_voxels", "unitless"},
                              RegionMeasure{"mean", "", "normMean", "_mean", ""},
                              RegionMeasure{"sd", "", "normStdDev", "_sd", ""},
                              RegionMeasure{"mean_curvature", "MeanCurv", "", "_mean_curvature_per_mm", "mm^-1"},
                              RegionMeasure{"gaussian_curvature", "GausCurv", "", "_gaussian_curvature_per_mm2", "mm^-2"},
                              RegionMeasure{"folding_index", "FoldInd", "", "_folding_index", "unitless"},
                              RegionMeasure{"curvature_index", "CurvInd", "", "_curvature_index", "unitless"}};

/// How a unit ends a column's name: "_mm3" for "mm^3".
std::string unit_ending(const std::string& unit) {
    if (unit.empty() || unit == "unitless") return "";
    std::string out = "_";
    std::copy_if(unit.begin(), unit.end(), std::back_inserter(out), [](char c) { return c != '^'; });
    return out;
}

/// The measure that a global of a surface goes with; of volumes all are taken.
std::string_view measure_of_global(const std::string& name) {
    if (name == "MeanThickness") return "thickness";
    if (name == "WhiteSurfArea" || name == "PialSurfArea") return "area";
    return name == "NumVert" ? "vertices" : "volume";
}

bool names(const std::vector<std::string>& wanted, std::string_view measure) {
    return std::find(wanted.begin(), wanted.end(), measure) != wanted.end();
}

/// The position of a column, or nothing.
std::optional<std::size_t> place_of(const io::FreesurferStats& stats, std::string_view column) {
    const auto found = std::find(stats.columns.begin(), stats.columns.end(), column);
    if (found == stats.columns.end()) return std::nullopt;
    return static_cast<std::size_t>(found - stats.columns.begin());
}

bool is_of_volumes(const io::FreesurferStats& stats) {
    return place_of(stats, "Volume_mm3").has_value();
}

/// True where one of the columns that tell a region's size says that it has none.
bool is_absent(const io::FreesurferStats& stats, const io::FreesurferStats::Region& region) {
    return std::any_of(stats.columns.begin(), stats.columns.end(), [&](const std::string& column) {
        const bool size = column == "NVoxels" || column == "Volume_mm3" || column == "NumVert";
        return size && region.values[*place_of(stats, column)] == 0.0;
    });
}

/// A column of a file that is asked for.
struct Wanted {
    std::size_t place;
    std::string ending;
};

std::vector<Wanted> wanted_columns(const io::FreesurferStats& stats, const std::vector<std::string>& wanted) {
    const bool volumes = is_of_volumes(stats);
    std::vector<Wanted> out;
    for (const RegionMeasure& measure : measures) {
        if (!names(wanted, measure.name)) continue;
        const auto place = place_of(stats, volumes ? measure.volume : measure.surface);
        if (!place) continue;
        const std::string& unit = stats.units[*place];
        if (!measure.unit.empty() && !unit.empty() && unit != measure.unit) {
            throw base::inconsistent(stats.file.path + ": " + stats.columns[*place] + " is in " + unit + ", not in " +
                                     std::string(measure.unit));
        }
        out.push_back({*place, std::string(measure.ending)});
    }
    return out;
}

}  // namespace

std::vector<std::string> freesurfer_measures() {
    std::vector<std::string> out;
    for (const RegionMeasure& measure : measures) out.emplace_back(measure.name);
    return out;
}

std::vector<NamedValue> named_values(const io::FreesurferStats& stats, const std::vector<std::string>& wanted) {
    const std::string side = stats.hemisphere.empty() ? "" : stats.hemisphere + "_";
    std::vector<NamedValue> out;
    for (const io::FreesurferStats::Global& global : stats.globals) {
        const bool always = is_of_volumes(stats) || global.name == "eTIV";
        if (!always && !names(wanted, measure_of_global(global.name))) continue;
        // What is of the whole brain stands in the files of both sides.
        const bool of_side = !is_of_volumes(stats) && measure_of_global(global.name) != "volume";
        out.push_back({(of_side ? side : "") + global.name + unit_ending(global.unit), global.value});
    }
    const std::vector<Wanted> columns = wanted_columns(stats, wanted);
    for (const io::FreesurferStats::Region& region : stats.regions) {
        const bool absent = is_absent(stats, region);
        for (const Wanted& column : columns) {
            out.push_back({side + region.name + column.ending, absent ? not_a_number : region.values[column.place]});
        }
    }
    return out;
}

NamedValue named_cell(const std::string& column, const std::string& table, double value) {
    // What asegstats2table and aparcstats2table add of the whole brain, whatever the table measures.
    if (column == "EstimatedTotalIntraCranialVol" || column == "eTIV") return {"eTIV_mm3", value};
    const std::string_view whole[] = {"Vol", "VolNotVent", "VolNotVentSurf", "VolNotVentVox"};
    for (const std::string_view ending : whole) {
        if (column.ends_with(ending)) return {column + "_mm3", value};
    }
    if (column.ends_with("-to-eTIV") || column.ends_with("SurfaceHoles")) return {column, value};
    // "lh.aparc.thickness", "Measure:volume"; in tables of surfaces every column ends in "_thickness" already.
    const std::string measure = table.substr(table.find_last_of(".:") + 1);
    const auto known = std::find_if(measures.begin(), measures.end(), [&](const RegionMeasure& one) {
        return one.name == measure || (one.name == "thickness_sd" && measure == "thicknessstd");
    });
    if (known == measures.end()) return {column, value == 0.0 ? not_a_number : value};
    const std::string ending = "_" + measure;
    const std::string region = column.ends_with(ending) ? column.substr(0, column.size() - ending.size()) : column;
    // The same name that the .stats files' measure of the whole gets.
    if (region.ends_with("_MeanThickness") || region.ends_with("_WhiteSurfArea")) {
        return {region + unit_ending(std::string(known->unit)), value};
    }
    return {region + std::string(known->ending), value == 0.0 ? not_a_number : value};
}

bool GrowingTable::add(const std::string& subject, const NamedValue& value) {
    const auto [place, fresh] = place_.emplace(value.column, columns_.size());
    if (fresh) columns_.push_back(value.column);
    const auto [cell, first] = rows_[subject].emplace(place->second, value.value);
    if (first || std::isnan(value.value)) return true;
    if (std::isnan(cell->second)) {
        cell->second = value.value;
        return true;
    }
    constexpr double printed = 1e-3;
    return std::abs(cell->second - value.value) <= printed * std::abs(value.value);
}

void GrowingTable::write(const std::string& id_column, const std::vector<std::string>& subjects, io::Output& output,
                         const base::Resources& resources) const {
    std::vector<std::string> header{id_column};
    header.insert(header.end(), columns_.begin(), columns_.end());
    TextTable table(header);
    for (const std::string& subject : subjects) {
        std::vector<std::string> cells{subject};
        const auto row = rows_.find(subject);
        for (std::size_t column = 0; column < columns_.size(); ++column) {
            const bool there = row != rows_.end() && row->second.contains(column);
            cells.push_back(cell(there ? row->second.at(column) : not_a_number));
        }
        table.add(cells);
    }
    table.write(output, resources);
}

}  // namespace tare::commands
