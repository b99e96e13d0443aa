// Laws of harmonising that need no reference: scaling, shifting, idle features, one site, a reference site.
#include <fstream>

#include <catch2/catch.hpp>

#include "cohort_runs.hpp"
#include "support/table_values.hpp"
#include "support/temporary_directory.hpp"
#include "tare/base/number_text.hpp"

using namespace tare;
using namespace tare::test;

namespace {

const std::vector<std::string> text_columns{"site", "age", "sex", "diagnosis"};

/// The table with every feature value replaced by `change(value)`.
template <typename Change>
void write_changed(const std::filesystem::path& from, const std::filesystem::path& to, const Change& change) {
    data::Table table = read_numbers(from.string(), text_columns);
    std::ofstream file(to);
    for (std::size_t j = 0; j < table.header.size(); ++j) file << (j == 0 ? "" : "\t") << table.header[j];
    file << '\n';
    for (base::Index i = 0; i < table.rows(); ++i) {
        for (std::size_t j = 0; j < table.header.size(); ++j) {
            const base::Index place = table.place[j];
            file << (j == 0 ? "" : "\t")
                 << (place < 0 ? std::string(table.text_cell(i, static_cast<base::Index>(j)))
                               : base::number_text(change(table.features.values(i, place))));
        }
        file << '\n';
    }
}

double worst(const std::filesystem::path& a, const std::filesystem::path& b, double scale, double shift) {
    const data::Table left = read_numbers(a.string(), text_columns), right = read_numbers(b.string(), text_columns);
    double largest = 0.0;
    for (const std::string& name : left.features.names) {
        std::vector<double> expected = column(left, name);
        for (double& v : expected) v = v * scale + shift;
        largest = std::max(largest, largest_difference(expected, column(right, name)) / standard_deviation(expected));
    }
    return largest;
}

}  // namespace

TEST_CASE("harmonising follows changes of unit and of origin") {
    const TemporaryDirectory work;
    must("tare-simulate --site-sizes 40,30,12,5 --features 15 --seed 3 --missing 0.02 --output a.tsv", work.path());
    write_changed(work.path() / "a.tsv", work.path() / "b.tsv", [](double v) { return v * 1000.0 + 17.0; });
    must("tare-harmonise --input a.tsv --covariates age,sex --features 'region*' --output ha.tsv", work.path());
    must("tare-harmonise --input b.tsv --covariates age,sex --features 'region*' --output hb.tsv", work.path());
    CHECK(worst(work.path() / "ha.tsv", work.path() / "hb.tsv", 1000.0, 17.0) < 1e-9);
    CHECK(worst(work.path() / "a.tsv", work.path() / "ha.tsv", 1.0, 0.0) > 0.1);
}

TEST_CASE("one site is left as it is") {
    const TemporaryDirectory work;
    must(
        "tare-simulate --site-sizes 40 --features 6 --seed 4 --output a.tsv && tare-harmonise --input a.tsv --covariates "
        "age --output h.tsv",
        work.path());
    CHECK(bytes_of(work.path() / "a.tsv") == bytes_of(work.path() / "h.tsv"));
}

TEST_CASE("the reference site keeps its values, and new subjects of it too") {
    const TemporaryDirectory work;
    must(
        "tare-simulate --site-sizes 40,30,12 --features 9 --seed 5 --output a.tsv && "
        "tare-harmonise --input a.tsv --covariates age,sex --features 'region*' --reference site-02 --model m.json --output "
        "h.tsv && "
        "tare-simulate --site-sizes 1,20 --features 9 --seed 6 --output new.tsv && "
        "tare-apply --model m.json --input new.tsv --output new_h.tsv",
        work.path());
    std::size_t kept = 0, changed = 0;
    for (const auto& [before, after] : {std::pair("a.tsv", "h.tsv"), std::pair("new.tsv", "new_h.tsv")}) {
        const std::vector<std::string> raw = lines_of(work.path() / before), harmonised = lines_of(work.path() / after);
        for (std::size_t i = 1; i < raw.size(); ++i) {
            if (raw[i].find("\tsite-02\t") == std::string::npos) {
                changed += raw[i] != harmonised[i] ? 1U : 0U;
            } else {
                CHECK(raw[i] == harmonised[i]);
                ++kept;
            }
        }
    }
    CHECK(kept == 50);
    CHECK(changed == 53);
}

TEST_CASE("constant and empty features pass through, count in a warning, and change no other feature") {
    const TemporaryDirectory work;
    must("tare-simulate --site-sizes 40,30,12 --features 9 --seed 8 --output a.tsv", work.path());
    must(
        "awk -F'\\t' -v OFS='\\t' '{print $0, NR==1?\"flat\":0.1, NR==1?\"empty\":\"n/a\", "
        "NR==1?\"spike\":($2==\"site-02\"?7:NR%5)}' a.tsv > b.tsv",
        work.path());
    must("tare-harmonise --input a.tsv --covariates age,sex --features 'region*' --output ha.tsv", work.path());
    const Finished finished = shell(
        "tare-harmonise --input b.tsv --covariates age,sex --features 'region*,flat,empty,spike' --output hb.tsv --model "
        "m.json",
        {.folder = work.path()});
    REQUIRE(finished.code == 0);
    CHECK(finished.err.find("1 feature (flat) is constant") != std::string::npos);
    CHECK(finished.err.find("1 feature (empty) without a single value") != std::string::npos);
    CHECK(finished.err.find("spike at site-02") != std::string::npos);
    must("cut -f1-14 hb.tsv > hb_cut.tsv", work.path());
    CHECK(column(read_numbers((work.path() / "hb.tsv").string(), text_columns), "flat") == std::vector<double>(82, 0.1));
    // A feature that is constant at one site takes part elsewhere, so priors move by it there; the flat and empty ones never
    // do.
    must(
        "cut -f1-16 b.tsv > c.tsv && tare-harmonise --input c.tsv --covariates age,sex --features 'region*,flat,empty' "
        "--output hc.tsv && "
        "cut -f1-14 hc.tsv > hc_cut.tsv",
        work.path());
    CHECK(bytes_of(work.path() / "hc_cut.tsv") == bytes_of(work.path() / "ha.tsv"));
}
