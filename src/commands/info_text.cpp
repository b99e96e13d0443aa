// Lines of "label: value" below the file's name; long lists are cut unless everything is asked for.
#include "info_text.hpp"

#include <algorithm>
#include <cmath>

#include "tare/base/number_text.hpp"
#include "tare/base/text.hpp"

namespace tare::commands {

namespace {

using base::number_text;

constexpr std::size_t few = 8;

/// Names and header texts come from files: nothing in them may steer a terminal or break a line.
std::string printable(std::string text) {
    const bool is_text = base::is_utf8(text);
    for (char& c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20U || byte == 0x7FU || (byte >= 0x80U && !is_text)) {
            c = '?';
        }
    }
    return text;
}

class Lines {
public:
    explicit Lines(bool all) : most_(all ? SIZE_MAX : few) {}

    void add(const std::string& label, const std::string& value) { text_ += "  " + label + ": " + printable(value) + "\n"; }
    /// A line for each item below a label; the rest is counted.
    void list(const std::string& label, const std::vector<std::string>& items) {
        if (items.empty()) {
            return;
        }
        text_ += "  " + label + ":\n";
        const std::size_t shown = items.size() > most_ ? most_ : items.size();
        for (std::size_t i = 0; i < shown; ++i) {
            text_ += "    " + printable(items[i]) + "\n";
        }
        if (shown < items.size()) {
            text_ += "    and " + std::to_string(items.size() - shown) + " more (--verbose or --format json lists them)\n";
        }
    }
    [[nodiscard]] std::string joined(const std::vector<std::string>& items) const { return base::joined(items, most_); }
    [[nodiscard]] const std::string& text() const noexcept { return text_; }

private:
    std::size_t most_;
    std::string text_;
};

std::string range_text(double low, double high) {
    return std::isnan(low) ? "no finite value" : number_text(low) + " to " + number_text(high);
}

std::string sites_text(const Lines& lines, const io::SiteCounts& sites) {
    std::vector<std::string> items;
    std::uint64_t sum = 0;
    for (const auto& [name, n] : sites) {
        items.push_back(name + " " + std::to_string(n));
        sum += n;
    }
    return base::counted(sites.size(), "site") + ", n = " + std::to_string(sum) + " (" + lines.joined(items) + ")";
}

void add_values(Lines& lines, const io::ValueSummary& values) {
    lines.add("range", range_text(values.low, values.high));
    lines.add("not finite", std::to_string(values.missing) + " NaN, " + std::to_string(values.infinite) + " infinite");
}

std::string order_text(bool big_endian) {
    return big_endian ? "big-endian" : "little-endian";
}

void add(Lines&, const std::monostate&) {}

void add(Lines& lines, const io::TableInfo& table) {
    const std::string delimiter = table.delimiter == '\t'  ? "tab"
                                  : table.delimiter == ',' ? "comma"
                                  : table.delimiter == ';' ? "semicolon"
                                                           : std::string(1, table.delimiter);
    lines.add("rows", std::to_string(table.rows));
    lines.add("columns", std::to_string(table.columns) + ", between them a " + delimiter);
    std::uint64_t missing = 0;
    std::vector<std::string> numeric;
    for (const auto& column : table.numeric) {
        missing += column.values.missing;
        numeric.push_back(column.name + ": " + range_text(column.values.low, column.values.high) +
                          (column.values.missing > 0 ? ", " + std::to_string(column.values.missing) + " missing" : ""));
    }
    std::vector<std::string> text;
    for (const auto& column : table.text) {
        text.push_back(column.name + ": " + std::to_string(column.distinct) + " different" +
                       (column.numbers > 0 ? ", " + base::counted(column.numbers, "number") + " among them" : "") +
                       (column.missing > 0 ? ", " + std::to_string(column.missing) + " missing" : ""));
    }
    lines.add("sites", table.site_column.empty() ? "no such column (--site names it)" : sites_text(lines, table.sites));
    lines.add("numeric columns",
              std::to_string(table.numeric.size()) + ", missing cells in them: " + std::to_string(missing));
    lines.list("numeric", numeric);
    lines.list("text", text);
}

void add(Lines& lines, const io::MatrixInfo& matrix) {
    std::string shape;
    for (const base::Index extent : matrix.shape) {
        shape += (shape.empty() ? "" : " × ") + std::to_string(extent);
    }
    lines.add("shape", shape.empty() ? "a single value" : shape);
    lines.add("type", matrix.type + ", " + order_text(matrix.big_endian));
    lines.add("order", matrix.fortran_order ? "Fortran (column by column)" : "C (row by row)");
    if (matrix.values) {
        add_values(lines, *matrix.values);
    }
    if (!matrix.unfit.empty()) {
        lines.add("no matrix for tare", matrix.unfit);
    }
}

void add(Lines& lines, const io::ImageInfo& image) {
    lines.add("format", image.format + (image.compressed ? ", compressed" : ""));
    lines.add("shape", data::shape_text(image.grid));
    lines.add("voxel size", number_text(image.voxel_size[0]) + " × " + number_text(image.voxel_size[1]) + " × " +
                                number_text(image.voxel_size[2]) + " mm");
    lines.add("affine", data::affine_text(image.grid));
    lines.add("type", image.type + ", " + order_text(image.big_endian));
    lines.add("scaling", "slope " + number_text(image.slope) + ", intercept " + number_text(image.intercept));
    add_values(lines, image.values);
    if (image.intent_code != 0 || !image.intent_name.empty()) {
        lines.add("intent",
                  std::to_string(image.intent_code) + (image.intent_name.empty() ? "" : " '" + image.intent_name + "'"));
    }
    if (!image.description.empty()) {
        lines.add("description", image.description);
    }
    if (image.extensions > 0) {
        lines.add("extensions", std::to_string(image.extensions));
    }
    if (image.trailer_bytes > 0) {
        lines.add("after the voxels", base::counted(image.trailer_bytes, "byte"));
    }
}

void add(Lines& lines, const io::FitInfo& fit) {
    lines.add("training",
              "n = " + std::to_string(fit.training) + (fit.keeps_ids ? ", with salted hashes of the ids" : ", without ids"));
    lines.add("sites", sites_text(lines, fit.sites));
    if (!fit.columns.more_sites.empty())
        lines.add("batch variables", fit.columns.site + ", then " + base::joined(fit.columns.more_sites));
    std::vector<std::string> covariates;
    for (const stats::DesignColumn& column : fit.covariates) {
        covariates.push_back(column.name + ": " +
                             (column.categorical ? "levels " + lines.joined(column.levels)
                                                 : (column.spline ? "curve, " : "") + range_text(column.low, column.high)));
    }
    lines.list("covariates", covariates);
    const bool named = fit.features.kind() == data::FeatureKind::named;
    lines.add("features", data::described(fit.features) + (named ? " (" + lines.joined(fit.features.names()) + ")" : ""));
    if (fit.transform == stats::Transform::log) lines.add("transform", "log: harmonised as logarithms");
    if (!fit.tool.empty()) {
        lines.add("written by", fit.tool);
    }
}

void add(Lines& lines, const io::ModelInfo& model) {
    lines.add("method", model.method + (model.options.robust ? ", robust" : "") +
                            (model.options.travelling ? ", site effects from travelling people" : "") + ", convention " +
                            io::convention_name(model.options.convention) + ", prior " +
                            io::prior_name(model.options.prior) + (model.options.mean_only ? ", mean only" : "") +
                            (model.options.reference ? ", reference " + *model.options.reference : ""));
    add(lines, model.fit);
}

void add(Lines& lines, const io::MomentsInfo& moments) {
    add(lines, moments.fit);
}

void add(Lines& lines, const io::NormalisationInfo& model) {
    lines.add("method", model.method);
    lines.add("training", base::counted(static_cast<std::uint64_t>(model.images), "image"));
    std::vector<std::string> parameters;
    for (const auto& [name, value] : model.parameters) {
        if (name != "method") parameters.push_back(name + ": " + value);
    }
    lines.list("parameters", parameters);
    if (model.factors > 0) {
        lines.add("factors", std::to_string(model.factors));
        lines.add("features", data::described(model.features));
    } else {
        std::vector<std::string> standard;
        for (const double value : model.standard) standard.push_back(number_text(value));
        lines.add("standard", lines.joined(standard));
    }
}

void add(Lines& lines, const io::JsonInfo& json) {
    lines.add("keys", lines.joined(json.keys));
    if (!json.tool.empty()) {
        lines.add("written by", json.tool);
    }
}

/// Two significant digits are all that such a figure has.
std::string rounded(double value) {
    if (value == 0.0) return "0";
    const double unit = std::pow(10.0, std::floor(std::log10(std::abs(value))) - 1.0);
    const double whole = std::round(value / unit);
    return number_text(unit < 1.0 ? whole / std::round(1.0 / unit) : whole * unit);
}

std::string how_sure(const stats::SiteUncertainty& site) {
    std::string text = base::counted(static_cast<std::size_t>(site.n), "subject");
    if (site.features == 0) return text + ", nothing is adjusted";
    if (std::isnan(site.location)) return text + ", not known";
    text += "; location ± " + rounded(site.location) + " SD (9 of 10 features below " + rounded(site.location_most) + ")";
    if (std::isnan(site.scale)) {
        text += ", scale not estimated";
    } else {
        text += ", scale ± " + rounded(100.0 * site.scale) + " % (below " + rounded(100.0 * site.scale_most) + ")";
    }
    return text + "; " + number_text(site.more_subjects) + " more would halve the location's";
}

}  // namespace

std::string info_text(const io::FileInfo& file, bool all, bool uncertainty) {
    Lines lines(all);
    if (file.fault) {
        lines.add("problem", file.fault->what());
    }
    if (file.state() != "missing") {
        lines.add("size", base::counted(file.size, "byte"));
    }
    if (!file.sha256.empty()) {
        lines.add("sha256", file.sha256);
    }
    std::visit([&](const auto& content) { add(lines, content); }, file.content);
    const auto* model = std::get_if<io::ModelInfo>(&file.content);
    if (uncertainty && model != nullptr) {
        for (const stats::SiteUncertainty& site : model->uncertainty) lines.add("how sure at " + site.site, how_sure(site));
    }
    const std::string kind = file.kind == io::FileKind::unknown ? "" : io::kind_name(file.kind) + ", ";
    return printable(file.path) + ": " + kind + file.state() + "\n" + lines.text();
}

}  // namespace tare::commands
