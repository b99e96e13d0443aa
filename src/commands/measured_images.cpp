// Whose images they are: told by a table, by the names of the files on disk, or by the paths themselves.
#include "measured_images.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <unordered_map>

#include "cohort_input.hpp"
#include "option_groups.hpp"
#include "tare/base/error.hpp"
#include "tare/base/parallel.hpp"
#include "tare/base/text.hpp"
#include "tare/data/name_pattern.hpp"
#include "tare/io/found_files.hpp"
#include "tare/io/image_file.hpp"
#include "tare/io/image_rows.hpp"
#include "tare/io/table_reader.hpp"

namespace tare::commands {
namespace {

bool is_pattern(const std::string& text) {
    return text.find('{') != std::string::npos;
}

/// The name of a file without its folder and the ending of an image.
std::string stem_of(const std::string& path) {
    std::string name = std::filesystem::path(path).filename().string();
    for (const std::string ending : {".gz", ".nii", ".mgz", ".mgh", ".nrrd", ".mha", ".mhd", ".nhdr"}) {
        if (name.size() > ending.size() && name.ends_with(ending)) name.resize(name.size() - ending.size());
    }
    return name;
}

/// The position of a column named by an option, or by default; -1 where neither is there.
data::Index column_of(const data::Table& table, const std::string& named, const std::string& option,
                      const std::string& usual) {
    if (named.empty()) return table.find(usual);
    const data::Index column = table.find(named);
    if (column < 0) {
        throw base::inconsistent(option + ": " + table.source + " has no column '" + named + "'",
                                 base::did_you_mean(named, table.header));
    }
    return column;
}

}  // namespace

cli::OptionGroup measured_image_options(const std::string& what) {
    using cli::OptionKind;
    return {"Images",
            {{"images", OptionKind::list, "PATTERN",
              "Images " + what +
                  ": plain paths, whose ids are the files' names without folder and ending, or a pattern such as "
                  "'fs/{participant_id}/mri/norm.mgz'. NIfTI, MGH, NRRD or MetaImage.",
              "", true},
             {"participants", OptionKind::path, "FILE",
              "Table with one row per image, any column of which may stand in braces. Without it every file on disk that a "
              "pattern fits is taken."},
             {"id",
              OptionKind::text,
              "COLUMN",
              "Column that names the subject.",
              {},
              false,
              {},
              "participant_id, else the first column"},
             {"session",
              OptionKind::text,
              "COLUMN",
              "Column that tells repeated visits of a subject apart.",
              {},
              false,
              {},
              "session_id where it exists"},
             shard_option("the images")}};
}

MeasuredImages::MeasuredImages(const cli::ParsedOptions& options, Results& results, cli::Context& context)
    : options_(options), results_(results), context_(context) {
    const std::vector<std::string> named = options.list("images");
    const bool pattern = std::any_of(named.begin(), named.end(), is_pattern);
    if (named.empty()) throw base::usage_error("--images is empty; it must name an image");
    if (pattern && named.size() > 1) throw base::usage_error("--images takes one pattern, or plain paths");
    if (options.given("participants")) {
        take_participants(options);
        images_ = expanded("--images", named.front());
    } else {
        for (const char* name : {"id", "session"}) {
            if (options.given(name)) throw base::usage_error("--" + std::string(name) + " needs --participants");
        }
        pattern ? take_found(named.front()) : take_paths(named);
    }
    take_shard(options);
    const std::map<std::string, data::Grid> grids = grids_of(images_);
    for (const std::string& path : images_) grids_.push_back(grids.at(path));
}

void MeasuredImages::take_participants(const cli::ParsedOptions& options) {
    const std::string path = options.text("participants");
    if (options.list("images").size() > 1 || !is_pattern(options.list("images").front())) {
        throw base::usage_error("--images must be a pattern where --participants is given",
                                "put a column of --participants in braces, and the whole in quotes: "
                                "'folder/{participant_id}.nii.gz'");
    }
    results_.protect(path);
    io::ReadTable read = io::read_table(path, io::all_text(), context_.resources, context_.log);
    participants_ = std::make_unique<data::Table>(std::move(read.table));
    tables_.push_back({path, read.sha256});
    const data::Table& table = *participants_;
    data::Index id = column_of(table, options.text("id"), "--id", "participant_id");
    if (id < 0) id = 0;
    const data::Index session = column_of(table, options.text("session"), "--session", "session_id");
    key_columns_ = {table.header[static_cast<std::size_t>(id)]};
    if (session >= 0) key_columns_.push_back(table.header[static_cast<std::size_t>(session)]);
    std::set<std::vector<std::string>> seen;
    for (data::Index row = 0; row < table.rows(); ++row) {
        std::vector<std::string> keys{std::string(table.text_cell(row, id))};
        if (session >= 0) keys.emplace_back(table.text_cell(row, session));
        if (base::trimmed(keys.front()).empty()) throw base::malformed(table.where(row) + ": the id is missing");
        if (!seen.insert(keys).second) {
            throw base::inconsistent(table.where(row) + ": '" + keys.front() + "' stands in the table twice",
                                     "--session names the column that tells visits apart");
        }
        keys_.push_back(std::move(keys));
        rows_.push_back(row);
    }
}

void MeasuredImages::take_found(const std::string& text) {
    const data::NamePattern pattern(text, "--images");
    const std::vector<std::string>& columns = pattern.columns();
    if (std::find(columns.begin(), columns.end(), "participant_id") == columns.end()) {
        throw base::usage_error("--images: '" + text + "' does not say where the id is",
                                "put {participant_id} where the names differ, or give --participants");
    }
    io::FoundFiles found = io::find_files(pattern);
    if (found.paths.empty()) {
        throw base::Error(base::ExitCode::no_input, "--images: no file fits '" + text + "'",
                          found.incomplete.empty() ? "" : found.incomplete.front() + " would, and is not there");
    }
    if (!found.incomplete.empty()) {
        context_.log.warn("left out, as there is no such file: " + base::joined(found.incomplete, 4));
    }
    // The id comes first, what else tells files apart after it.
    key_columns_ = columns;
    const auto id = std::find(key_columns_.begin(), key_columns_.end(), "participant_id") - key_columns_.begin();
    std::rotate(key_columns_.begin(), key_columns_.begin() + id, key_columns_.begin() + id + 1);
    for (std::vector<std::string>& cells : found.cells) {
        std::rotate(cells.begin(), cells.begin() + id, cells.begin() + id + 1);
        keys_.push_back(std::move(cells));
    }
    images_ = std::move(found.paths);
}

void MeasuredImages::take_paths(const std::vector<std::string>& paths) {
    std::unordered_map<std::string, std::string> seen;
    for (const std::string& path : paths) {
        const auto [other, fresh] = seen.emplace(stem_of(path), path);
        if (!fresh) {
            throw base::usage_error(
                "--images: " + other->second + " and " + path + " have the same id, '" + other->first + "'",
                "a pattern such as 'fs/{participant_id}/mri/aseg.mgz' takes the id from the folder");
        }
        keys_.push_back({other->first});
    }
    images_ = paths;
}

void MeasuredImages::take_shard(const cli::ParsedOptions& options) {
    if (!options.given("shard")) return;
    std::vector<data::Index> all;
    for (std::size_t i = 0; i < images_.size(); ++i) all.push_back(static_cast<data::Index>(i));
    std::vector<std::string> images;
    std::vector<std::vector<std::string>> keys;
    std::vector<data::Index> rows;
    for (const data::Index i : rows_of_shard(shard_of(options), all)) {
        const auto place = static_cast<std::size_t>(i);
        images.push_back(images_[place]);
        keys.push_back(keys_[place]);
        if (!rows_.empty()) rows.push_back(rows_[place]);
    }
    images_ = std::move(images);
    keys_ = std::move(keys);
    rows_ = std::move(rows);
}

std::vector<std::string> MeasuredImages::expanded(const std::string& option, const std::string& text) const {
    const data::NamePattern pattern(text, option);
    const std::vector<std::string>& known = participants_ ? participants_->header : key_columns_;
    for (const std::string& column : pattern.columns()) {
        if (std::find(known.begin(), known.end(), column) == known.end()) {
            throw base::inconsistent(option + ": " + (participants_ ? participants_->source + " has" : "--images has") +
                                         " no column '" + column + "'",
                                     base::did_you_mean(column, known));
        }
    }
    std::vector<std::string> names;
    for (std::size_t i = 0; i < keys_.size(); ++i) {
        const auto cell = [&](const std::string& column) {
            if (participants_) return std::string(participants_->text_cell(rows_[i], participants_->find(column)));
            return keys_[i][static_cast<std::size_t>(std::find(known.begin(), known.end(), column) - known.begin())];
        };
        names.push_back(pattern.expand(cell, participants_ ? participants_->where(rows_[i]) : keys_[i].front()));
    }
    return names;
}

std::map<std::string, data::Grid> MeasuredImages::grids_of(const std::vector<std::string>& paths) const {
    const std::set<std::string> distinct(paths.begin(), paths.end());
    const std::vector<std::string> files(distinct.begin(), distinct.end());
    for (const std::string& path : paths) {
        std::error_code ignored;
        if (std::filesystem::exists(path, ignored) || ignored) continue;
        const std::string hint =
            participants_ ? "a row whose image is not there is left out of --participants"
            : is_pattern(options_.list("images").front())
                ? "{participant_id} takes every file that fits, other kinds of files too; --participants tells who is meant"
                : "";
        throw base::Error(base::ExitCode::no_input, path + ": no such file", hint);
    }
    std::vector<data::Grid> grids(files.size());
    base::for_each_in_parallel(files.size(), context_.resources.threads,
                               [&](std::size_t i) { grids[i] = io::read_image_header(files[i]).grid; });
    std::map<std::string, data::Grid> out;
    for (std::size_t i = 0; i < files.size(); ++i) {
        results_.protect(files[i]);
        out.emplace(files[i], std::move(grids[i]));
    }
    return out;
}

std::vector<std::string> MeasuredImages::beside(const std::string& option, bool same_grid) const {
    const std::vector<std::string> named = options_.list(option);
    const std::string shown = "--" + option;
    if (!options_.given(option)) return {};
    if (named.empty()) throw base::usage_error(shown + " is empty; it must name a file");
    std::vector<std::string> paths;
    if (std::any_of(named.begin(), named.end(), is_pattern)) {
        if (named.size() > 1) throw base::usage_error(shown + " takes one pattern, or plain paths");
        paths = expanded(shown, named.front());
    } else if (named.size() == 1) {
        paths.assign(images_.size(), named.front());
    } else if (options_.given("shard") || participants_ || named.size() != images_.size()) {
        throw base::usage_error(
            shown + ": " + base::counted(named.size(), "path") + " for " + base::counted(images_.size(), "image"),
            "one path for all, one for each of as many plain --images, or a pattern");
    } else {
        paths = named;
    }
    const std::map<std::string, data::Grid> grids = grids_of(paths);
    for (std::size_t i = 0; same_grid && i < paths.size(); ++i) {
        io::check_same_grid(grids.at(paths[i]), paths[i], grids_[i], images_[i], false);
    }
    return paths;
}

std::vector<std::string> MeasuredImages::named_for_results(const std::string& option) const {
    const std::string text = options_.text(option);
    const std::string shown = "--" + option;
    if (!is_pattern(text) && images_.size() > 1) {
        throw base::usage_error(shown + ": '" + text + "' is one name for " + base::counted(images_.size(), "image"),
                                "put {participant_id} in it, and the whole in quotes");
    }
    const std::vector<std::string> names = expanded(shown, text);
    std::set<std::string> seen;
    for (const std::string& name : names) {
        if (!io::is_writable_image_name(name)) {
            throw base::usage_error(shown + ": '" + name + "' is no name for an image",
                                    "images are written as .nii, .nii.gz, .mgh or .mgz");
        }
        if (!seen.insert(name).second) {
            throw base::inconsistent(shown + ": two images would be '" + name + "'",
                                     "name more columns in '" + text + "', so that every one has a name of its own");
        }
    }
    return names;
}

}  // namespace tare::commands
