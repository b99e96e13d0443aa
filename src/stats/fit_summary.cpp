// Counting over sites and features, with the names of the first few in the messages.
#include "fit_summary.hpp"

#include <algorithm>

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

}  // namespace

void check_site_sizes(const Moments& moments, Index least) {
    if (least <= 1) return;
    Mentioned small;
    for (std::size_t s = 0; s < moments.sites.size(); ++s) {
        double fewest = static_cast<double>(moments.site_subjects[s]);
        Index features = 0;
        for (Index f = 0; f < moments.feature_count(); ++f) {
            const double n = moments.n(static_cast<Index>(s), f);
            fewest = std::min(fewest, n);
            if (n < static_cast<double>(least)) ++features;
        }
        if (features == 0) continue;
        small.add([&] {
            return moments.sites[s] + " (" + std::to_string(static_cast<Index>(fewest)) +
                   (features < moments.feature_count() ? " values of some feature)" : " subjects)");
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
    Mentioned constant, single, empty, constant_cells, absent_cells;
    for (Index f = 0; f < model.features.count(); ++f) {
        const auto name = [&] { return model.features.name(f); };
        bool any = false;
        for (std::size_t s = 0; s < model.sites.size(); ++s) any = any || moments.n(static_cast<Index>(s), f) > 0.0;
        if (!any) {
            empty.add(name);
            continue;
        }
        if (model.pooled_variance[static_cast<std::size_t>(f)] == 0.0) constant.add(name);
        for (std::size_t s = 0; s < model.sites.size(); ++s) {
            const CellStatus status = model.status(static_cast<Index>(s), f);
            const auto cell = [&] { return model.features.name(f) + " at " + model.sites[s]; };
            if (status == CellStatus::constant) constant_cells.add(cell);
            if (status == CellStatus::absent) absent_cells.add(cell);
        }
    }
    for (std::size_t s = 0; s < model.sites.size(); ++s) {
        if (model.site_subjects[s] == 1) single.add([&] { return model.sites[s]; });
    }
    if (model.sites.size() == 1) {
        log.warn("one site only ('" + model.sites.front() + "'): there is nothing to harmonise, values pass unchanged");
    }
    if (constant.any()) {
        log.warn(constant.listed("feature") + (constant.count() == 1 ? " is" : " are") +
                 " constant once sites and covariates are removed: passed through unchanged");
    }
    if (empty.any()) log.warn(empty.listed("feature") + " without a single value: left as they are");
    if (single.any() && model.sites.size() > 1)
        log.warn(single.listed("site") + " of one subject: adjusted in location only");
    if (constant_cells.any()) {
        log.warn(base::counted(constant_cells.count(), "time") + " a feature is constant within a site (" +
                 constant_cells.names() + "): adjusted in location only there");
    }
    if (absent_cells.any()) {
        log.warn(base::counted(absent_cells.count(), "time") + " a feature is without a value at a site (" +
                 absent_cells.names() + "): nothing can be applied there");
    }
}

}  // namespace tare::stats
