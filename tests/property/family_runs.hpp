// One cohort on which every method of the family can run, and the methods: for laws that hold for all of them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cohort_runs.hpp"

namespace tare::test {

/// A way to harmonise, by its options.
struct Method {
    std::string name;
    std::string options;
    bool missing_cells = true;  ///< it takes tables with missing cells
    bool by_person = false;     ///< a person's visits belong together
    double order = 1e-10;       ///< rows and columns in another order agree to this, in SD
    bool logarithms = false;
};

/// Every method, alone and with the options that change how values are computed.
[[nodiscard]] const std::vector<Method>& methods();

/// What all of them share: columns and covariates.
[[nodiscard]] std::string family_options(const Method& method);

/// What tare-apply must be told again of a method, and what tare-fit does not know of its options.
[[nodiscard]] std::string returned(const Method& method);
[[nodiscard]] std::string without_return(std::string options);

/// Writes a table: participant_id (one a row), person (1 to 4 visits), site (sizes about 45 to 1), age, sex, fold (train or
/// test), and features region01, ... with curved age effects, effects of persons, and site effects on mean, spread and
/// covariance. All values are positive. `missing`: the share of missing cells.
void write_family_cohort(const std::filesystem::path& path, double missing, std::size_t features = 14,
                         std::uint64_t seed = 17);

/// Columns of that table that are not numbers.
[[nodiscard]] std::vector<std::string> family_text_columns();

/// The table with its lines but the first in another order.
void write_shuffled(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace tare::test
