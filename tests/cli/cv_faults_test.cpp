// The bad-input list of tare-cv: options, columns and folds that make no sense, and every guard against what would leak.
#include <catch2/catch.hpp>

#include "fault.hpp"
#include "workplace.hpp"

using tare::test::check_faults;
using tare::test::Fault;
using tare::test::Workplace;

namespace {

const std::string cohort = "tare-cv --quiet --input cohort.tsv --features 'region*' ";
const std::string of_age = cohort + "--covariates sex --target age ";
const std::string to_folder = " --output-dir out";
const std::string columns =
    "the columns are participant_id, site, age, sex, diagnosis, region01_thickness, region01_volume, region01_fd and 27 "
    "more";

/// more.tsv: the cohort with one more column, an expression of awk; $3 is the age, $5 the diagnosis.
std::string add(const std::string& name, const std::string& expression) {
    return "awk -F'\\t' -v OFS='\\t' 'NR == 1 {print $0, \"" + name + "\"; next} {print $0, " + expression +
           "}' cohort.tsv > more.tsv; rm cohort.tsv";
}
const std::string more = "tare-cv --quiet --input more.tsv --features 'region*' ";

}  // namespace

TEST_CASE("options of a validation that make no sense") {
    check_faults({
        {"", of_age + "--learner ridge --folds 1", 64, "--folds: 1 is below 2"},
        {"", of_age + "--learner ridge --folds five", 64, "option '--folds': 'five' is not a whole number"},
        {"", of_age + "--learner ridge --folds 145", 65, "144 rows cannot be cut into 145 folds", "ask for fewer folds"},
        {"", of_age + "--learner ridge --repeats 0", 64, "--repeats: 0 is below 1"},
        {"", of_age + "--learner ridge --seed -1", 64, "--seed: -1 is below 0"},
        {"", of_age + "--learner ridge --inner-folds 1", 64, "--inner-folds: 1 is neither 0 nor at least 2"},
        {"", of_age + "--learner ridge --inner-folds -2", 64, "--inner-folds: -2 is neither 0 nor at least 2"},
        {"", of_age + "--learner ridge --stratify none,site", 64, "--stratify none goes with nothing else"},
        {"", cohort + "--stratify target" + to_folder, 64, "--stratify target needs --target"},
        {"", of_age + "--learner ridge --leave-site-out --fold-column sex", 64,
         "--leave-site-out and --fold-column both say what the folds are"},
        {"", of_age + "--learner ridge --leave-site-out --folds 3", 64,
         "--folds does not go with --leave-site-out, which says what the folds are"},
        {"", of_age + "--learner ridge --fold-column sex --repeats 3", 64,
         "--repeats does not go with --fold-column, which says what the folds are"},
        {"", of_age + "--learner ridge --fold-column sex --stratify site", 64,
         "--stratify does not go with --fold-column, which says what the folds are"},
        {"", of_age + "--learner deep", 64,
         "option '--learner' is 'deep'; it must be one of ridge, logistic, svm, svr, xgboost"},
        {"", of_age + "--learner logistic", 64, "--learner logistic: the target 'age' is of numbers",
         "ridge, svr and xgboost predict numbers; --task classification makes them classes"},
        {"", cohort + "--covariates age --target sex --learner svr", 64, "--learner svr: the target 'sex' is of classes",
         "logistic, svm and xgboost predict classes"},
        {"", of_age + "--learner ridge --task classification", 64, "--learner ridge: the target 'age' is of classes",
         "logistic, svm and xgboost predict classes"},
        {"", cohort + "--target sex --task regression --learner ridge", 65,
         "cohort.tsv:2: column 'sex': 'M' is not a number"},
        {"", of_age + "--learner ridge --kernel linear", 64, "--kernel goes with --learner svm and svr"},
        {"", of_age + "--kernel linear" + to_folder, 64, "--kernel goes with --learner"},
        {"", of_age + "--standardise" + to_folder, 64, "--standardise goes with --learner"},
        {"", of_age + "--inner-folds 3" + to_folder, 64, "--inner-folds goes with --learner"},
        {"", of_age + "--learner ridge --positive M", 64, "--positive is for a target of classes"},
        {"", cohort + "--target sex --learner svm --positive X", 64, "--positive: the target is never 'X'"},
        {"", cohort + "--target diagnosis --learner svm --positive patients", 64,
         "--positive: the target is never 'patients'", "did you mean 'patient'?"},
        {add("of_three", "NR % 3 == 0 ? \"a\" : NR % 3 == 1 ? \"b\" : \"c\""),
         more + "--target of_three --learner svm --positive a", 64, "--positive is for a target of two classes"},
        {"", of_age + "--compare" + to_folder, 64, "--compare needs --learner",
         "ridge, svr or xgboost for numbers; logistic, svm or xgboost for classes"},
        {"", of_age, 64, "--target without --learner needs --output-dir, for the folds' tables",
         "name a learner, as in --learner svr"},
        {"", cohort, 64, "nothing to do: neither --target with --learner nor --output-dir is given",
         "--output-dir FOLDER takes every fold's model and harmonised tables"},
        {"", cohort + "--learner ridge", 64, "--learner needs --target"},
        {"", cohort + "--task regression" + to_folder, 64, "--task needs --target"},
        {"", of_age + "--learner ridge --fold-output npy", 64, "--fold-output goes with --output-dir"},
        {"", of_age + "--learner ridge --allow everything", 64, "--allow: unknown 'everything'",
         "known: target-covariate, telling-covariate, shared-subjects"},
        {"", of_age + "--learner ridge --hold-out-covariates sexx", 64, "--hold-out-covariates: 'sexx' is no covariate",
         "did you mean 'sex'?"},
        {"", of_age + "--learner ridge --site site,diagnosis", 64, "--site: tare-cv takes one batch variable"},
        {"", of_age + "--learner ridge --unseen-site guess", 64,
         "option '--unseen-site' is 'guess'; it must be one of error, keep, estimate"},
    });
}

