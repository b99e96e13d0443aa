// tare-report from end to end: cohorts of every shape give a sensible report, and page, text and JSON say the same.
#include <algorithm>
#include <cmath>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "workplace.hpp"

using tare::test::Workplace;
using Json = nlohmann::ordered_json;

namespace {

constexpr std::size_t five_megabytes = 5'000'000;

/// raw.tsv, harmonised.tsv and model.json.
void make(const Workplace& place, const std::string& simulated, const std::string& fit = "--covariates age,sex") {
    place.succeed("tare-simulate --quiet --seed 8 " + simulated + " --output raw.tsv");
    place.succeed("tare-harmonise --quiet --input raw.tsv --model model.json --output harmonised.tsv " + fit +
                  " 2> /dev/null");
}

Json report_of(const Workplace& place, const std::string& options) {
    place.succeed("tare-report --quiet --before raw.tsv --after harmonised.tsv --force --output report.json " + options);
    return Json::parse(place.read("report.json"));
}

std::string page_of(const Workplace& place, const std::string& options) {
    return place.succeed("tare-report --quiet --before raw.tsv --after harmonised.tsv " + options);
}

std::size_t found(const Json& state, const std::string& test) {
    std::size_t count = 0;
    for (const auto& [name, feature] : state["features"].items()) {
        const Json& q = feature[test][2];
        if (!q.is_null() && q.get<double>() < 0.05) ++count;
    }
    return count;
}

/// The page keeps numbers beside their signs.
std::string plain_spaces(std::string page) {
    for (std::size_t at = page.find("\u00a0"); at != std::string::npos; at = page.find("\u00a0", at))
        page.replace(at, 2, " ");
    return page;
}

/// What holds of every report.
void check_sound(const Json& json, const std::string& page) {
    CHECK(json["verdict"].size() == 5);
    CHECK(page.size() < five_megabytes);
    CHECK(page.starts_with("<!"));
    for (const Json& sentence : json["verdict"]) {
        // A page and a text have no number that cannot be told.
        CHECK(sentence.get<std::string>().find("nan") == std::string::npos);
        CHECK(sentence.get<std::string>().ends_with("."));
    }
    CHECK(page.find(">nan<") == std::string::npos);
    CHECK(page.find("NaN") == std::string::npos);
}

}  // namespace

TEST_CASE("a report finds the sites before, not after, and the biology in both") {
    const Workplace place;
    make(place, "--subjects 240 --sites 4 --features 20");
    const Json json = report_of(place, "--model model.json");
    check_sound(json, page_of(place, "--model model.json"));
    CHECK(json["people"] == 240);
    CHECK(json["sites"].size() == 4);
    CHECK(json["terms"] == Json({"age", "sex=M"}));
    CHECK(found(json["before"], "anova") >= 15);
    CHECK(found(json["after"], "anova") == 0);
    CHECK(found(json["before"], "brown_forsythe") >= 5);
    CHECK(found(json["after"], "brown_forsythe") == 0);
    CHECK(json["before"]["multivariate"]["name"] == "MANOVA (Pillai)");
    CHECK(json["before"]["multivariate"]["p"] < 1e-10);
    const Json& age = json["mean_slopes"]["age"];
    CHECK(age["before"][2] < 0.0);
    CHECK(age["after"][0].get<double>() == Approx(age["before"][0].get<double>()).epsilon(0.1));
    CHECK(json["model"]["method"] == "ComBat");
    CHECK(json["model"]["gamma_star"].size() == 4);
    CHECK(json["verdict"][0].get<std::string>().find(std::to_string(found(json["before"], "anova")) + " of 20") !=
          std::string::npos);
    const Json& worst = json["before"]["features"][json["ranking"][0].get<std::string>()];
    for (const auto& [name, feature] : json["before"]["features"].items()) CHECK(feature["anova"][3] <= worst["anova"][3]);
}

