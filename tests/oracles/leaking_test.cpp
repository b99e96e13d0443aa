// The price of leaking, as tare-cv says it and as neuroHarmonize around scikit-learn's support vectors says it, on the
// simulated set of Marzi et al. 2024 in scikit-learn's own folds.
#include <cmath>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "oracles/oracle.hpp"
#include "support/table_values.hpp"
#include "support/temporary_directory.hpp"

using namespace tare;

namespace {

using OverRepeats = std::vector<double>;

/// The mean absolute error of every condition and repeat, from predictions.tsv.
std::map<std::string, OverRepeats> errors_of(const std::filesystem::path& predictions) {
    const data::Table table = test::read_numbers(predictions.string(), {"SITE", "condition"});
    const std::vector<double> repeat = test::column(table, "repeat"), age = test::column(table, "age"),
                              predicted = test::column(table, "predicted");
    std::map<std::string, OverRepeats> sums, rows;
    for (std::size_t i = 0; i < age.size(); ++i) {
        const std::string condition(table.text_cell(static_cast<base::Index>(i), table.find("condition")));
        const auto r = static_cast<std::size_t>(repeat[i]) - 1;
        for (auto* of : {&sums, &rows}) (*of)[condition].resize(std::max((*of)[condition].size(), r + 1), 0.0);
        sums[condition][r] += std::abs(age[i] - predicted[i]);
        rows[condition][r] += 1.0;
    }
    for (auto& [condition, errors] : sums) {
        for (std::size_t r = 0; r < errors.size(); ++r) errors[r] /= rows[condition][r];
    }
    return sums;
}

OverRepeats difference(const OverRepeats& a, const OverRepeats& b) {
    OverRepeats out;
    for (std::size_t r = 0; r < a.size(); ++r) out.push_back(a[r] - b[r]);
    return out;
}

}  // namespace

TEST_CASE("the price of leaking is what neuroHarmonize and scikit-learn say it is, repeat by repeat") {
    const auto interpreter = test::python_with("sklearn.svm, neuroHarmonize");
    if (!interpreter) return;
    const auto shared = test::shared_folder();
    if (!shared) return test::skip("no reference data beside the project");
    const test::TemporaryDirectory work;
    const auto python = [&](const std::vector<std::string>& arguments) {
        std::vector<std::string> command{*interpreter, (test::source_folder() / "tests/oracles/leaking.py").string()};
        command.insert(command.end(), arguments.begin(), arguments.end());
        return test::run(command, {.folder = work.path()});
    };
    const test::Finished made = python({"folds", (*shared / "data/ctfd_simulated.csv").string(), "folds.csv"});
    INFO(made.err);
    REQUIRE(made.code == 0);
    std::string columns = "fold_0";
    for (int seed = 1; seed < 20; ++seed) columns += ",fold_" + std::to_string(seed);
    const test::Finished finished =
        test::run({"tare-cv",      "--input",     "folds.csv",    "--site", "SITE",          "--target",      "age",
                   "--covariates", "age",         "--learner",    "svr",    "--compare",     "--fold-column", columns,
                   "--convention", "neurocombat", "--output-dir", "own",    "--fold-output", "none"},
                  {.folder = work.path()});
    INFO(finished.err);
    REQUIRE(finished.code == 0);
    std::map<std::string, OverRepeats> own = errors_of(work.path() / "own" / "predictions.tsv");

    const test::Finished scored = python({"scores", "folds.csv"});
    INFO(scored.err);
    REQUIRE(scored.code == 0);
    std::ofstream(work.path() / "scores.tsv") << scored.out;
    const data::Table theirs = test::read_numbers((work.path() / "scores.tsv").string());
    // The raw values are the same bytes. The harmonised ones differ by what single-precision ages move them, which the
    // solver, stopping at 1e-3, may answer with a few ten-thousandths of a year.
    for (const auto& [condition, tolerance] : {std::pair("raw", 1e-8), std::pair("all-first", 1e-3),
                                               std::pair("in-fold", 1e-3), std::pair("in-fold-held-out", 1e-3)}) {
        CAPTURE(condition);
        CHECK(test::largest_difference(own[condition], test::column(theirs, condition)) <= tolerance);
    }

    CHECK(test::mean(own["raw"]) == Approx(9.9956).margin(1e-4));
    CHECK(test::mean(own["all-first"]) == Approx(8.8946).margin(1e-3));
    CHECK(test::mean(own["in-fold"]) == Approx(8.9998).margin(1e-3));
    CHECK(test::mean(own["in-fold-held-out"]) == Approx(9.0337).margin(1e-3));
    const OverRepeats leaks = difference(own["in-fold"], own["all-first"]),
                      tells = difference(own["in-fold-held-out"], own["in-fold"]);
    CHECK(test::mean(leaks) == Approx(0.10512).margin(1e-3));
    CHECK(test::mean(tells) == Approx(0.03394).margin(1e-3));
    for (std::size_t r = 0; r < 20; ++r) {
        CHECK(leaks[r] > 0.0);
        CHECK(tells[r] > 0.0);
    }
}
