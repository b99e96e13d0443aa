// Matrices and images as sources of rows, and which options go with which.
#include "attached_values.hpp"

#include <array>
#include <numeric>

#include "tare/base/error.hpp"
#include "tare/base/number_text.hpp"
#include "tare/base/text.hpp"
#include "tare/data/name_pattern.hpp"

namespace tare::commands {
namespace {

bool given(const cli::ParsedOptions& options, const std::string& name) {
    return options.declares(name) && options.given(name);
}

void refuse(const cli::ParsedOptions& options, const std::string& name, const std::string& with,
            const std::string& hint = {}) {
    if (given(options, name)) throw base::usage_error("--" + name + " does not go with " + with, hint);
}

/// Whether results must not be rounded to float32 before they are written, or go into another adjustment.
bool keeps_double(const CohortInput& input, const cli::ParsedOptions& options) {
    return !input.cohort.more_sites.empty() || (options.declares("datatype") && options.text("datatype") == "float64");
}

void finish_images(CohortInput& input, const cli::ParsedOptions& options, io::ImageSet set, data::Features features,
                   const base::Resources& resources) {
    set.single_precision = set.single_precision && !keeps_double(input, options);
    input.features = features;
    auto rows = std::make_unique<io::ImageRows>(std::move(set), std::move(features), input.masked, resources);
    input.images = rows.get();
    input.source = std::move(rows);
}

}  // namespace

ValueKind value_kind(const cli::ParsedOptions& options) {
    if (given(options, "images")) return ValueKind::images;
    return options.text("input").ends_with(".npy") ? ValueKind::matrix : ValueKind::table;
}

void check_value_options(const cli::ParsedOptions& options) {
    if (options.given("input") == given(options, "images")) {
        throw base::usage_error("give either --input or --images",
                                "--input takes a table or an .npy matrix, --images the pattern of the images' names");
    }
    const ValueKind kind = value_kind(options);
    if (kind == ValueKind::table && io::is_writable_image_name(options.text("input"))) {
        throw base::usage_error("--input " + options.text("input") + ": is an image",
                                "give images with --images 'folder/{participant_id}.nii.gz' and --participants");
    }
    if (kind != ValueKind::table) {
        const std::string with = kind == ValueKind::images ? "--images" : "an .npy matrix";
        if (!options.given("participants")) {
            throw base::usage_error(with + " needs --participants, a table with one row for each " +
                                    (kind == ValueKind::images ? "image" : "row of the matrix"));
        }
        for (const char* name : {"features", "exclude"}) refuse(options, name, with, "they choose columns of a table");
    }
    // Where there are no images, an option of that name is about something else.
    if (!options.declares("images")) return;
    if (kind != ValueKind::images) {
        for (const char* name : {"mask", "mask-threshold", "output-images", "datatype", "resume"}) {
            refuse(options, name, "--input", "it is for --images");
        }
        return;
    }
    if (given(options, "output") && options.declares("output-images")) {
        refuse(options, "output", "--images", "--output-images names the harmonised images");
    }
    if (options.declares("output-images") && !options.given("output-images")) {
        throw base::usage_error("--images needs --output-images, the pattern of the harmonised images' names");
    }
}

void check_fits_model(const cli::ParsedOptions& options, const stats::CombatModel& model) {
    const ValueKind kind = value_kind(options);
    if (model.features.kind() == data::FeatureKind::voxels && kind != ValueKind::images) {
        throw base::usage_error("the model is of images: give --images and --output-images");
    }
    if (model.features.kind() == data::FeatureKind::numbered && kind != ValueKind::matrix) {
        throw base::usage_error("the model is of a matrix: give --input FILE.npy and --participants");
    }
    if (model.features.kind() == data::FeatureKind::named && kind != ValueKind::table) {
        throw base::usage_error("the model is of a table: give --input a table");
    }
}

Shard shard_of(const cli::ParsedOptions& options) {
    if (!given(options, "shard")) return {};
    const std::string text = options.text("shard");
    const std::size_t slash = text.find('/');
    const auto part = base::parse_integer(text.substr(0, slash));
    const auto parts = slash == std::string::npos ? std::nullopt : base::parse_integer(text.substr(slash + 1));
    if (!part || !parts || *part < 1 || *parts < *part) {
        throw base::usage_error("--shard: '" + text + "' is not K/N with K from 1 to N",
                                "--shard 3/10 is the third of ten parts");
    }
    return {static_cast<data::Index>(*part), static_cast<data::Index>(*parts)};
}

std::vector<data::Index> rows_of_shard(const Shard& shard, const std::vector<data::Index>& rows) {
    const auto count = static_cast<data::Index>(rows.size());
    if (shard.parts > count) {
        throw base::usage_error("--shard: " + std::to_string(shard.parts) + " parts of " + base::counted(rows.size(), "row"),
                                "a part must have a row");
    }
    return {rows.begin() + (shard.part - 1) * count / shard.parts, rows.begin() + shard.part * count / shard.parts};
}

std::vector<data::Index> positions_of(const std::vector<bool>& chosen) {
    std::vector<data::Index> positions;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
        if (chosen[i]) positions.push_back(static_cast<data::Index>(i));
    }
    return positions;
}

