// What must not change a result, whatever the method: the way it was computed, company, order, units, threads, memory, and
// rows that were held out.
#include <cmath>
#include <fstream>

#include <catch2/catch.hpp>

#include "family_runs.hpp"
#include "support/table_values.hpp"
#include "support/temporary_directory.hpp"
#include "tare/base/number_text.hpp"

using namespace tare;
using namespace tare::test;

namespace {

/// whole.tsv without missing cells and gaps.tsv with, in a folder of their own.
struct Work {
    TemporaryDirectory directory;

    Work() {
        write_family_cohort(directory.path() / "whole.tsv", 0.0);
        write_family_cohort(directory.path() / "gaps.tsv", 0.03);
    }
    std::filesystem::path operator/(const std::string& name) const { return directory.path() / name; }
    void must(const std::string& line) const { test::must(line, directory.path()); }
};

/// Calls check(method, table) for every method, on the table with missing cells too where the method takes them.
template <typename Check>
void for_every_method(const Check& check) {
    for (const Method& method : methods()) {
        for (const std::string table : {"whole", "gaps"}) {
            if (table == "gaps" && !method.missing_cells) continue;
            INFO(method.name << ", " << table << ".tsv");
            check(method, table + ".tsv");
        }
    }
}

std::string cell(const std::string& line, std::size_t wanted) {
    std::size_t begin = 0;
    for (; wanted > 0; --wanted) begin = line.find('\t', begin) + 1;
    return line.substr(begin, line.find('\t', begin) - begin);
}

/// A table with its feature columns turned round.
void write_turned(const std::filesystem::path& from, const std::filesystem::path& to) {
    std::vector<std::string> lines = lines_of(from);
    for (std::string& line : lines) {
        std::string turned;
        for (std::size_t j = 0; j < 20; ++j) turned += (j == 0 ? "" : "\t") + cell(line, j < 6 ? j : 25 - j);
        line = turned;
    }
    write_lines(to, lines);
}

/// The factor and the shift of a feature's new unit.
double factor_of(std::size_t feature) {
    return feature % 3 == 0 ? 1000.0 : feature % 3 == 1 ? 0.02 : 1.0;
}
double shift_of(std::size_t feature, const Method& method) {
    return method.logarithms ? 0.0 : factor_of(feature) * (feature % 2 == 0 ? 700.0 : -3.0);
}

void write_rescaled(const std::filesystem::path& from, const std::filesystem::path& to, const Method& method) {
    const data::Table table = read_numbers(from.string(), family_text_columns());
    std::ofstream file(to);
    for (std::size_t j = 0; j < table.header.size(); ++j) file << (j == 0 ? "" : "\t") << table.header[j];
    file << '\n';
    for (base::Index i = 0; i < table.rows(); ++i) {
        for (std::size_t j = 0; j < table.header.size(); ++j) {
            const auto f = static_cast<std::size_t>(table.place[j]);
            const double value = table.place[j] < 0 ? 0.0 : table.features.values(i, table.place[j]);
            file << (j == 0 ? "" : "\t")
                 << (table.place[j] < 0  ? std::string(table.text_cell(i, static_cast<base::Index>(j)))
                     : std::isnan(value) ? "n/a"
                                         : base::number_text(value * factor_of(f) + shift_of(f, method)));
        }
        file << '\n';
    }
}

/// The largest difference, in SD, of `b` from `a` in the new units.
double rescaled_difference(const std::filesystem::path& a, const std::filesystem::path& b, const Method& method) {
    const data::Table left = read_numbers(a.string(), family_text_columns()),
                      right = read_numbers(b.string(), family_text_columns());
    const bool residuals = method.options.find("--return residuals") != std::string::npos;
    double largest = 0.0;
    for (std::size_t f = 0; f < left.features.names.size(); ++f) {
        std::vector<double> expected = column(left, left.features.names[f]);
        for (double& v : expected) {
            if (!(residuals && method.logarithms)) v *= factor_of(f);
            if (!residuals) v += shift_of(f, method);
        }
        largest = std::max(
            largest, largest_difference(expected, column(right, right.features.names[f])) / standard_deviation(expected));
    }
    return largest;
}

double difference(const Work& work, const std::string& a, const std::string& b) {
    return difference_by_id(work / a, work / b, {{}, {}, family_text_columns()});
}

}  // namespace

TEST_CASE("every method: fit then apply is harmonise, byte for byte, and values do change") {
    const Work work;
    for_every_method([&](const Method& method, const std::string& table) {
        const std::string input = " --force --input " + table;
        work.must("tare-harmonise --output whole_out.tsv --model whole.json" + input + family_options(method));
        work.must("tare-fit --model fitted.json" + input + without_return(family_options(method)));
        work.must("tare-apply --model fitted.json --output applied.tsv" + input + returned(method));
        CHECK(bytes_of(work / "whole_out.tsv") == bytes_of(work / "applied.tsv"));
        CHECK(bytes_of(work / "whole.json") == bytes_of(work / "fitted.json"));
        CHECK(difference(work, table, "applied.tsv") > 0.1);
    });
}

TEST_CASE("every method: one subject alone, or one person, is as in the whole") {
    const Work work;
    for_every_method([&](const Method& method, const std::string& table) {
        work.must("tare-harmonise --force --output out.tsv --model m.json --input " + table + family_options(method));
        const std::vector<std::string> raw = lines_of(work / table), out = lines_of(work / "out.tsv");
        for (std::size_t i = 1; i < raw.size(); i += 19) {
            std::vector<std::string> own{raw[0]}, expected{out[0]};
            for (std::size_t k = 1; k < raw.size(); ++k) {
                if (method.by_person ? cell(raw[k], 1) != cell(raw[i], 1) : k != i) continue;
                own.push_back(raw[k]);
                expected.push_back(out[k]);
            }
            write_lines(work / "one.tsv", own);
            work.must("tare-apply --force --model m.json --input one.tsv --output one_out.tsv" + returned(method));
            CHECK(lines_of(work / "one_out.tsv") == expected);
        }
    });
}

