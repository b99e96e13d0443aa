// What tare-report remarks on: tables and models that harmonising should not have left so, each made here on purpose.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "fault.hpp"
#include "workplace.hpp"

using tare::test::check_faults;
using tare::test::Workplace;
using Json = nlohmann::ordered_json;

namespace {

/// raw.tsv, harmonised.tsv and model.json.
void make(const Workplace& place, const std::string& simulated = "--subjects 120 --sites 3 --features 6") {
    place.succeed("tare-simulate --quiet --seed 8 " + simulated + " --output raw.tsv");
    place.succeed(
        "tare-harmonise --quiet --input raw.tsv --model model.json --output harmonised.tsv --covariates age,sex 2> "
        "/dev/null");
}

Json report_of(const Workplace& place, const std::string& options = "--covariates age,sex",
               const std::string& tables = "--before raw.tsv --after harmonised.tsv ") {
    return Json::parse(place.succeed("tare-report --quiet --format json " + tables + options));
}

/// harmonised.tsv after a command of awk; the features stand from column `first` on.
void change(const Workplace& place, const std::string& program) {
    place.succeed("awk -F '\\t' -v OFS='\\t' 'NR == 1 {for (first = 1; $first !~ /^region/; ++first) {}} " + program +
                  " {print}' harmonised.tsv > t.tsv && mv t.tsv harmonised.tsv");
}

bool says(const Json& sentences, const std::string& words) {
    for (const Json& sentence : sentences) {
        if (sentence.get<std::string>().find(words) != std::string::npos) return true;
    }
    return false;
}

}  // namespace

TEST_CASE("nothing is remarked on the values of a table that was harmonised as it should be") {
    const Workplace place;
    make(place);
    const Json json = report_of(place, "--model model.json");
    for (const char* words : {"same values", "only shifted", "scale changed", "do not vary", "Missing are", "does not know",
                              "does not have", "Taken as features"})
        CHECK_FALSE(says(json["remarks"], words));
    for (const Json& feature : json["comparison"]["features"]) CHECK(feature["correlation"] > 0.98);
}

TEST_CASE("a report says so where the tables hold the same values, and that it is no better") {
    const Workplace place;
    make(place);
    place.succeed("cp raw.tsv harmonised.tsv");
    const Json json = report_of(place);
    CHECK(json["comparison"]["same_values"] == true);
    CHECK(says(json["remarks"], "Both tables hold the same values"));
    CHECK(json["comparison"]["slope_changes"]["age"]["changed"] == 0);
    CHECK(json["verdict"][0].get<std::string>().ends_with("That is no better than before."));
}

TEST_CASE("the first sentence tells the state after") {
    const Workplace place;
    make(place);
    const std::string first = report_of(place)["verdict"][0];
    CHECK(first.starts_with("After harmonising, the means of 0 of 6 features differ between sites beyond the covariates ("));
    CHECK(first.find(" of 6 before") != std::string::npos);
    // The tables the wrong way round: what comes after is worse.
    const Json wrong = report_of(place, "--covariates age,sex", "--before harmonised.tsv --after raw.tsv ");
    CHECK(wrong["verdict"][0].get<std::string>().ends_with("That is worse than before."));
}

TEST_CASE("cells that are missing after, and features that do not vary after, are reported") {
    const Workplace place;
    make(place);
    change(place, "NR > 1 {$(first + 1) = 7} NR > 1 && NR <= 13 {$first = \"n/a\"}");
    const Json json = report_of(place);
    CHECK(json["summary"]["missing_share"] == 0.0);
    CHECK(json["summary"]["missing_share_after"].get<double>() == Approx(12.0 / 720.0));
    CHECK(json["comparison"]["constant_features"]["before"].empty());
    CHECK(json["comparison"]["constant_features"]["after"].size() == 1);
    CHECK(says(json["remarks"], "Missing are 0.0 % of the cells before and 1.7 % of those after"));
    CHECK(says(json["remarks"], "Features that do not vary after harmonising"));
    CHECK(json["verdict"][4].get<std::string>().find("0.0 % of the cells before and 1.7 % of those after") !=
          std::string::npos);
    // The test of all features together takes the same people and features on both sides, and says how many.
    for (const char* state : {"before", "after"}) {
        CHECK(json[state]["multivariate"]["people"] == 108);
        CHECK(json[state]["multivariate"]["features"] == 5);
    }
    CHECK(json["verdict"][2].get<std::string>().find(", by 5 features of 108 people") != std::string::npos);
}

