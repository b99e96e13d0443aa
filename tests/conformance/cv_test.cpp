// tare-cv beside the harmonizer transformer (Marzi et al. 2024) in the same five folds: models and rows never trained on.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <optional>

#include <catch2/catch.hpp>

#include "cross_validated.hpp"
#include "reference_case.hpp"
#include "support/places.hpp"
#include "tare/base/number_text.hpp"

using namespace tare;
using namespace tare::test;

namespace {

double largest(const std::vector<double>& values) {
    return *std::max_element(values.begin(), values.end());
}

/// The table with its ages, the third column, as 32-bit floats hold them.
void write_with_rounded_ages(const std::filesystem::path& from, const std::filesystem::path& to) {
    std::ifstream file(from);
    std::ofstream out(to);
    std::string line;
    std::getline(file, line);
    REQUIRE(line.starts_with("participant_id\tsite\tage\t"));
    out << line << '\n';
    while (std::getline(file, line)) {
        const std::size_t begin = line.find('\t', line.find('\t') + 1) + 1, end = line.find('\t', begin);
        const std::optional<double> age = base::parse_number(line.substr(begin, end - begin));
        REQUIRE(age);
        out << line.replace(begin, end - begin, base::number_text(static_cast<double>(static_cast<float>(*age)))) << '\n';
    }
}

const std::vector<std::string> their_convention{"--convention", "neurocombat"};

}  // namespace

TEST_CASE("harmonizer_cv5_ctfd_linear: the same models of folds and rows, through tare-cv") {
    const auto shared = shared_folder();
    if (!shared) return skip("no reference data beside the project");
    const std::filesystem::path folder = *shared / "conformance" / "harmonizer_cv5_ctfd_linear",
                                input = folder / "input.tsv";
    const CrossValidated own(folder, input, their_convention);
    CHECK(largest(own.distances()) <= 1e-6);
    for (int fold = 1; fold <= 5; ++fold) {
        CAPTURE(fold);
        CHECK(own.parameter_difference(fold) <= 1e-6);
    }

    // What is left of that is the peer's: it passes ages through 32-bit floats. From such ages tare gives its values.
    const TemporaryDirectory work;
    write_with_rounded_ages(input, work.path() / "ages.tsv");
    const CrossValidated rounded(folder, work.path() / "ages.tsv", their_convention);
    CHECK(largest(rounded.distances()) <= 1e-12);
    for (int fold = 1; fold <= 5; ++fold) {
        CAPTURE(fold);
        CHECK(rounded.parameter_difference(fold) <= 1e-12);
    }

    // Beside the peer's shrinkage, which stops early, stands tare's own, which goes on to the fixed point.
    const CrossValidated converged(folder, input, {"--convention", "tare"});
    CHECK(largest(converged.distances()) <= 1e-5);
    CHECK(largest(converged.distances()) > largest(own.distances()));
}

TEST_CASE("the achieved differences of tare-cv to the harmonizer transformer", "[.table]") {
    const auto shared = shared_folder();
    if (!shared) return skip("no reference data beside the project");
    const std::filesystem::path folder = *shared / "conformance" / "harmonizer_cv5_ctfd_linear";
    const TemporaryDirectory work;
    write_with_rounded_ages(folder / "input.tsv", work.path() / "ages.tsv");
    for (const auto& [name, input] : {std::pair("ages in double precision", folder / "input.tsv"),
                                      std::pair("ages in single precision", work.path() / "ages.tsv")}) {
        const CrossValidated run(folder, input, their_convention);
        double parameters = 0.0;
        for (int fold = 1; fold <= 5; ++fold) parameters = std::max(parameters, run.parameter_difference(fold));
        std::printf("| %s | rows %.1e | models %.1e |\n", name, largest(run.distances()), parameters);
    }
    const CrossValidated converged(folder, folder / "input.tsv", {"--convention", "tare"});
    std::printf("| convention tare | rows %.1e |\n", largest(converged.distances()));
}
