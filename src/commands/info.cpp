// tare-info: files to what they are, and whether they are whole.
#include <algorithm>

#include "fitting.hpp"
#include "info_text.hpp"
#include "tare/base/error.hpp"
#include "tare/base/text.hpp"
#include "tare/commands/registry.hpp"
#include "tare/compute/devices.hpp"
#include "tare/io/file_info.hpp"

namespace tare::commands {
namespace {

/// One fault is the error itself; of several each is told, and the error counts them.
void report(const std::vector<io::FileInfo>& files, base::Log& log) {
    std::vector<const io::FileInfo*> broken;
    for (const io::FileInfo& file : files) {
        if (!file.whole()) broken.push_back(&file);
    }
    if (broken.empty()) return;
    if (broken.size() == 1) throw base::Error(*broken.front()->fault);
    base::ExitCode code = broken.front()->fault->code();
    for (const io::FileInfo* file : broken) {
        log.warn(file->fault->what());
        if (file->fault->code() == base::ExitCode::data) code = base::ExitCode::data;
    }
    throw base::Error(code, std::to_string(broken.size()) + " of " + base::counted(files.size(), "file") + " are not whole");
}

/// The cards, a line each; or one that says why there is none.
std::string devices_text(const std::vector<io::DeviceInfo>& devices, const std::string& why_none) {
    if (devices.empty()) return "no card: " + why_none + "\n";
    std::string out;
    for (const io::DeviceInfo& device : devices) {
        out += device.device + "  " + device.name + ", " + std::to_string(device.memory >> 30U) +
               " GiB, compute capability " + device.compute_capability + "\n";
    }
    return out;
}

void list_devices(const cli::ParsedOptions& options, cli::Context& context) {
    if (!options.operands().empty()) {
        throw base::usage_error("--devices is asked for beside files", "ask for the cards and the files one after another");
    }
    Results results(info(), options, context);
    io::Output& output = results.open(options.text("output"));
    const compute::DeviceList found = compute::cuda_devices();
    std::vector<io::DeviceInfo> devices;
    for (const compute::CudaDevice& card : found.devices) {
        devices.push_back(
            {card.text(), card.name, card.memory, std::to_string(card.major) + "." + std::to_string(card.minor)});
    }
    if (options.text("format") == "json") {
        io::write_devices(output, devices, found.why_none);
    } else {
        output.write(devices_text(devices, found.why_none));
    }
    results.commit({});
}

void run(const cli::ParsedOptions& options, cli::Context& context) {
    if (options.flag("devices")) return list_devices(options, context);
    const std::vector<std::string>& paths = options.operands();
    if (paths.empty()) throw base::usage_error("no files to look at", "tare-info image.nii.gz table.tsv model.json");
    if (std::find(paths.begin(), paths.end(), "-") != paths.end()) {
        throw base::usage_error("'-' is not taken: a file is read more than once", "save the stream to a file");
    }
    Results results(info(), options, context);
    for (const std::string& path : paths) results.protect(path);
    io::Output& output = results.open(options.text("output"));

    std::vector<io::FileInfo> files;
    std::vector<io::InputFile> inputs;
    for (const std::string& path : paths) {
        files.push_back(io::inspect_file(path, options.text("site"), context.resources));
        if (!files.back().sha256.empty()) inputs.push_back({path, files.back().sha256});
        context.log.progress("looking", static_cast<double>(files.size()) / static_cast<double>(paths.size()));
    }
    const bool any_model = std::any_of(files.begin(), files.end(), [](const io::FileInfo& file) {
        return std::holds_alternative<io::ModelInfo>(file.content) || !file.whole();
    });
    if (options.flag("uncertainty") && !any_model) throw base::usage_error("--uncertainty is of models, and none is here");
    if (options.text("format") == "json") {
        io::write_file_infos(output, files);
    } else {
        for (const io::FileInfo& file : files)
            output.write(info_text(file, options.flag("verbose"), options.flag("uncertainty")));
    }
    results.commit(inputs);
    report(files, context.log);
}

cli::CommandSpec declared() {
    cli::CommandSpec spec;
    spec.verb = "info";
    spec.group = "Look";
    spec.summary = "Say what files are, and whether they are whole";
    spec.description = {
        "Reads every file to its end and says what it is (table, image, NumPy matrix, model, moments, model of "
        "tare-normalise), whether it is whole, "
        "its dimensions, sites, ranges and checksum. Files are recognised by their content first and by their name second.",
        "Whole means that the format's own checksums, the length and the header agree to the byte. The exit code says it: 0 "
        "where all files are whole, 65 where one is damaged or nothing known, 66 where one "
        "is "
        "missing (65 before 66 where there are both). All files are looked at before it ends."};
    spec.operands = "FILE...";
    spec.groups = {{"Looking",
                    {{"site", cli::OptionKind::text, "COLUMN", "Column of tables that names the site.", "site"},
                     {"uncertainty", cli::OptionKind::flag, "",
                      "Of models: standard errors of every site's correction, and how many more subjects would halve them "
                      "(always in JSON)."},
                     {"devices", cli::OptionKind::flag, "",
                      "List the graphics cards that --device can name, or say why there is none, and look at no files."},
                     {"format",
                      cli::OptionKind::choice,
                      "FORM",
                      "A block of lines for each file, or one JSON list with an object for each, which holds everything.",
                      "text",
                      false,
                      {"text", "json"}},
                     {"output", cli::OptionKind::output, "FILE", "What was found; - is standard output.", "-"}}}};
    spec.examples = {{"What is in a table", "tare-info cohort.tsv --output cohort.txt"},
                     {"Only go on with whole files, and keep what they are",
                      "tare-info centre_a.tsv centre_b.tsv --format json --output files.json && "
                      "tare-moments --input centre_a.tsv --covariates age,sex --output part_a.json"}};
    spec.notes = {
        "A column of a table is numeric where every cell is a number or missing and at least one is a number. A NumPy array "
        "that is whole but no matrix of float32 or float64 is described, with the reason why no command takes it, and "
        "counts as whole."};
    spec.run = run;
    return spec;
}

}  // namespace

const cli::CommandSpec& info() {
    static const cli::CommandSpec spec = declared();
    return spec;
}

}  // namespace tare::commands
