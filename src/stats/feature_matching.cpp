// A map from names to positions, built once for a sample.
#include "feature_matching.hpp"

#include <numeric>
#include <unordered_map>

#include "tare/base/error.hpp"
#include "tare/base/text.hpp"

namespace tare::stats {

using base::Index;

std::vector<Index> match_features(const data::Features& model, const data::Features& sample, const std::string& source) {
    std::vector<Index> matched(static_cast<std::size_t>(sample.count()));
    if (model == sample) {
        std::iota(matched.begin(), matched.end(), Index{0});
        return matched;
    }
    if (model.kind() != data::FeatureKind::named || sample.kind() != data::FeatureKind::named) {
        throw base::inconsistent(source + ": has " + data::described(sample) + ", the model " + data::described(model));
    }
    std::unordered_map<std::string, Index> position;
    for (Index f = 0; f < model.count(); ++f) position.emplace(model.name(f), f);
    for (Index f = 0; f < sample.count(); ++f) {
        const auto found = position.find(sample.name(f));
        if (found == position.end()) {
            throw base::inconsistent(source + ": feature '" + sample.name(f) + "' is not in the model",
                                     base::did_you_mean(sample.name(f), model.names()));
        }
        matched[static_cast<std::size_t>(f)] = found->second;
    }
    return matched;
}

}  // namespace tare::stats
