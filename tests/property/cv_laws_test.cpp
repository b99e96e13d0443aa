// Laws of tare-cv: what the number of threads, the order of rows and the way that folds came about leave as it is, and that
// a fold's model is the one that tare-fit makes of the same rows.
#include <cmath>

#include <catch2/catch.hpp>

#include "cv_runs.hpp"
#include "family_runs.hpp"
#include "support/temporary_directory.hpp"
#include "tare/base/number_text.hpp"

using namespace tare;
using namespace tare::test;

namespace {

/// A cohort of visits with people whole in one of three folds.
void write_cohort(const std::filesystem::path& folder, double missing) {
    write_family_cohort(folder / "family.tsv", missing);
    must(R"(awk -F'\t' -v OFS='\t' '{$6 = NR == 1 ? "part" : substr($2, 2) % 3 + 1; print}' family.tsv > cohort.tsv)",
         folder);
}

/// Everything but the sidecars, which say how a file was made, by its path below the folder.
std::map<std::string, std::string> contents_of(const std::filesystem::path& folder) {
    std::map<std::string, std::string> out;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        const std::string name = entry.path().lexically_relative(folder).string();
        if (!entry.is_regular_file() || (name.ends_with(".json") && !name.ends_with("/model.json"))) continue;
        out[name] = bytes_of(entry.path());
    }
    return out;
}

/// The largest relative difference of what was predicted, but for the pretended target; infinite where rows differ.
double difference_of_predictions(const std::filesystem::path& a, const std::filesystem::path& b) {
    const auto left = predictions_of(a, "age"), right = predictions_of(b, "age");
    if (left.empty() || left.size() != right.size()) return INFINITY;
    double largest = 0.0;
    for (const auto& [key, row] : left) {
        if (row.at("condition") == "pretend-target") continue;
        const auto found = right.find(key);
        if (found == right.end()) return INFINITY;
        const double x = base::parse_number(row.at("predicted")).value(),
                     y = base::parse_number(found->second.at("predicted")).value();
        largest = std::max(largest, std::abs(x - y) / std::max(1.0, std::abs(x)));
    }
    return largest;
}

const std::string columns = "tare-cv --quiet --features 'region*' --covariates age,sex --target age ";

}  // namespace

TEST_CASE("any number of threads gives the same bytes") {
    const TemporaryDirectory work;
    write_cohort(work.path(), 0.03);
    for (const char* learner : {"ridge", "svr --inner-folds 3", "xgboost"}) {
        CAPTURE(learner);
        for (const char* threads : {"1", "2", "5"}) {
            must(columns + "--input cohort.tsv --unseen-site keep --group person --repeats 2 --compare --audit --learner " +
                     learner + " --threads " + threads + " --output-dir t" + threads + " > shown" + threads,
                 work.path());
        }
        const auto one = contents_of(work.path() / "t1");
        REQUIRE(one.size() == 5 + 2 * 5 * 3);
        for (const char* threads : {"2", "5"}) {
            CHECK(contents_of(work.path() / ("t" + std::string(threads))) == one);
            CHECK(bytes_of(work.path() / ("shown" + std::string(threads))) == bytes_of(work.path() / "shown1"));
        }
        must("rm -r t1 t2 t5", work.path());
    }
}

TEST_CASE("a fold's model and values are those of tare-fit and tare-apply on the same rows") {
    for (const Method& method : methods()) {
        CAPTURE(method.name);
        // The shift of a reference is 0 but for rounding, which shows against the millionth that differences are relative
        // to.
        const bool reference = method.options.find("--reference") != std::string::npos;
        const TemporaryDirectory work;
        write_cohort(work.path(), method.missing_cells ? 0.03 : 0.0);
        const std::string options = without_return(family_options(method));
        must("tare-cv --quiet --input cohort.tsv --fold-column part --unseen-site keep" + options + "--output-dir cv",
             work.path());
        for (const std::string fold : {"1", "2", "3"}) {
            const std::filesystem::path own = work.path() / "cv" / "repeat-1" / ("fold-" + fold);
            must("tare-fit --quiet --input cohort.tsv --train-where 'part!=" + fold + "'" + options +
                     "--model fit.json --force",
                 work.path());
            CHECK(json_difference(own / "model.json", work.path() / "fit.json", {"provenance"}) <=
                  (reference ? 1e-8 : 1e-10));
            for (const auto& [rows, condition] : {std::pair("test", "=="), std::pair("train", "!=")}) {
                must("awk -F'\\t' 'NR == 1 || $6 " + std::string(condition) + " " + fold + "' cohort.tsv > " + rows + ".tsv",
                     work.path());
                must("tare-apply --quiet --model fit.json --unseen-site keep --input " + std::string(rows) +
                         ".tsv --output applied.tsv --force",
                     work.path());
                const TestCohort text{{}, {}, {"person", "site", "age", "sex", "part"}};
                CHECK(difference_by_id(own / (std::string(rows) + ".tsv"), work.path() / "applied.tsv", text) <= 1e-10);
            }
        }
    }
}

