// What tare-efficacy has computed so far, in a file beside its results, so that a run that was interrupted can go on.
#pragma once

#include <string>

#include "cohort_input.hpp"
#include "tare/learn/recognition_course.hpp"

namespace tare::commands {

/// What a run is known by again: its inputs' contents, its options but those that change no number, this version.
[[nodiscard]] std::string fingerprint(const CohortInput& input, const cli::ParsedOptions& options);

class RecordFile {
public:
    /// In `folder`, by its name. An empty folder: nothing is kept.
    explicit RecordFile(const std::string& folder);

    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    [[nodiscard]] bool is_there() const;

    /// Reads what the run of this fingerprint has done. Throws Error (65) where the file is of another run or damaged.
    void load(const std::string& run, learn::RecognitionRecord& record, cli::Context& context) const;
    /// Replaces the file. Throws Error (73, 74).
    void keep(const std::string& run, const learn::RecognitionRecord& record, cli::Context& context) const;
    /// Takes the file away.
    void remove() const noexcept;

private:
    std::string path_;
};

}  // namespace tare::commands
