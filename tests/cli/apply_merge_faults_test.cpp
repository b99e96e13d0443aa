// The bad-input list: new subjects that a model does not fit, and moments that do not go together.
#include <catch2/catch.hpp>

#include "fault.hpp"

using tare::test::check_faults;

TEST_CASE("new subjects that do not fit the model") {
    const std::string fit = "tare-fit --quiet --input cohort.tsv --covariates age,sex --model m.json; ";
    const std::string apply = "tare-apply --model m.json --input t.tsv --output x.tsv ";
    const auto newcomers = [&](const std::string& edit) { return fit + edit + " newcomers.tsv > t.tsv"; };
    check_faults({
        {"tare-fit --quiet --input centre_a.tsv --covariates age,sex --model m.json; cp newcomers.tsv t.tsv", apply, 65,
         "t.tsv:11: site 'site-02' is not in the model",
         "did you mean 'site-01'? --unseen-site estimate learns the site from such rows, keep leaves them as they are"},
        {newcomers("sed 's/site-0/Bonn-/'"), apply, 65, "t.tsv:2: site 'Bonn-1' is not in the model",
         "the model knows site-01, site-02, site-03, site-04; --unseen-site estimate learns the site from such rows, keep "
         "leaves them as they are"},
        {newcomers("sed '3s/\\t[FM]\\t/\\tX\\t/'"), apply, 65,
         "t.tsv:3: column 'sex': level 'X' was not among the training rows", "the levels known are F, M"},
        {newcomers("sed '4s/\\t[FM]\\t/\\tn\\/a\\t/'"), apply, 65, "t.tsv:4: column 'sex': the value is missing",
         "fill it in, leave the row out, or leave the covariate out"},
        {newcomers("sed '3s/[0-9.]*\\t\\([FM]\\)/NA\\t\\1/'"), apply, 65, "t.tsv:3: column 'age': the value is missing",
         "fill it in, leave the row out, or leave the covariate out"},
        {newcomers("sed '3s/[0-9.]*\\t\\([FM]\\)/old\\t\\1/'"), apply, 65, "t.tsv:3: column 'age': 'old' is not a number"},
        {newcomers("cut -f 1,2,4-"), apply, 65, "t.tsv: no column 'age' (a covariate)",
         "the columns are participant_id, site, sex, diagnosis, region01_thickness, region01_volume, region01_fd, "
         "region02_thickness and 26 more"},
        {newcomers("cut -f 1,3-"), apply, 65, "t.tsv: no column 'site' (the site)",
         "the columns are participant_id, age, sex, diagnosis, region01_thickness, region01_volume, region01_fd, "
         "region02_thickness and 26 more"},
        {newcomers("cut -f 2-"), apply, 65, "t.tsv: no column 'participant_id' (the id)",
         "the columns are site, age, sex, diagnosis, region01_thickness, region01_volume, region01_fd, region02_thickness "
         "and 26 "
         "more"},
        {newcomers("cut -f 1-10,15-"), apply, 65, "t.tsv: no column 'region02_fd' (and 3 more), a feature of the model",
         "name the features that the table has with --features"},
        {newcomers("sed 1s/region02_fd/region02_FD/"), apply, 65, "t.tsv: no column 'region02_fd', a feature of the model",
         "did you mean 'region02_FD'?"},
        {newcomers("cut -f 1-10,12-"), "tare-apply --model m.json --input - --output x.tsv < t.tsv", 65,
         "<stdin>: no column 'region02_fd', a feature of the model", "did you mean 'region01_fd'?"},
        {newcomers("sed '5s/[0-9.]*$/many/'"), apply, 65, "t.tsv:5: column 'region10_fd': 'many' is not a number",
         "leave the column out with --exclude 'region10_fd', or mark the cell n/a"},
        {newcomers("cat"), apply + "--features age", 65, "--features: no column matches 'age'"},
        {newcomers("cat"), apply + "--features region01_thicknes", 65, "--features: no column matches 'region01_thicknes'",
         "did you mean 'region01_thickness'?"},
        {newcomers("cat"), apply + "--exclude '*'", 65, "no feature column is left", "name the features with --features"},
        {newcomers("cat"), apply + "--site centre", 65, "t.tsv: no column 'centre' (the site)",
         "the columns are participant_id, site, age, sex, diagnosis, region01_thickness, region01_volume, region01_fd and "
         "27 "
         "more"},
        {newcomers("cat"), "tare-apply --model m.json --input t.tsv --output x.tsv --unseen-site guess", 64,
         "option '--unseen-site' is 'guess'; it must be one of error, estimate, keep"},
        // A feature without a training value at one site can be applied at the others only.
        {"awk -F '\\t' -v OFS='\\t' '$2 == \"site-02\" {$6 = \"n/a\"} {print}' cohort.tsv > c.tsv; "
         "tare-fit --input c.tsv --covariates age,sex --model m.json 2> /dev/null; cp newcomers.tsv t.tsv",
         apply, 65,
         "t.tsv:11: column 'region01_thickness': the training rows of site 'site-02' have no value of it, so it cannot be "
         "harmonised",
         "leave the feature out with --exclude 'region01_thickness'"},
    });
}

