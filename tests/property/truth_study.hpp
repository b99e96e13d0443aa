// Cohorts simulated in memory, of which it is known what every subject would have measured without a site effect.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "support/temporary_directory.hpp"
#include "tare/base/matrix.hpp"
#include "tare/base/rng.hpp"

namespace tare::test {

using base::Index;

struct TruthRow {
    std::string person;
    Index site = 0;
    double age = 0.0;
    double year = 0.0;  ///< since the person's first visit
    bool male = false;
};

struct TruthStudy {
    std::vector<TruthRow> rows;
    base::Matrix<double> raw, truth;  ///< rows × features; the same people with and without site effects

    TruthStudy(Index subjects, Index features)
        : rows(static_cast<std::size_t>(subjects)), raw(subjects, features), truth(subjects, features) {}
    [[nodiscard]] Index features() const { return truth.columns(); }

    /// Writes the rows that `wanted` says (all where it is empty) as a table: row, person, site (s0, s1, ...), age, year,
    /// sex, f0, f1, ...
    void write(const std::filesystem::path& path, const std::vector<bool>& wanted = {}) const;
    /// What tare-harmonise makes of all rows.
    [[nodiscard]] base::Matrix<double> harmonised(const std::string& options) const;
};

/// The features of such a table.
[[nodiscard]] base::Matrix<double> study_values(const std::filesystem::path& path);

/// The root mean square difference from the truth, in SD of each feature's truth.
[[nodiscard]] double rmse(const base::Matrix<double>& values, const TruthStudy& study);

/// A site's shift and factor for every feature; over sites shifts have mean 0 and squared factors mean 1, as harmonised
/// values are to be those of an average scanner.
struct SiteEffect {
    base::Matrix<double> shift, factor;
    /// Spreads of the shifts and of the factors' logarithms.
    SiteEffect(Index sites, Index features, double by, double times, base::Rng& rng);
};

/// How far from the truth: as measured, by plain ComBat, by the method that is made for it.
struct Errors {
    double raw = 0.0, plain = 0.0, method = 0.0;
    Errors& operator+=(const Errors& other);
    [[nodiscard]] Errors over(double count) const { return {raw / count, plain / count, method / count}; }
};

/// The mean over three seeds.
[[nodiscard]] Errors over_seeds(const std::function<Errors(std::uint64_t)>& study);

}  // namespace tare::test
