// What the numbers of a segmentation stand for: the name of every label, and structures made of several labels.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace tare::data {

using LabelNames = std::map<std::int32_t, std::string>;

/// A structure: the voxels that have one of these labels.
struct LabelGroup {
    std::string name;
    std::vector<std::int32_t> labels;
    friend bool operator==(const LabelGroup&, const LabelGroup&) = default;
};

}  // namespace tare::data
