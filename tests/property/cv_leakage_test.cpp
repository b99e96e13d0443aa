// Whatever a fold's test rows hold, nothing of it reaches the fold's model, its training values or what is predicted of the
// other test rows; only harmonising everyone first lets it through, which shows that the test can fail.
#include <set>

#include <catch2/catch.hpp>

#include "cv_runs.hpp"
#include "family_runs.hpp"
#include "support/temporary_directory.hpp"
#include "tare/base/number_text.hpp"

using namespace tare;
using namespace tare::test;

namespace {

/// What becomes of the classes of changed rows.
enum class Class { swapped, nobody_elses };

/// A cohort of visits in three folds, people whole, and the same with half the people of the second fold changed: features,
/// ages, classes, and a site or a sex that nobody else has.
struct Cohort {
    std::filesystem::path folder;
    std::set<std::string> changed;  ///< ids

    Cohort(const std::filesystem::path& in, double missing, Class of_class) : folder(in) {
        write_family_cohort(folder / "family.tsv", missing);
        std::vector<std::string> before, after;
        for (const std::string& line : lines_of(folder / "family.tsv")) {
            std::vector<std::string> cells;
            for (std::size_t begin = 0; begin <= line.size();) {
                const std::size_t end = std::min(line.find('\t', begin), line.size());
                cells.push_back(line.substr(begin, end - begin));
                begin = end + 1;
            }
            const bool header = before.empty();
            const std::size_t row = before.size(), person = header ? 0 : std::stoul(cells[1].substr(1));
            cells[5] = header ? "part" : std::to_string(person % 3 + 1);
            cells.emplace_back(header ? "diagnosis" : (person * 7 + row) % 5 < 2 ? "patient" : "control");
            before.push_back(joined(cells));
            if (!header && person % 3 == 1 && person % 2 == 0) {
                changed.insert(cells[0]);
                // Not both: within one site nobody could tell the two apart, and the other folds learn from these rows.
                const bool moved = person == 10 || person == 22;
                if (moved) cells[2] = "elsewhere";
                if (!moved) cells[4] = "X";
                cells[3] = base::number_text(3.0 + static_cast<double>(row % 90));
                for (std::size_t j = 6; j + 1 < cells.size(); ++j)
                    cells[j] = j % 7 == 0 ? "5000" : base::number_text(static_cast<double>(1 + (row * 37 + j * j) % 500));
                const bool was_patient = cells.back() == "patient";
                cells.back() = of_class == Class::nobody_elses && !moved ? "other" : was_patient ? "control" : "patient";
            }
            after.push_back(joined(cells));
        }
        write_lines(folder / "before.tsv", before);
        write_lines(folder / "after.tsv", after);
    }
    static std::string joined(const std::vector<std::string>& cells) {
        std::string line;
        for (const std::string& cell : cells) line += (line.empty() ? "" : "\t") + cell;
        return line;
    }
};

/// How many rows that were not changed are predicted otherwise in a fold, by condition.
std::map<std::string, std::size_t> predicted_otherwise(const Cohort& cohort, const std::string& target) {
    const auto before = predictions_of(cohort.folder / "a" / "predictions.tsv", target);
    auto after = predictions_of(cohort.folder / "b" / "predictions.tsv", target);
    std::map<std::string, std::size_t> otherwise;
    for (const auto& [key, row] : before) {
        std::size_t& count = otherwise[row.at("condition")];
        if (row.at("fold") != "2" || cohort.changed.contains(row.at("participant_id"))) continue;
        for (const auto& [column, text] : row) {
            if (after.at(key).at(column) == text) continue;
            ++count;
            break;
        }
    }
    return otherwise;
}

void check_second_fold(const Cohort& cohort, const std::string& target) {
    const std::filesystem::path before = cohort.folder / "a" / "repeat-1", after = cohort.folder / "b" / "repeat-1";
    for (const char* file : {"model.json", "train.tsv"}) {
        CHECK(bytes_of(before / "fold-2" / file) == bytes_of(after / "fold-2" / file));
        CHECK(bytes_of(before / "fold-1" / file) != bytes_of(after / "fold-1" / file));
    }
    std::size_t left_alone = 0;
    const std::vector<std::string> rows = lines_of(before / "fold-2" / "test.tsv"),
                                   others = lines_of(after / "fold-2" / "test.tsv");
    REQUIRE(rows.size() == others.size());
    for (std::size_t i = 1; i < rows.size(); ++i) {
        if (cohort.changed.contains(rows[i].substr(0, rows[i].find('\t')))) {
            CHECK(rows[i] != others[i]);
        } else {
            CHECK(rows[i] == others[i]);
            ++left_alone;
        }
    }
    REQUIRE(left_alone > 5);
    for (const auto& [condition, count] : predicted_otherwise(cohort, target)) {
        CAPTURE(condition);
        CHECK((count > 0) == (condition == "all-first"));
    }
}

/// The same command on both tables, into folders of their own.
void validate_both(const Cohort& cohort, const std::string& options) {
    for (const auto& [table, folder] : {std::pair("before", "a"), std::pair("after", "b")}) {
        must("tare-cv --quiet --input " + std::string(table) + ".tsv --fold-column part --unseen-site keep " + options +
                 " --output-dir " + folder,
             cohort.folder);
    }
}

}  // namespace

TEST_CASE("test rows of a fold reach nothing that they are tested by, whatever the method") {
    for (const Method& method : methods()) {
        CAPTURE(method.name);
        const TemporaryDirectory work;
        const Cohort cohort(work.path(), method.missing_cells ? 0.03 : 0.0, Class::swapped);
        validate_both(cohort, without_return(family_options(method)) +
                                  " --target age --hold-out-covariates sex --learner ridge --compare");
        check_second_fold(cohort, "age");
    }
}

TEST_CASE("test rows of a fold reach nothing that they are tested by, whatever the learner of numbers") {
    for (const char* learner : {"ridge", "ridge --inner-folds 3", "ridge --standardise", "svr", "svr --inner-folds 3",
                                "svr --kernel linear --standardise --inner-folds 3", "xgboost", "xgboost --inner-folds 3"}) {
        CAPTURE(learner);
        const TemporaryDirectory work;
        const Cohort cohort(work.path(), 0.03, Class::swapped);
        validate_both(cohort,
                      "--features 'region*' --covariates age,sex --target age --hold-out-covariates sex --compare "
                      "--group person --learner " +
                          std::string(learner));
        check_second_fold(cohort, "age");
    }
}

TEST_CASE("test rows of a fold reach nothing that they are tested by, whatever the learner of classes") {
    for (const char* learner :
         {"logistic --standardise", "logistic --inner-folds 3 --standardise", "svm", "svm --inner-folds 3",
          "svm --kernel linear --standardise", "xgboost", "xgboost --inner-folds 3"}) {
        CAPTURE(learner);
        const TemporaryDirectory work;
        const std::string options =
            "--features 'region*' --covariates age,diagnosis --target diagnosis --group person "
            "--learner " +
            std::string(learner);
        // A class that only these rows have is none that a model could be applied to, and so is to be held out there.
        const Cohort of_a_kind(work.path(), 0.03, Class::nobody_elses);
        validate_both(of_a_kind, options + " --hold-out-covariates diagnosis");
        check_second_fold(of_a_kind, "diagnosis");
        const TemporaryDirectory compared;
        const Cohort swapped(compared.path(), 0.03, Class::swapped);
        validate_both(swapped, options + " --compare");
        check_second_fold(swapped, "diagnosis");
    }
}
