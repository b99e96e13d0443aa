// Faults that follow from the declarations: every option of every command, given wrongly in each way its kind allows.
#include <catch2/catch.hpp>

#include "tare/base/text.hpp"
#include "tare/commands/registry.hpp"
#include "workplace.hpp"

using namespace tare;
using cli::OptionKind;

namespace {

/// Arguments, and the error line (with its hint, behind " | ") that they must give.
struct Attempt {
    std::vector<std::string> arguments;
    std::string said;
};

std::vector<const cli::OptionSpec*> options_of(const cli::CommandSpec& spec) {
    std::vector<const cli::OptionSpec*> options;
    for (const cli::OptionGroup& group : spec.groups) {
        for (const cli::OptionSpec& option : group.options) options.push_back(&option);
    }
    for (const cli::OptionSpec& option : cli::common_options().options) options.push_back(&option);
    return options;
}

/// Arguments under which only the faulty option is wrong.
std::vector<std::string> sound_arguments(const cli::CommandSpec& spec, const std::string& without) {
    std::vector<std::string> arguments;
    for (const auto& group : spec.groups) {
        for (const cli::OptionSpec& option : group.options) {
            if (option.required && option.name != without) arguments.push_back("--" + option.name + "=cohort.tsv");
        }
    }
    return arguments;
}

std::vector<Attempt> attempts_at(const cli::OptionSpec& option) {
    const std::string name = "--" + option.name, called = "option '" + name + "'";
    if (option.kind == OptionKind::flag) {
        if (option.name == "help" || option.name == "version") return {};
        return {{{name + "=yes"}, called + " takes no value"}, {{name, name}, called + " was given twice"}};
    }
    const std::string value = option.kind == OptionKind::choice ? option.choices.front()
                              : option.kind == OptionKind::integer || option.kind == OptionKind::number ? "1"
                                                                                                        : "x";
    std::vector<Attempt> attempts{{{name}, called + " needs a value"}};
    if (option.kind != OptionKind::list) {
        attempts.push_back({{name, value, name + "=" + value}, called + " was given twice"});
    }
    switch (option.kind) {
        case OptionKind::integer:
            for (const std::string wrong : {"many", "1.5", "", "1e3", "99999999999999999999"}) {
                attempts.push_back({{name, wrong}, called + ": '" + wrong + "' is not a whole number"});
            }
            break;
        case OptionKind::number:
            for (const std::string wrong : {"much", "1,5", "", "inf", "nan", "1e999"}) {
                attempts.push_back({{name, wrong}, called + ": '" + wrong + "' is not a number"});
            }
            break;
        case OptionKind::choice:
            attempts.push_back(
                {{name, "xyzzy"},
                 called + " is 'xyzzy'; it must be one of " + base::joined(option.choices, option.choices.size())});
            break;
        case OptionKind::list:
            attempts.push_back({{name, "a,,b"}, called + ": the list 'a,,b' has an empty item"});
            attempts.push_back({{name, "a,"},
                                called + ": the list 'a,' has an empty item | a list is written without spaces, "
                                         "as in a,b,c"});
            break;
        case OptionKind::path:
        case OptionKind::output:
            attempts.push_back({{name, ""}, called + " is empty; it must name a file"});
            break;
        case OptionKind::text:
        case OptionKind::flag:
            break;
    }
    return attempts;
}

std::string joined_error(const std::string& program, const std::string& said) {
    const std::size_t bar = said.find(" | ");
    return program + ": error: " + said.substr(0, bar) + "\n" +
           (bar == std::string::npos ? "" : "hint: " + said.substr(bar + 3) + "\n");
}

std::string shown(const std::vector<std::string>& arguments) {
    std::string line;
    for (const std::string& argument : arguments) line += argument + " ";
    return line;
}

}  // namespace

TEST_CASE("every option of every command refuses what its kind forbids") {
    const test::Workplace place;
    const auto before = place.listing();
    std::size_t tried = 0;
    for (const cli::CommandSpec* spec : commands::all()) {
        for (const cli::OptionSpec* option : options_of(*spec)) {
            for (const Attempt& attempt : attempts_at(*option)) {
                std::vector<std::string> arguments{spec->program()};
                for (const std::string& argument : sound_arguments(*spec, option->name)) arguments.push_back(argument);
                arguments.insert(arguments.end(), attempt.arguments.begin(), attempt.arguments.end());
                INFO(shown(arguments));
                const test::Finished finished =
                    test::run(arguments, {.input = {}, .folder = place.folder(), .environment = {}});
                CHECK(finished.code == 64);
                CHECK(finished.err == joined_error(spec->program(), attempt.said));
                CHECK(finished.out.empty());
                ++tried;
            }
        }
    }
    CHECK(tried > 300);
    CHECK(place.listing() == before);
}

