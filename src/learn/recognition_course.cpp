// Batches of repeats and permutations, side by side.
#include "tare/learn/recognition_course.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tare/base/parallel.hpp"
#include "tare/stats/metrics.hpp"
#include "tare/stats/paired_tests.hpp"

namespace tare::learn {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Few, so that little is lost where a run is interrupted; enough that no thread waits long for another.
constexpr std::size_t batch_per_thread = 4;
/// The same whatever the threads: where a sequence ends may not depend on them.
constexpr Index permutations_at_once = 8;

void in_batches(const std::vector<Index>& todo, std::string_view step, int threads, const Milestone& milestone,
                const auto& work) {
    const std::size_t batch = batch_per_thread * static_cast<std::size_t>(threads);
    for (std::size_t first = 0; first < todo.size(); first += batch) {
        const std::size_t end = std::min(first + batch, todo.size());
        base::for_each_in_parallel(end - first, threads, [&](std::size_t i) { work(todo[first + i]); });
        milestone(step, static_cast<double>(end) / static_cast<double>(todo.size()));
    }
}

std::vector<double> known(const std::vector<std::optional<Recognised>>& all, bool harmonised) {
    std::vector<double> out;
    for (const auto& one : all) {
        if (!one) continue;
        const double value = harmonised ? one->harmonised : one->raw;
        if (!std::isnan(value)) out.push_back(value);
    }
    return out;
}

}  // namespace

void observe(const SiteRecognition& recognition, RecognitionRecord& record, int threads, const Milestone& milestone) {
    std::vector<Index> todo;
    for (std::size_t r = 0; r < record.observed.size(); ++r) {
        if (!record.observed[r]) todo.push_back(static_cast<Index>(r));
    }
    in_batches(todo, "repeats", threads, milestone,
               [&](Index r) { record.observed[static_cast<std::size_t>(r)] = recognition.observed(r); });
}

void permute_all(const SiteRecognition& recognition, RecognitionRecord& record, int threads, const Milestone& milestone) {
    const auto repeats = std::ssize(record.observed), all = std::ssize(record.permuted);
    std::vector<Index> todo;
    for (Index r = 0; r < std::min(repeats, all); ++r) {
        for (Index number = r; number < all; number += repeats) {
            if (record.permuted[static_cast<std::size_t>(number)]) continue;
            todo.push_back(r);
            break;
        }
    }
    in_batches(todo, "permutations", threads, milestone, [&](Index r) {
        const std::vector<Recognised> done = recognition.permuted(r, all, repeats, Which::both);
        for (std::size_t k = 0; k < done.size(); ++k)
            record.permuted[static_cast<std::size_t>(r + static_cast<Index>(k) * repeats)] = done[k];
    });
}

void permute_until(const SiteRecognition& recognition, RecognitionRecord& record, Index enough, int threads,
                   const Milestone& milestone) {
    const auto all = std::ssize(record.permuted), repeats = std::ssize(record.observed);
    if (all == 0) return;
    const auto mean = [&](bool of_harmonised) { return stats::interval_of(observed_values(record, of_harmonised)).mean; };
    stats::SequentialPermutations raw(mean(false), all, enough), harmonised(mean(true), all, enough);
    for (Index first = 0; first < all && !(raw.ended() && harmonised.ended()); first += permutations_at_once) {
        const Index end = std::min(first + permutations_at_once, all);
        const Which which = raw.ended() ? Which::harmonised : harmonised.ended() ? Which::raw : Which::both;
        base::for_each_in_parallel(static_cast<std::size_t>(end - first), threads, [&](std::size_t i) {
            const Index number = first + static_cast<Index>(i);
            auto& one = record.permuted[static_cast<std::size_t>(number)];
            if (!one) one = recognition.permuted(number, number + 1, repeats, which).front();
        });
        for (Index number = first; number < end; ++number) {
            Recognised& one = *record.permuted[static_cast<std::size_t>(number)];
            if (raw.ended()) one.raw = nan;
            if (harmonised.ended()) one.harmonised = nan;
            if (!raw.ended()) raw.add(one.raw);
            if (!harmonised.ended()) harmonised.add(one.harmonised);
        }
        milestone("permutations", static_cast<double>(end) / static_cast<double>(all));
    }
    milestone("permutations", 1.0);
}

std::vector<double> observed_values(const RecognitionRecord& record, bool harmonised) {
    return known(record.observed, harmonised);
}

std::vector<double> permuted_values(const RecognitionRecord& record, bool harmonised) {
    return known(record.permuted, harmonised);
}

}  // namespace tare::learn
