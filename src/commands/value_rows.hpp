// The values of a cohort wherever they are, as they are harmonised: logarithms where these are asked for.
#pragma once

#include <optional>

#include "cohort_input.hpp"
#include "tare/stats/transform.hpp"

namespace tare::commands {

class ValueRows {
public:
    /// The values as they came. The input must outlive this.
    explicit ValueRows(const CohortInput& input)
        : in_memory_(input.cohort.features.values), source_(input.source ? input.source.get() : &in_memory_) {}
    ValueRows(const CohortInput& input, stats::Transform transform, stats::NotPositive policy) : ValueRows(input) {
        if (transform == stats::Transform::none) return;
        logarithms_.emplace(*source_, input.cohort, input.features, policy);
        source_ = &*logarithms_;
    }
    ValueRows(const ValueRows&) = delete;
    ValueRows& operator=(const ValueRows&) = delete;

    [[nodiscard]] data::RowSource& source() { return *source_; }

private:
    data::MatrixRows in_memory_;
    data::RowSource* source_;
    std::optional<stats::LogRows> logarithms_;
};

}  // namespace tare::commands
