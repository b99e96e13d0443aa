// Findings about files as JSON: one object per file, with the same keys wherever they mean the same.
#include <cmath>
#include <string>

#include <nlohmann/json.hpp>

#include "json_text.hpp"
#include "method_parts.hpp"
#include "tare/io/file_info.hpp"

namespace tare::io {

namespace {

using Json = nlohmann::ordered_json;

Json number(double value) {
    return std::isnan(value) ? Json() : Json(value);
}

Json sites_list(const SiteCounts& sites) {
    Json json = Json::array();
    for (const auto& [name, n] : sites) {
        json.push_back({{"name", name}, {"n", n}});
    }
    return json;
}

void put_values(Json& json, const ValueSummary& values) {
    json["range"] = {number(values.low), number(values.high)};
    json["finite"] = values.finite;
    json["nan"] = values.missing;
    json["infinite"] = values.infinite;
}

std::string delimiter_name(char delimiter) {
    return delimiter == '\t'  ? "tab"
           : delimiter == ',' ? "comma"
           : delimiter == ';' ? "semicolon"
                              : std::string(1, delimiter);
}

void put(Json&, const std::monostate&) {}

void put(Json& json, const TableInfo& table) {
    json["rows"] = table.rows;
    json["columns"] = table.columns;
    json["delimiter"] = delimiter_name(table.delimiter);
    json["numeric_columns"] = Json::array();
    for (const auto& column : table.numeric) {
        json["numeric_columns"].push_back({{"name", column.name},
                                           {"count", column.values.finite},
                                           {"missing", column.values.missing},
                                           {"low", column.values.low},
                                           {"high", column.values.high}});
    }
    json["text_columns"] = Json::array();
    for (const auto& column : table.text) {
        json["text_columns"].push_back({{"name", column.name},
                                        {"missing", column.missing},
                                        {"distinct", column.distinct},
                                        {"numbers", column.numbers}});
    }
    if (!table.site_column.empty()) {
        json["site_column"] = table.site_column;
        json["sites"] = sites_list(table.sites);
    }
}

void put(Json& json, const MatrixInfo& matrix) {
    json["shape"] = matrix.shape;
    json["type"] = matrix.type;
    json["byte_order"] = matrix.big_endian ? "big" : "little";
    json["order"] = matrix.fortran_order ? "Fortran" : "C";
    if (matrix.values) {
        put_values(json, *matrix.values);
    }
    if (!matrix.unfit.empty()) {
        json["unfit"] = matrix.unfit;
    }
}

void put(Json& json, const ImageInfo& image) {
    json["format"] = image.format;
    json["compressed"] = image.compressed;
    json["shape"] = image.grid.shape;
    json["voxel_size"] = image.voxel_size;
    json["affine"] = Json::array();
    for (std::size_t row = 0; row < 3; ++row) {
        const auto begin = image.grid.affine.begin() + static_cast<std::ptrdiff_t>(4 * row);
        json["affine"].push_back(std::vector<double>(begin, begin + 4));
    }
    json["type"] = image.type;
    json["byte_order"] = image.big_endian ? "big" : "little";
    json["slope"] = image.slope;
    json["intercept"] = image.intercept;
    put_values(json, image.values);
    if (image.format == "MGH") {
        json["trailer_bytes"] = image.trailer_bytes;
    } else if (image.format != "other") {
        json["intent"] = {{"code", image.intent_code}, {"name", image.intent_name}};
        json["description"] = image.description;
        json["extensions"] = image.extensions;
    }
}

Json features_json(const data::Features& features) {
    switch (features.kind()) {
        case data::FeatureKind::named:
            return {{"kind", "named"}, {"count", features.count()}, {"names", features.names()}};
        case data::FeatureKind::numbered:
            return {{"kind", "columns"}, {"count", features.count()}};
        case data::FeatureKind::voxels:
            break;
    }
    return {{"kind", "voxels"}, {"count", features.count()}, {"shape", features.grid().shape}};
}

void put(Json& json, const FitInfo& fit) {
    json["tool"] = fit.tool;
    json["training"] = {{"n", fit.training}, {"keeps_id_hashes", fit.keeps_ids}};
    json["sites"] = sites_list(fit.sites);
    json["columns"] = {{"id", fit.columns.id}, {"session", fit.columns.session}, {"site", fit.columns.site}};
    json["covariates"] = Json::array();
    for (const stats::DesignColumn& column : fit.covariates) {
        Json item{{"name", column.name},
                  {"kind", column.categorical ? "categorical"
                           : column.spline    ? "smooth"
                                              : "numeric"}};
        if (column.categorical) {
            item["levels"] = column.levels;
        } else {
            item["range"] = {column.low, column.high};
        }
        json["covariates"].push_back(std::move(item));
    }
    json["features"] = features_json(fit.features);
    json["transform"] = transform_name(fit.transform);
}

void put(Json& json, const ModelInfo& model) {
    json["method"] = model.method;
    json["convention"] = convention_name(model.options.convention);
    json["prior"] = prior_name(model.options.prior);
    json["mean_only"] = model.options.mean_only;
    json["robust"] = model.options.robust;
    json["travelling"] = model.options.travelling;
    json["reference"] = model.options.reference ? Json(*model.options.reference) : Json();
    put(json, model.fit);
    json["uncertainty"] = Json::array();
    for (const stats::SiteUncertainty& site : model.uncertainty) {
        json["uncertainty"].push_back({{"site", site.site},
                                       {"n", site.n},
                                       {"features", site.features},
                                       {"location_se_median", site.location},
                                       {"location_se_90", site.location_most},
                                       {"scale_se_median", site.scale},
                                       {"scale_se_90", site.scale_most},
                                       {"more_subjects_to_halve", site.more_subjects}});
    }
}

void put(Json& json, const MomentsInfo& moments) {
    put(json, moments.fit);
}

void put(Json& json, const NormalisationInfo& model) {
    json["method"] = model.method;
    json["training"] = {{"n", model.images}};
    json["parameters"] = Json::object();
    for (const auto& [name, value] : model.parameters) json["parameters"][name] = value;
    if (model.factors > 0) {
        json["factors"] = model.factors;
        json["features"] = features_json(model.features);
    } else {
        json["standard"] = model.standard;
    }
}

void put(Json& json, const JsonInfo& other) {
    json["tool"] = other.tool;
    json["keys"] = other.keys;
}

}  // namespace

void write_file_infos(Output& output, std::span<const FileInfo> files) {
    Json list = Json::array();
    for (const FileInfo& file : files) {
        Json json{{"path", file.path}, {"kind", kind_name(file.kind)}, {"state", file.state()}};
        if (file.fault) {
            json["problem"] = file.fault->what();
        }
        json["size"] = file.size;
        json["sha256"] = file.sha256.empty() ? Json() : Json(file.sha256);
        std::visit([&](const auto& content) { put(json, content); }, file.content);
        list.push_back(std::move(json));
    }
    output.write(json_text(list));
}

void write_devices(Output& output, std::span<const DeviceInfo> devices, const std::string& why_none) {
    Json list = Json::array();
    for (const DeviceInfo& device : devices) {
        list.push_back({{"device", device.device},
                        {"name", device.name},
                        {"memory", device.memory},
                        {"compute_capability", device.compute_capability}});
    }
    output.write(json_text({{"devices", list}, {"why_none", list.empty() ? Json(why_none) : Json()}}));
}

}  // namespace tare::io
