// tare-fractal: the fractal dimension of binary structures and of the structures of segmentations.
#include "tare/imaging/fractal.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "image_reader.hpp"
#include "label_choice.hpp"
#include "measure_table.hpp"
#include "measured_images.hpp"
#include "tare/base/error.hpp"
#include "tare/base/number_text.hpp"
#include "tare/base/text.hpp"
#include "tare/commands/registry.hpp"
#include "tare/io/volume_file.hpp"
#include "text_table.hpp"

namespace tare::commands {
namespace {

using base::Index;
using imaging::BoxCount;
using imaging::FractalConvention;
using imaging::ScalingWindow;
using imaging::VoxelSet;

struct Request {
    imaging::FractalOptions options;
    std::optional<double> resample;  ///< edge of the cubes, in millimetres
};

Request request_of(const cli::ParsedOptions& options) {
    const auto at_least = [&](const std::string& name, long long least, long long most) {
        const long long value = *options.integer(name);
        if (value < least || value > most) {
            throw base::usage_error("--" + name + ": " + options.text(name) + " is not from " + std::to_string(least) +
                                    " to " + std::to_string(most));
        }
        return static_cast<Index>(value);
    };
    Request request;
    request.options.offsets = at_least("offsets", 1, 1'000'000);
    request.options.least_scales = at_least("min-scales", 3, 60);
    request.options.seed = static_cast<std::uint64_t>(at_least("seed", 0, std::numeric_limits<std::int64_t>::max()));
    if (options.text("cover") == "minimum") request.options.cover = imaging::BoxCover::minimum;
    if (options.text("convention") == "fractalbrain") {
        request.options.convention = FractalConvention::fractalbrain;
        if (options.given("seed")) {
            throw base::usage_error("--seed: the convention fractalbrain has a stream of its own",
                                    "leave out one of the two");
        }
    }
    request.resample = options.number("resample");
    if (request.resample && !(*request.resample > 0.0)) {
        throw base::usage_error("--resample: " + options.text("resample") + " is no edge of a cube in millimetres");
    }
    return request;
}

/// What is counted: cubes of which edge, and how many of them along each axis.
struct Lattice {
    double edge = 1.0;
    std::array<Index, 3> extents{};
};

/// Seven digits: what a header in single precision tells of a size.
double told(double size) {
    const double unit = std::pow(10.0, 6.0 - std::floor(std::log10(size)));
    return std::round(size * unit) / unit;
}

std::string sizes_text(const std::array<double, 3>& sizes) {
    std::string text;
    for (const double size : sizes) {
        text += (text.empty() ? "" : " × ") + base::number_text(told(size));
    }
    return text;
}

/// Throws Error (65) where voxels are no cubes, or the grid has too few scales.
Lattice lattice_of(const data::Grid& grid, const std::string& path, const Request& request) {
    const std::array<double, 3> sizes = data::voxel_sizes(grid);
    Lattice lattice{told(sizes[0]), data::extents(grid)};
    if (request.resample) {
        lattice = {*request.resample, imaging::resampled_extents(lattice.extents, sizes, *request.resample)};
    } else if (!data::is_isotropic(grid)) {
        const double least = told(*std::min_element(sizes.begin(), sizes.end()));
        throw base::degenerate(path + ": voxels of " + sizes_text(sizes) + " mm are no cubes",
                               "--resample " + base::number_text(least) + " counts cubes of that edge");
    }
    const Index scales = imaging::scales_of(lattice.extents);
    if (scales >= request.options.least_scales) return lattice;
    const Index longest = *std::max_element(lattice.extents.begin(), lattice.extents.end());
    throw base::degenerate(path + ": " + base::counted(static_cast<std::size_t>(longest), "voxel") +
                           " along the longest axis give boxes of " +
                           base::counted(static_cast<std::size_t>(scales), "size") + ", fewer than --min-scales " +
                           std::to_string(request.options.least_scales));
}

struct MeasuredStructure {
    long long order = 0;
    std::string name;
    Index voxels = 0;
    std::vector<BoxCount> counts;
    std::optional<ScalingWindow> window;
};

struct MeasuredImage {
    double edge = 1.0;
    std::vector<MeasuredStructure> structures;  ///< those that have voxels
};

/// `values`: of the slice z, whose rows have `width` voxels.
void check_finite(const std::vector<double>& values, Index width, Index z, const std::string& path) {
    const auto fault = std::ranges::find_if(values, [](double value) { return !std::isfinite(value); });
    if (fault == values.end()) return;
    const auto at = static_cast<Index>(fault - values.begin());
    throw base::malformed(path + ": voxel (" + std::to_string(at % width) + ", " + std::to_string(at / width) + ", " +
                              std::to_string(z) + ") is not a finite number",
                          "a mask says of every voxel whether it belongs to the structure: 0, or a value above 0");
}

/// The voxels above 0, decoded slice by slice. Throws Error (65) where a voxel is not finite, which cannot be told to lie in
/// the structure or outside.
VoxelSet foreground_of(const io::Image& image) {
    const data::Grid& grid = image.header.grid;
    if (io::volumes_of(grid) > 1) {
        throw base::inconsistent(image.source + ": holds " + std::to_string(io::volumes_of(grid)) + " volumes, " +
                                     data::shape_text(grid) + ", where one is wanted",
                                 "cut out the volume that is meant");
    }
    VoxelSet set(data::extents(grid));
    std::vector<Index> positions(static_cast<std::size_t>(set.extents()[0] * set.extents()[1]));
    std::iota(positions.begin(), positions.end(), Index{0});
    std::vector<double> values(positions.size());
    for (Index z = 0; z < set.extents()[2]; ++z) {
        io::decode(image, positions, values);
        check_finite(values, set.extents()[0], z, image.source);
        imaging::insert_above_zero(set, z, values);
        for (Index& position : positions) position += static_cast<Index>(positions.size());
    }
    return set;
}

class FractalMeasurement {
public:
    explicit FractalMeasurement(Request request) : request_(request) {}

