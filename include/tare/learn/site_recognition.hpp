// How well the site can be told from the features, raw and harmonised inside the folds (Marzi et al. 2024): the balanced
// accuracy of a classifier over repeated cross-validations, and the same of labels that are permuted.
#pragma once

#include <optional>
#include <vector>

#include "tare/learn/harmonised_values.hpp"
#include "tare/learn/learner.hpp"
#include "tare/stats/fold_fits.hpp"

namespace tare::learn {

struct RecognitionPlan {
    stats::FitRequest harmonisation;
    std::optional<LearnerSpec> classifier;  ///< none: linear discriminant analysis
    ApplyChoice apply = {};                 ///< to training rows and test rows, each for themselves
    Index folds = 5;
    Index repeats = 100;
    std::uint64_t seed = 0;
    /// Per subject who was measured: rows of one person are tested together and have one label; empty: all are different.
    std::vector<std::string> people = {};
    /// Per subject the group in which its label may move, of a person's rows the first one's; empty: all are one.
    std::vector<Index> permute_within = {};
};

/// A pair of balanced accuracies.
struct Recognised {
    double raw = 0.0, harmonised = 0.0;
};

enum class Which { both, raw, harmonised };

class SiteRecognition {
public:
    /// Takes part: every subject; `teaches`, per subject: may harmonisation learn from it? The folds are stratified by site.
    /// The cohort and the backend must outlive this. Throws Error (65), also where no permutation could change a label, and
    /// for people with rows at two sites.
    /// Const functions may be called from several threads at once.
    SiteRecognition(const data::Cohort& cohort, std::vector<bool> teaches, RecognitionPlan plan,
                    const compute::Backend& backend);

    [[nodiscard]] const std::vector<std::vector<Index>>& folds() const noexcept { return folds_; }
    [[nodiscard]] Index sites() const noexcept { return static_cast<Index>(site_names_.size()); }

    /// How many people there are, and how many of their labels some permutation changes.
    [[nodiscard]] Index people() const noexcept { return std::ssize(site_of_person_); }
    [[nodiscard]] Index movable() const noexcept { return movable_; }

    /// The balanced accuracy of recognising the true sites in one repeat.
    [[nodiscard]] Recognised observed(Index repeat) const;
    /// The same of permuted labels, on the folds of repeat `number` mod repeats; the true sites have harmonised. One for
    /// every number: `first`, `first` + `step`, … below `end`, which must be the same modulo repeats. What is not asked for
    /// is NaN.
    [[nodiscard]] std::vector<Recognised> permuted(Index first, Index end, Index step, Which which) const;
    /// The values of all subjects in one repeat, each harmonised by the model that has never seen it: subjects × features.
    [[nodiscard]] Matrix<double> out_of_fold(Index repeat, base::Log& log) const;

private:
    struct FoldValues;
    void join_people();
    [[nodiscard]] std::vector<Index> permuted_labels(Index number) const;
    [[nodiscard]] stats::FoldFits fits_of(Index repeat) const;
    [[nodiscard]] std::vector<FoldValues> fold_values(Index repeat, Which which) const;
    [[nodiscard]] double recognised(const std::vector<FoldValues>& folds, const std::vector<Index>& labels, bool harmonised,
                                    std::uint64_t seed) const;

    const data::Cohort& cohort_;
    std::vector<bool> teaches_;
    RecognitionPlan plan_;
    const compute::Backend& backend_;
    std::vector<std::string> site_names_;
    std::vector<Index> labels_;          ///< per subject: its site
    std::vector<Index> person_of_;       ///< per subject; empty: all are different
    std::vector<Index> site_of_person_;  ///< what is permuted; of subjects where those are all different
    Index movable_ = 0;
    std::vector<std::vector<Index>> folds_;  ///< [repeat][subject]
};

}  // namespace tare::learn
