// A cohort of images: names and sizes are checked first, then images are drawn and written one by one on all threads, each
// whole or absent; the table of people comes last, so that where it lies everything lies.
#include "simulate_images.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <functional>
#include <set>

#include "fitting.hpp"
#include "progress.hpp"
#include "tare/base/error.hpp"
#include "tare/base/number_text.hpp"
#include "tare/base/parallel.hpp"
#include "tare/base/text.hpp"
#include "tare/data/cohort_table.hpp"
#include "tare/data/name_pattern.hpp"
#include "tare/imaging/phantom.hpp"
#include "tare/io/folders.hpp"
#include "tare/io/image_results.hpp"
#include "tare/io/simulation_file.hpp"
#include "tare/io/table_writer.hpp"

namespace tare::commands {
namespace {

using base::Index;
using imaging::Phantom;

constexpr std::array table_only{"features", "missing"};
constexpr std::array image_only{"shape", "voxel-size", "noise", "site-gain", "datatype", "truth-images", "segmentations"};

std::vector<double> voxel_size(const cli::ParsedOptions& options) {
    std::vector<double> sizes;
    for (const std::string& text : options.list("voxel-size")) {
        const auto size = base::parse_number(text);
        if (!size || !(*size > 0.0)) throw base::usage_error("--voxel-size: '" + text + "' is not a size in millimetres");
        sizes.push_back(*size);
    }
    if (sizes.size() == 1) sizes.resize(3, sizes.front());
    if (sizes.size() != 3) throw base::usage_error("--voxel-size takes one size, or three for x, y and z");
    return sizes;
}

std::vector<Index> shape(const cli::ParsedOptions& options) {
    std::vector<Index> extents;
    for (const std::string& text : options.list("shape")) {
        const auto extent = base::parse_integer(text);
        if (!extent || *extent < 1) throw base::usage_error("--shape: '" + text + "' is not a number of voxels");
        extents.push_back(static_cast<Index>(*extent));
    }
    if (extents.size() != 3) throw base::usage_error("--shape takes three numbers of voxels, as in 91,109,91");
    return extents;
}

double at_least_zero(const cli::ParsedOptions& options, const std::string& name) {
    const double value = *options.number(name);
    if (value < 0.0) throw base::usage_error("--" + name + " must be at least 0");
    return value;
}

imaging::PhantomOptions phantom_options(const cli::ParsedOptions& options, const stats::SimulationOptions& wanted) {
    imaging::PhantomOptions out;
    out.shape = shape(options);
    out.voxel_size = voxel_size(options);
    out.sites = static_cast<Index>(wanted.site_sizes.size());
    out.seed = wanted.seed;
    out.site_shift = wanted.site_shift;
    out.site_gain = at_least_zero(options, "site-gain");
    out.site_scale = wanted.site_scale;
    out.noise = at_least_zero(options, "noise");
    out.age_effect = wanted.age_effect;
    out.age_curve = wanted.age_curve;
    out.sex_effect = wanted.sex_effect;
    out.diagnosis_effect = wanted.diagnosis_effect;
    return out;
}

/// How many images may be in work at a time. Throws Error (71) where not even one fits.
int images_at_a_time(const imaging::PhantomOptions& wanted, const base::Resources& resources) {
    double voxels = 1.0;
    for (const Index extent : wanted.shape) voxels *= static_cast<double>(extent);
    // Beside the values of an image there are its bytes for the file, plain and compressed.
    const double shared = voxels * static_cast<double>(Phantom::bytes_per_voxel) + 0x1p23,
                 each = voxels * (static_cast<double>(Phantom::bytes_per_image_voxel) + 10.0);
    base::check_memory(resources, static_cast<std::uint64_t>(std::min(shared + each, 0x1p63)), "one image");
    const double room = std::floor((static_cast<double>(resources.memory) - shared) / each);
    return static_cast<int>(std::clamp(room, 1.0, static_cast<double>(resources.threads)));
}

/// Throws Error (71) where the list of people alone is too long.
void check_people(const stats::SimulationOptions& wanted, const base::Resources& resources) {
    constexpr double bytes_each = 1024.0;
    double people = 0.0;
    for (const Index size : wanted.site_sizes) people += static_cast<double>(size);
    base::check_memory(resources, static_cast<std::uint64_t>(std::min(people * bytes_each, 0x1p63)), "the cohort");
}

/// The name of every person's image.
std::vector<std::string> image_names(const std::string& option, const std::string& pattern_text, const data::Table& table) {
    const data::NamePattern pattern(pattern_text, "--" + option);
    for (const std::string& column : pattern.columns()) {
        if (table.find(column) < 0) {
            throw base::usage_error("--" + option + ": a simulated cohort has no column '" + column + "'",
                                    base::did_you_mean(column, table.header));
        }
    }
    std::vector<std::string> names = pattern.expand_all(
        table.rows(),
        [&](Index row, const std::string& column) { return std::string(table.text_cell(row, table.find(column))); },
        [&](Index row) { return table.where(row); });
    for (const std::string& name : names) {
        if (!io::is_writable_image_name(name)) {
            throw base::usage_error("--" + option + ": '" + name + "' is no name for an image",
                                    "images are written as .nii, .nii.gz, .mgh or .mgz");
        }
    }
    return names;
}

/// One map of the truth: its file, and how it comes about.
struct Map {
    std::string path;
    io::VoxelType type = io::VoxelType::float32;
    std::function<std::vector<float>(const Phantom&)> values;
};

std::vector<Map> truth_maps(const std::string& folder, const std::vector<std::string>& sites) {
    const std::string start = (std::filesystem::path(folder) / "").string();
    const auto file = [&](const std::string& name) { return start + name + ".nii.gz"; };
    constexpr auto mask = io::VoxelType::uint8, map = io::VoxelType::float32;
    std::vector<Map> maps{
        {file("mask"), mask, [](const Phantom& phantom) { return phantom.brain(); }},
        {file("head"), mask, [](const Phantom& phantom) { return phantom.head(); }},
        {file("age_effect"), map, [](const Phantom& phantom) { return phantom.age_effect(); }},
        {file("age_curve"), map, [](const Phantom& phantom) { return phantom.age_curve(); }},
        {file("sex_effect"), map, [](const Phantom& phantom) { return phantom.sex_effect(); }},
        {file("diagnosis_effect"), map, [](const Phantom& phantom) { return phantom.diagnosis_effect(); }}};
    for (std::size_t s = 0; s < sites.size(); ++s) {
        const auto site = static_cast<Index>(s);
        maps.push_back({file(sites[s] + "_gain"), map, [site](const Phantom& phantom) { return phantom.gain(site); }});
        maps.push_back({file(sites[s] + "_offset"), map, [site](const Phantom& phantom) { return phantom.offset(site); }});
    }
    return maps;
}

/// Refuses what Output would refuse later, after hours of work: names that are taken, by files or by each other.
void check_free(const std::vector<std::string>& results, bool overwrite) {
    std::set<std::filesystem::path> taken;
    const auto refused = [](const std::string& path, const std::string& why, const std::string& hint) {
        return base::Error(base::ExitCode::cannot_create, path + ": " + why, hint);
    };
    for (const std::string& result : results) {
        std::error_code ignored;
        if (result == "-" || std::filesystem::is_character_file(result, ignored)) continue;
        for (const std::string& path : {result, io::image_sidecar_path(result)}) {
            if (!taken.insert(std::filesystem::absolute(path).lexically_normal()).second) {
                throw refused(path, "is named as an output twice", "");
            }
            if (!overwrite && std::filesystem::exists(std::filesystem::symlink_status(path, ignored))) {
                throw refused(path, "exists already", "--force replaces it");
            }
        }
    }
}

std::vector<imaging::PhantomSubject> subjects_of(const data::Cohort& people, const std::vector<std::string>& sites) {
    std::vector<imaging::PhantomSubject> out;
    for (Index i = 0; i < people.subjects(); ++i) {
        const auto row = static_cast<std::size_t>(i);
        const auto site = std::lower_bound(sites.begin(), sites.end(), people.sites[row]) - sites.begin();
        out.push_back({.number = i,
                       .site = static_cast<Index>(site),
                       .age = people.covariate("age")->numbers[row],
                       .male = people.covariate("sex")->levels[row] == "M",
                       .patient = people.covariate("diagnosis")->levels[row] == "patient"});
    }
    return out;
}

}  // namespace

cli::OptionGroup simulated_image_options() {
    using cli::OptionKind;
    return {
        "Images",
        {{"images", OptionKind::output, "PATTERN",
          "Make images instead of features, one per subject, named by columns of the cohort in braces, as in "
          "'images/{participant_id}.nii.gz'. Folders are created."},
         {"shape", OptionKind::list, "X,Y,Z", "Voxels along each axis.", "91,109,91"},
         {"voxel-size", OptionKind::list, "MM", "Size of a voxel: one number, or three.", "2"},
         {"site-gain", OptionKind::number, "SD", "Spread of the logarithm of the sites' gain maps.", "0.05"},
         {"noise", OptionKind::number, "SHARE",
          "Typical level of the Rician noise, as a share of the intensity of white matter; 0 for none.", "0.02"},
         {"datatype", OptionKind::choice, "TYPE", "How intensities are stored.", "float32", false, {"float32", "int16"}},
         {"truth-images", OptionKind::output, "PATTERN", "The same people without site effects and noise, named likewise."},
         {"segmentations", OptionKind::output, "PATTERN",
          "Each person's tissues, named likewise: 1 fluid, 2 grey matter, 3 white matter, 0 elsewhere."}}};
}

void check_simulated_kind(const cli::ParsedOptions& options) {
    const bool images = options.given("images");
    for (const char* name : table_only) {
        if (images && options.given(name)) throw base::usage_error("--" + std::string(name) + " does not go with --images");
    }
    for (const char* name : image_only) {
        if (!images && options.given(name)) throw base::usage_error("--" + std::string(name) + " needs --images");
    }
}

void simulate_images(const cli::CommandSpec& spec, const cli::ParsedOptions& options, cli::Context& context,
                     const stats::SimulationOptions& wanted) {
    const imaging::PhantomOptions shaped = phantom_options(options, wanted);
    const int at_a_time = images_at_a_time(shaped, context.resources);
    const std::vector<std::string> sites = stats::simulated_sites(shaped.sites);
    check_people(wanted, context.resources);
    const data::Cohort people = stats::simulate_people(wanted);
    const data::Table table = data::table_of(people);
    const std::vector<std::string> images = image_names("images", options.text("images"), table);
    const std::vector<std::string> truths = options.given("truth-images")
                                                ? image_names("truth-images", options.text("truth-images"), table)
                                                : std::vector<std::string>();
    const std::vector<std::string> tissues = options.given("segmentations")
                                                 ? image_names("segmentations", options.text("segmentations"), table)
                                                 : std::vector<std::string>();
    const std::vector<Map> maps = options.given("truth") ? truth_maps(options.text("truth"), sites) : std::vector<Map>();

    std::vector<std::string> in_folders = images;
    in_folders.insert(in_folders.end(), truths.begin(), truths.end());
    in_folders.insert(in_folders.end(), tissues.begin(), tissues.end());
    for (const Map& map : maps) in_folders.push_back(map.path);
    std::vector<std::string> all{options.text("output")};
    if (options.given("parameters")) all.push_back(options.text("parameters"));
    all.insert(all.end(), in_folders.begin(), in_folders.end());
    check_free(all, context.force);
    io::CreatedFolders folders(context.unfinished);
    for (const std::string& path : in_folders) folders.create_for(path);

    Results results(spec, options, context);
    results.leave_out({table_only.begin(), table_only.end()});
    io::Output& output = results.open(options.text("output"));
    io::Output* parameters = options.given("parameters") ? &results.open(options.text("parameters")) : nullptr;
    const Phantom phantom(shaped);
    context.log.info(base::counted(images.size(), "image") + " of " + data::shape_text(phantom.grid()) + " voxels at " +
                     base::counted(sites.size(), "site"));

    const io::ImageHeader header = io::new_image_header(phantom.grid(), "tare-simulate");
    const io::Provenance provenance = results.provenance({}, wanted.seed);
    io::ImageResults written(context.unfinished, context.force ? io::Existing::replace : io::Existing::refuse);
    const auto type = options.text("datatype") == "int16" ? io::VoxelType::int16 : io::VoxelType::float32;
    Progress maps_done("maps of the truth", maps.size(), context.log);
    base::for_each_in_parallel(maps.size(), at_a_time, [&](std::size_t i) {
        const Map& map = maps[i];
        const std::vector<float> values = map.values(phantom);
        written.write(map.path, io::image_bytes(map.path, header, map.type, std::span(values)), provenance);
        maps_done.one_more();
    });
    const std::vector<imaging::PhantomSubject> subjects = subjects_of(people, sites);
    Progress images_done("images", images.size(), context.log);
    base::for_each_in_parallel(images.size(), at_a_time, [&](std::size_t row) {
        const imaging::PhantomImage image = phantom.image(subjects[row]);
        const auto write = [&](const std::string& path, io::VoxelType stored, std::span<const float> values) {
            written.write(path, io::image_bytes(path, header, stored, values), provenance);
        };
        write(images[row], type, image.observed);
        if (!truths.empty()) write(truths[row], type, image.truth);
        if (!tissues.empty()) write(tissues[row], io::VoxelType::uint8, image.tissues);
        images_done.one_more();
    });

    io::write_table(output, table, io::output_delimiter(output.path(), '\t'), context.resources);
    if (parameters != nullptr) {
        std::vector<double> noise;
        for (Index s = 0; s < shaped.sites; ++s) noise.push_back(phantom.noise(s));
        io::write_true_parameters(
            *parameters, {wanted.seed, sites, wanted.site_sizes, noise, Phantom::white_matter, Phantom::subject_sd});
    }
    results.commit({}, wanted.seed);
    folders.keep();
}

}  // namespace tare::commands