std::vector<std::string> expanded_names(const std::string& option, const std::string& pattern, const data::Table& table) {
    const data::NamePattern names(pattern, option);
    if (names.columns().empty() && table.rows() > 1) {
        throw base::usage_error(
            option + ": '" + pattern + "' is one name for " + base::counted(static_cast<std::size_t>(table.rows()), "row"),
            "put a column of --participants in braces, and the whole in quotes: "
            "'folder/{participant_id}.nii.gz'");
    }
    for (const std::string& column : names.columns()) {
        if (table.find(column) < 0) {
            throw base::inconsistent(option + ": " + table.source + " has no column '" + column + "'",
                                     base::did_you_mean(column, table.header));
        }
    }
    return names.expand_all(
        table.rows(),
        [&](data::Index row, const std::string& column) { return std::string(table.text_cell(row, table.find(column))); },
        [&](data::Index row) { return table.where(row); });
}

void attach_table(CohortInput& input) {
    input.features = data::Features::named(input.cohort.features.names);
}

void attach_matrix(CohortInput& input, const cli::ParsedOptions& options, const base::Resources& resources) {
    const std::string path = options.text("input");
    input.matrix = std::make_unique<io::NpyFile>(path, resources);
    if (input.matrix->rows() != input.table.rows()) {
        throw base::inconsistent(path + ": has " + base::counted(static_cast<std::size_t>(input.matrix->rows()), "row") +
                                     ", " + input.table.source + " has " +
                                     base::counted(static_cast<std::size_t>(input.table.rows()), "participant"),
                                 "the rows of the matrix are the participants, in the same order");
    }
    input.features = data::Features::numbered(input.matrix->columns());
    input.source = std::make_unique<io::NpyRows>(*input.matrix);
}

void attach_images(CohortInput& input, const cli::ParsedOptions& options, std::span<const data::Index> rows,
                   cli::Context& context) {
    io::ImageSet set = io::check_images(expanded_names("--images", options.text("images"), input.table), rows, std::nullopt,
                                        "", context.resources);
    std::vector<data::Index> inside;
    if (options.given("mask")) {
        const std::string& first = set.paths[static_cast<std::size_t>(rows.front())];
        io::Mask mask = io::read_mask(options.text("mask"), set.grid, first, context.resources);
        if (!mask.binary) {
            context.log.warn(options.text("mask") + ": holds values other than 0 and 1; every voxel that is not 0 is in");
        }
        inside = std::move(mask.inside);
        input.files.insert(input.files.end(), mask.files.begin(), mask.files.end());
        input.masked = true;
    } else {
        inside.resize(static_cast<std::size_t>(set.grid.values()));
        std::iota(inside.begin(), inside.end(), data::Index{0});
    }
    data::Features features = data::Features::voxels(set.grid, std::move(inside));
    finish_images(input, options, std::move(set), std::move(features), context.resources);
}

void attach_model_images(CohortInput& input, const cli::ParsedOptions& options, const io::SavedModel& saved,
                         std::span<const data::Index> rows, const base::Resources& resources) {
    const data::Features& features = saved.model.features;
    io::ImageSet set = io::check_images(expanded_names("--images", options.text("images"), input.table), rows,
                                        features.grid(), saved.path, resources);
    input.masked = true;
    finish_images(input, options, std::move(set), features, resources);
}

}  // namespace tare::commands
