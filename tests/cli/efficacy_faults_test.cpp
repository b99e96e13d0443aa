// The bad-input list: tare-efficacy's options that are wrong, and cohorts in which no site can be recognised.
#include <catch2/catch.hpp>

#include "fault.hpp"

using tare::test::check_faults;

namespace {

const std::string efficacy = "tare-efficacy --quiet --exclude age ";
const std::string cohort = efficacy + "--input cohort.tsv ";

/// t.tsv: the cohort with `expression` of awk done to every row but the header.
std::string changed(const std::string& expression) {
    return "awk -F '\\t' -v OFS='\\t' 'NR > 1 {" + expression + "} {print}' cohort.tsv > t.tsv";
}

}  // namespace

TEST_CASE("options of tare-efficacy that are wrong") {
    const std::string bins = "as in --permute-within age:5,sex";
    const auto no_bins = [](const std::string& item) {
        return "--permute-within: '" + item + "' has no number of bins from 2 after the colon";
    };
    check_faults({
        {"", cohort + "--probe quadratic", 64, "option '--probe' is 'quadratic'; it must be one of linear, xgboost"},
        {"", cohort + "--folds 1", 64, "--folds: 1 is below 2"},
        {"", cohort + "--folds 10000001", 64, "--folds: 10000001 is above 10000000"},
        {"", cohort + "--repeats 0", 64, "--repeats: 0 is below 1"},
        {"", cohort + "--repeats 99999999999", 64, "--repeats: 99999999999 is above 10000000"},
        {"", cohort + "--permutations -1", 64, "--permutations: -1 is below 0"},
        {"", cohort + "--permutations 10000001", 64, "--permutations: 10000001 is above 10000000"},
        {"", cohort + "--permutations 19", 64, "--permutations: 19 can give no p below 0.05",
         "at least 20, or 0 to do without a verdict"},
        {"", cohort + "--seed -1", 64, "--seed: -1 is below 0"},
        {"", cohort + "--site site,sex", 64, "--site: tare-efficacy takes one batch variable"},
        {"", cohort + "--resume", 64, "--resume needs --output-dir, where what is done is kept"},
        {"", cohort + "--permute-within site", 64,
         "--permute-within: 'site' is the site, within which every label stays what it is"},
        {"", cohort + "--permute-within age:1", 64, no_bins("age:1"), bins},
        {"", cohort + "--permute-within age:", 64, no_bins("age:"), bins},
        {"", cohort + "--permute-within age:2.5", 64, no_bins("age:2.5"), bins},
        {"", cohort + "--permute-within :5", 64, "--permute-within: ':5' names no column"},
        {"", cohort + "--permute-within ages:5", 65, "cohort.tsv: no column 'ages' (a covariate)", "did you mean 'age'?"},
        {"", cohort + "--permute-within sex:2", 65, "cohort.tsv:2: column 'sex': 'M' is not a number"},
        {"", cohort + "--covariates sex --permute-within sex:2", 65,
         "cohort.tsv: column 'sex' has no numbers to make bins of", "--permute-within sex"},
        {"", cohort + "--permute-within participant_id", 65,
         "no group to permute in has rows of two sites, so that every label stays where it is",
         "permute within fewer or wider groups"},
        {"", cohort + "--output-dir -", 64, "results of tare-efficacy are a folder, which cannot be standard output",
         "--output FOLDER"},
        {"", cohort + "--output-dir cohort.tsv", 73, "cohort.tsv: is a file, and results of tare-efficacy are a folder"},
        {"mkdir full; touch full/x", cohort + "--output-dir full", 73, "full: is a folder that is not empty",
         "--force replaces the files of the same names in it"},
    });
}

TEST_CASE("cohorts in which no site can be recognised") {
    const std::string unseen =
        "--unseen-site keep leaves such rows as they are, --unseen-site estimate estimates the site from the test rows "
        "themselves; or leave the site out";
    const std::string table = efficacy + "--input t.tsv --permutations 20 --repeats 5 ";
    check_faults({
        {changed("$2 = \"A\""), table, 65, "t.tsv: one site alone cannot be told from others"},
        {changed("if (NR == 5) $2 = \"alone\""), table, 65,
         "t.tsv: 1 site (alone) has test rows in a fold without any row to learn from", unseen},
        {"", cohort + "--train-where site!=site-04", 65,
         "cohort.tsv: 1 site (site-04) has test rows in a fold without any row to learn from", unseen},
        {"", cohort + "--folds 145", 65, "144 rows cannot be cut into 145 folds", "ask for fewer folds"},
        {changed("if (NR == 7) $3 = \"n/a\""), table + "--covariates age", 65, "t.tsv:7: column 'age': the value is missing",
         "fill it in, leave the row out, or leave the covariate out"},
        {changed("if (NR == 7) $3 = \"n/a\""), table + "--permute-within age:3", 65,
         "t.tsv:7: column 'age': the value is missing", "--permute-within needs one of every row"},
        {changed("if (NR == 7) $4 = \"\""), table + "--permute-within sex", 65,
         "t.tsv:7: column 'sex': the value is missing", "--permute-within needs one of every row"},
        {changed("$5 = NR == 10 ? \"rare\" : NR % 2"), table + "--covariates diagnosis --categorical diagnosis", 65,
         "t.tsv:10: column 'diagnosis': level 'rare' was not among the training rows", "the levels known are 0, 1"},
        {changed("$3 = $2 == \"site-01\" ? 20 : 60"), table + "--covariates age", 65,
         "covariate 'age' is confounded with the site: it does not vary within any site",
         "its effect cannot be told from the sites'; leave it out of --covariates"},
        {"", efficacy + "--input missing.tsv", 66, "missing.tsv: no such file"},
    });
}

TEST_CASE("a run that was interrupted is neither overwritten nor taken for another one") {
    const std::string unfinished = "mkdir out && printf 'run\\tkind\\tnumber\\traw\\tharmonised\\n%s\\n' ",
                      run = cohort + "--permutations 20 --repeats 5 --output-dir out ";
    check_faults({
        {unfinished + "'0123456789abcdef\tobserved\t1\t0.5\t0.5' > out/unfinished.tsv", run, 73,
         "out/unfinished.tsv: is of a run that was interrupted", "--resume goes on with it; --force starts anew"},
        {unfinished + "'0123456789abcdef\tobserved\t1\t0.5\t0.5' > out/unfinished.tsv", run + "--resume", 65,
         "out/unfinished.tsv: is of a run with other inputs or options, or of another version",
         "give the same ones; or with --force and without --resume start anew"},
        {"mkdir out; printf 'a\\tb\\n1\\t2\\n' > out/unfinished.tsv", run + "--resume", 65,
         "out/unfinished.tsv: is no record of a run of tare-efficacy"},
        {"mkdir out; touch out/efficacy.tsv", run + "--resume", 73, "out: is a folder that is not empty",
         "--force replaces the files of the same names in it"},
    });
}