TEST_CASE("a slip of the key in any long option name is refused, and the name proposed") {
    const test::Workplace place;
    for (const cli::CommandSpec* spec : commands::all()) {
        for (const cli::OptionSpec* option : options_of(*spec)) {
            if (option->name.size() < 6) continue;
            std::string slip = option->name;
            std::swap(slip[1], slip[2]);
            if (slip == option->name) slip.pop_back();
            const test::Finished finished = test::run({spec->program(), "--" + slip});
            CHECK(finished.code == 64);
            CHECK(finished.err ==
                  joined_error(spec->program(), "unknown option '--" + slip + "' | did you mean '--" + option->name + "'?"));
        }
    }
}

TEST_CASE("every required option is asked for") {
    for (const cli::CommandSpec* spec : commands::all()) {
        for (const auto& group : spec->groups) {
            for (const cli::OptionSpec& option : group.options) {
                if (!option.required) continue;
                std::vector<std::string> arguments{spec->program()};
                for (const std::string& argument : sound_arguments(*spec, option.name)) arguments.push_back(argument);
                const test::Finished finished = test::run(arguments);
                CHECK(finished.code == 64);
                CHECK(finished.err == joined_error(spec->program(), "option '--" + option.name + "' is required"));
            }
        }
    }
}

TEST_CASE("every option that reads a file says which one is not there, and every output which folder") {
    const test::Workplace place;
    place.succeed(
        "tare-fit --quiet --input cohort.tsv --covariates age,sex --model model.json && "
        "tare-moments --quiet --input cohort.tsv --covariates age,sex --output moments.json");
    const auto before = place.listing();
    const std::map<std::string, std::string> sound{
        {"harmonise", "--input cohort.tsv"},
        {"fit", "--input cohort.tsv --model fitted.json"},
        {"apply", "--model model.json --input newcomers.tsv"},
        {"moments", "--input cohort.tsv"},
        {"merge", "moments.json"},
        {"info", "cohort.tsv"},
        {"cv", "--input cohort.tsv --audit"},
        {"efficacy", "--input cohort.tsv --repeats 1 --permutations 0"},
        {"fractal", "--images {participant_id}.nii --structures a"},
        {"freesurfer", "--tables cohort.tsv"},
        {"iqm", "--images {participant_id}.nii"},
        {"normalise", "--method lsq --images {x}.nii --output-images {x}n.nii"},
        {"report", "--before cohort.tsv --after newcomers.tsv"},
        {"roi", "--images {participant_id}.nii.gz"},
        {"simulate", ""},
        {"texture", "--images {participant_id}.nii --labels labels.nii"},
        {"thickness", "--images {participant_id}.nii --labels {participant_id}.nii"}};
    std::size_t inputs = 0, outputs = 0;
    for (const cli::CommandSpec* spec : commands::all()) {
        for (const cli::OptionSpec* option : options_of(*spec)) {
            if (option->kind != OptionKind::path && option->kind != OptionKind::output) continue;
            // A pattern names one file per row, and makes the folders of those it writes; a mask and control voxels go with
            // it, as do folders with --tables. A folder of results is made too.
            if (option->value_name == "PATTERN" || option->name == "mask" || option->name == "control" ||
                option->name == "subjects-dir" || option->name == "output-dir" || option->name == "figures")
                continue;
            const bool reads = option->kind == OptionKind::path;
            std::string line;
            // The same line of arguments, with the faulty option in place of the sound one.
            std::string words = sound.at(spec->verb);
            const std::size_t given = (words + " ").find("--" + option->name + " ");
            if (given != std::string::npos) {
                const std::size_t value = given + option->name.size() + 3;
                words.erase(given, std::min(words.find(' ', value), words.size()) - given);
            }
            if (spec->verb == "fit" && option->name == "moments") words = "--model fitted.json";
            if (spec->verb == "fit" && option->name == "output") words = "--input cohort.tsv";
            line = spec->program() + " " + words + " --" + option->name + (reads ? " nowhere.txt" : " nowhere/x.txt");
            INFO(line);
            const test::Finished finished = place.shell(line);
            CHECK(finished.code == (reads ? 66 : 73));
            CHECK(finished.err ==
                  spec->program() + ": error: " +
                      (reads ? "nowhere.txt: no such file\n" : "nowhere/x.txt: folder 'nowhere' does not exist\n"));
            CHECK(place.listing() == before);
            ++(reads ? inputs : outputs);
        }
    }
    CHECK(inputs == 32);
    CHECK(outputs == 20);
}
