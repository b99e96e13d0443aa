// What makes a validation look better than it is, found before anything is fitted: a covariate that gives the target away,
// a person on both sides of a fold, a site that a fold has never seen.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tare/data/cohort.hpp"
#include "tare/learn/learner.hpp"

namespace tare::learn {

/// How a covariate gives the target of these rows away, in words that go on after its name: "orders it exactly"; nothing
/// where it does not. A number does where the target follows from it by a threshold, or is as it up to a scale or an order;
/// a category where each of its levels (of which at least one has two rows) has one target.
[[nodiscard]] std::optional<std::string> gives_away(const data::Covariate& covariate, const Targets& targets,
                                                    std::span<const Index> rows);

/// Names of groups that have rows in more than one fold.
[[nodiscard]] std::vector<std::string> torn_groups(std::span<const std::string> group_of_row,
                                                   std::span<const Index> fold_of);

/// A site that is tested in a fold none of whose other rows may teach it.
struct UnseenInFold {
    Index fold = 0;
    std::string site;
};
/// `teaches`: per row. Ordered by fold and name.
[[nodiscard]] std::vector<UnseenInFold> unseen_sites(std::span<const std::string> site_of_row,
                                                     std::span<const Index> fold_of, const std::vector<bool>& teaches);

}  // namespace tare::learn
