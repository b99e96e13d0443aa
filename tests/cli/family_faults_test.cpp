// The bad-input list: options of curves, logarithms and methods that are wrong, do not go together, or do not fit the data.
#include <catch2/catch.hpp>

#include "fault.hpp"
#include "visits_example.hpp"

using tare::test::check_faults;
using tare::test::VisitsExample;

namespace {

const std::string thickness = "tare-harmonise --quiet --input cohort.tsv --features '*_fd' --output x.tsv --model x.json ";
const std::string visits = "tare-harmonise --quiet --input t.csv --features 'y*' --output x.csv --model x.json ";
const std::string columns =
    "the columns are participant_id, site, age, sex, diagnosis, region01_thickness, region01_volume, region01_fd and 27 "
    "more";

/// Puts an expression of awk into a column of t.csv: $4 is the site, $5 age, $6 sex, $7 to $9 the features.
std::string put(int column, const std::string& expression) {
    return "awk -F , -v OFS=, 'NR > 1 {$" + std::to_string(column) + " = " + expression +
           "} {print}' t.csv > u.csv; mv u.csv t.csv";
}

}  // namespace

TEST_CASE("curves that are asked for wrongly") {
    const std::string k_hint = "k counts the basis functions; 10 is the default",
                      lambda_hint = "0 is no penalty; without lambda REML chooses one for each feature",
                      bounds_hint = "as in --smooth-bounds age=0:100";
    const auto not_k = [](const std::string& item) {
        return "--smooth: '" + item + "': k is not a whole number from 4 to 200";
    };
    const auto not_lambda = [](const std::string& item) {
        return "--smooth: '" + item + "': lambda is not a number from 0 up";
    };
    const auto not_bounds = [](const std::string& item) {
        return "--smooth-bounds: '" + item + "': the bounds are not two ascending numbers LOW:HIGH";
    };
    std::vector<tare::test::Fault> faults{
        {"", thickness + "--smooth agee", 65, "cohort.tsv: no column 'agee' (a covariate)", "did you mean 'age'?"},
        {"", thickness + "--smooth age=5", 65, "cohort.tsv: no column 'age=5' (a covariate)", columns},
        {"", thickness + "--smooth sex", 65, "cohort.tsv:2: column 'sex': 'M' is not a number"},
        {"", thickness + "--smooth site", 64, "--smooth: 'site' is the site"},
        {"", thickness + "--smooth id --id id", 64, "--smooth: 'id' is the id"},
        {"", thickness + "--smooth age,age", 64, "--smooth: 'age' stands twice in the list"},
        {"", thickness + "--smooth :k=5", 64, "--smooth: an empty name in the list"},
        {"", thickness + "--smooth age:", 64, "--smooth: 'age:': '' is neither k=N nor lambda=X",
         "as in --smooth age,icv:k=6"},
        {"", thickness + "--smooth age:K=5", 64, "--smooth: 'age:K=5': 'K=5' is neither k=N nor lambda=X",
         "as in --smooth age,icv:k=6"},
        {"", thickness + "--smooth age:k=5:k=6", 64, "--smooth: 'age:k=5:k=6': k stands there twice"},
        {"", thickness + "--smooth age:lambda=1:lambda=1", 64,
         "--smooth: 'age:lambda=1:lambda=1': lambda stands there twice"},
        {"", thickness + "--smooth age --categorical age", 64,
         "--smooth: 'age' is in --categorical too; a category has no curve"},
        {"", thickness + "--smooth-bounds age=0:100", 64, "--smooth-bounds: 'age' is not among the --smooth"},
        {"", thickness + "--smooth age --smooth-bounds agee=0:1", 64, "--smooth-bounds: 'agee' is not among the --smooth",
         "did you mean 'age'?"},
        {"", thickness + "--smooth age --smooth-bounds age", 64, "--smooth-bounds: 'age' is not NAME=LOW:HIGH", bounds_hint},
        {"", thickness + "--smooth age --smooth-bounds age=0:100,age=1:50", 64,
         "--smooth-bounds: 'age' stands twice in the list"},
    };
    for (const std::string item :
         {"age:k=3", "age:k=201", "age:k=4.5", "age:k=", "age:k", "age:k=0x10", "age:k=99999999999999999999"})
        faults.push_back({"", thickness + "--smooth " + item, 64, not_k(item), k_hint});
    for (const std::string item : {"age:lambda=-1", "age:lambda=nan", "age:lambda=inf", "age:lambda=1e400", "age:lambda=x"})
        faults.push_back({"", thickness + "--smooth " + item, 64, not_lambda(item), lambda_hint});
    for (const std::string item : {"age=100:0", "age=5:5", "age=0", "age=0:1:2", "age=a:b", "age=nan:1", "age=-inf:inf"})
        faults.push_back({"", thickness + "--smooth age --smooth-bounds " + item, 64, not_bounds(item), bounds_hint});
    check_faults(faults);
}

