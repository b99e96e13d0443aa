// tare-normalise: images to the same images with intensities on a common scale; methods that learn a standard learn it from
// training images first.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <optional>

#include "about_file.hpp"
#include "intensity_choice.hpp"
#include "measured_images.hpp"
#include "ravel.hpp"
#include "scans.hpp"
#include "tare/base/error.hpp"
#include "tare/base/number_text.hpp"
#include "tare/base/sha256.hpp"
#include "tare/base/text.hpp"
#include "tare/commands/registry.hpp"
#include "tare/data/name_pattern.hpp"
#include "tare/data/row_filter.hpp"
#include "tare/imaging/control_factors.hpp"
#include "tare/io/bids.hpp"
#include "tare/io/image_results.hpp"

namespace tare::commands {
namespace {

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
    for (const char* name : {"mask", "control", "factors", "modality", "stripe"}) {
        if (options.given(name) && choice.removes_factors() && !fits) {
            throw base::usage_error("--" + std::string(name) + " does not go with --apply-model", "the model has its own");
        }
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

/// What was learnt, now or before.
struct Learnt {
    io::IntensityModel standard;
    std::optional<io::FactorModel> factors;
    std::string training;  ///< stands for the training images and their masks
};

/// What shaped a fit, in a model of either kind. A standard may come from whole images or from what lies in masks.
io::Parameters shaping(const Scans& scans, const IntensityChoice& choice, const cli::ParsedOptions& options) {
    io::Parameters out{{"method", choice.name}};
    if (!choice.removes_factors()) out.emplace_back("masked", scans.masks().empty() ? "no" : "yes");
    for (const char* name : {"modality", "stripe", "factors"}) {
        if (choice.removes_factors()) out.emplace_back(name, options.text(name));
    }
    if (options.given("train-where")) out.emplace_back("train-where", options.text("train-where"));
    return out;
}

io::IntensityModel learnt_standard(Scans& scans, const std::vector<bool>& teaches, const IntensityChoice& choice,
                                   cli::Context& context) {
    const MeasuredImages& images = scans.images();
    std::vector<std::vector<double>> own(images.size());
    for_each_image(images, context, bytes_per_scanned_voxel, "learning", [&](std::size_t i, const base::Resources& share) {
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
    return model;
}

Learnt learnt(Scans& scans, const IntensityChoice& choice, const cli::ParsedOptions& options, cli::Context& context) {
    const std::vector<bool> teaches = training_images(options, scans.images());
    Learnt out;
    if (choice.removes_factors()) {
        out.factors = learnt_factors(scans, teaches, choice, options, context);
        out.factors->parameters = shaping(scans, choice, options);
    } else {
        out.standard = learnt_standard(scans, teaches, choice, context);
        out.standard.parameters = shaping(scans, choice, options);
    }
    // So far, only what teaches was read.
    std::string checksums;
    for (const io::InputFile& file : scans.files()) checksums += file.sha256 + "\n";
    out.training = base::sha256_hex(checksums);
    const auto count = static_cast<std::size_t>(std::count(teaches.begin(), teaches.end(), true));
    context.log.info("learnt from " + base::counted(count, "image") + " by method " + choice.name);
    return out;
}

Learnt learnt_before(const IntensityChoice& choice, const cli::ParsedOptions& options, const cli::Context& context) {
    const std::string path = options.text("apply-model");
    Learnt out;
    if (choice.removes_factors()) {
        out.factors = io::read_factor_model(path, context.resources);
    } else {
        out.standard = io::read_intensity_model(path, context.resources);
        check_model(out.standard, choice, path);
    }
    return out;
}

/// Landmarks of whole heads are others than those of brains.
void warn_of_masks(const Scans& scans, const Learnt& known, const std::string& path, base::Log& log) {
    const std::string here = scans.masks().empty() ? "no" : "yes";
    for (const auto& [name, value] : known.standard.parameters) {
        if (name != "masked" || value == here) continue;
        log.warn(path +
                 (value == "yes" ? ": was learnt within masks, and there is no --mask"
                                 : ": was learnt without masks, and there is a --mask") +
                 "; intensities will not be on its scale");
    }
}

std::vector<double> normalised(const Scan& scan, const IntensityChoice& choice, const Learnt& learnt,
                               const std::string& outside) {
    std::vector<double> out;
    if (choice.corrects_bias) {
        out = imaging::without_bias_field(scan.volume, scan.mask, choice.bias);
    } else {
        const imaging::IntensityMap map = imaging::intensity_map(imaging::ascending_values(scan.volume, scan.mask),
                                                                 choice.options, learnt.standard.standard);
        out.reserve(scan.volume.values.size());
        for (const double x : scan.volume.values) out.push_back(std::isfinite(x) ? map(x) : x);
        if (learnt.factors) imaging::remove_factors(learnt.factors->maps, learnt.factors->features.inside(), out);
    }
    for (std::size_t v = 0; outside != "mapped" && v < out.size(); ++v) {
        if (scan.mask[v] == 0) out[v] = outside == "zero" ? 0.0 : scan.volume.values[v];
    }
    return out;
}

/// The files of a model that was learnt before.
std::vector<io::InputFile> files_of(const Learnt& learnt, const cli::ParsedOptions& options) {
    if (learnt.factors) return learnt.factors->files;
    return {{options.text("apply-model"), learnt.standard.sha256}};
}

/// In the place of defaults, what the model was learnt with.
void tell_as_learnt(const io::FactorModel& model, io::Parameters& parameters) {
    for (auto& [name, value] : parameters) {
        for (const auto& [learnt, own] : model.parameters) {
            if (name == learnt) value = own;
        }
    }
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
    /// `known`: what was learnt before, if anything.
    NormalisedImages(const cli::ParsedOptions& options, cli::Context& context, const Scans& scans, const Learnt& known)
        : options_(options),
          context_(context),
          names_(scans.images().named_for_results("output-images")),
          written_(context.unfinished, context.force            ? io::Existing::replace
                                       : options.flag("resume") ? io::Existing::resume
                                                                : io::Existing::refuse) {
        const MeasuredImages& images = scans.images();
        std::vector<std::string> read = scans.masks();
        for (std::size_t i = 0; i < images.size(); ++i) read.push_back(images.image(i));
        for (const char* name : {"participants", "control"}) {
            if (options.given(name)) read.push_back(options.text(name));
        }
        if (options.given("apply-model")) {
            for (const io::InputFile& file : files_of(known, options)) read.push_back(file.path);
        }
        for (const std::string& name : names_) {
            if (type() == io::VoxelType::float64 && io::is_mgh_name(name)) {
                throw base::usage_error(name + ": --datatype float64 is not for .mgh and .mgz, which have no such type",
                                        "name NIfTI images, or leave out --datatype");
            }
        }
        written_.check(names_, read);
    }

    void write(Scans& scans, const IntensityChoice& choice, const Learnt& learnt, const Results& results) {
        const MeasuredImages& images = scans.images();
        const std::string pattern = options_.text("output-images");
        const io::BidsDerivative dataset(data::NamePattern(pattern).root(), source_folder(options_, images));
        const auto provenance_of = [&](std::size_t i, const Scan& scan) {
            std::vector<io::InputFile> files = scan.files;
            files.insert(files.end(), images.tables().begin(), images.tables().end());
            if (options_.given("apply-model")) {
                const std::vector<io::InputFile> model = files_of(learnt, options_);
                files.insert(files.end(), model.begin(), model.end());
            }
            io::Provenance provenance = results.provenance(files);
            if (options_.given("apply-model") && learnt.factors) tell_as_learnt(*learnt.factors, provenance.parameters);
            if (!learnt.training.empty()) provenance.parameters.emplace_back("training-files", learnt.training);
            provenance.image = {description_of(choice), dataset.uri(images.image(i)), io::inherited_facts(images.image(i))};
            return provenance;
        };
        try {
            for_each_image(
                images, context_, bytes_per_scanned_voxel, "normalising", [&](std::size_t i, const base::Resources& share) {
                    const Scan scan = scans.read(i, share);
                    const io::Provenance provenance = provenance_of(i, scan);
                    if (written_.is_done(names_[i], provenance)) return;
                    const std::vector<double> values = about_file(
                        images.image(i), [&] { return normalised(scan, choice, learnt, options_.text("outside")); });
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
    IntensityChoice choice = intensity_choice(options);
    check(options, choice);
    Results results(normalise(), options, context);
    results.leave_out(idle_options(choice));
    results.protect_given({"control"});
    const bool applies = options.given("apply-model");
    if (applies) results.protect(io::factor_document(options.text("apply-model")));
    io::Output* model_output = nullptr;
    if (options.given("model")) {
        if (choice.removes_factors()) check_folder_name(options.text("model"), "models of factors", context.force);
        model_output = choice.removes_factors() ? &results.open_in(options.text("model"), "model.json")
                                                : &results.open(options.text("model"));
    }
    Learnt known;
    if (applies) known = learnt_before(choice, options, context);
    if (known.factors) choice = as_learnt(choice, *known.factors);
    const MeasuredImages images(options, results, context);
    Scans scans(images);
    for (const std::string& mask : scans.masks()) results.protect(mask);
    if (known.factors) scans.mask_all(known.factors->features, known.factors->files.front().path);
    if (applies) warn_of_masks(scans, known, options.text("apply-model"), context.log);
    std::optional<NormalisedImages> normalised_images;
    if (options.given("output-images")) normalised_images.emplace(options, context, scans, known);
    if (choice.is_fitted() && !applies) known = learnt(scans, choice, options, context);
    if (normalised_images) normalised_images->write(scans, choice, known, results);
    scans.warn(context.log);
    if (model_output != nullptr && known.factors) {
        io::write_factor_model(*model_output, results.outputs(), *known.factors, context.resources);
    } else if (model_output != nullptr) {
        io::write_intensity_model(*model_output, known.standard);
    }
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
        "Methods nyul and lsq map images to a standard that is learnt from images; ravel takes away what voxels without "
        "biology share. With --train-where only images of the rows that match teach; --model keeps what was learnt, and "
        "--apply-model uses it without learning anew, so that no test image shapes what it is compared with."};
    spec.groups = {
        measured_image_options("to normalise"),
        {"Mask",
         {{"mask", OptionKind::list, "PATTERN",
           "Mask of the brain for each image, on its grid, named in the same way; or one for all. Not 0 within it."}}},
        intensity_options(),
        {"Standard",
         {{"train-where", OptionKind::text, "CONDITION",
           "Learn from the rows of --participants that satisfy a condition such as 'split==train' only."},
          {"model", OptionKind::output, "FILE",
           "Also write what was learnt, for --apply-model: a file, for ravel a folder."},
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
