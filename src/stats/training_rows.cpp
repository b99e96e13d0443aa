// Copying rows out of their source, and sorting features by what they miss.
#include "tare/stats/training_rows.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace tare::stats {
namespace {

/// The given rows of a matrix that has a row for every subject.
Matrix<double> picked(const Matrix<double>& codes, std::span<const Index> rows) {
    Matrix<double> out(static_cast<Index>(rows.size()), codes.columns());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        for (Index j = 0; j < codes.columns(); ++j) out(static_cast<Index>(i), j) = codes(rows[i], j);
    }
    return out;
}

}  // namespace

TrainingRows training_rows(const data::TrainingSet& training, const Moments& moments, const Design& scale_design,
                           data::RowSource& source, base::Workspace& workspace, base::Log& log) {
    const data::Cohort& cohort = training.cohort();
    const std::vector<Index>& rows = training.rows();
    TrainingRows out;
    out.codes = picked(code_covariates(moments.design, cohort, rows), rows);
    out.scale_codes = picked(code_covariates(scale_design, cohort, rows), rows);
    std::map<std::string, Index> people;
    for (const Index row : rows) {
        const auto i = static_cast<std::size_t>(row);
        out.site.push_back(std::lower_bound(moments.sites.begin(), moments.sites.end(), cohort.sites[i]) -
                           moments.sites.begin());
        if (!cohort.people.empty())
            out.person.push_back(people.emplace(cohort.people[i], static_cast<Index>(people.size())).first->second);
    }
    out.people = static_cast<Index>(people.size());

    const auto count = static_cast<Index>(rows.size());
    out.values = workspace.matrix<double>(count, source.features());
    const Index step = source.most_rows(count);
    for (Index first = 0; first < count; first += step) {
        const std::span<const Index> some = std::span(rows).subspan(static_cast<std::size_t>(first),
                                                                    static_cast<std::size_t>(std::min(step, count - first)));
        std::visit(
            [&](const auto& pointers) {
                for (std::size_t i = 0; i < some.size(); ++i) {
                    const auto to = out.values.row(first + static_cast<Index>(i));
                    std::copy_n(pointers[i], to.size(), to.begin());
                }
            },
            source.rows(some));
        out.values.release();
        log.progress("reading once more",
                     static_cast<double>(first + static_cast<Index>(some.size())) / static_cast<double>(count));
    }
    return out;
}

std::vector<ObservedGroup> observed_groups(const Matrix<double>& values) {
    std::vector<std::vector<Index>> missing(static_cast<std::size_t>(values.columns()));
    for (Index i = 0; i < values.rows(); ++i) {
        const std::span<const double> row = values.row(i);
        for (std::size_t f = 0; f < row.size(); ++f) {
            if (std::isnan(row[f])) missing[f].push_back(i);
        }
        if (i % 64 == 0) values.release();
    }
    std::map<std::vector<Index>, ObservedGroup> groups;
    for (std::size_t f = 0; f < missing.size(); ++f) groups[missing[f]].features.push_back(static_cast<Index>(f));
    std::vector<ObservedGroup> out;
    for (auto& [absent, group] : groups) {
        for (Index i = 0; i < values.rows(); ++i) {
            if (!std::binary_search(absent.begin(), absent.end(), i)) group.rows.push_back(i);
        }
        out.push_back(std::move(group));
    }
    return out;
}

}  // namespace tare::stats