TEST_CASE("curves that the values cannot carry") {
    const VisitsExample example;
    const std::string leave_out = "leave it out of --smooth",
                      range = "the training rows go from 20 to 81; see --smooth-bounds",
                      fewer = "give it fewer, as in --smooth age:k=5:lambda=0, or a penalty";
    check_faults(
        {
            {put(5, "20"), visits + "--smooth age", 65, "covariate 'age' has one value in all training rows", leave_out},
            {put(5, "$4 == \"A\" ? 20 : $4 == \"B\" ? 30 : 40"), visits + "--smooth age", 65,
             "covariate 'age' is confounded with the site: it does not vary within any site",
             "its effect cannot be told from the sites'; leave it out of --covariates"},
            {put(5, "$4 == \"A\" ? 20 : $4 == \"B\" ? 30 : 40"), visits + "--smooth age:k=5:lambda=0", 65,
             "covariate 'age' is confounded with the site: it does not vary within any site",
             "its effect cannot be told from the sites'; leave it out of --covariates"},
            {put(5, "20 + NR % 2"), visits + "--smooth age:k=20:lambda=0", 65,
             "covariate 'age' has too few values for a curve of 20 basis functions without a penalty", fewer},
            {put(5, "20 + NR % 5"), visits + "--smooth age:lambda=0", 65,
             "covariate 'age' has too few values for a curve of 10 basis functions without a penalty", fewer},
            {"", visits + "--smooth age:k=60:lambda=0", 65,
             "covariate 'age' has too few values for a curve of 60 basis functions without a penalty", fewer},
            {put(5, "NR == 5 ? \"n/a\" : $5"), visits + "--smooth age", 65, "t.csv:5: column 'age': the value is missing",
             "fill it in, leave the row out, or leave the covariate out"},
            {"", visits + "--smooth age --smooth-bounds age=200:300", 65,
             "covariate 'age': the bounds of its curve, 200 to 300, leave out all training rows", range},
            {"", visits + "--smooth age --smooth-bounds age=-5:1.5", 65,
             "covariate 'age': the bounds of its curve, -5 to 1.5, leave out all training rows", range},
            {"", visits + "--smooth age --smooth-bounds age=0:1e308", 65,
             "covariate 'age': the bounds of its curve, 0 to 1e+308, are too wide for its values", range},
            {"", visits + "--smooth age --smooth-bounds age=-1e308:1e308", 65,
             "covariate 'age': the bounds of its curve, -1e+308 to 1e+308, are too wide for its values", range},
            {put(6, "$5"), visits + "--smooth age,sex", 65,
             "covariate 'sex' is confounded with 'age': within sites they carry the same information",
             "leave one of them out of --covariates"},
        },
        example.folder());
}

