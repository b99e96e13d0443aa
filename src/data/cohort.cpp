// Look-ups in a Cohort.
#include "tare/data/cohort.hpp"

#include <cmath>

namespace tare::data {

bool Covariate::missing(Index subject) const {
    const auto i = static_cast<std::size_t>(subject);
    return categorical ? levels[i].empty() : std::isnan(numbers[i]);
}

std::string Cohort::where(Index subject) const {
    return source + ":" + std::to_string(line_numbers[static_cast<std::size_t>(subject)]);
}

const Covariate* Cohort::covariate(const std::string& name) const {
    for (const Covariate& c : covariates) {
        if (c.name == name) return &c;
    }
    return nullptr;
}

Cohort Cohort::seen_by(std::size_t number) const {
    Cohort out;
    out.source = source;
    out.line_numbers = line_numbers;
    out.ids = ids;
    out.has_ids = has_ids;
    out.sites = number == 0 ? sites : more_sites[number - 1];
    out.people = people;
    out.covariates = covariates;
    return out;
}

}  // namespace tare::data
