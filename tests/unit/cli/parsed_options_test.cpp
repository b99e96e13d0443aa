// What the parser accepts, and every message it refuses something with.
#include "tare/cli/parsed_options.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tare/base/error.hpp"
#include "unit/cli/sample_command.hpp"

using tare::cli::CommandSpec;
using tare::cli::ParsedOptions;
using Words = std::vector<std::string>;
using Pairs = std::vector<std::pair<std::string, std::string>>;

namespace {

const CommandSpec& weigh() {
    static const CommandSpec spec = tare::test::weigh_command();
    return spec;
}

const CommandSpec& organise() {
    static const CommandSpec spec = tare::test::organise_command();
    return spec;
}

ParsedOptions parse(const Words& arguments, const CommandSpec& spec = weigh()) {
    return tare::cli::parse_options(spec, spec.program(), arguments);
}

/// "message | hint" of the usage error that the arguments are refused with.
std::string refusal(const Words& arguments, const CommandSpec& spec = weigh()) {
    try {
        const ParsedOptions parsed = parse(arguments, spec);
    } catch (const tare::base::Error& error) {
        REQUIRE(error.code() == tare::base::ExitCode::usage);
        return std::string(error.what()) + (error.hint().empty() ? "" : " | " + error.hint());
    }
    return "accepted";
}

}  // namespace

TEST_CASE("a value follows as the next word or behind an equals sign") {
    CHECK(parse({"--input", "a.csv"}).text("input") == "a.csv");
    CHECK(parse({"--input=a.csv"}).text("input") == "a.csv");
    CHECK(parse({"--input=a=b.csv"}).text("input") == "a=b.csv");
    CHECK(parse({"--input=a", "--site="}).text("site").empty());
    CHECK(parse({"--input=a", "--site="}).given("site"));
    CHECK(parse({"--input=a", "--site", ""}).text("site").empty());
}

TEST_CASE("a value may begin with a dash, as standard input and negative numbers do") {
    CHECK(parse({"--input", "-"}).text("input") == "-");
    CHECK(parse({"--input", "-x"}).text("input") == "-x");
    CHECK(parse({"--input", "a", "--seed", "-5"}).integer("seed") == -5);
    CHECK(parse({"--input", "a", "--tolerance", "-1e-3"}).number("tolerance") == -1e-3);
    CHECK(parse({"--input=--a--"}).text("input") == "--a--");
}

TEST_CASE("an underscore in a name is a dash, and stays what it is in a value") {
    const auto parsed = parse({"--input", "my_file", "--train_where=a_b == c_d"});
    CHECK(parsed.text("input") == "my_file");
    CHECK(parsed.text("train-where") == "a_b == c_d");
}

TEST_CASE("the American spelling of a name is accepted") {
    CHECK(parse({"--input", "a", "--standardize"}).flag("standardise"));
    CHECK(refusal({"--input", "a", "--standardize", "--standardise"}) == "option '--standardise' was given twice");
}

TEST_CASE("lists are split at commas and put together") {
    CHECK(parse({"--input", "a", "--covariates", "age, sex"}).list("covariates") == Words{"age", "sex"});
    CHECK(parse({"--input", "a", "--covariates", "age,sex", "--covariates=icv"}).list("covariates") ==
          Words{"age", "sex", "icv"});
    CHECK(parse({"--input", "a", "--covariates", "age,sex", "--covariates=icv"}).text("covariates") == "age,sex,icv");
    CHECK(parse({"--input", "a", "--covariates="}).list("covariates").empty());
    CHECK(refusal({"--input", "a", "--covariates", "age,", "sex"}) ==
          "option '--covariates': the list 'age,' has an empty item | a list is written without spaces, as in a,b,c");
    CHECK(refusal({"--input", "a", "--covariates", "age,,sex"}) ==
          "option '--covariates': the list 'age,,sex' has an empty item");
}

TEST_CASE("what is not given has its declared default") {
    const auto parsed = parse({"--input", "a"});
    CHECK_FALSE(parsed.given("site"));
    CHECK(parsed.text("site") == "site");
    CHECK(parsed.list("categorical") == Words{"sex", "hand"});
    CHECK(parsed.integer("seed") == 17);
    CHECK_FALSE(parsed.number("tolerance"));
    CHECK(parsed.list("covariates").empty());
    CHECK(parsed.text("train-where").empty());
    CHECK_FALSE(parsed.flag("standardise"));
    CHECK_FALSE(parsed.integer("threads"));
    CHECK(parsed.text("memory").empty());
    CHECK(parsed.text("device") == "cpu");
}

