// Writing, harmonising and comparing simulated cohorts.
#include "truth_study.hpp"

#include <cmath>
#include <fstream>

#include "cohort_runs.hpp"
#include "support/table_values.hpp"
#include "tare/base/number_text.hpp"

namespace tare::test {

void TruthStudy::write(const std::filesystem::path& path, const std::vector<bool>& wanted) const {
    std::ofstream file(path);
    file << "row\tperson\tsite\tage\tyear\tsex";
    for (Index f = 0; f < features(); ++f) file << "\tf" << f;
    file << '\n';
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (!wanted.empty() && !wanted[i]) continue;
        const TruthRow& row = rows[i];
        file << 'r' << i << '\t' << row.person << "\ts" << row.site << '\t' << base::number_text(row.age) << '\t'
             << base::number_text(row.year) << '\t' << (row.male ? "M" : "F");
        for (Index f = 0; f < features(); ++f) file << '\t' << base::number_text(raw(static_cast<Index>(i), f));
        file << '\n';
    }
}

base::Matrix<double> study_values(const std::filesystem::path& path) {
    return read_numbers(path.string(), {"person", "site", "age", "year", "sex"}).features.values;
}

base::Matrix<double> TruthStudy::harmonised(const std::string& options) const {
    const TemporaryDirectory work;
    write(work.path() / "raw.tsv");
    must("tare-harmonise --input raw.tsv --output out.tsv --features 'f*' --threads 1 " + options, work.path());
    return study_values(work.path() / "out.tsv");
}

double rmse(const base::Matrix<double>& values, const TruthStudy& study) {
    double squares = 0.0;
    for (Index f = 0; f < study.features(); ++f) {
        std::vector<double> truth;
        for (Index i = 0; i < values.rows(); ++i) truth.push_back(study.truth(i, f));
        const double spread = standard_deviation(truth);
        for (Index i = 0; i < values.rows(); ++i) squares += std::pow((values(i, f) - study.truth(i, f)) / spread, 2);
    }
    return std::sqrt(squares / static_cast<double>(values.size()));
}

SiteEffect::SiteEffect(Index sites, Index features, double by, double times, base::Rng& rng)
    : shift(sites, features), factor(sites, features) {
    for (Index s = 0; s < sites; ++s) {
        const double level = by * rng.normal(), scale = times * rng.normal();
        for (Index f = 0; f < features; ++f) {
            shift(s, f) = level + 0.5 * by * rng.normal();
            factor(s, f) = std::exp(scale + 0.5 * times * rng.normal());
        }
    }
    const auto count = static_cast<double>(sites);
    for (Index f = 0; f < features; ++f) {
        double sum = 0.0, squares = 0.0;
        for (Index s = 0; s < sites; ++s) {
            sum += shift(s, f);
            squares += factor(s, f) * factor(s, f);
        }
        for (Index s = 0; s < sites; ++s) {
            shift(s, f) -= sum / count;
            factor(s, f) /= std::sqrt(squares / count);
        }
    }
}

Errors& Errors::operator+=(const Errors& other) {
    raw += other.raw;
    plain += other.plain;
    method += other.method;
    return *this;
}

Errors over_seeds(const std::function<Errors(std::uint64_t)>& study) {
    Errors sum;
    for (const std::uint64_t seed : {31U, 32U, 33U}) sum += study(seed);
    return sum.over(3.0);
}

}  // namespace tare::test
