// Applying a model to some rows of a cohort in memory.
#include "tare/learn/harmonised_values.hpp"

#include <algorithm>

#include "tare/base/error.hpp"
#include "tare/stats/extension.hpp"

namespace tare::learn {
namespace {

/// The model with the sites of these rows that it has never seen; nothing where there is none.
std::optional<stats::CombatModel> with_new_sites(const stats::CombatModel& model, const data::Cohort& cohort,
                                                 std::span<const Index> rows, const compute::Backend& backend,
                                                 base::Log& log) {
    std::vector<bool> chosen(static_cast<std::size_t>(cohort.subjects()), false);
    bool any = false;
    for (const Index row : rows) {
        const auto i = static_cast<std::size_t>(row);
        chosen[i] = !std::binary_search(model.sites.begin(), model.sites.end(), cohort.sites[i]);
        any = any || chosen[i];
    }
    if (!any) return std::nullopt;
    if (stats::needs_rows(model.options))
        throw base::usage_error("--unseen-site estimate goes with methods that follow from moments alone");
    const data::TrainingSet newcomers = data::split_cohort(cohort, chosen).training;
    data::MatrixRows values(cohort.features.values);
    stats::LogRows logarithms(values, cohort, model.features, stats::NotPositive::fault);
    data::RowSource* source = &values;
    if (model.transform == stats::Transform::log) source = &logarithms;
    base::Workspace on_the_heap;
    stats::Moments moments =
        stats::moments_of(newcomers, {model.design, model.features, stats::Gaps::missing_cells, stats::KeepIds::no}, *source,
                          backend, on_the_heap, log);
    moments.transform = model.transform;
    return stats::extended(model, moments, backend, on_the_heap, log);
}

}  // namespace

Matrix<double> raw_values(const data::Cohort& cohort, std::span<const Index> rows) {
    Matrix<double> out(static_cast<Index>(rows.size()), cohort.features.values.columns());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::span<const double> from = cohort.features.values.row(rows[i]);
        std::copy(from.begin(), from.end(), out.row(static_cast<Index>(i)).begin());
    }
    return out;
}

Matrix<double> harmonised_values(const stats::CombatModel& model, const data::Cohort& cohort, const data::Cohort& people,
                                 std::span<const Index> rows, const ApplyChoice& choice, const compute::Backend& backend,
                                 base::Log& log) {
    if (choice.new_site == NewSite::estimate) {
        if (const auto more = with_new_sites(model, cohort, rows, backend, log))
            return harmonised_values(*more, cohort, people, rows, {NewSite::error, choice.hold_out}, backend, log);
    }
    const stats::ApplyOptions options{choice.new_site == NewSite::keep ? stats::UnseenSite::keep : stats::UnseenSite::error,
                                      stats::Returned::harmonised, choice.hold_out};
    stats::Application application(model, people, model.features, rows, options, backend, log);
    Matrix<double> out(static_cast<Index>(rows.size()), model.features.count());
    std::vector<const double*> from;
    std::vector<double*> to;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        from.push_back(cohort.features.values.row(rows[i]).data());
        to.push_back(out.row(static_cast<Index>(i)).data());
    }
    application.adjust(rows, from, to);
    return out;
}

}  // namespace tare::learn
