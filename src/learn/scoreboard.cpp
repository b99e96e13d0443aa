// Metrics of every repeat, and their summary.
#include "tare/learn/scoreboard.hpp"

#include <algorithm>
#include <set>

namespace tare::learn {
namespace {

/// Predictions of one condition in one repeat, of all sites or one.
struct Collected {
    std::vector<double> truth, predicted;  ///< numbers
    std::vector<Index> true_label, label;  ///< classes
    std::vector<double> auc_of_fold;
};

void collect(const FoldResult& fold, std::size_t number, const Targets& targets, const std::vector<std::string>& sites,
             const std::string& site, Collected& to) {
    const Predictions& predictions = fold.learnt[number].predictions;
    std::vector<Index> places, true_label, label;
    for (std::size_t i = 0; i < fold.test.size(); ++i) {
        const auto row = static_cast<std::size_t>(fold.test[i]);
        if (!site.empty() && sites[row] != site) continue;
        if (targets.task == Task::regression) {
            to.truth.push_back(targets.values[row]);
            to.predicted.push_back(predictions.values[i]);
            continue;
        }
        places.push_back(static_cast<Index>(i));
        true_label.push_back(targets.labels[row]);
        label.push_back(predictions.labels[i]);
    }
    if (targets.task == Task::regression || places.empty()) return;
    base::Matrix<double> scores(static_cast<Index>(places.size()), targets.classes);
    for (std::size_t i = 0; i < places.size(); ++i) {
        const auto from = predictions.scores.row(places[i]);
        std::copy(from.begin(), from.end(), scores.row(static_cast<Index>(i)).begin());
    }
    to.auc_of_fold.push_back(stats::classification_metrics(targets.classes, true_label, label, scores).auc);
    to.true_label.insert(to.true_label.end(), true_label.begin(), true_label.end());
    to.label.insert(to.label.end(), label.begin(), label.end());
}

}  // namespace

void Scoreboard::add(Condition condition, const std::string& site, const std::string& metric, double value) {
    const auto same = [&](const Series& s) { return s.condition == condition && s.site == site && s.metric == metric; };
    auto found = std::find_if(series_.begin(), series_.end(), same);
    if (found == series_.end()) found = series_.insert(found, {condition, site, metric, {}});
    found->over_repeats.push_back(value);
}

void Scoreboard::add(const std::vector<FoldResult>& folds) {
    std::set<std::string> known{""};
    for (const FoldResult& fold : folds) {
        for (const Index row : fold.test) known.insert(sites_[static_cast<std::size_t>(row)]);
    }
    for (const std::string& site : known) {
        for (std::size_t c = 0; c < folds.front().learnt.size(); ++c) {
            const Condition condition = folds.front().learnt[c].condition;
            Collected all;
            for (const FoldResult& fold : folds) collect(fold, c, targets_, sites_, site, all);
            if (targets_.task == Task::regression) {
                const stats::RegressionMetrics metrics = stats::regression_metrics(all.truth, all.predicted);
                add(condition, site, "mae", metrics.mae);
                add(condition, site, "rmse", metrics.rmse);
                add(condition, site, "r2", metrics.r2);
                continue;
            }
            const stats::ClassificationMetrics metrics =
                stats::classification_metrics(targets_.classes, all.true_label, all.label, {});
            add(condition, site, "balanced_accuracy", metrics.balanced_accuracy);
            add(condition, site, "auc", stats::interval_of(all.auc_of_fold).mean);
            if (targets_.classes != 2) continue;
            add(condition, site, "sensitivity", metrics.sensitivity);
            add(condition, site, "specificity", metrics.specificity);
        }
    }
}

std::vector<ScoreLine> Scoreboard::lines() const {
    std::vector<ScoreLine> out;
    for (const Series& series : series_) {
        ScoreLine line{series.condition, series.site, series.metric, stats::interval_of(series.over_repeats), {}};
        const auto reference = std::find_if(series_.begin(), series_.end(), [&](const Series& s) {
            return s.condition == Condition::in_fold && s.site == series.site && s.metric == series.metric;
        });
        if (reference != series_.end() && series.condition != Condition::in_fold) {
            std::vector<double> differences;
            for (std::size_t r = 0; r < series.over_repeats.size(); ++r) {
                differences.push_back(series.over_repeats[r] - reference->over_repeats[r]);
                line.above += differences.back() > 0.0 ? 1 : 0;
                line.below += differences.back() < 0.0 ? 1 : 0;
            }
            line.difference = stats::interval_of(differences);
        }
        out.push_back(std::move(line));
    }
    return out;
}

}  // namespace tare::learn
