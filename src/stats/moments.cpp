// Moments of rows: groups features by their missing cells, accumulates the design side here and the values in the backend.
#include "tare/stats/moments.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "tare/base/sha256.hpp"

namespace tare::stats {
namespace {

/// The subjects of each site, in cohort order: rows grouped by site, with sites + 1 offsets.
struct SiteRows {
    std::vector<Index> rows;
    std::vector<Index> begin;
};

SiteRows rows_by_site(const data::TrainingSet& training, const std::vector<std::string>& sites) {
    std::vector<std::vector<Index>> grouped(sites.size());
    for (const Index row : training.rows()) {
        const auto found =
            std::lower_bound(sites.begin(), sites.end(), training.cohort().sites[static_cast<std::size_t>(row)]);
        grouped[static_cast<std::size_t>(found - sites.begin())].push_back(row);
    }
    SiteRows out{{}, {0}};
    for (const auto& rows : grouped) {
        out.rows.insert(out.rows.end(), rows.begin(), rows.end());
        out.begin.push_back(static_cast<Index>(out.rows.size()));
    }
    return out;
}

/// Features grouped by the list of training rows on which they are missing.
std::map<std::vector<Index>, std::vector<Index>> group_by_missing(const Matrix<double>& values,
                                                                  const std::vector<Index>& rows) {
    std::vector<std::vector<Index>> missing(static_cast<std::size_t>(values.columns()));
    for (const Index row : rows) {
        const auto cells = values.row(row);
        for (std::size_t f = 0; f < cells.size(); ++f) {
            if (std::isnan(cells[f])) missing[f].push_back(row);
        }
    }
    std::map<std::vector<Index>, std::vector<Index>> groups;
    for (std::size_t f = 0; f < missing.size(); ++f) groups[std::move(missing[f])].push_back(static_cast<Index>(f));
    return groups;
}

compute::ObservedRows observed_rows(const SiteRows& sites, const std::vector<Index>& missing, std::vector<Index> columns) {
    compute::ObservedRows out{std::move(columns), {}, {0}};
    for (std::size_t s = 0; s + 1 < sites.begin.size(); ++s) {
        for (Index i = sites.begin[s]; i < sites.begin[s + 1]; ++i) {
            const Index row = sites.rows[static_cast<std::size_t>(i)];
            if (!std::binary_search(missing.begin(), missing.end(), row)) out.rows.push_back(row);
        }
        out.site_begin.push_back(static_cast<Index>(out.rows.size()));
    }
    return out;
}

SiteDesign site_design(const Matrix<double>& codes, std::span<const Index> rows) {
    const Index terms = codes.columns();
    SiteDesign out{static_cast<double>(rows.size()), Eigen::VectorXd::Zero(terms), Eigen::MatrixXd::Zero(terms, terms)};
    if (rows.empty()) return out;
    for (const Index row : rows) out.covariate_mean += Eigen::Map<const Eigen::VectorXd>(codes.data() + row * terms, terms);
    out.covariate_mean /= out.n;
    for (const Index row : rows) {
        const Eigen::VectorXd centred =
            Eigen::Map<const Eigen::VectorXd>(codes.data() + row * terms, terms) - out.covariate_mean;
        out.scatter += centred * centred.transpose();
    }
    return out;
}

TrainingRecord record_of(const data::TrainingSet& training, KeepIds keep_ids) {
    TrainingRecord record;
    record.n = static_cast<Index>(training.rows().size());
    if (keep_ids == KeepIds::no || !training.cohort().has_ids) return record;
    std::vector<std::string> names = training.cohort().features.names;
    std::sort(names.begin(), names.end());
    std::string all = "tare training ids";
    for (const std::string& name : names) all += "\n" + name;
    record.salt = base::sha256_hex(all).substr(0, 16);
    for (const Index row : training.rows()) {
        const auto i = static_cast<std::size_t>(row);
        record.id_hashes.push_back(id_hash(record.salt, training.cohort().sites[i], training.cohort().ids[i]));
    }
    std::sort(record.id_hashes.begin(), record.id_hashes.end());
    return record;
}

}  // namespace

std::string id_hash(const std::string& salt, const std::string& site, const std::string& id) {
    return base::sha256_hex(salt + "\n" + site + "\n" + id).substr(0, 16);
}

Moments moments_of(const data::TrainingSet& training, const compute::Backend& backend, KeepIds keep_ids) {
    const data::Cohort& cohort = training.cohort();
    Moments out;
    out.features = cohort.features.names;
    out.design = learn_design(training);
    for (const Index row : training.rows()) out.sites.push_back(cohort.sites[static_cast<std::size_t>(row)]);
    std::sort(out.sites.begin(), out.sites.end());
    out.sites.erase(std::unique(out.sites.begin(), out.sites.end()), out.sites.end());
    out.training = record_of(training, keep_ids);

    const Matrix<double> codes = code_covariates(out.design, cohort, training.rows());
    const SiteRows sites = rows_by_site(training, out.sites);
    for (std::size_t s = 0; s < out.sites.size(); ++s) out.site_subjects.push_back(sites.begin[s + 1] - sites.begin[s]);

    std::vector<compute::ObservedRows> groups;
    out.pattern_of.resize(cohort.features.names.size());
    for (auto& [missing, columns] : group_by_missing(cohort.features.values, training.rows())) {
        for (const Index f : columns) out.pattern_of[static_cast<std::size_t>(f)] = static_cast<Index>(groups.size());
        groups.push_back(observed_rows(sites, missing, columns));
        std::vector<SiteDesign> pattern;
        for (std::size_t s = 0; s < out.sites.size(); ++s) {
            const auto begin = static_cast<std::size_t>(groups.back().site_begin[s]);
            const auto end = static_cast<std::size_t>(groups.back().site_begin[s + 1]);
            pattern.push_back(site_design(codes, std::span(groups.back().rows).subspan(begin, end - begin)));
        }
        out.patterns.push_back(std::move(pattern));
    }
    out.values = backend.accumulate(cohort.features.values, codes, out.site_count(), groups);
    return out;
}

std::vector<std::string> revealing_sites(const Moments& moments) {
    const double enough = static_cast<double>(moments.design.term_count()) + 1.0;
    std::vector<std::string> names;
    for (std::size_t s = 0; s < moments.sites.size(); ++s) {
        const bool reveals = std::any_of(moments.patterns.begin(), moments.patterns.end(),
                                         [&](const auto& pattern) { return pattern[s].n > 0.0 && pattern[s].n <= enough; });
        if (reveals) names.push_back(moments.sites[s]);
    }
    return names;
}

std::vector<std::string> sites_with_revealing_gaps(const Moments& moments) {
    const double enough = static_cast<double>(moments.design.term_count()) + 1.0;
    std::vector<std::string> names;
    for (std::size_t s = 0; s < moments.sites.size(); ++s) {
        std::set<double> counts;
        for (const auto& pattern : moments.patterns) counts.insert(pattern[s].n);
        const auto close =
            std::adjacent_find(counts.begin(), counts.end(), [&](double a, double b) { return b - a <= enough; });
        if (moments.design.term_count() > 0 && close != counts.end()) names.push_back(moments.sites[s]);
    }
    return names;
}

}  // namespace tare::stats