TEST_CASE("asking for an option that is not declared is a fault of the program") {
    const auto parsed = parse({"--input", "a"});
    CHECK(parsed.declares("prior"));
    CHECK(parsed.declares("threads"));
    CHECK_FALSE(parsed.declares("priors"));
    CHECK_THROWS_AS(parsed.given("priors"), std::logic_error);
    CHECK_THROWS_AS(parsed.text("priors"), std::logic_error);
    CHECK_THROWS_AS(parsed.list("priors"), std::logic_error);
    CHECK_THROWS_AS(parsed.number("priors"), std::logic_error);
}

TEST_CASE("an unknown option is named, with the one that was meant") {
    CHECK(refusal({"--covariate", "a"}) == "unknown option '--covariate' | did you mean '--covariates'?");
    CHECK(refusal({"--covariate=a"}) == "unknown option '--covariate' | did you mean '--covariates'?");
    CHECK(refusal({"--Site", "a"}) == "unknown option '--Site' | did you mean '--site'?");
    CHECK(refusal({"--xyzzyxyzzy"}) == "unknown option '--xyzzyxyzzy' | tare-weigh --help lists the options");
    CHECK(refusal({"--qiuet"}) == "unknown option '--qiuet' | did you mean '--quiet'?");
}

TEST_CASE("abbreviations are not guessed, only hinted at") {
    CHECK(refusal({"--stand"}) == "unknown option '--stand' | did you mean '--standardise'?");
    CHECK(refusal({"--cova", "a"}) == "unknown option '--cova' | did you mean '--covariates'?");
}

TEST_CASE("options with one dash are unknown") {
    CHECK(refusal({"-input", "a"}) == "unknown option '-input' | did you mean '--input'?");
    CHECK(refusal({"-h"}) == "unknown option '-h' | did you mean '--help'?");
    CHECK(refusal({"-?"}) == "unknown option '-?' | options begin with two dashes; tare-weigh --help lists them");
    CHECK(refusal({"-x"}, organise()) ==
          "unknown option '-x' | options begin with two dashes; tare-organise --help lists them");
}

TEST_CASE("a missing value is an error, also where another option follows") {
    CHECK(refusal({"--input"}) == "option '--input' needs a value");
    CHECK(refusal({"--input", "--site", "x"}) == "option '--input' needs a value");
    CHECK(refusal({"--input", "--train_where", "x"}) == "option '--input' needs a value");
    CHECK(refusal({"--input", "--"}) == "option '--input' needs a value");
    CHECK(refusal({"--input", "--my file"}) ==
          "option '--input' needs a value | a value that begins with '--' is written behind '=': '--input=--my file'");
}

TEST_CASE("an option is given once") {
    CHECK(refusal({"--input", "a", "--input", "b"}) == "option '--input' was given twice");
    CHECK(refusal({"--input", "a", "--standardise", "--standardise"}) == "option '--standardise' was given twice");
}

TEST_CASE("values are checked against their kind") {
    CHECK(refusal({"--input", "a", "--threads", "abc"}) == "option '--threads': 'abc' is not a whole number");
    CHECK(refusal({"--input", "a", "--seed", "1.5"}) == "option '--seed': '1.5' is not a whole number");
    CHECK(refusal({"--input", "a", "--seed="}) == "option '--seed': '' is not a whole number");
    CHECK(refusal({"--input", "a", "--seed", "99999999999999999999"}) ==
          "option '--seed': '99999999999999999999' is not a whole number");
    CHECK(refusal({"--input", "a", "--tolerance", "1,5"}) == "option '--tolerance': '1,5' is not a number");
    CHECK(refusal({"--input", "a", "--tolerance", "nan"}) == "option '--tolerance': 'nan' is not a number");
    CHECK(refusal({"--input="}) == "option '--input' is empty; it must name a file");
    CHECK(refusal({"--input=a", "--model", ""}) == "option '--model' is empty; it must name a file");
    CHECK(refusal({"--input=a", "--standardise=yes"}) == "option '--standardise' takes no value");
}

