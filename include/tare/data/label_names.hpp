// What the numbers of a segmentation stand for: the name of every label, and structures made of several labels.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tare::data {

using LabelNames = std::map<std::int32_t, std::string>;

/// A structure: the voxels that have one of these labels.
struct LabelGroup {
    std::string name;
    std::vector<std::int32_t> labels;
    friend bool operator==(const LabelGroup&, const LabelGroup&) = default;
};

/// The label that a text spells: a whole number that 32 bits hold; else nothing.
[[nodiscard]] std::optional<std::int32_t> parse_label(std::string_view text) noexcept;

}  // namespace tare::data
