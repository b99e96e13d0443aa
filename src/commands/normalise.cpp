// tare-normalise: images to the same images with intensities on a common scale; methods that learn a standard learn it from
// training images first.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <optional>

#include "about_file.hpp"
#include "image_reader.hpp"
#include "intensity_choice.hpp"
#include "measured_images.hpp"
#include "tare/base/error.hpp"
#include "tare/base/number_text.hpp"
#include "tare/base/text.hpp"
#include "tare/commands/registry.hpp"
#include "tare/data/name_pattern.hpp"
#include "tare/data/row_filter.hpp"
#include "tare/io/bids.hpp"
#include "tare/io/image_results.hpp"
#include "tare/io/volume_file.hpp"

namespace tare::commands {
namespace {

/// An image as stored and decoded, its mask, its values sorted and normalised, and its bytes for the file.
constexpr std::uint64_t bytes_per_voxel = 64;

void check(const cli::ParsedOptions& options, const IntensityChoice& choice) {
    const bool fits = choice.is_fitted() && !options.given("apply-model");
    for (const char* name : {"model", "train-where"}) {
        if (options.given(name) && !fits) {
            throw base::usage_error("--" + std::string(name) + " does not go with " +
                                    (options.given("apply-model") ? "--apply-model" : "--method " + choice.name));
        }
    }
    if (options.given("apply-model") && !choice.is_fitted()) {
        throw base::usage_error("--apply-model does not go with --method " + choice.name, "it looks at each image alone");
    }
    if (options.given("shard") && fits) {
        throw base::usage_error("--shard does not go with a fit, which must see all training images",
                                "fit once with --model and without --output-images, then --apply-model in every shard");
    }
    if (options.given("train-where") && !options.given("participants")) {
        throw base::usage_error("--train-where needs --participants");
    }
    if (!options.given("output-images") && !options.given("model")) {
        throw base::usage_error(
            "--output-images is missing",
            choice.is_fitted() ? "with --model alone the standard is learnt and nothing normalised" : "");
    }
    for (const char* name : {"resume", "datatype", "outside"}) {
        if (options.given(name) && !options.given("output-images")) {
            throw base::usage_error("--" + std::string(name) + " needs --output-images");
        }
    }
}

/// What of an image's file is needed to normalise it.
struct Scan {
    io::Image image;
    data::Volume volume;
    std::vector<unsigned char> mask;
    std::vector<io::InputFile> files;
};

class Scans {
public:
    explicit Scans(const MeasuredImages& images) : images_(images), masks_(images.beside("mask")) {}

    [[nodiscard]] Scan read(std::size_t i, const base::Resources& share) {
        Scan scan{reader_.image(images_.image(i), share), {}, {}, {}};
        scan.volume = io::volume_of(scan.image, share);
        scan.files = scan.image.files;
        scan.mask.resize(scan.volume.values.size());
        if (masks_.empty()) {
            std::transform(scan.volume.values.begin(), scan.volume.values.end(), scan.mask.begin(),
                           [](double x) -> unsigned char { return x > 0.0 ? 1 : 0; });
            return scan;
        }
        const io::Image mask = reader_.image(masks_[i], share);
        const data::Volume marks = io::volume_of(mask, share);
        std::transform(marks.values.begin(), marks.values.end(), scan.mask.begin(),
                       [](double x) -> unsigned char { return x != 0.0 ? 1 : 0; });
        scan.files.insert(scan.files.end(), mask.files.begin(), mask.files.end());
        return scan;
    }

