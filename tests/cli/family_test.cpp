// All methods on data that are thin in one way: what each fits and applies, and what it says of it.
#include <algorithm>
#include <cctype>

#include <catch2/catch.hpp>

#include "visits_example.hpp"
#include "workplace.hpp"

using tare::test::CellChange;
using tare::test::Finished;
using tare::test::Visit;
using tare::test::visits_table;
using tare::test::Workplace;

namespace {

const std::vector<std::string> methods{
    "",
    "--robust",
    "--method covbat",
    "--method covbat --robust",
    "--method longitudinal --subject person",
    "--method longitudinal --subject person --sigma msr",
    "--method combatls --scale-covariates age,sex",
};
const std::vector<std::string> variants{"",
                                        "--mean-only",
                                        "--prior none",
                                        "--prior nonparametric",
                                        "--reference B",
                                        "--convention neurocombat",
                                        "--transform log"};

/// The first feature as `cell` has it.
CellChange first_feature(const std::function<std::string(const Visit&, const std::string&)>& cell) {
    return [=](const Visit& visit, const std::string& column, const std::string& text) {
        return column == "y0" ? cell(visit, text) : text;
    };
}

std::vector<std::string> cells_of(const std::string& table) {
    std::vector<std::string> cells(1);
    for (const char c : table) {
        if (c == ',' || c == '\n') {
            cells.emplace_back();
        } else {
            cells.back() += c;
        }
    }
    return cells;
}

std::size_t missing_in(const std::string& table) {
    const std::vector<std::string> cells = cells_of(table);
    return static_cast<std::size_t>(std::count(cells.begin(), cells.end(), "n/a"));
}

/// No cell is infinite or what a program prints where a number went wrong. Longer words may hold the letters.
bool looks_sound(const std::string& text) {
    std::string word;
    for (const char c : text + "\n") {
        if (std::isalpha(static_cast<unsigned char>(c)) != 0) {
            word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        } else {
            if (word == "nan" || word == "inf" || word == "infinity") return false;
            word.clear();
        }
    }
    return true;
}

/// Fits a table with every method in every variant; each must end well, keep the missing cells, and give the same when
/// its model is applied.
void check_all(const std::string& name, const std::string& table, const std::vector<std::string>& of = variants) {
    for (const std::string& method : methods) {
        for (const std::string& variant : of) {
            if (method.find("robust") != std::string::npos && variant == "--prior nonparametric") continue;
            const Workplace place;
            place.write("t.csv", table);
            const std::string options = "--threads 1 --quiet --features 'y*' --covariates age,sex " + method + " " + variant;
            INFO(name << ": " << options);
            const Finished fit =
                place.shell("tare-harmonise --input t.csv " + options +
                            " --model m.json --output x.csv && "
                            "tare-apply --quiet --model m.json --input t.csv --output again.csv && "
                            "tare-apply --quiet --model m.json --input t.csv --return residuals --output r.csv");
            INFO(fit.err);
            CHECK(fit.code == 0);
            if (fit.code != 0) continue;
            CHECK(missing_in(place.read("x.csv")) == missing_in(table));
            CHECK(missing_in(place.read("r.csv")) == missing_in(table));
            CHECK(looks_sound(place.read("x.csv")));
            CHECK(looks_sound(place.read("r.csv")));
            CHECK(place.read("x.csv") == place.read("again.csv"));
        }
    }
}

/// The warnings of a run that ends well.
std::string warnings_of(const Workplace& place, const std::string& command) {
    const Finished finished = place.shell(command);
    CHECK(finished.code == 0);
    return finished.err;
}

}  // namespace

TEST_CASE("one feature alone is harmonised by every method") {
    check_all("one feature", visits_table("ABC", 1));
}

