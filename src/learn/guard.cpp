// Looks for what would let a test row's target into its prediction.
#include "tare/learn/guard.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

namespace tare::learn {
namespace {

struct Pair {
    double covariate, target;
};

/// Pairs of rows that have both, by the covariate.
std::vector<Pair> pairs_of(const std::vector<double>& numbers, const Targets& targets, std::span<const Index> rows) {
    std::vector<Pair> out;
    for (const Index row : rows) {
        const auto i = static_cast<std::size_t>(row);
        const double target = targets.task == Task::regression ? targets.values[i] : static_cast<double>(targets.labels[i]);
        if (!std::isnan(numbers[i])) out.push_back({numbers[i], target});
    }
    std::sort(out.begin(), out.end(), [](const Pair& a, const Pair& b) {
        return std::pair(a.covariate, a.target) < std::pair(b.covariate, b.target);
    });
    return out;
}

/// +1 or −1 where the targets go up or down with the covariate throughout, equal with equal; 0 where they do neither.
int direction(const std::vector<Pair>& pairs, bool strictly) {
    bool up = true, down = true;
    for (std::size_t i = 1; i < pairs.size(); ++i) {
        const bool same = pairs[i].covariate == pairs[i - 1].covariate;
        const double step = pairs[i].target - pairs[i - 1].target;
        if (same && step != 0.0) return 0;
        if (same) continue;
        up = up && (strictly ? step > 0.0 : step >= 0.0);
        down = down && (strictly ? step < 0.0 : step <= 0.0);
    }
    return up ? 1 : down ? -1 : 0;
}

bool varies(const std::vector<Pair>& pairs) {
    return std::any_of(pairs.begin(), pairs.end(), [&](const Pair& p) { return p.target != pairs.front().target; });
}

std::optional<std::string> number_gives_away(const std::vector<Pair>& pairs, Task task) {
    constexpr std::size_t least_rows = 4;
    if (pairs.size() < least_rows || !varies(pairs)) return std::nullopt;
    if (task == Task::regression) {
        if (direction(pairs, true) != 0) return "puts the rows in the order of the target";
        return std::nullopt;
    }
    if (direction(pairs, false) != 0) return "separates the classes by thresholds";
    return std::nullopt;
}

}  // namespace

std::optional<std::string> gives_away(const data::Covariate& covariate, const Targets& targets,
                                      std::span<const Index> rows) {
    if (!covariate.categorical) return number_gives_away(pairs_of(covariate.numbers, targets, rows), targets.task);
    std::map<std::string, std::set<double>> targets_of;
    std::set<double> all;
    std::size_t counted = 0;
    for (const Index row : rows) {
        const auto i = static_cast<std::size_t>(row);
        if (covariate.levels[i].empty()) continue;
        const double target = targets.task == Task::regression ? targets.values[i] : static_cast<double>(targets.labels[i]);
        targets_of[covariate.levels[i]].insert(target);
        all.insert(target);
        ++counted;
    }
    if (all.size() < 2 || targets_of.size() == counted) return std::nullopt;
    const bool each_one =
        std::all_of(targets_of.begin(), targets_of.end(), [](const auto& own) { return own.second.size() == 1; });
    if (!each_one) return std::nullopt;
    return "has one target for every level";
}

std::vector<std::string> torn_groups(std::span<const std::string> group_of_row, std::span<const Index> fold_of) {
    std::map<std::string, std::set<Index>> folds_of;
    for (std::size_t i = 0; i < group_of_row.size(); ++i) folds_of[group_of_row[i]].insert(fold_of[i]);
    std::vector<std::string> torn;
    for (const auto& [group, folds] : folds_of) {
        if (folds.size() > 1) torn.push_back(group);
    }
    return torn;
}

std::vector<UnseenInFold> unseen_sites(std::span<const std::string> site_of_row, std::span<const Index> fold_of,
                                       const std::vector<bool>& teaches) {
    std::map<std::string, std::set<Index>> taught, tested;
    for (std::size_t i = 0; i < site_of_row.size(); ++i) {
        tested[site_of_row[i]].insert(fold_of[i]);
        if (teaches[i]) taught[site_of_row[i]].insert(fold_of[i]);
    }
    std::vector<UnseenInFold> unseen;
    for (const auto& [site, folds] : tested) {
        const std::set<Index>& teaching = taught[site];
        for (const Index fold : folds) {
            const std::size_t elsewhere = teaching.size() - teaching.count(fold);
            if (elsewhere == 0) unseen.push_back({fold, site});
        }
    }
    std::sort(unseen.begin(), unseen.end(),
              [](const auto& a, const auto& b) { return std::tie(a.fold, a.site) < std::tie(b.fold, b.site); });
    return unseen;
}

}  // namespace tare::learn
