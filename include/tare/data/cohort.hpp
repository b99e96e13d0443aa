// Who was measured where: ids, sites, covariates and feature values of the same subjects, in one order.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tare/data/feature_table.hpp"

namespace tare::data {

/// One covariate, numeric or categorical, with one value per subject.
struct Covariate {
    std::string name;
    bool categorical = false;
    std::vector<double> numbers;      ///< numeric: NaN where missing; else empty
    std::vector<std::string> levels;  ///< categorical: empty text where missing; else empty

    [[nodiscard]] bool missing(Index subject) const;
};

struct Cohort {
    std::string source;                       ///< the table's name, for messages
    std::vector<std::uint32_t> line_numbers;  ///< per subject: line in `source`
    std::vector<std::string> ids;             ///< unique; "id session" where sessions make them so
    bool has_ids = true;                      ///< false: the table has none, and `ids` are row numbers
    std::vector<std::string> sites;
    std::vector<std::vector<std::string>> more_sites;  ///< further batch variables, each with one name a subject
    std::vector<std::string> people;  ///< who was measured, the same at every visit; empty where nobody asked
    std::vector<Covariate> covariates;
    FeatureTable features;

    /// The cohort without its feature values, with batch variable `number` (0: the sites) as its sites.
    [[nodiscard]] Cohort seen_by(std::size_t number) const;
    [[nodiscard]] Index subjects() const noexcept { return static_cast<Index>(ids.size()); }
    /// "FILE:LINE" of a subject, for messages.
    [[nodiscard]] std::string where(Index subject) const;
    /// The covariate of that name, or nullptr.
    [[nodiscard]] const Covariate* covariate(const std::string& name) const;
};

}  // namespace tare::data
