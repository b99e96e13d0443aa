// Classifiers of the site, on raw and on harmonised values of the same folds.
#include "tare/learn/site_recognition.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <set>

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
        // One class alone teaches nothing and is all there is to say.
        if (std::all_of(labels.begin(), labels.end(), [&](Index k) { return k == labels.front(); }))
            return std::vector<Index>(static_cast<std::size_t>(test_.rows()), labels.front());
        return trained(*classifier_, training_, {Task::classification, {}, labels, classes}, seed)->predict(test_).labels;
    }

private:
    const std::optional<LearnerSpec>& classifier_;
    std::optional<stats::SiteProbe> linear_;
    Matrix<double> training_, test_;
};

/// The stream of one permutation of its own, so that it is the same whoever draws it, and when; apart from the streams of
/// the folds and of other seeds.
base::Rng stream_of_permutation(std::uint64_t seed, Index number) {
    constexpr std::uint64_t apart = 0x7065726D75746564U;
    return base::Rng(base::Rng(seed ^ apart).bits() + static_cast<std::uint64_t>(number));
}

/// How many labels some permutation changes.
Index count_movable(const std::vector<Index>& labels, const std::vector<Index>& groups) {
    std::map<Index, std::set<Index>> labels_of;
    const auto group_of = [&](std::size_t i) { return groups.empty() ? 0 : groups[i]; };
    for (std::size_t i = 0; i < labels.size(); ++i) labels_of[group_of(i)].insert(labels[i]);
    Index movable = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) movable += labels_of[group_of(i)].size() > 1 ? 1 : 0;
    return movable;
}

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
    join_people();
    movable_ = count_movable(site_of_person_, plan_.permute_within);
    if (movable_ == 0) {
        throw base::degenerate("no group to permute in has rows of two sites, so that every label stays where it is",
                               "permute within fewer or wider groups");
    }
    folds_ = stats::make_folds({plan_.folds, plan_.repeats, plan_.seed}, cohort_.subjects(), cohort_.sites, plan_.people);
}

void SiteRecognition::join_people() {
    site_of_person_ = labels_;
    if (plan_.people.empty()) return;
    stats::Grouping people = stats::grouped(plan_.people);
    person_of_ = std::move(people.of_row);
    site_of_person_.clear();
    std::vector<Index> group_of_person;
    for (std::size_t k = 0; k < people.names.size(); ++k) {
        const std::vector<Index>& rows = people.rows[k];
        const auto first = static_cast<std::size_t>(rows.front());
        for (const Index row : rows) {
            if (labels_[static_cast<std::size_t>(row)] == labels_[first]) continue;
            throw base::inconsistent(cohort_.where(row) + ": '" + people.names[k] + "' was measured at two sites, '" +
                                         cohort_.sites[first] + "' and '" + cohort_.sites[static_cast<std::size_t>(row)] +
                                         "'",
                                     "whose site is to be recognised must have one: leave out the other rows");
        }
        site_of_person_.push_back(labels_[first]);
        if (!plan_.permute_within.empty()) group_of_person.push_back(plan_.permute_within[first]);
    }
    plan_.permute_within = std::move(group_of_person);
}

std::vector<Index> SiteRecognition::permuted_labels(Index number) const {
    base::Rng rng = stream_of_permutation(plan_.seed, number);
    std::vector<Index> sites = stats::permuted_within(site_of_person_, plan_.permute_within, rng);
    if (person_of_.empty()) return sites;
    std::vector<Index> labels;
    for (const Index person : person_of_) labels.push_back(sites[static_cast<std::size_t>(person)]);
    return labels;
}

stats::FoldFits SiteRecognition::fits_of(Index repeat) const {
    const std::vector<Index>& fold_of = folds_[static_cast<std::size_t>(repeat)];
    std::vector<Index> part_of;
    for (std::size_t i = 0; i < fold_of.size(); ++i) {
        if (teaches_[i]) part_of.push_back(fold_of[i]);
    }
    return {data::split_cohort(cohort_, teaches_).training, std::move(part_of), plan_.folds, plan_.harmonisation, backend_};
}

std::vector<SiteRecognition::FoldValues> SiteRecognition::fold_values(Index repeat, Which which) const {
    base::SilentLog silent;
    const std::vector<Index>& fold_of = folds_[static_cast<std::size_t>(repeat)];
    std::optional<stats::FoldFits> fits;
    if (which != Which::raw) fits = fits_of(repeat);
    std::vector<FoldValues> out(static_cast<std::size_t>(plan_.folds));
    for (std::size_t f = 0; f < out.size(); ++f) {
        FoldValues& fold = out[f];
        for (std::size_t i = 0; i < fold_of.size(); ++i)
            (fold_of[i] == static_cast<Index>(f) ? fold.test : fold.training).push_back(static_cast<Index>(i));
        if (which != Which::harmonised)
            fold.raw.emplace(raw_values(cohort_, fold.training), raw_values(cohort_, fold.test), plan_.classifier);
        if (which == Which::raw) continue;
        const stats::CombatModel model = fits->without(static_cast<Index>(f), backend_, silent);
        fold.harmonised.emplace(harmonised_values(model, cohort_, cohort_, fold.training, plan_.apply, backend_, silent),
                                harmonised_values(model, cohort_, cohort_, fold.test, plan_.apply, backend_, silent),
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
    const std::vector<FoldValues> folds = fold_values(repeat, Which::both);
    return {recognised(folds, labels_, false, plan_.seed), recognised(folds, labels_, true, plan_.seed)};
}

std::vector<Recognised> SiteRecognition::permuted(Index first, Index end, Index step, Which which) const {
    const std::vector<FoldValues> folds = fold_values(first % plan_.repeats, which);
    std::vector<Recognised> out;
    for (Index number = first; number < end; number += step) {
        const std::vector<Index> labels = permuted_labels(number);
        out.push_back({which == Which::harmonised ? nan : recognised(folds, labels, false, plan_.seed),
                       which == Which::raw ? nan : recognised(folds, labels, true, plan_.seed)});
    }
    return out;
}

Matrix<double> SiteRecognition::out_of_fold(Index repeat, base::Log& log) const {
    const std::vector<Index>& fold_of = folds_[static_cast<std::size_t>(repeat)];
    const stats::FoldFits fits = fits_of(repeat);
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
