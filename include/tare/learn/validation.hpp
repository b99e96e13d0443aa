// Leakage-free validation (Marzi et al. 2024): every fold is harmonised by a model of its training rows, and beside it, for
// comparison, in the ways that let something through. Rows of a fold's test part reach nothing that they are tested by.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tare/learn/harmonised_values.hpp"
#include "tare/learn/learner.hpp"
#include "tare/stats/fold_fits.hpp"

namespace tare::learn {

/// How the values that a learner sees have been harmonised.
enum class Condition {
    raw,       ///< not at all
    leaking,   ///< by one model of everyone, test rows among them
    in_fold,   ///< by a model of the training rows; test rows with all their covariates
    held_out,  ///< the same, but the target of test rows counts as unknown when the model is applied
    pretend    ///< the same, but the target of test rows is pretended (PrettYharmonize, Nieto et al. 2024)
};

/// "raw", "all-first", "in-fold", "in-fold-held-out", "pretend-target".
[[nodiscard]] std::string name_of(Condition condition);

struct ValidationPlan {
    stats::FitRequest harmonisation;
    std::vector<Condition> conditions;     ///< at least one
    std::optional<LearnerSpec> learner;    ///< none: rows are harmonised and nothing is learnt
    Index inner_folds = 0;                 ///< for the choice of hyperparameters inside the training part; 0: as they are
    std::string target = {};               ///< the covariate's name
    Targets targets = {};                  ///< per subject of the cohort
    ApplyChoice apply = {};                ///< of test rows
    std::vector<std::string> groups = {};  ///< per subject: never on both sides of an inner fold either; may be empty
    std::uint64_t seed = 0;                ///< of inner folds and learners
};

/// What a learner made of the test rows under one condition.
struct Learnt {
    Condition condition = Condition::raw;
    LearnerSpec learner;
    Predictions predictions;  ///< of the test rows
};

struct FoldResult {
    std::vector<Index> training, harmonising, test;  ///< rows: learnt from; harmonised from; predicted
    std::optional<stats::CombatModel> model;         ///< of the harmonising rows, where a condition needs it
    Matrix<double> training_values, test_values;     ///< as the last in-fold condition gives them; rows × features
    std::vector<Learnt> learnt;                      ///< one a condition
    std::vector<std::string> warnings;
};

class Validation {
public:
    /// `rows`: those that take part, ascending; `teaches`, per subject: may harmonisation learn from it? The cohort and the
    /// backend must outlive this. Throws Error (65) where the model of everyone cannot be fitted.
    Validation(const data::Cohort& cohort, std::vector<Index> rows, std::vector<bool> teaches, ValidationPlan plan,
               const compute::Backend& backend);

    /// All folds of one repeat; `fold_of` per row that takes part, 0 to folds − 1. The result does not depend on the number
    /// of threads. Throws Error with the number of the fold.
    [[nodiscard]] std::vector<FoldResult> run(const std::vector<Index>& fold_of, Index folds, Index repeat,
                                              int threads) const;

private:
    /// What a learner sees: rows × features.
    struct Values {
        Matrix<double> training, test;
    };
    [[nodiscard]] FoldResult fold(const stats::FoldFits* fits, const std::vector<Index>& fold_of, Index fold,
                                  std::uint64_t seed) const;
    [[nodiscard]] stats::FoldFits fits_of(std::span<const Index> rows, std::span<const Index> part_of, Index parts) const;
    [[nodiscard]] std::vector<Index> inner_folds_of(std::span<const Index> rows, Index folds, std::uint64_t seed) const;
    [[nodiscard]] Values values(Condition condition, const stats::CombatModel* model, std::span<const Index> training,
                                std::span<const Index> test, ApplyChoice choice, base::Log& log) const;
    /// What an inner fold does with its test rows: those of a site that it has no other row of stay as they are, even where
    /// the folds themselves refuse such sites.
    [[nodiscard]] ApplyChoice inner_apply() const;
    [[nodiscard]] LearnerSpec chosen(Condition condition, std::span<const Index> training, std::uint64_t seed) const;
    [[nodiscard]] Predictions pretended(const LearnerSpec& learner, const FoldResult& fold, const Values& values,
                                        std::uint64_t seed) const;

    const data::Cohort& cohort_;
    std::vector<Index> rows_;
    std::vector<bool> teaches_;
    ValidationPlan plan_;
    const compute::Backend& backend_;
    std::optional<stats::CombatModel> of_everyone_;
};

}  // namespace tare::learn