    /// The voxels above 0.
    [[nodiscard]] MeasuredImage foreground(const io::Image& image, const base::Resources& share) const {
        const VoxelSet set = foreground_of(image);
        MeasuredImage out = begun(image.header.grid, image.source, share);
        measure(set, image.header.grid, {}, out);
        return out;
    }

    [[nodiscard]] MeasuredImage structures(const data::Segmentation& segmentation,
                                           const std::vector<ChosenStructure>& chosen, const std::string& path,
                                           const base::Resources& share) const {
        MeasuredImage out = begun(segmentation.grid, path, share);
        // So many at a time, so that sets of voxels take no more memory than labels do.
        constexpr std::size_t at_a_time = 16;
        for (std::size_t first = 0; first < chosen.size(); first += at_a_time) {
            const std::size_t last = std::min(chosen.size(), first + at_a_time);
            std::vector<std::vector<std::int32_t>> labels;
            for (std::size_t i = first; i < last; ++i) labels.push_back(chosen[i].labels);
            const std::vector<VoxelSet> sets = imaging::of_labels(segmentation, labels);
            for (std::size_t i = first; i < last; ++i) measure(sets[i - first], segmentation.grid, chosen[i], out);
        }
        return out;
    }

private:
    [[nodiscard]] MeasuredImage begun(const data::Grid& grid, const std::string& path, const base::Resources& share) const {
        const Lattice lattice = lattice_of(grid, path, request_);
        if (request_.resample) {
            const double cubes = static_cast<double>(lattice.extents[0]) * static_cast<double>(lattice.extents[1]) *
                                 static_cast<double>(lattice.extents[2]);
            constexpr double beyond_any = 1e18;
            base::check_memory(share, static_cast<std::uint64_t>(std::min(cubes, beyond_any)) / 8, path + ", resampled");
        }
        return {lattice.edge, {}};
    }

    void measure(const VoxelSet& set, const data::Grid& grid, const ChosenStructure& structure, MeasuredImage& into) const {
        if (set.empty()) return;
        if (request_.resample) {
            const VoxelSet cubes = imaging::resampled(set, data::voxel_sizes(grid), *request_.resample);
            if (!cubes.empty()) count(cubes, structure, into);
        } else {
            count(set, structure, into);
        }
    }

    void count(const VoxelSet& set, const ChosenStructure& structure, MeasuredImage& into) const {
        MeasuredStructure out{structure.order, structure.name, set.size(), imaging::count_scales(set, request_.options), {}};
        out.window = imaging::scaling_window(imaging::covering(out.counts, request_.options.cover),
                                             request_.options.least_scales, request_.options.convention);
        into.structures.push_back(std::move(out));
    }

