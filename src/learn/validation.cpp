// Folds, their models, and the learners of each condition.
#include "tare/learn/validation.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "class_columns.hpp"
#include "pretend_target.hpp"
#include "tare/base/collected_log.hpp"
#include "tare/base/error.hpp"
#include "tare/base/parallel.hpp"
#include "tare/base/rng.hpp"
#include "tare/stats/folds.hpp"
#include "tare/stats/metrics.hpp"

namespace tare::learn {
namespace {

constexpr Index pretending_folds = 5;

/// A stream of its own for everything that is drawn.
std::uint64_t derived(std::uint64_t seed, Index number) {
    base::Rng rng(seed);
    std::uint64_t out = rng.bits();
    for (Index i = 0; i < number; ++i) out = rng.bits();
    return out;
}

template <typename T>
std::vector<T> at(const std::vector<T>& all, std::span<const Index> rows) {
    std::vector<T> out;
    if (all.empty()) return out;
    out.reserve(rows.size());
    for (const Index row : rows) out.push_back(all[static_cast<std::size_t>(row)]);
    return out;
}

Targets at(const Targets& targets, std::span<const Index> rows) {
    return {targets.task, at(targets.values, rows), at(targets.labels, rows), targets.classes};
}

/// The rows of a part, and those of all others.
struct Sides {
    std::vector<Index> inside, outside;
};
Sides sides_of(std::span<const Index> rows, std::span<const Index> part_of, Index part) {
    Sides out;
    for (std::size_t i = 0; i < rows.size(); ++i) (part_of[i] == part ? out.inside : out.outside).push_back(rows[i]);
    return out;
}

/// Smaller is better: the squares of a regression, the share of classes that are missed.
double loss(const Targets& truth, const Predictions& predictions) {
    if (truth.task == Task::classification) {
        const double recognised = stats::balanced_accuracy(truth.classes, truth.labels, predictions.labels);
        return std::isnan(recognised) ? 0.0 : 1.0 - recognised;
    }
    double sum = 0.0;
    for (std::size_t i = 0; i < truth.values.size(); ++i) {
        const double error = predictions.values[i] - truth.values[i];
        sum += error * error;
    }
    return sum;
}

bool needs_model(Condition condition) {
    return condition != Condition::raw && condition != Condition::leaking;
}

}  // namespace

std::string name_of(Condition condition) {
    switch (condition) {
        case Condition::raw:
            return "raw";
        case Condition::leaking:
            return "all-first";
        case Condition::in_fold:
            return "in-fold";
        case Condition::held_out:
            return "in-fold-held-out";
        case Condition::pretend:
            return "pretend-target";
    }
    return {};
}

Validation::Validation(const data::Cohort& cohort, std::vector<Index> rows, std::vector<bool> teaches, ValidationPlan plan,
                       const compute::Backend& backend)
    : cohort_(cohort), rows_(std::move(rows)), teaches_(std::move(teaches)), plan_(std::move(plan)), backend_(backend) {
    if (std::find(plan_.conditions.begin(), plan_.conditions.end(), Condition::leaking) == plan_.conditions.end()) return;
    std::vector<bool> all(teaches_.size(), false);
    for (const Index row : rows_) all[static_cast<std::size_t>(row)] = teaches_[static_cast<std::size_t>(row)];
    base::SilentLog silent;
    of_everyone_ = stats::fit_rows(data::split_cohort(cohort_, all).training, plan_.harmonisation, backend_, silent);
}

std::vector<FoldResult> Validation::run(const std::vector<Index>& fold_of, Index folds, Index repeat, int threads) const {
    std::optional<stats::FoldFits> fits;
    if (std::any_of(plan_.conditions.begin(), plan_.conditions.end(), needs_model))
        fits.emplace(fits_of(rows_, fold_of, folds));
    std::vector<FoldResult> results(static_cast<std::size_t>(folds));
    base::for_each_in_parallel(results.size(), threads, [&](std::size_t f) {
        const auto number = static_cast<Index>(f);
        try {
            results[f] = fold(fits ? &*fits : nullptr, fold_of, number, derived(plan_.seed, repeat * folds + number));
        } catch (const base::Error& fault) {
            throw base::Error(
                fault.code(),
                "repeat " + std::to_string(repeat + 1) + ", fold " + std::to_string(f + 1) + ": " + fault.what(),
                fault.hint());
        }
    });
    return results;
}

FoldResult Validation::fold(const stats::FoldFits* fits, const std::vector<Index>& fold_of, Index fold,
                            std::uint64_t seed) const {
    Sides sides = sides_of(rows_, fold_of, fold);
    FoldResult out;
    out.test = std::move(sides.inside);
    out.training = std::move(sides.outside);
    base::CollectedLog log;
    if (fits != nullptr) {
        out.model = fits->without(fold, backend_, log);
        std::copy_if(out.training.begin(), out.training.end(), std::back_inserter(out.harmonising),
                     [&](Index row) { return teaches_[static_cast<std::size_t>(row)]; });
    }
    const stats::CombatModel* model = out.model ? &*out.model : nullptr;
    for (const Condition condition : plan_.conditions) {
        Values seen = values(condition, model, out.training, out.test, plan_.apply, log);
        if (plan_.learner) {
            const LearnerSpec learner = plan_.inner_folds > 0 ? chosen(condition, out.training, seed) : *plan_.learner;
            Predictions predictions =
                condition == Condition::pretend
                    ? pretended(learner, out, seen, seed)
                    : trained(learner, seen.training, at(plan_.targets, out.training), seed)->predict(seen.test);
            out.learnt.push_back({condition, learner, std::move(predictions)});
        }
        if (condition == Condition::in_fold || condition == Condition::held_out) {
            out.training_values = std::move(seen.training);
            out.test_values = std::move(seen.test);
        }
    }
    out.warnings = log.warnings();
    return out;
}

stats::FoldFits Validation::fits_of(std::span<const Index> rows, std::span<const Index> part_of, Index parts) const {
    std::vector<bool> teachers(teaches_.size(), false);
    std::vector<Index> own;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (!teaches_[static_cast<std::size_t>(rows[i])]) continue;
        teachers[static_cast<std::size_t>(rows[i])] = true;
        own.push_back(part_of[i]);
    }
    return {data::split_cohort(cohort_, teachers).training, std::move(own), parts, plan_.harmonisation, backend_};
}

