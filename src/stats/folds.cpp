// Dealing rows and placing groups. Every repeat has a stream of its own, seeded from the stream of the request.
#include "tare/stats/folds.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <string_view>
#include <tuple>
#include <utility>

#include "tare/base/error.hpp"
#include "tare/base/shuffle.hpp"
#include "tare/base/text.hpp"

namespace tare::stats {
namespace {

using Folds = std::vector<Index>;
using RowsOf = std::vector<std::vector<Index>>;

std::size_t at(Index i) {
    return static_cast<std::size_t>(i);
}

std::vector<std::size_t> shuffled_positions(std::size_t count, base::Rng& rng) {
    std::vector<std::size_t> out(count);
    std::iota(out.begin(), out.end(), std::size_t{0});
    base::shuffle(std::span(out), rng);
    return out;
}

Folds dealt(const RowsOf& strata, Index rows, Index folds, base::Rng& rng) {
    Folds out(at(rows));
    Index next = 0;
    for (const std::size_t s : shuffled_positions(strata.size(), rng)) {
        std::vector<Index> members = strata[s];
        base::shuffle(std::span(members), rng);
        for (const Index row : members) {
            out[at(row)] = next;
            next = (next + 1) % folds;
        }
    }
    return out;
}

/// How many rows of each stratum a group has.
using Counts = std::vector<std::pair<std::size_t, double>>;

std::vector<Counts> strata_of_groups(const Grouping& groups, const Grouping& strata) {
    std::vector<Counts> out(groups.names.size());
    for (std::size_t g = 0; g < out.size(); ++g) {
        std::vector<Index> members;
        for (const Index row : groups.rows[g]) members.push_back(strata.of_row[at(row)]);
        std::sort(members.begin(), members.end());
        for (const Index stratum : members) {
            if (out[g].empty() || out[g].back().first != at(stratum)) out[g].emplace_back(at(stratum), 0.0);
            out[g].back().second += 1.0;
        }
    }
    return out;
}

/// Places whole groups, one after another.
class Placement {
public:
    Placement(const Grouping& strata, Index folds, Index rows)
        : strata_(strata), rows_(static_cast<double>(rows)), folds_(at(folds), Fold{strata.names.size()}) {}

    /// The fold for a group. An empty fold costs nothing and any other something, so none stays empty.
    std::size_t place(const Counts& group, double size) {
        std::size_t best = 0;
        for (std::size_t f = 1; f < folds_.size(); ++f) {
            if (rank(f, group, size) < rank(best, group, size)) best = f;
        }
        for (const auto& [stratum, count] : group) folds_[best].of_stratum[stratum] += count;
        folds_[best].rows += size;
        ++folds_[best].groups;
        return best;
    }

private:
    struct Fold {
        explicit Fold(std::size_t strata) : of_stratum(strata, 0.0) {}
        std::vector<double> of_stratum;
        double rows = 0.0;
        Index groups = 0;
    };

    /// Up to a constant, half of what the group would add to the chi-square distance between the folds' strata (with all
    /// rows as one stratum more) and equal shares; then rows, then groups.
    [[nodiscard]] std::tuple<double, double, Index> rank(std::size_t f, const Counts& group, double size) const {
        const Fold& fold = folds_[f];
        double cost = size * fold.rows / rows_;
        for (const auto& [stratum, count] : group) {
            cost += count * fold.of_stratum[stratum] / static_cast<double>(strata_.rows[stratum].size());
        }
        return {cost, fold.rows, fold.groups};
    }

    const Grouping& strata_;
    double rows_;
    std::vector<Fold> folds_;
};

Folds placed(const Grouping& groups, const Grouping& strata, const std::vector<Counts>& counts, Index folds,
             base::Rng& rng) {
    const std::vector<std::size_t> turn = shuffled_positions(groups.names.size(), rng);
    std::vector<std::size_t> order(turn.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return std::pair(groups.rows[b].size(), turn[a]) < std::pair(groups.rows[a].size(), turn[b]);
    });
    Folds out(groups.of_row.size());
    Placement placement(strata, folds, static_cast<Index>(out.size()));
    for (const std::size_t g : order) {
        const std::size_t fold = placement.place(counts[g], static_cast<double>(groups.rows[g].size()));
        for (const Index row : groups.rows[g]) out[at(row)] = static_cast<Index>(fold);
    }
    return out;
}

void check(const FoldRequest& request, Index rows, std::span<const std::string> strata,
           std::span<const std::string> groups) {
    const auto fits = [&](std::span<const std::string> names) { return names.empty() || names.size() == at(rows); };
    if (!fits(strata) || !fits(groups)) throw std::logic_error("strata and groups of folds are one name per row or none");
    if (request.folds < 2) throw base::usage_error(std::to_string(request.folds) + " folds: at least 2 are needed");
    if (request.repeats < 1) throw base::usage_error(std::to_string(request.repeats) + " repeats: at least 1 is needed");
}

void check_enough(std::size_t count, std::string_view noun, Index folds) {
    if (count >= at(folds)) return;
    throw base::degenerate(base::counted(count, noun) + " cannot be cut into " + std::to_string(folds) + " folds",
                           "ask for fewer folds");
}

}  // namespace

std::vector<Folds> make_folds(const FoldRequest& request, Index rows, std::span<const std::string> strata,
                              std::span<const std::string> groups) {
    check(request, rows, strata, groups);
    check_enough(at(rows), "row", request.folds);
    // Without strata all rows are one.
    const Grouping by_stratum = strata.empty() ? grouped(std::vector<std::string>(at(rows))) : grouped(strata);
    const Grouping by_group = grouped(groups);
    if (!groups.empty()) check_enough(by_group.names.size(), "group", request.folds);
    const bool whole_groups = !groups.empty() && by_group.names.size() < groups.size();
    const std::vector<Counts> counts = whole_groups ? strata_of_groups(by_group, by_stratum) : std::vector<Counts>{};

    base::Rng seeds(request.seed);
    std::vector<Folds> out;
    for (Index r = 0; r < request.repeats; ++r) {
        base::Rng rng(seeds.bits());
        out.push_back(whole_groups ? placed(by_group, by_stratum, counts, request.folds, rng)
                                   : dealt(by_stratum.rows, rows, request.folds, rng));
    }
    return out;
}

Folds folds_by_group(std::span<const std::string> groups) {
    Grouping by_group = grouped(groups);
    if (by_group.names.size() < 2)
        throw base::degenerate("to leave one group out takes two groups, and there is " +
                               base::counted(by_group.names.size(), "group"));
    return std::move(by_group.of_row);
}

}  // namespace tare::stats
