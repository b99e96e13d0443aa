// Moments of rows: groups features by their missing cells, accumulates the design side here and the values in the backend.
#include "tare/stats/moments.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "tare/base/error.hpp"
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

/// Those of `sites` that are not missing.
SiteRows without(const SiteRows& sites, const std::vector<Index>& missing) {
    SiteRows out{{}, {0}};
    for (std::size_t s = 0; s + 1 < sites.begin.size(); ++s) {
        for (Index i = sites.begin[s]; i < sites.begin[s + 1]; ++i) {
            const Index row = sites.rows[static_cast<std::size_t>(i)];
            if (!std::binary_search(missing.begin(), missing.end(), row)) out.rows.push_back(row);
        }
        out.begin.push_back(static_cast<Index>(out.rows.size()));
    }
    return out;
}

/// Calls `use(site, rows)` for piece after piece of the rows, each as long as the source can give and all of one site.
template <typename Use>
void for_each_piece(const SiteRows& sites, const data::RowSource& source, const Use& use) {
    const Index most = source.most_rows(static_cast<Index>(sites.rows.size()));
    const Index step =
        std::max(compute::accumulation_chunk, most / compute::accumulation_chunk * compute::accumulation_chunk);
    for (std::size_t s = 0; s + 1 < sites.begin.size(); ++s) {
        for (Index first = sites.begin[s]; first < sites.begin[s + 1]; first += step) {
            const Index count = std::min(step, sites.begin[s + 1] - first);
            use(static_cast<Index>(s),
                std::span(sites.rows).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count)));
        }
    }
}

/// The features whose moments are not finite at some site.
std::vector<Index> spoilt_features(const compute::FeatureMoments& values) {
    std::vector<Index> spoilt;
    for (Index f = 0; f < values.mean.columns(); ++f) {
        for (Index s = 0; s < values.mean.rows(); ++s) {
            if (std::isfinite(values.mean(s, f))) continue;
            spoilt.push_back(f);
            break;
        }
    }
    return spoilt;
}