TEST_CASE("a feature that is thin at one site is harmonised by every method") {
    check_all("constant at A", visits_table("ABC", 3, first_feature([](const Visit& visit, const std::string& text) {
                                                return visit.site == "A" ? "3" : text;
                                            })));
    check_all("missing at A", visits_table("ABC", 3, first_feature([](const Visit& visit, const std::string& text) {
                                               return visit.site == "A" ? "n/a" : text;
                                           })));
    check_all("one value at A", visits_table("ABC", 3, first_feature([](const Visit& visit, const std::string& text) {
                                                 return visit.site == "A" && visit.row > 0 ? "n/a" : text;
                                             })));
    check_all("at B only", visits_table("ABC", 3, first_feature([](const Visit& visit, const std::string& text) {
                                            return visit.site == "B" ? text : "n/a";
                                        })));
}

TEST_CASE("a feature that hardly varies is harmonised by every method") {
    const std::vector<std::string> some{"", "--prior none", "--reference B"};
    const auto numbers = [](const auto& value) {
        return visits_table("ABC", 3, first_feature([=](const Visit& visit, const std::string&) { return value(visit); }));
    };
    check_all("constant", numbers([](const Visit&) { return "3"; }), some);
    check_all("two values", numbers([](const Visit& visit) { return visit.row == 7 ? "2" : "1"; }), some);
    check_all("of persons", numbers([](const Visit& visit) { return std::to_string(5 + visit.person); }), some);
    // Variation at the limit of rounding, about a large mean: no scale may be made of it that divides to nothing.
    for (const std::string digits : {"00000000001", "0000000001", "000000001"}) {
        check_all("1e4 and " + digits, numbers([&](const Visit& visit) {
                      return "10000." + digits.substr(1) + std::to_string(visit.row * 7919 % 13 + 1);
                  }),
                  some);
    }
}

TEST_CASE("a constant feature passes unchanged by every method") {
    const std::string table = visits_table("ABC", 3, first_feature([](const Visit&, const std::string&) { return "3.25"; }));
    for (const std::string& method : methods) {
        const Workplace place;
        place.write("t.csv", table);
        INFO(method);
        const std::string said =
            warnings_of(place, "tare-harmonise --quiet --input t.csv --features 'y*' --covariates age,sex " + method +
                                   " --output x.csv");
        CHECK(said ==
              "tare-harmonise: warning: 1 feature (y0) is constant once sites and covariates are removed: passed through "
              "unchanged\n");
        const std::vector<std::string> before = cells_of(table), after = cells_of(place.read("x.csv"));
        REQUIRE(before.size() == after.size());
        std::size_t changed = 0;
        for (std::size_t i = 0; i + 1 < before.size(); ++i) {
            if (before[i] == "3.25") CHECK(after[i] == "3.25");
            if (before[i] != after[i]) ++changed;
        }
        CHECK(changed == std::size_t{54} * 2);
    }
}

TEST_CASE("a curve is a straight line where the values carry no more") {
    const Workplace place;
    place.write("t.csv", visits_table("ABC", 3, [](const Visit& visit, const std::string& column, const std::string& cell) {
                    return column == "age" ? std::to_string(20 + visit.row % 2) : cell;
                }));
    place.succeed("tare-harmonise --quiet --input t.csv --features 'y*' --smooth age --model m.json --output x.csv");
    place.succeed("tare-harmonise --quiet --input t.csv --features 'y*' --covariates age --output line.csv");
    CHECK(place.read("m.json").find("\"lambda\": [null, null, null]") != std::string::npos);
    const std::vector<std::string> curve = cells_of(place.read("x.csv")), line = cells_of(place.read("line.csv"));
    REQUIRE(curve.size() == line.size());
    for (std::size_t i = 9; i + 1 < curve.size(); ++i) {
        if (i % 9 < 6) continue;
        CHECK(std::stod(curve[i]) == Approx(std::stod(line[i])).epsilon(1e-9));
    }
}

