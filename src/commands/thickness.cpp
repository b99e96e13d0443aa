// tare-thickness: cortical thickness from a segmentation, by the field lines between its two sides.
#include "tare/imaging/thickness.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <unordered_map>

#include "about_file.hpp"
#include "image_reader.hpp"
#include "label_choice.hpp"
#include "layer_choice.hpp"
#include "measure_table.hpp"
#include "measured_images.hpp"
#include "tare/base/error.hpp"
#include "tare/base/text.hpp"
#include "tare/commands/registry.hpp"
#include "tare/imaging/regional.hpp"
#include "tare/io/image_results.hpp"
#include "tare/io/volume_file.hpp"

namespace tare::commands {
namespace {

using base::Index;
using imaging::LayerThickness;

constexpr double missing = std::numeric_limits<double>::quiet_NaN();
/// As stored and as labels, of a parcellation too, and the parts that voxels play; what layers need comes on top.
constexpr std::uint64_t bytes_per_voxel = 28;

/// Of the thicknesses of one structure's voxels.
std::vector<double> values_of(const std::vector<double>& thickness) {
    if (thickness.empty()) return {missing, missing, missing, missing, 0.0};
    constexpr double median = 50.0;
    const imaging::RegionalSummary summary = imaging::summarise(thickness, std::array{median}, 0.0);
    double area = 0.0;
    for (const double value : thickness) area += 1.0 / value;
    const auto voxels = static_cast<double>(thickness.size());
    return {summary.mean, summary.percentiles.front(), summary.sd, voxels / area, voxels};
}

struct MeasuredImage {
    std::vector<StructureValues> structures;
    std::vector<std::string> warnings;
    std::set<std::int32_t> labels;  ///< those of layers that it has
};

/// Layers stand before all parcels, whose numbers are labels.
long long order_of_layer(std::size_t i, std::size_t layers) {
    return std::numeric_limits<std::int32_t>::min() + static_cast<long long>(i) - static_cast<long long>(layers);
}

/// Layers with voxels, one after another.
std::vector<StructureValues> of_layers(const std::vector<ChosenLayer>& layers, const std::vector<LayerThickness>& found) {
    std::vector<StructureValues> out;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        if (found[i].positions.empty()) continue;
        std::vector<double> thickness = found[i].thickness;
        std::erase_if(thickness, [](double value) { return std::isnan(value); });
        out.push_back({order_of_layer(i, layers.size()), layers[i].name, values_of(thickness)});
    }
    return out;
}

/// Parcels that have voxels with a thickness.
std::vector<StructureValues> of_parcels(const std::vector<ChosenStructure>& parcels, const data::Segmentation& parcellation,
                                        const std::vector<LayerThickness>& found) {
    std::unordered_map<std::int32_t, std::vector<std::size_t>> owners;
    for (std::size_t i = 0; i < parcels.size(); ++i) {
        for (const std::int32_t label : parcels[i].labels) owners[label].push_back(i);
    }
    std::vector<std::vector<double>> inside(parcels.size());
    for (const LayerThickness& layer : found) {
        for (std::size_t at = 0; at < layer.positions.size(); ++at) {
            if (std::isnan(layer.thickness[at])) continue;
            const auto owner = owners.find(parcellation.labels[static_cast<std::size_t>(layer.positions[at])]);
            if (owner == owners.end()) continue;
            for (const std::size_t i : owner->second) inside[i].push_back(layer.thickness[at]);
        }
    }
    std::vector<StructureValues> out;
    for (std::size_t i = 0; i < parcels.size(); ++i) {
        if (!inside[i].empty()) out.push_back({parcels[i].order, parcels[i].name, values_of(inside[i])});
    }
    return out;
}

std::vector<LayerThickness> thickness_of(const data::Segmentation& segmentation, const std::vector<ChosenLayer>& layers,
                                         const std::string& path) {
    std::vector<LayerThickness> out;
    for (const ChosenLayer& layer : layers) {
        out.push_back(about_file(path, [&] { return imaging::laplace_thickness(segmentation, layer.labels); }));
    }
    return out;
}

std::set<std::int32_t> labels_of(const std::vector<ChosenLayer>& layers) {
    std::set<std::int32_t> labels;
    for (const ChosenLayer& layer : layers) {
        labels.insert(layer.labels.layer.begin(), layer.labels.layer.end());
        labels.insert(layer.labels.inner.begin(), layer.labels.inner.end());
    }
    return labels;
}

std::set<std::int32_t> present(const std::set<std::int32_t>& wanted, const data::Segmentation& segmentation) {
    std::set<std::int32_t> found;
    for (const std::int32_t label : segmentation.labels) {
        if (found.size() == wanted.size()) break;
        if (wanted.contains(label)) found.insert(label);
    }
    return found;
}

/// The labels of a ribbon may mean other tissues elsewhere, where a wrong layer would be measured without a word.
void warn_of_other_labels(const std::set<std::int32_t>& wanted, const std::vector<MeasuredImage>& measured, base::Log& log) {
    std::vector<std::string> absent;
    for (const std::int32_t label : wanted) {
        const auto has = [&](const MeasuredImage& image) { return image.labels.contains(label); };
        if (std::ranges::none_of(measured, has)) absent.push_back(std::to_string(label));
    }
    if (absent.empty() || absent.size() == wanted.size()) return;
    log.warn("no image has label " + base::joined(absent) +
             " of FreeSurfer's ribbon.mgz, whose layers are measured; where labels mean other tissues, name them with "
             "--gray and --white");
}

/// Throws Error (71) where a layer is too large for what may be used.
void check_memory_for(const data::Segmentation& segmentation, const std::vector<ChosenLayer>& layers,
                      const std::string& path, const base::Resources& share) {
    // A voxel's place, its six neighbours before and after pieces are left out, and the vectors of the solution.
    constexpr std::uint64_t bytes_per_layer_voxel = 192;
    std::unordered_map<std::int32_t, std::uint64_t> voxels;
    for (const ChosenLayer& layer : layers) {
        for (const std::int32_t label : layer.labels.layer) voxels.emplace(label, 0);
    }
    for (const std::int32_t label : segmentation.labels) {
        if (const auto found = voxels.find(label); found != voxels.end()) ++found->second;
    }
    std::uint64_t all = 0;
    for (const auto& [label, count] : voxels) all += count;
    base::check_memory(share, segmentation.labels.size() * bytes_per_voxel + all * bytes_per_layer_voxel, path);
}

void warn_of_pieces(const std::vector<ChosenLayer>& layers, const std::vector<LayerThickness>& found,
                    const std::string& path, std::vector<std::string>& warnings) {
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const std::string where = path + (layers[i].name.empty() ? "" : ": " + layers[i].name);
        if (found[i].positions.empty()) {
            warnings.push_back(where + ": no voxel of the layer");
            continue;
        }
        if (found[i].flat > 0) {
            warnings.push_back(where + ": " + base::counted(static_cast<std::size_t>(found[i].flat), "voxel") +
                               " left out, where the field has no direction");
        }
        if (found[i].apart > 0) {
            warnings.push_back(where + ": " + base::counted(static_cast<std::size_t>(found[i].apart), "voxel") + " in " +
                               base::counted(static_cast<std::size_t>(found[i].pieces_apart), "piece") +
                               " left out, not between white matter and outside");
        }
    }
}