    [[nodiscard]] const MeasuredImages& images() const noexcept { return images_; }
    [[nodiscard]] const std::vector<std::string>& masks() const noexcept { return masks_; }
    /// Every file read so far.
    [[nodiscard]] std::vector<io::InputFile> files() const { return reader_.files(); }

private:
    const MeasuredImages& images_;
    std::vector<std::string> masks_;
    ImageReader reader_;
};

/// Which images teach.
std::vector<bool> training_images(const cli::ParsedOptions& options, const MeasuredImages& images) {
    std::vector<bool> teaches(images.size(), true);
    if (!options.given("train-where")) return teaches;
    const data::RowFilter filter = data::RowFilter::parse(options.text("train-where"));
    const data::Table& table = *images.participants();
    for (const std::string& column : filter.columns()) {
        if (table.find(column) >= 0) continue;
        throw base::inconsistent("--train-where: " + table.source + " has no column '" + column + "'",
                                 base::did_you_mean(column, table.header));
    }
    for (std::size_t i = 0; i < images.size(); ++i) {
        teaches[i] = filter.matches(
            [&](const std::string& column) { return table.text_cell(images.participant(i), table.find(column)); });
    }
    if (std::find(teaches.begin(), teaches.end(), true) == teaches.end()) {
        throw base::inconsistent("--train-where: no image satisfies '" + options.text("train-where") + "'",
                                 "look at the condition of --train-where");
    }
    return teaches;
}

io::IntensityModel learnt(Scans& scans, const IntensityChoice& choice, const cli::ParsedOptions& options,
                          cli::Context& context) {
    const MeasuredImages& images = scans.images();
    const std::vector<bool> teaches = training_images(options, images);
    std::vector<std::vector<double>> own(images.size());
    for_each_image(images, context, bytes_per_voxel, "learning", [&](std::size_t i, const base::Resources& share) {
        if (!teaches[i]) return;
        const Scan scan = scans.read(i, share);
        own[i] = about_file(images.image(i), [&] {
            return imaging::own_standard(imaging::ascending_values(scan.volume, scan.mask), choice.options);
        });
    });
    std::erase(own, std::vector<double>());
    io::IntensityModel model;
    model.method = choice.name;
    if (choice.options.method == imaging::IntensityMethod::nyul) model.percentiles = imaging::nyul_percentiles();
    model.standard = imaging::common_standard(own);
    model.images = static_cast<base::Index>(own.size());
    model.parameters.emplace_back("method", choice.name);
    if (options.given("train-where")) model.parameters.emplace_back("train-where", options.text("train-where"));
    return model;
}

std::vector<double> normalised(const Scan& scan, const IntensityChoice& choice, const std::vector<double>& standard,
                               const std::string& outside) {
    std::vector<double> out;
    if (choice.corrects_bias) {
        out = imaging::without_bias_field(scan.volume, scan.mask, choice.bias);
    } else {
        const imaging::IntensityMap map =
            imaging::intensity_map(imaging::ascending_values(scan.volume, scan.mask), choice.options, standard);
        out.reserve(scan.volume.values.size());
        for (const double x : scan.volume.values) out.push_back(std::isfinite(x) ? map(x) : x);
    }
    for (std::size_t v = 0; outside != "mapped" && v < out.size(); ++v) {
        if (scan.mask[v] == 0) out[v] = outside == "zero" ? 0.0 : scan.volume.values[v];
    }
    return out;
}

/// The folder that images lie in, as far as they share it.
std::string source_folder(const cli::ParsedOptions& options, const MeasuredImages& images) {
    const std::string named = options.list("images").front();
    if (named.find('{') != std::string::npos) return data::NamePattern(named).root();
    const std::filesystem::path folder = std::filesystem::path(images.image(0)).parent_path();
    return folder.empty() ? "." : folder.string();
}

/// The results that are images: their names are looked at before any work, each is whole or absent.
class NormalisedImages {
public:
    NormalisedImages(const cli::ParsedOptions& options, cli::Context& context, const Scans& scans)
        : options_(options),
          context_(context),
          names_(scans.images().named_for_results("output-images")),
          written_(context.unfinished, context.force            ? io::Existing::replace
                                       : options.flag("resume") ? io::Existing::resume
                                                                : io::Existing::refuse) {
        const MeasuredImages& images = scans.images();
        std::vector<std::string> read = scans.masks();
        for (std::size_t i = 0; i < images.size(); ++i) read.push_back(images.image(i));
        for (const char* name : {"participants", "apply-model"}) {
            if (options.given(name)) read.push_back(options.text(name));
        }
        for (const std::string& name : names_) {
            if (type() == io::VoxelType::float64 && io::is_mgh_name(name)) {
                throw base::usage_error(name + ": --datatype float64 is not for .mgh and .mgz, which have no such type",
                                        "name NIfTI images, or leave out --datatype");
            }
        }
        written_.check(names_, read);
    }

