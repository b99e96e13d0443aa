// What scripts rely on whatever the command does: streams, spellings, exit codes, --force, the dispatcher, start-up time.
#include <algorithm>
#include <chrono>

#include <catch2/catch.hpp>

#include "tare/commands/registry.hpp"
#include "visits_example.hpp"
#include "workplace.hpp"

using namespace tare;
using test::Finished;
using test::Workplace;

namespace {

const std::string quiet_run = "tare-harmonise --input cohort.tsv --covariates age,sex --quiet ";

// Sanitizers set up their own memory first.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#elif defined(__has_feature)
constexpr bool sanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
constexpr bool sanitized = false;
#endif

std::size_t lines(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("standard output carries the result only, remarks go to standard error") {
    const Workplace place;
    const Finished loud = place.shell("tare-harmonise --input cohort.tsv --covariates age,sex");
    const Finished quiet = place.shell(quiet_run);
    CHECK(loud.code == 0);
    CHECK(lines(loud.out) == 145);
    CHECK(loud.out == quiet.out);
    CHECK(
        loud.err ==
        "tare-harmonise: 144 subjects at 4 sites, 30 features, covariates age, sex (categorical); ComBat, convention tare, "
        "parametric prior\n");
    CHECK(quiet.err == "");
    CHECK(place.succeed(quiet_run + "--output x.tsv") == "");
    CHECK(place.read("x.tsv") == loud.out);
}

TEST_CASE("the first line names curves and logarithms, and counts visits apart from people") {
    const Workplace place;
    const std::string method = "; ComBat, convention tare, parametric prior\n";
    const std::string curves = "30 features as logarithms, covariates sex (categorical), age (curve)" + method;
    const std::string options = "--input cohort.tsv --covariates sex --smooth age --transform log ";
    const std::string fitted = place.shell("tare-fit " + options + "--model m.json").err;
    CHECK(fitted == "tare-fit: 144 subjects at 4 sites, " + curves);
    const std::string applied = place.shell("tare-apply --model m.json --input newcomers.tsv --output x.tsv").err;
    CHECK(applied.starts_with("tare-apply: 20 subjects at 4 sites, " + curves));

    place.write("v.csv", tare::test::visits_table("ABC"));
    for (const char* with_subject : {"", "--method longitudinal --subject person "}) {
        const std::string said =
            place.shell("tare-fit --input v.csv --covariates age " + std::string(with_subject) + "--model v.json --force")
                .err;
        INFO(said);
        CHECK(said.starts_with("tare-fit: 54 visits of 18 subjects at 3 sites, "));
    }
    const std::string one_each =
        place.shell("tare-fit --input v.csv --covariates age --train-where 'session_id==1' --model w.json").err;
    INFO(one_each);
    CHECK(one_each.find("54 visits of 18 subjects") != std::string::npos);
    const std::string first_visits =
        place.shell("grep -e ',1,' -e participant v.csv > one.csv; tare-fit --input one.csv --model one.json").err;
    INFO(first_visits);
    CHECK(first_visits.find("18 subjects at 3 sites") != std::string::npos);
}

TEST_CASE("quiet still warns, verbose says more, neither changes the result") {
    const Workplace place;
    place.write("t.csv", "participant_id,site,code,y,z\na,A,7,1,2\nb,A,p,2,1\nc,B,q,3,2\nd,B,r,2,1\ne,C,s,4,4\n");
    const Finished quiet = place.shell("tare-harmonise --input t.csv --quiet");
    const Finished plain = place.shell("tare-harmonise --input t.csv");
    const Finished verbose = place.shell("tare-harmonise --input t.csv --verbose");
    CHECK(quiet.err.find("warning: 1 site (C) of one subject: adjusted in location only") != std::string::npos);
    CHECK(plain.err.find("code") == std::string::npos);
    CHECK(verbose.err.find("t.csv:3: column 'code' is kept as text: 4 of its 5 values are no numbers, 'p' is the first") !=
          std::string::npos);
    CHECK(lines(quiet.err) < lines(plain.err));
    CHECK(lines(plain.err) < lines(verbose.err));
    CHECK(quiet.out == plain.out);
    CHECK(quiet.out == verbose.out);
}

TEST_CASE("no progress bar is drawn where there is no terminal") {
    const Workplace place;
    const Finished run = place.shell("tare-simulate --subjects 3000 | tare-harmonise --input -");
    CHECK(run.code == 0);
    CHECK(run.err.find_first_of("\r\x1b") == std::string::npos);
}

TEST_CASE("options may be written with _ and =, and harmonise with z") {
    const Workplace place;
    const std::string result = place.succeed(
        "tare-harmonise --input cohort.tsv --covariates sex --exclude age --train-where 'diagnosis==control' "
        "--no-training-ids --quiet");
    CHECK(
        result ==
        place.succeed("tare-harmonise --input=cohort.tsv --covariates sex --exclude age --train_where='diagnosis==control' "
                      "--no_training_ids --quiet"));
    CHECK(
        result ==
        place.succeed(
            "tare-harmonize --input cohort.tsv --covariates sex --exclude age --train-where 'diagnosis==control' --quiet"));
    CHECK(
        result ==
        place.succeed(
            "tare harmonise --input cohort.tsv --covariates sex --exclude age --train-where 'diagnosis==control' --quiet"));
    CHECK(
        result ==
        place.succeed(
            "tare harmonize --input cohort.tsv --covariates sex --exclude age --train-where 'diagnosis==control' --quiet"));
    CHECK(result != place.succeed("tare-harmonise --input cohort.tsv --covariates age --quiet"));
    CHECK(place.succeed("tare-harmonise --input cohort.tsv --quiet --covariates age --covariates sex") ==
          place.succeed(quiet_run));
}

TEST_CASE("the dispatcher passes on results and exit codes of the command") {
    const Workplace place;
    place.succeed(
        "tare fit --input cohort.tsv --covariates age --model a.json --quiet && tare-fit --input cohort.tsv --covariates "
        "age --model b.json --quiet");
    CHECK(place.read("a.json") == place.read("b.json"));
    const auto said = [&](const std::string& line) {
        const Finished finished = place.shell(line);
        return std::to_string(finished.code) + " " + finished.err + finished.out;
    };
    CHECK(said("tare fit") ==
          "64 tare-fit: error: give one of --input, --images and --moments\n"
          "hint: --moments takes what tare-moments or tare-merge wrote\n");
    CHECK(said("tare fit --input no.tsv --model x.json") == "66 tare-fit: error: no.tsv: no such file\n");
    CHECK(said("tare fit --input cohort.tsv --model a.json") ==
          "73 tare-fit: error: a.json: exists already\nhint: --force replaces it\n");
    CHECK(said("tare harmonis") == "64 tare: error: unknown command 'harmonis'\nhint: did you mean 'harmonise'?\n");
    CHECK(said("tare xyzzy") == "64 tare: error: unknown command 'xyzzy'\nhint: tare alone lists the commands\n");
    CHECK(said("tare --input x") ==
          "64 tare: error: unknown option '--input'\nhint: the command comes first, then its options: tare VERB --option\n");
    CHECK(said("tare help fti") == "64 tare: error: unknown command 'fti'\nhint: did you mean 'fit'?\n");
}

TEST_CASE("tare alone lists every command with its summary") {
    const std::string list = test::run({"tare"}).out;
    CHECK(list == test::run({"tare", "help"}).out);
    CHECK(list == test::run({"tare", "--help"}).out);
    for (const cli::CommandSpec* spec : commands::all()) {
        INFO(spec->verb);
        CHECK(list.find("\n  " + spec->verb + " ") != std::string::npos);
        CHECK(list.find(spec->summary) != std::string::npos);
        CHECK(list.find(spec->group + ":\n") != std::string::npos);
    }
}

TEST_CASE("every command helps, names its version, and lists every option it has") {
    for (const cli::CommandSpec* spec : commands::all()) {
        const Finished help = test::run({spec->program(), "--help"});
        CHECK(help.code == 0);
        CHECK(help.err == "");
        CHECK(help.out == test::run({"tare", "help", spec->verb}).out);
        CHECK(help.out == test::run({"tare", spec->verb, "--help"}).out);
        for (const auto& group : spec->groups) {
            for (const cli::OptionSpec& option : group.options) {
                INFO(spec->program() << " --" << option.name);
                CHECK(help.out.find("\n  --" + option.name) != std::string::npos);
            }
        }
        for (const char* common : {"help", "version", "threads", "memory", "quiet", "verbose", "force", "device"}) {
            INFO(spec->program() << " --" << common);
            CHECK(help.out.find("\n  --" + std::string(common)) != std::string::npos);
        }
        const Finished version = test::run({spec->program(), "--version"});
        CHECK(version.code == 0);
        CHECK(version.out.starts_with(spec->program() + " 0."));
        CHECK(lines(version.out) == 1);
        // Nothing else on the line is looked at, so that help is never in the way of itself.
        CHECK(test::run({spec->program(), "--nonsense", "--help"}).out == help.out);
    }
}

TEST_CASE("an output that exists is kept without --force and replaced as a whole with it") {
    const Workplace place;
    place.write("x.tsv", "old\n");
    CHECK(place.shell(quiet_run + "--output x.tsv").code == 73);
    CHECK(place.read("x.tsv") == "old\n");
    CHECK_FALSE(place.has("x.tsv.json"));
    place.succeed(quiet_run + "--output x.tsv --force");
    CHECK(place.read("x.tsv") == place.succeed(quiet_run));
    CHECK(place.has("x.tsv.json"));
    // A failing run keeps what it was asked to replace.
    CHECK(place.shell("tare-harmonise --input cohort.tsv --reference nobody --output x.tsv --force").code == 65);
    CHECK(place.read("x.tsv") == place.succeed(quiet_run));
    CHECK(place.listing().size() == 6);
}

TEST_CASE("a link as output is written through, and stays a link") {
    const Workplace place;
    place.write("target.tsv", "old\n");
    std::filesystem::create_symlink("target.tsv", place / "x.tsv");
    place.succeed(quiet_run + "--output x.tsv --force");
    CHECK(std::filesystem::is_symlink(place / "x.tsv"));
    CHECK(place.read("target.tsv") == place.succeed(quiet_run));
}

TEST_CASE("streams on both sides: simulate, harmonise, fit and apply in one pipe") {
    const Workplace place;
    const std::string piped = place.succeed(
        "tare-simulate --subjects 90 --sites 3 --seed 5 | tare-harmonise --input - --covariates age,sex,diagnosis --output "
        "- --quiet");
    place.succeed(
        "tare-simulate --subjects 90 --sites 3 --seed 5 --output s.tsv; "
        "tare-harmonise --input s.tsv --covariates age,sex,diagnosis --output h.tsv --quiet");
    CHECK(piped == place.read("h.tsv"));
    CHECK(piped == place.succeed("tare-fit --input s.tsv --covariates age,sex,diagnosis --model - --quiet | "
                                 "tare-apply --model - --input s.tsv --training-subjects allow --quiet"));
    CHECK(piped ==
          place.succeed("cat s.tsv | tare-moments --input - --covariates age,sex,diagnosis --quiet | tare-merge - --quiet | "
                        "tare-fit --moments - --model - --quiet | tare-apply --model - --input s.tsv --training-subjects "
                        "allow --quiet"));
    CHECK(piped == place.succeed("tare-harmonise --input <(cat s.tsv) --covariates age,sex,diagnosis --quiet"));
    CHECK(piped ==
          place.succeed("tare-harmonise --input s.tsv --covariates age,sex,diagnosis --quiet --output /dev/stdout"));
    CHECK(piped == place.succeed("gzip -c s.tsv | tare-harmonise --input - --covariates age,sex,diagnosis --quiet"));
}

TEST_CASE("merged moments can be read again, also where recoded levels leave nothing but rounding") {
    const Workplace place;
    // Levels C and D at most sites; B is base in one part and A in the other, so that "is B" is recoded and constant.
    place.succeed(
        "awk 'BEGIN{print \"participant_id,site,g,y,z\"; for(s=0;s<60;s++) for(i=0;i<5+(s*7)%31;i++) "
        "print s \"-\" i \",S\" s \",\" (i%(2+s%3) ? \"C\" : \"D\") \",\" (i*i*7)%11 \",\" (i*5+s)%7; "
        "for(i=0;i<9;i++) print \"t\" i \",T,\" substr(\"BCD\",1+i%3,1) \",\" i \",\" (i*i)%5}' > a.csv; "
        "sed -n '1p;/,T,/{s/^t/u/;s/,T,/,U,/;s/B/A/;p}' a.csv > b.csv; "
        "for part in a b; do tare-moments --input $part.csv --covariates g --output $part.json --quiet; done; "
        "tare-merge a.json b.json --output ab.json --quiet; tare-fit --moments ab.json --model m.json --quiet; "
        "tare-merge ab.json --output again.json --quiet");
    CHECK(place.has("m.json"));
}

TEST_CASE("a locale of the environment changes nothing") {
    const Workplace place;
    const std::string here = place.succeed(quiet_run);
    for (const std::string locale : {"de_DE.UTF-8", "tr_TR.UTF-8", "C", "xx_XX.nonsense"}) {
        const std::string there = "env LC_ALL=" + locale + " LANG=" + locale + " ";
        CHECK(place.succeed(there + quiet_run) == here);
        CHECK(place.succeed(there + "tare-simulate --seed 3 --site-shift 0.5") == place.succeed("tare-simulate --seed 3"));
        CHECK(place.shell(there + "tare-harmonise").err ==
              "tare-harmonise: error: give either --input or --images\n"
              "hint: --input takes a table or an .npy matrix, --images the pattern of the images' names\n");
    }
}

TEST_CASE("start-up takes less than 20 ms") {
    for (const std::string program : {"tare", "tare-harmonise", "tare-apply"}) {
        auto least = std::chrono::steady_clock::duration::max();
        for (int i = 0; i < 20; ++i) {
            const auto began = std::chrono::steady_clock::now();
            REQUIRE(test::run({program, "--version"}).code == 0);
            least = std::min(least, std::chrono::steady_clock::now() - began);
        }
        using Milliseconds = std::chrono::duration<double, std::milli>;
        INFO(program << ": " << Milliseconds(least).count() << " ms");
        CHECK(least < (sanitized ? std::chrono::milliseconds(500) : std::chrono::milliseconds(20)));
    }
}
