// tare-report: one page that shows what harmonising did.
#include <optional>
#include <utility>

#include "fitting.hpp"
#include "report_facts.hpp"
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

void check_options(const cli::ParsedOptions& options) {
    if (options.text("before") == options.text("after") && options.text("before") != "-")
        throw base::usage_error("--before and --after are the same file " + options.text("before"));
}

void run(const cli::ParsedOptions& options, cli::Context& context) {
    check_options(options);
    const std::string folder = options.text("figures");
    Results results(report(), options, context);
    results.protect_given({"before", "after", "participants", "model", "images"});
    if (options.given("figures")) check_folder_name(folder, "figures", context.force);
    io::Output& output = results.open(options.text("output"));

    std::optional<io::SavedModel> model;
    if (options.given("model")) {
        model = io::read_model(options.text("model"));
        if (model->model.features.kind() != data::FeatureKind::named)
            context.log.warn(options.text("model") + ": is of " + data::described(model->model.features) +
                             ", not of a table: only its columns' names are used");
    }
    base::Workspace on_the_heap;
    std::optional<io::SavedModel> maps;
    std::vector<report::Montage> montages;
    if (options.given("images")) {
        maps = io::read_model(options.text("images"), context.resources, on_the_heap);
        montages = montages_of(maps->model, options.text("images"));
    }
    ReportTables tables = read_report_tables(options, model, context);
    if (model) tables.files.push_back({model->path, model->sha256});
    report::Report facts =
        report_of(tables, model, options.text("before"), options.text("after"), context.resources.threads);
    if (maps) {
        facts.montages = std::move(montages);
        tables.files.push_back({maps->path, maps->sha256});
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
        "Compares a table before and after harmonising and writes one self-contained page: was there a site effect, is it "
        "gone, is the biology still there, and can this be trusted. Five sentences with figures, who is in it, tests with "
        "effect sizes, and plots before beside after.",
        "The page needs no network and no server; --format md and json have the same figures for papers and pipelines, "
        "--figures every plot as a file."};
    spec.groups = {
        {"Tables",
         {{"before",
           OptionKind::path,
           "FILE",
           "Table before harmonising, CSV or TSV, plain or .gz; - is standard input.",
           {},
           true},
          {"after",
           OptionKind::path,
           "FILE",
           "Table after harmonising: the same people and features, matched by name.",
           {},
           true},
          {"model", OptionKind::path, "FILE",
           "The model that harmonised them: adds its site effects, priors and uncertainty, and names the columns, "
           "covariates "
           "and features that no option names."},
          {"images", OptionKind::path, "MODEL",
           "The folder of a model of images: adds maps of its site effects on the mean image."},
          {"participants", OptionKind::path, "FILE",
           "Table with one row per subject (site, covariates), joined by id to both tables."},
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
         "--after simple.tsv --covariates age,sex --features '*_thickness' --output report.json"}};
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
