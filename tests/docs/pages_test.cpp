// The pages agree with the files that they describe: links lead somewhere, and every key of a model and of moments is
// explained.
#include <fstream>
#include <iterator>
#include <regex>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "support/places.hpp"
#include "support/process.hpp"
#include "support/temporary_directory.hpp"

using namespace tare::test;

namespace {

std::string contents(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::filesystem::path> pages() {
    std::vector<std::filesystem::path> found{source_folder() / "README.md"};
    for (const auto& entry : std::filesystem::recursive_directory_iterator(source_folder() / "docs")) {
        if (entry.path().extension() == ".md") found.push_back(entry.path());
    }
    return found;
}

/// Every key of a document; below these keys stand names from the data, which no page can explain.
void collect_keys(const nlohmann::json& value, std::vector<std::string>& keys) {
    if (value.is_array() && !value.empty()) return collect_keys(value.front(), keys);
    if (!value.is_object()) return;
    for (const auto& [key, item] : value.items()) {
        keys.push_back(key);
        if (key == "smooth") {
            for (const auto& curve : item) collect_keys(curve, keys);
            continue;
        }
        const bool names_from_data = key == "coefficients" || key == "cross_products" || key == "parameters" ||
                                     key == "single_subject" || key == "constant_within_site" || key == "unchanged" ||
                                     key == "absent";
        if (!names_from_data) collect_keys(item, keys);
    }
}

}  // namespace

TEST_CASE("every relative link of the pages leads to a file", "[docs]") {
    static const std::regex link(R"(\]\(([^)#]+)(#[^)]*)?\))");
    std::size_t links = 0;
    for (const std::filesystem::path& page : pages()) {
        const std::string text = contents(page);
        for (std::sregex_iterator at(text.begin(), text.end(), link), end; at != end; ++at) {
            const std::string target = (*at)[1];
            if (target.find("://") != std::string::npos) continue;
            INFO(page.string() << " links to " << target);
            CHECK(std::filesystem::exists(page.parent_path() / target));
            ++links;
        }
    }
    CHECK(links > 5);
}

TEST_CASE("docs/model.md explains every key of a model and of moments", "[docs]") {
    const TemporaryDirectory folder;
    const std::string input = " --quiet --input '" + example("cohort.tsv").string() + "' --features '*_thickness' ";
    std::vector<std::string> keys;
    const auto add = [&](const std::string& command) {
        const Finished made = shell(command + " made.json --force", {{}, folder.path(), {}});
        INFO(command << "\n" << made.err);
        REQUIRE(made.code == 0);
        collect_keys(nlohmann::json::parse(contents(folder.path() / "made.json")), keys);
    };
    add("tare-moments" + input + "--covariates age,sex --output");
    for (const char* options :
         {"--covariates age,sex", "--smooth age", "--covariates age --method covbat",
          "--covariates age --method combatls --scale-covariates age", "--covariates age --site site,sex",
          "--covariates age --method longitudinal --subject diagnosis"}) {
        add("tare-fit" + input + options + " --model");
    }
    CHECK(keys.size() > 50);
    const std::string page = contents(source_folder() / "docs/model.md");
    for (const std::string& key : keys) {
        CAPTURE(key);
        CHECK(page.find("`" + key + "`") != std::string::npos);
    }
}
