// The course of recognising sites: every repeat with the true labels, then permuted labels, on several threads, in an order
// of its own; what a run that was interrupted has done already is not done again.
#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "tare/learn/site_recognition.hpp"

namespace tare::learn {

/// What has been computed. The same numbers come out in whatever order, on however many threads, in however many runs.
struct RecognitionRecord {
    RecognitionRecord(Index repeats, Index permutations)
        : observed(static_cast<std::size_t>(repeats)), permuted(static_cast<std::size_t>(permutations)) {}

    std::vector<std::optional<Recognised>> observed;  ///< by repeat
    std::vector<std::optional<Recognised>> permuted;  ///< by number
};

/// Told of a step and of how far it has come, from 0 to 1, whenever more has been added to the record.
using Milestone = std::function<void(std::string_view step, double share)>;

/// The true labels, every repeat. Throws Error (65).
void observe(const SiteRecognition& recognition, RecognitionRecord& record, int threads, const Milestone& milestone);

/// Permuted labels, all of them; one repeat's folds serve many of them.
void permute_all(const SiteRecognition& recognition, RecognitionRecord& record, int threads, const Milestone& milestone);

/// Permuted labels until `enough` of them have reached the observed mean (Besag, Clifford 1991), for raw and for harmonised
/// values each; what comes after the end of one of the two is NaN there. All repeats must be observed.
void permute_until(const SiteRecognition& recognition, RecognitionRecord& record, Index enough, int threads,
                   const Milestone& milestone);

/// The balanced accuracies that a record has, in order: of repeats, of permutations.
[[nodiscard]] std::vector<double> observed_values(const RecognitionRecord& record, bool harmonised);
[[nodiscard]] std::vector<double> permuted_values(const RecognitionRecord& record, bool harmonised);

}  // namespace tare::learn
