// Choosing feature columns by name and glob.
#include "tare/data/feature_selection.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_set>

#include "tare/base/error.hpp"
#include "tare/base/text.hpp"

namespace tare::data {
namespace {

/// The columns that one name or glob stands for: the column of exactly that name, else all that the glob matches.
std::vector<std::size_t> matching(const std::vector<std::string>& header, const std::string& pattern) {
    const auto exact = std::find(header.begin(), header.end(), pattern);
    if (exact != header.end()) return {static_cast<std::size_t>(exact - header.begin())};
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < header.size(); ++i) {
        if (!header[i].empty() && base::glob_match(pattern, header[i])) found.push_back(i);
    }
    return found;
}

}  // namespace

std::vector<bool> choose_features(const std::vector<std::string>& header, const FeatureChoice& choice) {
    const std::unordered_set<std::string> reserved(choice.reserved.begin(), choice.reserved.end());
    std::vector<bool> chosen(header.size(), false);
    if (choice.features.empty()) {
        for (std::size_t i = 0; i < header.size(); ++i) chosen[i] = !header[i].empty() && !reserved.contains(header[i]);
    }
    for (const std::string& pattern : choice.features) {
        const std::vector<std::size_t> columns = matching(header, pattern);
        if (columns.empty()) {
            throw base::inconsistent("--features: no column matches '" + pattern + "'", base::did_you_mean(pattern, header));
        }
        for (const std::size_t i : columns) {
            if (!reserved.contains(header[i])) {
                chosen[i] = true;
            } else if (header[i] == pattern) {
                throw base::inconsistent("--features: column '" + pattern +
                                         "' already is an id, session, site, covariate or condition");
            }
        }
    }
    for (const std::string& pattern : choice.exclude) {
        const std::vector<std::size_t> columns = matching(header, pattern);
        if (columns.empty()) {
            throw base::inconsistent("--exclude: no column matches '" + pattern + "'", base::did_you_mean(pattern, header));
        }
        for (const std::size_t i : columns) chosen[i] = false;
    }
    if (std::find(chosen.begin(), chosen.end(), true) == chosen.end()) {
        throw base::inconsistent("no feature column is left", "name the features with --features");
    }
    return chosen;
}

std::vector<std::string> unlikely_features(const std::vector<std::string>& names) {
    constexpr std::array<std::string_view, 20> words{
        "age",   "sex",       "gender", "diagnosis", "dx",    "group",   "handedness", "iq",        "mmse",    "moca",
        "updrs", "education", "height", "weight",    "visit", "session", "run",        "timepoint", "scanner", "batch"};
    std::vector<std::string> found;
    for (const std::string& name : names) {
        std::string lower = name;
        std::transform(lower.begin(), lower.end(), lower.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
        if (std::find(words.begin(), words.end(), lower) != words.end()) found.push_back(name);
    }
    return found;
}

}  // namespace tare::data