std::vector<Index> Validation::inner_folds_of(std::span<const Index> rows, Index folds, std::uint64_t seed) const {
    std::vector<std::string> strata = at(cohort_.sites, rows);
    const std::vector<Index> labels = at(plan_.targets.labels, rows);
    // Numbered among the classes of these rows: the number of a class, and with it the order of strata, may come from
    // others.
    const std::vector<Index> present = classes_present(at(plan_.targets, rows));
    for (std::size_t i = 0; i < labels.size(); ++i)
        strata[i] += '\n' + std::to_string(std::ranges::lower_bound(present, labels[i]) - present.begin());
    return stats::make_folds({folds, 1, seed}, static_cast<Index>(rows.size()), strata, at(plan_.groups, rows)).front();
}

Validation::Values Validation::values(Condition condition, const stats::CombatModel* model, std::span<const Index> training,
                                      std::span<const Index> test, ApplyChoice choice, base::Log& log) const {
    if (condition == Condition::raw) return {raw_values(cohort_, training), raw_values(cohort_, test)};
    const auto by = [&](const stats::CombatModel& with, std::span<const Index> rows, const ApplyChoice& how) {
        return harmonised_values(with, cohort_, cohort_, rows, how, backend_, log);
    };
    const ApplyChoice known{choice.new_site == NewSite::keep ? NewSite::keep : NewSite::error};
    if (condition == Condition::leaking) return {by(*of_everyone_, training, known), by(*of_everyone_, test, known)};
    if (model == nullptr) throw std::logic_error("a condition without its model");
    if (condition == Condition::held_out) choice.hold_out.push_back(plan_.target);
    return {by(*model, training, known), by(*model, test, choice)};
}

