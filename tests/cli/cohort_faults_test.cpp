// The bad-input list: tables that can be read, and roles, joins and designs that do not fit them.
#include <catch2/catch.hpp>

#include "fault.hpp"

using tare::test::check_faults;

namespace {

const std::string cohort = "tare-harmonise --input cohort.tsv --output x.tsv --model x.json ";
const std::string grammar = "write conditions like 'diagnosis==control', 'age>=18 && site!=s03', 'dx==CN || dx==SCD'";

/// Small tables: `columns` behind participant_id and site.
std::string table(const std::string& columns, const std::string& lines) {
    return "printf 'participant_id,site," + columns + "\\n" + lines + "' > t.csv";
}

std::string harmonise(const std::string& options) {
    return "tare-harmonise --input t.csv --output x.csv --model x.json " + options;
}

}  // namespace

TEST_CASE("roles that no column can play") {
    const std::string columns =
        "the columns are participant_id, site, age, sex, diagnosis, region01_thickness, region01_volume, region01_fd and 27 "
        "more";
    check_faults({
        {"", cohort + "--covariates age,Sex", 65, "cohort.tsv: no column 'Sex' (a covariate)", "did you mean 'sex'?"},
        {"", cohort + "--covariates weight", 65, "cohort.tsv: no column 'weight' (a covariate)", columns},
        {"", cohort + "--site scanner", 65, "cohort.tsv: no column 'scanner' (the site)", columns},
        {"", cohort + "--site sites", 65, "cohort.tsv: no column 'sites' (the site)", "did you mean 'site'?"},
        {"", cohort + "--id participant", 65, "cohort.tsv: no column 'participant' (the id)",
         "did you mean 'participant_id'?"},
        {"", cohort + "--session visit", 65, "cohort.tsv: no column 'visit' (the session)", columns},
        {"", cohort + "--train-where 'dx==control'", 65, "cohort.tsv: no column 'dx' (a condition)", columns},
        {"", cohort + "--site ''", 64, "--site is empty; it must name a column"},
        {"", cohort + "--id ''", 64, "--id is empty; it must name a column"},
        {"", cohort + "--session ''", 64, "--session is empty; it must name a column"},
        {"", cohort + "--covariates age,site", 64, "--covariates: 'site' is the site"},
        {"", cohort + "--covariates age --id age", 64, "--covariates: 'age' is the id"},
        {"", cohort + "--id site", 64, "--id and --site name the same column 'site'"},
        {"", cohort + "--covariates age,sex,age", 64, "--covariates: 'age' stands twice in the list"},
        {"", cohort + "--covariates age --categorical sex", 64, "--categorical: 'sex' is not among the --covariates"},
        {"", cohort + "--covariates age,sex --categorical Sex", 64, "--categorical: 'Sex' is not among the --covariates",
         "did you mean 'sex'?"},
    });
}

TEST_CASE("features that are not there, or are something else") {
    check_faults({
        {"", cohort + "--features '*_area'", 65, "--features: no column matches '*_area'"},
        {"", cohort + "--features region01_thicknes", 65, "--features: no column matches 'region01_thicknes'",
         "did you mean 'region01_thickness'?"},
        {"", cohort + "--exclude 'area*'", 65, "--exclude: no column matches 'area*'"},
        {"", cohort + "--covariates age --features age", 65,
         "--features: column 'age' already is an id, session, site, covariate or condition"},
        {"", cohort + "--features site", 65,
         "--features: column 'site' already is an id, session, site, covariate or condition"},
        {"", cohort + "--features sex", 65, "cohort.tsv:2: column 'sex': 'M' is not a number",
         "leave the column out with --exclude 'sex', or mark the cell n/a"},
        {"", cohort + "--features '*_fd' --exclude '*'", 65, "no feature column is left",
         "name the features with --features"},
        {"", cohort + "--covariates age --exclude 'region*'", 65, "cohort.tsv: no column of numbers is left to harmonise",
         "name the features with --features"},
        {"printf 'participant_id,site\\na,A\\nb,B\\n' > t.csv", harmonise(""), 65, "no feature column is left",
         "name the features with --features"},
    });
}

TEST_CASE("participants that do not join") {
    const std::string cut = "cut -f 1,6- cohort.tsv > f.tsv; cut -f 1-5 cohort.tsv > p.tsv; ";
    const std::string joined = "tare-harmonise --input f.tsv --participants p.tsv --covariates age,sex --output x.tsv ";
    check_faults({
        {cut + "sed -i /sub-050/d p.tsv", joined, 65, "f.tsv:45: 'sub-050' is not in p.tsv",
         "every subject of the table needs a row there"},
        {cut + "tail -1 p.tsv >> p.tsv", joined, 65,
         "p.tsv:146: column 'participant_id': 'sub-164' stands on line 145 already",
         "repeated visits need a column that tells them apart: --session COLUMN"},
        {cut + "sed -i 1s/participant_id/subject/ p.tsv", joined, 65, "p.tsv: no column 'participant_id' to join f.tsv by",
         "name the id column that both tables have with --id"},
        {cut + "sed -i 1s/age/Age/ p.tsv", joined, 65, "f.tsv and p.tsv: no column 'age' (a covariate)",
         "did you mean 'Age'?"},
        {cut + "sed -i '7s/[0-9.]*\\t\\([MF]\\)/abc\\t\\1/' p.tsv", joined, 65,
         "p.tsv:7: column 'age': 'abc' is not a number", "a column of categories is named in --categorical"},
        {cut + "sed -i '9s/site-0[0-9]//' p.tsv", joined, 65, "p.tsv:9: column 'site': the site is missing"},
        {cut + ": > p.tsv", joined, 65, "p.tsv: the file is empty"},
        {cut + "printf '\"' >> p.tsv", joined, 65, "p.tsv:146: the quote that opens here is never closed"},
        {cut + "gzip -n p.tsv; head -c 500 p.tsv.gz > p.tsv", joined, 65, "p.tsv: the gzip stream is cut short or damaged",
         "copy or download the file again; gzip -t should find no fault in it"},
        {cut, joined + "--id subject", 65, "f.tsv: no column 'subject' (the id)",
         "the columns are participant_id, region01_thickness, region01_volume, region01_fd, region02_thickness, "
         "region02_volume, region02_fd, region03_thickness and 23 more"},
    });
}

