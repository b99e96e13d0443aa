// Applying a frozen ComBat model: everything is matched by name and checked once, then subjects are adjusted, some or all at
// a time. Each harmonised value depends on the model and its own subject alone.
#pragma once

#include <limits>
#include <memory>
#include <optional>
#include <vector>

#include "tare/stats/combat.hpp"

namespace tare::stats {

enum class UnseenSite {
    error,  ///< refuse
    keep    ///< leave the subjects of such sites as they are, with a warning
};

/// What comes back for every value.
enum class Returned {
    harmonised,
    residuals  ///< the harmonised value less its expectation: the effects of covariates are taken away too
};

struct ApplyOptions {
    UnseenSite unseen = UnseenSite::error;
    Returned returned = Returned::harmonised;
    std::vector<std::string> hold_out = {};  ///< covariates whose training mean is used, so that they need not be known
    bool may_estimate = false;  ///< whether the caller could estimate an unseen site, so that a fault's hint offers it
};

class RowAdjustment;

class Application {
public:
    ~Application();
    /// Matches the sample's features (which may be fewer than the model's, in any order), sites, columns and levels by name.
    /// The model, the sample and the backend must outlive this. `rows`: the subjects that will be adjusted.
    /// Throws Error (65): unknown feature, site or level, missing covariate; (64) for a covariate to hold out that the model
    /// has not.
    Application(const CombatModel& model, const data::Cohort& sample, const data::Features& features,
                std::span<const Index> rows, const ApplyOptions& options, const compute::Backend& backend, base::Log& log);

    /// The model's position of a subject's site; -1 where it is unseen and kept.
    [[nodiscard]] Index site(Index subject) const { return sites_[static_cast<std::size_t>(subject)]; }

    /// Keeps what is needed of at most so many sites; the default is all.
    void hold_sites(Index most);

    /// Harmonises the values of these subjects (one row each, features in the sample's order) into `adjusted`, which has
    /// their precision and may be the values themselves. Missing cells stay missing. Throws Error (65): a value of a feature
    /// that the model has never seen at that site, values that are infinite, and those that overflow. For longitudinal
    /// models all visits of a person that there are must come in one call.
    void adjust(std::span<const Index> subjects, const base::RowPointers& values, const base::WritableRows& adjusted);

private:
    /// What the backend needs of one site, features in the sample's order.
    struct SiteTerms {
        std::vector<double> scale_change;
        std::vector<double> shift;  ///< σγ*/√δ*; where rows are adjusted one by one, without σ
    };
    template <typename T>
    void adjust_site_by_site(std::span<const Index> subjects, const std::vector<const T*>& values,
                             const std::vector<T*>& adjusted);
    template <typename T>
    void adjust_row_by_row(std::span<const Index> subjects, const std::vector<const T*>& values,
                           const std::vector<T*>& adjusted);
    const SiteTerms& terms_of(Index site);
    void check_absent(std::span<const Index> subjects, const base::RowPointers& values) const;
    void check_results(std::span<const Index> subjects, const base::RowPointers& values,
                       const base::WritableRows& adjusted) const;

    const CombatModel& model_;
    const data::Cohort& sample_;
    data::Features features_;
    const compute::Backend& backend_;
    std::vector<Index> matched_;  ///< the model's position of every feature of the sample
    std::vector<Index> sites_;
    bool any_absent_ = false;
    Matrix<double> codes_;
    std::vector<double> grand_mean_;
    Matrix<double> coefficients_;
    Matrix<double> scale_codes_;
    std::unique_ptr<const RowAdjustment> by_row_;  ///< for what the backend's one operation does not do
    std::vector<std::optional<SiteTerms>> site_terms_;
    std::vector<data::Cohort> seen_;                  ///< the sample as each further batch variable sees it
    std::vector<std::unique_ptr<Application>> next_;  ///< of those variables
    Index most_sites_ = std::numeric_limits<Index>::max();
    Index sites_held_ = 0;
};

/// Harmonises `sample.features` in place, all subjects.
void apply(const CombatModel& model, data::Cohort& sample, const ApplyOptions& options, const compute::Backend& backend,
           base::Log& log);

}  // namespace tare::stats