    void write(Scans& scans, const IntensityChoice& choice, const io::IntensityModel& model, const Results& results) {
        const MeasuredImages& images = scans.images();
        const std::string pattern = options_.text("output-images");
        const io::BidsDerivative dataset(data::NamePattern(pattern).root(), source_folder(options_, images));
        const auto provenance_of = [&](std::size_t i, const Scan& scan) {
            std::vector<io::InputFile> files = scan.files;
            files.insert(files.end(), images.tables().begin(), images.tables().end());
            if (!model.sha256.empty()) files.push_back({options_.text("apply-model"), model.sha256});
            io::Provenance provenance = results.provenance(files);
            for (const double value : model.standard) {
                std::string& standard = provenance.parameters.back().first == "standard"
                                            ? provenance.parameters.back().second
                                            : provenance.parameters.emplace_back("standard", "").second;
                standard += (standard.empty() ? "" : ",") + base::number_text(value);
            }
            provenance.image = {description_of(choice), dataset.uri(images.image(i)), io::inherited_facts(images.image(i))};
            return provenance;
        };
        try {
            for_each_image(
                images, context_, bytes_per_voxel, "normalising", [&](std::size_t i, const base::Resources& share) {
                    const Scan scan = scans.read(i, share);
                    const io::Provenance provenance = provenance_of(i, scan);
                    if (written_.is_done(names_[i], provenance)) return;
                    const std::vector<double> values = about_file(
                        images.image(i), [&] { return normalised(scan, choice, model.standard, options_.text("outside")); });
                    written_.write(names_[i], io::image_bytes(names_[i], scan.image.header, type(), std::span(values)),
                                   provenance);
                });
        } catch (const base::Error& fault) {
            // Whole images stay where the machine failed: --resume goes on from there. Data at fault leave nothing.
            if (fault.code() == base::ExitCode::data) written_.withdraw();
            throw;
        }
        if (pattern.find('{') != std::string::npos) dataset.describe(context_.unfinished);
    }

private:
    [[nodiscard]] io::VoxelType type() const {
        return options_.text("datatype") == "float64" ? io::VoxelType::float64 : io::VoxelType::float32;
    }

