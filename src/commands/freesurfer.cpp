// tare-freesurfer: what FreeSurfer measured of many subjects, in one table.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <set>

#include "cohort_input.hpp"
#include "fitting.hpp"
#include "freesurfer_columns.hpp"
#include "option_groups.hpp"
#include "tare/base/error.hpp"
#include "tare/base/number_text.hpp"
#include "tare/base/parallel.hpp"
#include "tare/base/text.hpp"
#include "tare/commands/registry.hpp"
#include "tare/data/name_pattern.hpp"
#include "tare/io/found_files.hpp"
#include "tare/io/table_reader.hpp"

namespace tare::commands {
namespace {

std::vector<std::string> measures_of(const cli::ParsedOptions& options) {
    const std::vector<std::string> known = freesurfer_measures();
    std::vector<std::string> wanted = options.list("measures");
    if (wanted.empty()) throw base::usage_error("--measures is empty");
    for (const std::string& name : wanted) {
        if (std::find(known.begin(), known.end(), name) != known.end()) continue;
        const std::string meant = base::did_you_mean(name, known);
        throw base::usage_error("--measures: '" + name + "' is no measure of FreeSurfer",
                                meant.empty() ? base::joined(known, known.size()) : meant);
    }
    return wanted;
}

/// The patterns of the files to read: as given, or those of a folder of subjects.
std::vector<std::string> patterns_of(const cli::ParsedOptions& options) {
    const std::vector<std::string> stats = options.list("stats");
    if (stats.empty()) throw base::usage_error("--stats is empty");
    std::string folder = options.text("subjects-dir");
    if (!options.given("subjects-dir")) {
        const char* from_environment = std::getenv("SUBJECTS_DIR");
        if (from_environment != nullptr) folder = from_environment;
    }
    if (!folder.empty() && !std::filesystem::is_directory(folder)) {
        throw base::Error(base::ExitCode::no_input, folder + ": no such folder");
    }
    // A brace in the folder's own name is none of the pattern's.
    std::string plain;
    for (const char c : folder) plain.append(c == '{' || c == '}' ? 2 : 1, c);
    std::vector<std::string> out;
    for (const std::string& item : stats) {
        if (item.find('{') != std::string::npos) {
            out.push_back(item);
            continue;
        }
        if (folder.empty()) {
            throw base::usage_error("--subjects-dir is not given, and SUBJECTS_DIR is not set",
                                    "or give patterns, as in --stats 'fs/{participant_id}/stats/aseg.stats'");
        }
        const std::string start = plain + "/{participant_id}/stats/";
        if (item == "aseg" || item == "wmparc") {
            out.push_back(start + item + ".stats");
        } else {
            for (const char* side : {"lh.", "rh."}) out.push_back(start + side + item + ".stats");
        }
    }
    return out;
}

/// Who is asked for, in the order of the table's rows; and where from.
struct Asked {
    std::optional<std::vector<std::string>> subjects;  ///< nothing: everyone who is found
    std::string source = "--subjects";
    std::string id_column = "participant_id";
    std::vector<io::InputFile> files;
};

Asked asked_for(const cli::ParsedOptions& options, Results& results, cli::Context& context) {
    Asked asked;
    if (options.given("subjects")) {
        if (options.given("participants")) throw base::usage_error("--subjects does not go with --participants");
        asked.subjects = options.list("subjects");
        if (asked.subjects->empty()) throw base::usage_error("--subjects is empty");
    } else if (options.given("participants")) {
        const std::string path = options.text("participants");
        results.protect(path);
        const io::ReadTable read = io::read_table(path, io::all_text(), context.resources, context.log);
        const std::string named = options.text("id");
        data::Index id = read.table.find(named.empty() ? "participant_id" : named);
        if (id < 0 && !named.empty()) {
            throw base::inconsistent("--id: " + path + " has no column '" + named + "'",
                                     base::did_you_mean(named, read.table.header));
        }
        id = std::max<data::Index>(id, 0);
        asked.subjects.emplace();
        for (data::Index row = 0; row < read.table.rows(); ++row) {
            asked.subjects->emplace_back(read.table.text_cell(row, id));
        }
        asked.source = path;
        asked.id_column = read.table.header[static_cast<std::size_t>(id)];
        asked.files.push_back({path, read.sha256});
    } else if (options.given("id")) {
        throw base::usage_error("--id needs --participants");
    }
    std::set<std::string> seen;
    for (const std::string& subject : asked.subjects.value_or(std::vector<std::string>())) {
        if (!seen.insert(subject).second)
            throw base::inconsistent(asked.source + ": subject '" + subject + "' is there twice");
    }
    return asked;
}

/// The part of them that a shard has.
std::vector<std::string> sharded(const std::vector<std::string>& subjects, const cli::ParsedOptions& options) {
    std::vector<data::Index> all;
    for (std::size_t i = 0; i < subjects.size(); ++i) all.push_back(static_cast<data::Index>(i));
    std::vector<std::string> out;
    for (const data::Index i : rows_of_shard(shard_of(options), all)) out.push_back(subjects[static_cast<std::size_t>(i)]);
    return out;
}

/// Those asked for, or everyone known, of whom there must be something to read.
std::vector<std::string> chosen_subjects(const Asked& asked, const std::set<std::string>& known, const std::string& where) {
    std::vector<std::string> out;
    if (asked.subjects) {
        for (const std::string& subject : *asked.subjects) {
            if (!known.contains(subject)) {
                const std::vector<std::string> candidates(known.begin(), known.end());
                throw base::Error(base::ExitCode::no_input,
                                  asked.source + ": there is nothing of '" + subject + "' in " + where,
                                  base::did_you_mean(subject, candidates));
            }
        }
        return *asked.subjects;
    }
    // FreeSurfer's own templates lie among the subjects.
    std::copy_if(known.begin(), known.end(), std::back_inserter(out),
                 [](const std::string& name) { return !name.starts_with("fsaverage"); });
    return out;
}

struct Read {
    std::vector<std::string> subjects;
    std::vector<io::InputFile> files;
};

[[noreturn]] void disagree(const std::string& path, const std::string& subject, const std::string& column) {
    throw base::inconsistent(path + ": " + column + " of '" + subject + "' is not what another file says of it",
                             "give files of one run of recon-all, and parcellations that name a region alike one at a time");
}

/// Regions that the same file of other subjects has.
void warn_of_missing(const std::string& path, const io::FreesurferStats& stats, std::set<std::string> regions,
                     base::Log& log) {
    for (const io::FreesurferStats::Region& region : stats.regions) regions.erase(region.name);
    if (regions.empty()) return;
    log.warn(path + ": n/a, as it lacks what others have: " +
             base::joined(std::vector<std::string>(regions.begin(), regions.end())));
}

Read read_stats(const cli::ParsedOptions& options, const Asked& asked, cli::Context& context, GrowingTable& table) {
    const std::vector<std::string> measures = measures_of(options), patterns = patterns_of(options);
    std::vector<std::map<std::string, std::string>> found(patterns.size());
    std::set<std::string> known;
    for (std::size_t p = 0; p < patterns.size(); ++p) {
        const data::NamePattern pattern(patterns[p], "--stats");
        if (pattern.columns() != std::vector<std::string>{"participant_id"}) {
            throw base::usage_error("--stats: '" + patterns[p] + "': the only column in braces is {participant_id}");
        }
        const io::FoundFiles files = io::find_files(pattern);
        for (std::size_t i = 0; i < files.paths.size(); ++i) {
            found[p].emplace(files.cells[i].front(), files.paths[i]);
            known.insert(files.cells[i].front());
        }
    }
    Read out{chosen_subjects(asked, known, patterns.front()), {}};
    if (out.subjects.empty()) {
        throw base::Error(base::ExitCode::no_input, "no file fits '" + patterns.front() + "'",
                          "--subjects-dir is the folder that holds the subjects' folders");
    }
    out.subjects = sharded(out.subjects, options);
    struct File {
        std::string subject, path;
        std::size_t pattern;
        io::FreesurferStats stats;
    };
    std::vector<File> files;
    std::vector<std::string> missing;
    for (const std::string& subject : out.subjects) {
        for (std::size_t p = 0; p < patterns.size(); ++p) {
            const auto file = found[p].find(subject);
            if (file != found[p].end()) {
                files.push_back({subject, file->second, p, {}});
            } else {
                missing.push_back(
                    data::NamePattern(patterns[p]).expand([&](const std::string&) { return subject; }, subject));
            }
        }
    }
    if (!missing.empty()) context.log.warn("n/a, as there is no such file: " + base::joined(missing, 4));
    base::for_each_in_parallel(files.size(), context.resources.threads, [&](std::size_t i) {
        files[i].stats = io::read_freesurfer_stats(files[i].path, context.resources);
    });
    std::map<std::size_t, std::set<std::string>> regions;
    for (const File& file : files) {
        for (const NamedValue& value : named_values(file.stats, measures)) {
            if (!table.add(file.subject, value)) disagree(file.path, file.subject, value.column);
        }
        for (const io::FreesurferStats::Region& region : file.stats.regions) regions[file.pattern].insert(region.name);
        out.files.push_back(file.stats.file);
    }
    for (const File& file : files) warn_of_missing(file.path, file.stats, regions.at(file.pattern), context.log);
    return out;
}

/// A subject's row of a table of FreeSurfer's scripts.
void add_row(const data::Table& one, data::Index row, GrowingTable& table) {
    const std::string subject(one.text_cell(row, 0));
    for (std::size_t column = 1; column < one.header.size(); ++column) {
        const std::string_view text = one.text_cell(row, static_cast<data::Index>(column));
        const auto number =
            base::is_missing(text) ? std::optional(std::numeric_limits<double>::quiet_NaN()) : base::parse_number(text);
        if (!number) {
            throw base::malformed(one.where(row) + ": column '" + one.header[column] + "': '" + std::string(text) +
                                  "' is not a number");
        }
        const NamedValue value = named_cell(one.header[column], one.header.front(), *number);
        if (!table.add(subject, value)) disagree(one.source, subject, value.column);
    }
}

Read read_tables(const cli::ParsedOptions& options, const Asked& asked, Results& results, cli::Context& context,
                 GrowingTable& table) {
    Read out;
    std::set<std::string> known;
    std::vector<std::string> in_order;
    std::vector<io::ReadTable> tables;
    for (const std::string& path : options.list("tables")) {
        results.protect(path);
        tables.push_back(io::read_table(path, io::all_text(), context.resources, context.log));
        out.files.push_back({path, tables.back().sha256});
        std::set<std::string> here;
        const data::Table& one = tables.back().table;
        for (data::Index row = 0; row < one.rows(); ++row) {
            const std::string subject(one.text_cell(row, 0));
            if (!here.insert(subject).second) throw base::malformed(one.where(row) + ": '" + subject + "' is there twice");
            if (known.insert(subject).second) in_order.push_back(subject);
        }
    }
    if (tables.empty()) throw base::usage_error("--tables is empty");
    out.subjects =
        sharded(asked.subjects ? chosen_subjects(asked, known, options.list("tables").front()) : in_order, options);
    const std::set<std::string> chosen(out.subjects.begin(), out.subjects.end());
    for (const io::ReadTable& read : tables) {
        for (data::Index row = 0; row < read.table.rows(); ++row) {
            if (chosen.contains(std::string(read.table.text_cell(row, 0)))) add_row(read.table, row, table);
        }
    }
    return out;
}

void run(const cli::ParsedOptions& options, cli::Context& context) {
    const bool tables = options.given("tables");
    for (const char* name : {"subjects-dir", "stats", "measures"}) {
        if (tables && options.given(name)) throw base::usage_error("--" + std::string(name) + " does not go with --tables");
    }
    Results results(freesurfer(), options, context);
    if (tables) results.leave_out({"stats", "measures"});
    io::Output& output = results.open(options.text("output"));
    const Asked asked = asked_for(options, results, context);
    GrowingTable table;
    Read read = tables ? read_tables(options, asked, results, context, table) : read_stats(options, asked, context, table);
    context.log.info(base::counted(read.subjects.size(), "subject") + ", " + base::counted(table.columns(), "measure"));
    table.write(asked.id_column, read.subjects, output, context.resources);
    read.files.insert(read.files.begin(), asked.files.begin(), asked.files.end());
    results.commit(read.files);
}

cli::CommandSpec declared() {
    using cli::OptionKind;
    cli::CommandSpec spec;
    spec.verb = "freesurfer";
    spec.group = "Measure";
    spec.summary = "Put FreeSurfer's statistics of many subjects into one table";
    spec.description = {
        "Reads aseg.stats, the aparc.stats of both sides and their like of every subject, or the tables of asegstats2table "
        "and "
        "aparcstats2table, and prints one table: a row for each subject, the unit at the end of every column's name, "
        "eTIV_mm3 "
        "among them.",
        "A region that a subject lacks, which FreeSurfer's tables write as 0.0, is n/a."};
    spec.groups = {
        {"Subjects",
         {{"subjects-dir",
           OptionKind::path,
           "FOLDER",
           "The folder that holds the subjects' folders.",
           {},
           false,
           {},
           "the environment's SUBJECTS_DIR"},
          {"subjects", OptionKind::list, "IDS", "Only these subjects, in this order; else all but fsaverage, sorted."},
          {"participants", OptionKind::path, "FILE", "Table whose rows tell the subjects."},
          {"id",
           OptionKind::text,
           "COLUMN",
           "Its column that names them.",
           {},
           false,
           {},
           "participant_id, else the first column"},
          shard_option("the subjects")}},
        {"Statistics",
         {{"stats", OptionKind::list, "NAMES",
           "Which files: aseg, wmparc, or a parcellation such as aparc or aparc.a2009s, of which both sides are read; or "
           "patterns such as 'fs/{participant_id}/stats/aseg.stats'.",
           "aseg,aparc"},
          {"measures", OptionKind::list, "NAMES",
           "Of thickness, thickness_sd, area, volume, vertices, voxels, mean, sd, mean_curvature, gaussian_curvature, "
           "folding_index, curvature_index.",
           "thickness,area,volume", false, freesurfer_measures()},
          {"tables", OptionKind::list, "FILES",
           "Tables of asegstats2table and aparcstats2table instead, joined by subject."}}},
        {"Results", {{"output", OptionKind::output, "FILE", "The table; - is standard output.", "-"}}}};
    spec.examples = {
        {"Volumes of two subjects from tables of asegstats2table",
         "printf 'Measure:volume\\tLeft-Hippocampus\\tLeft-vessel\\tEstimatedTotalIntraCranialVol\\nsub-01\\t4077.4\\t"
         "0.0\\t1601016.4\\nsub-02\\t3920.1\\t31.0\\t1498230.2\\n' > aseg.tsv && tare-freesurfer --tables aseg.tsv "
         "--output volumes.tsv"}};
    spec.notes = {
        "FreeSurfer's Volume_mm3 of structures in aseg and wmparc corrects for partial volumes, and in aseg.stats NVoxels "
        "is that "
        "volume in voxels, rounded: neither is the number of labelled voxels. tare-roi counts those.",
        "A subject without one of the files has n/a in its columns, with a warning. A file that ends early is an error."};
    spec.run = run;
    return spec;
}

}  // namespace

const cli::CommandSpec& freesurfer() {
    static const cli::CommandSpec spec = declared();
    return spec;
}

}  // namespace tare::commands
