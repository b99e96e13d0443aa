// The true parameters of a simulated cohort as JSON, in the words of a model.
#pragma once

#include "tare/io/output.hpp"
#include "tare/stats/simulate.hpp"

namespace tare::io {

/// Throws Error (74) when writing fails.
void write_true_parameters(Output& output, const stats::SimulatedCohort& cohort, const stats::SimulationOptions& options);

}  // namespace tare::io