/// Every voxel's thickness: 0 outside the layers, not a number where a layer has none.
std::vector<float> map_of(const std::vector<LayerThickness>& found, std::size_t voxels) {
    std::vector<float> map(voxels, 0.0F);
    for (const LayerThickness& layer : found) {
        for (std::size_t at = 0; at < layer.positions.size(); ++at)
            map[static_cast<std::size_t>(layer.positions[at])] = static_cast<float>(layer.thickness[at]);
    }
    return map;
}

/// The maps of --output-images: checked before work begins; none is left where the run fails.
class Maps {
public:
    Maps(const cli::ParsedOptions& options, cli::Context& context, const MeasuredImages& images,
         const std::vector<std::string>& parcels)
        : written_(context.unfinished, context.force ? io::Existing::replace : io::Existing::refuse) {
        if (!options.given("output-images")) return;
        names_ = images.named_for_results("output-images");
        std::vector<std::string> read = parcels;
        for (std::size_t i = 0; i < images.size(); ++i) read.push_back(images.image(i));
        written_.check(names_, read);
    }

    [[nodiscard]] bool wanted() const noexcept { return !names_.empty(); }
    void write(std::size_t i, const io::ImageHeader& like, const std::vector<float>& map, const io::Provenance& provenance) {
        written_.write(names_[i], io::image_bytes(names_[i], like, io::VoxelType::float32, std::span(map)), provenance);
    }
    void withdraw() noexcept { written_.withdraw(); }

private:
    io::ImageResults written_;
    std::vector<std::string> names_;
};

MeasureTable table_of(const MeasuredImages& images, const std::vector<MeasuredImage>& measured, TableLayout layout,
                      base::Log& log) {
    MeasureTable table(images.key_columns(),
                       {"thickness_mean_mm", "thickness_median_mm", "thickness_sd_mm", "thickness_area_mean_mm", "voxels"},
                       layout);
    bool anything = false;
    for (std::size_t i = 0; i < measured.size(); ++i) {
        for (const std::string& warning : measured[i].warnings) log.warn(warning);
        for (const StructureValues& one : measured[i].structures) anything = anything || !std::isnan(one.values.front());
        table.add(images.keys(i), measured[i].structures);
    }
    if (anything) return table;
    throw base::degenerate("no image has a layer between white matter and outside", "look at --gray and --white");
}

