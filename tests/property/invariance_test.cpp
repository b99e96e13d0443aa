// What must not change a result: the way it was computed, its company, its order, the parts it was cut into, threads, and
// rows that were held out. On simulated cohorts always, on a real one where it lies beside the project.
#include <algorithm>
#include <fstream>

#include <catch2/catch.hpp>

#include "cohort_runs.hpp"
#include "support/places.hpp"
#include "support/temporary_directory.hpp"

using namespace tare::test;

namespace {

void check_fit_then_apply(const TestCohort& cohort, const std::filesystem::path& work) {
    const std::string input = "--input '" + cohort.table.string() + "' ";
    const std::string kind = cohort.table.extension().string();
    must("tare-harmonise " + input + cohort.options + " --output whole" + kind + " --model whole.json", work);
    must("tare-fit " + input + cohort.options + " --model fitted.json && tare-apply --model fitted.json " + input +
             "--output applied" + kind,
         work);
    CHECK(bytes_of(work / ("whole" + kind)) == bytes_of(work / ("applied" + kind)));
    CHECK(bytes_of(work / "whole.json") == bytes_of(work / "fitted.json"));
}

/// One subject of every site, alone: its line is the line of the whole.
void check_alone(const TestCohort& cohort, const std::filesystem::path& work) {
    const std::string kind = cohort.table.extension().string();
    const std::string input = "--input '" + cohort.table.string() + "' ";
    must("tare-harmonise " + input + cohort.options + " --output whole" + kind + " --model m.json", work);
    const std::vector<std::string> raw = lines_of(cohort.table), whole = lines_of(work / ("whole" + kind));
    for (std::size_t i = 1; i < raw.size(); i += raw.size() / 7) {
        write_lines(work / ("one" + kind), {raw[0], raw[i]});
        must("tare-apply --model m.json --input one" + kind + " --output one_out" + kind + " --force", work);
        CHECK(lines_of(work / ("one_out" + kind)).at(1) == whole[i]);
    }
}

void check_merged_parts(const TestCohort& cohort, const std::filesystem::path& work) {
    const std::string kind = cohort.table.extension().string();
    must("tare-moments --input '" + cohort.table.string() + "' " + cohort.options + " --output whole.json", work);
    const std::vector<std::string> raw = lines_of(cohort.table);
    std::mt19937 random(5);
    for (const std::size_t parts : {2U, 5U, 13U}) {
        std::vector<std::vector<std::string>> cut(parts, {raw[0]});
        for (std::size_t i = 1; i < raw.size(); ++i) cut[random() % parts].push_back(raw[i]);
        std::string merge = "tare-merge --output merged.json --force";
        for (std::size_t k = 0; k < parts; ++k) {
            const std::string name = "part" + std::to_string(k);
            write_lines(work / (name + kind), cut[k]);
            must("tare-moments --input " + name + kind + " " + cohort.options + " --output " + name + ".json --force", work);
            merge += " " + name + ".json";
        }
        must(merge, work);
        // Patterns of missing cells may be numbered otherwise; what was fitted from them tells.
        must(
            "tare-fit --moments merged.json --model merged_model.json --force && tare-fit --moments whole.json --model "
            "whole_model.json --force",
            work);
        CHECK(json_difference(work / "whole_model.json", work / "merged_model.json", {"provenance"}) < 1e-9);
        if (cohort.table.extension() == ".csv") {
            CHECK(json_difference(work / "whole.json", work / "merged.json", {"provenance"}) < 1e-10);
        }
    }
}

void check_threads(const TestCohort& cohort, const std::filesystem::path& work) {
    const std::string kind = cohort.table.extension().string();
    for (const std::string prior : {"parametric", "nonparametric"}) {
        for (const std::string threads : {"1", "2", "3"}) {
            must("tare-harmonise --input '" + cohort.table.string() + "' " + cohort.options + " --prior " + prior +
                     " --threads " + threads + " --output o" + threads + kind + " --model m" + threads + ".json --force",
                 work);
        }
        for (const std::string threads : {"2", "3"}) {
            CHECK(bytes_of(work / ("o1" + kind)) == bytes_of(work / ("o" + threads + kind)));
            CHECK(bytes_of(work / "m1.json") == bytes_of(work / ("m" + threads + ".json")));
        }
    }
}

void check_shuffled(const TestCohort& cohort, const std::filesystem::path& work) {
    const std::string kind = cohort.table.extension().string();
    std::vector<std::string> lines = lines_of(cohort.table);
    std::shuffle(lines.begin() + 1, lines.end(), std::mt19937(3));
    write_lines(work / ("shuffled" + kind), lines);
    must("tare-harmonise --input '" + cohort.table.string() + "' " + cohort.options + " --output a" + kind, work);
    must("tare-harmonise --input shuffled" + kind + " " + cohort.options + " --output b" + kind, work);
    CHECK(lines_of(work / ("a" + kind)) != lines_of(work / ("b" + kind)));
    CHECK(difference_by_id(work / ("a" + kind), work / ("b" + kind), cohort) < 1e-10);
}

using Check = void (*)(const TestCohort&, const std::filesystem::path&);

void on_simulated(Check check) {
    const TemporaryDirectory work;
    check(simulated_cohort(work.path()), work.path());
}

void on_real(Check check) {
    const auto shared = shared_folder();
    if (!shared) return skip("no real data beside the project");
    const TemporaryDirectory work;
    check(real_cohort(*shared), work.path());
}

}  // namespace

TEST_CASE("fit then apply is harmonise, byte for byte") {
    on_simulated(check_fit_then_apply);
}
TEST_CASE("fit then apply is harmonise, byte for byte, on real data") {
    on_real(check_fit_then_apply);
}
TEST_CASE("one subject alone is its row of the whole") {
    on_simulated(check_alone);
}
TEST_CASE("one subject alone is its row of the whole, on real data") {
    on_real(check_alone);
}
TEST_CASE("moments of parts, merged, are those of the whole") {
    on_simulated(check_merged_parts);
}
TEST_CASE("moments of parts, merged, are those of the whole, on real data") {
    on_real(check_merged_parts);
}
TEST_CASE("threads change no byte") {
    on_simulated(check_threads);
}
TEST_CASE("threads change no byte on real data") {
    on_real(check_threads);
}
TEST_CASE("the order of rows changes no value") {
    on_simulated(check_shuffled);
}
TEST_CASE("the order of rows changes no value on real data") {
    on_real(check_shuffled);
}