TEST_CASE("options of one method given with another") {
    std::vector<tare::test::Fault> faults{
        {"", thickness + "--method lme", 64,
         "option '--method' is 'lme'; it must be one of combat, covbat, longitudinal, combatls"},
        {"", thickness + "--method longitudinal", 64,
         "--method longitudinal needs --subject, the column that names a person at every visit"},
        {"", thickness + "--method longitudinal --subject ''", 64,
         "--method longitudinal needs --subject, the column that names a person at every visit"},
        {"", thickness + "--method longitudinal --subject participant_id --sigma sd", 64,
         "option '--sigma' is 'sd'; it must be one of reml, msr"},
        {"", thickness + "--method combatls", 64, "--method combatls needs --scale-covariates",
         "as in --scale-covariates age,sex"},
        {"", thickness + "--method longitudinal --subject participant_id --smooth age", 64,
         "--smooth 'age' does not go with --method longitudinal: it has no penalty",
         "a curve without one does: --smooth age:k=5:lambda=0"},
        {"", thickness + "--method combatls --scale-covariates age --smooth age:lambda=1", 64,
         "--smooth 'age' does not go with --method combatls: it has no penalty",
         "a curve without one does: --smooth age:k=5:lambda=0"},
        {"", thickness + "--robust --method longitudinal --subject participant_id", 64,
         "--robust goes with --method combat and covbat only"},
        {"", thickness + "--robust --method combatls --scale-covariates age", 64,
         "--robust goes with --method combat and covbat only"},
        {"", thickness + "--robust --prior nonparametric", 64, "--robust does not go with --prior nonparametric"},
        {"", thickness + "--robust=yes", 64, "option '--robust' takes no value"},
        {"", thickness + "--method covbat --components 3 --explained 0.5", 64,
         "--components and --explained exclude each other"},
        {"", thickness + "--transform exp", 64, "option '--transform' is 'exp'; it must be one of none, log"},
        {"", thickness + "--return both", 64, "option '--return' is 'both'; it must be one of values, residuals"},
        {"", thickness + "--unseen-site estimate", 64,
         "option '--unseen-site' is 'estimate'; it must be one of error, keep"},
        {"", thickness + "--method covbat --components 1.5", 64, "option '--components': '1.5' is not a whole number"},
        {"", thickness + "--method covbat --explained nan", 64, "option '--explained': 'nan' is not a number"},
        {"", thickness + "--min-per-site 2.5", 64, "option '--min-per-site': '2.5' is not a whole number"},
    };
    for (const std::string option : {"--subject participant_id", "--sigma msr", "--sigma reml"}) {
        const std::string said = option.substr(0, option.find(' ')) + " is for --method longitudinal";
        faults.push_back({"", thickness + option, 64, said});
        faults.push_back({"", thickness + "--method covbat " + option, 64, said});
    }
    for (const std::string option : {"--components 3", "--explained 0.9", "--no-scale"}) {
        const std::string said = option.substr(0, option.find(' ')) + " is for --method covbat";
        faults.push_back({"", thickness + option, 64, said});
        faults.push_back({"", thickness + "--method combatls --scale-covariates age " + option, 64, said});
    }
    faults.push_back({"", thickness + "--scale-covariates age", 64, "--scale-covariates is for --method combatls"});
    for (const std::string number : {"0", "-1"}) {
        faults.push_back({"", thickness + "--method covbat --components " + number, 64, "--components must be at least 1"});
        faults.push_back({"", thickness + "--min-per-site " + number, 64, "--min-per-site must be at least 1"});
    }
    for (const std::string share : {"0", "1", "2", "-0.1"})
        faults.push_back(
            {"", thickness + "--method covbat --explained " + share, 64, "--explained must lie between 0 and 1"});
    check_faults(faults);
}

TEST_CASE("methods that need rows do not follow from moments") {
    const std::string moments = "tare-moments --quiet --input cohort.tsv --covariates age --output m.json";
    const auto fit = [](const std::string& options) { return "tare-fit --moments m.json --model x.json " + options; };
    const std::string hint = "give --input or --images";
    check_faults({
        {moments, fit("--method covbat"), 64, "--method covbat does not follow from moments: it needs the rows", hint},
        {moments, fit("--method combatls --scale-covariates age"), 64,
         "--method combatls does not follow from moments: it needs the rows", hint},
        {moments, fit("--method longitudinal --subject participant_id"), 64,
         "--method longitudinal does not follow from moments: it needs the rows", hint},
        {moments, fit("--robust"), 64, "--robust does not follow from moments: it needs the rows", hint},
        {moments, fit("--smooth age"), 64, "--smooth does not go with --moments",
         "the moments were made with their own design: give it to tare-moments"},
        {moments, fit("--min-per-site 13"), 65, "fewer than --min-per-site 13 at 1 site: site-04 (12 subjects)",
         "leave such sites out with --train-where, or features with --exclude"},
    });
}