TEST_CASE("conditions of --train-where that say nothing") {
    check_faults({
        {"", cohort + "--train-where 'diagnosis=control'", 64, "condition 'diagnosis=control' is not 'column==value'",
         grammar},
        {"", cohort + "--train-where ''", 64, "condition '' is not 'column==value'", grammar},
        {"", cohort + "--train-where 'age>=18 &&'", 64, "condition '' is not 'column==value'", grammar},
        {"", cohort + "--train-where 'age==1==2'", 64, "condition 'age==1==2' is not 'column==value'", grammar},
        {"", cohort + "--train-where '==control'", 64, "condition '==control' is not 'column==value'", grammar},
        {"", cohort + "--train-where 'age>old'", 64, "condition 'age>old': 'old' is not a number, so it has no order",
         grammar},
        {"", cohort + "--train-where 'diagnosis==nobody'", 65, "cohort.tsv: no row is left to train on",
         "look at the condition of --train-where"},
        {"", cohort + "--train-where 'site==site-01'", 65, "cohort.tsv:65: site 'site-02' is not in the model",
         "did you mean 'site-01'? --unseen-site keep leaves such rows as they are"},
        {"", cohort + "--covariates sex --train-where 'sex==M'", 65,
         "covariate 'sex' has one value ('M') in all training rows", "leave it out of --covariates"},
        {"", cohort + "--covariates age,diagnosis --train-where 'diagnosis==control'", 65,
         "covariate 'diagnosis' has one value ('control') in all training rows", "leave it out of --covariates"},
    });
}

TEST_CASE("cohorts from which nothing can be learnt") {
    const std::string no_spread = "leave it out of --covariates";
    check_faults({
        {table("age,y", "a,A,1,2\\nb,A,1,5\\nc,B,1,1\\nd,B,1,4\\n"), harmonise("--covariates age"), 65,
         "covariate 'age' has one value in all training rows", no_spread},
        {table("sex,y", "a,A,M,2\\nb,A,M,5\\nc,B,M,1\\nd,B,M,4\\n"), harmonise("--covariates sex"), 65,
         "covariate 'sex' has one value ('M') in all training rows", no_spread},
        {table("age,y", "a,A,1,2\\nb,A,1,5\\nc,B,2,1\\nd,B,2,4\\n"), harmonise("--covariates age"), 65,
         "covariate 'age' is confounded with the site: it does not vary within any site",
         "its effect cannot be told from the sites'; leave it out of --covariates"},
        {table("dx,y", "a,A,AD,2\\nb,A,AD,5\\nc,B,CN,1\\nd,B,CN,4\\n"), harmonise("--covariates dx"), 65,
         "covariate 'dx=CN' is confounded with the site: it does not vary within any site",
         "its effect cannot be told from the sites'; leave it out of --covariates"},
        {table("age,months,y", "a,A,1,12,2\\nb,A,2,24,5\\nc,B,3,36,1\\nd,B,7,84,4\\ne,B,5,60,3\\n"),
         harmonise("--covariates age,months"), 65,
         "covariate 'months' is confounded with 'age': within sites they carry the same information",
         "leave one of them out of --covariates"},
        {table("age,y", "a,A,1,2\\nb,B,2,5\\nc,B,3,1\\n"), harmonise("--covariates age"), 65,
         "3 subjects in training, too few for 2 sites and 1 covariate term"},
        {"", cohort + "--reference site-09", 65, "--reference: no site 'site-09' among the training rows",
         "did you mean 'site-01'?"},
        {"", cohort + "--reference ''", 65, "--reference: no site '' among the training rows",
         "the sites are site-01, site-02, site-03, site-04"},
        {table("y,z", "a,A,1,2\\nb,B,2,5\\nc,B,3,1\\n"), harmonise("--reference A"), 65,
         "--reference: site 'A' has one subject, so it has no spread to refer to"},
    });
}

TEST_CASE("the same faults are found by every command that reads a cohort") {
    for (const std::string command : {"tare-fit --model x.json", "tare-moments --output x.json"}) {
        check_faults({
            {table("age,y", "a,A,1,2\\nb,A,2,5\\nb,B,2,1\\n"), command + " --input t.csv", 65,
             "t.csv:4: column 'participant_id': 'b' stands on line 3 already",
             "repeated visits need a column that tells them apart: --session COLUMN"},
            {"", command + " --input cohort.tsv --covariates agee", 65, "cohort.tsv: no column 'agee' (a covariate)",
             "did you mean 'age'?"},
            {"", command + " --input cohort.tsv --train-where 'diagnosis==nobody'", 65,
             "cohort.tsv: no row is left to train on", "look at the condition of --train-where"},
        });
    }
}