TEST_CASE("moments that do not go together") {
    const auto two = [](const std::string& options) {
        return "tare-moments --quiet --input centre_a.tsv --covariates age,sex --output a.json; "
               "tare-moments --input centre_b.tsv --output b.json 2> /dev/null " +
               options;
    };
    const std::string merge = "tare-merge a.json b.json --output x.json",
                      start = "b.json: does not go with what is before it: ";
    check_faults({
        {two("--covariates age"), merge, 65, start + "the moments have different numbers of covariates"},
        {two("--covariates age,diagnosis"), merge, 65, start + "covariate 'sex' is not in both moments"},
        {two("--covariates age,sex --categorical age"), merge, 65,
         start + "covariate 'age' is categorical in one of the moments and numeric in the other",
         "name it in --categorical for both"},
        {two("--covariates age,sex --exclude region01_fd"), merge, 65,
         start + "feature 'region01_fd' is not in both moments", "did you mean 'region02_fd'?"},
        {two("--covariates age,sex --features '*_fd'"), "tare-merge b.json a.json --output x.json", 65,
         "a.json: does not go with what is before it: feature 'region01_thickness' is not in both moments"},
        {two("--covariates age,sex"), "tare-merge a.json b.json a.json --output x.json", 65,
         "a.json: does not go with what is before it: 90 subjects (by id) in both moments",
         "a person must be counted once: were the same rows given twice? Where ids say nothing, make the moments with "
         "--no-training-ids"},
        {two("--covariates age,sex") +
             "; (head -1 centre_b.tsv; tail -1 centre_a.tsv; tail -n +2 centre_b.tsv) > t.tsv; "
             "tare-moments --input t.tsv --covariates age,sex --output b.json --force 2> /dev/null",
         merge, 65, start + "1 subject (by id) in both moments",
         "a person must be counted once: were the same rows given twice? Where ids say nothing, make the moments with "
         "--no-training-ids"},
        {two("--covariates age,sex"), "tare-merge a.json nowhere.json --output x.json", 66, "nowhere.json: no such file"},
        {two("--covariates age,sex"), "tare-merge a.json cohort.tsv --output x.json", 65,
         "cohort.tsv: not JSON, or cut short (at byte 1)"},
        {two("--covariates age,sex") + "; tare-fit --moments a.json --model m.json --quiet",
         "tare-merge a.json m.json --output x.json", 65, "m.json: not a 'tare-moments' file, but 'tare-model'"},
        {two("--covariates age,sex"), "tare-merge --input a.json, b.json --output x.json", 64,
         "option '--input': the list 'a.json,' has an empty item", "a list is written without spaces, as in a,b,c"},
    });
}
