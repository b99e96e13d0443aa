// Result images as BIDS derivatives: the folder's description, where sources lie, and what passes from a source to its
// result.
#include "tare/io/bids.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "io_test_support.hpp"

using namespace tare;
using Facts = std::vector<std::pair<std::string, std::string>>;

TEST_CASE("what a source's sidecar tells of the image passes to the result, and nothing else of it") {
    const test::TemporaryDirectory place;
    const std::string image = (place.path() / "x.nii.gz").string();
    const Facts nothing{{"SkullStripped", "false"}};
    CHECK(io::inherited_facts(image) == nothing);
    for (const char* other :
         {"", "no JSON", "[true]", R"({"SkullStripped": "yes"})", "{\"SkullStripped\": true, \"a\": \"\xff\"}"}) {
        INFO(other);
        test::put_file(place.path() / "x.json", other);
        CHECK(io::inherited_facts(image) == nothing);
    }
    test::put_file(
        place.path() / "x.json",
        R"({"Density": "d", "EchoTime": 1, "Resolution": {"hi": "1 mm"}, "SkullStripped": true, "SpatialReference": "orig"})");
    CHECK(io::inherited_facts(image) == Facts{{"SkullStripped", "true"},
                                              {"SpatialReference", "\"orig\""},
                                              {"Resolution", R"({"hi":"1 mm"})"},
                                              {"Density", "\"d\""}});
}

TEST_CASE("a folder of results gets a description and a README, the same before and after the folder is there") {
    const test::TemporaryDirectory place;
    base::TemporaryFiles unfinished;
    const std::string raw = (place.path() / "raw").string(), out = (place.path() / "a/out").string();
    const io::BidsDerivative early(out, raw);
    CHECK(early.uri(raw + "/sub-01/x.nii") == "bids:source:sub-01/x.nii");
    std::filesystem::create_directories(raw);
    std::filesystem::create_directories(out);
    const io::BidsDerivative late(out, raw);
    late.describe(unfinished);
    CHECK(test::names_in(out) == std::vector<std::string>{"README.md", "dataset_description.json"});
    const std::string written = test::get_file(out + "/dataset_description.json");
    const nlohmann::json json = nlohmann::json::parse(written);
    CHECK(json["DatasetType"] == "derivative");
    CHECK(json["GeneratedBy"][0]["Name"] == "tare");
    CHECK(json["DatasetLinks"]["source"] == "../../raw");
    CHECK(json["SourceDatasets"][0]["URL"] == "../../raw");
    std::filesystem::remove(out + "/dataset_description.json");
    early.describe(unfinished);
    CHECK(test::get_file(out + "/dataset_description.json") == written);
}

TEST_CASE("somebody's own description and README stay, and then a source is named only if the description leads to it") {
    const test::TemporaryDirectory place;
    base::TemporaryFiles unfinished;
    const std::string raw = (place.path() / "raw").string(), out = (place.path() / "out").string();
    std::filesystem::create_directories(out);
    test::put_file(out + "/README", "mine");
    io::BidsDerivative(out, raw).describe(unfinished);
    CHECK(test::names_in(out) == std::vector<std::string>{"README", "dataset_description.json"});
    CHECK(io::BidsDerivative(out, raw).uri(raw + "/x.nii") == "bids:source:x.nii");
    CHECK(io::BidsDerivative(out, raw + "2").uri(raw + "2/x.nii").empty());
    for (const char* own : {"{}", R"({"DatasetLinks": 1})", R"({"DatasetLinks": {"source": "../elsewhere"}})", "no JSON"}) {
        INFO(own);
        test::put_file(out + "/dataset_description.json", own);
        const io::BidsDerivative dataset(out, raw);
        CHECK(dataset.uri(raw + "/x.nii").empty());
        dataset.describe(unfinished);
        CHECK(test::get_file(out + "/dataset_description.json") == own);
    }
}

TEST_CASE("sources in the folder of the results need no link") {
    const test::TemporaryDirectory place;
    base::TemporaryFiles unfinished;
    const std::string folder = place.path().string();
    const io::BidsDerivative dataset(folder, folder);
    CHECK(dataset.uri(folder + "/sub-01/x.nii") == "bids::sub-01/x.nii");
    CHECK(dataset.uri("/elsewhere/x.nii").empty());
    dataset.describe(unfinished);
    CHECK(test::get_file(folder + "/dataset_description.json").find("source") == std::string::npos);
}