TEST_CASE("cohorts of every shape give a sensible report") {
    struct Shape {
        std::string name, simulated, fit, report;
        std::size_t sites, features;
    };
    const std::string covariates = "--covariates age,sex";
    for (const Shape& shape : std::vector<Shape>{
             {"one site", "--subjects 40 --sites 1 --features 4", covariates, covariates, 1, 4},
             {"two sites", "--subjects 40 --sites 2 --features 4", covariates, covariates, 2, 4},
             {"36 sites", "--subjects 360 --sites 36 --features 6", covariates, "--model model.json", 36, 6},
             {"a site of one", "--site-sizes 30,20,1 --features 4", covariates, "--model model.json", 3, 4},
             {"one feature", "--subjects 60 --sites 3 --features 1", covariates, covariates, 3, 1},
             {"more features than people", "--subjects 60 --sites 3 --features 90", covariates, "--model model.json", 3, 90},
             {"no covariates", "--subjects 60 --sites 3 --features 4", "--exclude age", "--exclude age", 3, 4},
             {"missing cells", "--subjects 90 --sites 3 --features 6 --missing 0.2", covariates, "--model model.json", 3, 6},
             {"no model", "--subjects 60 --sites 3 --features 4", covariates, covariates, 3, 4}}) {
        INFO(shape.name);
        const Workplace place;
        make(place, shape.simulated, shape.fit);
        const Json json = report_of(place, shape.report);
        const std::string page = page_of(place, shape.report);
        check_sound(json, page);
        CHECK(json["sites"].size() == shape.sites);
        CHECK(json["before"]["features"].size() == shape.features);
        CHECK(json["model"].is_null() == (shape.report.find("model") == std::string::npos));
        if (shape.sites > 1) {
            CHECK(json["before"]["multivariate"]["p"].is_number());
        } else {
            CHECK(json["before"]["features"].front()["anova"][1].is_null());
        }
    }
}

TEST_CASE("the report of a table that nothing was done to differs nowhere") {
    const Workplace place;
    make(place, "--subjects 60 --sites 3 --features 4");
    place.succeed("cp raw.tsv harmonised.tsv");
    const Json json = report_of(place, "--covariates age,sex");
    CHECK(json["before"] == json["after"]);
    for (const double value : json["mean_slopes"]["age"]["difference"]) CHECK(value == Approx(0.0).margin(1e-15));
}

TEST_CASE("rows, columns and threads do not matter to a report") {
    const Workplace place;
    make(place, "--subjects 60 --sites 3 --features 5 --missing 0.05");
    const std::string first = page_of(place, "--model model.json --threads 1");
    CHECK(page_of(place, "--model model.json --threads 3") == first);
    place.succeed("(head -n 1 harmonised.tsv; tail -n +2 harmonised.tsv | sort -r) > t; mv t harmonised.tsv");
    CHECK(page_of(place, "--model model.json") == first);
    place.succeed(
        "paste <(cut -f 1-4 harmonised.tsv) <(cut -f 5- harmonised.tsv | awk '{for (i = NF; i > 1; i--) printf "
        "\"%s\\t\", $i; print $1}') > t; mv t harmonised.tsv");
    CHECK(page_of(place, "--model model.json") == first);
}

TEST_CASE("names that look like markup are shown, not executed") {
    const Workplace place;
    make(place, "--subjects 60 --sites 3 --features 3");
    place.succeed(
        R"(sed -i "1s/region01_[a-z]*/<script>alert(1)<\/script> \& \"Ωμέγα\" 'x'/; s/site-02/<b>München<\/b>/" raw.tsv harmonised.tsv)");
    const std::string page = page_of(place, "--covariates age,sex");
    CHECK(page.find("<script>alert") == std::string::npos);
    CHECK(page.find("<b>M") == std::string::npos);
    CHECK(page.find("Ωμέγα") != std::string::npos);
    CHECK(page.find("München") != std::string::npos);
    const Json json = report_of(place, "--covariates age,sex");
    CHECK(json["before"]["features"].contains("<script>alert(1)</script> & \"Ωμέγα\" 'x'"));
    CHECK(json["sites"][0]["name"] == "<b>München</b>");
}

