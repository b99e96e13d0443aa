// The true parameters of a simulated cohort as JSON, in the words of a model.
#pragma once

#include "tare/io/output.hpp"
#include "tare/stats/simulate.hpp"

namespace tare::io {

/// Throws Error (74) when writing fails.
void write_true_parameters(Output& output, const stats::SimulatedCohort& cohort, const stats::SimulationOptions& options);

/// The truth behind simulated images that is no map.
struct ImageTruth {
    std::uint64_t seed = 1;
    std::vector<std::string> sites;
    std::vector<base::Index> subjects;  ///< of each site
    std::vector<double> noise;          ///< of each site: SD of the two errors of the complex signal, in intensities
    double white_matter = 0.0;          ///< mean intensity
    double subject_sd = 0.0;            ///< the unit of effects, in intensities
};

/// Throws Error (74) when writing fails.
void write_true_parameters(Output& output, const ImageTruth& truth);

}  // namespace tare::io
