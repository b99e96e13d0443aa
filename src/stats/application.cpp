// Matches a sample to a model by name, prepares what each site needs when its first subject comes, and adjusts.
#include "tare/stats/application.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <unordered_map>

#include "feature_matching.hpp"
#include "row_adjustment.hpp"
#include "tare/base/error.hpp"
#include "tare/base/parallel.hpp"
#include "tare/base/text.hpp"

namespace tare::stats {
namespace {

/// The model's position of every subject's site; -1 where it is unseen and kept.
std::vector<Index> match_sites(const CombatModel& model, const data::Cohort& sample, std::span<const Index> rows,
                               const ApplyOptions& options, base::Log& log) {
    std::vector<Index> matched(static_cast<std::size_t>(sample.subjects()), -1);
    std::vector<std::string> kept_sites;
    Index kept = 0;
    for (const Index i : rows) {
        const std::string& site = sample.sites[static_cast<std::size_t>(i)];
        const auto found = std::lower_bound(model.sites.begin(), model.sites.end(), site);
        if (found != model.sites.end() && *found == site) {
            matched[static_cast<std::size_t>(i)] = found - model.sites.begin();
            continue;
        }
        if (options.unseen == UnseenSite::error) {
            const std::string meant = base::did_you_mean(site, model.sites);
            const std::string policies = options.may_estimate && model.next.empty()
                                             ? " --unseen-site estimate learns the site from such rows, keep leaves them as "
                                               "they are"
                                             : " --unseen-site keep leaves such rows as they are";
            const std::string hint =
                (meant.empty() ? "the model knows " + base::joined(model.sites) + ";" : meant) + policies;
            throw base::inconsistent(sample.where(i) + ": site '" + site + "' is not in the model", hint);
        }
        ++kept;
        if (std::find(kept_sites.begin(), kept_sites.end(), site) == kept_sites.end()) kept_sites.push_back(site);
    }
    if (kept > 0) {
        log.warn(base::counted(static_cast<std::size_t>(kept), "subject") + " of sites that the model has never seen (" +
                 base::joined(kept_sites) + ") left as they are");
    }
    return matched;
}

base::RowPointers readable(const base::WritableRows& rows) {
    return std::visit(
        []<typename T>(const std::vector<T*>& targets) {
            return base::RowPointers(std::vector<const T*>(targets.begin(), targets.end()));
        },
        rows);
}

void check_held_out(const CombatModel& model, const std::vector<std::string>& names) {
    std::vector<std::string> known;
    for (const Design* design : {&model.design, &model.scale_design}) {
        for (const DesignColumn& column : design->columns) known.push_back(column.name);
    }
    for (const std::string& name : names) {
        if (std::find(known.begin(), known.end(), name) == known.end()) {
            throw base::usage_error("--hold-out-covariates: the model has no covariate '" + name + "'",
                                    base::did_you_mean(name, known));
        }
    }
}

}  // namespace

Application::~Application() = default;

Application::Application(const CombatModel& model, const data::Cohort& sample, const data::Features& features,
                         std::span<const Index> rows, const ApplyOptions& options, const compute::Backend& backend,
                         base::Log& log)
    : model_(model),
      sample_(sample),
      features_(features),
      backend_(backend),
      matched_(match_features(model.features, features, sample.source)),
      sites_(match_sites(model, sample, rows, options, log)),
      grand_mean_(matched_.size()),
      coefficients_(model.coefficients.rows(), static_cast<Index>(matched_.size())),
      site_terms_(model.sites.size()) {
    std::vector<Index> known;
    for (const Index row : rows) {
        if (site(row) >= 0) known.push_back(row);
    }
    check_held_out(model, options.hold_out);
    const HeldOut held{options.hold_out, model.covariate_mean}, held_scale{options.hold_out, model.scale_covariate_mean};
    codes_ = code_covariates(model.design, sample, known, held);
    scale_codes_ = code_covariates(model.scale_design, sample, known, held_scale);
    warn_of_extrapolation(model.design, sample, known, log, options.hold_out);
    const Returned returned = model.next.empty() ? options.returned : Returned::harmonised;
    if (RowAdjustment::needed(model, returned))
        by_row_ = std::make_unique<const RowAdjustment>(model, matched_, returned, sample.source);
    const std::span<const CellStatus> status(model.status.data(), static_cast<std::size_t>(model.status.size()));
    any_absent_ = std::find(status.begin(), status.end(), CellStatus::absent) != status.end();
    model.status.release();
    for (std::size_t f = 0; f < matched_.size(); ++f) {
        grand_mean_[f] = model.grand_mean[static_cast<std::size_t>(matched_[f])];
    }
    for (Index j = 0; j < coefficients_.rows(); ++j) {
        const double* from = model.coefficients.data() + j * model.coefficients.columns();
        double* to = coefficients_.row(j).data();
        for (std::size_t f = 0; f < matched_.size(); ++f) to[f] = from[matched_[f]];
    }
    if (sample.more_sites.size() < model.next.size())
        throw base::inconsistent(sample.source + ": the model has more batch variables than are named");
    for (std::size_t k = 0; k < model.next.size(); ++k) seen_.push_back(sample.seen_by(k + 1));
    for (std::size_t k = 0; k < model.next.size(); ++k) {
        const ApplyOptions own{options.unseen, k + 1 == model.next.size() ? options.returned : Returned::harmonised,
                               options.hold_out};
        next_.push_back(std::make_unique<Application>(model.next[k], seen_[k], features, rows, own, backend, log));
    }
}

void Application::hold_sites(Index most) {
    most_sites_ = most;
    for (const auto& next : next_) next->hold_sites(most);
}

const Application::SiteTerms& Application::terms_of(Index site) {
    auto& terms = site_terms_[static_cast<std::size_t>(site)];
    if (terms) return *terms;
    if (sites_held_ >= most_sites_) {
        std::fill(site_terms_.begin(), site_terms_.end(), std::nullopt);
        sites_held_ = 0;
    }
    terms.emplace();
    ++sites_held_;
    terms->scale_change.resize(matched_.size());
    terms->shift.resize(matched_.size());
    const double* gamma_star = model_.gamma_star.data() + site * model_.gamma_star.columns();
    const double* delta_star = model_.delta_star.data() + site * model_.delta_star.columns();
    for (std::size_t f = 0; f < matched_.size(); ++f) {
        const Index m = matched_[f];
        const double sigma = by_row_ ? 1.0 : std::sqrt(model_.pooled_variance[static_cast<std::size_t>(m)]);
        const double scale = 1.0 / std::sqrt(delta_star[m]);
        terms->scale_change[f] = scale - 1.0;
        terms->shift[f] = sigma * gamma_star[m] * scale;
    }
    model_.gamma_star.release();
    model_.delta_star.release();
    return *terms;
}

void Application::check_absent(std::span<const Index> subjects, const base::RowPointers& values) const {
    if (!any_absent_) return;
    std::visit(
        [&](const auto& rows) {
            for (std::size_t i = 0; i < subjects.size(); ++i) {
                const Index s = site(subjects[i]);
                if (s < 0) continue;
                for (std::size_t f = 0; f < matched_.size(); ++f) {
                    if (model_.status(s, matched_[f]) != CellStatus::absent || std::isnan(rows[i][f])) continue;
                    const bool named = features_.kind() == data::FeatureKind::named;
                    // What the reference lacks is absent everywhere.
                    const bool of_reference = std::isnan(model_.grand_mean[static_cast<std::size_t>(matched_[f])]) &&
                                              model_.options.reference.has_value();
                    const std::string at = of_reference ? "the reference site '" + *model_.options.reference
                                                        : "site '" + model_.sites[static_cast<std::size_t>(s)];
                    throw base::inconsistent(
                        sample_.where(subjects[i]) + ": " + data::called(features_, static_cast<Index>(f)) +
                            ": the training rows of " + at + "' have no value of it, so it cannot be harmonised",
                        named ? "leave the feature out with --exclude '" + features_.name(static_cast<Index>(f)) + "'" : "");
                }
            }
        },
        values);
}

void Application::check_results(std::span<const Index> subjects, const base::RowPointers& values,
                                const base::WritableRows& adjusted) const {
    std::visit(
        [&]<typename T>(const std::vector<const T*>& from) {
            const auto& to = std::get<std::vector<T*>>(adjusted);
            for (std::size_t i = 0; i < subjects.size(); ++i) {
                const bool in_place = to[i] == from[i];
                for (std::size_t f = 0; f < matched_.size(); ++f) {
                    if (std::isfinite(to[i][f])) continue;
                    // What was written over was looked at when it was read.
                    const bool was_infinite = !in_place && std::isinf(from[i][f]);
                    if (!was_infinite && !std::isinf(to[i][f])) continue;
                    const std::string place =
                        sample_.where(subjects[i]) + ": " + data::called(features_, static_cast<Index>(f));
                    if (was_infinite) {
                        throw base::malformed(place + ": an infinite value", "write NaN where a value is missing");
                    }
                    throw base::degenerate(place + ": the harmonised value is too large for a number");
                }
            }
        },
        values);
}

void Application::adjust(std::span<const Index> subjects, const base::RowPointers& values,
                         const base::WritableRows& adjusted) {
    check_absent(subjects, values);
    std::visit(
        [&]<typename T>(const std::vector<const T*>& rows) {
            const auto& targets = std::get<std::vector<T*>>(adjusted);
            for (std::size_t i = 0; i < subjects.size(); ++i) {
                if (site(subjects[i]) < 0 && targets[i] != rows[i]) std::copy_n(rows[i], matched_.size(), targets[i]);
            }
            if (by_row_) {
                adjust_row_by_row(subjects, rows, targets);
            } else {
                adjust_site_by_site(subjects, rows, targets);
            }
        },
        values);
    check_results(subjects, values, adjusted);
    for (const auto& next : next_) next->adjust(subjects, readable(adjusted), adjusted);
}

template <typename T>
void Application::adjust_site_by_site(std::span<const Index> subjects, const std::vector<const T*>& values,
                                      const std::vector<T*>& adjusted) {
    std::vector<std::vector<std::size_t>> by_site(model_.sites.size());
    for (std::size_t i = 0; i < subjects.size(); ++i) {
        if (site(subjects[i]) >= 0) by_site[static_cast<std::size_t>(site(subjects[i]))].push_back(i);
    }
    for (std::size_t s = 0; s < by_site.size(); ++s) {
        if (by_site[s].empty()) continue;
        std::vector<Index> members;
        std::vector<const T*> from;
        std::vector<T*> to;
        for (const std::size_t i : by_site[s]) {
            members.push_back(subjects[i]);
            from.push_back(values[i]);
            to.push_back(adjusted[i]);
        }
        const SiteTerms& terms = terms_of(static_cast<Index>(s));
        backend_.adjust({from, members, codes_}, {grand_mean_, coefficients_, terms.scale_change, terms.shift}, to);
    }
}

template <typename T>
void Application::adjust_row_by_row(std::span<const Index> subjects, const std::vector<const T*>& values,
                                    const std::vector<T*>& adjusted) {
    const std::size_t features = matched_.size();
    const auto transformed = [&](std::size_t i) {
        std::vector<double> row(values[i], values[i] + features);
        std::size_t bad = 0;
        if (!by_row_->transform(row, bad))
            throw not_positive(sample_, subjects[i], features_, static_cast<Index>(bad), row[bad]);
        return row;
    };
    std::vector<std::size_t> known;
    for (std::size_t i = 0; i < subjects.size(); ++i) {
        if (site(subjects[i]) >= 0) known.push_back(i);
    }
    // Every person's visits, which share an effect.
    std::vector<std::vector<std::size_t>> visits;
    std::vector<std::size_t> person(subjects.size(), 0);
    if (model_.options.method == Method::longitudinal) {
        std::unordered_map<std::string, std::size_t> numbers;
        for (const std::size_t i : known) {
            const auto [at, is_new] = numbers.emplace(sample_.people[static_cast<std::size_t>(subjects[i])], visits.size());
            if (is_new) visits.emplace_back();
            visits[at->second].push_back(i);
            person[i] = at->second;
        }
    }
    std::vector<std::vector<double>> effects(visits.size());
    base::for_each_in_parallel(visits.size(), backend_.threads(), [&](std::size_t p) {
        effects[p].assign(features, 0.0);
        std::vector<double> counts(features, 0.0);
        for (const std::size_t i : visits[p])
            by_row_->add_fixed_residuals(site(subjects[i]), codes_.row(subjects[i]), transformed(i), effects[p], counts);
        by_row_->person_effects(counts, effects[p]);
    });
    std::vector<const SiteTerms*> terms(subjects.size());
    std::set<Index> sites;
    for (const std::size_t i : known) sites.insert(site(subjects[i]));
    const auto wanted = static_cast<Index>(sites.size());
    if (sites_held_ > most_sites_ - wanted) {
        // Room for all at once: none of them may be let go before the rows are done.
        std::fill(site_terms_.begin(), site_terms_.end(), std::nullopt);
        sites_held_ = 0;
        most_sites_ = std::max(most_sites_, wanted);
    }
    for (const std::size_t i : known) terms[i] = &terms_of(site(subjects[i]));
    base::for_each_in_parallel(known.size(), backend_.threads(), [&](std::size_t k) {
        const std::size_t i = known[k];
        const Index subject = subjects[i];
        std::vector<double> row = transformed(i);
        const std::vector<double> original(values[i], values[i] + features);
        by_row_->adjust({site(subject), std::as_const(codes_).row(subject), std::as_const(scale_codes_).row(subject),
                         terms[i]->scale_change, terms[i]->shift,
                         visits.empty() ? std::span<const double>() : std::span<const double>(effects[person[i]])},
                        original, row);
        for (std::size_t f = 0; f < features; ++f) adjusted[i][f] = static_cast<T>(row[f]);
    });
}

void apply(const CombatModel& model, data::Cohort& sample, const ApplyOptions& options, const compute::Backend& backend,
           base::Log& log) {
    std::vector<Index> rows(static_cast<std::size_t>(sample.subjects()));
    std::iota(rows.begin(), rows.end(), Index{0});
    Application application(model, sample, data::Features::named(sample.features.names), rows, options, backend, log);
    std::vector<double*> targets;
    for (const Index row : rows) targets.push_back(sample.features.values.row(row).data());
    application.adjust(rows, std::vector<const double*>(targets.begin(), targets.end()), targets);
}

}  // namespace tare::stats
