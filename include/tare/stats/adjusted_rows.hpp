// Rows as a model harmonises them: what the next batch variable of a sequence is fitted on.
#pragma once

#include "tare/data/row_source.hpp"
#include "tare/stats/application.hpp"

namespace tare::stats {

class AdjustedRows final : public data::RowSource {
public:
    /// Both must outlive this. For longitudinal models all rows are given at once, so that a person's visits come together.
    AdjustedRows(data::RowSource& source, Application& application, bool together)
        : source_(source), application_(application), together_(together) {}

    [[nodiscard]] Index features() const override { return source_.features(); }
    [[nodiscard]] Index most_rows(Index wanted) const override { return together_ ? wanted : source_.most_rows(wanted); }
    [[nodiscard]] base::RowPointers rows(std::span<const Index> subjects) override;

private:
    data::RowSource& source_;
    Application& application_;
    bool together_;
    base::Matrix<float> single_;
    base::Matrix<double> twice_;
};

}  // namespace tare::stats