TEST_CASE("data from which a method cannot learn") {
    const VisitsExample example;
    const std::string longitudinal = visits + "--method longitudinal --subject person ",
                      spread = visits + "--method combatls --scale-covariates ";
    const std::string one_feature = "tare-harmonise --quiet --input t.csv --features y0 --output x.csv --model x.json ";
    const std::string no_repeat = "no subject has two rows, so nothing tells subjects from noise",
                      repeat_hint = "harmonise without subjects, or give the rows of one person the same identifier",
                      few_hint = "leave out covariates, or harmonise without subjects",
                      spread_hint = "leave it out of --scale-covariates";
    check_faults(
        {
            {"", visits + "--method longitudinal --subject persona", 65, "t.csv: no column 'persona' (the person)",
             "did you mean 'person'?"},
            {"", visits + "--method longitudinal --subject site", 64, "--site and --subject name the same column 'site'"},
            {"", longitudinal + "--covariates person", 64, "--covariates: 'person' is the person"},
            {put(3, "NR == 5 ? \"\" : $3"), longitudinal, 65, "t.csv:5: column 'person': the person is missing"},
            {put(3, "NR"), longitudinal, 65, no_repeat, repeat_hint},
            {put(3, "\"P\""), longitudinal, 65,
             "too few subjects: sites and covariates leave no degree of freedom between subjects (1 subject)", few_hint},
            {put(3, "$4"), longitudinal, 65,
             "too few subjects: sites and covariates leave no degree of freedom between subjects (3 subjects)", few_hint},
            {put(8, "$2 == 1 ? $8 : \"n/a\""), longitudinal, 65, "feature 'y1' (rows that have it): " + no_repeat,
             "leave the feature out with --exclude"},
            {"sed -i s/session_id/visit/ t.csv", longitudinal, 65,
             "t.csv:3: column 'participant_id': 'A0' stands on line 2 already",
             "repeated visits need a column that tells them apart: --session COLUMN"},
            {"", longitudinal + "--session visit", 65, "t.csv: no column 'visit' (the session)",
             "the columns are participant_id, session_id, person, site, age, sex, y0, y1 and 1 more"},
            {"", spread + "agee", 65, "t.csv: no column 'agee' (a covariate)", "did you mean 'age'?"},
            {"", spread + "site", 64, "--scale-covariates: 'site' is the site"},
            {"", spread + "age,age", 64, "--scale-covariates: 'age' stands twice in the list"},
            {"", spread + "age,,sex", 64, "option '--scale-covariates': the list 'age,,sex' has an empty item"},
            {put(6, "\"F\""), spread + "sex", 65, "scale covariate 'sex' has one value ('F') in all training rows",
             spread_hint},
            {put(5, "30"), spread + "age", 65, "scale covariate 'age' has one value in all training rows", spread_hint},
            {put(5, "$4 == \"A\" ? 20 : $4 == \"B\" ? 30 : 40"), spread + "age", 65,
             "scale covariate 'age' is confounded with the site: it does not vary within any site",
             "its effect cannot be told from the sites'; " + spread_hint},
            {put(6, "12 * $5"), spread + "age,sex", 65,
             "scale covariate 'sex' is confounded with 'age': within sites they carry the same information",
             "leave one of them out of --scale-covariates"},
            {put(5, "NR == 5 ? \"n/a\" : $5"), spread + "age", 65, "t.csv:5: column 'age': the value is missing",
             "fill it in, leave the row out, or leave the covariate out"},
            {"", visits + "--method covbat --components 4", 65, "--components 4: the residuals have 3 principal components"},
            {"", visits + "--method covbat --reference Z", 65, "--reference: no site 'Z' among the training rows",
             "the sites are A, B, C"},
            {put(7, "7"), one_feature + "--method covbat", 65, "the residuals do not vary, so they have no principal axes",
             "no feature varies beyond sites and covariates: harmonise with another --method"},
            {put(7, "$4 == \"A\" ? \"n/a\" : $7"), visits + "--reference A", 65,
             "t.csv:20: column 'y0': the training rows of the reference site 'A' have no value of it, so it cannot be "
             "harmonised",
             "leave the feature out with --exclude 'y0'"},
            {put(8, "NR < 15 ? \"n/a\" : $8"), visits + "--min-per-site 7", 65,
             "fewer than --min-per-site 7 at 1 site: A (5 values of y1)",
             "leave such sites out with --train-where, or features with --exclude"},
            {"sed -i 22,37d t.csv", visits + "--min-per-site 3", 65, "fewer than --min-per-site 3 at 1 site: B (2 subjects)",
             "leave such sites out with --train-where, or features with --exclude"},
        },
        example.folder());
}

TEST_CASE("values without a logarithm") {
    const VisitsExample example;
    const std::string hint =
        "--transform log is for positive measures; leave the feature out, or write n/a where the value is missing";
    check_faults(
        {
            {put(8, "NR == 7 ? 0 : $8"), visits + "--transform log", 65, "t.csv:7: column 'y1': 0 has no logarithm", hint},
            {put(8, "NR == 7 ? -0.5 : $8"), visits + "--transform log --method covbat", 65,
             "t.csv:7: column 'y1': -0.5 has no logarithm", hint},
            {put(8, "NR == 7 ? -0.5 : $8"),
             "tare-moments --quiet --input t.csv --features 'y*' --transform log --output x.json", 65,
             "t.csv:7: column 'y1': -0.5 has no logarithm", hint},
            {put(8, "NR == 7 ? -0.5 : $8"), visits + "--transform log --train-where 'site!=A'", 65,
             "t.csv:2: site 'A' is not in the model",
             "the model knows B, C; --unseen-site keep leaves such rows as they are"},
        },
        example.folder());
}
