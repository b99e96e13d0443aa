// Logarithms of some rows at a time.
#include "tare/stats/transform.hpp"

#include <cmath>
#include <limits>

#include "tare/base/number_text.hpp"

namespace tare::stats {
namespace {

/// Logarithms asked for at once, in all their rows: so many values.
constexpr data::Index most_values = data::Index{1} << 24;

}  // namespace

base::Error not_positive(const data::Cohort& cohort, data::Index subject, const data::Features& features,
                         data::Index feature, double value) {
    return base::inconsistent(
        cohort.where(subject) + ": " + data::called(features, feature) + ": " + base::number_text(value) +
            " has no logarithm",
        "--transform log is for positive measures; leave the feature out, or write n/a where the value "
        "is missing");
}

data::Index LogRows::most_rows(data::Index wanted) const {
    const data::Index at_once = std::max<data::Index>(16, most_values / std::max<data::Index>(1, features()));
    return std::min(source_.most_rows(wanted), std::max(at_once, std::min<data::Index>(wanted, 16)));
}

base::RowPointers LogRows::rows(std::span<const data::Index> subjects) {
    const auto count = static_cast<data::Index>(subjects.size()), columns = features();
    if (logarithms_.rows() < count) logarithms_ = base::Matrix<double>(count, columns);
    std::vector<const double*> pointers;
    std::visit(
        [&](const auto& rows) {
            for (std::size_t i = 0; i < subjects.size(); ++i) {
                const auto to = logarithms_.row(static_cast<data::Index>(i));
                for (data::Index f = 0; f < columns; ++f) {
                    const auto value = static_cast<double>(rows[i][f]);
                    if (value <= 0.0 && policy_ == NotPositive::fault)
                        throw not_positive(cohort_, subjects[i], features_, f, value);
                    to[static_cast<std::size_t>(f)] =
                        value > 0.0 ? std::log(value) : std::numeric_limits<double>::quiet_NaN();
                }
                pointers.push_back(to.data());
            }
        },
        source_.rows(subjects));
    return pointers;
}

}  // namespace tare::stats
