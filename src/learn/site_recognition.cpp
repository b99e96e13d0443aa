// Classifiers of the site, on raw and on harmonised values of the same folds.
#include "tare/learn/site_recognition.hpp"

#include <limits>

#include "tare/base/error.hpp"
#include "tare/base/rng.hpp"
#include "tare/stats/folds.hpp"
#include "tare/stats/metrics.hpp"
#include "tare/stats/permuted_labels.hpp"
#include "tare/stats/site_probe.hpp"

namespace tare::learn {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Training and test values of one fold, made ready for any labels.
class Probed {
public:
    Probed(Matrix<double> training, Matrix<double> test, const std::optional<LearnerSpec>& classifier)
        : classifier_(classifier) {
        if (!classifier_) {
            linear_.emplace(training, test);
            return;
        }
        training_ = std::move(training);
        test_ = std::move(test);
    }

    [[nodiscard]] std::vector<Index> predict(const std::vector<Index>& labels, Index classes, std::uint64_t seed) const {
        if (linear_) return linear_->predict(labels, classes);
        return trained(*classifier_, training_, {Task::classification, {}, labels, classes}, seed)->predict(test_).labels;
    }

private:
    const std::optional<LearnerSpec>& classifier_;
    std::optional<stats::SiteProbe> linear_;
    Matrix<double> training_, test_;
};

}  // namespace

struct SiteRecognition::FoldValues {
    std::vector<Index> training, test;
    std::optional<Probed> raw, harmonised;
};

SiteRecognition::SiteRecognition(const data::Cohort& cohort, std::vector<bool> teaches, RecognitionPlan plan,
                                 const compute::Backend& backend)
    : cohort_(cohort), teaches_(std::move(teaches)), plan_(std::move(plan)), backend_(backend) {
    stats::Grouping sites = stats::grouped(cohort_.sites);
    if (sites.names.size() < 2) throw base::degenerate(cohort_.source + ": one site alone cannot be told from others");
    site_names_ = std::move(sites.names);
    labels_ = std::move(sites.of_row);
    folds_ = stats::make_folds({plan_.folds, plan_.repeats, plan_.seed}, cohort_.subjects(), cohort_.sites, {});
}

std::vector<SiteRecognition::FoldValues> SiteRecognition::fold_values(Index repeat, Which which, base::Log& log) const {
    const std::vector<Index>& fold_of = folds_[static_cast<std::size_t>(repeat)];
    std::optional<stats::FoldFits> fits;
    if (which != Which::raw) {
        std::vector<Index> part_of;
        for (std::size_t i = 0; i < fold_of.size(); ++i) {
            if (teaches_[i]) part_of.push_back(fold_of[i]);
        }
        fits.emplace(data::split_cohort(cohort_, teaches_).training, std::move(part_of), plan_.folds, plan_.harmonisation,
                     backend_);
    }
    std::vector<FoldValues> out(static_cast<std::size_t>(plan_.folds));
    for (std::size_t f = 0; f < out.size(); ++f) {
        FoldValues& fold = out[f];
        for (std::size_t i = 0; i < fold_of.size(); ++i)
            (fold_of[i] == static_cast<Index>(f) ? fold.test : fold.training).push_back(static_cast<Index>(i));
        if (which != Which::harmonised)
            fold.raw.emplace(raw_values(cohort_, fold.training), raw_values(cohort_, fold.test), plan_.classifier);
        if (which == Which::raw) continue;
        const stats::CombatModel model = fits->without(static_cast<Index>(f), backend_, log);
        const ApplyChoice known{plan_.apply.new_site == NewSite::keep ? NewSite::keep : NewSite::error};
        fold.harmonised.emplace(harmonised_values(model, cohort_, cohort_, fold.training, known, backend_, log),
                                harmonised_values(model, cohort_, cohort_, fold.test, plan_.apply, backend_, log),
                                plan_.classifier);
    }
    return out;
}

double SiteRecognition::recognised(const std::vector<FoldValues>& folds, const std::vector<Index>& labels, bool harmonised,
                                   std::uint64_t seed) const {
    std::vector<Index> truth, predicted;
    for (const FoldValues& fold : folds) {
        std::vector<Index> known;
        known.reserve(fold.training.size());
        for (const Index row : fold.training) known.push_back(labels[static_cast<std::size_t>(row)]);
        const std::vector<Index> found = (harmonised ? fold.harmonised : fold.raw)->predict(known, sites(), seed);
        predicted.insert(predicted.end(), found.begin(), found.end());
        for (const Index row : fold.test) truth.push_back(labels[static_cast<std::size_t>(row)]);
    }
    return stats::balanced_accuracy(sites(), truth, predicted);
}

Recognised SiteRecognition::observed(Index repeat) const {
    base::SilentLog silent;
    const std::vector<FoldValues> folds = fold_values(repeat, Which::both, silent);
    return {recognised(folds, labels_, false, plan_.seed), recognised(folds, labels_, true, plan_.seed)};
}

std::vector<Recognised> SiteRecognition::permuted(Index first, Index end, Index step, Which which) const {
    base::SilentLog silent;
    const std::vector<FoldValues> folds = fold_values(first % plan_.repeats, which, silent);
    std::vector<Recognised> out;
    for (Index number = first; number < end; number += step) {
        // Each permutation has a stream of its own, so that it is the same whoever draws it, and when.
        base::Rng rng(base::Rng(plan_.seed ^ static_cast<std::uint64_t>(number + 1)).bits());
        const std::vector<Index> labels = stats::permuted_within(labels_, plan_.permute_within, rng);
        out.push_back({which == Which::harmonised ? nan : recognised(folds, labels, false, plan_.seed),
                       which == Which::raw ? nan : recognised(folds, labels, true, plan_.seed)});
    }
    return out;
}

Matrix<double> SiteRecognition::out_of_fold(Index repeat, base::Log& log) const {
    const std::vector<Index>& fold_of = folds_[static_cast<std::size_t>(repeat)];
    std::vector<Index> part_of;
    for (std::size_t i = 0; i < fold_of.size(); ++i) {
        if (teaches_[i]) part_of.push_back(fold_of[i]);
    }
    const stats::FoldFits fits(data::split_cohort(cohort_, teaches_).training, std::move(part_of), plan_.folds,
                               plan_.harmonisation, backend_);
    Matrix<double> out(cohort_.subjects(), cohort_.features.values.columns());
    for (Index f = 0; f < plan_.folds; ++f) {
        std::vector<Index> test;
        for (std::size_t i = 0; i < fold_of.size(); ++i) {
            if (fold_of[i] == f) test.push_back(static_cast<Index>(i));
        }
        const Matrix<double> values =
            harmonised_values(fits.without(f, backend_, log), cohort_, cohort_, test, plan_.apply, backend_, log);
        for (std::size_t i = 0; i < test.size(); ++i) {
            const auto from = values.row(static_cast<Index>(i));
            std::copy(from.begin(), from.end(), out.row(test[i]).begin());
        }
    }
    return out;
}

}  // namespace tare::learn
