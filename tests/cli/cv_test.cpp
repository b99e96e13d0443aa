// tare-cv from the outside: what lies in the folder, the ledger, policies that let something pass with a warning, streams,
// matrices, and rows that are left out.
#include <algorithm>

#include <catch2/catch.hpp>

#include "workplace.hpp"

using namespace tare;
using test::Finished;
using test::Workplace;

namespace {

const std::string of_age = "tare-cv --quiet --input cohort.tsv --features 'region*' --covariates sex --target age ";

std::size_t lines(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

bool says(const Finished& finished, const std::string& text) {
    return finished.err.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("the folder of a validation: tables, and every fold's model and values") {
    const Workplace place;
    const Finished finished = place.shell(
        "tare-cv --input cohort.tsv --features 'region*' --covariates sex --target age --learner ridge --folds 3 "
        "--repeats 2 --output-dir out");
    REQUIRE(finished.code == 0);
    CHECK(says(finished,
               "tare-cv: 144 subjects at 4 sites, 30 features, covariates sex (categorical); ComBat, convention tare, "
               "parametric prior; ridge, alpha = 1\n"));
    CHECK(finished.out == place.read("out/comparison.tsv"));
    CHECK(lines(finished.out) == 1 + 3);
    CHECK(lines(place.read("out/comparison_by_site.tsv")) == 1 + 4 * 3);
    CHECK(lines(place.read("out/folds.tsv")) == 1 + 144);
    CHECK(lines(place.read("out/predictions.tsv")) == 1 + 2 * 144);
    CHECK(place.read("out/folds.tsv").starts_with("participant_id\tsite\tfold_1\tfold_2\n"));
    CHECK(place.read("out/predictions.tsv").starts_with("participant_id\tsite\trepeat\tfold\tcondition\tage\tpredicted\n"));
    for (const std::string fold : {"repeat-1/fold-1", "repeat-1/fold-3", "repeat-2/fold-2"}) {
        CHECK(lines(place.read("out/" + fold + "/train.tsv")) + lines(place.read("out/" + fold + "/test.tsv")) == 2 + 144);
        CHECK(place.has("out/" + fold + "/model.json"));
    }
    CHECK(place.succeed("cd out/repeat-1/fold-2; tare-apply --quiet --training-subjects allow --model model.json --input "
                        "../../../cohort.tsv | awk "
                        "'NR == FNR {known[$0]; next} $0 in known' - test.tsv | wc -l") ==
          std::to_string(lines(place.read("out/repeat-1/fold-2/test.tsv"))) + "\n");
    CHECK(place.shell(of_age + "--learner ridge --folds 3 --output-dir out").code == 73);
    CHECK(place.shell(of_age + "--learner ridge --folds 3 --output-dir out --force").code == 0);
}

TEST_CASE("folds without a learner are for learners elsewhere") {
    const Workplace place;
    CHECK(place.succeed(of_age + "--folds 2 --output-dir out") == "");
    CHECK(!place.has("out/predictions.tsv"));
    CHECK(place.has("out/repeat-1/fold-2/test.tsv"));
    CHECK(place.succeed("tare-cv --quiet --input cohort.tsv --features 'region*' --folds 2 --output-dir bare") == "");
    CHECK(place.has("bare/repeat-1/fold-1/model.json"));
}

TEST_CASE("the ledger says which rows touched what") {
    const Workplace place;
    // The oldest are made younger: a warning would say that their ages are beyond those of the other fold.
    place.succeed(
        "awk -F'\\t' -v OFS='\\t' 'NR > 1 && ($3 > 70 || $3 < 22) {$3 = $3 > 70 ? 70 : 22} {print $0, NR == 1 ? "
        "\"fold\" : NR % 2 + 1}' cohort.tsv > two.tsv");
    const std::string run =
        "tare-cv --quiet --input two.tsv --features 'region*' --covariates age,sex --target age "
        "--fold-column fold --learner ridge --audit ";
    const std::string ledger = place.succeed(run + "--compare --output-dir out --fold-output none");
    CHECK(ledger == place.read("out/audit.tsv"));
    CHECK(ledger.starts_with(
        "participant_id\tsite\trepeat\tfold\tcondition\tpart\tmean_model\tsite_effects\tlearner\ttarget_at_apply\n"));
    CHECK(lines(ledger) == 1 + 2 * 5 * 144);
    // sub-001, in line 2, is in the first fold.
    for (const char* line : {"1\t1\traw\ttest\t-\t-\t-\tnone", "1\t1\tall-first\ttest\tfitted\tof site-01\t-\tknown",
                             "1\t1\tin-fold\ttest\t-\t-\t-\tknown", "1\t1\tin-fold-held-out\ttest\t-\t-\t-\theld out",
                             "1\t1\tpretend-target\ttest\t-\t-\t-\tpretended", "1\t2\traw\ttraining\t-\t-\ttrained\tnone",
                             "1\t2\tin-fold-held-out\ttraining\tfitted\tof site-01\ttrained\tknown"}) {
        CAPTURE(line);
        CHECK(ledger.find("\nsub-001\tsite-01\t" + std::string(line) + "\n") != std::string::npos);
    }
    // Without a learner it is something to do all the same; rows that may not harmonise are said to.
    const std::string bare = place.succeed(
        "tare-cv --quiet --input two.tsv --features 'region*' --covariates sex --target age "
        "--fold-column fold --audit --train-where diagnosis==control");
    CHECK(lines(bare) == 1 + 2 * 144);
    std::size_t fitted = 0;
    for (std::size_t at = bare.find("\tfitted\t"); at != std::string::npos; at = bare.find("\tfitted\t", at + 1)) ++fitted;
    CHECK(std::to_string(fitted) + "\n" == place.succeed("grep -c '\tcontrol\t' two.tsv"));
}

TEST_CASE("what the guard lets pass, it says loudly") {
    const Workplace place;
    const Finished told = place.shell(
        "tare-cv --quiet --input cohort.tsv --covariates age,sex --target age --learner ridge "
        "--allow target-covariate");
    CHECK(told.code == 0);
    CHECK(says(told,
               "tare-cv: warning: the target 'age' of test rows is known when they are harmonised: what is learnt looks "
               "better than it is\n"));
    CHECK(told.out.find("\nin-fold\tmae\t") != std::string::npos);
    const Finished held = place.shell(
        "tare-cv --quiet --input cohort.tsv --covariates age,sex --target age --learner ridge "
        "--hold-out-covariates age");
    CHECK(held.code == 0);
    CHECK(!says(held, "is known"));
    CHECK(held.out.find("\nin-fold-held-out\tmae\t") != std::string::npos);
    const Finished site = place.shell(
        "tare-cv --quiet --input cohort.tsv --features 'region*' --target site --learner svm "
        "--allow target-covariate");
    CHECK(site.code == 0);
    CHECK(says(site, "warning: the target 'site' is the site, which is known when test rows are harmonised\n"));

    place.succeed(
        "awk -F'\\t' -v OFS='\\t' 'NR == 1 {print $0, \"dose\", \"person\"; next} {print $0, $5 == \"patient\", "
        "\"p\" int(NR / 2)}' cohort.tsv > more.tsv");
    const std::string more = "tare-cv --quiet --input more.tsv --features 'region*' ";
    const Finished telling =
        place.shell(more + "--covariates dose --target diagnosis --learner svm --allow telling-covariate");
    CHECK(telling.code == 0);
    CHECK(says(telling,
               "warning: covariate 'dose' gives the target 'diagnosis' away: it separates the classes by thresholds\n"));
    const Finished shared = place.shell(more +
                                        "--target age --learner ridge --fold-column diagnosis --group person --allow "
                                        "shared-subjects,telling-covariate");
    CHECK(shared.code == 0);
    CHECK(says(shared,
               "warning: 32 subjects on both sides of a fold (p10, p14, p15, p17 and 28 more): what is learnt looks "
               "better than it is\n"));
}

TEST_CASE("a site is left out as the policy says") {
    const Workplace place;
    const Finished kept = place.shell(of_age + "--learner ridge --leave-site-out --unseen-site keep --output-dir kept");
    CHECK(kept.code == 0);
    CHECK(says(kept,
               "warning: 4 sites (site-01, site-02, site-03, site-04) have test rows in a fold without any row to learn "
               "from: these rows stay as they are\n"));
    CHECK(place.succeed("awk 'NR == FNR {known[$0]; next} $0 in known' cohort.tsv kept/repeat-1/fold-1/test.tsv | wc -l") ==
          std::to_string(lines(place.read("kept/repeat-1/fold-1/test.tsv"))) + "\n");
    CHECK(place.succeed("tail -n +2 kept/repeat-1/fold-1/test.tsv | cut -f2 | sort -u") == "site-01\n");
    const Finished estimated =
        place.shell(of_age + "--learner ridge --leave-site-out --unseen-site estimate --output-dir estimated");
    CHECK(estimated.code == 0);
    CHECK(says(estimated, "from: the site's effects are estimated from the test rows themselves, together\n"));
    CHECK(place.read("kept/repeat-1/fold-1/test.tsv") != place.read("estimated/repeat-1/fold-1/test.tsv"));
    CHECK(place.read("kept/repeat-1/fold-1/train.tsv") == place.read("estimated/repeat-1/fold-1/train.tsv"));
    // Estimated as tare-apply does it.
    place.succeed(
        "tare-apply --quiet --model estimated/repeat-1/fold-1/model.json --unseen-site estimate 2> said --input <(grep -e "
        "participant_id -e site-01 cohort.tsv) --output applied.tsv");
    CHECK(place.read("applied.tsv") == place.read("estimated/repeat-1/fold-1/test.tsv"));
}

TEST_CASE("rows without a target are left out of everything") {
    const Workplace place;
    place.succeed(
        "awk -F'\\t' -v OFS='\\t' 'NR > 1 && NR % 4 == 0 {$3 = \"n/a\"} {print}' cohort.tsv > some.tsv; awk -F'\\t' "
        "'$3 != \"n/a\"' cohort.tsv > /dev/null; grep -v -F \"$(printf '\\tn/a\\t')\" some.tsv > without.tsv");
    const std::string options = " --features 'region*' --covariates sex --target age --learner ridge ";
    const Finished some = place.shell("tare-cv --quiet --input some.tsv" + options);
    CHECK(some.code == 0);
    CHECK(says(some, "tare-cv: warning: 36 rows without a target left out of everything\n"));
    CHECK(some.out == place.succeed("tare-cv --quiet --input without.tsv" + options));
}

TEST_CASE("missing cells and a site of one person are no obstacle") {
    const Workplace place;
    place.succeed(
        "awk -F'\\t' -v OFS='\\t' 'NR > 3 && NR % 3 == 0 {$(6 + NR % 30) = \"n/a\"} NR == 2 {$2 = \"lone\"} {print}' "
        "cohort.tsv > gaps.tsv");
    for (const char* learner : {"ridge", "svr", "xgboost", "ridge --inner-folds 3"}) {
        CAPTURE(learner);
        const Finished finished = place.shell(
            "tare-cv --quiet --input gaps.tsv --features 'region*' --covariates age,sex --target age --unseen-site "
            "keep --compare --learner " +
            std::string(learner));
        CHECK(finished.code == 0);
        CHECK(lines(finished.out) == 1 + 5 * 3);
        CHECK(finished.out.find("nan") == std::string::npos);
    }
    // Two people: whichever fold tests one, inner folds have the other in their test part alone.
    place.succeed("sed '3s/site-01/lone/' gaps.tsv > pair.tsv");
    CHECK(place
              .shell("tare-cv --quiet --input pair.tsv --features 'region*' --covariates age,sex --target age --compare "
                     "--inner-folds 3 --learner ridge")
              .code == 0);
}

TEST_CASE("visits of a person stay together") {
    const Workplace place;
    place.succeed(
        "awk -F'\\t' -v OFS='\\t' 'NR == 1 {print $0, \"session_id\"; next} {$1 = \"sub-\" int(NR / 2); print $0, NR % "
        "2 + 1}' cohort.tsv > visits.tsv");
    place.succeed(
        "tare-cv --quiet --input visits.tsv --features 'region*' --covariates sex --target age --learner ridge "
        "--repeats 3 --output-dir out --fold-output none");
    CHECK(place.read("out/folds.tsv").starts_with("participant_id\tsession_id\tsite\tfold_1\tfold_2\tfold_3\n"));
    CHECK(place.succeed("tail -n +2 out/folds.tsv | cut -f1,4- | sort -u | cut -f1 | uniq -d") == "");
}

TEST_CASE("matrices: rows of an .npy with their participants, and folds as .npy") {
    const Workplace place;
    place.succeed(of_age + "--folds 2 --output-dir tables");
    place.succeed(of_age + "--folds 2 --output-dir matrices --fold-output npy");
    CHECK(place.read("matrices/repeat-1/fold-1/test.tsv") == place.succeed("cut -f1-5 tables/repeat-1/fold-1/test.tsv"));
    CHECK(place.read("matrices/repeat-1/fold-1/model.json").size() > 1000);
    // A matrix in: the training rows of a fold, whose table says who they are.
    const std::string fold = "matrices/repeat-1/fold-1/train";
    const Finished finished = place.shell("tare-cv --quiet --input " + fold + ".npy --participants " + fold +
                                          ".tsv --covariates sex --target age --learner ridge --folds 3 --output-dir again");
    INFO(finished.err);
    CHECK(finished.code == 0);
    CHECK(place.has("again/repeat-1/fold-3/test.npy"));
    CHECK(place.read("again/repeat-1/fold-3/test.tsv").starts_with("participant_id\tsite\tage\tsex\tdiagnosis\n"));
    const std::string of_table = place.succeed(
        "tare-cv --quiet --input tables/repeat-1/fold-1/train.tsv --features 'region*' "
        "--covariates sex --target age --learner ridge --folds 3");
    CHECK(finished.out == of_table);
}

TEST_CASE("streams: a cohort from standard input, and a reader that goes away") {
    const Workplace place;
    const std::string options = "--features 'region*' --covariates sex --target age --learner ridge ";
    const std::string scores = place.succeed("tare-cv --quiet --input cohort.tsv " + options);
    CHECK(place.succeed("tare-cv --quiet --input - " + options + "< cohort.tsv") == scores);
    CHECK(place.succeed("gzip -c cohort.tsv | tare-cv --quiet --input - " + options) == scores);
    const Finished gone = place.shell("tare-cv --quiet --input cohort.tsv --audit --repeats 30 " + options +
                                      "--output-dir out --fold-output none | head -1 > first; exit ${PIPESTATUS[0]}");
    CHECK(gone.code == 74);
    CHECK(gone.err == "tare-cv: error: standard output: the reader closed the pipe\n");
    CHECK(!place.has("out"));
    const Finished full = place.shell("tare-cv --quiet --input cohort.tsv " + options + "--output-dir out > /dev/full");
    CHECK(full.code == 74);
    CHECK(!place.has("out"));
}

TEST_CASE("classes: scores of each, and which one is the positive") {
    const Workplace place;
    const std::string run =
        "tare-cv --quiet --input cohort.tsv --features 'region*' --covariates sex --target diagnosis "
        "--learner logistic --standardise --repeats 2 ";
    const std::string usual = place.succeed(run + "--output-dir out --fold-output none");
    CHECK(place.read("out/predictions.tsv")
              .starts_with(
                  "participant_id\tsite\trepeat\tfold\tcondition\tdiagnosis\tpredicted\tscore_control\tscore_patient\n"));
    const std::string turned = place.succeed(run + "--positive control");
    const auto line = [](const std::string& table, const std::string& metric) {
        const std::size_t at = table.find("\t" + metric + "\t") + metric.size() + 2;
        return table.substr(at, table.find('\n', at) - at);
    };
    CHECK(line(usual, "sensitivity") == line(turned, "specificity"));
    CHECK(line(usual, "specificity") == line(turned, "sensitivity"));
    CHECK(line(usual, "sensitivity") != line(usual, "specificity"));
    CHECK(line(usual, "balanced_accuracy") == line(turned, "balanced_accuracy"));
}
