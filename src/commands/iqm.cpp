// tare-iqm: images, with or without segmentations, to a table of their quality.
#include <algorithm>
#include <cstdint>
#include <map>

#include "about_file.hpp"
#include "image_reader.hpp"
#include "measure_table.hpp"
#include "measured_images.hpp"
#include "tare/base/error.hpp"
#include "tare/base/text.hpp"
#include "tare/commands/registry.hpp"
#include "tare/data/label_names.hpp"
#include "tare/imaging/head_mask.hpp"
#include "tare/imaging/image_quality.hpp"
#include "tare/io/mask_marks.hpp"

namespace tare::commands {
namespace {

using Labels = std::vector<std::int32_t>;

Labels labels_in(const cli::ParsedOptions& options, const std::string& name) {
    Labels labels;
    for (const std::string& text : options.list(name)) {
        const auto label = data::parse_label(text);
        if (!label) {
            throw base::usage_error("--" + name + ": '" + text + "' is not a label", "labels are whole numbers");
        }
        labels.push_back(*label);
    }
    std::sort(labels.begin(), labels.end());
    return labels;
}

imaging::TissueLabels tissue_labels(const cli::ParsedOptions& options) {
    imaging::TissueLabels labels =
        options.text("tissues") == "freesurfer" ? imaging::freesurfer_tissues() : imaging::fast_tissues();
    std::map<std::int32_t, std::string> owner;
    for (const auto& [name, own] :
         {std::pair("csf", &labels.csf), std::pair("gm", &labels.gm), std::pair("wm", &labels.wm)}) {
        if (options.given(name)) *own = labels_in(options, name);
        if (own->empty()) throw base::usage_error("--" + std::string(name) + " is empty; it must name a label");
        for (const std::int32_t label : *own) {
            if (label == 0) throw base::usage_error("--" + std::string(name) + ": label 0 is background");
            if (const auto [other, fresh] = owner.emplace(label, name); !fresh && other->second != name) {
                throw base::usage_error("label " + std::to_string(label) + " is both " + other->second + " and " + name);
            }
        }
    }
    if (!options.given("background")) return labels;
    const Labels background = labels_in(options, "background");
    if (background.empty()) throw base::usage_error("--background is empty; it must name a label");
    for (const std::int32_t label : background) {
        if (const auto found = owner.find(label); found != owner.end()) {
            throw base::usage_error("label " + std::to_string(label) + " is both background and " + found->second);
        }
    }
    return labels;
}

void check(const cli::ParsedOptions& options) {
    for (const char* name : {"tissues", "csf", "gm", "wm", "background"}) {
        if (options.given(name) && !options.given("labels")) {
            throw base::usage_error("--" + std::string(name) + " needs --labels");
        }
    }
    if (options.given("background") && options.given("head-mask")) {
        throw base::usage_error("--background does not go with --head-mask", "both tell where there is air");
    }
}

/// What the user says of where things lie.
class Anatomy {
public:
    Anatomy(const cli::ParsedOptions& options, const MeasuredImages& images)
        : labels_(tissue_labels(options)),
          background_(labels_in(options, "background")),
          erode_(options.text("erode")),
          segmentations_(images.beside("labels")),
          masks_(images.beside("head-mask")) {}

