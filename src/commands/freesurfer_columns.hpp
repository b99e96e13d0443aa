// What FreeSurfer measured, by the names and units that tare gives it: one row for each subject, one column for each measure
// of each region.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tare/io/freesurfer_stats.hpp"
#include "tare/io/output.hpp"

namespace tare::commands {

/// What --measures may name, in the order of their columns.
[[nodiscard]] std::vector<std::string> freesurfer_measures();

struct NamedValue {
    std::string column;
    double value = 0.0;  ///< not a number where the region is absent
};

/// The measures of one file: of the whole ("eTIV_mm3", "lh_MeanThickness_mm"), then of each region
/// ("Left-Hippocampus_volume_mm3", "lh_cuneus_thickness_mm"). A region that has no voxel or no vertex is absent.
/// Throws Error (65) where the file has another unit than the column's name says.
[[nodiscard]] std::vector<NamedValue> named_values(const io::FreesurferStats& stats, const std::vector<std::string>& wanted);

/// One cell of a table of aparcstats2table or asegstats2table. `table`: what the table's first header cell tells, as in
/// "lh.aparc.thickness" or "Measure:volume". A region of 0 is absent.
[[nodiscard]] NamedValue named_cell(const std::string& column, const std::string& table, double value);

/// Rows that grow columns: in the order in which they are first seen.
class GrowingTable {
public:
    /// Adds a value to a subject's row. Returns false where the subject has another value there: more than a thousandth
    /// away.
    [[nodiscard]] bool add(const std::string& subject, const NamedValue& value);
    /// The columns; of `subjects` in their order. What none has told is n/a.
    void write(const std::string& id_column, const std::vector<std::string>& subjects, io::Output& output,
               const base::Resources& resources) const;
    [[nodiscard]] std::size_t columns() const noexcept { return columns_.size(); }

private:
    std::vector<std::string> columns_;
    std::map<std::string, std::size_t> place_;
    std::map<std::string, std::map<std::size_t, double>> rows_;
};

}  // namespace tare::commands
