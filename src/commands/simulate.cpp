// tare-simulate: a seeded multi-site cohort with known truth.
#include "tare/stats/simulate.hpp"

#include <algorithm>

#include "fitting.hpp"
#include "simulate_images.hpp"
#include "tare/base/error.hpp"
#include "tare/base/number_text.hpp"
#include "tare/commands/registry.hpp"
#include "tare/data/cohort_table.hpp"
#include "tare/io/simulation_file.hpp"
#include "tare/io/table_writer.hpp"

namespace tare::commands {
namespace {

/// So many things of so many bytes each, where the product may be beyond any integer.
std::uint64_t bytes_of(double count, double each) {
    constexpr double most = 0x1p63;
    return static_cast<std::uint64_t>(std::min(count * each, most));
}

/// The sizes named by --site-sizes, or --subjects spread over --sites as evenly as they go.
std::vector<base::Index> site_sizes(const cli::ParsedOptions& options, const base::Resources& resources) {
    std::vector<base::Index> sizes;
    if (options.given("site-sizes")) {
        if (options.given("subjects") || options.given("sites")) {
            throw base::usage_error("--site-sizes does not go with --subjects and --sites");
        }
        for (const std::string& text : options.list("site-sizes")) {
            const auto size = base::parse_integer(text);
            if (!size || *size < 1) throw base::usage_error("--site-sizes: '" + text + "' is not a number of subjects");
            sizes.push_back(static_cast<base::Index>(*size));
        }
        return sizes;
    }
    const long long subjects = *options.integer("subjects"), sites = *options.integer("sites");
    if (sites < 1 || subjects < sites)
        throw base::usage_error("--subjects must be at least --sites, and --sites at least 1");
    base::check_memory(resources, bytes_of(static_cast<double>(sites), sizeof(base::Index)), "the sites");
    for (long long s = 0; s < sites; ++s)
        sizes.push_back(static_cast<base::Index>(subjects / sites + (s < subjects % sites ? 1 : 0)));
    return sizes;
}

template <typename Number>
Number at_least(Number least, const std::string& option, Number value) {
    if (value < least) {
        throw base::usage_error("--" + option + " must be at least " + base::number_text(static_cast<double>(least)));
    }
    return value;
}

stats::SimulationOptions simulation_options(const cli::ParsedOptions& options, const base::Resources& resources) {
    stats::SimulationOptions out;
    out.site_sizes = site_sizes(options, resources);
    out.features = static_cast<base::Index>(at_least(1LL, "features", *options.integer("features")));
    out.seed = static_cast<std::uint64_t>(at_least(0LL, "seed", *options.integer("seed")));
    out.site_shift = at_least(0.0, "site-shift", *options.number("site-shift"));
    out.site_scale = at_least(0.0, "site-scale", *options.number("site-scale"));
    out.age_effect = *options.number("age-effect");
    out.age_curve = *options.number("age-curve");
    out.sex_effect = *options.number("sex-effect");
    out.diagnosis_effect = *options.number("diagnosis-effect");
    out.diagnosis_fraction = at_least(0.0, "diagnosis-fraction", *options.number("diagnosis-fraction"));
    if (out.diagnosis_fraction > 1.0) throw base::usage_error("--diagnosis-fraction must be at most 1");
    out.missing = at_least(0.0, "missing", *options.number("missing"));
    if (out.missing >= 1.0) throw base::usage_error("--missing must be below 1");
    return out;
}

void run(const cli::ParsedOptions& options, cli::Context& context) {
    check_simulated_kind(options);
    const stats::SimulationOptions wanted = simulation_options(options, context.resources);
    if (options.given("images")) return simulate_images(simulate(), options, context, wanted);
    Results results(simulate(), options, context);
    std::vector<std::string> of_images;
    for (const cli::OptionSpec& option : simulated_image_options().options) of_images.push_back(option.name);
    results.leave_out(of_images);
    io::Output& output = results.open(options.text("output"));
    io::Output* truth_output = options.given("truth") ? &results.open(options.text("truth")) : nullptr;
    io::Output* parameters_output = options.given("parameters") ? &results.open(options.text("parameters")) : nullptr;
    double subjects = 0.0;
    for (const base::Index size : wanted.site_sizes) subjects += static_cast<double>(size);
    base::check_memory(context.resources, bytes_of(subjects * static_cast<double>(wanted.features), 24.0), "the cohort");

    stats::SimulatedCohort cohort = stats::simulate(wanted);
    data::Table table = data::table_of(cohort.observed);
    io::write_table(output, table, io::output_delimiter(output.path(), '\t'), context.resources);
    if (parameters_output != nullptr) io::write_true_parameters(*parameters_output, cohort, wanted);
    if (truth_output != nullptr) {
        table.features.values = std::move(cohort.truth);
        io::write_table(*truth_output, table, io::output_delimiter(truth_output->path(), '\t'), context.resources);
    }
    results.commit({}, wanted.seed);
}

cli::CommandSpec declared() {
    using cli::OptionKind;
    cli::CommandSpec spec;
    spec.verb = "simulate";
    spec.group = "Try and test";
    spec.summary = "Make a seeded multi-site cohort with known truth";
    spec.description = {
        "Writes a table of subjects with site, age, sex, diagnosis and features that carry additive and multiplicative site "
        "effects and "
        "non-linear age effects; on request also the values without site effects, and every true parameter.",
        "Effects are given in units of a feature's own SD. The same seed and options give the same cohort.",
        "With --images every subject is a head image instead: tissues with soft boundaries, their own shape and brightness, "
        "effects of age, sex and diagnosis in grey matter, a smooth gain map, a smooth offset map and a noise level for "
        "every "
        "site, and Rician noise. White matter has an intensity of 1000 and subjects vary by 50, which is the unit of "
        "effects."};
    spec.groups = {
        {"Subjects and features",
         {{"subjects", OptionKind::integer, "N", "Number of subjects, spread evenly over the sites.", "200"},
          {"sites", OptionKind::integer, "N", "Number of sites.", "4"},
          {"site-sizes", OptionKind::list, "N,N,...",
           "Subjects of each site, down to 1, instead of --subjects and --sites."},
          {"features", OptionKind::integer, "N", "Number of features.", "20"},
          {"missing", OptionKind::number, "SHARE", "Share of feature cells that are missing.", "0"},
          {"seed", OptionKind::integer, "N", "Seed of the random numbers.", "1"}}},
        simulated_image_options(),
        {"Effects",
         {{"site-shift", OptionKind::number, "SD", "Spread of the additive site effects; in images, of the offset maps.",
           "0.5"},
          {"site-scale", OptionKind::number, "SD",
           "Spread of the logarithm of the multiplicative site effects; in images, of the sites' noise levels.", "0.25"},
          {"age-effect", OptionKind::number, "SD", "Mean decline per 20 years.", "0.5"},
          {"age-curve", OptionKind::number, "SD", "Mean further decline per (20 years) squared from 50 years.", "0.2"},
          {"sex-effect", OptionKind::number, "SD", "Mean difference of men to women.", "0.3"},
          {"diagnosis-effect", OptionKind::number, "SD", "Mean decline in patients.", "0.5"},
          {"diagnosis-fraction", OptionKind::number, "SHARE", "Share of patients.", "0.3"}}},
        {"Results",
         {{"output", OptionKind::output, "FILE", "The cohort; - is standard output.", "-"},
          {"truth", OptionKind::output, "FILE",
           "The same table with the values that subjects would have without site effects. With --images, a folder: brain "
           "and "
           "head mask, a map of every effect, gain and offset map of every site."},
          {"parameters", OptionKind::output, "FILE", "Every true parameter that is no map, as JSON."}}}};
    spec.examples = {
        {"A small cohort with its truth",
         "tare-simulate --site-sizes 60,30,10,1 --features 12 --seed 7 --output simulated.tsv --truth truth.tsv "
         "--parameters true_parameters.json"},
        {"Small head images of two sites, with the maps of the truth",
         "tare-simulate --images 'phantoms/{participant_id}.nii.gz' --shape 32,38,32 --voxel-size 6 --subjects 4 --sites 2 "
         "--seed 1 --output phantoms.tsv --truth phantom_truth"},
        {"How far harmonised values lie from a cohort with strong site effects, in a pipe",
         "tare-simulate --subjects 300 --sites 6 --site-shift 1.5 | tare-harmonise --input - --covariates age,sex,diagnosis "
         "> pipe_harmonised.tsv"}};
    spec.run = run;
    return spec;
}

}  // namespace

const cli::CommandSpec& simulate() {
    static const cli::CommandSpec spec = declared();
    return spec;
}

}  // namespace tare::commands
