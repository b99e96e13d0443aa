// Layers from lists of labels.
#include "layer_choice.hpp"

#include <algorithm>
#include <set>

#include "tare/base/error.hpp"
#include "tare/base/text.hpp"
#include "tare/data/label_names.hpp"

namespace tare::commands {
namespace {

struct NamedLabels {
    std::string name;
    std::vector<std::int32_t> labels;
};

/// "left=3" or "3", and "2+41".
NamedLabels named_labels(const std::string& item, const std::string& option) {
    const std::size_t equals = item.find('=');
    NamedLabels out;
    if (equals != std::string::npos) {
        out.name = item.substr(0, equals);
        if (out.name.empty()) throw base::usage_error("--" + option + ": '" + item + "' gives the layer no name");
    }
    std::size_t begin = equals == std::string::npos ? 0 : equals + 1;
    while (begin <= item.size()) {
        const std::size_t end = std::min(item.size(), item.find('+', begin));
        const std::string text = item.substr(begin, end - begin);
        const auto label = data::parse_label(text);
        if (!label) {
            throw base::usage_error("--" + option + ": '" + item + "': '" + text + "' is no label",
                                    "as in 3,42, left=3,right=42 or 3+42");
        }
        out.labels.push_back(*label);
        begin = end + 1;
    }
    return out;
}

std::vector<NamedLabels> all_of(const cli::ParsedOptions& options, const std::string& option) {
    std::vector<NamedLabels> out;
    for (const std::string& item : options.list(option)) out.push_back(named_labels(item, option));
    if (out.empty()) throw base::usage_error("--" + option + " is empty; it must name a label");
    return out;
}

}  // namespace

cli::OptionGroup layer_options() {
    using cli::OptionKind;
    return {
        "Layers",
        {{"gray", OptionKind::list, "LABELS",
          "The labels of grey matter, one layer each, or 3+42 for several labels of one layer; a name may stand before.",
          "left=3,right=42"},
         {"white", OptionKind::list, "LABELS",
          "The labels of white matter on the inner side of each layer, in the same order. All else lies outside.", "2,41"}}};
}

std::vector<ChosenLayer> chosen_layers(const cli::ParsedOptions& options) {
    const std::vector<NamedLabels> gray = all_of(options, "gray"), white = all_of(options, "white");
    if (gray.size() != white.size()) {
        throw base::usage_error(
            "--gray names " + base::counted(gray.size(), "layer") + ", --white " + std::to_string(white.size()),
            "one item of --white for each of --gray");
    }
    std::vector<ChosenLayer> out;
    std::set<std::int32_t> taken;
    std::set<std::string> names;
    for (std::size_t i = 0; i < gray.size(); ++i) {
        for (const std::int32_t label : gray[i].labels) {
            if (!taken.insert(label).second)
                throw base::usage_error("--gray: " + std::to_string(label) + " stands in it twice");
        }
        for (const std::int32_t label : white[i].labels) {
            const std::vector<std::int32_t>& own = gray[i].labels;
            if (std::find(own.begin(), own.end(), label) != own.end())
                throw base::usage_error("--white: " + std::to_string(label) + " is grey matter of the same layer");
        }
        std::string name = gray[i].name;
        if (name.empty() && gray.size() > 1) name = "gray_" + std::to_string(gray[i].labels.front());
        if (!names.insert(name).second) throw base::usage_error("--gray: two layers are called '" + name + "'");
        out.push_back({name, {gray[i].labels, white[i].labels}});
    }
    return out;
}

}  // namespace tare::commands