/// The given features grouped by the list of training rows on which they are missing. Throws Error (65) for an infinite
/// value.
std::map<std::vector<Index>, std::vector<Index>> group_by_missing(const SiteRows& sites, data::RowSource& source,
                                                                  std::span<const Index> features,
                                                                  const data::Features& names, const data::Cohort& cohort) {
    std::vector<std::vector<Index>> missing(features.size());
    for_each_piece(sites, source, [&](Index, std::span<const Index> rows) {
        const base::RowPointers pointers = source.rows(rows);
        std::visit(
            [&](const auto& values) {
                for (std::size_t i = 0; i < rows.size(); ++i) {
                    for (std::size_t f = 0; f < features.size(); ++f) {
                        const auto value = values[i][features[f]];
                        if (std::isnan(value)) missing[f].push_back(rows[i]);
                        if (!std::isinf(value)) continue;
                        throw base::malformed(
                            cohort.where(rows[i]) + ": " + data::called(names, features[f]) + ": an infinite value",
                            "write NaN where a value is missing");
                    }
                }
            },
            pointers);
    });
    std::map<std::vector<Index>, std::vector<Index>> groups;
    for (std::size_t f = 0; f < missing.size(); ++f) {
        std::sort(missing[f].begin(), missing[f].end());
        groups[std::move(missing[f])].push_back(features[f]);
    }
    return groups;
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

/// Centres that never talk to each other arrive at the same salt: it follows from what the features are.
std::string salt_of(const data::Features& features) {
    std::string all = "tare training ids";
    if (features.kind() == data::FeatureKind::named) {
        std::vector<std::string> names = features.names();
        std::sort(names.begin(), names.end());
        for (const std::string& name : names) all += "\n" + name;
    } else if (features.kind() == data::FeatureKind::numbered) {
        all += "\ncolumns " + std::to_string(features.count());
    } else {
        all += "\ngrid " + data::shape_text(features.grid());
    }
    return base::sha256_hex(all).substr(0, 16);
}

TrainingRecord record_of(const data::TrainingSet& training, const data::Features& features, KeepIds keep_ids) {
    TrainingRecord record;
    record.n = static_cast<Index>(training.rows().size());
    if (keep_ids == KeepIds::no || !training.cohort().has_ids) return record;
    record.salt = salt_of(features);
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

std::vector<Index> rows_trained_on(const TrainingRecord& record, const data::Cohort& cohort, std::span<const Index> rows) {
    std::vector<Index> found;
    if (record.id_hashes.empty() || !cohort.has_ids) return found;
    for (const Index row : rows) {
        const auto i = static_cast<std::size_t>(row);
        const std::string hash = id_hash(record.salt, cohort.sites[i], cohort.ids[i]);
        if (std::binary_search(record.id_hashes.begin(), record.id_hashes.end(), hash)) found.push_back(row);
    }
    return found;
}

Moments moments_of(const data::TrainingSet& training, const MomentsRequest& request, data::RowSource& source,
                   const compute::Backend& backend, base::Workspace& workspace, base::Log& log) {
    const data::Cohort& cohort = training.cohort();
    Moments out;
    out.features = request.features;
    out.design = request.design;
    for (const Index row : training.rows()) out.sites.push_back(cohort.sites[static_cast<std::size_t>(row)]);
    std::sort(out.sites.begin(), out.sites.end());
    out.sites.erase(std::unique(out.sites.begin(), out.sites.end()), out.sites.end());
    out.training = record_of(training, request.features, request.keep_ids);

    const Matrix<double> codes = code_covariates(out.design, cohort, training.rows());
    const SiteRows sites = rows_by_site(training, out.sites);
    for (std::size_t s = 0; s < out.sites.size(); ++s) out.site_subjects.push_back(sites.begin[s + 1] - sites.begin[s]);
    const Index site_count = out.site_count(), features = out.feature_count(), terms = codes.columns();
    out.values = {workspace.matrix<double>(site_count, features), workspace.matrix<double>(site_count * terms, features),
                  workspace.matrix<double>(site_count, features)};
    out.pattern_of.assign(static_cast<std::size_t>(features), 0);

    const auto accumulate = [&](const SiteRows& rows, std::span<const Index> columns) {
        std::vector<compute::SiteAccumulation> state(out.sites.size());
        Index done = 0;
        for_each_piece(rows, source, [&](Index s, std::span<const Index> subjects) {
            compute::SiteAccumulation& site = state[static_cast<std::size_t>(s)];
            if (site.mean.empty()) {
                out.values.release();
                site.mean = out.values.mean.row(s);
                site.squares = out.values.squares.row(s);
                site.cross_products = out.values.cross_products.row_block(s * terms, terms);
            }
            backend.accumulate({source.rows(subjects), subjects, codes}, columns, site);
            done += static_cast<Index>(subjects.size());
            log.progress("reading", static_cast<double>(done) / static_cast<double>(rows.rows.size()));
        });
        std::vector<SiteDesign> pattern;
        for (std::size_t s = 0; s < out.sites.size(); ++s) {
            const auto begin = static_cast<std::size_t>(rows.begin[s]), end = static_cast<std::size_t>(rows.begin[s + 1]);
            pattern.push_back(site_design(codes, std::span(rows.rows).subspan(begin, end - begin)));
        }
        out.patterns.push_back(std::move(pattern));
    };

    // Most features have every value: one pass takes all for complete, and those that turn out not to be are done again.
    accumulate(sites, {});
    if (request.gaps == Gaps::spoil_features) return out;
    const std::vector<Index> spoilt = spoilt_features(out.values);
    if (static_cast<Index>(spoilt.size()) == features) out.patterns.clear();
    for (const auto& [missing, columns] : group_by_missing(sites, source, spoilt, request.features, cohort)) {
        for (const Index f : columns) {
            out.pattern_of[static_cast<std::size_t>(f)] = static_cast<Index>(out.patterns.size());
            for (Index s = 0; s < site_count; ++s) out.values.mean(s, f) = out.values.squares(s, f) = 0.0;
            for (Index row = 0; row < site_count * terms; ++row) out.values.cross_products(row, f) = 0.0;
        }
        accumulate(without(sites, missing), columns);
    }
    return out;
}

Moments moments_of(const data::TrainingSet& training, const compute::Backend& backend, KeepIds keep_ids) {
    const data::FeatureTable& features = training.cohort().features;
    data::MatrixRows source(features.values);
    base::Workspace workspace;
    base::SilentLog log;
    return moments_of(training,
                      {learn_design(training), data::Features::named(features.names), Gaps::missing_cells, keep_ids}, source,
                      backend, workspace, log);
}

Moments selected(const Moments& moments, std::span<const Index> features, base::Workspace& workspace) {
    Moments out;
    out.features = moments.features.selected(features);
    out.sites = moments.sites;
    out.site_subjects = moments.site_subjects;
    out.design = moments.design;
    out.patterns = moments.patterns;
    out.training = moments.training;
    out.transform = moments.transform;
    for (const Index f : features) out.pattern_of.push_back(moments.pattern_of[static_cast<std::size_t>(f)]);
    const auto gather = [&](const Matrix<double>& from) {
        Matrix<double> to = workspace.matrix<double>(from.rows(), static_cast<Index>(features.size()));
        for (Index row = 0; row < from.rows(); ++row) {
            const double* source = from.data() + row * from.columns();
            double* target = to.row(row).data();
            for (std::size_t i = 0; i < features.size(); ++i) target[i] = source[features[i]];
            from.release();
            to.release();
        }
        return to;
    };
    out.values = {gather(moments.values.mean), gather(moments.values.cross_products), gather(moments.values.squares)};
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
