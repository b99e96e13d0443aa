// tare-roi: statistics of the values in every structure of a segmentation.
#include <algorithm>
#include <cmath>
#include <limits>

#include "image_reader.hpp"
#include "label_choice.hpp"
#include "measure_table.hpp"
#include "measured_images.hpp"
#include "tare/base/error.hpp"
#include "tare/base/number_text.hpp"
#include "tare/base/text.hpp"
#include "tare/commands/registry.hpp"
#include "tare/imaging/regional.hpp"
#include "tare/io/volume_file.hpp"

namespace tare::commands {
namespace {

using base::Index;

enum class Kind : unsigned char {
    voxels,
    volume,
    mean,
    sd,
    median,
    minimum,
    maximum,
    trimmed,
    percentile,
    weighted,
    weight
};

struct Measure {
    std::string name;
    Kind kind;
    double percentile = 0.0;
};

struct NamedKind {
    const char* name;
    Kind kind;
};
constexpr NamedKind kinds[] = {{"voxels", Kind::voxels},
                               {"volume_mm3", Kind::volume},
                               {"mean", Kind::mean},
                               {"sd", Kind::sd},
                               {"median", Kind::median},
                               {"min", Kind::minimum},
                               {"max", Kind::maximum},
                               {"trimmed_mean", Kind::trimmed},
                               {"weighted_mean", Kind::weighted},
                               {"weighted_volume_mm3", Kind::weight}};

bool of_segmentation_alone(Kind kind) {
    return kind == Kind::voxels || kind == Kind::volume;
}
bool of_weights(Kind kind) {
    return kind == Kind::weighted || kind == Kind::weight;
}

Measure measure_of(const std::string& item) {
    std::vector<std::string> known;
    for (const NamedKind& one : kinds) {
        if (item == one.name) return {item, one.kind};
        known.emplace_back(one.name);
    }
    if (item.starts_with('p')) {
        const auto percentile = base::parse_number(item.substr(1));
        if (percentile && *percentile >= 0.0 && *percentile <= 100.0) return {item, Kind::percentile, *percentile};
    }
    const std::string meant = base::did_you_mean(item, known);
    throw base::usage_error("--measures: '" + item + "' is no measure",
                            meant.empty() ? base::joined(known, known.size()) + ", or a percentile such as p95" : meant);
}

/// What to measure: as asked for, else what there are files for.
std::vector<Measure> measures_of(const cli::ParsedOptions& options) {
    const bool values = options.given("labels"), weights = options.given("weights");
    if (weights && !values) throw base::usage_error("--weights needs --labels, and values in --images");
    std::vector<std::string> items = options.list("measures");
    if (options.given("measures") && items.empty()) throw base::usage_error("--measures is empty");
    if (items.empty()) {
        items = {"voxels", "volume_mm3"};
        if (values) items.insert(items.end(), {"mean", "sd", "median"});
        if (weights) items.insert(items.end(), {"weighted_mean", "weighted_volume_mm3"});
    }
    std::vector<Measure> out;
    for (const std::string& item : items) {
        const Measure measure = measure_of(item);
        const auto same = [&](const Measure& known) { return known.name == measure.name; };
        if (std::any_of(out.begin(), out.end(), same))
            throw base::usage_error("--measures: '" + item + "' stands in the list twice");
        if (!values && !of_segmentation_alone(measure.kind)) {
            throw base::usage_error("--measures: " + item + " needs values to measure",
                                    "give the segmentation as --labels, and the image whose values are meant as --images");
        }
        if (!weights && of_weights(measure.kind)) {
            throw base::usage_error("--measures: " + item + " needs --weights");
        }
        out.push_back(measure);
    }
    return out;
}

double trim_of(const cli::ParsedOptions& options) {
    const double trim = *options.number("trim");
    if (!(trim >= 0.0 && trim < 0.5))
        throw base::usage_error("--trim: " + options.text("trim") + " is not from 0 to below 0.5");
    return trim;
}

/// The voxels of a structure, and what they hold.
struct Region {
    const ChosenStructure* structure;
    std::vector<Index> voxels;
};

class RegionalMeasurement {
public:
    RegionalMeasurement(std::vector<Measure> measures, double trim) : measures_(std::move(measures)), trim_(trim) {
        for (const Measure& measure : measures_) {
            if (measure.kind == Kind::percentile) percentiles_.push_back(measure.percentile);
        }
        percentiles_.push_back(median);
        needs_values_ = std::any_of(measures_.begin(), measures_.end(), [](const Measure& measure) {
            return !of_segmentation_alone(measure.kind) && !of_weights(measure.kind);
        });
    }

    [[nodiscard]] std::vector<std::string> names() const {
        std::vector<std::string> out;
        for (const Measure& measure : measures_) out.push_back(measure.name);
        return out;
    }