TEST_CASE("a choice is one of those declared") {
    CHECK(parse({"--input", "a", "--prior", "none"}).text("prior") == "none");
    CHECK(
        refusal({"--input", "a", "--prior", "paramteric"}) ==
        "option '--prior' is 'paramteric'; it must be one of parametric, nonparametric, none | did you mean 'parametric'?");
    CHECK(refusal({"--input", "a", "--prior", "xyz"}) ==
          "option '--prior' is 'xyz'; it must be one of parametric, nonparametric, none");
}

TEST_CASE("a required option must be there") {
    CHECK(refusal({}) == "option '--input' is required");
    CHECK(refusal({"--site", "x"}) == "option '--input' is required");
}

TEST_CASE("operands are refused where the command takes none") {
    CHECK(refusal({"data.csv"}) == "unexpected argument 'data.csv' | did you mean '--input data.csv'?");
    CHECK(refusal({"--input", "a", "--covariates", "age,sex", "icv"}) ==
          "unexpected argument 'icv' | a list is written with commas and without spaces: --covariates age,sex,icv");
    CHECK(refusal({"--input", "a", "--covariates", "age", "my sex"}) ==
          "unexpected argument 'my sex' | a list is written with commas and without spaces: --covariates 'age,my sex'");
    CHECK(refusal({"--input", "a", "--standardise", "true"}) ==
          "unexpected argument 'true' | option '--standardise' takes no value");
    CHECK(refusal({"--input", "a", "b"}) == "unexpected argument 'b' | tare-weigh takes options only");
    CHECK(refusal({"--input", "a", "--", "--b"}) == "unexpected argument '--b' | tare-weigh takes options only");
    CHECK(refusal({"\u2014input", "a"}) ==
          "unexpected argument '\u2014input' | options begin with two plain hyphens '--', "
          "not with the dash of a text processor");
}

TEST_CASE("operands are collected where the command takes them") {
    const auto parsed = parse({"a", "--output", "o", "-", "--", "--b", "-c"}, organise());
    CHECK(parsed.operands() == Words{"a", "-", "--b", "-c"});
    CHECK(parsed.text("output") == "o");

    CommandSpec single = organise();
    single.operands = "FILE";
    CHECK(parse({"a"}, single).operands() == Words{"a"});
    CHECK(refusal({"a", "b"}, single) == "unexpected argument 'b' | tare-organise takes options only");
}

TEST_CASE("help and version are heard whatever else is wrong") {
    CHECK(parse({"--bogus", "--help"}).given("help"));
    CHECK(parse({"--help"}).text("help").empty());
    CHECK(parse({"--help=man"}).text("help") == "man");
    CHECK(parse({"--input", "--version"}).given("version"));
    CHECK_FALSE(parse({"--input", "a"}).given("help"));
    CHECK(refusal({"--help=html"}) == "option '--help' is 'html'; it must be one of man, markdown, bash");
    CHECK(refusal({"--version=2"}) == "option '--version' takes no value");
    CHECK(parse({"--", "--help"}, organise()).operands() == Words{"--help"});
}

TEST_CASE("provenance lists what shapes the result, in the order of the declaration") {
    const auto parsed = parse({"--seed", "3", "--standardize", "--input", "a", "--threads", "2", "--memory", "1G", "--force",
                               "--verbose", "--covariates", "age, sex"});
    CHECK(parsed.resolved() == Pairs{{"input", "a"},
                                     {"site", "site"},
                                     {"covariates", "age,sex"},
                                     {"categorical", "sex,hand"},
                                     {"prior", "parametric"},
                                     {"standardise", "true"},
                                     {"seed", "3"},
                                     {"device", "cpu"}});
}

TEST_CASE("the command line can be pasted into a shell") {
    const auto line = [](const Words& arguments) { return parse(arguments, organise()).command_line(); };
    CHECK(line({}) == "tare-organise");
    CHECK(line({"--output=a/b-c_d.csv", "x:1,2@%+"}) == "tare-organise --output=a/b-c_d.csv x:1,2@%+");
    CHECK(line({"", "a b", "it's", "a\"b", "$HOME", "*"}) == "tare-organise '' 'a b' 'it'\\''s' 'a\"b' '$HOME' '*'");
    CHECK(line({"h\u00E9"}) == "tare-organise 'h\u00E9'");
    CHECK(line({"a\nb'\\"}) == "tare-organise $'a\\nb\\'\\\\'");
    CHECK(line({"\xFF\x1B"}) == "tare-organise $'\\xff\\x1b'");
}
