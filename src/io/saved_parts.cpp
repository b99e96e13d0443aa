// Parts that models and moments have in common.
#include "saved_parts.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>

#include "json_text.hpp"
#include "tare/base/version.hpp"

namespace tare::io {

using Json = nlohmann::ordered_json;

Json begin_document(const std::string& format, int version) {
    Json json;
    json["format"] = format;
    json["format_version"] = version;
    json["tool"] = std::string("tare ") + std::string(base::version());
    return json;
}

void write_document(Output& output, const Json& json) {
    output.write(json_text(json));
}

Json sites_json(const std::vector<std::string>& sites, const std::vector<base::Index>& subjects) {
    Json json = Json::array();
    for (std::size_t s = 0; s < sites.size(); ++s) json.push_back({{"name", sites[s]}, {"n", subjects[s]}});
    return json;
}

Json design_json(const stats::Design& design, const ColumnNames& columns) {
    Json json;
    json["id"] = columns.id;
    json["session"] = columns.session;
    json["site"] = columns.site;
    if (!columns.person.empty()) json["subject"] = columns.person;
    json.update(columns_json(design));
    return json;
}

Json columns_json(const stats::Design& design) {
    Json json;
    json["columns"] = Json::array();
    for (const stats::DesignColumn& column : design.columns) {
        Json item{{"name", column.name},
                  {"kind", column.categorical ? "categorical"
                           : column.spline    ? "smooth"
                                              : "numeric"}};
        if (column.categorical) {
            item["levels"] = column.levels;
        } else {
            item["range"] = {column.low, column.high};
        }
        if (column.spline) {
            const Eigen::VectorXd knots = column.spline->knots();
            item["basis"] = column.spline->size;
            item["bounds"] = {column.spline->low, column.spline->high};
            item["knots"] = std::vector<double>(knots.begin(), knots.end());
            item["lambda"] = column.spline->lambda ? Json(*column.spline->lambda) : Json("reml");
        }
        json["columns"].push_back(std::move(item));
    }
    json["terms"] = design.terms();
    return json;
}

Json training_json(const stats::TrainingRecord& training) {
    Json json{{"n", training.n}};
    if (!training.id_hashes.empty()) {
        json["salt"] = training.salt;
        json["id_hashes"] = training.id_hashes;
    }
    return json;
}

Json provenance_json(const Parameters& parameters) {
    Json json{{"tool", "tare"}, {"version", base::version()}, {"parameters", Json::object()}};
    for (const auto& [name, value] : parameters) json["parameters"][name] = value;
    return json;
}

Json matrix_json(const base::Matrix<double>& values) {
    Json json = Json::array();
    for (const auto& row : rows_of(values)) json.push_back(std::vector<double>(row.begin(), row.end()));
    return json;
}

std::string document_in(const std::string& path, const std::string& name) {
    std::error_code ignored;
    return path != "-" && std::filesystem::is_directory(path, ignored) ? (std::filesystem::path(path) / name).string()
                                                                       : path;
}

std::string folder_of(const std::string& path) {
    const std::string folder = std::filesystem::path(path).parent_path().string();
    return folder.empty() ? "." : folder;
}

SiteList read_sites(const JsonPart& part) {
    SiteList sites;
    for (const JsonPart& item : part.items()) {
        sites.names.push_back(item.at("name").text());
        sites.subjects.push_back(item.at("n").count());
    }
    if (sites.names.empty()) part.fail("is empty");
    if (std::adjacent_find(sites.names.begin(), sites.names.end(), std::greater_equal<>()) != sites.names.end()) {
        part.fail("is not sorted by name, or names a site twice");
    }
    return sites;
}

data::Features read_features(const JsonPart& part, ArrayReader& arrays) {
    data::Features features = arrays.features(part);
    if (features.kind() == data::FeatureKind::named) {
        const std::vector<std::string> names = features.names();
        if (std::set<std::string>(names.begin(), names.end()).size() != names.size()) part.fail("names a feature twice");
    }
    return features;
}

namespace {

/// The knots follow from the bounds, and are there for the reader.
stats::Spline read_spline(const JsonPart& part) {
    const std::vector<double> bounds = part.at("bounds").numbers(2);
    stats::Spline spline{part.at("basis").count(), bounds[0], bounds[1]};
    if (spline.size < 4 || spline.size > 1000) part.at("basis").fail("is not from 4 to 1000");
    if (!(spline.low < spline.high)) part.at("bounds").fail("are not ascending");
    const JsonPart lambda = part.at("lambda");
    if (!lambda.is_text()) spline.lambda = lambda.number();
    if (lambda.is_text() ? lambda.text() != "reml" : !(*spline.lambda >= 0.0))
        lambda.fail("is neither 'reml' nor a number from 0 up");
    const Eigen::VectorXd knots = spline.knots();
    const std::vector<double> saved = part.at("knots").numbers(knots.size());
    for (std::size_t k = 0; k < saved.size(); ++k) {
        if (!(std::abs(saved[k] - knots(static_cast<base::Index>(k))) <= 1e-9 * (spline.high - spline.low)))
            part.at("knots").fail("do not follow from the bounds");
    }
    return spline;
}

}  // namespace

stats::Design read_design(const JsonPart& part) {
    stats::Design design;
    for (const JsonPart& item : part.at("columns").items()) {
        const std::string kind = item.at("kind").text();
        if (kind != "numeric" && kind != "categorical" && kind != "smooth")
            item.at("kind").fail("is neither 'numeric', 'categorical' nor 'smooth'");
        stats::DesignColumn column{.name = item.at("name").text(), .categorical = kind == "categorical"};
        if (column.categorical) {
            column.levels = item.at("levels").texts();
        } else {
            const std::vector<double> range = item.at("range").numbers(2);
            column.low = range[0];
            column.high = range[1];
        }
        if (kind == "smooth") column.spline = read_spline(item);
        design.columns.push_back(std::move(column));
    }
    if (part.at("terms").texts() != design.terms()) part.at("terms").fail("does not follow from the columns");
    return design;
}

ColumnNames read_columns(const JsonPart& design) {
    return {.id = design.at("id").text(),
            .session = design.at("session").text(),
            .site = design.at("site").text(),
            .more_sites = {},
            .person = design.has("subject") ? design.at("subject").text() : ""};
}

stats::TrainingRecord read_training(const JsonPart& part) {
    stats::TrainingRecord training{part.at("n").count(), {}, {}};
    if (part.has("id_hashes")) {
        training.salt = part.at("salt").text();
        training.id_hashes = part.at("id_hashes").texts();
        if (!std::is_sorted(training.id_hashes.begin(), training.id_hashes.end()))
            part.at("id_hashes").fail("is not sorted");
    }
    return training;
}

Parameters read_parameters(const JsonPart& provenance) {
    Parameters parameters;
    const JsonPart part = provenance.at("parameters");
    for (const std::string& name : part.keys()) parameters.emplace_back(name, part.at(name).text());
    return parameters;
}

}  // namespace tare::io
