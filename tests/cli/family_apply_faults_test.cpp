// The bad-input list: applying and extending models of all methods to people and sites that they do not fit.
#include <catch2/catch.hpp>

#include "fault.hpp"
#include "visits_example.hpp"

using tare::test::check_faults;
using tare::test::Fault;
using tare::test::VisitsExample;

namespace {

const std::string apply = "tare-apply --quiet --model m.json --input n.csv --output x.csv ";
const std::string extend = "tare-fit --quiet --extend m.json --input n.csv --model x.json ";

struct Method {
    std::string name, options;
};
const std::vector<Method> methods{
    {"combat", ""},
    {"smooth", "--smooth age:k=5:lambda=1"},
    {"covbat", "--method covbat"},
    {"longitudinal", "--method longitudinal --subject person"},
    {"combatls", "--method combatls --scale-covariates age,sex"},
    {"robust", "--robust"},
    {"log", "--transform log"},
};

/// Makes m.json of sites A and B, and changes n.csv, which has B, D and E.
std::string fitted(const std::string& options, const std::string& change = "") {
    return "tare-fit --quiet --input t.csv --train-where 'site!=C' --covariates age,sex " + options + " --model m.json" +
           (change.empty() ? "" : "; " + change);
}

/// Puts an expression of awk into a column of n.csv: $4 is the site, $5 age, $6 sex, $7 to $9 the features.
std::string put(int column, const std::string& expression) {
    return "awk -F , -v OFS=, 'NR > 1 {$" + std::to_string(column) + " = " + expression +
           "} {print}' n.csv > u.csv; mv u.csv n.csv";
}

const std::string without_age = "cut -d , -f 1-4,6- n.csv > u.csv; mv u.csv n.csv";

}  // namespace

TEST_CASE("faults that every method finds in new subjects and new sites") {
    const VisitsExample example;
    for (const Method& method : methods) {
        const auto fit = [&](const std::string& change = "") { return fitted(method.options, change); };
        const std::string levels = "the levels known are F, M", estimate = apply + "--unseen-site estimate ";
        check_faults(
            {
                {fit(), apply, 65, "n.csv:20: site 'D' is not in the model",
                 "the model knows A, B; --unseen-site estimate learns the site from such rows, keep leaves them as they "
                 "are"},
                {fit("sed -i 20,55d n.csv"), extend, 65, "n.csv: every site that may teach is in m.json already",
                 "--extend adds sites; to learn known sites anew, fit again"},
                {fit(put(6, "NR == 22 ? \"X\" : $6")), extend, 65,
                 "n.csv:22: column 'sex': level 'X' was not among the training rows", levels},
                {fit(put(6, "NR == 22 ? \"X\" : $6")), estimate, 65,
                 "n.csv:22: column 'sex': level 'X' was not among the training rows", levels},
                {fit(without_age), estimate, 65, "n.csv: no column 'age' (a covariate)",
                 "the columns are participant_id, session_id, person, site, sex, y0, y1, y2"},
                {fit("cut -d , -f 1-8 n.csv > u.csv; mv u.csv n.csv"), extend, 65,
                 "n.csv: no column 'y2', a feature of the model", "did you mean 'y0'?"},
                {fit(), apply + "--hold-out-covariates agee --unseen-site keep", 64,
                 "--hold-out-covariates: the model has no covariate 'agee'", "did you mean 'age'?"},
            },
            example.folder());
    }
}

TEST_CASE("faults that one method finds in new subjects") {
    const VisitsExample example;
    const std::string keep = apply + "--unseen-site keep ",
                      log_hint =
                          "--transform log is for positive measures; leave the feature out, or write n/a where the "
                          "value is missing",
                      scores = ", and covbat needs all of them: their scores are sums over features",
                      no_choice = "leave out --features and --exclude";
    const std::string longitudinal = "--method longitudinal --subject person", covbat = "--method covbat",
                      logarithms = "--transform log";
    check_faults(
        {
            {fitted(longitudinal, "sed -i s/person/man/ n.csv"), keep, 65, "n.csv: no column 'person' (the person)",
             "the columns are participant_id, session_id, man, site, age, sex, y0, y1 and 1 more"},
            {fitted(longitudinal, put(3, "NR == 4 ? \"\" : $3")), keep, 65,
             "n.csv:4: column 'person': the person is missing"},
            {fitted(logarithms, put(8, "NR == 4 ? -1 : $8")), keep, 65, "n.csv:4: column 'y1': -1 has no logarithm",
             log_hint},
            {fitted(logarithms, put(8, "NR == 22 ? 0 : $8")), extend, 65, "n.csv:22: column 'y1': 0 has no logarithm",
             log_hint},
            {fitted(logarithms, put(5, "NR == 4 ? 1e300 : $5")), keep, 65,
             "n.csv:4: column 'y0': the harmonised value is too large for a number"},
            {fitted(covbat), keep + "--features y0", 65, "n.csv: has 1 feature of the model's 3" + scores, no_choice},
            {fitted(covbat), keep + "--exclude y0", 65, "n.csv: has 2 features of the model's 3" + scores, no_choice},
            {fitted(covbat), apply + "--unseen-site estimate --features y0", 65,
             "covbat needs every feature of the model to estimate a site's effects", no_choice},
        },
        example.folder());
}

