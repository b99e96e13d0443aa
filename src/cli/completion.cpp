// The bash completion: three helper functions, one function per command, and one for `tare`. It needs bash 4 and
// nothing else; where a file is wanted bash completes file names itself, with its own care for quotes and folders.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "shell_quote.hpp"
#include "tare/cli/documents.hpp"

namespace tare::cli {

namespace {

/// bash splits words at '=' unless told otherwise, so "--opt=va" comes as one word or as three: both become an option
/// `prev`, a beginning `cur` and, where they are one word, the `head` that every proposal must repeat.
constexpr std::string_view helpers = R"(__tare_split() {
    cur=${COMP_WORDS[COMP_CWORD]} prev='' head='' adjacent=''
    ((COMP_CWORD > 0)) && prev=${COMP_WORDS[COMP_CWORD - 1]}
    if [[ $cur == = ]]; then
        cur='' adjacent=1
    elif [[ $prev == = ]] && ((COMP_CWORD > 1)); then
        prev=${COMP_WORDS[COMP_CWORD - 2]} adjacent=1
    elif [[ $cur == --*=* ]]; then
        prev=${cur%%=*} head=$prev= cur=${cur#*=} adjacent=1
    fi
    [[ $prev == --* ]] && prev=${prev//_/-}
}

__tare_propose() {
    local word
    COMPREPLY=()
    for word in "$@"; do
        [[ $word == "$cur"* ]] && COMPREPLY+=("$head$word")
    done
}

__tare_files() {
    local name
    COMPREPLY=()
    if [[ -z $head ]]; then
        compopt -o default -o bashdefault 2>/dev/null
        return
    fi
    compopt -o filenames 2>/dev/null
    while IFS= read -r name; do
        COMPREPLY+=("$head$name")
    done < <(compgen -f -- "$cur")
}
)";

std::string function_name(const CommandSpec& spec) {
    std::string name = "_tare_" + spec.verb;
    std::ranges::replace(name, '-', '_');
    return name;
}

std::vector<const OptionSpec*> all_options(const CommandSpec& spec) {
    std::vector<const OptionSpec*> options;
    for (const OptionGroup& group : spec.groups) {
        for (const OptionSpec& option : group.options) {
            options.push_back(&option);
        }
    }
    for (const OptionSpec& option : common_options().options) {
        options.push_back(&option);
    }
    return options;
}

/// What completes the value of an option, as shell commands; empty for an option without a value.
std::string value_action(const OptionSpec& option) {
    if (!option.choices.empty()) {
        std::string action = "__tare_propose";
        for (const std::string& choice : option.choices) {
            action.append(" ").append(shell_quoted(choice));
        }
        action += "; return";
        return option.kind == OptionKind::flag ? "if [[ $adjacent ]]; then " + action + "; fi" : action;
    }
    switch (option.kind) {
        case OptionKind::flag:
            return "";
        case OptionKind::path:
        case OptionKind::output:
            return "__tare_files; return";
        case OptionKind::text:
        case OptionKind::integer:
        case OptionKind::number:
        case OptionKind::list:
        case OptionKind::choice:
            break;
    }
    return "COMPREPLY=(); return";
}

std::string command_function(const CommandSpec& spec) {
    std::string text = function_name(spec) + "() {\n    local cur prev head adjacent\n    __tare_split\n    case $prev in\n";
    std::vector<std::pair<std::string, std::string>> actions;
    std::string names;
    for (const OptionSpec* const option : all_options(spec)) {
        names += " --" + option->name;
        const std::string action = value_action(*option);
        if (action.empty()) {
            continue;
        }
        const auto same = std::ranges::find(actions, action, &std::pair<std::string, std::string>::second);
        if (same == actions.end()) {
            actions.emplace_back("--" + option->name, action);
        } else {
            same->first += " | --" + option->name;
        }
    }
    for (const auto& [options, action] : actions) {
        text += "        " + options + ") " + action + " ;;\n";
    }
    text += "    esac\n";
    if (!spec.operands.empty()) {
        text += "    if [[ $cur != -* ]]; then\n        __tare_files\n        return\n    fi\n";
    }
    return text + "    __tare_propose" + names + "\n}\n";
}

std::string dispatcher_function(std::span<const CommandSpec* const> commands) {
    std::string verbs;
    std::string calls;
    for (const CommandSpec* const command : commands) {
        verbs += " " + command->verb;
        calls += "        " + command->verb + ") " + function_name(*command) + " ;;\n";
    }
    return "_tare() {\n    local cur prev head adjacent\n    __tare_split\n"
           "    if ((COMP_CWORD == 1)); then\n        __tare_propose" +
           verbs + " help completion --help --version\n        return\n    fi\n    COMPREPLY=()\n" +
           "    case ${COMP_WORDS[1]//iz/is} in\n        help) ((COMP_CWORD == 2)) && __tare_propose" + verbs + " ;;\n" +
           calls + "    esac\n}\n";
}

/// Ties the function to the program, and to its other spelling where the verb has one.
std::string registration(const CommandSpec& spec) {
    std::string programs = spec.program();
    if (spec.verb.ends_with("ise")) {
        programs.append(" tare-").append(spec.verb, 0, spec.verb.size() - 3).append("ize");
    }
    return "complete -F " + function_name(spec) + " " + programs + "\n";
}

}  // namespace

std::string bash_completion(const CommandSpec& spec) {
    return "# bash completion of " + spec.program() + "\n" + std::string(helpers) + "\n" + command_function(spec) +
           registration(spec);
}

std::string bash_completion(std::span<const CommandSpec* const> commands) {
    std::string text = "# bash completion of tare and its commands; load it with: source <(tare completion)\n";
    text += helpers;
    for (const CommandSpec* const command : commands) {
        text.append("\n").append(command_function(*command));
        text += registration(*command);
    }
    text.append("\n").append(dispatcher_function(commands)).append("complete -F _tare tare\n");
    return text;
}

}  // namespace tare::cli