ApplyChoice Validation::inner_apply() const {
    // A site of which one row is left in the training part is unseen in the inner fold that tests it, whatever the folds.
    ApplyChoice choice = plan_.apply;
    if (choice.new_site == NewSite::error) choice.new_site = NewSite::keep;
    return choice;
}

LearnerSpec Validation::chosen(Condition condition, std::span<const Index> training, std::uint64_t seed) const {
    const std::vector<LearnerSpec> tried = candidates(*plan_.learner);
    std::vector<double> losses(tried.size(), 0.0);
    const std::vector<Index> inner = inner_folds_of(training, plan_.inner_folds, seed);
    std::optional<stats::FoldFits> fits;
    if (needs_model(condition)) fits.emplace(fits_of(training, inner, plan_.inner_folds));
    base::SilentLog silent;
    for (Index part = 0; part < plan_.inner_folds; ++part) {
        const Sides sides = sides_of(training, inner, part);
        std::optional<stats::CombatModel> model;
        if (fits) model = fits->without(part, backend_, silent);
        const Values seen = values(condition, model ? &*model : nullptr, sides.outside, sides.inside, inner_apply(), silent);
        const Targets known = at(plan_.targets, sides.outside), truth = at(plan_.targets, sides.inside);
        for (std::size_t c = 0; c < tried.size(); ++c)
            losses[c] += loss(truth, trained(tried[c], seen.training, known, seed)->predict(seen.test));
    }
    return tried[static_cast<std::size_t>(std::min_element(losses.begin(), losses.end()) - losses.begin())];
}

Predictions Validation::pretended(const LearnerSpec& learner, const FoldResult& fold, const Values& values,
                                  std::uint64_t seed) const {
    const PretendedValues pretended = pretended_values(*cohort_.covariate(plan_.target), fold.training, plan_.targets.task);
    const Targets known = at(plan_.targets, fold.training);
    const Index first_class = known.labels.empty() ? 0 : classes_present(known).front();
    std::vector<data::Cohort> people;
    for (std::size_t v = 0; v < pretended.count(); ++v) people.push_back(with_target(cohort_, plan_.target, pretended, v));
    const auto columns = static_cast<Index>(people.size());
    base::SilentLog silent;
    const auto add_scores = [&](const stats::CombatModel& model, const Learner& own, std::span<const Index> rows,
                                std::span<const Index> places, const ApplyChoice& choice, Matrix<double>& scores) {
        for (std::size_t v = 0; v < people.size(); ++v) {
            const std::vector<double> score = stacked_score(
                own.predict(harmonised_values(model, cohort_, people[v], rows, choice, backend_, silent)), first_class);
            for (std::size_t i = 0; i < places.size(); ++i) scores(places[i], static_cast<Index>(v)) = score[i];
        }
    };

    const std::vector<Index> inner = inner_folds_of(fold.training, pretending_folds, seed);
    const stats::FoldFits fits = fits_of(fold.training, inner, pretending_folds);
    Matrix<double> out_of_fold(static_cast<Index>(fold.training.size()), columns);
    for (Index part = 0; part < pretending_folds; ++part) {
        const Sides sides = sides_of(fold.training, inner, part);
        std::vector<Index> places;
        for (std::size_t i = 0; i < inner.size(); ++i) {
            if (inner[i] == part) places.push_back(static_cast<Index>(i));
        }
        const stats::CombatModel model = fits.without(part, backend_, silent);
        const Values seen = this->values(Condition::in_fold, &model, sides.outside, sides.inside, inner_apply(), silent);
        const auto own = trained(learner, seen.training, at(plan_.targets, sides.outside), seed);
        add_scores(model, *own, sides.inside, places, inner_apply(), out_of_fold);
    }
    const auto stacked = trained(stacking_learner(plan_.targets.task), out_of_fold, known, seed);
    const auto whole = trained(learner, values.training, known, seed);
    Matrix<double> scores(static_cast<Index>(fold.test.size()), columns);
    std::vector<Index> places(fold.test.size());
    for (std::size_t i = 0; i < places.size(); ++i) places[i] = static_cast<Index>(i);
    add_scores(*fold.model, *whole, fold.test, places, plan_.apply, scores);
    return stacked->predict(scores);
}

}  // namespace tare::learn
