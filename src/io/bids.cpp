// The BIDS side of image results. All that is written here follows from the options alone: parallel jobs write the same.
#include "tare/io/bids.hpp"

#include <filesystem>
#include <string_view>

#include <nlohmann/json.hpp>

#include "json_text.hpp"
#include "small_json.hpp"
#include "tare/base/version.hpp"
#include "tare/io/output.hpp"
#include "tare/io/provenance.hpp"

namespace tare::io {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::string_view source_name = "source";

constexpr std::string_view readme =
    "# Images harmonised across sites\n"
    "\n"
    "tare made these images from those of the dataset that `dataset_description.json` names as its source. Differences\n"
    "between the sites (scanners) that acquired them were estimated by ComBat, voxel by voxel, and removed; effects of the\n"
    "covariates that were given were kept.\n"
    "\n"
    "The `.json` beside an image says which files it was made from, by which command, version and options, and holds the\n"
    "checksums of all of them. Participants and their characteristics are described in the source dataset.\n";

std::string description_path(const std::string& folder) {
    return (fs::path(folder) / "dataset_description.json").string();
}

bool has_readme(const fs::path& folder) {
    for (const char* name : {"README", "README.md", "README.rst", "README.txt"}) {
        if (fs::exists(folder / name)) return true;
    }
    return false;
}

void write_whole(const std::string& path, std::string_view text, base::TemporaryFiles& unfinished) {
    // Several jobs may get here at once.
    Output output(path, unfinished, true);
    output.write(text);
    output.commit();
}

}  // namespace

std::vector<std::pair<std::string, std::string>> inherited_facts(const std::string& source_image) {
    const Json told = small_json(image_sidecar_path(source_image));
    std::vector<std::pair<std::string, std::string>> facts;
    const bool stripped = told.contains("SkullStripped") && told["SkullStripped"] == true;
    facts.emplace_back("SkullStripped", stripped ? "true" : "false");
    for (const char* name : {"SpatialReference", "Resolution", "Density"}) {
        if (told.contains(name)) facts.emplace_back(name, told[name].dump());
    }
    return facts;
}

BidsDerivative::BidsDerivative(std::string folder, std::string source_folder)
    : folder_(std::move(folder)), source_folder_(std::move(source_folder)) {
    // A folder that is not there yet would stay relative.
    const std::string way = fs::proximate(fs::absolute(source_folder_), fs::absolute(folder_)).generic_string();
    if (way != ".") link_ = way;
    if (link_.empty() || !fs::exists(description_path(folder_))) return;
    const Json description = small_json(description_path(folder_));
    const Json::json_pointer place("/DatasetLinks/" + std::string(source_name));
    linked_ = description.contains(place) && description[place] == link_;
}

std::string BidsDerivative::uri(const std::string& source_image) const {
    if (!linked_) return {};
    const std::string inside = fs::path(source_image).lexically_relative(source_folder_).generic_string();
    if (inside.empty() || inside.starts_with("..")) return {};
    return "bids:" + std::string(link_.empty() ? "" : source_name) + ":" + inside;
}

void BidsDerivative::describe(base::TemporaryFiles& unfinished) const {
    const std::string path = description_path(folder_);
    if (fs::exists(path)) return;
    Json json;
    json["Name"] = "Images harmonised across sites";
    json["BIDSVersion"] = "1.10.0";
    json["DatasetType"] = "derivative";
    json["GeneratedBy"] = {{{"Name", "tare"},
                            {"Version", base::version()},
                            {"Description", "Site effects estimated by ComBat and removed, voxel by voxel"}}};
    if (!link_.empty()) {
        json["SourceDatasets"] = {{{"URL", link_}}};
        json["DatasetLinks"][std::string(source_name)] = link_;
    }
    if (!has_readme(folder_)) write_whole((fs::path(folder_) / "README.md").string(), readme, unfinished);
    write_whole(path, json_text(json), unfinished);
}

}  // namespace tare::io
