// Structures from labels, names and groups.
#include "label_choice.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <unordered_set>

#include "tare/base/error.hpp"
#include "tare/base/number_text.hpp"
#include "tare/base/text.hpp"
#include "tare/imaging/freesurfer_labels.hpp"
#include "tare/io/image_file.hpp"
#include "tare/io/label_names_file.hpp"

namespace tare::commands {
namespace {

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
        const auto label = base::parse_integer(item.substr(begin, end - begin));
        if (!label || *label < std::numeric_limits<std::int32_t>::min() ||
            *label > std::numeric_limits<std::int32_t>::max()) {
            throw base::usage_error("--groups: '" + item + "': '" + item.substr(begin, end - begin) + "' is no label",
                                    "as in gm=3+42");
        }
        group.labels.push_back(static_cast<std::int32_t>(*label));
        begin = end + 1;
    }
    return group;
}

/// True where the cortex has the parcels of Desikan–Killiany.
bool is_parcellated(const std::set<std::int32_t>& present) {
    const auto any = [&](std::int32_t first) {
        const auto found = present.lower_bound(first);
        return found != present.end() && *found < first + 100;
    };
    return any(1000) || any(2000);
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
    return "label_" + std::to_string(label);
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
    const std::set<std::int32_t> present = labels_of(segmentation);
    if (!groups_.empty()) return grouped(is_parcellated(present));
    std::vector<ChosenStructure> out;
    for (const std::int32_t label : present) {
        ChosenStructure one{label, name_of(label, path), {label}};
        if (is_wanted(one.name, one.labels)) out.push_back(std::move(one));
    }
    return out;
}

void LabelChoice::expect_in(MeasureTable& table, const std::string& path) const {
    if (!groups_.empty()) {
        for (const ChosenStructure& one : grouped(true)) table.expect(one.order, one.name);
        return;
    }
    const data::LabelNames* names = names_of(path);
    for (const std::string& item : wanted_) {
        const auto number = base::parse_integer(item);
        if (number) table.expect(*number, name_of(static_cast<std::int32_t>(*number), path));
        if (number || names == nullptr) continue;
        for (const auto& [label, name] : *names) {
            if (name == item) table.expect(label, name);
        }
    }
}

}  // namespace tare::commands
