// Repeats and permutations, side by side and kept.
#include "efficacy_run.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "tare/base/error.hpp"
#include "tare/base/number_text.hpp"
#include "tare/base/parallel.hpp"
#include "tare/base/text.hpp"
#include "tare/io/table_reader.hpp"
#include "text_table.hpp"

namespace tare::commands {
namespace {

using base::Index;
using learn::Recognised;

constexpr std::size_t pieces_between_keeps = 16;
constexpr Index permutations_at_once = 8;

double value_of(const Recognised& recognised, bool harmonised) {
    return harmonised ? recognised.harmonised : recognised.raw;
}

std::vector<double> values_of(const std::vector<std::optional<Recognised>>& all, bool harmonised) {
    std::vector<double> out;
    for (const auto& one : all) {
        if (one && !std::isnan(value_of(*one, harmonised))) out.push_back(value_of(*one, harmonised));
    }
    return out;
}

}  // namespace

EfficacyRun::EfficacyRun(const learn::SiteRecognition& recognition, Index repeats, Index permutations, Kept kept,
                         bool resume, const base::Resources& resources, base::TemporaryFiles& unfinished, base::Log& log)
    : recognition_(recognition),
      kept_(std::move(kept)),
      resources_(resources),
      unfinished_(unfinished),
      log_(log),
      observed_(static_cast<std::size_t>(repeats)),
      permuted_(static_cast<std::size_t>(permutations)) {
    if (resume && !kept_.path.empty() && std::filesystem::exists(kept_.path)) load();
}

void EfficacyRun::load() {
    const data::Table table = io::read_table(kept_.path, io::all_text(), resources_, log_).table;
    const std::vector<std::string> expected{"run", "kind", "number", "raw", "harmonised"};
    if (table.header != expected) throw base::malformed(kept_.path + ": is no record of a run of tare-efficacy");
    std::size_t found = 0;
    for (Index row = 0; row < table.rows(); ++row) {
        const auto text = [&](Index column) { return table.text_cell(row, column); };
        if (text(0) != kept_.run) {
            throw base::inconsistent(kept_.path + ": is of a run with other inputs or options",
                                     "without --resume, and with --force, it is started anew");
        }
        auto& all = text(1) == "observed" ? observed_ : permuted_;
        const auto number = base::parse_integer(text(2));
        const auto number_or_nan = [&](Index column) {
            return base::is_missing(text(column)) ? std::optional(std::nan("")) : base::parse_number(text(column));
        };
        const auto raw = number_or_nan(3), harmonised = number_or_nan(4);
        if (!number || *number < 1 || *number > std::ssize(all) || !raw || !harmonised)
            throw base::malformed(table.where(row) + ": is no line of a record of tare-efficacy");
        all[static_cast<std::size_t>(*number - 1)] = {*raw, *harmonised};
        ++found;
    }
    log_.info(base::counted(found, "piece") + " of the work done before");
}

void EfficacyRun::keep() const {
    if (kept_.path.empty()) return;
    TextTable table({"run", "kind", "number", "raw", "harmonised"});
    const auto add = [&](const std::string& kind, const std::vector<std::optional<Recognised>>& all) {
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (all[i]) table.add({kept_.run, kind, std::to_string(i + 1), cell(all[i]->raw), cell(all[i]->harmonised)});
        }
    };
    add("observed", observed_);
    add("permuted", permuted_);
    io::Output output(kept_.path, unfinished_, true);
    table.write(output, resources_);
    output.commit();
}

void EfficacyRun::finish() const noexcept {
    std::error_code ignored;
    if (!kept_.path.empty()) std::filesystem::remove(kept_.path, ignored);
}

void EfficacyRun::observe() {
    std::vector<Index> todo;
    for (std::size_t r = 0; r < observed_.size(); ++r) {
        if (!observed_[r]) todo.push_back(static_cast<Index>(r));
    }
    for (std::size_t first = 0; first < todo.size(); first += pieces_between_keeps) {
        base::for_each_in_parallel(
            std::min(pieces_between_keeps, todo.size() - first), resources_.threads, [&](std::size_t i) {
                observed_[static_cast<std::size_t>(todo[first + i])] = recognition_.observed(todo[first + i]);
            });
        keep();
        log_.progress("repeats", static_cast<double>(std::min(first + pieces_between_keeps, todo.size())) /
                                     static_cast<double>(todo.size()));
    }
}

void EfficacyRun::permute_all() {
    const auto repeats = std::ssize(observed_), all = std::ssize(permuted_);
    std::vector<Index> todo;
    for (Index r = 0; r < std::min(repeats, all); ++r) {
        for (Index number = r; number < all; number += repeats) {
            if (permuted_[static_cast<std::size_t>(number)]) continue;
            todo.push_back(r);
            break;
        }
    }
    for (std::size_t first = 0; first < todo.size(); first += pieces_between_keeps) {
        base::for_each_in_parallel(
            std::min(pieces_between_keeps, todo.size() - first), resources_.threads, [&](std::size_t i) {
                const Index r = todo[first + i];
                const std::vector<Recognised> done = recognition_.permuted(r, all, repeats, learn::Which::both);
                for (std::size_t k = 0; k < done.size(); ++k)
                    permuted_[static_cast<std::size_t>(r + static_cast<Index>(k) * repeats)] = done[k];
            });
        keep();
        log_.progress("permutations", static_cast<double>(std::min(first + pieces_between_keeps, todo.size())) /
                                          static_cast<double>(todo.size()));
    }
}

void EfficacyRun::permute_until(Index enough) {
    const auto mean = [](const std::vector<double>& values) {
        double sum = 0.0;
        for (const double value : values) sum += value;
        return sum / static_cast<double>(values.size());
    };
    const auto all = std::ssize(permuted_), repeats = std::ssize(observed_);
    if (all == 0) return;
    stats::SequentialPermutations raw(mean(observed(false)), all, enough), harmonised(mean(observed(true)), all, enough);
    for (Index first = 0; first < all && !(raw.ended() && harmonised.ended()); first += permutations_at_once) {
        const Index end = std::min(first + permutations_at_once, all);
        const learn::Which which = raw.ended()          ? learn::Which::harmonised
                                   : harmonised.ended() ? learn::Which::raw
                                                        : learn::Which::both;
        base::for_each_in_parallel(static_cast<std::size_t>(end - first), resources_.threads, [&](std::size_t i) {
            const Index number = first + static_cast<Index>(i);
            auto& one = permuted_[static_cast<std::size_t>(number)];
            if (!one) one = recognition_.permuted(number, number + 1, repeats, which).front();
        });
        for (Index number = first; number < end; ++number) {
            Recognised& one = *permuted_[static_cast<std::size_t>(number)];
            // What comes after the end of a test has no part in it.
            if (raw.ended()) one.raw = std::nan("");
            if (harmonised.ended()) one.harmonised = std::nan("");
            if (!raw.ended()) raw.add(one.raw);
            if (!harmonised.ended()) harmonised.add(one.harmonised);
        }
        keep();
        log_.progress("permutations", static_cast<double>(end) / static_cast<double>(all));
    }
}

std::vector<double> EfficacyRun::observed(bool harmonised) const {
    return values_of(observed_, harmonised);
}
std::vector<double> EfficacyRun::permuted(bool harmonised) const {
    return values_of(permuted_, harmonised);
}

}  // namespace tare::commands