TEST_CASE("slopes that changed are counted even where they cancel in the mean") {
    const Workplace place;
    make(place);
    place.succeed("cp raw.tsv harmonised.tsv");
    place.succeed(
        "awk -F '\\t' -v OFS='\\t' 'NR == 1 {for (i = 1; i <= NF; ++i) {if ($i == \"age\") age = i; if ($i ~ /^region/ && "
        "!first) first = i}} NR > 1 {$first += 0.05 * $age + NR % 3 / 100; $(first + 1) -= 0.05 * $age} {print}' raw.tsv > "
        "harmonised.tsv");
    const Json json = report_of(place);
    CHECK(json["comparison"]["slope_changes"]["age"]["changed"] == 2);
    CHECK(says(json["remarks"], "age in 2 of 6 features, sex=M in 0 of 6 features"));
}

TEST_CASE("values that were not only shifted and scaled are noticed, and so is another scale") {
    const Workplace place;
    make(place);
    SECTION("one feature of other values") {
        change(place, "NR > 1 {$first = NR * 7919 % 101}");
        const Json json = report_of(place);
        CHECK(says(json["remarks"], "Values were not only shifted and scaled: in 1 of 6 features"));
        CHECK_FALSE(says(json["remarks"], "The scale changed"));
    }
    SECTION("all in another unit") {
        change(place, "NR > 1 {for (i = first; i <= NF; ++i) $i *= 10}");
        const Json json = report_of(place);
        CHECK(says(json["remarks"], "The scale changed: within sites, the median feature's SD after is "));
        CHECK_FALSE(says(json["remarks"], "only shifted"));
    }
}

TEST_CASE("a model that does not fit the tables is noticed") {
    const Workplace place;
    make(place);
    place.succeed("sed -i 's/site-02/elsewhere/' raw.tsv harmonised.tsv");
    CHECK(says(report_of(place, "--model model.json")["remarks"], "Sites that the model does not know: elsewhere."));
    place.succeed("sed -i 's/site-0/other-/' raw.tsv harmonised.tsv");
    CHECK(says(report_of(place, "--model model.json")["remarks"], "The model knows none of the sites"));
    place.succeed("sed -i '1s/region01_/new_/' raw.tsv harmonised.tsv");
    CHECK(place.shell("tare-report --quiet --model model.json --before raw.tsv --after harmonised.tsv").code == 65);
    CHECK(says(report_of(place, "--model model.json --features 'new_*,region02_*'")["remarks"],
               "Features that the model does not have: new_"));
}

TEST_CASE("a covariate that nobody named stands among the features, and is named") {
    const Workplace place;
    make(place);
    CHECK(says(report_of(place, "--covariates sex")["remarks"],
               "Taken as features although they are named as covariates are: age."));
}

TEST_CASE("covariates that differ between the tables") {
    const std::string report = "tare-report --before cohort.tsv --after t.tsv ";
    const std::string hint = "both tables must have the same covariates; --participants takes them from a third";
    const auto changed = [](const std::string& program) {
        return "awk -F '\\t' -v OFS='\\t' '" + program + "' cohort.tsv > t.tsv";
    };
    check_faults({
        {changed("NR == 3 {$3 = 99} {print}"), report + "--covariates age", 65,
         "t.tsv:3: 'sub-002' has 'age' 99, in cohort.tsv:3 62.84", hint},
        {changed("NR == 3 {$4 = \"X\"} {print}"), report + "--covariates sex", 65,
         "t.tsv:3: 'sub-002' has 'sex' 'X', in cohort.tsv:3 'M'", hint},
    });
}