    Request request_;
};

double edge_of_scale(const MeasuredImage& image, Index scale) {
    return image.edge * std::exp2(static_cast<double>(scale));
}

std::vector<double> values_of(const MeasuredImage& image, const MeasuredStructure& structure) {
    constexpr double missing = std::numeric_limits<double>::quiet_NaN();
    const auto voxels = static_cast<double>(structure.voxels);
    if (!structure.window) return {missing, missing, missing, missing, missing, voxels};
    const ScalingWindow& window = *structure.window;
    return {window.dimension,
            window.standard_error,
            window.adjusted_r2,
            edge_of_scale(image, window.first),
            edge_of_scale(image, window.first + window.length - 1),
            voxels};
}

TextTable counts_table(const MeasuredImages& images, const std::vector<MeasuredImage>& measured, bool named) {
    std::vector<std::string> header = images.key_columns();
    if (named) header.emplace_back("structure");
    header.insert(header.end(), {"box_voxels", "box_mm", "mean_boxes", "least_boxes", "in_window"});
    TextTable table(header);
    for (std::size_t i = 0; i < measured.size(); ++i) {
        for (const MeasuredStructure& structure : measured[i].structures) {
            for (std::size_t scale = 0; scale < structure.counts.size(); ++scale) {
                const BoxCount& count = structure.counts[scale];
                const auto place = static_cast<Index>(scale);
                const bool inside = structure.window && place >= structure.window->first &&
                                    place < structure.window->first + structure.window->length;
                std::vector<std::string> row = images.keys(i);
                if (named) row.push_back(structure.name);
                row.insert(row.end(), {std::to_string(count.side), cell(edge_of_scale(measured[i], place)), cell(count.mean),
                                       std::to_string(count.least), inside ? "1" : "0"});
                table.add(row);
            }
        }
    }
    return table;
}

/// Throws Error (65) where nothing at all was measured.
MeasureTable measures_table(const MeasuredImages& images, const std::vector<MeasuredImage>& measured,
                            const std::optional<LabelChoice>& choice, TableLayout layout, base::Log& log) {
    MeasureTable table(images.key_columns(), {"fd", "fd_se", "adjusted_r2", "mfs_mm", "Mfs_mm", "voxels"}, layout);
    if (choice) choice->expect_in(table, images.image(0));
    bool anything = false;
    for (std::size_t i = 0; i < measured.size(); ++i) {
        std::vector<StructureValues> row;
        for (const MeasuredStructure& structure : measured[i].structures) {
            row.push_back({structure.order, structure.name, values_of(measured[i], structure)});
            if (structure.window) continue;
            log.warn(images.image(i) + ": " + (structure.name.empty() ? "" : structure.name + ": ") +
                     "as many boxes of every size, so that it has no fractal dimension");
        }
        anything = anything || !row.empty();
        if (!choice && row.empty()) log.warn(images.image(i) + ": no voxel is above 0");
        table.add(images.keys(i), row);
    }
    if (anything) return table;
    if (!choice) throw base::degenerate("no image has a voxel above 0");
    throw base::degenerate("no image has any of the structures to measure", "look at --groups and --structures");
}

void run(const cli::ParsedOptions& options, cli::Context& context) {
    const Request request = request_of(options);
    const TableLayout layout = layout_of(options);
    Results results(fractal(), options, context);
    const bool own_stream = request.options.convention == FractalConvention::tare;
    if (!own_stream) results.leave_out({"seed"});
    io::Output& output = results.open(options.text("output"));
    io::Output* counts = options.given("counts") ? &results.open(options.text("counts")) : nullptr;
    std::optional<LabelChoice> choice;
    if (options.given("groups") || options.given("structures")) {
        choice.emplace(options, results, context);
    } else if (options.given("label-names")) {
        throw base::usage_error("--label-names needs --groups or --structures");
    }
    const MeasuredImages images(options, results, context);

    const FractalMeasurement measurement(request);
    ImageReader reader;
    std::vector<MeasuredImage> measured(images.size());
    // As stored, as values or labels, and as bits.
    constexpr std::uint64_t bytes_per_voxel = 20;
    for_each_image(images, context, bytes_per_voxel, "images", [&](std::size_t i, const base::Resources& share) {
        const std::string& path = images.image(i);
        if (choice) {
            const auto segmentation = reader.segmentation(path, share);
            measured[i] = measurement.structures(*segmentation, choice->structures(*segmentation, path), path, share);
        } else {
            measured[i] = measurement.foreground(reader.image(path, share), share);
        }
    });

    measures_table(images, measured, choice, layout, context.log).write(output, context.resources);
    if (counts != nullptr) counts_table(images, measured, choice.has_value()).write(*counts, context.resources);
    results.commit(inputs_of(images, reader, choice ? choice->files() : std::vector<io::InputFile>()),
                   own_stream ? std::optional(request.options.seed) : std::nullopt);
}

/// As for other measuring commands, but that the images are themselves the segmentations.
cli::OptionGroup structure_options() {
    cli::OptionGroup group = label_options();
    std::erase_if(group.options, [](const cli::OptionSpec& option) { return option.name == "labels"; });
    return group;
}

cli::CommandSpec declared() {
    using cli::OptionKind;
    cli::CommandSpec spec;
    spec.verb = "fractal";
    spec.group = "Measure";
    spec.summary = "Measure the fractal dimension of structures by box counting";
    spec.description = {
        "Counts the boxes of 1, 2, 4 … voxels a side that a structure touches, at random offsets, and prints minus the "
        "slope of "
        "log2 boxes on log2 side over the scales where it is straightest: fractal dimension, standard error, adjusted R², "
        "and "
        "the smallest and the largest of these scales in millimetres (Marzi et al. 2020).",
        "An image is a structure, its voxels above 0; with --groups or --structures it is a segmentation, and its "
        "structures "
        "are measured one by one."};
    spec.groups = {measured_image_options("to measure, masks or segmentations"), structure_options()};
    spec.groups.push_back(
        {"Box counting",
         {{"offsets", OptionKind::integer, "N", "How often boxes of each size are laid anew.", "20"},
          {"min-scales", OptionKind::integer, "N", "Scales that a window has at least.", "5"},
          {"cover",
           OptionKind::choice,
           "RULE",
           "Which number of boxes of a size counts: the mean over offsets, or the least.",
           "mean",
           false,
           {"mean", "minimum"}},
          {"convention",
           OptionKind::choice,
           "NAME",
           "fractalbrain: the offsets of fractalbrain-toolkit, windows compared by R² with three decimals, the dimension "
           "with "
           "four.",
           "tare",
           false,
           {"tare", "fractalbrain"}},
          {"seed", OptionKind::integer, "NUMBER", "Of the offsets of every structure.", "1"},
          {"resample", OptionKind::number, "MM",
           "Cut voxels into cubes of this edge first, each belonging to what its centre lies in; for voxels that are no "
           "cubes."},
          layout_option("wide")}});
    spec.groups.push_back({"Results",
                           {{"output", OptionKind::output, "FILE", "The table; - is standard output.", "-"},
                            {"counts", OptionKind::output, "FILE", "Also write the number of boxes of every size."}}});
    spec.examples = {
        {"Tissues of simulated heads, with the counts",
         "tare-simulate --images 'heads/{participant_id}.nii.gz' --segmentations 'heads/{participant_id}_dseg.nii.gz' "
         "--shape "
         "32,38,32 --voxel-size 6 --subjects 6 --sites 2 --seed 3 --output heads.tsv && tare-fractal --images "
         "'heads/{participant_id}_dseg.nii.gz' --participants heads.tsv --groups gm=2,wm=3 --counts boxes.tsv --output "
         "fractal.tsv"}};
    spec.notes = {
        "Windows are of at least --min-scales neighbouring scales. The one with the largest adjusted R² is taken; where "
        "several "
        "have it, the widest, then the one with the finest scales. Largest boxes are the first that are no smaller than the "
        "longest axis of the image, so that an image needs more than 8 voxels along it for five scales.",
        "The standard error is that of the least-squares slope: it says how straight the line is, not how the dimension "
        "would "
        "vary between scans. Means over offsets count more boxes than the best lattice needs, so that dimensions come out "
        "low: "
        "a Menger sponge (2.727) of 256 voxels gives 2.578, with --convention fractalbrain 2.558.",
        "A structure that is missing in an image is n/a there, and so is the dimension of one that is a single voxel."};
    spec.run = run;
    return spec;
}

}  // namespace

const cli::CommandSpec& fractal() {
    static const cli::CommandSpec spec = declared();
    return spec;
}

}  // namespace tare::commands
