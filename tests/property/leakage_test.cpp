// Held-out rows must not touch the model: whatever they hold, its bytes stay the same.
#include <catch2/catch.hpp>

#include "cohort_runs.hpp"
#include "support/places.hpp"
#include "support/temporary_directory.hpp"

using namespace tare::test;

namespace {

/// The table with every feature cell of the rows that `held_out` picks replaced by another number.
template <typename HeldOut>
std::vector<std::string> with_changed_rows(std::vector<std::string> lines, char delimiter, std::size_t from, std::size_t to,
                                           const HeldOut& held_out) {
    for (std::size_t i = 1; i < lines.size(); ++i) {
        if (!held_out(lines[i])) continue;
        std::string changed;
        std::size_t cell = 0;
        for (std::size_t begin = 0; begin <= lines[i].size(); ++cell) {
            const std::size_t end = std::min(lines[i].find(delimiter, begin), lines[i].size());
            if (cell > 0) changed += delimiter;
            changed += cell >= from && cell < to ? std::to_string(i * 37 + cell) : lines[i].substr(begin, end - begin);
            begin = end + 1;
        }
        lines[i] = changed;
    }
    return lines;
}

}  // namespace

TEST_CASE("held-out rows leave the model's bytes alone") {
    const TemporaryDirectory work;
    const TestCohort cohort = simulated_cohort(work.path());
    const auto patient = [](const std::string& line) { return line.find("\tpatient\t") != std::string::npos; };
    const std::vector<std::string> lines = lines_of(cohort.table);
    const std::vector<std::string> changed = with_changed_rows(lines, '\t', 5, 45, patient);
    REQUIRE(changed != lines);
    write_lines(work.path() / "changed.tsv", changed);
    const std::string options = " --covariates age,sex --train-where diagnosis==control ";
    for (const std::string verb : {"harmonise", "fit"}) {
        const std::string output = verb == "harmonise" ? " --output out.tsv --unseen-site keep" : "";
        must("tare-" + verb + " --input simulated.tsv" + options + "--model a.json --force" + output, work.path());
        must("tare-" + verb + " --input changed.tsv" + options + "--model b.json --force" + output, work.path());
        CHECK(bytes_of(work.path() / "a.json") == bytes_of(work.path() / "b.json"));
    }
    must("tare-moments --input simulated.tsv" + options + "--output a.json --force", work.path());
    must("tare-moments --input changed.tsv" + options + "--output b.json --force", work.path());
    CHECK(bytes_of(work.path() / "a.json") == bytes_of(work.path() / "b.json"));

    // The same change in training rows does reach the model.
    write_lines(work.path() / "training.tsv",
                with_changed_rows(lines, '\t', 5, 45, [&](const std::string& line) { return !patient(line); }));
    must("tare-fit --input training.tsv" + options + "--model c.json", work.path());
    must("tare-fit --input simulated.tsv" + options + "--model a.json --force", work.path());
    CHECK(bytes_of(work.path() / "a.json") != bytes_of(work.path() / "c.json"));
}

TEST_CASE("held-out rows leave the model's bytes alone on real data") {
    const auto shared = shared_folder();
    if (!shared) return skip("no real data beside the project");
    const TemporaryDirectory work;
    const TestCohort cohort = real_cohort(*shared);
    const auto old = [](const std::string& line) {
        const std::size_t begin = line.find(',') + 1;
        return std::stoi(line.substr(begin, line.find(',', begin) - begin)) >= 40;
    };
    const std::vector<std::string> lines = lines_of(cohort.table);
    write_lines(work.path() / "changed.csv", with_changed_rows(lines, ',', 3, 153, old));
    const std::string options = " " + cohort.options + " --train-where 'age<40' ";
    must("tare-fit --input '" + cohort.table.string() + "'" + options + "--model a.json", work.path());
    must("tare-fit --input changed.csv" + options + "--model b.json", work.path());
    REQUIRE(lines_of(work.path() / "changed.csv") != lines);
    CHECK(bytes_of(work.path() / "a.json") == bytes_of(work.path() / "b.json"));
}

TEST_CASE("a held-out row has no say in what kind a covariate is") {
    const TemporaryDirectory work;
    must("tare-simulate --site-sizes 40,30,12 --features 6 --seed 5 --output a.tsv", work.path());
    // A score that patients have as a number and controls as a word, the majority of all rows.
    must(
        "awk -F'\\t' -v OFS='\\t' 'NR==1{print $0,\"score\";next} {print $0, $5==\"patient\" ? NR%7 : \"none\"}' a.tsv > "
        "b.tsv",
        work.path());
    must("awk -F'\\t' -v OFS='\\t' 'NR==1{print $0,\"score\";next} {print $0, $5==\"patient\" ? NR%7 : 3}' a.tsv > c.tsv",
         work.path());
    const std::string options = " --covariates score --features 'region*' --train-where diagnosis==patient ";
    must("tare-fit --input c.tsv" + options + "--model c.json", work.path());
    const Finished finished = shell("tare-fit --input b.tsv" + options + "--model b.json", {.folder = work.path()});
    CHECK(finished.code == 65);
    CHECK(finished.err.find("column 'score': 'none' is not a number") != std::string::npos);
}
