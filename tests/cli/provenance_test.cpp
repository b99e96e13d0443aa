// The sidecar beside a result, and that equal runs give equal bytes.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "workplace.hpp"

using tare::test::Workplace;
using Json = nlohmann::ordered_json;

namespace {

Json json_of(const Workplace& place, const std::string& name) {
    return Json::parse(place.read(name));
}

std::vector<std::string> keys(const Json& json) {
    std::vector<std::string> names;
    for (const auto& item : json.items()) names.push_back(item.key());
    return names;
}

}  // namespace

TEST_CASE("a sidecar says with what, from what and how a result was made") {
    const Workplace place;
    place.succeed(
        "cut -f 1,6- cohort.tsv > f.tsv; tare-harmonise --input f.tsv --participants cohort.tsv --covariates sex "
        "--train-where 'diagnosis==control' --output x.tsv --model m.json --threads 1 --quiet");
    const Json sidecar = json_of(place, "x.tsv.json");
    CHECK(keys(sidecar) == std::vector<std::string>{"tool", "version", "command_line", "inputs", "parameters", "device"});
    CHECK(sidecar["tool"] == "tare-harmonise");
    CHECK("tare-harmonise " + sidecar["version"].get<std::string>() + "\n" == place.succeed("tare-harmonise --version"));
    CHECK(sidecar["command_line"] ==
          "tare-harmonise --input f.tsv --participants cohort.tsv --covariates sex --train-where diagnosis==control "
          "--output x.tsv --model m.json --threads 1 --quiet");
    REQUIRE(sidecar["inputs"].size() == 2);
    for (const Json& input : sidecar["inputs"]) {
        const std::string path = input["path"].get<std::string>();
        CHECK(place.succeed("sha256sum " + path) == input["sha256"].get<std::string>() + "  " + path + "\n");
    }
    CHECK(sidecar["inputs"][0]["path"] == "f.tsv");
    CHECK(sidecar["inputs"][1]["path"] == "cohort.tsv");
    CHECK(sidecar["parameters"]["prior"] == "parametric");
    CHECK(sidecar["parameters"]["convention"] == "tare");
    CHECK(sidecar["parameters"]["site"] == "site");
    CHECK(sidecar["parameters"]["covariates"] == "sex");
    CHECK(sidecar["device"] == "cpu");
    CHECK(place.read("m.json.json") == place.read("x.tsv.json"));
}

TEST_CASE("the line in a sidecar can be run again as it stands") {
    const Workplace place;
    place.succeed(
        "tare-harmonise --input cohort.tsv --covariates sex --features '*_fd' --train-where \"diagnosis=='control'\" "
        "--output 'x y.tsv' --quiet");
    const std::string first = place.read("x y.tsv");
    const std::string line = json_of(place, "x y.tsv.json")["command_line"].get<std::string>();
    std::filesystem::remove(place / "x y.tsv");
    std::filesystem::remove(place / "x y.tsv.json");
    place.succeed(line);
    CHECK(place.read("x y.tsv") == first);
}

TEST_CASE("inputs are hashed as they are stored, also compressed and from a pipe") {
    const Workplace place;
    place.succeed(
        "gzip -n cohort.tsv; tare-moments --input cohort.tsv.gz --covariates age --output a.json --quiet; "
        "tare-moments --input - --covariates age --output b.json --quiet < cohort.tsv.gz; "
        "tare-fit --moments a.json --model m.json --quiet; "
        "tare-apply --model m.json --input newcomers.tsv --output n.tsv --quiet");
    const auto hash = [&](const std::string& path) { return place.succeed("sha256sum " + path).substr(0, 64); };
    CHECK(json_of(place, "a.json.json")["inputs"][0]["sha256"] == hash("cohort.tsv.gz"));
    CHECK(json_of(place, "b.json.json")["inputs"][0]["sha256"] == hash("cohort.tsv.gz"));
    CHECK(json_of(place, "m.json.json")["inputs"][0]["sha256"] == hash("a.json"));
    CHECK(json_of(place, "n.tsv.json")["inputs"][0]["sha256"] == hash("m.json"));
    CHECK(json_of(place, "n.tsv.json")["inputs"][1]["sha256"] == hash("newcomers.tsv"));
}

TEST_CASE("a simulated cohort names its seed") {
    const Workplace place;
    place.succeed("tare-simulate --seed 42 --output s.tsv --truth t.tsv --parameters p.json");
    CHECK(json_of(place, "s.tsv.json")["seed"] == 42);
    CHECK(json_of(place, "t.tsv.json")["seed"] == 42);
    CHECK(json_of(place, "p.json.json")["seed"] == 42);
}

TEST_CASE("equal runs give equal bytes, in another folder and at another time") {
    std::map<std::string, std::string> first;
    for (int run = 0; run < 2; ++run) {
        const Workplace place;
        place.succeed(
            "tare-harmonise --input cohort.tsv --covariates age,sex --output h.tsv --model m.json --quiet; "
            "tare-harmonise --input cohort.tsv --covariates age --output h.tsv.gz --prior nonparametric --quiet; "
            "tare-moments --input centre_a.tsv --covariates age --output a.json --quiet; tare-moments --input centre_b.tsv "
            "--covariates age --output b.json "
            "--quiet; "
            "tare-merge a.json b.json --output ab.json --quiet; tare-fit --moments ab.json --model f.json --quiet; "
            "tare-apply --model m.json --input newcomers.tsv --output n.tsv --quiet; "
            "tare-simulate --output s.tsv --truth t.tsv --parameters p.json");
        CHECK(place.listing().size() == 26);
        if (run == 0) {
            first = place.listing();
        } else {
            CHECK(place.listing() == first);
        }
    }
}

TEST_CASE("model and moments hold no path and no subject's id") {
    const Workplace place;
    place.succeed(
        "tare-harmonise --input $PWD/cohort.tsv --covariates age,sex --output h.tsv --model m.json --quiet; "
        "tare-moments --input $PWD/cohort.tsv --covariates age,sex --output a.json --quiet");
    for (const std::string name : {"m.json", "a.json"}) {
        const std::string text = place.read(name);
        CHECK(text.find("sub-") == std::string::npos);
        CHECK(text.find("cohort.tsv") == std::string::npos);
        CHECK(text.find(place.folder().string()) == std::string::npos);
        CHECK(json_of(place, name)["training"].contains("id_hashes"));
    }
    place.succeed("tare-fit --input cohort.tsv --covariates age --model anonymous.json --no-training-ids --quiet");
    CHECK(keys(json_of(place, "anonymous.json")["training"]) == std::vector<std::string>{"n"});
}

TEST_CASE("a result on standard output or a pipe has no sidecar") {
    const Workplace place;
    const auto before = place.listing();
    place.succeed(
        "tare-harmonise --input cohort.tsv --covariates age --quiet --output - > /dev/null; "
        "tare-harmonise --input cohort.tsv --covariates age --quiet --output /dev/null; "
        "tare-harmonise --input cohort.tsv --covariates age --quiet --output >(cat > /dev/null)");
    CHECK(place.listing() == before);
    const std::string run = "tare-harmonise --input cohort.tsv --covariates age --quiet ";
    place.succeed(run + "--output /dev/stdout > x.tsv; " + run + "--output /dev/fd/3 3> y.tsv");
    CHECK(place.read("x.tsv") == place.succeed(run));
    CHECK(place.read("x.tsv") == place.read("y.tsv"));
    CHECK(place.listing().size() == before.size() + 2);
    CHECK_FALSE(std::filesystem::exists("/dev/stdout.json"));
}
