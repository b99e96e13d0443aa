// Structures from labels, names and groups.
#include "label_choice.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <unordered_set>

#include "tare/base/error.hpp"
#include "tare/base/text.hpp"
#include "tare/imaging/freesurfer_labels.hpp"
#include "tare/io/image_file.hpp"
#include "tare/io/label_names_file.hpp"

namespace tare::commands {
namespace {

/// Where the parcels of Desikan–Killiany and of Destrieux begin, left and right.
constexpr std::array<std::int32_t, 4> cortex_begins{1000, 2000, 11100, 12100};

/// What the name of a label without a name begins with.
constexpr std::string_view unnamed = "label_";

bool is_table(const std::string& item) {
    return item.ends_with(".tsv") || item.ends_with(".csv");
}

/// "gm=3+42"
data::LabelGroup told_group(const std::string& item, std::size_t equals) {
    data::LabelGroup group{item.substr(0, equals), {}};
    if (group.name.empty()) throw base::usage_error("--groups: '" + item + "' gives the structure no name");
    std::size_t begin = equals + 1;
    while (begin <= item.size()) {
        const std::size_t end = std::min(item.size(), item.find('+', begin));
        const auto label = data::parse_label(std::string_view(item).substr(begin, end - begin));
        if (!label || *label == 0) {
            throw base::usage_error("--groups: '" + item + "': '" + item.substr(begin, end - begin) + "' is no label",
                                    "as in gm=3+42; 0 is background");
        }
        group.labels.push_back(*label);
        begin = end + 1;
    }
    return group;
}

/// True where the cortex has parcels of its own.
bool is_parcellated(const std::set<std::int32_t>& present) {
    constexpr std::int32_t parcels = 100;
    return std::any_of(cortex_begins.begin(), cortex_begins.end(), [&](std::int32_t first) {
        const auto found = present.lower_bound(first);
        return found != present.end() && *found < first + parcels;
    });
}

std::set<std::int32_t> labels_of(const data::Segmentation& segmentation) {
    std::unordered_set<std::int32_t> present;
    std::int32_t last = 0;
    for (const std::int32_t label : segmentation.labels) {
        if (label != last) present.insert(label);
        last = label;
    }
    present.erase(0);
    return {present.begin(), present.end()};
}

}  // namespace

cli::OptionGroup label_options() {
    using cli::OptionKind;
    return {
        "Structures",
        {{"labels", OptionKind::list, "PATTERN",
          "Segmentation of each image, named like --images, or one for all: whole numbers, 0 is background."},
         {"label-names",
          OptionKind::path,
          "FILE",
          "Names of the labels: a FreeSurfer colour table, a BIDS dseg.tsv, an ITK-SNAP label file, or 'freesurfer' for the "
          "names that tare knows.",
          {},
          false,
          {"freesurfer"},
          "freesurfer for .mgz and .mgh"},
         {"groups", OptionKind::list, "GROUPS",
          "Measure structures made of several labels instead of every label: tissues, hemispheres or lobes of FreeSurfer's "
          "segmentations, a table with columns structure and label, or 'name=3+42'."},
         {"structures", OptionKind::list, "GLOBS",
          "Only these structures, by name, pattern or number; those named without a pattern are n/a where they are "
          "missing."}}};
}

LabelChoice::LabelChoice(const cli::ParsedOptions& options, Results& results, cli::Context& context)
    : wanted_(options.list("structures")) {
    if (options.given("structures") && wanted_.empty()) throw base::usage_error("--structures is empty");
    if (const std::string file = options.text("label-names"); file == "freesurfer") {
        names_ = imaging::freesurfer_names();
    } else if (options.given("label-names")) {
        results.protect(file);
        io::LabelNamesFile read = io::read_label_names(file, context.resources, context.log);
        names_ = std::move(read.names);
        files_.push_back(read.file);
    }
    const auto sets = imaging::freesurfer_group_sets();
    for (const std::string& item : options.list("groups")) {
        const std::size_t equals = item.find('=');
        if (std::find(sets.begin(), sets.end(), item) != sets.end()) {
            groups_.push_back({item, {}});
        } else if (is_table(item)) {
            results.protect(item);
            io::LabelGroupsFile read = io::read_label_groups(item, context.resources, context.log);
            groups_.push_back({"", std::move(read.groups)});
            files_.push_back(read.file);
        } else if (equals != std::string::npos) {
            groups_.push_back({"", {told_group(item, equals)}});
        } else {
            const std::string meant = base::did_you_mean(item, sets);
            throw base::usage_error("--groups: '" + item + "' is no set of groups",
                                    meant.empty() ? "tissues, hemispheres, lobes, a .tsv, or name=3+42" : meant);
        }
    }
    if (options.given("groups") && groups_.empty()) throw base::usage_error("--groups is empty");
    std::set<std::string> seen;
    for (const ChosenStructure& structure : grouped(true)) {
        if (!seen.insert(structure.name).second)
            throw base::usage_error("--groups: two structures are called '" + structure.name + "'");
    }
}

const data::LabelNames* LabelChoice::names_of(const std::string& path) const {
    return names_ ? &*names_ : io::is_mgh_name(path) ? &imaging::freesurfer_names() : nullptr;
}

std::string LabelChoice::name_of(std::int32_t label, const std::string& path) const {
    if (const data::LabelNames* names = names_of(path); names != nullptr) {
        const auto found = names->find(label);
        if (found != names->end()) return found->second;
    }
    return std::string(unnamed) + std::to_string(label);
}

bool LabelChoice::is_wanted(const std::string& name, const std::vector<std::int32_t>& labels) const {
    if (wanted_.empty()) return true;
    return std::any_of(wanted_.begin(), wanted_.end(), [&](const std::string& item) {
        return base::glob_match(item, name) || (labels.size() == 1 && item == std::to_string(labels.front()));
    });
}

std::vector<ChosenStructure> LabelChoice::grouped(bool parcellated) const {
    std::vector<ChosenStructure> out;
    for (const GroupSource& source : groups_) {
        for (const data::LabelGroup& group :
             source.set.empty() ? source.told : imaging::freesurfer_groups(source.set, parcellated)) {
            const std::set<std::int32_t> labels(group.labels.begin(), group.labels.end());
            out.push_back({static_cast<long long>(out.size()), group.name, {labels.begin(), labels.end()}});
        }
    }
    std::erase_if(out, [&](const ChosenStructure& one) { return !is_wanted(one.name, {}); });
    return out;
}

std::vector<ChosenStructure> LabelChoice::structures(const data::Segmentation& segmentation, const std::string& path) const {
    check_wanted(path);
    const std::set<std::int32_t> present = labels_of(segmentation);
    if (!groups_.empty()) return grouped(is_parcellated(present));
    std::vector<ChosenStructure> out;
    for (const std::int32_t label : present) {
        ChosenStructure one{label, name_of(label, path), {label}};
        if (is_wanted(one.name, one.labels)) out.push_back(std::move(one));
    }
    return out;
}

std::optional<std::int32_t> LabelChoice::label_named(const std::string& item, const std::string& path) const {
    if (const auto number = data::parse_label(item)) return number;
    if (const data::LabelNames* names = names_of(path); names != nullptr) {
        const auto found = std::find_if(names->begin(), names->end(), [&](const auto& one) { return one.second == item; });
        if (found != names->end()) return found->first;
    }
    return item.starts_with(unnamed) ? data::parse_label(std::string_view(item).substr(unnamed.size())) : std::nullopt;
}

void LabelChoice::check_wanted(const std::string& path) const {
    const std::vector<ChosenStructure> groups = grouped(true);
    std::vector<std::string> known;
    for (const ChosenStructure& one : groups) known.push_back(one.name);
    if (const data::LabelNames* names = names_of(path); names != nullptr && groups_.empty()) {
        for (const auto& [label, name] : *names) known.push_back(name);
    }
    for (const std::string& item : wanted_) {
        const bool pattern = item.find_first_of("*?[") != std::string::npos;
        const bool there = groups_.empty() ? label_named(item, path).has_value()
                                           : std::find(known.begin(), known.end(), item) != known.end();
        if (pattern || there) continue;
        throw base::usage_error("--structures: '" + item + "' is no structure of " + path, base::did_you_mean(item, known));
    }
}

void LabelChoice::expect_in(MeasureTable& table, const std::string& path) const {
    for (const ChosenStructure& one : grouped(true)) table.expect(one.order, one.name);
    if (!groups_.empty()) return;
    for (const std::string& item : wanted_) {
        if (const auto label = label_named(item, path)) table.expect(*label, name_of(*label, path));
    }
}

}  // namespace tare::commands
