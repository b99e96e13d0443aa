// Applying a model to a cohort and writing its harmonised values, in the form that they came in.
#pragma once

#include "fitting.hpp"
#include "tare/io/image_results.hpp"
#include "tare/stats/application.hpp"

namespace tare::commands {

/// The results of `harmonise` and `apply`: opened before anything is read, written when the model is there.
class Harmonised {
public:
    /// Opens --output for tables and matrices.
    Harmonised(const cli::ParsedOptions& options, cli::Context& context, Results& results);

    /// For images: looks at the names of all outputs before any work. Throws Error (73).
    void prepare(const CohortInput& input, const std::vector<data::Index>& rows);

    /// Harmonises the given rows, ascending, and writes them. Images are written one by one, with `inputs` and their own
    /// file in their sidecars; what this run has made is taken away again where the data turn out to be at fault.
    void write(CohortInput& input, const std::vector<data::Index>& rows, const stats::CombatModel& model,
               const compute::Backend& backend, const std::vector<io::InputFile>& inputs, const io::Parameters& more = {});

private:
    void write_table(CohortInput& input, const stats::CombatModel& model, const compute::Backend& backend);
    void write_matrix(CohortInput& input, const stats::CombatModel& model, const compute::Backend& backend);
    void write_images(CohortInput& input, std::vector<data::Index> rows, const stats::CombatModel& model,
                      const compute::Backend& backend, const std::vector<io::InputFile>& inputs, const io::Parameters& more);
    [[nodiscard]] stats::ApplyOptions apply_options() const;

    const cli::ParsedOptions& options_;
    cli::Context& context_;
    Results& results_;
    io::Output* output_ = nullptr;
    io::ImageResults images_;
    std::vector<std::string> image_names_;  ///< per subject
};

}  // namespace tare::commands
