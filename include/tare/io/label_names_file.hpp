// Files that name the labels of a segmentation, or put labels together to structures.
#pragma once

#include <string>
#include <vector>

#include "tare/base/log.hpp"
#include "tare/base/resources.hpp"
#include "tare/data/label_names.hpp"
#include "tare/io/input_file.hpp"

namespace tare::io {

struct LabelNamesFile {
    data::LabelNames names;
    InputFile file;
};

/// Reads a FreeSurfer colour table (FreeSurferColorLUT.txt: number, name, red, green, blue, alpha), a BIDS lookup table
/// (dseg.tsv: columns index and name), or an ITK-SNAP label description (number, red, green, blue, opacity, visible, mesh,
/// "name"); which a line is of, is told from its words. Label 0 is left out: it is background. Throws
/// Error: 66; 65 with FILE:LINE for a line of neither kind, a label that is no whole number, a label or a name twice;
/// 71; 74.
[[nodiscard]] LabelNamesFile read_label_names(const std::string& path, const base::Resources& resources, base::Log& log);

struct LabelGroupsFile {
    std::vector<data::LabelGroup> groups;  ///< in the order of their first lines
    InputFile file;
};

/// Reads a table with columns `structure` and `label`, a line for each label of a structure. A label may be in several
/// structures. Throws Error: 66; 65 with FILE:LINE for a missing column or name, or a label that is no whole number; 71; 74.
[[nodiscard]] LabelGroupsFile read_label_groups(const std::string& path, const base::Resources& resources, base::Log& log);

}  // namespace tare::io
