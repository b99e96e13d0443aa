// A cohort as a table, for writing: participant_id, site, covariates, features.
#pragma once

#include "tare/data/cohort.hpp"
#include "tare/data/table.hpp"

namespace tare::data {

[[nodiscard]] Table table_of(const Cohort& cohort);

}  // namespace tare::data