TEST_CASE("an extrapolated curve is said once") {
    const Workplace place;
    const std::string said = warnings_of(
        place,
        "tare-harmonise --quiet --input cohort.tsv --features '*_fd' --smooth age --smooth-bounds age=30:50 --output x.tsv");
    CHECK(said ==
          "tare-harmonise: warning: 93 subjects outside the --smooth-bounds of age (30 to 50): its effect is extrapolated "
          "linearly\n");
    CHECK(
        warnings_of(
            place,
            "tare-fit --quiet --input cohort.tsv --features '*_fd' --smooth age --smooth-bounds age=30:50 --model m.json") ==
        "tare-fit: warning: 93 subjects outside the --smooth-bounds of age (30 to 50): its effect is extrapolated "
        "linearly\n");
}

TEST_CASE("a covariate of the spread alone may be named a category") {
    const Workplace place;
    place.write("t.csv", visits_table("ABC", 3, [](const Visit& visit, const std::string& column, const std::string& cell) {
                    return column == "sex" ? std::to_string(visit.row % 3) : cell;
                }));
    place.succeed(
        "tare-fit --quiet --input t.csv --features 'y*' --covariates age --method combatls --scale-covariates sex "
        "--categorical sex --model m.json");
    CHECK(place.read("m.json").find("\"sex=1\"") != std::string::npos);
}

TEST_CASE("sites that come later say what is degenerate in them") {
    const auto newcomers = [](const Visit& visit, const std::string& column, const std::string& cell) {
        if (visit.site == "D" && column == "y0") return std::string("3");
        if (visit.site == "E" && column == "y1") return std::string("n/a");
        return cell;
    };
    for (const std::string& method : methods) {
        const Workplace place;
        place.write("t.csv", visits_table("AB"));
        std::string table = visits_table("DEF", 3, newcomers);
        // Of F the first visit alone.
        for (int line = 0; line < 17; ++line) table.erase(table.rfind('\n', table.size() - 2) + 1);
        place.write("n.csv", table);
        INFO(method);
        place.succeed("tare-fit --quiet --input t.csv --covariates age,sex " + method + " --model m.json");
        const std::string extended = warnings_of(place, "tare-fit --quiet --extend m.json --input n.csv --model e.json");
        CHECK(extended ==
              "tare-fit: warning: effects of 3 sites estimated with the rest of the model as it is: D (18 subjects), E (18 "
              "subjects), F (1 subject)\n"
              "tare-fit: warning: 1 site (F) of one subject: adjusted in location only\n"
              "tare-fit: warning: 1 time a feature is constant within a site (y0 at D): adjusted in location only there\n"
              "tare-fit: warning: 1 time a feature is without a value at a site (y1 at E): nothing can be applied there\n");
        CHECK(looks_sound(place.read("e.json")));
        const Finished known = place.shell(
            "tare-apply --quiet --model e.json --input n.csv --output x.csv && tare-apply --quiet "
            "--model m.json --input n.csv --unseen-site estimate --output y.csv");
        CHECK(known.code == 0);
        CHECK(missing_in(place.read("x.csv")) == 18);
        CHECK(place.read("x.csv") == place.read("y.csv"));
    }
}

TEST_CASE("a held-out covariate may be missing from the table, for every method") {
    for (const std::string& method : methods) {
        const Workplace place;
        place.write("t.csv", visits_table("ABC"));
        INFO(method);
        place.succeed("tare-fit --quiet --input t.csv --covariates age,sex " + method +
                      " --model m.json; cut -d , -f 1-4,6- t.csv > without.csv");
        const std::vector<std::string> with =
            cells_of(place.succeed("tare-apply --quiet --model m.json --input t.csv --training-subjects allow "
                                   "--hold-out-covariates age --output -"));
        const std::vector<std::string> without =
            cells_of(place.succeed("tare-apply --quiet --model m.json --input without.csv --training-subjects allow "
                                   "--hold-out-covariates age --output -"));
        REQUIRE(with.size() == 55 * 9 + 1);
        REQUIRE(without.size() == 55 * 8 + 1);
        for (std::size_t row = 1; row < 55; ++row) {
            for (std::size_t f = 0; f < 3; ++f) CHECK(with[row * 9 + 6 + f] == without[row * 8 + 5 + f]);
        }
    }
}
