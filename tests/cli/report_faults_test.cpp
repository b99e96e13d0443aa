// The bad-input list: tare-report's options that are wrong, and tables that do not belong together.
#include <catch2/catch.hpp>

#include "fault.hpp"

using tare::test::check_faults;

namespace {

const std::string report = "tare-report --before cohort.tsv ";

/// t.tsv: cohort.tsv after a command of awk.
std::string changed(const std::string& program) {
    return "awk -F '\\t' -v OFS='\\t' '" + program + "' cohort.tsv > t.tsv";
}

}  // namespace

TEST_CASE("options of tare-report that are wrong") {
    const std::string same = changed("{print}"), both = report + "--after t.tsv ";
    check_faults({
        {"", report + "--after cohort.tsv", 64, "--before and --after are the same file cohort.tsv"},
        {same, report + "--after ''", 64, "option '--after' is empty; it must name a file"},
        {same, both + "--site ''", 64, "--site is empty; it must name a column"},
        {same, both + "--site sit", 65, "cohort.tsv: no column 'sit' (the site)", "did you mean 'site'?"},
        {same, both + "--covariates ag", 65, "cohort.tsv: no column 'ag' (a covariate)", "did you mean 'age'?"},
        {same, both + "--covariates age,age", 64, "--covariates: 'age' stands twice in the list"},
        {same, both + "--covariates age,,sex", 64, "option '--covariates': the list 'age,,sex' has an empty item"},
        {same, both + "--covariates site", 64, "--covariates: 'site' is the site"},
        {same, both + "--categorical sex", 64, "--categorical: 'sex' is not among the --covariates"},
        {same, both + "--smooth sex", 65, "cohort.tsv:2: column 'sex': 'M' is not a number"},
        {same, both + "--smooth site", 64, "--smooth: 'site' is the site"},
        {same, both + "--smooth age:k=2", 64, "--smooth: 'age:k=2': k is not a whole number from 4 to 200",
         "k counts the basis functions; 10 is the default"},
        {same, both + "--id site", 64, "--id and --site name the same column 'site'"},
        {same, both + "--format pdf", 64, "option '--format' is 'pdf'; it must be one of html, md, json"},
        {same, both + "--figures -", 64, "figures are a folder, which cannot be standard output", "--output FOLDER"},
        {same, both + "--figures cohort.tsv", 73, "cohort.tsv: is a file, and figures are a folder"},
        {"mkdir full; touch full/x; " + same, both + "--figures full", 73, "full: is a folder that is not empty",
         "--force replaces the files of the same names in it"},
        {same, "tare-report --before - --after - < t.tsv", 64, "two inputs are standard input, which can be read only once"},
        {same + "; tare-fit --quiet --input cohort.tsv --covariates age --model m.json", both + "--images m.json", 65,
         "m.json: is of 30 named features, not of images", "a model of tables goes with --model"},
        {same, both + "--output cohort.tsv", 73, "cohort.tsv: is also an input of this run",
         "name another output; a result never replaces what it was made from"},
    });
}

TEST_CASE("tables that do not belong together") {
    const std::string both = report + "--after t.tsv ";
    const std::string people =
        "both tables must have the same people; --id and --session name the columns that tell them apart";
    check_faults({
        {changed("NR != 3"), both, 65, "t.tsv: has no 'sub-002', who is in cohort.tsv:3", people},
        {changed("{print} NR == 3 {$1 = \"sub-new\"; print}"), both, 65, "t.tsv:4: 'sub-new' is not in cohort.tsv", people},
        {changed("NR == 3 {$2 = \"elsewhere\"} {print}"), both, 65,
         "t.tsv:3: 'sub-002' is at site 'elsewhere', in cohort.tsv:3 at 'site-01'"},
        {changed("NR == 1 {sub(\"region03_fd\", \"other\")} {print}"), both, 65,
         "t.tsv: no column 'region03_fd', a feature of cohort.tsv", "did you mean 'region01_fd'?"},
        {changed("NR == 2 {$6 = \"thick\"} {print}"), both, 65,
         "t.tsv:2: column 'region01_thickness': 'thick' is not a number",
         "leave the column out with --exclude 'region01_thickness', or mark the cell n/a"},
        {changed("NR == 2 {$3 = \"\"} {print}"), "tare-report --before t.tsv --after cohort.tsv --covariates age", 65,
         "t.tsv:2: column 'age': the value is missing", "fill it in, leave the row out, or leave the covariate out"},
    });
}

TEST_CASE("a report whose sites or covariates leave nobody to test with is refused") {
    const std::string same = changed("{print}"), few = "awk 'NR == 1 || NR % 12 == 2' cohort.tsv > s.tsv; cp s.tsv t.tsv";
    const std::string hint = "give fewer covariates or curves, or check that --site names the column of sites";
    check_faults({
        {same, report + "--after t.tsv --covariates age --site participant_id", 65,
         "144 people at 144 sites, with 1 column of covariates, leave nobody to test with", hint},
        {few, "tare-report --before s.tsv --after t.tsv --covariates age --smooth age:k=12", 65,
         "12 people at 4 sites, with 11 columns of covariates, leave nobody to test with", hint},
    });
}