TEST_CASE("page, text and JSON have the same verdict, and figures are files") {
    const Workplace place;
    make(place, "--subjects 60 --sites 3 --features 4");
    const Json json = report_of(place, "--model model.json");
    const std::string text = page_of(place, "--model model.json --format md");
    place.succeed(
        "tare-report --quiet --before raw.tsv --after harmonised.tsv --model model.json --output report.html "
        "--figures figures");
    const std::string page = place.read("report.html");
    CHECK(page == page_of(place, "--model model.json"));
    // The sentence about slopes holds nothing that either has to escape.
    const std::string slopes = json["verdict"][3];
    CHECK(plain_spaces(page).find(slopes) != std::string::npos);
    CHECK(text.find(slopes) != std::string::npos);
    CHECK(place.has("report.html.json"));
    const auto listing = place.listing();
    const auto count = [&](const std::string& ending) {
        return std::count_if(listing.begin(), listing.end(), [&](const auto& file) {
            return file.first.starts_with("figures/") && file.first.ends_with(ending);
        });
    };
    CHECK(count(".svg") >= 8);
    CHECK(count(".svg") == count(".png"));
    CHECK(place.read("figures/boxes.png").starts_with("\x89PNG"));
    CHECK(place.read("figures/boxes.svg").starts_with("<"));
}

TEST_CASE("covariates along curves are taken so by the tests") {
    const Workplace place;
    place.succeed("tare-simulate --quiet --seed 8 --subjects 200 --sites 2 --features 3 --output simulated.tsv");
    // Old people at one site, young ones at the other, and a measure that falls ever faster: no difference between sites.
    place.succeed(R"(awk -F '\t' -v OFS='\t' 'NR == 1 {print "participant_id", "site", "age", "y", "z"; next}
        {age = $2 == "site-01" ? 20 + NR % 41 : 70 + NR % 21;
         print $1, $2, age, 100 - age * age / 90 + (NR * 7919 % 101) / 25, 5 + (NR * 104729 % 97) / 10}' simulated.tsv > raw.tsv)");
    place.succeed(
        "tare-harmonise --quiet --input raw.tsv --smooth age:k=6 --model model.json --output harmonised.tsv 2> /dev/null");
    const Json line = report_of(place, "--covariates age"), curve = report_of(place, "--smooth age:k=6"),
               of_model = report_of(place, "--model model.json");
    const auto p = [](const Json& json) { return json["before"]["features"]["y"]["anova"][1].get<double>(); };
    CHECK(p(line) < 1e-3);
    CHECK(p(curve) > 0.01);
    CHECK(p(of_model) == p(curve));
    CHECK(curve["curved"] == Json({"age"}));
    CHECK(line["curved"].empty());
    CHECK(curve["terms"] == line["terms"]);
    const Json &straight = line["before"]["features"]["y"], &curved = curve["before"]["features"]["y"];
    CHECK(curved["slopes"] == straight["slopes"]);
    CHECK(curved["variance_shares"]["terms"][0] > straight["variance_shares"]["terms"][0]);
    CHECK(curved["variance_shares"]["rest"] < straight["variance_shares"]["rest"]);
    const auto remarks = [](const Json& json) { return json["remarks"].dump(); };
    CHECK(remarks(curve).find("Taken along curves: age.") != std::string::npos);
    CHECK(remarks(line).find("curves") == std::string::npos);
    CHECK(remarks(report_of(place, "--model model.json --covariates age")).find("along curves by the model: age.") !=
          std::string::npos);
}

TEST_CASE("a model of images adds maps of its site effects") {
    const Workplace place;
    make(place, "--subjects 60 --sites 3 --features 4");
    place.succeed(
        "tare-simulate --quiet --images 'h/{participant_id}.nii.gz' --shape 16,20,16 --voxel-size 11 --subjects 12 --sites "
        "2 "
        "--seed 5 --output heads.tsv && tare-fit --quiet --images 'h/{participant_id}.nii.gz' --participants heads.tsv "
        "--model maps 2> /dev/null");
    const std::string without = page_of(place, "--covariates age,sex");
    const std::string page = page_of(place, "--covariates age,sex --images maps");
    CHECK(page.size() > without.size());
    CHECK(page.find("γ* of site-02, axial") != std::string::npos);
    CHECK(without.find(", axial") == std::string::npos);
}
