// Matrices are another way in to the same algebra: an .npy gives what a table of the same values gives.
#include <array>
#include <bit>
#include <cmath>

#include <catch2/catch.hpp>

#include "cohort_runs.hpp"
#include "image_values.hpp"
#include "support/image_cohort.hpp"
#include "support/temporary_directory.hpp"

using namespace tare;
using namespace tare::test;

namespace {

const std::string design = " --covariates age,sex ";

std::string f8_bytes(const std::vector<double>& values, bool swapped = false) {
    std::string bytes;
    for (const double value : values) {
        auto one = std::bit_cast<std::array<char, sizeof value>>(value);
        if (swapped) std::reverse(one.begin(), one.end());
        bytes.append(one.begin(), one.end());
    }
    return bytes;
}

/// An .npy file with any dictionary.
std::string npy(const std::string& type, bool fortran, std::size_t rows, std::size_t columns, const std::string& data) {
    std::string text = "{'descr': '" + type + "', 'fortran_order': " + (fortran ? "True" : "False") + ", 'shape': (" +
                       std::to_string(rows) + ", " + std::to_string(columns) + "), }";
    while ((10 + text.size() + 1) % 64 != 0) text += ' ';
    return std::string("\x93NUMPY\x01\0", 8) + static_cast<char>(text.size() + 1) + '\0' + text + '\n' + data;
}

std::vector<double> matrix_values(const std::filesystem::path& path) {
    const base::Matrix<double> read = io::read_npy(path.string(), {});
    return {read.data(), read.data() + read.size()};
}

std::vector<double> flat(const std::vector<std::vector<double>>& rows) {
    std::vector<double> out;
    for (const auto& row : rows) out.insert(out.end(), row.begin(), row.end());
    return out;
}

/// The largest |a − b| / |b|; missing must stand beside missing.
double largest_relative(const std::vector<double>& a, const std::vector<double>& b) {
    if (a.size() != b.size()) return INFINITY;
    double largest = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (std::isnan(a[i]) != std::isnan(b[i])) return INFINITY;
        if (!std::isnan(a[i])) largest = std::max(largest, std::abs(a[i] - b[i]) / std::abs(b[i]));
    }
    return largest;
}

}  // namespace

TEST_CASE("an .npy matrix gives the values of the table, float64 to the last bit, in any order of its bytes") {
    for (const bool gaps : {false, true}) {
        ImageCohort cohort(40, false);
        if (gaps) {
            base::Rng rng(3);
            for (int cell = 0; cell < 60; ++cell) {
                const Index v = cohort.inside[rng.below(cohort.inside.size() / 2)];
                cohort.values[6 + rng.below(34)][static_cast<std::size_t>(v)] = NAN;
            }
        }
        const TemporaryDirectory directory;
        const std::filesystem::path& folder = directory.path();
        cohort.write_table(folder / "people.tsv", false);
        cohort.write_table(folder / "table.tsv", true);
        const std::vector<double> values = cohort.matrix();
        const std::size_t rows = cohort.subjects(), columns = cohort.inside.size();
        std::vector<double> columnwise;
        for (std::size_t f = 0; f < columns; ++f) {
            for (std::size_t i = 0; i < rows; ++i) columnwise.push_back(values[i * columns + f]);
        }
        write_bytes(folder / "c.npy", npy("<f8", false, rows, columns, f8_bytes(values)));
        write_bytes(folder / "fortran.npy", npy("<f8", true, rows, columns, f8_bytes(columnwise)));
        write_bytes(folder / "big.npy", npy(">f8", false, rows, columns, f8_bytes(values, true)));
        must("tare-harmonise --input table.tsv --output table_out.tsv" + design, folder);
        for (const std::string name : {"c", "fortran", "big"}) {
            must("tare-harmonise --participants people.tsv --input " + name + ".npy --output " + name + "_out.npy" + design,
                 folder);
        }
        CHECK(largest_relative(matrix_values(folder / "c_out.npy"), flat(table_rows(folder / "table_out.tsv"))) == 0.0);
        CHECK(bytes_of(folder / "fortran_out.npy") == bytes_of(folder / "c_out.npy"));
        CHECK(bytes_of(folder / "big_out.npy") == bytes_of(folder / "c_out.npy"));

        must("tare-fit --participants people.tsv --input c.npy --model model" + design, folder);
        must("tare-apply --model model --participants people.tsv --input c.npy --output applied.npy", folder);
        CHECK(bytes_of(folder / "applied.npy") == bytes_of(folder / "c_out.npy"));
        must("tare-moments --participants people.tsv --input c.npy --output whole" + design, folder);
        must("tare-fit --moments whole --model of_moments", folder);
        must("tare-apply --model of_moments --participants people.tsv --input c.npy --output of_moments.npy", folder);
        CHECK(bytes_of(folder / "of_moments.npy") == bytes_of(folder / "c_out.npy"));
        for (const std::string options : {"--threads 1", "--threads 3", "--memory 8M --threads 2"}) {
            must("tare-harmonise --force --participants people.tsv --input c.npy --output again.npy " + options + design,
                 folder);
            CHECK(bytes_of(folder / "again.npy") == bytes_of(folder / "c_out.npy"));
        }
    }
}

TEST_CASE("a float32 .npy matrix gives the values of the table, to float32 rounding") {
    ImageCohort cohort(40);
    cohort.values[8][static_cast<std::size_t>(cohort.inside[3])] = NAN;
    const TemporaryDirectory directory;
    const std::filesystem::path& folder = directory.path();
    cohort.write_table(folder / "people.tsv", false);
    cohort.write_table(folder / "table.tsv", true);
    std::string bytes;
    for (const double value : cohort.matrix()) {
        const auto one = std::bit_cast<std::array<char, 4>>(static_cast<float>(value));
        bytes.append(one.begin(), one.end());
    }
    write_bytes(folder / "c.npy", npy("<f4", false, cohort.subjects(), cohort.inside.size(), bytes));
    must("tare-harmonise --input table.tsv --output table_out.tsv" + design, folder);
    must("tare-harmonise --participants people.tsv --input c.npy --output c_out.npy" + design, folder);
    CHECK(io::NpyFile((folder / "c_out.npy").string(), {}).single_precision());
    CHECK(largest_relative(matrix_values(folder / "c_out.npy"), flat(table_rows(folder / "table_out.tsv"))) <=
          single_rounding);
}
