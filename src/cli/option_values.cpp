// What the options of a run are: values given, declared defaults, and the list of both for provenance.
#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>

#include "tare/base/number_text.hpp"
#include "tare/base/text.hpp"
#include "tare/cli/parsed_options.hpp"

namespace tare::cli {

namespace {

/// Options that change how a run goes about its work, but not its result.
constexpr std::array<std::string_view, 7> without_effect_on_the_result = {"help",  "version", "threads", "memory",
                                                                          "quiet", "verbose", "force"};

std::string with_commas(const std::vector<std::string>& items) {
    std::string text;
    for (std::size_t i = 0; i < items.size(); ++i) {
        text += (i == 0 ? "" : ",") + items[i];
    }
    return text;
}

}  // namespace

const OptionSpec& ParsedOptions::declaration(const std::string& name) const {
    const OptionSpec* const option = spec_ == nullptr ? nullptr : find_option(*spec_, name);
    if (option == nullptr) {
        throw std::logic_error("no option '--" + name + "' is declared here");
    }
    return *option;
}

bool ParsedOptions::declares(const std::string& name) const {
    return spec_ != nullptr && find_option(*spec_, name) != nullptr;
}

bool ParsedOptions::given(const std::string& name) const {
    return values_.contains(declaration(name).name);
}

std::string ParsedOptions::text(const std::string& name) const {
    const OptionSpec& option = declaration(name);
    const auto found = values_.find(name);
    return found == values_.end() ? option.default_text : with_commas(found->second);
}

std::vector<std::string> ParsedOptions::list(const std::string& name) const {
    const OptionSpec& option = declaration(name);
    const auto found = values_.find(name);
    return found == values_.end() ? base::split_list(option.default_text) : found->second;
}

std::optional<long long> ParsedOptions::integer(const std::string& name) const {
    return base::parse_integer(text(name));
}

std::optional<double> ParsedOptions::number(const std::string& name) const {
    return base::parse_number(text(name));
}

std::vector<std::pair<std::string, std::string>> ParsedOptions::resolved() const {
    std::vector<std::pair<std::string, std::string>> in_force;
    const auto add = [&](const OptionGroup& group) {
        for (const OptionSpec& option : group.options) {
            if (std::ranges::find(without_effect_on_the_result, option.name) != without_effect_on_the_result.end()) {
                continue;
            }
            if (given(option.name)) {
                in_force.emplace_back(option.name, option.kind == OptionKind::flag ? "true" : text(option.name));
            } else if (!option.default_text.empty()) {
                in_force.emplace_back(option.name, option.default_text);
            }
        }
    };
    if (spec_ != nullptr) {
        std::ranges::for_each(spec_->groups, add);
        add(common_options());
    }
    return in_force;
}

}  // namespace tare::cli
