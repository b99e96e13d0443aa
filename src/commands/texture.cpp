// tare-texture: features of shape, intensity and texture of every structure of a segmentation.
#include "tare/imaging/texture/texture.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "about_file.hpp"
#include "image_reader.hpp"
#include "label_choice.hpp"
#include "measure_table.hpp"
#include "measured_images.hpp"
#include "tare/base/error.hpp"
#include "tare/base/number_text.hpp"
#include "tare/base/parallel.hpp"
#include "tare/base/text.hpp"
#include "tare/commands/registry.hpp"
#include "tare/imaging/texture/cooccurrence.hpp"
#include "tare/imaging/texture/morphology.hpp"
#include "tare/imaging/texture/named.hpp"
#include "tare/imaging/texture/runs.hpp"

namespace tare::commands {
namespace {

using namespace imaging::texture;

Discretisation discretisation_of(const cli::ParsedOptions& options) {
    const std::string text = options.text("discretise");
    const std::string hint = "as in bins:32, size:25, or none for intensities that are grey levels";
    if (text == "none") return {Discretisation::Kind::none, 0.0};
    const std::size_t colon = text.find(':');
    const std::string kind = text.substr(0, colon);
    const double amount =
        colon == std::string::npos ? undefined : base::parse_number(text.substr(colon + 1)).value_or(undefined);
    if ((kind != "bins" && kind != "size") || std::isnan(amount)) {
        throw base::usage_error("--discretise: '" + text + "' is no way to make grey levels", hint);
    }
    if (kind == "size") {
        if (!(amount > 0.0)) throw base::usage_error("--discretise: '" + text + "': the size of a bin is above 0", hint);
        return {Discretisation::Kind::size, amount};
    }
    if (amount != std::floor(amount) || amount < 1.0 || amount > static_cast<double>(most_levels)) {
        throw base::usage_error("--discretise: '" + text + "': a number of bins is a whole number from 1 to " +
                                std::to_string(most_levels));
    }
    return {Discretisation::Kind::bins, amount};
}

IntensityRange range_of(const cli::ParsedOptions& options) {
    IntensityRange range;
    if (!options.given("range")) return range;
    const std::string text = options.text("range");
    const std::size_t comma = text.find(',');
    const auto end = [&](const std::string& part, double& to) {
        if (part.empty()) return;
        const auto value = base::parse_number(part);
        if (!value) throw base::usage_error("--range: '" + part + "' is not a number", "as in 0,1500 or 1,");
        to = *value;
    };
    if (comma == std::string::npos) {
        throw base::usage_error("--range: '" + text + "' is no range", "as in 0,1500, or 1, without an upper end");
    }
    end(text.substr(0, comma), range.low);
    end(text.substr(comma + 1), range.high);
    if (!(range.low < range.high)) {
        throw base::usage_error("--range: '" + text + "': the lower end is not below the upper one");
    }
    return range;
}

/// The members of `all` that the option names, each once. `text_of` is what a member is called.
template <typename Known, typename TextOf>
std::vector<Known> chosen(const cli::ParsedOptions& options, const std::string& option, std::span<const Known> all,
                          const TextOf& text_of) {
    std::vector<std::string> names;
    for (const Known& one : all) names.emplace_back(text_of(one));
    std::vector<Known> out;
    std::set<std::string> seen;
    for (const std::string& item : options.list(option)) {
        const auto found = std::find(names.begin(), names.end(), item);
        if (found == names.end()) {
            const std::string meant = base::did_you_mean(item, names);
            throw base::usage_error("--" + option + ": '" + item + "' is unknown",
                                    meant.empty() ? base::joined(names, names.size()) : meant);
        }
        if (!seen.insert(item).second) throw base::usage_error("--" + option + ": '" + item + "' stands in the list twice");
        out.push_back(all[static_cast<std::size_t>(found - names.begin())]);
    }
    if (out.empty()) throw base::usage_error("--" + option + " is empty");
    return out;
}

TextureOptions texture_options(const cli::ParsedOptions& options) {
    if (!options.given("labels")) {
        throw base::usage_error("--labels is missing", "the segmentation whose structures are measured");
    }
    TextureOptions out;
    out.families.clear();
    out.aggregations.clear();
    for (const NamedFamily& one : chosen(options, "families", families(), [](const NamedFamily& f) { return f.name; })) {
        out.families.push_back(one.family);
    }
    for (const NamedAggregation& one :
         chosen(options, "aggregation", aggregations(), [](const NamedAggregation& a) { return a.option; })) {
        out.aggregations.push_back(one.aggregation);
    }
    out.discretisation = discretisation_of(options);
    out.range = range_of(options);
    return out;
}

struct MeasuredImage {
    std::vector<StructureValues> structures;
    base::Index not_numbers = 0;          ///< voxels of structures without a finite intensity
    std::vector<std::string> unmeasured;  ///< structures without a voxel whose intensity could be measured
    std::vector<std::string> constant;    ///< structures of several voxels that have one intensity
};

/// As many grey levels as any structure of the image can have.
base::Index most_levels_of(const data::Volume& image, const TextureOptions& options) {
    const Discretisation& how = options.discretisation;
    if (how.kind == Discretisation::Kind::bins) return static_cast<base::Index>(how.amount);
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const double value : image.values) {
        if (!(value >= options.range.low && value <= options.range.high) || std::isinf(value)) continue;
        low = std::min(low, value);
        high = std::max(high, value);
    }
    if (std::isfinite(options.range.low)) low = options.range.low;
    const double levels = how.kind == Discretisation::Kind::none ? high : std::floor((high - low) / how.amount) + 1.0;
    constexpr auto most = static_cast<double>(most_levels);
    return static_cast<base::Index>(levels >= 1.0 ? std::min(levels, most) : 1.0);
}

/// What measuring a structure takes, whose families are measured one after another.
std::uint64_t bytes_of(const Box& box, base::Index levels, const TextureOptions& options) {
    constexpr std::uint64_t bytes_per_voxel = 64;
    const auto wanted = [&](Family family) { return std::ranges::count(options.families, family) > 0; };
    std::uint64_t most = 0;
    if (wanted(Family::autocorrelation)) most = std::max(most, autocorrelation_bytes(box));
    if (wanted(Family::glcm)) most = std::max(most, cooccurrence_bytes(levels));
    if (wanted(Family::glrlm)) most = std::max(most, run_length_bytes(box, levels));
    return box.voxels() * bytes_per_voxel + most;
}

/// At most as many structures at a time as the memory allows beside the image and its labels.
int structures_at_a_time(const data::Volume& image, const data::Segmentation& segmentation,
                         const std::vector<ChosenStructure>& structures, const std::vector<LabelBox>& boxes,
                         const TextureOptions& options, const base::Resources& share) {
    const std::uint64_t held = image.values.size() * sizeof(double) + segmentation.labels.size() * sizeof(std::int32_t);
    const base::Index levels = most_levels_of(image, options);
    std::uint64_t most = 1;
    for (const ChosenStructure& structure : structures) {
        const Box box = region_box(segmentation.grid, boxes, structure.labels);
        if (box.voxels() == 0) continue;
        const std::uint64_t needed = bytes_of(box, levels, options);
        base::check_memory(share, held + needed, "the texture of " + structure.name);
        most = std::max(most, needed);
    }
    const std::uint64_t fit = (share.memory - std::min(held, share.memory)) / most;
    return static_cast<int>(std::clamp<std::uint64_t>(fit, 1, static_cast<std::uint64_t>(share.threads)));
}

MeasuredImage measured(const std::string& path, const std::string& labels, const TextureOptions& options,
                       const LabelChoice& choice, ImageReader& reader, const base::Resources& share) {
    const auto segmentation = reader.segmentation(labels, share);
    const data::Volume image = reader.volume(path, share);
    const std::vector<LabelBox> boxes = label_boxes(*segmentation);
    const std::vector<ChosenStructure> structures = choice.structures(*segmentation, labels);
    const int threads = structures_at_a_time(image, *segmentation, structures, boxes, options, share);
    std::vector<StructureValues> values(structures.size());
    std::vector<base::Index> voxels(structures.size()), measurable(structures.size()), not_numbers(structures.size());
    std::vector<std::uint8_t> constant(structures.size());
    base::for_each_in_parallel(structures.size(), threads, [&](std::size_t i) {
        const ChosenStructure& structure = structures[i];
        const Region region = cut_region(image, *segmentation, boxes, structure.labels, options.range);
        voxels[i] = region.structure_voxels;
        measurable[i] = region.measured_voxels;
        not_numbers[i] = region.not_numbers;
        const IntensityRange limits = region.limits();
        constant[i] = region.measured_voxels > 1 && limits.low == limits.high ? 1 : 0;
        values[i] = {structure.order, structure.name, {}};
        if (region.structure_voxels == 0) return;
        const std::vector<Feature> features =
            about_file(path + ": " + structure.name, [&] { return texture_features(image, region, options); });
        for (const Feature& feature : features) values[i].values.push_back(feature.value);
    });
    MeasuredImage out;
    for (std::size_t i = 0; i < structures.size(); ++i) {
        if (voxels[i] == 0) continue;
        out.not_numbers += not_numbers[i];
        if (measurable[i] == 0) out.unmeasured.push_back(structures[i].name);
        if (constant[i] != 0) out.constant.push_back(structures[i].name);
        out.structures.push_back(std::move(values[i]));
    }
    return out;
}

void warn_of(const MeasuredImage& done, const std::string& path, base::Log& log) {
    if (done.not_numbers > 0) {
        log.warn(path + ": " + base::counted(static_cast<std::size_t>(done.not_numbers), "value") +
                 " in structures not finite, left out");
    }
    if (!done.unmeasured.empty()) {
        log.warn(path + ": no voxel in the range of intensities: " + base::joined(done.unmeasured) +
                 "; only the shape is measured");
    }
    for (const std::string& structure : done.constant) {
        log.warn(path + ": " + structure + ": constant, all of its voxels have one intensity; it has no texture");
    }
}

void run(const cli::ParsedOptions& options, cli::Context& context) {
    const TextureOptions wanted = texture_options(options);
    const TableLayout layout = layout_of(options);
    Results results(texture(), options, context);
    io::Output& output = results.open(options.text("output"));
    const LabelChoice choice(options, results, context);
    const MeasuredImages images(options, results, context);
    const std::vector<std::string> labels = images.beside("labels");
    for (const std::string& path : labels) results.protect(path);
    if (wanted.discretisation.kind == Discretisation::Kind::size && !std::isfinite(wanted.range.low)) {
        context.log.warn(
            "bins of a fixed size begin at the smallest intensity of each structure, so that levels do not "
            "stand for the same intensities everywhere; --range LOW, gives them one beginning");
    }

    ImageReader reader;
    std::vector<MeasuredImage> done(images.size());
    constexpr std::uint64_t bytes_per_voxel = 112;
    for_each_image(images, context, bytes_per_voxel, "images", [&](std::size_t i, const base::Resources& share) {
        done[i] = measured(images.image(i), labels[i], wanted, choice, reader, share);
    });

    std::vector<std::string> names;
    for (const Feature& feature : texture_features(wanted)) names.push_back(feature.name);
    MeasureTable table(images.key_columns(), names, layout);
    choice.expect_in(table, labels.front());
    bool anything = false;
    for (std::size_t i = 0; i < done.size(); ++i) {
        warn_of(done[i], images.image(i), context.log);
        table.add(images.keys(i), done[i].structures);
        anything = anything || !done[i].structures.empty();
    }
    if (!anything)
        throw base::degenerate("no image has any of the structures to measure", "look at --labels and --structures");
    table.write(output, context.resources);
    results.commit(inputs_of(images, reader, choice.files()));
}

std::vector<std::string> family_names() {
    std::vector<std::string> names;
    for (const NamedFamily& one : families()) names.emplace_back(one.name);
    return names;
}

std::vector<std::string> aggregation_names() {
    std::vector<std::string> names;
    for (const NamedAggregation& one : aggregations()) names.emplace_back(one.option);
    return names;
}

cli::CommandSpec declared() {
    using cli::OptionKind;
    cli::CommandSpec spec;
    spec.verb = "texture";
    spec.group = "Measure";
    spec.summary = "Measure shape and texture of structures, as IBSI defines them";
    spec.description = {
        "Prints a table with one row per image and structure of a segmentation (--layout wide: one per image): features of "
        "shape, of the intensities and "
        "of the texture of grey levels, as the Image Biomarker Standardisation Initiative (IBSI) defines them.",
        "Texture needs few grey levels: --discretise says how intensities become levels. Features of matrices end in the "
        "way "
        "in which directions and slices were put together (--aggregation)."};
    const std::vector<std::string> all = family_names();
    std::string all_text;
    for (const std::string& name : all) all_text += (all_text.empty() ? "" : ",") + name;
    spec.groups = {
        measured_image_options("to measure"),
        label_options(),
        {"Measures",
         {{"families", OptionKind::list, "NAMES", "Families of features.", all_text, false, all},
          {"discretise", OptionKind::text, "HOW",
           "Grey levels: bins:N, a number of bins between the smallest and the largest intensity of a structure; size:W, "
           "bins "
           "of a size, from the lower end of --range; none, intensities that are whole numbers from 1.",
           "bins:32"},
          {"range", OptionKind::text, "LOW,HIGH",
           "Intensities to measure, both ends included; either may be left out, as in '1,'. The shape is that of the whole "
           "structure."},
          {"aggregation", OptionKind::list, "NAMES",
           "How matrices are put together: in space (3d), per slice (2d), or per slice and then merged (2.5d); per "
           "direction "
           "and then averaged, or of all directions merged. Features of families without directions have names that end in "
           "_3d, _2d or _2_5d; 3d-average and 3d-merged give one and the same of them.",
           "3d-average", false, aggregation_names()},
          layout_option("long")}},
        {"Results", {{"output", OptionKind::output, "FILE", "The table; - is standard output.", "-"}}}};
    spec.examples = {
        {"Texture of the tissues of simulated heads",
         "tare-simulate --images 'heads/{participant_id}.nii.gz' --segmentations 'heads/{participant_id}_dseg.nii.gz' "
         "--shape "
         "32,38,32 --voxel-size 6 --subjects 4 --sites 2 --seed 3 --output heads.tsv && tare-texture --images "
         "'heads/{participant_id}.nii.gz' --participants heads.tsv --labels 'heads/{participant_id}_dseg.nii.gz' --groups "
         "'gm=2,wm=3' --families intensity,glcm --output texture.tsv"}};
    spec.notes = {
        "Definitions: Zwanenburg et al., Radiology 295:328 (2020), and the IBSI reference manual. On its digital phantom "
        "all "
        "482 reference values of these families are met (--discretise none). docs/texture.md lists every feature with "
        "its IBSI code.",
        "Slices are the planes of the first two axes of the file. Distances between voxels are one step, whatever their "
        "size: resample anisotropic images before 3d features are compared.",
        "A structure that is missing in an image is n/a there, and so is a feature that has no value, such as the "
        "correlation of a constant structure. Values that are not finite are left out, with a warning."};
    spec.run = run;
    return spec;
}

}  // namespace

const cli::CommandSpec& texture() {
    static const cli::CommandSpec spec = declared();
    return spec;
}

}  // namespace tare::commands
