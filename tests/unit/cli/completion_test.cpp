// The bash completion, asked by a real bash as readline would ask it.
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>

#include <catch2/catch.hpp>

#include "support/temporary_directory.hpp"
#include "tare/cli/documents.hpp"
#include "unit/cli/sample_command.hpp"

using Catch::Matchers::Contains;

namespace {

/// Sources the completion of two commands and asks it; "files" stands where bash shall complete file names itself.
class Bash {
public:
    Bash() {
        const auto weigh = tare::test::weigh_command();
        const auto organise = tare::test::organise_command();
        const std::array<const tare::cli::CommandSpec*, 2> commands{&weigh, &organise};
        std::ofstream(folder_.path() / "all") << tare::cli::bash_completion(commands);
        std::ofstream(folder_.path() / "one") << tare::cli::bash_completion(weigh);
    }

    [[nodiscard]] static bool is_installed() { return std::system("bash -c '((BASH_VERSINFO[0] >= 4))' 2> /dev/null") == 0; }

    /// The proposals for the last of the words of a command line, each in brackets.
    [[nodiscard]] std::string proposals(const std::string& words, const std::string& script = "all") const {
        return output("set -u; source ./" + script + "; compopt() { [[ $* == *default* ]] && printf files; }; COMP_WORDS=(" +
                      words +
                      "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMPREPLY=(); program=${COMP_WORDS[0]}; "
                      "line=$(complete -p \"$program\"); call=${line#* -F }; ${call%% *}; "
                      "for word in \"${COMPREPLY[@]}\"; do printf '[%s]' \"$word\"; done");
    }

    [[nodiscard]] std::string output(const std::string& command) const {
        std::ofstream(folder_.path() / "script") << command << "\n";
        const std::string line = "cd '" + folder_.path().string() + "' && bash --norc ./script > output 2>&1";
        static_cast<void>(std::system(line.c_str()));
        std::ifstream file(folder_.path() / "output");
        return {std::istreambuf_iterator<char>(file), {}};
    }

    [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }

private:
    tare::test::TemporaryDirectory folder_;
};

}  // namespace

TEST_CASE("bash completes options, choices, files and verbs") {
    if (!Bash::is_installed()) {
        std::cout << "SKIPPED: bash 4 or later is not installed\n";
        return;
    }
    const Bash bash;
    SECTION("option names") {
        CHECK(bash.proposals("tare-weigh --s") == "[--site][--standardise][--seed]");
        CHECK(bash.proposals("tare-weigh --zz").empty());
        CHECK_THAT(bash.proposals("tare-weigh ''"), Contains("[--input]") && Contains("[--device]"));
    }
    SECTION("choices, behind a space or an equals sign") {
        CHECK(bash.proposals("tare-weigh --prior n") == "[nonparametric][none]");
        CHECK(bash.proposals("tare-weigh --prior = p") == "[parametric]");
        CHECK(bash.proposals("tare-weigh --prior =") == "[parametric][nonparametric][none]");
        CHECK(bash.proposals("tare-weigh --prior=no") == "[--prior=nonparametric][--prior=none]");
        CHECK(bash.proposals("tare-weigh --device a") == "[auto]");
    }
    SECTION("the forms of help only behind an equals sign") {
        CHECK(bash.proposals("tare-weigh --help = ma") == "[man][markdown]");
        CHECK(bash.proposals("tare-weigh --help = zz").empty());
        CHECK(bash.proposals("tare-weigh --help --se") == "[--seed]");
    }
    SECTION("files where a file is wanted, nothing where nothing is known") {
        std::ofstream(bash.folder() / "my cohort.tsv") << "x";
        CHECK(bash.proposals("tare-weigh --input ''") == "files");
        CHECK(bash.proposals("tare-weigh --model ''") == "files");
        CHECK(bash.proposals("tare-weigh --input=my") == "[--input=my cohort.tsv]");
        CHECK(bash.proposals("tare-weigh --site ''").empty());
        CHECK(bash.proposals("tare-weigh --train_where ''").empty());
        CHECK(bash.proposals("tare-organise ''") == "files");
        CHECK(bash.proposals("tare-organise --out") == "[--output]");
    }
    SECTION("the dispatcher") {
        CHECK(bash.proposals("tare ''") == "[weigh][organise][help][completion][--help][--version]");
        CHECK(bash.proposals("tare w") == "[weigh]");
        CHECK(bash.proposals("tare help o") == "[organise]");
        CHECK(bash.proposals("tare help weigh ''").empty());
        CHECK(bash.proposals("tare weigh --prior no") == "[nonparametric][none]");
        CHECK(bash.proposals("tare organize --out") == "[--output]");
        CHECK(bash.proposals("tare unknown ''").empty());
    }
    SECTION("a program by its other spelling, and one command alone") {
        CHECK(bash.proposals("tare-organize --out") == "[--output]");
        CHECK(bash.proposals("tare-weigh --prior no", "one") == "[nonparametric][none]");
        CHECK_THAT(bash.output("source ./one; complete -p tare"), Contains("no completion specification"));
    }
}
