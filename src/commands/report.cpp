// tare-report: one page that shows what harmonising did.
#include <optional>
#include <utility>

#include "fitting.hpp"
#include "report_facts.hpp"
#include "report_images.hpp"
#include "report_maps.hpp"
#include "tare/base/error.hpp"
#include "tare/base/workspace.hpp"
#include "tare/commands/registry.hpp"
#include "tare/report/json.hpp"
#include "tare/report/page.hpp"

namespace tare::commands {
namespace {

constexpr double png_scale = 2.0;

/// What --format says, else the output's name, else a page.
std::string format_of(const cli::ParsedOptions& options) {
    if (options.given("format")) return options.text("format");
    const std::string output = options.text("output");
    for (const std::string format : {"md", "json"}) {
        if (output.ends_with("." + format)) return format;
    }
    return "html";
}

std::string text_of(const report::Report& report, const std::string& format) {
    if (format == "json") return report::json(report);
    return format == "md" ? report::markdown(report) : report::page(report);
}

/// A table or a pattern before goes with one after.
void check_pair(const cli::ParsedOptions& options, const std::string& kind) {
    const std::string before = "before" + kind, after = "after" + kind;
    if (options.given(before) != options.given(after)) {
        const bool first = options.given(before);
        throw base::usage_error("--" + (first ? before : after) + " needs --" + (first ? after : before));
    }
    if (options.given(before) && options.text(before) == options.text(after) && options.text(before) != "-")
        throw base::usage_error("--" + before + " and --" + after + " are the same " + (kind.empty() ? "file " : "images ") +
                                options.text(before));
}

void check_options(const cli::ParsedOptions& options) {
    check_pair(options, "");
    check_pair(options, "-images");
    const bool tables = options.given("before"), images = options.given("before-images");
    if (!tables && !images)
        throw base::usage_error("nothing to report on",
                                "--before and --after name tables, --before-images and --after-images images");
    if (!images && options.given("mask"))
        throw base::usage_error("--mask is for images", "--before-images and --after-images name them");
    if (tables) return;
    if (!options.given("participants"))
        throw base::usage_error("--before-images needs --participants, a table with one row for each image",
                                "or --before and --after, tables of the same people");
    for (const char* name : {"features", "exclude"}) {
        if (options.given(name))
            throw base::usage_error("--" + std::string(name) + " does not go with images alone",
                                    "it chooses columns of --before");
    }
}

struct Models {
    std::optional<io::SavedModel> model, maps;
};

Models read_models(const cli::ParsedOptions& options, base::Workspace& workspace, cli::Context& context) {
    Models out;
    if (options.given("model")) {
        out.model = io::read_model(options.text("model"));
        if (out.model->model.features.kind() != data::FeatureKind::named)
            context.log.warn(options.text("model") + ": is of " + data::described(out.model->model.features) +
                             ", not of a table: only its columns' names are used");
    }
    if (options.given("images")) out.maps = io::read_model(options.text("images"), context.resources, workspace);
    return out;
}

ReportTables read_people(const cli::ParsedOptions& options, const Models& models, cli::Context& context) {
    if (options.given("before")) return read_report_tables(options, models.model, context);
    ReportTables people = read_report_people(options, models.model ? models.model : models.maps, context);
    people.of_images = true;
    return people;
}

void run(const cli::ParsedOptions& options, cli::Context& context) {
    check_options(options);
    const std::string folder = options.text("figures");
    Results results(report(), options, context);
    results.protect_given({"before", "after", "participants", "model", "images", "mask"});
    if (options.given("figures")) check_folder_name(folder, "figures", context.force);
    io::Output& output = results.open(options.text("output"));

    base::Workspace on_the_heap;
    const Models models = read_models(options, on_the_heap, context);
    ReportPictures pictures;
    if (models.maps) pictures.montages = montages_of(models.maps->model, options.text("images"));
    ReportTables tables = read_people(options, models, context);
    if (options.given("before-images"))
        pictures.histograms.push_back(compared_images(options, tables, models.maps, results, context));
    const std::string kind = tables.of_images ? "-images" : "";
    const report::Report facts = report_of(tables, models.model, std::move(pictures), options.text("before" + kind),
                                           options.text("after" + kind), context.resources.threads);
    for (const auto* saved : {&models.model, &models.maps}) {
        if (*saved) tables.files.push_back({(*saved)->path, (*saved)->sha256});
    }
    for (const std::string& sentence : facts.verdict) context.log.info(sentence);

    output.write(text_of(facts, format_of(options)));
    if (options.given("figures")) {
        for (const report::Figure& figure : report::figures(facts)) {
            results.open_in(folder, figure.name + ".svg").write(figure.svg);
            results.open_in(folder, figure.name + ".png").write(report::png(figure.svg, png_scale));
        }
    }
    results.commit(tables.files);
}

cli::CommandSpec declared() {
    using cli::OptionKind;
    cli::CommandSpec spec;
    spec.verb = "report";
    spec.group = "Validate";
    spec.summary = "Show on one page what harmonising did";
    spec.description = {
        "Compares a table, or images, before and after harmonising and writes one self-contained page: was there a site "
        "effect, is it gone, is the biology still there, and can this be trusted. Five sentences with figures, who is in "
        "it, "
        "tests with effect sizes, and plots before beside after.",
        "The page needs no network and no server; --format md and json have the same figures for papers and pipelines, "
        "--figures every plot as a file."};
    spec.groups = {
        {"Tables",
         {{"before", OptionKind::path, "FILE", "Table before harmonising, CSV or TSV, plain or .gz; - is standard input."},
          {"after", OptionKind::path, "FILE", "Table after harmonising: the same people and features, matched by name."},
          {"model", OptionKind::path, "FILE",
           "The model that harmonised them: adds its site effects, priors and uncertainty, and names the columns, "
           "covariates and features that no option names."},
          {"participants", OptionKind::path, "FILE",
           "Table with one row per subject (site, covariates), joined by id to both tables; of images alone, who they are "
           "of."},
          {"id",
           OptionKind::text,
           "COLUMN",
           "Column that names the subject.",
           {},
           false,
           {},
           "that of the model, participant_id, or the first column"},
          {"session",
           OptionKind::text,
           "COLUMN",
           "Column that tells repeated visits of a subject apart.",
           {},
           false,
           {},
           "that of the model, or session_id where it exists"},
          {"site", OptionKind::text, "COLUMN", "Column that names the site.", {}, false, {}, "that of the model, or site"}}},
        {"Images",
         {{"before-images", OptionKind::path, "PATTERN",
           "Images before harmonising, as in 'raw/{participant_id}.nii.gz' with any column of --participants, or else of "
           "--before, in braces: adds histograms of their voxels by site. Without tables, figures of each image are what "
           "is compared."},
          {"after-images", OptionKind::path, "PATTERN", "The same people's images after harmonising, on the same grid."},
          {"mask",
           OptionKind::path,
           "FILE",
           "The voxels to look at: those that are not 0.",
           {},
           false,
           {},
           "those of --images, or all that are finite and not 0 in both images of a person"},
          {"images", OptionKind::path, "MODEL",
           "The folder of a model of images: adds maps of its site effects on the mean image."}}},
        {"What to look at",
         {{"covariates",
           OptionKind::list,
           "COLUMNS",
           "Columns whose effects are to be kept: sites are compared beyond them. The first of numbers is shown as the age.",
           {},
           false,
           {},
           "those of the model"},
          {"categorical", OptionKind::list, "COLUMNS", "Covariates that are categories although they look like numbers."},
          {"smooth",
           OptionKind::list,
           "TERMS",
           "Covariates that are taken along a curve, as in 'age,icv:k=6'; k counts the basis functions (default 10).",
           {},
           false,
           {},
           "those of the model"},
          {"smooth-bounds", OptionKind::list, "RANGES",
           "Range over which the knots of a curve lie, as in 'age=0:100'; default: that of the people."},
          {"features",
           OptionKind::list,
           "GLOBS",
           "Columns to compare, by name or pattern such as '*_thickness'.",
           {},
           false,
           {},
           "those of the model, or every numeric column without another role"},
          {"exclude", OptionKind::list, "GLOBS", "Columns to leave out, by name or pattern."}}},
        {"Results",
         {{"output", OptionKind::output, "FILE", "The report; - is standard output.", "-"},
          {"format",
           OptionKind::choice,
           "FORMAT",
           "A page, Markdown with tables, or JSON with every figure in full.",
           {},
           false,
           {"html", "md", "json"},
           "as the output's name ends, else html"},
          {"figures", OptionKind::output, "DIR",
           "Folder for every plot as SVG and PNG; it is made where it is not there."}}}};
    spec.examples = {
        {"The bundled cohort before and after",
         "tare-harmonise --input cohort.tsv --covariates age,sex,diagnosis --model model.json --output harmonised.tsv && "
         "tare-report --before cohort.tsv --after harmonised.tsv --model model.json --output report.html"},
        {"The figures for a pipeline, of some features",
         "tare-harmonise --input cohort.tsv --covariates age,sex --output simple.tsv && tare-report --before cohort.tsv "
         "--after simple.tsv --covariates age,sex --features '*_thickness' --output report.json"},
        {"Images before and after, and maps of what the model took out",
         "tare-simulate --images 'raw/{participant_id}.nii.gz' --shape 16,20,16 --voxel-size 11 --subjects 12 --sites 2 "
         "--seed 5 --output scans.tsv && tare-harmonise --images 'raw/{participant_id}.nii.gz' --participants scans.tsv "
         "--covariates age --model maps --output-images 'clean/{participant_id}.nii.gz' && tare-report --before-images "
         "'raw/{participant_id}.nii.gz' --after-images 'clean/{participant_id}.nii.gz' --participants scans.tsv --images "
         "maps --output scans.html"}};
    spec.notes = {
        "Tests: ANOVA of means after the covariates; Kruskal-Wallis and Anderson-Darling (k samples) of values less the "
        "covariates' part, estimated within sites; Brown-Forsythe and Fligner-Killeen of spreads; Pillai's trace of all "
        "features together, or distances (MDMR) where there are too few people for that. q controls false discoveries over "
        "features (Benjamini, Hochberg 1995).",
        "A model of the same people flatters what it harmonised; tare-efficacy and tare-cv look at people whom no model has "
        "seen."};
    spec.run = run;
    return spec;
}

}  // namespace

const cli::CommandSpec& report() {
    static const cli::CommandSpec spec = declared();
    return spec;
}

}  // namespace tare::commands