TEST_CASE("rows in another order, in the same folds, give the same values") {
    const TemporaryDirectory work;
    write_cohort(work.path(), 0.03);
    write_shuffled(work.path() / "cohort.tsv", work.path() / "shuffled.tsv");
    REQUIRE(lines_of(work.path() / "cohort.tsv") != lines_of(work.path() / "shuffled.tsv"));
    for (const char* table : {"cohort", "shuffled"}) {
        must(columns + "--fold-column part --unseen-site keep --group person --compare --learner ridge --input " + table +
                 ".tsv --output-dir " + table,
             work.path());
    }
    // Ridge: the other learners stop short of their optimum, where the order of rows leads them. And not the pretended
    // target, whose inner folds are dealt from the rows as they come.
    CHECK(difference_of_predictions(work.path() / "cohort" / "predictions.tsv",
                                    work.path() / "shuffled" / "predictions.tsv") <= 1e-10);
    const TestCohort text{{}, {}, {"person", "site", "age", "sex", "part"}};
    for (const std::string fold : {"1", "2", "3"}) {
        const std::string place = "repeat-1/fold-" + fold;
        CHECK(json_difference(work.path() / "cohort" / place / "model.json", work.path() / "shuffled" / place / "model.json",
                              {"provenance"}) <= 1e-10);
        for (const std::string file : {"/train.tsv", "/test.tsv"}) {
            CHECK(difference_by_id(work.path() / "cohort" / (place + file), work.path() / "shuffled" / (place + file),
                                   text) <= 1e-10);
        }
    }
}

TEST_CASE("folds.tsv gives the same folds, models and scores again, inner folds too") {
    const TemporaryDirectory work;
    write_cohort(work.path(), 0.03);
    // More than nine folds, whose names are not in the order of their numbers.
    const std::string options = columns +
                                "--exclude part --input cohort.tsv --unseen-site keep --group person --compare --learner "
                                "svr --inner-folds 3 ";
    must(options + "--folds 11 --repeats 2 --output-dir dealt", work.path());
    must(options + "--participants dealt/folds.tsv --fold-column fold_1,fold_2 --output-dir given", work.path());
    const auto dealt = contents_of(work.path() / "dealt"), given = contents_of(work.path() / "given");
    REQUIRE(dealt.size() == 4 + 2 * 11 * 3);
    for (const auto& [name, bytes] : dealt) {
        CAPTURE(name);
        REQUIRE(given.contains(name));
        if (!name.ends_with("model.json")) CHECK(given.at(name) == bytes);
        if (name.ends_with("model.json"))
            CHECK(json_difference(work.path() / "dealt" / name, work.path() / "given" / name, {"provenance"}) == 0.0);
    }
}

TEST_CASE("a repeat is the same however many follow it, and another seed deals otherwise") {
    const TemporaryDirectory work;
    write_cohort(work.path(), 0.0);
    const std::string options = columns +
                                "--input cohort.tsv --unseen-site keep --group person --learner ridge "
                                "--hold-out-covariates age --fold-output none ";
    must(options + "--repeats 3 --output-dir three", work.path());
    must(options + "--output-dir one", work.path());
    must(options + "--seed 7 --output-dir other", work.path());
    const std::vector<Row> three = rows_of(work.path() / "three" / "folds.tsv"),
                           one = rows_of(work.path() / "one" / "folds.tsv"),
                           other = rows_of(work.path() / "other" / "folds.tsv");
    std::size_t same_of_seed = 0, same_of_repeat = 0;
    for (std::size_t i = 0; i < one.size(); ++i) {
        CHECK(three[i].at("fold_1") == one[i].at("fold"));
        if (one[i].at("fold") == other[i].at("fold")) ++same_of_seed;
        if (three[i].at("fold_1") == three[i].at("fold_2")) ++same_of_repeat;
    }
    CHECK(same_of_seed < one.size() / 2);
    CHECK(same_of_repeat < one.size() / 2);
}