    [[nodiscard]] imaging::HeadParts parts(std::size_t i, const data::Volume& volume, ImageReader& reader,
                                           const base::Resources& share) const {
        imaging::HeadParts parts;
        parts.erode = erode_ == "auto" ? imaging::erodes_by_default(volume.grid) : erode_ == "yes";
        std::shared_ptr<const data::Segmentation> segmentation;
        if (!segmentations_.empty()) {
            segmentation = reader.segmentation(segmentations_[i], share);
            parts.tissue = imaging::tissues_of(*segmentation, labels_);
        }
        if (!masks_.empty()) {
            const data::Volume mask = reader.volume(masks_[i], share);
            parts.head = io::mask_marks(mask.values, masks_[i]);
        } else if (!background_.empty()) {
            for (const std::int32_t label : segmentation->labels) {
                parts.head.push_back(std::binary_search(background_.begin(), background_.end(), label) ? 0 : 1);
            }
        } else {
            parts.head = imaging::head_mask(volume);
            for (std::size_t v = 0; segmentation && v < parts.head.size(); ++v) {
                if (segmentation->labels[v] != 0) parts.head[v] = 1;
            }
        }
        return parts;
    }

private:
    imaging::TissueLabels labels_;
    Labels background_;
    std::string erode_;
    std::vector<std::string> segmentations_, masks_;
};

/// One warning for each remark, however many images it is true of.
void warn(const MeasuredImages& images, const std::vector<imaging::ImageQuality>& measured, base::Log& log) {
    std::map<std::string, std::vector<std::string>> of_remark;
    for (std::size_t i = 0; i < measured.size(); ++i) {
        for (const std::string& remark : measured[i].remarks) of_remark[remark].push_back(images.image(i));
    }
    for (const auto& [remark, paths] : of_remark) {
        log.warn(paths.front() + (paths.size() > 1 ? " and " + base::counted(paths.size() - 1, "more image") : "") + ": " +
                 remark + "; what depends on it is n/a");
    }
    for (std::size_t i = 0; i < measured.size(); ++i) {
        if (measured[i].not_finite == 0) continue;
        log.warn(images.image(i) + ": " + base::counted(measured[i].not_finite, "value") + " not finite; left out");
    }
}

void run(const cli::ParsedOptions& options, cli::Context& context) {
    check(options);
    Results results(iqm(), options, context);
    io::Output& output = results.open(options.text("output"));
    const MeasuredImages images(options, results, context);
    const Anatomy anatomy(options, images);
    ImageReader reader;
    std::vector<imaging::ImageQuality> measured(images.size());
    // The image as stored, decoded, without what is below 0, sorted, squared, and the marks of regions.
    constexpr std::uint64_t bytes_per_voxel = 64;
    for_each_image(images, context, bytes_per_voxel, "measuring", [&](std::size_t i, const base::Resources& share) {
        const data::Volume volume = reader.volume(images.image(i), share);
        const imaging::HeadParts parts = anatomy.parts(i, volume, reader, share);
        measured[i] = about_file(images.image(i), [&] { return imaging::image_quality(volume, parts); });
    });
    warn(images, measured, context.log);
    MeasureTable table(images.key_columns(), imaging::quality_names(), TableLayout::wide);
    for (std::size_t i = 0; i < measured.size(); ++i) table.add(images.keys(i), {{0, "", measured[i].values}});
    table.write(output, context.resources);
    results.commit(inputs_of(images, reader));
}

cli::CommandSpec declared() {
    using cli::OptionKind;
    cli::CommandSpec spec;
    spec.verb = "iqm";
    spec.group = "Measure";
    spec.summary = "Measure the quality of structural images as MRIQC does";
    spec.description = {
        "Prints a table with one row per image and the measures of MRIQC under their names there: signal to noise of each "
        "tissue (snr) and against the air (snrd), contrast to noise (cnr), joint variation of grey and white matter (cjv), "
        "entropy focus (efc), energy of head and air (fber), white matter against the brightest voxels (wm2max), shares of "
        "the tissues (icvs) and the intensities of air and tissues (summary). They tell which scans to leave out, and serve "
        "as covariates.",
        "Tissues come from a segmentation. Without one only efc, fber and the summary of the air are measured, all else is "
        "n/a. The air is what lies outside of the head, which is found by Otsu's threshold unless --head-mask or "
        "--background says otherwise."};
    spec.groups = {
        measured_image_options("to measure"),
        {"Head and tissues",
         {{"labels", OptionKind::list, "PATTERN", "Segmentation of each image, on its grid, named in the same way."},
          {"tissues",
           OptionKind::choice,
           "SET",
           "How the labels are numbered: 1, 2 and 3 for CSF, grey and white matter, or as FreeSurfer does.",
           "fast",
           false,
           {"fast", "freesurfer"}},
          {"csf", OptionKind::list, "LABELS", "Labels of cerebrospinal fluid, instead of those of --tissues."},
          {"gm", OptionKind::list, "LABELS", "Labels of grey matter."},
          {"wm", OptionKind::list, "LABELS", "Labels of white matter."},
          {"background", OptionKind::list, "LABELS", "Labels of the air, where the segmentation is one of the whole head."},
          {"head-mask", OptionKind::list, "PATTERN", "Mask of the head for each image, not 0 within it."},
          {"erode",
           OptionKind::choice,
           "WHEN",
           "Measure tissues and air without the voxels at their border; auto: where voxels are smaller than 1.9 mm.",
           "auto",
           false,
           {"auto", "yes", "no"}}}},
        {"Results", {{"output", OptionKind::output, "FILE", "The table; - is standard output.", "-"}}}};
    spec.examples = {
        {"The quality of simulated heads, with a mask of the head",
         "tare-simulate --quiet --images 'phantoms/{participant_id}.nii.gz' --shape 32,38,32 --voxel-size 6 "
         "--subjects 4 --sites 2 --output phantoms.tsv --truth phantom_truth && "
         "tare-iqm --quiet --images 'phantoms/{participant_id}.nii.gz' --participants phantoms.tsv "
         "--head-mask phantom_truth/head.nii.gz --output quality.tsv"},
        {"One scan, its head found by Otsu's threshold", "tare-iqm --images phantoms/sub-01.nii.gz --output one_scan.tsv"}};
    spec.notes = {"Formulas and differences from MRIQC: docs/measurements.md."};
    spec.run = run;
    return spec;
}

}  // namespace

const cli::CommandSpec& iqm() {
    static const cli::CommandSpec spec = declared();
    return spec;
}

}  // namespace tare::commands