TEST_CASE("columns and folders that tare-cv cannot use") {
    check_faults({
        {"", "tare-cv --input nobody.tsv --target age --learner ridge", 66, "nobody.tsv: no such file"},
        {"", cohort + "--target agee --learner ridge", 65, "cohort.tsv: no column 'agee' (the target)",
         "did you mean 'age'?"},
        {"", of_age + "--learner ridge --fold-column nowhere", 65, "cohort.tsv: no column 'nowhere' (folds)", columns},
        {"", of_age + "--learner ridge --group nobody", 65, "cohort.tsv: no column 'nobody' (the group)", columns},
        {"", of_age + "--learner ridge --stratify sexx", 65, "cohort.tsv: no column 'sexx' (a stratum)",
         "did you mean 'sex'?"},
        {add("fold", "NR == 7 ? \"n/a\" : NR % 3"), more + "--target age --learner ridge --fold-column fold", 65,
         "more.tsv:7: column 'fold': no fold is named", "give every row one; leave rows out by leaving out their target"},
        {add("fold", "4"), more + "--target age --learner ridge --fold-column fold", 65,
         "more.tsv: column 'fold' names one fold, '4'"},
        {add("family", "NR == 9 ? \"\" : NR % 30"), more + "--target age --learner ridge --group family", 65,
         "more.tsv:9: column 'family': the group is missing"},
        {"", of_age + "--learner ridge --group sex", 65, "2 groups cannot be cut into 5 folds", "ask for fewer folds"},
        {add("dose", "5"), more + "--target dose --learner ridge", 65, "more.tsv: target 'dose' is '5' in all rows"},
        {add("dose", "\"high\""), more + "--target dose --learner svm", 65, "more.tsv: target 'dose' is 'high' in all rows"},
        {add("dose", "\"n/a\""), more + "--target dose --learner ridge", 65,
         "more.tsv: target 'dose' is missing in all rows"},
        {"", cohort + "--target diagnosis --learner svm --fold-column diagnosis", 65,
         "repeat 1, fold 1: all 50 training rows are of one class: there is nothing to learn"},
        {"", of_age + "--learner ridge --output-dir -", 64,
         "results of tare-cv are a folder, which cannot be standard output", "--output-dir FOLDER"},
        {"", of_age + "--learner ridge --output-dir cohort.tsv", 73,
         "cohort.tsv: is a file, and results of tare-cv are a folder"},
        {"mkdir out; touch out/mine", of_age + "--learner ridge" + to_folder, 73, "out: is a folder that is not empty",
         "--force replaces the files of the same names in it"},
        {"", "tare-cv --input - --participants - --target age --learner ridge < cohort.tsv", 64,
         "two inputs are standard input, which can be read only once"},
    });
}

TEST_CASE("a target that harmonisation knows is refused") {
    const std::string known =
                          "the target 'age' is a covariate too: applied to a test row, the model would be told what is to "
                          "be predicted",
                      hint =
                          "--hold-out-covariates age takes the training mean in its place; --compare shows what it costs; "
                          "--allow target-covariate goes on";
    check_faults({
        {"", cohort + "--covariates age,sex --target age --learner ridge", 64, known, hint},
        {"", cohort + "--covariates sex --smooth age --target age --learner ridge", 64, known, hint},
        {"", cohort + "--covariates sex --method combatls --scale-covariates age --target age --learner ridge", 64, known,
         hint},
        {"", cohort + "--covariates age --target age" + to_folder, 64, known, hint},
        {"", cohort + "--target site --learner svm", 64,
         "the target 'site' is the site: harmonisation is told it of every row, and takes away what tells it",
         "--allow target-covariate goes on"},
        {"", cohort + "--target participant_id --learner svm", 64, "--target: 'participant_id' is the id"},
    });
}