void run(const cli::ParsedOptions& options, cli::Context& context) {
    const std::vector<ChosenLayer> layers = chosen_layers(options);
    const TableLayout layout = layout_of(options);
    if (!options.given("labels")) {
        for (const char* name : {"label-names", "groups", "structures"}) {
            if (options.given(name)) throw base::usage_error("--" + std::string(name) + " needs --labels");
        }
    }
    Results results(thickness(), options, context);
    io::Output& output = results.open(options.text("output"));
    const LabelChoice choice(options, results, context);
    const MeasuredImages images(options, results, context);
    const std::vector<std::string> parcellations = images.beside("labels");
    for (const std::string& path : parcellations) results.protect(path);
    Maps maps(options, context, images, parcellations);

    ImageReader reader;
    std::vector<MeasuredImage> measured(images.size());
    const std::set<std::int32_t> wanted = labels_of(layers);
    try {
        for_each_image(images, context, bytes_per_voxel, "images", [&](std::size_t i, const base::Resources& share) {
            const std::string& path = images.image(i);
            const io::Image image = reader.image(path, share);
            const data::Segmentation segmentation = io::segmentation_of(image, share);
            check_memory_for(segmentation, layers, path, share);
            const std::vector<LayerThickness> found = thickness_of(segmentation, layers, path);
            warn_of_pieces(layers, found, path, measured[i].warnings);
            measured[i].labels = present(wanted, segmentation);
            measured[i].structures = of_layers(layers, found);
            std::vector<io::InputFile> inputs = image.files;
            if (!parcellations.empty()) {
                const auto parcellation = reader.segmentation(parcellations[i], share);
                const std::vector<StructureValues> parcels =
                    of_parcels(choice.structures(*parcellation, parcellations[i]), *parcellation, found);
                measured[i].structures.insert(measured[i].structures.end(), parcels.begin(), parcels.end());
            }
            if (maps.wanted())
                maps.write(i, image.header, map_of(found, segmentation.labels.size()), results.provenance(inputs));
        });
        MeasureTable table = table_of(images, measured, layout, context.log);
        for (std::size_t i = 0; i < layers.size(); ++i) table.expect(order_of_layer(i, layers.size()), layers[i].name);
        if (!parcellations.empty()) choice.expect_in(table, parcellations.front());
        if (!options.given("gray") && !options.given("white")) warn_of_other_labels(wanted, measured, context.log);
        table.write(output, context.resources);
        results.commit(inputs_of(images, reader, choice.files()));
    } catch (...) {
        maps.withdraw();
        throw;
    }
}

cli::CommandSpec declared() {
    using cli::OptionKind;
    cli::CommandSpec spec;
    spec.verb = "thickness";
    spec.group = "Measure";
    spec.summary = "Measure cortical thickness in segmentations";
    spec.description = {
        "Solves Laplace's equation in grey matter between white matter and what lies outside (Jones et al. 2000), and "
        "prints "
        "mean, median and SD of the lengths of its field lines through every voxel (Yezzi and Prince 2003), in millimetres: "
        "of "
        "both hemispheres of FreeSurfer's ribbon.mgz, or of the layers that --gray and --white name, and with --labels of "
        "every "
        "parcel."};
    spec.groups = {measured_image_options("to measure, segmentations such as FreeSurfer's ribbon.mgz"),
                   layer_options(),
                   label_options(),
                   {"Results",
                    {{"output", OptionKind::output, "FILE", "The table; - is standard output.", "-"},
                     {"output-images", OptionKind::output, "PATTERN",
                      "Also write the thickness in every voxel of grey matter as an image, named like --images."},
                     layout_option("wide")}}};
    spec.examples = {
        {"Thickness of the grey matter of simulated heads",
         "tare-simulate --images 'heads/{participant_id}.nii.gz' --segmentations 'heads/{participant_id}_dseg.nii.gz' "
         "--shape "
         "48,56,48 --voxel-size 4 --subjects 4 --sites 2 --seed 3 --output heads.tsv && tare-thickness --images "
         "'heads/{participant_id}_dseg.nii.gz' --participants heads.tsv --gray 2 --white 3 --output thickness.tsv"}};
    spec.notes = {
        "The sides lie on the faces between voxels. Slabs along the grid are exact; shells of 3 mm are found to a tenth of "
        "a "
        "voxel in the mean, and to a fifth in single voxels (root mean square). Voxels may have any edges. No field line "
        "leaves the "
        "image.",
        "thickness_mean_mm counts every voxel once, so that thick places, which have more voxels, count more than on a "
        "surface. "
        "thickness_area_mean_mm is n / sum(1 / t), volume over area: compare this one with means over surfaces.",
        "Where two banks of a fold touch without an outer voxel between them, field lines run along the fold to its "
        "opening: "
        "thickness is too large there. Pieces of grey matter that do not touch both sides are left out, with a warning; in "
        "--output-images they are not a number, and all that is no grey matter is 0."};
    spec.run = run;
    return spec;
}

}  // namespace

const cli::CommandSpec& thickness() {
    static const cli::CommandSpec spec = declared();
    return spec;
}

}  // namespace tare::commands
