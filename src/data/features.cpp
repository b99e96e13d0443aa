// Features by name, number or voxel.
#include "tare/data/features.hpp"

#include <utility>

#include "tare/base/text.hpp"

namespace tare::data {

Features::Features() : Features(FeatureKind::named, 0, {}) {}

Features::Features(FeatureKind kind, Index count, Description description)
    : kind_(kind), count_(count), description_(std::make_shared<const Description>(std::move(description))) {}

Features Features::named(std::vector<std::string> names) {
    const auto count = static_cast<Index>(names.size());
    return {FeatureKind::named, count, {std::move(names), {}, {}}};
}

Features Features::numbered(Index count) {
    return {FeatureKind::numbered, count, {}};
}

Features Features::voxels(Grid grid, std::vector<Index> inside) {
    const auto count = static_cast<Index>(inside.size());
    return {FeatureKind::voxels, count, {{}, std::move(grid), std::move(inside)}};
}

std::string Features::name(Index feature) const {
    const auto position = static_cast<std::size_t>(feature);
    if (kind_ == FeatureKind::named) return description_->names[position];
    if (kind_ == FeatureKind::numbered) {
        return "column " + std::to_string(description_->inside.empty() ? feature : description_->inside[position]);
    }
    Index rest = description_->inside[position];
    std::string text;
    for (const Index extent : description_->grid.shape) {
        text += (text.empty() ? "voxel (" : ", ") + std::to_string(rest % extent);
        rest /= extent;
    }
    return text + ")";
}

std::vector<std::string> Features::names() const {
    std::vector<std::string> all;
    all.reserve(static_cast<std::size_t>(count_));
    for (Index f = 0; f < count_; ++f) all.push_back(name(f));
    return all;
}

Features Features::selected(std::span<const Index> positions) const {
    Description chosen{{}, description_->grid, {}};
    for (const Index position : positions) {
        if (kind_ == FeatureKind::named) {
            chosen.names.push_back(description_->names[static_cast<std::size_t>(position)]);
        } else {
            const bool numbered = description_->inside.empty();
            chosen.inside.push_back(numbered ? position : description_->inside[static_cast<std::size_t>(position)]);
        }
    }
    return {kind_, static_cast<Index>(positions.size()), std::move(chosen)};
}

bool Features::same_as(const Features& other) const {
    if (kind_ != FeatureKind::voxels || other.kind_ != FeatureKind::voxels) return *this == other;
    return inside() == other.inside() && same_grid(grid(), other.grid());
}

bool operator==(const Features& a, const Features& b) {
    if (a.kind_ != b.kind_ || a.count_ != b.count_) return false;
    if (a.description_ == b.description_) return true;
    return a.description_->names == b.description_->names && a.description_->grid == b.description_->grid &&
           a.description_->inside == b.description_->inside;
}

std::string called(const Features& features, Index feature) {
    const std::string name = features.name(feature);
    if (features.kind() == FeatureKind::named) return "column '" + name + "'";
    return features.kind() == FeatureKind::numbered ? name + " of the matrix" : name;
}

std::string described(const Features& features) {
    const auto count = static_cast<std::size_t>(features.count());
    if (features.kind() == FeatureKind::named) return base::counted(count, "named feature");
    if (features.kind() == FeatureKind::numbered) return base::counted(count, "column") + " of a matrix";
    return base::counted(count, "voxel") + " of " + shape_text(features.grid());
}

}  // namespace tare::data