TEST_CASE("every method: threads and memory change no byte") {
    const Work work;
    for_every_method([&](const Method& method, const std::string& table) {
        const std::string run = "tare-harmonise --force --input " + table + family_options(method);
        work.must(run + "--output one.tsv --model one.json --threads 1 --memory 2G");
        for (const std::string other : {"--threads 2 --memory 1G", "--threads 3 --memory 48M"}) {
            work.must(run + "--output other.tsv --model other.json " + other);
            CHECK(bytes_of(work / "one.tsv") == bytes_of(work / "other.tsv"));
            CHECK(bytes_of(work / "one.json") == bytes_of(work / "other.json"));
        }
    });
}

TEST_CASE("every method: the order of rows and of features changes no value") {
    const Work work;
    for_every_method([&](const Method& method, const std::string& table) {
        work.must("tare-harmonise --force --output out.tsv --input " + table + family_options(method));
        write_shuffled(work / table, work / "shuffled.tsv");
        work.must("tare-harmonise --force --output shuffled_out.tsv --input shuffled.tsv" + family_options(method));
        CHECK(lines_of(work / "shuffled_out.tsv") != lines_of(work / "out.tsv"));
        CHECK(difference(work, "out.tsv", "shuffled_out.tsv") < method.order);
        write_turned(work / table, work / "turned.tsv");
        work.must("tare-harmonise --force --output turned_out.tsv --input turned.tsv" + family_options(method));
        write_turned(work / "turned_out.tsv", work / "turned_back.tsv");
        CHECK(lines_of(work / "turned_out.tsv")[0] != lines_of(work / "out.tsv")[0]);
        CHECK(difference(work, "out.tsv", "turned_back.tsv") < method.order);
    });
}

TEST_CASE("every method: held-out rows leave the model's bytes alone") {
    const Work work;
    for_every_method([&](const Method& method, const std::string& table) {
        const auto write_changed = [&](const std::string& fold, const std::string& to) {
            std::vector<std::string> lines = lines_of(work / table);
            for (std::size_t i = 1; i < lines.size(); ++i) {
                if (cell(lines[i], 5) != fold) continue;
                std::string changed;
                for (std::size_t j = 0; j < 6; ++j)
                    changed += (j == 0 ? "" : "\t") + (j == 3 ? std::to_string(10 + i % 80) : cell(lines[i], j));
                for (std::size_t j = 6; j < 20; ++j) changed += "\t" + std::to_string(10 + (i * 37 + j * j) % 200);
                lines[i] = changed;
            }
            write_lines(work / to, lines);
        };
        write_changed("test", "changed.tsv");
        write_changed("train", "training.tsv");
        const std::string options =
            " --force --train-where fold==train" + without_return(family_options(method)) + " --model ";
        work.must("tare-fit --input " + table + options + "a.json");
        work.must("tare-fit --input changed.tsv" + options + "b.json");
        work.must("tare-fit --input training.tsv" + options + "c.json");
        CHECK(bytes_of(work / "a.json") == bytes_of(work / "b.json"));
        CHECK(bytes_of(work / "a.json") != bytes_of(work / "c.json"));
    });
}

TEST_CASE("every method: results follow changes of unit and of origin") {
    const Work work;
    for_every_method([&](const Method& method, const std::string& table) {
        write_rescaled(work / table, work / "rescaled.tsv", method);
        work.must("tare-harmonise --force --output a.tsv --input " + table + family_options(method));
        work.must("tare-harmonise --force --output b.tsv --input rescaled.tsv" + family_options(method));
        CHECK(rescaled_difference(work / "a.tsv", work / "b.tsv", method) < 1e-9);
        CHECK(rescaled_difference(work / table, work / "b.tsv", method) > 0.1);
    });
}

TEST_CASE("moments of parts with curves, merged, are those of the whole") {
    const Work work;
    const std::string options = " --force --features 'region*' --covariates sex --smooth age --smooth-bounds age=15:85 ";
    for (const std::string table : {"whole.tsv", "gaps.tsv"}) {
        const std::vector<std::string> raw = lines_of(work / table);
        for (const std::size_t parts : {2U, 5U}) {
            std::mt19937 random(5);
            std::vector<std::vector<std::string>> cut(parts, {raw[0]});
            for (std::size_t i = 1; i < raw.size(); ++i) cut[random() % parts].push_back(raw[i]);
            std::string merge = "tare-merge --force --output merged.json";
            for (std::size_t k = 0; k < parts; ++k) {
                const std::string name = "part" + std::to_string(k);
                write_lines(work / (name + ".tsv"), cut[k]);
                work.must("tare-moments --input " + name + ".tsv --output " + name + ".json" + options);
                merge += " " + name + ".json";
            }
            work.must(merge);
            work.must("tare-fit --force --moments merged.json --model merged_model.json");
            work.must("tare-fit --model model.json --input " + table + options);
            for (const std::string model : {"merged_model", "model"})
                work.must("tare-apply --force --model " + model + ".json --output " + model + ".tsv --input " + table);
            CHECK(difference(work, "model.tsv", "merged_model.tsv") < 1e-10);
            CHECK(difference(work, "model.tsv", table) > 0.1);
        }
    }
}
