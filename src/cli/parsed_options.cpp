// From arguments to checked options. Boost.Program_options walks over the arguments and keeps apart options, values
// and operands; what a name or a value may look like is decided here, so that every message is in our own words.
#include "tare/cli/parsed_options.hpp"

#include <algorithm>
#include <cstdint>

#include <boost/program_options.hpp>

#include "shell_quote.hpp"
#include "spelling.hpp"
#include "tare/base/error.hpp"
#include "tare/base/number_text.hpp"
#include "tare/base/text.hpp"

namespace tare::cli {

namespace {

namespace po = boost::program_options;
using base::usage_error;

/// "--name=value" taken apart; the name as typed, the value only where there is an '='.
struct LongOption {
    std::string name;
    std::optional<std::string> value;

    [[nodiscard]] std::string with_dashes() const { return std::string(2, '-') + name; }
    [[nodiscard]] std::string normalised() const {
        std::string text = name;
        std::ranges::replace(text, '_', '-');
        return text;
    }
};

std::optional<LongOption> as_long_option(const std::string& argument) {
    if (!argument.starts_with("--") || argument == "--") {
        return std::nullopt;
    }
    const std::size_t equals = argument.find('=');
    if (equals == std::string::npos) {
        return LongOption{argument.substr(2), std::nullopt};
    }
    return LongOption{argument.substr(2, equals - 2), argument.substr(equals + 1)};
}

std::string quoted(std::string_view text) {
    return std::string("'").append(text).append("'");
}

/// "option '--site'": how most messages begin.
std::string option_called(const OptionSpec& option) {
    return "option " + quoted("--" + option.name);
}

std::vector<std::string> option_names(const CommandSpec& spec) {
    std::vector<std::string> names;
    const auto add = [&names](const OptionGroup& group) {
        std::ranges::transform(group.options, std::back_inserter(names), &OptionSpec::name);
    };
    std::ranges::for_each(spec.groups, add);
    add(common_options());
    return names;
}

const OptionSpec& option_meant(const CommandSpec& spec, const LongOption& typed) {
    const auto names = option_names(spec);
    const std::string name = typed.normalised();
    if (const auto known = known_spelling(name, names)) {
        return *find_option(spec, *known);
    }
    std::string hint = suggestion(name, names, "--");
    if (hint.empty()) {
        hint = spec.program() + " --help lists the options";
    }
    throw usage_error("unknown option " + quoted(typed.with_dashes()), hint);
}

/// The choice that `value` spells. Throws where it is none.
std::string choice_meant(const OptionSpec& option, const std::string& value) {
    if (const auto known = known_spelling(value, option.choices)) {
        return *known;
    }
    throw usage_error(
        option_called(option) + " is " + quoted(value) + "; it must be one of " + base::joined(option.choices, SIZE_MAX),
        suggestion(value, option.choices));
}

/// Takes the value that stands behind an option from the arguments still to be read.
std::string following_value(const CommandSpec& spec, const OptionSpec& option, std::vector<std::string>& rest) {
    if (!rest.empty() && !rest.front().starts_with("--")) {
        std::string value = std::move(rest.front());
        rest.erase(rest.begin());
        return value;
    }
    std::string hint;
    const auto next = rest.empty() ? std::nullopt : as_long_option(rest.front());
    if (next && !known_spelling(next->normalised(), option_names(spec))) {
        hint =
            "a value that begins with '--' is written behind '=': " + shell_quoted("--" + option.name + "=" + rest.front());
    }
    throw usage_error(option_called(option) + " needs a value", hint);
}

/// What Boost calls a style parser: takes one option with its value from the front of `rest`, or nothing where an
/// operand or "--" comes next.
std::vector<po::option> take_option(const CommandSpec& spec, std::vector<std::string>& rest) {
    const auto typed = as_long_option(rest.front());
    if (!typed) {
        if (rest.front().size() > 1 && rest.front().front() == '-' && rest.front() != "--") {
            const std::string hint = suggestion(rest.front().substr(1), option_names(spec), "--");
            throw usage_error(
                "unknown option " + quoted(rest.front()),
                hint.empty() ? "options begin with two dashes; " + spec.program() + " --help lists them" : hint);
        }
        return {};
    }
    const OptionSpec& option = option_meant(spec, *typed);
    po::option found(option.name, {});
    found.original_tokens.push_back(rest.front());
    rest.erase(rest.begin());
    if (option.kind == OptionKind::flag) {
        if (typed->value) {
            throw usage_error(option_called(option) + " takes no value");
        }
    } else {
        found.value.push_back(typed->value ? *typed->value : following_value(spec, option, rest));
    }
    return {found};
}

/// Options with their values and operands (those have no string_key), in the order of the command line.
std::vector<po::option> split_arguments(const CommandSpec& spec, std::span<const std::string> arguments) {
    po::options_description declared;
    const auto declare = [&declared](const OptionGroup& group) {
        for (const OptionSpec& option : group.options) {
            if (option.kind == OptionKind::flag) {
                declared.add_options()(option.name.c_str(), "");
            } else {
                declared.add_options()(option.name.c_str(), po::value<std::string>(), "");
            }
        }
    };
    std::ranges::for_each(spec.groups, declare);
    declare(common_options());
    return po::basic_command_line_parser<char>(std::vector<std::string>(arguments.begin(), arguments.end()))
        .options(declared)
        .style(po::command_line_style::allow_long | po::command_line_style::long_allow_adjacent |
               po::command_line_style::long_allow_next)
        .extra_style_parser([&spec](std::vector<std::string>& rest) { return take_option(spec, rest); })
        .run()
        .options;
}

/// The value in the spelling of the declaration. Throws where the option cannot have it.
std::string checked_value(const OptionSpec& option, const std::string& value) {
    switch (option.kind) {
        case OptionKind::integer:
            if (!base::parse_integer(value)) {
                throw usage_error(option_called(option) + ": " + quoted(value) + " is not a whole number");
            }
            return value;
        case OptionKind::number:
            if (!base::parse_number(value)) {
                throw usage_error(option_called(option) + ": " + quoted(value) + " is not a number");
            }
            return value;
        case OptionKind::path:
        case OptionKind::output:
            if (value.empty()) {
                throw usage_error(option_called(option) + " is empty; it must name a file");
            }
            return value;
        case OptionKind::choice:
            return choice_meant(option, value);
        case OptionKind::flag:
        case OptionKind::text:
        case OptionKind::list:
            return value;
    }
    return value;
}

std::vector<std::string> checked_list(const OptionSpec& option, const std::string& value) {
    auto items = base::split_list(value);
    if (std::ranges::find(items, std::string()) != items.end()) {
        throw usage_error(option_called(option) + ": the list " + quoted(value) + " has an empty item",
                          value.ends_with(',') ? "a list is written without spaces, as in a,b,c" : "");
    }
    return items;
}

/// What text processors make of hyphens in a command that somebody copies out of a document.
constexpr std::array<std::string_view, 4> typographic_dashes = {"\u2010", "\u2013", "\u2014", "\u2212"};

using Values = std::map<std::string, std::vector<std::string>>;

/// What may have been meant by an operand that the command does not take; `before` is the option in front of it, if any.
std::string operand_hint(const CommandSpec& spec, const Values& values, const OptionSpec* before,
                         const std::string& operand) {
    const auto starts_operand = [&operand](std::string_view dash) { return operand.starts_with(dash); };
    if (std::ranges::any_of(typographic_dashes, starts_operand)) {
        return "options begin with two plain hyphens '--', not with the dash of a text processor";
    }
    if (before != nullptr && before->kind == OptionKind::list) {
        std::string list;
        for (const std::string& item : values.at(before->name)) {
            list += item + ",";
        }
        return "a list is written with commas and without spaces: --" + before->name + " " + shell_quoted(list + operand);
    }
    if (before != nullptr && before->kind == OptionKind::flag) {
        return option_called(*before) + " takes no value";
    }
    if (find_option(spec, "input") != nullptr && !values.contains("input")) {
        return "did you mean '--input " + operand + "'?";
    }
    return spec.program() + " takes options only";
}

/// --help with its value, or --version, if one of them is among the options.
std::optional<std::pair<std::string, std::string>> help_or_version(std::span<const std::string> arguments) {
    for (const std::string& argument : arguments) {
        if (argument == "--") {
            break;
        }
        const auto typed = as_long_option(argument);
        if (typed && typed->name == "help") {
            return std::pair(typed->name, typed->value ? choice_meant(common_options().options.front(), *typed->value) : "");
        }
        if (typed && typed->name == "version" && !typed->value) {
            return std::pair(typed->name, std::string());
        }
    }
    return std::nullopt;
}

void check_required(const CommandSpec& spec, const Values& values) {
    for (const OptionGroup& group : spec.groups) {
        for (const OptionSpec& option : group.options) {
            if (option.required && !values.contains(option.name)) {
                throw usage_error(option_called(option) + " is required");
            }
        }
    }
}

}  // namespace

ParsedOptions parse_options(const CommandSpec& spec, const std::string& program, std::span<const std::string> arguments) {
    ParsedOptions parsed;
    parsed.spec_ = &spec;
    parsed.command_line_ = program;
    for (const std::string& argument : arguments) {
        parsed.command_line_.append(" ").append(shell_quoted(argument));
    }
    if (const auto asked = help_or_version(arguments)) {
        parsed.values_[asked->first] = {asked->second};
        return parsed;
    }
    const bool many_operands = spec.operands.ends_with("...");
    const OptionSpec* before = nullptr;
    for (const po::option& found : split_arguments(spec, arguments)) {
        if (found.string_key.empty()) {
            const std::string& operand = found.value.front();
            if (spec.operands.empty() || (!many_operands && !parsed.operands_.empty())) {
                throw usage_error("unexpected argument " + quoted(operand),
                                  operand_hint(spec, parsed.values_, before, operand));
            }
            parsed.operands_.push_back(operand);
            continue;
        }
        const OptionSpec& option = *find_option(spec, found.string_key);
        before = &option;
        const bool first = !parsed.values_.contains(option.name);
        if (!first && option.kind != OptionKind::list) {
            throw usage_error(option_called(option) + " was given twice");
        }
        std::vector<std::string>& values = parsed.values_[option.name];
        if (option.kind == OptionKind::list) {
            std::ranges::move(checked_list(option, found.value.front()), std::back_inserter(values));
        } else if (option.kind != OptionKind::flag) {
            values.push_back(checked_value(option, found.value.front()));
        }
    }
    check_required(spec, parsed.values_);
    return parsed;
}

}  // namespace tare::cli