    /// One volume: `values` and `weights` may be null. Counts the voxels without a finite value in `skipped`.
    [[nodiscard]] std::vector<double> of(const Region& region, double voxel_volume, const data::Volume* values,
                                         const data::Volume* weights, Index& skipped) const {
        std::vector<double> inside = gathered(region, values), weighted = gathered(region, weights);
        const imaging::WeightedMean weighted_mean =
            weights != nullptr ? imaging::weighted_mean(inside, weighted) : imaging::WeightedMean{};
        const std::size_t all = inside.size();
        std::erase_if(inside, [](double value) { return !std::isfinite(value); });
        skipped += static_cast<Index>(all - inside.size());
        const imaging::RegionalSummary summary =
            needs_values_ ? imaging::summarise(std::move(inside), percentiles_, trim_) : imaging::RegionalSummary{};
        std::vector<double> out;
        std::size_t percentile = 0;
        const auto voxels = static_cast<double>(region.voxels.size());
        for (const Measure& measure : measures_) {
            switch (measure.kind) {
                case Kind::voxels:
                    out.push_back(voxels);
                    break;
                case Kind::volume:
                    out.push_back(voxels * voxel_volume);
                    break;
                case Kind::mean:
                    out.push_back(summary.mean);
                    break;
                case Kind::sd:
                    out.push_back(summary.sd);
                    break;
                case Kind::median:
                    out.push_back(summary.percentiles.back());
                    break;
                case Kind::minimum:
                    out.push_back(summary.minimum);
                    break;
                case Kind::maximum:
                    out.push_back(summary.maximum);
                    break;
                case Kind::trimmed:
                    out.push_back(summary.trimmed_mean);
                    break;
                case Kind::percentile:
                    out.push_back(summary.percentiles[percentile++]);
                    break;
                case Kind::weighted:
                    out.push_back(weighted_mean.mean);
                    break;
                case Kind::weight:
                    out.push_back(weighted_mean.weight * voxel_volume);
                    break;
            }
        }
        return out;
    }

private:
    static constexpr double median = 50.0;

    static std::vector<double> gathered(const Region& region, const data::Volume* volume) {
        std::vector<double> out;
        if (volume == nullptr) return out;
        out.reserve(region.voxels.size());
        for (const Index voxel : region.voxels) out.push_back(volume->values[static_cast<std::size_t>(voxel)]);
        return out;
    }

