// tare-efficacy from file to tables: what it writes for cohorts plain and thin, and runs that are killed and go on.
#include <chrono>
#include <csignal>
#include <thread>

#include <catch2/catch.hpp>

#include "background.hpp"
#include "support/table_values.hpp"
#include "tare/io/npy_file.hpp"
#include "workplace.hpp"

using namespace tare;
using tare::test::Background;
using tare::test::Finished;
using tare::test::Workplace;

namespace {

const std::string efficacy = "tare-efficacy --exclude age --repeats 5 --permutations 20 ";

/// The cell of a summary, by its line: "raw" 1, "harmonised" 2.
std::string cell_of(const std::string& summary, const std::string& quantity, std::size_t column) {
    const std::size_t begin = summary.find("\n" + quantity + "\t");
    REQUIRE(begin != std::string::npos);
    const std::string line = summary.substr(begin + 1, summary.find('\n', begin + 1) - begin - 1);
    std::vector<std::string> cells{""};
    for (const char c : line) {
        if (c == '\t') {
            cells.emplace_back();
        } else {
            cells.back() += c;
        }
    }
    return cells.at(column);
}

void make_changed(const Workplace& place, const std::string& expression) {
    place.succeed("awk -F '\\t' -v OFS='\\t' 'NR > 1 {" + expression + "} {print}' cohort.tsv > t.tsv");
}

std::size_t lines_in(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("tare-efficacy prints its summary, and writes it with repeats and effects into a folder") {
    const Workplace place;
    const Finished finished =
        place.shell(efficacy + "--input cohort.tsv --covariates age,sex --permute-within age:3 --output-dir out");
    INFO(finished.err);
    REQUIRE(finished.code == 0);
    CHECK(finished.err.find("tare-efficacy: site effect removed: ") != std::string::npos);
    CHECK(finished.out == place.read("out/efficacy.tsv"));
    CHECK(finished.out.starts_with("quantity\traw\tharmonised\nbalanced_accuracy\t0."));
    CHECK(finished.out.ends_with("\nverdict\tn/a\tremoved\n"));
    CHECK(cell_of(finished.out, "permutations", 1) == "20");
    CHECK(cell_of(finished.out, "slope_kept_age", 1) == "1");
    CHECK(cell_of(finished.out, "p_wilcoxon_less_than_raw", 1) == "n/a");
    CHECK(cell_of(finished.out, "p_wilcoxon_less_than_raw", 2) == "0.03125");
    std::vector<std::string> names;
    for (const auto& [name, bytes] : place.listing()) {
        if (name.starts_with("out/")) names.push_back(name.substr(4));
    }
    CHECK(names == std::vector<std::string>{"effects.tsv", "effects.tsv.json", "efficacy.tsv", "efficacy.tsv.json",
                                            "repeats.tsv", "repeats.tsv.json"});

    const data::Table repeats = test::read_numbers((place / "out/repeats.tsv").string());
    REQUIRE(repeats.rows() == 5);
    CHECK(test::mean(test::column(repeats, "raw")) ==
          Approx(std::stod(cell_of(finished.out, "balanced_accuracy", 1))).epsilon(1e-12));
    const data::Table effects = test::read_numbers((place / "out/effects.tsv").string());
    CHECK(effects.rows() == 30);
    CHECK(effects.header == std::vector<std::string>{"feature", "slope_age_raw", "slope_age_harmonised", "slope_sex=M_raw",
                                                     "slope_sex=M_harmonised", "covariate_r2_raw", "covariate_r2_harmonised",
                                                     "site_share_raw", "site_share_harmonised", "spread_raw",
                                                     "spread_harmonised"});
    CHECK(test::mean(test::column(effects, "site_share_harmonised")) <
          0.2 * test::mean(test::column(effects, "site_share_raw")));
}

TEST_CASE("without permutations there is no verdict, and no p") {
    const Workplace place;
    const std::string out =
        place.succeed("tare-efficacy --quiet --exclude age --input cohort.tsv --repeats 2 --permutations 0");
    CHECK(cell_of(out, "verdict", 2) == "untested");
    CHECK(cell_of(out, "p_permutation", 1) == "n/a");
    CHECK(cell_of(out, "chance", 2) == "n/a");
    CHECK(cell_of(out, "permutations", 1) == "0");
}

TEST_CASE("too few repeats and labels that hardly move are warned of") {
    const Workplace place;
    const std::string plain = "tare-efficacy --quiet --exclude age --input cohort.tsv --permutations 20 ";
    CHECK(place.shell(plain + "--repeats 4").err ==
          "tare-efficacy: warning: 4 repeats cannot tell whether a site effect that is left is reduced; 5 can\n");
    const std::string said = place.shell(plain + "--repeats 5 --permute-within age").err;
    CHECK(said.starts_with("tare-efficacy: warning: permutations change the labels of "));
    CHECK(said.ends_with(" out of 144 only, so that they look like the true ones; see --permute-within\n"));
}

TEST_CASE("sites of one row or two, missing cells and constant features are no obstacle") {
    const Workplace place;
    make_changed(place,
                 "if (NR == 5) $2 = \"one\"; if (NR == 6 || NR == 7) $2 = \"two\"; $6 = 3; if (NR % 4 == 0) $7 = \"n/a\"");
    for (const std::string policy : {"keep", "estimate"}) {
        const Finished finished = place.shell(efficacy + "--quiet --input t.tsv --unseen-site " + policy);
        CHECK(finished.err.starts_with(
            "tare-efficacy: warning: 1 site (one) has test rows in a fold without any row to learn from: "));
        CHECK(finished.code == 0);
        CHECK(std::stod(cell_of(finished.out, "balanced_accuracy", 1)) > 0.3);
    }
    // Without the site of one row every row is learnt from somewhere.
    make_changed(place, "if (NR == 6 || NR == 7) $2 = \"two\"; $6 = 3; if (NR % 4 == 0) $7 = \"n/a\"");
    place.succeed(efficacy + "--quiet --input t.tsv --output-dir out");
    const data::Table effects = test::read_numbers((place / "out/effects.tsv").string());
    CHECK(std::isnan(test::column(effects, "site_share_raw").front()));
    CHECK(test::column(effects, "site_share_raw").back() > 0.0);
}

TEST_CASE("a site left out of training may be estimated") {
    const Workplace place;
    const Finished finished =
        place.shell(efficacy + "--quiet --input cohort.tsv --train-where site!=site-04 --unseen-site estimate");
    CHECK(finished.code == 0);
    CHECK(finished.err.find("estimated from the test rows themselves") != std::string::npos);
}

TEST_CASE("a matrix gives what its table gives") {
    const Workplace place;
    place.succeed("cut -f 1-5 cohort.tsv > people.tsv");
    const data::Table table = test::read_numbers((place / "cohort.tsv").string(), {"site", "age", "sex", "diagnosis"});
    std::string bytes = io::npy_header(table.rows(), table.features.values.columns(), "<f8");
    bytes.append(reinterpret_cast<const char*>(table.features.values.data()),
                 static_cast<std::size_t>(table.features.values.size()) * sizeof(double));
    place.write("x.npy", bytes);
    const std::string common = "tare-efficacy --quiet --repeats 5 --permutations 20 --covariates age ";
    CHECK(place.succeed(common + "--input x.npy --participants people.tsv") == place.succeed(common + "--input cohort.tsv"));
    CHECK(place.shell(common + "--input x.npy").code == 64);
}

TEST_CASE("visits of a person are tested together") {
    const Workplace place;
    // Every person twice, a day apart: the second visit would give the first one's site away.
    place.succeed(
        "awk -F '\\t' -v OFS='\\t' 'NR == 1 {print $0, \"session_id\"; next} {print $0, \"1\"; $7 += 1e-6; print $0, "
        "\"2\"}' "
        "cohort.tsv > t.tsv");
    const std::string once = place.succeed(efficacy + "--quiet --input cohort.tsv"),
                      twice = place.succeed(efficacy + "--quiet --input t.tsv");
    CHECK(std::stod(cell_of(twice, "balanced_accuracy", 1)) ==
          Approx(std::stod(cell_of(once, "balanced_accuracy", 1))).margin(0.05));
    place.succeed("awk -F '\\t' -v OFS='\\t' 'NR == 3 {$2 = \"site-04\"} {print}' t.tsv > u.tsv");
    const Finished moved = place.shell(efficacy + "--quiet --input u.tsv");
    CHECK(moved.code == 65);
    CHECK(moved.err.find("u.tsv:3: 'sub-001' was measured at two sites, 'site-01' and 'site-04'") != std::string::npos);
}

TEST_CASE("a run that was killed goes on with --resume to the bytes of one that was not") {
    const std::vector<std::string> arguments{"tare-efficacy",  "--exclude", "age",          "--input", "cohort.tsv",
                                             "--repeats",      "40",        "--seed",       "5",       "--quiet",
                                             "--permutations", "20000",     "--output-dir", "out"};
    std::string line;
    for (const std::string& argument : arguments) line += argument + " ";
    const Workplace whole, place;
    whole.succeed(line);
    std::vector<std::string> again = arguments;
    again.emplace_back("--resume");
    std::size_t went_on = 0;
    for (const int milliseconds : {1, 40, 150, 300}) {
        Background run(place, again);
        for (int tick = 0; tick < 3000 && !place.has("out/unfinished.tsv"); ++tick)
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
        run.send(SIGKILL);
        run.end();
        if (place.has("out/unfinished.tsv")) went_on = lines_in(place.read("out/unfinished.tsv"));
        if (place.has("out/efficacy.tsv")) break;
    }
    REQUIRE_FALSE(place.has("out/efficacy.tsv"));
    REQUIRE(went_on > 1);

    // With other options nothing is taken over, and nothing is lost.
    const std::string kept = place.read("out/unfinished.tsv");
    const Finished other = place.shell(line + "--resume --covariates sex");
    CHECK(other.code == 65);
    CHECK(other.err.find("out/unfinished.tsv: is of a run with other inputs or options") != std::string::npos);
    CHECK(place.shell(line).code == 73);
    CHECK(place.read("out/unfinished.tsv") == kept);

    // Threads and the input's name are no other options.
    place.succeed("cp cohort.tsv same.tsv");
    const Finished rest = place.shell(
        "tare-efficacy --exclude age --input same.tsv --repeats 40 --seed 5 --permutations 20000 "
        "--output-dir out --resume --threads 1");
    CHECK(rest.code == 0);
    CHECK(rest.err.find("going on after " + std::to_string(went_on - 1) + " pieces of the work") != std::string::npos);
    for (const std::string name : {"efficacy.tsv", "repeats.tsv", "effects.tsv"})
        CHECK(place.read("out/" + name) == whole.read("out/" + name));
    CHECK_FALSE(place.has("out/unfinished.tsv"));
}

TEST_CASE("a run that is terminated keeps what it has done, and nothing else") {
    const Workplace place;
    place.write("err", "");
    const auto before = place.listing();
    Background run(place, {"tare-efficacy", "--quiet", "--exclude", "age", "--input", "cohort.tsv", "--permutations",
                           "5000000", "--output-dir", "out"});
    for (int tick = 0; tick < 3000 && !place.has("out/unfinished.tsv"); ++tick)
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    run.send(SIGTERM);
    CHECK(run.end() == 143);
    auto after = place.listing();
    CHECK(after.erase("out/unfinished.tsv") == 1);
    after.erase("out");
    place.write("err", "");
    after["err"] = "";
    CHECK(after == before);
}

TEST_CASE("a damaged line of a record is named") {
    const Workplace place;
    const std::string line = efficacy + "--quiet --input cohort.tsv --output-dir out ";
    Background run(place, {"tare-efficacy", "--quiet", "--exclude", "age", "--input", "cohort.tsv", "--repeats", "5",
                           "--permutations", "5000000", "--output-dir", "out"});
    for (int tick = 0; tick < 3000 && !place.has("out/unfinished.tsv"); ++tick)
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    run.send(SIGKILL);
    run.end();
    const std::string kept = place.read("out/unfinished.tsv");
    for (const std::string bad : {"odd\t1\t0.5\t0.5", "observed\t0\t0.5\t0.5", "observed\t6\t0.5\t0.5",
                                  "observed\tx\t0.5\t0.5", "observed\t1\tx\t0.5", "observed\t1\t0.5\tx"}) {
        const std::size_t first = kept.find('\n') + 1, id = kept.find('\t', first);
        place.write("out/unfinished.tsv", kept.substr(0, id + 1) + bad + "\n");
        const Finished finished = place.shell(
            "tare-efficacy --quiet --exclude age --input cohort.tsv --repeats 5 --permutations 5000000 --output-dir out "
            "--resume");
        INFO(finished.err);
        CHECK(finished.code == 65);
        CHECK(finished.err == "tare-efficacy: error: out/unfinished.tsv:2: is no line of a record of tare-efficacy\n");
    }
}
