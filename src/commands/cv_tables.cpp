// The tables of a cross-validation.
#include "cv_tables.hpp"

#include <algorithm>
#include <filesystem>

#include "tare/base/number_text.hpp"

namespace tare::commands {
namespace {

std::vector<std::string> with(std::vector<std::string> first, const std::vector<std::string>& more) {
    first.insert(first.end(), more.begin(), more.end());
    return first;
}

std::vector<std::string> predicted_columns(const Prediction& prediction) {
    std::vector<std::string> columns{prediction.name, "predicted"};
    for (const std::string& name : prediction.classes) columns.push_back("score_" + name);
    return columns;
}

std::string numbered(const std::string& word, data::Index number, data::Index of) {
    std::string digits = std::to_string(number);
    const std::size_t width = std::to_string(of).size();
    return word + "-" + std::string(width - std::min(width, digits.size()), '0') + digits;
}

std::vector<std::string> interval_cells(const stats::Interval& interval) {
    return {cell(interval.mean), cell(interval.sd), cell(interval.low), cell(interval.high)};
}

}  // namespace

RowNames::RowNames(const CohortInput& input) : input_(input) {
    for (const std::string& name : {input.columns.id, input.columns.session}) {
        if (name.empty()) continue;
        header_.push_back(name);
        columns_.push_back(input.table.find(name));
    }
    if (columns_.empty()) header_.emplace_back("row");
    header_.push_back(input.columns.site);
}

std::vector<std::string> RowNames::cells(data::Index row) const {
    std::vector<std::string> out;
    for (const data::Index column : columns_) out.emplace_back(input_.table.text_cell(row, column));
    const auto i = static_cast<std::size_t>(row);
    if (columns_.empty()) out.push_back(input_.cohort.ids[i]);
    out.push_back(input_.cohort.sites[i]);
    return out;
}

TextTable folds_table(const CohortInput& input, const std::vector<data::Index>& rows, const Folds& folds) {
    const RowNames names(input);
    std::vector<std::string> columns;
    for (std::size_t r = 0; r < folds.of_row.size(); ++r)
        columns.push_back(folds.of_row.size() == 1 ? "fold" : "fold_" + std::to_string(r + 1));
    TextTable table(with(names.header(), columns));
    for (std::size_t i = 0; i < rows.size(); ++i) {
        std::vector<std::string> cells = names.cells(rows[i]);
        for (const std::vector<data::Index>& of_row : folds.of_row) cells.push_back(std::to_string(of_row[i] + 1));
        table.add(cells);
    }
    return table;
}

PredictionsTable::PredictionsTable(const CohortInput& input, const Prediction& prediction)
    : names_(input),
      prediction_(prediction),
      table_(with(with(names_.header(), {"repeat", "fold", "condition"}), predicted_columns(prediction))) {}

void PredictionsTable::add(data::Index repeat, const std::vector<learn::FoldResult>& folds) {
    const bool numbers = prediction_.targets.task == learn::Task::regression;
    for (std::size_t f = 0; f < folds.size(); ++f) {
        for (const learn::Learnt& learnt : folds[f].learnt) {
            for (std::size_t i = 0; i < folds[f].test.size(); ++i) {
                const auto row = static_cast<std::size_t>(folds[f].test[i]);
                std::vector<std::string> cells = names_.cells(folds[f].test[i]);
                cells.push_back(std::to_string(repeat + 1));
                cells.push_back(std::to_string(f + 1));
                cells.push_back(name_of(learnt.condition));
                if (numbers) {
                    cells.push_back(cell(prediction_.targets.values[row]));
                    cells.push_back(cell(learnt.predictions.values[i]));
                } else {
                    const auto name = [&](data::Index label) {
                        return prediction_.classes[static_cast<std::size_t>(label)];
                    };
                    cells.push_back(name(prediction_.targets.labels[row]));
                    cells.push_back(name(learnt.predictions.labels[i]));
                    for (const double score : learnt.predictions.scores.row(static_cast<data::Index>(i)))
                        cells.push_back(cell(score));
                }
                table_.add(cells);
            }
        }
    }
}

TextTable scores_table(const std::vector<learn::ScoreLine>& lines, bool by_site) {
    std::vector<std::string> header{"condition"};
    if (by_site) header.emplace_back("site");
    TextTable table(with(header, {"metric", "repeats", "mean", "sd", "low", "high", "difference", "difference_sd",
                                  "difference_low", "difference_high", "above", "below"}));
    for (const learn::ScoreLine& line : lines) {
        if (line.site.empty() == by_site) continue;
        std::vector<std::string> cells{name_of(line.condition)};
        if (by_site) cells.push_back(line.site);
        cells.push_back(line.metric);
        cells.push_back(std::to_string(line.value.defined));
        cells = with(cells, interval_cells(line.value));
        const std::string none(base::missing_text);
        cells = with(cells, line.difference ? interval_cells(*line.difference) : std::vector<std::string>(4, none));
        cells.push_back(line.difference ? std::to_string(line.above) : none);
        cells.push_back(line.difference ? std::to_string(line.below) : none);
        table.add(cells);
    }
    return table;
}

Ledger::Ledger(const CohortInput& input, const learn::ValidationPlan& plan)
    : names_(input),
      input_(input),
      plan_(plan),
      table_(with(names_.header(),
                  {"repeat", "fold", "condition", "part", "mean_model", "site_effects", "learner", "target_at_apply"})) {}

void Ledger::add(data::Index repeat, const std::vector<learn::FoldResult>& folds) {
    for (std::size_t f = 0; f < folds.size(); ++f) {
        std::vector<bool> harmonises(input_.trains.size(), false);
        for (const data::Index row : folds[f].harmonising) harmonises[static_cast<std::size_t>(row)] = true;
        for (const learn::Condition condition : plan_.conditions) {
            const std::vector<bool>& fitted = condition == learn::Condition::leaking ? input_.trains : harmonises;
            const std::vector<std::string> place{std::to_string(repeat + 1), std::to_string(f + 1), name_of(condition)};
            add_rows(folds[f].training, false, condition, fitted, place);
            add_rows(folds[f].test, true, condition, fitted, place);
        }
    }
}

void Ledger::add_rows(const std::vector<data::Index>& rows, bool tested, learn::Condition condition,
                      const std::vector<bool>& fitted, const std::vector<std::string>& place) {
    const bool harmonised = condition != learn::Condition::raw;
    const std::string learner = plan_.learner && !tested ? "trained" : "-", target = target_at_apply(condition, tested);
    for (const data::Index row : rows) {
        const auto i = static_cast<std::size_t>(row);
        const bool fits = harmonised && fitted[i];
        const std::vector<std::string> touched{tested ? "test" : "training", fits ? "fitted" : "-",
                                               fits ? "of " + input_.cohort.sites[i] : "-", learner, target};
        table_.add(with(with(names_.cells(row), place), touched));
    }
}

std::string Ledger::target_at_apply(learn::Condition condition, bool tested) const {
    const std::vector<std::string> covariates = known_covariates(plan_.harmonisation);
    const bool is_covariate = std::find(covariates.begin(), covariates.end(), plan_.target) != covariates.end();
    if (!is_covariate || condition == learn::Condition::raw) return "none";
    if (tested && condition == learn::Condition::held_out) return "held out";
    if (tested && condition == learn::Condition::pretend) return "pretended";
    return "known";
}

std::string fold_folder(const std::string& folder, data::Index repeat, data::Index repeats, data::Index fold,
                        data::Index folds) {
    return (std::filesystem::path(folder) / numbered("repeat", repeat + 1, repeats) / numbered("fold", fold + 1, folds))
        .string();
}

}  // namespace tare::commands