    std::vector<Measure> measures_;
    double trim_;
    std::vector<double> percentiles_;
    bool needs_values_ = false;
};

/// The structures that have voxels; the others are n/a.
std::vector<Region> regions_of(const std::vector<ChosenStructure>& structures, const data::Segmentation& segmentation) {
    const std::map<std::int32_t, std::vector<Index>> by_label = imaging::voxels_by_label(segmentation);
    std::vector<Region> out;
    for (const ChosenStructure& structure : structures) {
        Region region{&structure, {}};
        for (const std::int32_t label : structure.labels) {
            const auto found = by_label.find(label);
            if (found == by_label.end()) continue;
            region.voxels.insert(region.voxels.end(), found->second.begin(), found->second.end());
        }
        if (!region.voxels.empty()) out.push_back(std::move(region));
    }
    return out;
}

/// Throws Error (65) for a weight in a structure that is none.
void check_weights(const std::vector<Region>& regions, const data::Volume& weights, const std::string& path) {
    for (const Region& region : regions) {
        for (const Index voxel : region.voxels) {
            const double weight = weights.values[static_cast<std::size_t>(voxel)];
            if (weight >= 0.0 && std::isfinite(weight)) continue;
            throw base::malformed(path + ": " + base::number_text(weight) + " is no weight, in " + region.structure->name,
                                  "weights, such as partial volumes, are finite and at least 0");
        }
    }
}

/// Of one image: a row for each of its volumes.
struct MeasuredImage {
    std::vector<std::vector<StructureValues>> volumes;
    Index skipped = 0;  ///< voxels of structures without a finite value
};

/// The files that an image is measured with; empty where an option is not given.
struct Companions {
    std::vector<std::string> labels, weights;
};

MeasuredImage measured(const std::string& path, const std::string& labels, const std::string& weights_path,
                       const RegionalMeasurement& measurement, const LabelChoice& choice, ImageReader& reader,
                       const base::Resources& share) {
    const bool values = !labels.empty();
    const auto segmentation = reader.segmentation(values ? labels : path, share);
    const std::vector<ChosenStructure> structures = choice.structures(*segmentation, values ? labels : path);
    const std::vector<Region> regions = regions_of(structures, *segmentation);
    const double voxel_volume = data::voxel_volume(segmentation->grid);
    std::optional<data::Volume> weights;
    if (!weights_path.empty()) {
        weights = reader.volume(weights_path, share);
        check_weights(regions, *weights, weights_path);
    }
    MeasuredImage out;
    const auto measure = [&](const data::Volume* volume) {
        std::vector<StructureValues> row;
        for (const Region& region : regions) {
            row.push_back({region.structure->order, region.structure->name,
                           measurement.of(region, voxel_volume, volume, weights ? &*weights : nullptr, out.skipped)});
        }
        out.volumes.push_back(std::move(row));
    };
    if (!values) {
        measure(nullptr);
        return out;
    }
    const io::Image image = reader.image(path, share);
    for (Index t = 0; t < io::volumes_of(image.header.grid); ++t) {
        const data::Volume volume = io::volume_of(image, share, t);
        measure(&volume);
    }
    return out;
}

void run(const cli::ParsedOptions& options, cli::Context& context) {
    const RegionalMeasurement measurement(measures_of(options), trim_of(options));
    const TableLayout layout = layout_of(options);
    Results results(roi(), options, context);
    io::Output& output = results.open(options.text("output"));
    const LabelChoice choice(options, results, context);
    const MeasuredImages images(options, results, context);
    const Companions beside{images.beside("labels"), images.beside("weights")};

    ImageReader reader;
    std::vector<MeasuredImage> done(images.size());
    constexpr std::uint64_t bytes_per_voxel = 48;
    for_each_image(images, context, bytes_per_voxel, "images", [&](std::size_t i, const base::Resources& share) {
        const auto of = [i](const std::vector<std::string>& paths) { return paths.empty() ? std::string() : paths[i]; };
        done[i] = measured(images.image(i), of(beside.labels), of(beside.weights), measurement, choice, reader, share);
    });

    const bool several =
        std::any_of(done.begin(), done.end(), [](const MeasuredImage& one) { return one.volumes.size() > 1; });
    std::vector<std::string> keys = images.key_columns();
    if (several) keys.emplace_back("volume");
    MeasureTable table(keys, measurement.names(), layout);
    choice.expect_in(table, beside.labels.empty() ? images.image(0) : beside.labels.front());
    bool anything = false;
    for (std::size_t i = 0; i < done.size(); ++i) {
        if (done[i].skipped > 0) {
            context.log.warn(images.image(i) + ": " + base::counted(static_cast<std::size_t>(done[i].skipped), "value") +
                             " in structures not finite, left out");
        }
        for (std::size_t t = 0; t < done[i].volumes.size(); ++t) {
            std::vector<std::string> row = images.keys(i);
            if (several) row.push_back(std::to_string(t + 1));
            table.add(row, done[i].volumes[t]);
            anything = anything || !done[i].volumes[t].empty();
        }
    }
    if (!anything)
        throw base::degenerate("no image has any of the structures to measure", "look at --labels and --structures");
    table.write(output, context.resources);
    results.commit(inputs_of(images, reader, choice.files()));
}

cli::CommandSpec declared() {
    using cli::OptionKind;
    cli::CommandSpec spec;
    spec.verb = "roi";
    spec.group = "Measure";
    spec.summary = "Measure images in the structures of a segmentation";
    spec.description = {
        "Prints a table with one row per image: number of voxels, volume, mean, SD, median, percentiles of every structure "
        "of "
        "a segmentation, ready for tare-harmonise.",
        "With --labels an image of several volumes has a row for each, numbered from 1 in the column 'volume'. Without, the "
        "images "
        "are themselves the segmentations: voxels and volumes."};
    spec.groups = {
        measured_image_options("to measure"),
        label_options(),
        {"Measures",
         {{"measures",
           OptionKind::list,
           "NAMES",
           "Of voxels, volume_mm3, mean, sd, median, min, max, trimmed_mean, weighted_mean, weighted_volume_mm3, and "
           "percentiles such as p5, p97.5.",
           {},
           false,
           {},
           "voxels, volume_mm3; with --labels also mean, sd, median; with --weights also those of weights"},
          {"trim", OptionKind::number, "SHARE", "Share of the values that trimmed_mean cuts off at either end.", "0.05"},
          {"weights", OptionKind::list, "PATTERN",
           "Weight of every voxel, such as a map of partial volumes, named like --labels."},
          layout_option("wide")}},
        {"Results", {{"output", OptionKind::output, "FILE", "The table; - is standard output.", "-"}}}};
    spec.examples = {
        {"Mean intensity of each tissue of simulated heads",
         "tare-simulate --images 'heads/{participant_id}.nii.gz' --segmentations 'heads/{participant_id}_dseg.nii.gz' "
         "--shape "
         "32,38,32 --voxel-size 6 --subjects 6 --sites 2 --seed 3 --output heads.tsv && tare-roi --images "
         "'heads/{participant_id}.nii.gz' --participants heads.tsv --labels 'heads/{participant_id}_dseg.nii.gz' --groups "
         "'csf=1,gm=2,wm=3' --measures mean,p5,p95 --output tissues.tsv"}};
    spec.notes = {
        "sd divides by n - 1. A percentile p lies at position (n - 1) p / 100 of the sorted values, on the straight line "
        "between neighbours (numpy's and R's default). trimmed_mean leaves out floor(trim * n) values at either end.",
        "volume_mm3 is the number of voxels times the volume of one: not FreeSurfer's Volume_mm3, which corrects for "
        "partial "
        "volumes; see tare-freesurfer for that. weighted_mean is sum(w x) / sum(w), weighted_volume_mm3 is sum(w) times the "
        "volume of a voxel.",
        "A structure that is missing in an image is n/a there. Values that are not finite are left out, with a warning."};
    spec.run = run;
    return spec;
}

}  // namespace

const cli::CommandSpec& roi() {
    static const cli::CommandSpec spec = declared();
    return spec;
}

}  // namespace tare::commands
