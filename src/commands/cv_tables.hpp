// What tare-cv writes: folds, predictions, scores, the ledger of which rows touched what, and every fold's values.
#pragma once

#include <string>
#include <vector>

#include "fitting.hpp"
#include "tare/learn/scoreboard.hpp"
#include "text_table.hpp"
#include "validation_choice.hpp"

namespace tare::commands {

/// Which columns of the input name a row: id, session, site.
class RowNames {
public:
    explicit RowNames(const CohortInput& input);
    [[nodiscard]] const std::vector<std::string>& header() const noexcept { return header_; }
    [[nodiscard]] std::vector<std::string> cells(data::Index row) const;

private:
    const CohortInput& input_;
    std::vector<std::string> header_;
    std::vector<data::Index> columns_;  ///< of the table, for id and session
};

/// One row per subject that takes part, one column of folds (from 1) per repeat: what --fold-column reads again.
[[nodiscard]] TextTable folds_table(const CohortInput& input, const std::vector<data::Index>& rows, const Folds& folds);

class PredictionsTable {
public:
    PredictionsTable(const CohortInput& input, const Prediction& prediction);
    void add(data::Index repeat, const std::vector<learn::FoldResult>& folds);
    [[nodiscard]] const TextTable& table() const noexcept { return table_; }

private:
    RowNames names_;
    const Prediction& prediction_;
    TextTable table_;
};

/// Condition, metric, mean over repeats with SD and the middle 95 %, and the same of the difference to in-fold. Of all sites
/// together, or of each.
[[nodiscard]] TextTable scores_table(const std::vector<learn::ScoreLine>& lines, bool by_site);

/// Per repeat, fold and row: what was made from it, and what was only applied to it.
class Ledger {
public:
    Ledger(const CohortInput& input, const learn::ValidationPlan& plan);
    void add(data::Index repeat, const std::vector<learn::FoldResult>& folds);
    [[nodiscard]] const TextTable& table() const noexcept { return table_; }

private:
    /// `fitted`: per subject, was the model of the condition fitted on it? `place`: the cells of repeat, fold and condition.
    void add_rows(const std::vector<data::Index>& rows, bool tested, learn::Condition condition,
                  const std::vector<bool>& fitted, const std::vector<std::string>& place);
    [[nodiscard]] std::string target_at_apply(learn::Condition condition, bool tested) const;

    RowNames names_;
    const CohortInput& input_;
    const learn::ValidationPlan& plan_;
    TextTable table_;
};

/// The folder of a fold below that of the results: "repeat-01/fold-3".
[[nodiscard]] std::string fold_folder(const std::string& folder, data::Index repeat, data::Index repeats, data::Index fold,
                                      data::Index folds);

}  // namespace tare::commands
