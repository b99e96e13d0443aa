// How well each condition's predictions met the truth, repeat by repeat, pooled and by site, and what that differs from
// in-fold harmonisation on the same folds.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tare/learn/validation.hpp"
#include "tare/stats/metrics.hpp"

namespace tare::learn {

/// A condition's metric over repeats.
struct ScoreLine {
    Condition condition = Condition::raw;
    std::string site;  ///< empty: all of them
    std::string metric;
    stats::Interval value;
    std::optional<stats::Interval> difference;  ///< to in-fold, paired by repeat; none for in-fold itself, or without it
    Index above = 0, below = 0;                 ///< repeats in which the metric is above, or below, that of in-fold
};

class Scoreboard {
public:
    /// `targets` and `sites`: per subject of the cohort, which must outlive this.
    Scoreboard(const Targets& targets, const std::vector<std::string>& sites) : targets_(targets), sites_(sites) {}

    /// The folds of one repeat.
    void add(const std::vector<FoldResult>& folds);

    /// Numbers: mae, rmse, r2. Classes: balanced_accuracy, auc, and of two classes sensitivity and specificity. All are of
    /// the rows of all folds together but auc, whose scores are comparable within a fold only: it is the mean over the folds
    /// (Forman, Scholz 2010). Of all sites together, then of each.
    [[nodiscard]] std::vector<ScoreLine> lines() const;

private:
    struct Series {
        Condition condition;
        std::string site, metric;
        std::vector<double> over_repeats;
    };
    void add(Condition condition, const std::string& site, const std::string& metric, double value);

    const Targets& targets_;
    const std::vector<std::string>& sites_;
    std::vector<Series> series_;
};

}  // namespace tare::learn
