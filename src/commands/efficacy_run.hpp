// The course of tare-efficacy: repeats and permutations on all threads, kept as they come so that a run can go on where it
// was interrupted.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tare/base/resources.hpp"
#include "tare/base/temporary_files.hpp"
#include "tare/learn/site_recognition.hpp"
#include "tare/stats/paired_tests.hpp"

namespace tare::commands {

/// Where what is done is kept, and by what it is known again.
struct Kept {
    std::string path;  ///< empty: nowhere
    std::string run;   ///< the fingerprint of inputs and options
};

class EfficacyRun {
public:
    /// With `resume`, what `kept` holds is taken over. Throws Error (65) where that is of another run.
    EfficacyRun(const learn::SiteRecognition& recognition, base::Index repeats, base::Index permutations, Kept kept,
                bool resume, const base::Resources& resources, base::TemporaryFiles& unfinished, base::Log& log);

    /// The true labels, every repeat.
    void observe();
    /// Permuted labels, all of them; one repeat's folds serve many of them.
    void permute_all();
    /// Permuted labels until `enough` of them have reached the observed mean (Besag, Clifford 1991), for raw and harmonised
    /// values each.
    void permute_until(base::Index enough);
    /// Takes away what was kept.
    void finish() const noexcept;

    [[nodiscard]] std::vector<double> observed(bool harmonised) const;
    /// Permuted statistics that were computed, in the order of their numbers.
    [[nodiscard]] std::vector<double> permuted(bool harmonised) const;

private:
    void load();
    void keep() const;

    const learn::SiteRecognition& recognition_;
    Kept kept_;
    base::Resources resources_;
    base::TemporaryFiles& unfinished_;
    base::Log& log_;
    std::vector<std::optional<learn::Recognised>> observed_, permuted_;  ///< by number
};

}  // namespace tare::commands
