// Several batch variables one after another, and sites compared through people who were measured at several of them: known
// truth, and the promises that hold for every model.
#include <cmath>
#include <fstream>

#include <catch2/catch.hpp>

#include "cohort_runs.hpp"
#include "support/process.hpp"
#include "support/table_values.hpp"
#include "support/temporary_directory.hpp"
#include "tare/base/number_text.hpp"
#include "tare/base/rng.hpp"

using namespace tare;
using namespace tare::test;

namespace {

constexpr int features = 8;

/// Writes a table of visits and returns what every value would have been without any batch effect, row by row.
class Visits {
public:
    explicit Visits(std::uint64_t seed) : rng_(seed) {}
    base::Rng& rng() { return rng_; }
    /// `effect(feature, value)`: what the batches make of a value.
    template <typename Effect>
    void add(const std::string& row, const std::vector<double>& values, const Effect& effect) {
        text_ += row;
        for (int f = 0; f < features; ++f) {
            const double value = values[static_cast<std::size_t>(f)];
            truth_.push_back(value);
            text_ += "\t" + base::number_text(effect(f, value));
        }
        text_ += "\n";
    }
    std::vector<double> person(double level) {
        std::vector<double> values;
        for (int f = 0; f < features; ++f) values.push_back(level + rng_.normal());
        return values;
    }
    void write(const std::filesystem::path& path, const std::string& header) const {
        std::ofstream file(path, std::ios::binary);
        file << header;
        for (int f = 0; f < features; ++f) file << "\tf" << f;
        file << "\n" << text_;
    }
    /// Root mean square distance of a result from the truth, both about their mean.
    [[nodiscard]] double distance(const std::filesystem::path& path, const std::vector<std::string>& text) const {
        const data::Table table = read_numbers(path.string(), text);
        std::vector<double> all;
        for (base::Index i = 0; i < table.rows(); ++i) {
            for (int f = 0; f < features; ++f)
                all.push_back(
                    table.features.values(i, table.place[static_cast<std::size_t>(table.find("f" + std::to_string(f)))]));
        }
        const double offset = mean(all) - mean(truth_);
        double squares = 0.0;
        for (std::size_t i = 0; i < all.size(); ++i) squares += std::pow(all[i] - offset - truth_[i], 2);
        return std::sqrt(squares / static_cast<double>(all.size()));
    }

private:
    base::Rng rng_;
    std::string text_;
    std::vector<double> truth_;
};

}  // namespace

TEST_CASE("travelling people tell a scanner from a population, and ComBat cannot") {
    const TemporaryDirectory work;
    Visits visits(11);
    const std::vector<std::string> sites{"a", "b", "c"};
    const std::vector<double> shift{0.0, 0.9, -0.6}, population{0.0, 1.0, -0.8};
    const auto effect = [&](std::size_t s) {
        return [&visits, &shift, s](int, double value) { return value + shift[s] + 0.05 * visits.rng().normal(); };
    };
    for (std::size_t s = 0; s < sites.size(); ++s) {
        for (int i = 0; i < 60; ++i)
            visits.add("n" + sites[s] + std::to_string(i) + "\t1\t" + sites[s], visits.person(population[s]), effect(s));
    }
    for (int i = 0; i < 12; ++i) {
        const std::vector<double> values = visits.person(0.0);
        for (std::size_t s = 0; s < sites.size(); ++s)
            visits.add("t" + std::to_string(i) + "\t" + sites[s] + "\t" + sites[s], values, effect(s));
    }
    visits.write(work.path() / "in.tsv", "participant_id\tsession_id\tsite");
    must("tare-harmonise --quiet --input in.tsv --output combat.tsv", work.path());
    must("tare-harmonise --quiet --input in.tsv --travelling participant_id --model m.json --output travelling.tsv",
         work.path());
    must("tare-apply --quiet --model m.json --input in.tsv --output applied.tsv", work.path());
    CHECK(bytes_of(work.path() / "travelling.tsv") == bytes_of(work.path() / "applied.tsv"));
    const std::vector<std::string> text{"session_id", "site"};
    const double raw = visits.distance(work.path() / "in.tsv", text),
                 combat = visits.distance(work.path() / "combat.tsv", text),
                 travelling = visits.distance(work.path() / "travelling.tsv", text);
    WARN("distance from the truth, SD: raw " << raw << ", ComBat " << combat << ", travelling " << travelling);
    CHECK(travelling < 0.25);
    CHECK(travelling < 0.5 * combat);
}

TEST_CASE("sites that nobody travelled to are named") {
    const TemporaryDirectory work;
    Visits visits(12);
    const auto as_it_is = [](int, double value) { return value; };
    for (const std::string site : {"a", "b", "c"}) {
        for (int i = 0; i < 10; ++i)
            visits.add("n" + site + std::to_string(i) + "\t1\t" + site, visits.person(0.0), as_it_is);
    }
    for (const std::string site : {"a", "b"}) visits.add("t\t" + site + "\t" + site, visits.person(0.0), as_it_is);
    visits.write(work.path() / "in.tsv", "participant_id\tsession_id\tsite");
    const Finished finished =
        run({"tare-harmonise", "--quiet", "--input", "in.tsv", "--travelling", "participant_id", "--output", "o.tsv"},
            {.folder = work.path()});
    CHECK(finished.code == 65);
    CHECK(finished.err.find("no people were measured both at 'c' and at 'a'") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(work.path() / "o.tsv"));
}

TEST_CASE("two batch variables are both removed, in any order, and applying repeats it") {
    const TemporaryDirectory work;
    Visits visits(13);
    const std::vector<double> site_shift{0.0, 1.0, -1.0}, scanner_shift{0.8, -0.8};
    for (std::size_t i = 0; i < 240; ++i) {
        const std::size_t site = i % 3, scanner = (i / 3) % 2;
        visits.add("s" + std::to_string(i) + "\ts" + std::to_string(site) + "\tk" + std::to_string(scanner),
                   visits.person(0.0), [&](int, double value) { return value + site_shift[site] + scanner_shift[scanner]; });
    }
    visits.write(work.path() / "in.tsv", "participant_id\tsite\tscanner");
    const std::vector<std::string> text{"site", "scanner"};
    must("tare-harmonise --quiet --input in.tsv --output one.tsv", work.path());
    for (const std::string how : {"site,scanner", "scanner,site", "site,scanner --site-order auto"}) {
        must("tare-harmonise --quiet --force --input in.tsv --site " + how + " --model m.json --output both.tsv",
             work.path());
        must("tare-apply --quiet --force --model m.json --input in.tsv --output applied.tsv", work.path());
        CHECK(bytes_of(work.path() / "both.tsv") == bytes_of(work.path() / "applied.tsv"));
        const double both = visits.distance(work.path() / "both.tsv", text),
                     one = visits.distance(work.path() / "one.tsv", text);
        INFO(how << ": both " << both << ", the site alone " << one);
        CHECK(both < 0.2);
        CHECK(both < 0.4 * one);
    }
}
