// Adjusting a row at a time: logarithms, random intercepts, a spread that depends on covariates, scores of principal axes,
// residuals in place of values. The backend's one operation does the rest of all work.
#pragma once

#include "tare/stats/application.hpp"

namespace tare::stats {

/// What is known of the row to adjust.
struct RowTerms {
    Index site;                             ///< the model's
    std::span<const double> codes;          ///< terms
    std::span<const double> scale_codes;    ///< terms of the spread
    std::span<const double> scale_change;   ///< 1/√δ* − 1
    std::span<const double> shift;          ///< γ*/√δ*, in units of the subject's σ
    std::span<const double> person_effect;  ///< û; empty where the model has none
};

class RowAdjustment {
public:
    /// True where a model and what is wanted of it need this.
    [[nodiscard]] static bool needed(const CombatModel& model, Returned returned);

    /// `matched`: the model's position of every feature of the sample. Throws Error (65) where the model needs features that
    /// the sample has not.
    RowAdjustment(const CombatModel& model, std::vector<Index> matched, Returned returned, const std::string& source);

    /// Takes the transform of the model; NaN stays. False at the first feature that has none, which `bad` then is.
    [[nodiscard]] bool transform(std::span<double> row, std::size_t& bad) const;
    /// Adds what is left of a transformed row by the fixed part of the mixed model to the sums of its person.
    void add_fixed_residuals(Index site, std::span<const double> codes, std::span<const double> row, std::span<double> sums,
                             std::span<double> counts) const;
    /// From those sums to û.
    void person_effects(std::span<const double> counts, std::span<double> sums) const;
    /// `row`: transformed; becomes the result. `original` goes where nothing is to be changed.
    void adjust(const RowTerms& terms, std::span<const double> original, std::span<double> row) const;

private:
    [[nodiscard]] std::vector<double> expected(std::span<const double> codes) const;

    const CombatModel& model_;
    std::vector<Index> matched_;
    Returned returned_;
    std::vector<double> sigma_;
};

}  // namespace tare::stats