TEST_CASE("covariates that give the target away are refused") {
    const std::string hint = "leave it out of --covariates; --allow telling-covariate goes on";
    check_faults({
        {add("twice", "2 * $3 + 1"), more + "--covariates sex,twice --target age --learner ridge", 65,
         "more.tsv: covariate 'twice' gives the target 'age' away: it puts the rows in the order of the target", hint},
        {add("dose", "$5 == \"patient\" ? 1 + NR % 3 : 0"), more + "--covariates dose --target diagnosis --learner svm", 65,
         "more.tsv: covariate 'dose' gives the target 'diagnosis' away: it separates the classes by thresholds", hint},
        {add("ward", "$5 == \"patient\" ? \"west\" : NR % 2 ? \"north\" : \"east\""),
         more + "--covariates ward --target diagnosis --learner svm", 65,
         "more.tsv: covariate 'ward' gives the target 'diagnosis' away: it has one target for every level", hint},
        {add("dose", "$5 == \"patient\" ? 1 + NR % 3 : 0"),
         more + "--method combatls --scale-covariates dose --target diagnosis --learner svm", 65,
         "more.tsv: covariate 'dose' gives the target 'diagnosis' away: it separates the classes by thresholds", hint},
    });
}

TEST_CASE("people on both sides of a fold are refused") {
    const std::string hint = "a person's rows belong into one fold; --allow shared-subjects goes on";
    check_faults({
        {add("person", "\"p\" int(NR / 2)"), more + "--target age --learner ridge --fold-column diagnosis --group person",
         65, "more.tsv: repeat 1: 32 subjects on both sides of a fold (p10, p14, p15, p17 and 28 more)", hint},
        // Rows with a session are visits of whom the id says.
        {"awk -F'\\t' -v OFS='\\t' 'NR == 1 {print $0, \"session_id\", \"fold\"; next} {$1 = \"sub-\" int(NR / 2); print "
         "$0, "
         "NR % 2, NR < 12 ? NR % 2 : 1}' cohort.tsv > more.tsv; rm cohort.tsv",
         more + "--target age --learner ridge --fold-column fold", 65,
         "more.tsv: repeat 1: 5 subjects on both sides of a fold (sub-1, sub-2, sub-3, sub-4 and 1 more)", hint},
        {add("person", "\"p\" int(NR / 2)"),
         more + "--method longitudinal --subject person --target age --learner ridge --fold-column diagnosis", 65,
         "more.tsv: repeat 1: 32 subjects on both sides of a fold (p10, p14, p15, p17 and 28 more)", hint},
    });
}

TEST_CASE("sites without a row to learn from are refused unless a policy is named") {
    const std::string hint =
        "--unseen-site keep leaves such rows as they are, --unseen-site estimate estimates the site from "
        "the test rows themselves; or leave the site out";
    check_faults({
        {"", of_age + "--learner ridge --leave-site-out", 65,
         "cohort.tsv: 4 sites (site-01, site-02, site-03, site-04) have test rows in a fold without any row to learn from",
         hint},
        {"sed -i '2s/site-01/lone/' cohort.tsv", of_age + "--learner ridge", 65,
         "cohort.tsv: 1 site (lone) has test rows in a fold without any row to learn from", hint},
        {"", cohort + "--covariates age --target age --learner ridge --leave-site-out --compare --unseen-site estimate", 64,
         "--unseen-site estimate would look at the target of test rows, which is a covariate",
         "--unseen-site keep, or leave the target out of --covariates"},
        {"", of_age + "--learner ridge --leave-site-out --unseen-site estimate --hold-out-covariates sex", 64,
         "--hold-out-covariates does not go with --unseen-site estimate"},
        {"", of_age + "--learner ridge --leave-site-out --unseen-site estimate --method covbat", 64,
         "--unseen-site estimate goes with methods that follow from moments alone"},
    });
}

TEST_CASE("a fold that fails takes the folders of those before it along") {
    // The second repeat has nothing to learn from in its first fold.
    check_faults({{add("fold", "NR % 3"), more + "--target diagnosis --learner svm --fold-column fold,diagnosis" + to_folder,
                   65, "repeat 2, fold 1: all 50 training rows are of one class: there is nothing to learn"}});
}
