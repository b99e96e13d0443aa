// Applying a frozen ComBat model: matches by name, checks everything, then adjusts each value on its own.
#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "tare/base/error.hpp"
#include "tare/base/text.hpp"
#include "tare/stats/combat.hpp"

namespace tare::stats {
namespace {

/// The model's position of every feature of the sample.
std::vector<Index> match_features(const CombatModel& model, const data::Cohort& sample) {
    std::unordered_map<std::string_view, Index> position;
    for (std::size_t f = 0; f < model.features.size(); ++f) position.emplace(model.features[f], static_cast<Index>(f));
    std::vector<Index> matched;
    for (const std::string& name : sample.features.names) {
        const auto found = position.find(name);
        if (found == position.end()) {
            throw base::inconsistent(sample.source + ": feature '" + name + "' is not in the model",
                                     base::did_you_mean(name, model.features));
        }
        matched.push_back(found->second);
    }
    return matched;
}

/// The model's position of every subject's site; -1 where it is unseen and kept.
std::vector<Index> match_sites(const CombatModel& model, const data::Cohort& sample, UnseenSite unseen, base::Log& log) {
    std::vector<Index> matched;
    std::vector<std::string> kept_sites;
    Index kept = 0;
    for (Index i = 0; i < sample.subjects(); ++i) {
        const std::string& site = sample.sites[static_cast<std::size_t>(i)];
        const auto found = std::lower_bound(model.sites.begin(), model.sites.end(), site);
        if (found != model.sites.end() && *found == site) {
            matched.push_back(found - model.sites.begin());
            continue;
        }
        if (unseen == UnseenSite::error) {
            const std::string meant = base::did_you_mean(site, model.sites);
            const std::string hint = (meant.empty() ? "the model knows " + base::joined(model.sites) + ";" : meant) +
                                     " --unseen-site keep leaves such rows as they are";
            throw base::inconsistent(sample.where(i) + ": site '" + site + "' is not in the model", hint);
        }
        matched.push_back(-1);
        ++kept;
        if (std::find(kept_sites.begin(), kept_sites.end(), site) == kept_sites.end()) kept_sites.push_back(site);
    }
    if (kept > 0) {
        log.warn(base::counted(static_cast<std::size_t>(kept), "subject") + " of sites that the model has never seen (" +
                 base::joined(kept_sites) + ") left as they are");
    }
    return matched;
}

/// What the backend needs, with the features in the sample's order.
struct Gathered {
    std::vector<double> grand_mean;
    Matrix<double> coefficients, scale_change, shift;
};

Gathered gather(const CombatModel& model, const std::vector<Index>& features) {
    const auto count = static_cast<Index>(features.size());
    const auto sites = static_cast<Index>(model.sites.size());
    Gathered out{std::vector<double>(features.size()), Matrix<double>(model.coefficients.rows(), count),
                 Matrix<double>(sites, count), Matrix<double>(sites, count)};
    for (Index f = 0; f < count; ++f) {
        const Index m = features[static_cast<std::size_t>(f)];
        out.grand_mean[static_cast<std::size_t>(f)] = model.grand_mean[static_cast<std::size_t>(m)];
        for (Index j = 0; j < model.coefficients.rows(); ++j) out.coefficients(j, f) = model.coefficients(j, m);
        const double sigma = std::sqrt(model.pooled_variance[static_cast<std::size_t>(m)]);
        for (Index s = 0; s < sites; ++s) {
            const double scale = 1.0 / std::sqrt(model.delta_star(s, m));
            out.scale_change(s, f) = scale - 1.0;
            out.shift(s, f) = sigma * model.gamma_star(s, m) * scale;
        }
    }
    return out;
}

void check_absent(const CombatModel& model, const data::Cohort& sample, const std::vector<Index>& features,
                  const std::vector<Index>& sites) {
    if (std::find(model.status.data(), model.status.data() + model.status.rows() * model.status.columns(),
                  CellStatus::absent) == model.status.data() + model.status.rows() * model.status.columns()) {
        return;
    }
    for (Index i = 0; i < sample.subjects(); ++i) {
        const Index s = sites[static_cast<std::size_t>(i)];
        if (s < 0) continue;
        for (Index f = 0; f < sample.features.features(); ++f) {
            if (model.status(s, features[static_cast<std::size_t>(f)]) != CellStatus::absent) continue;
            if (std::isnan(sample.features.values(i, f))) continue;
            const std::string& name = sample.features.names[static_cast<std::size_t>(f)];
            throw base::inconsistent(sample.where(i) + ": column '" + name + "': the training rows of site '" +
                                         model.sites[static_cast<std::size_t>(s)] +
                                         "' have no value of it, so it cannot be harmonised",
                                     "leave the feature out with --exclude '" + name + "'");
        }
    }
}

/// Refuses a sample in which an adjusted value is no longer a finite number.
void check_overflow(const data::Cohort& sample, const Matrix<double>& values) {
    for (Index i = 0; i < values.rows(); ++i) {
        const auto row = values.row(i);
        const auto bad = std::find_if(row.begin(), row.end(), [](double v) { return std::isinf(v); });
        if (bad != row.end()) {
            throw base::degenerate(sample.where(i) + ": column '" +
                                   sample.features.names[static_cast<std::size_t>(bad - row.begin())] +
                                   "': the harmonised value is too large for a number");
        }
    }
}

}  // namespace

void apply(const CombatModel& model, data::Cohort& sample, UnseenSite unseen, const compute::Backend& backend,
           base::Log& log) {
    const std::vector<Index> features = match_features(model, sample);
    const std::vector<Index> sites = match_sites(model, sample, unseen, log);
    std::vector<Index> known;
    for (Index i = 0; i < sample.subjects(); ++i) {
        if (sites[static_cast<std::size_t>(i)] >= 0) known.push_back(i);
    }
    const Matrix<double> codes = code_covariates(model.design, sample, known);
    warn_of_extrapolation(model.design, sample, known, log);
    check_absent(model, sample, features, sites);
    const Gathered gathered = gather(model, features);
    backend.adjust(sample.features.values, codes, sites,
                   {gathered.grand_mean, gathered.coefficients, gathered.scale_change, gathered.shift});
    check_overflow(sample, sample.features.values);
}

}  // namespace tare::stats