TEST_CASE("policies of apply that do not go together") {
    const VisitsExample example;
    const std::string look = "look at the condition of --train-where";
    const std::string learns = "--train-where says from whom new sites are learnt, and goes with --unseen-site estimate";
    const std::string held = "--hold-out-covariates does not go with --unseen-site estimate";
    const std::string held_hint =
        "what a site does to values is told from its subjects' covariates: add it with tare-fit --extend, from subjects "
        "whose covariates may be known";
    const auto no_subject = [](int line, const std::string& site) {
        return "n.csv:" + std::to_string(line) + ": --train-where leaves no subject of site '" + site +
               "' to estimate its effects from";
    };
    const std::string estimate = apply + "--unseen-site estimate --train-where ";
    check_faults(
        {
            {fitted(""), apply + "--train-where sex==F", 64, learns},
            {fitted(""), apply + "--train-where sex==F --unseen-site keep", 64, learns},
            {fitted(""), estimate + "site==D", 65, no_subject(38, "E"), look},
            {fitted(""), estimate + "site==B", 65, no_subject(20, "D"), look},
            {fitted(""), estimate + "sex==Q", 65, "n.csv: no row is left to train on", look},
            {fitted(""), estimate + "dx==Q", 65, "n.csv: no column 'dx' (a condition)",
             "the columns are participant_id, session_id, person, site, age, sex, y0, y1 and 1 more"},
            {fitted("", without_age), apply + "--unseen-site estimate --hold-out-covariates age", 64, held, held_hint},
            {fitted(""), apply + "--unseen-site estimate --hold-out-covariates age", 64, held, held_hint},
            {fitted("", without_age), apply + "--unseen-site keep --hold-out-covariates sex", 65,
             "n.csv: no column 'age' (a covariate)",
             "the columns are participant_id, session_id, person, site, sex, y0, y1, y2"},
            {fitted(""), apply + "--unseen-site keep --hold-out-covariates site", 64,
             "--hold-out-covariates: the model has no covariate 'site'"},
            {fitted(""), apply + "--unseen-site keep --hold-out-covariates age,,sex", 64,
             "option '--hold-out-covariates': the list 'age,,sex' has an empty item"},
            {fitted(""), apply + "--return residual", 64,
             "option '--return' is 'residual'; it must be one of values, residuals", "did you mean 'residuals'?"},
            {fitted("", without_age), apply + "--return residuals", 65, "n.csv: no column 'age' (a covariate)",
             "the columns are participant_id, session_id, person, site, sex, y0, y1, y2"},
        },
        example.folder());
}

TEST_CASE("sites that cannot be added") {
    const VisitsExample example;
    const std::string few_hint = "leave such sites out with --train-where, or features with --exclude";
    std::vector<Fault> faults{
        {fitted(""), "tare-fit --extend nowhere.json --input n.csv --model x.json", 66, "nowhere.json: no such file"},
        {fitted(""), "tare-fit --extend n.csv --input n.csv --model x.json", 65,
         "n.csv: not JSON, or cut short (at byte 1)"},
        {fitted(""), "tare-fit --extend m.json --model x.json", 64, "give one of --input, --images and --moments",
         "--moments takes what tare-moments or tare-merge wrote"},
        {fitted(""), "tare-fit --extend m.json --input n.csv --model m.json --force", 73,
         "m.json: is also an input of this run", "name another output; a result never replaces what it was made from"},
        {fitted("", "tare-moments --quiet --input n.csv --covariates age,sex --output q.json"),
         "tare-fit --extend q.json --input n.csv --model x.json", 65, "q.json: not a 'tare-model' file, but 'tare-moments'"},
        {fitted(""), extend + "--train-where site==B", 65, "n.csv: every site that may teach is in m.json already",
         "--extend adds sites; to learn known sites anew, fit again"},
        {fitted(""), extend + "--train-where sex==Q", 65, "n.csv: no row is left to train on",
         "look at the condition of --train-where"},
        // What was asked of the model's sites is asked of those that come later.
        {fitted("--min-per-site 5", "sed -i 24,37d n.csv"), extend, 65,
         "fewer than --min-per-site 5 at 1 site: D (4 subjects)", few_hint},
        {fitted("--min-per-site 5", "sed -i 24,37d n.csv"), apply + "--unseen-site estimate", 65,
         "fewer than --min-per-site 5 at 1 site: D (4 subjects)", few_hint},
        {fitted("--min-per-site 5", put(8, "NR > 19 && NR < 34 ? \"n/a\" : $8")), extend, 65,
         "fewer than --min-per-site 5 at 1 site: D (4 values of y1)", few_hint},
        {fitted(""), extend + "--site sex", 64, "--covariates: 'sex' is the site"},
    };
    for (const std::string option :
         {"--covariates age",       "--categorical sex", "--smooth age",     "--smooth-bounds age=0:1",
          "--transform log",        "--features y0",     "--exclude y0",     "--method covbat",
          "--prior none",           "--mean-only",       "--robust",         "--reference A",
          "--convention tare",      "--min-per-site 2",  "--subject person", "--sigma msr",
          "--scale-covariates age", "--components 2",    "--explained 0.5",  "--no-scale"}) {
        faults.push_back({fitted(""), extend + option, 64, option.substr(0, option.find(' ')) + " does not go with --extend",
                          "the model says how it was made, and the new sites follow it"});
    }
    check_faults(faults, example.folder());
}
