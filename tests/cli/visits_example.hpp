// Repeated visits of people at some sites, three to each, with three features: all methods can be fitted to them.
#pragma once

#include <functional>
#include <string>

#include "support/temporary_directory.hpp"

namespace tare::test {

struct Visit {
    std::string site;
    int person = 0, number = 0;  ///< in its site; of the person
    int row = 0;                 ///< from 0 on
};

/// A change of one cell: takes the visit, the column and the cell as it would be.
using CellChange = std::function<std::string(const Visit&, const std::string& column, const std::string& cell)>;

/// Columns participant_id, session_id, person, site, age, sex, y0 …; six people at each of the sites.
[[nodiscard]] std::string visits_table(const std::string& sites, int features = 3, const CellChange& change = {});

/// A folder with t.csv, visits at sites A, B and C, and n.csv, visits at B, D and E.
class VisitsExample {
public:
    VisitsExample();
    [[nodiscard]] const std::filesystem::path& folder() const { return directory_.path(); }

private:
    TemporaryDirectory directory_;
};

}  // namespace tare::test
