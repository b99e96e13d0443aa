// Counting over sites and features, with the names of the first few in the messages.
#include "fit_summary.hpp"

#include <algorithm>
#include <cmath>

#include "tare/base/error.hpp"
#include "tare/base/text.hpp"

namespace tare::stats {
namespace {

/// What has to be named in a warning: all are counted, the first few keep their names.
class Mentioned {
public:
    template <typename Name>
    void add(const Name& name) {
        if (++count_ <= most) names_.push_back(name());
    }
    [[nodiscard]] bool any() const { return count_ > 0; }
    [[nodiscard]] std::size_t count() const { return count_; }
    /// "a, b, c and 7 more"
    [[nodiscard]] std::string names() const {
        return base::joined(names_) + (count_ > most ? " and " + std::to_string(count_ - most) + " more" : "");
    }
    /// "3 features (a, b, c)"
    [[nodiscard]] std::string listed(std::string_view noun) const {
        return base::counted(count_, noun) + " (" + names() + ")";
    }

private:
    static constexpr std::size_t most = 8;
    std::size_t count_ = 0;
    std::vector<std::string> names_;
};

/// Sites and cells that are adjusted less than others.
class DegenerateSites {
public:
    void add_cell(const CombatModel& model, Index s, Index f) {
        const auto cell = [&] { return model.features.name(f) + " at " + model.sites[static_cast<std::size_t>(s)]; };
        if (model.status(s, f) == CellStatus::constant) constant_.add(cell);
        if (model.status(s, f) == CellStatus::absent) absent_.add(cell);
    }
    void add_sites(const CombatModel& model) {
        for (std::size_t s = 0; s < model.sites.size(); ++s) {
            if (model.site_subjects[s] == 1) single_.add([&] { return model.sites[s]; });
        }
    }
    void warn(base::Log& log) const {
        if (single_.any()) log.warn(single_.listed("site") + " of one subject: adjusted in location only");
        if (constant_.any()) {
            log.warn(base::counted(constant_.count(), "time") + " a feature is constant within a site (" +
                     constant_.names() + "): adjusted in location only there");
        }
        if (absent_.any()) {
            log.warn(base::counted(absent_.count(), "time") + " a feature is without a value at a site (" + absent_.names() +
                     "): nothing can be applied there");
        }
    }

private:
    Mentioned single_, constant_, absent_;
};

}  // namespace

void check_site_sizes(const Moments& moments, Index least) {
    if (least <= 1) return;
    Mentioned small;
    for (std::size_t s = 0; s < moments.sites.size(); ++s) {
        const auto subjects = static_cast<double>(moments.site_subjects[s]);
        double fewest = subjects;
        Index at = 0;
        for (Index f = 0; f < moments.feature_count(); ++f) {
            const double n = moments.n(static_cast<Index>(s), f);
            if (n >= fewest) continue;
            fewest = n;
            at = f;
        }
        if (fewest >= static_cast<double>(least)) continue;
        small.add([&] {
            const std::string counted =
                base::counted(static_cast<std::size_t>(fewest), fewest < subjects ? "value" : "subject");
            return moments.sites[s] + " (" + counted + (fewest < subjects ? " of " + moments.features.name(at) : "") + ")";
        });
    }
    if (!small.any()) return;
    throw base::degenerate("fewer than --min-per-site " + std::to_string(least) + " at " +
                               base::counted(small.count(), "site") + ": " + small.names(),
                           "leave such sites out with --train-where, or features with --exclude");
}

std::vector<double> covariate_mean(const Moments& moments) {
    std::vector<double> features(moments.patterns.size(), 0.0);
    for (const Index pattern : moments.pattern_of) features[static_cast<std::size_t>(pattern)] += 1.0;
    Eigen::VectorXd sum = Eigen::VectorXd::Zero(moments.design.term_count());
    double values = 0.0;
    for (std::size_t p = 0; p < features.size(); ++p) {
        for (const SiteDesign& site : moments.patterns[p]) {
            if (site.n == 0.0) continue;
            sum += features[p] * site.n * site.covariate_mean;
            values += features[p] * site.n;
        }
    }
    if (values > 0.0) sum /= values;
    return {sum.begin(), sum.end()};
}

Matrix<double> observed_counts(const Moments& moments, base::Workspace& workspace) {
    bool gaps = false;
    for (const auto& pattern : moments.patterns) {
        for (std::size_t s = 0; s < moments.sites.size(); ++s)
            gaps = gaps || pattern[s].n < static_cast<double>(moments.site_subjects[s]);
    }
    if (!gaps) return {};
    Matrix<double> counts = workspace.matrix<double>(moments.site_count(), moments.feature_count());
    for (Index s = 0; s < counts.rows(); ++s) {
        for (Index f = 0; f < counts.columns(); ++f) counts(s, f) = moments.n(s, f);
    }
    return counts;
}

void warn_of_degenerate_cells(const CombatModel& model, const Moments& moments, base::Log& log) {
    Mentioned constant, empty, without_reference;
    DegenerateSites sites;
    for (Index f = 0; f < model.features.count(); ++f) {
        const auto name = [&] { return model.features.name(f); };
        bool any = false;
        for (std::size_t s = 0; s < model.sites.size(); ++s) any = any || moments.n(static_cast<Index>(s), f) > 0.0;
        if (!any) {
            empty.add(name);
            continue;
        }
        if (model.options.reference && std::isnan(model.grand_mean[static_cast<std::size_t>(f)])) {
            without_reference.add(name);
            continue;
        }
        if (model.pooled_variance[static_cast<std::size_t>(f)] == 0.0) constant.add(name);
        for (Index s = 0; s < model.status.rows(); ++s) sites.add_cell(model, s, f);
    }
    if (model.sites.size() > 1) sites.add_sites(model);
    if (model.sites.size() == 1) {
        log.warn("one site only ('" + model.sites.front() + "'): there is nothing to harmonise, values pass unchanged");
    }
    if (constant.any()) {
        log.warn(constant.listed("feature") + (constant.count() == 1 ? " is" : " are") +
                 " constant once sites and covariates are removed: passed through unchanged");
    }
    if (empty.any()) log.warn(empty.listed("feature") + " without a single value: left as they are");
    if (without_reference.any()) {
        log.warn(without_reference.listed("feature") + " without a value at the reference site " + *model.options.reference +
                 ": nothing can be applied there");
    }
    sites.warn(log);
}

void warn_of_degenerate_sites(const CombatModel& added, base::Log& log) {
    DegenerateSites sites;
    for (Index f = 0; f < added.features.count(); ++f) {
        for (Index s = 0; s < added.status.rows(); ++s) sites.add_cell(added, s, f);
    }
    sites.add_sites(added);
    sites.warn(log);
}

}  // namespace tare::stats
