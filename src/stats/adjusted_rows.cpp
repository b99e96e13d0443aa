// Adjusting into a buffer of the rows' own precision, so that a fit sees what an apply will give.
#include "tare/stats/adjusted_rows.hpp"

namespace tare::stats {

base::RowPointers AdjustedRows::rows(std::span<const Index> subjects) {
    const auto count = static_cast<Index>(subjects.size());
    const base::RowPointers values = source_.rows(subjects);
    return std::visit(
        [&]<typename T>(const std::vector<const T*>&) {
            base::Matrix<T>* buffer = nullptr;
            if constexpr (std::is_same_v<T, float>) {
                buffer = &single_;
            } else {
                buffer = &twice_;
            }
            if (buffer->rows() < count) *buffer = base::Matrix<T>(count, features());
            std::vector<T*> targets;
            for (Index i = 0; i < count; ++i) targets.push_back(buffer->row(i).data());
            application_.adjust(subjects, values, targets);
            return base::RowPointers(std::vector<const T*>(targets.begin(), targets.end()));
        },
        values);
}

}  // namespace tare::stats
