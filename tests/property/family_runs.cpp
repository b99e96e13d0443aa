// The cohort's people move between scanners, so that visits of one person lie at several sites.
#include "family_runs.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <random>

#include "tare/base/number_text.hpp"
#include "tare/base/rng.hpp"

namespace tare::test {

const std::vector<Method>& methods() {
    const std::string person = " --method longitudinal --subject person",
                      spread = " --method combatls --scale-covariates age";
    static const std::vector<Method> all{
        {"combat", ""},
        {"combat with a reference", " --reference site-2"},
        {"combat with a curve", " --smooth age"},
        {"combat with a curve of given weight", " --smooth age:k=7:lambda=3 --reference site-3"},
        {"combat, residuals", " --smooth age --return residuals"},
        {"combat of logarithms", " --transform log", true, false, 1e-10, true},
        {"robust", " --robust"},
        {"robust with a reference and a curve", " --robust --smooth age --reference site-1"},
        {"covbat", " --method covbat", false, false, 1e-9},
        {"covbat with a reference", " --method covbat --components 5 --reference site-2", false, false, 1e-9},
        {"covbat, robust, with a curve", " --method covbat --robust --smooth age", false, false, 1e-9},
        {"covbat of logarithms, residuals", " --method covbat --transform log --return residuals", false, false, 1e-9, true},
        {"longitudinal", person, true, true},
        {"longitudinal with a reference", person + " --reference site-2", true, true},
        {"longitudinal, residual SD", person + " --sigma msr --smooth age:k=5:lambda=0", true, true},
        {"longitudinal, logarithms, residuals", person + " --transform log --return residuals", true, true, 1e-10, true},
        {"combatls", spread},
        {"combatls with a reference", spread + ",sex --reference site-2"},
        {"combatls of logarithms", spread + " --transform log --smooth age:k=5:lambda=0", true, false, 1e-10, true},
    };
    return all;
}

std::string family_options(const Method& method) {
    const bool curve = method.options.find("--smooth age") != std::string::npos;
    return " --features 'region*' --covariates " + std::string(curve ? "sex" : "age,sex") + method.options + " ";
}

std::string returned(const Method& method) {
    return method.options.find("--return residuals") == std::string::npos ? " " : " --return residuals ";
}

std::string without_return(std::string options) {
    const std::string part = "--return residuals";
    const std::size_t at = options.find(part);
    return at == std::string::npos ? options : options.erase(at, part.size());
}

std::vector<std::string> family_text_columns() {
    return {"person", "site", "age", "sex", "fold"};
}

void write_family_cohort(const std::filesystem::path& path, double missing, std::size_t features, std::uint64_t seed) {
    base::Rng rng(seed);
    std::ofstream file(path);
    file << "participant_id\tperson\tsite\tage\tsex\tfold";
    for (std::size_t f = 0; f < features; ++f) file << "\tregion" << (f < 9 ? "0" : "") << f + 1;
    file << '\n';
    const std::vector<std::size_t> share{30, 22, 14, 8};
    std::size_t row = 0;
    for (std::size_t p = 0; p < 56; ++p) {
        const std::uint64_t place = rng.below(74);
        std::size_t home = 0;
        for (std::uint64_t sum = share[0]; sum <= place; sum += share[home]) ++home;
        const double first_age = rng.uniform(20.0, 75.0);
        const std::string sex = rng.uniform() < 0.5 ? "F" : "M", fold = p % 4 == 3 ? "test" : "train";
        std::vector<double> person;
        for (std::size_t f = 0; f < features; ++f) person.push_back(1.5 * rng.normal());
        for (std::size_t visit = 0; visit <= p % 4; ++visit, ++row) {
            // One site has a single row.
            const std::size_t site = p == 5 && visit == 1 ? 4 : rng.uniform() < 0.3 ? rng.below(4) : home;
            const double age = first_age + 1.5 * static_cast<double>(visit), late = (age - 45.0) / 20.0;
            const double common = rng.normal();
            const auto s = static_cast<double>(site);
            file << "row-"
                 << (row < 9    ? "00"
                     : row < 99 ? "0"
                                : "")
                 << row + 1 << "\tp" << p << "\tsite-" << site + 1 << '\t' << base::number_text(age) << '\t' << sex << '\t'
                 << fold;
            for (std::size_t f = 0; f < features; ++f) {
                const auto k = static_cast<double>(f);
                const double noise = std::sqrt(0.5) * rng.normal() + (f % 2 == 0 ? 1.0 : site == 1 ? -1.0 : 0.3) * common;
                const double value = 60.0 + 3.0 * k - (0.5 + 0.1 * k) * late - 0.6 * std::sin(k) * late * late +
                                     (sex == "M" ? 0.8 : 0.0) + person[f] + 1.2 * std::sin(2.0 * s + k) + s +
                                     (0.8 + 0.2 * s) * std::exp(0.15 * late) * noise;
                file << '\t' << (rng.uniform() < missing ? std::string("n/a") : base::number_text(value));
            }
            file << '\n';
        }
    }
}

void write_shuffled(const std::filesystem::path& from, const std::filesystem::path& to) {
    std::vector<std::string> lines = lines_of(from);
    std::mt19937 random(3);
    for (std::size_t i = lines.size() - 1; i > 1; --i) std::swap(lines[i], lines[1 + random() % i]);
    write_lines(to, lines);
}

}  // namespace tare::test