    const cli::ParsedOptions& options_;
    cli::Context& context_;
    std::vector<std::string> names_;
    io::ImageResults written_;
};

void run(const cli::ParsedOptions& options, cli::Context& context) {
    const IntensityChoice choice = intensity_choice(options);
    check(options, choice);
    Results results(normalise(), options, context);
    results.leave_out(idle_options(choice));
    results.protect_given({"apply-model"});
    io::Output* model_output = options.given("model") ? &results.open(options.text("model")) : nullptr;
    io::IntensityModel model;
    if (options.given("apply-model")) {
        model = io::read_intensity_model(options.text("apply-model"), context.resources);
        check_model(model, choice, options.text("apply-model"));
    }
    const MeasuredImages images(options, results, context);
    Scans scans(images);
    for (const std::string& mask : scans.masks()) results.protect(mask);
    std::optional<NormalisedImages> normalised_images;
    if (options.given("output-images")) normalised_images.emplace(options, context, scans);
    if (choice.is_fitted() && !options.given("apply-model")) {
        model = learnt(scans, choice, options, context);
        context.log.info("standard of " + base::counted(static_cast<std::size_t>(model.images), "image") + " by method " +
                         choice.name);
    }
    if (normalised_images) normalised_images->write(scans, choice, model, results);
    if (model_output != nullptr) io::write_intensity_model(*model_output, model);
    std::vector<io::InputFile> inputs = images.tables();
    const std::vector<io::InputFile> read = scans.files();
    inputs.insert(inputs.end(), read.begin(), read.end());
    results.commit(inputs);
}

cli::CommandSpec declared() {
    using cli::OptionKind;
    cli::CommandSpec spec;
    spec.verb = "normalise";
    spec.group = "Measure";
    spec.summary = "Bring the intensities of images to a common scale";
    spec.description = {
        "Writes each image with its intensities on a scale that images of other scanners share, told from the voxels of "
        "its mask (without one: those above 0), as the program intensity-normalization defines it, or with its smooth "
        "shading removed (n4).",
        "Methods nyul and lsq map images to a standard that is learnt from images. With --train-where only those of the "
        "rows that match teach it; --model keeps it, and --apply-model takes new images to it without learning anew, so "
        "that no test image shapes what it is compared with."};
    spec.groups = {
        measured_image_options("to normalise"),
        {"Mask",
         {{"mask", OptionKind::list, "PATTERN",
           "Mask of the brain for each image, on its grid, named in the same way; or one for all. Not 0 within it."}}},
        intensity_options(),
        {"Standard",
         {{"train-where", OptionKind::text, "CONDITION",
           "Learn from the rows of --participants that satisfy a condition such as 'split==train' only."},
          {"model", OptionKind::output, "FILE", "Also write what was learnt, for --apply-model."},
          {"apply-model", OptionKind::path, "FILE", "Normalise to what was learnt before."}}},
        {"Results",
         {{"output-images", OptionKind::output, "PATTERN",
           "Normalised images, as 'out/{participant_id}_T1w.nii.gz'; folders are made."},
          {"outside",
           OptionKind::choice,
           "WHAT",
           "Voxels outside of the mask: mapped like those within, copied, or zero.",
           "mapped",
           false,
           {"mapped", "copied", "zero"}},
          {"datatype",
           OptionKind::choice,
           "TYPE",
           "How the normalised images store a voxel.",
           "float32",
           false,
           {"float32", "float64"}},
          {"resume", OptionKind::flag, "",
           "Keep normalised images that are there, whole, and made from the same inputs in the same way."}}}};
    spec.examples = {
        {"White stripe of simulated heads, within their brain",
         "tare-simulate --quiet --images 'phantoms/{participant_id}.nii.gz' --shape 32,38,32 --voxel-size 6 --subjects 6 "
         "--sites 2 --output phantoms.tsv --truth phantom_truth && "
         "tare-normalise --images 'phantoms/{participant_id}.nii.gz' --participants phantoms.tsv --mask "
         "phantom_truth/mask.nii.gz --method whitestripe --output-images 'striped/{participant_id}.nii.gz'"},
        {"Landmarks learnt from the first site alone",
         "tare-normalise --images 'phantoms/{participant_id}.nii.gz' --participants phantoms.tsv --mask "
         "phantom_truth/mask.nii.gz --method nyul --train-where 'site==site-01' --model nyul.json --output-images "
         "'matched/{participant_id}.nii.gz'"},
        {"One more image to the same standard",
         "tare-normalise --images phantoms/sub-02.nii.gz --mask phantom_truth/mask.nii.gz --method nyul --apply-model "
         "nyul.json --output-images one_more.nii.gz"}};
    spec.notes = {"Definitions, and what differs from intensity-normalization: docs/measurements.md."};
    spec.run = run;
    return spec;
}

}  // namespace

const cli::CommandSpec& normalise() {
    static const cli::CommandSpec spec = declared();
    return spec;
}

}  // namespace tare::commands
