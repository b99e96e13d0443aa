// Groups are shuffled one after another, in the order of their numbers.
#include "tare/stats/permuted_labels.hpp"

#include <algorithm>
#include <stdexcept>

#include "tare/base/shuffle.hpp"

namespace tare::stats {

std::vector<Index> permuted_within(std::span<const Index> labels, std::span<const Index> groups, base::Rng& rng) {
    std::vector<Index> out(labels.begin(), labels.end());
    if (groups.empty()) {
        base::shuffle(std::span(out), rng);
        return out;
    }
    if (groups.size() != labels.size() || std::any_of(groups.begin(), groups.end(), [](Index g) { return g < 0; }))
        throw std::logic_error("groups of labels are one number from 0 per label");
    // A counting sort puts the groups side by side.
    std::vector<std::size_t> begin(static_cast<std::size_t>(*std::max_element(groups.begin(), groups.end())) + 2, 0);
    for (const Index g : groups) ++begin[static_cast<std::size_t>(g) + 1];
    for (std::size_t g = 1; g < begin.size(); ++g) begin[g] += begin[g - 1];
    std::vector<std::size_t> next(begin.begin(), begin.end() - 1);
    std::vector<Index> sorted(labels.size());
    for (std::size_t i = 0; i < labels.size(); ++i) sorted[next[static_cast<std::size_t>(groups[i])]++] = labels[i];
    for (std::size_t g = 0; g + 1 < begin.size(); ++g) {
        base::shuffle(std::span(sorted).subspan(begin[g], begin[g + 1] - begin[g]), rng);
    }
    std::copy(begin.begin(), begin.end() - 1, next.begin());
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = sorted[next[static_cast<std::size_t>(groups[i])]++];
    return out;
}

}  // namespace tare::stats
