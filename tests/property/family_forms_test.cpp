// Every method gives for images and matrices what it gives for a table of the same values, whatever the threads and memory.
#include <bit>
#include <cmath>
#include <map>

#include <catch2/catch.hpp>

#include "family_runs.hpp"
#include "image_values.hpp"
#include "support/image_cohort.hpp"
#include "support/temporary_directory.hpp"

using namespace tare;
using namespace tare::test;

namespace {

namespace fs = std::filesystem;

/// The cohort as table.tsv, values.npy and in/, with people.tsv, in which visits of a person lie at both large sites.
struct Work {
    TemporaryDirectory directory;
    ImageCohort cohort;

    explicit Work(std::size_t subjects, std::size_t visits = 3, data::Grid grid = small_grid({7, 6, 5}))
        : cohort(subjects, true, std::move(grid)) {
        cohort.write_images(*this / "in");
        cohort.write_mask(*this / "mask.nii.gz");
        write_values(visits);
    }
    /// The tables and the matrix.
    void write_values(std::size_t visits = 3) const {
        for (const bool values : {false, true}) {
            const fs::path path = *this / (values ? "table.tsv" : "people.tsv");
            cohort.write_table(path, values);
            std::vector<std::string> lines = lines_of(path);
            for (std::size_t i = 0; i < lines.size(); ++i)
                lines[i].insert(lines[i].find('\t') + 1,
                                i == 0 ? "person\t" : "p" + std::to_string((i - 1) / visits) + "\t");
            write_lines(path, lines);
        }
        write_matrix("values.npy");
    }
    void write_matrix(const std::string& name) const {
        std::string text = "{'descr': '<f8', 'fortran_order': False, 'shape': (" + std::to_string(cohort.subjects()) + ", " +
                           std::to_string(cohort.inside.size()) + "), }";
        while ((10 + text.size() + 1) % 64 != 0) text += ' ';
        std::string bytes = std::string("\x93NUMPY\x01\0", 8) + static_cast<char>(text.size() + 1) + '\0' + text + '\n';
        for (const double value : cohort.matrix()) {
            const auto one = std::bit_cast<std::array<char, sizeof value>>(value);
            bytes.append(one.begin(), one.end());
        }
        write_bytes(*this / name, bytes);
    }
    fs::path operator/(const std::string& name) const { return directory.path() / name; }
    void must(const std::string& line) const { test::must(line, directory.path()); }
    [[nodiscard]] std::vector<std::vector<double>> rows(const std::string& table) const {
        const data::Table read = read_numbers((*this / table).string(), {"person", "site", "age", "sex"});
        std::vector<std::vector<double>> out;
        for (base::Index i = 0; i < read.rows(); ++i)
            out.emplace_back(read.features.values.row(i).begin(), read.features.values.row(i).end());
        return out;
    }
    /// The largest |image − table| / |table| of a folder's images.
    [[nodiscard]] double largest_relative(const std::string& folder, const std::string& table) const {
        double largest = 0.0;
        const auto expected = rows(table);
        for (std::size_t i = 0; i < expected.size(); ++i) {
            const std::vector<double> image = voxels_of(*this / folder / (cohort.ids[i] + ".nii.gz"));
            for (std::size_t f = 0; f < expected[i].size(); ++f) {
                const double found = image[static_cast<std::size_t>(cohort.inside[f])];
                if (!std::isfinite(found)) return INFINITY;
                largest = std::max(largest, std::abs(found - expected[i][f]) / std::abs(expected[i][f]));
            }
        }
        return largest;
    }
};

/// The same method with the names of this cohort's sites and columns.
std::string here(std::string options) {
    for (const auto& [from, to] : std::map<std::string, std::string>{
             {"site-1", "alpha"}, {"site-2", "beta"}, {"site-3", "alpha"}, {"--features 'region*'", ""}, {"k=7", "k=5"}}) {
        for (std::size_t at = options.find(from); at != std::string::npos; at = options.find(from))
            options.replace(at, from.size(), to);
    }
    return options;
}

const std::string images = " --images 'in/{participant_id}.nii.gz' --participants people.tsv --force ";
const std::string matrix = " --participants people.tsv --force --input ";

std::string out_to(const std::string& folder) {
    return " --output-images '" + folder + "/{participant_id}.nii.gz' ";
}

std::map<std::string, std::string> images_of(const fs::path& folder) {
    std::map<std::string, std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        const std::string name = entry.path().lexically_relative(folder).string();
        if (entry.is_regular_file() && (name.ends_with(".nii.gz") || name == "model.json"))
            found[name] = bytes_of(entry.path());
    }
    return found;
}

}  // namespace

TEST_CASE("every method: an .npy matrix gives the values of the table, to the last bit") {
    for (const bool gaps : {false, true}) {
        Work work(45);
        if (gaps) {
            base::Rng rng(3);
            for (int cell = 0; cell < 40; ++cell) {
                const Index v = work.cohort.inside[rng.below(work.cohort.inside.size() / 2)];
                work.cohort.values[6 + rng.below(39)][static_cast<std::size_t>(v)] = NAN;
            }
            work.write_values();
        }
        for (const Method& method : methods()) {
            if (gaps && !method.missing_cells) continue;
            INFO(method.name << (gaps ? ", with missing cells" : ""));
            const std::string options = here(family_options(method));
            work.must("tare-harmonise --force --input table.tsv --output table_out.tsv" + options);
            work.must("tare-harmonise --output out.npy" + matrix + "values.npy" + options);
            const base::Matrix<double> out = io::read_npy((work / "out.npy").string(), {});
            std::size_t different = 0;
            const auto expected = work.rows("table_out.tsv");
            for (std::size_t i = 0; i < expected.size(); ++i) {
                const auto row = out.row(static_cast<Index>(i));
                REQUIRE(row.size() == expected[i].size());
                for (std::size_t f = 0; f < row.size(); ++f) {
                    const bool missing = std::isnan(row[f]) && std::isnan(expected[i][f]);
                    different += missing || row[f] == expected[i][f] ? 0U : 1U;
                }
            }
            CHECK(different == 0);
            const std::string bytes = bytes_of(work / "out.npy");
            work.must("tare-fit --model model --threads 3" + matrix + "values.npy" + without_return(options));
            work.must("tare-apply --model model --output again.npy" + matrix + "values.npy" + returned(method));
            CHECK(bytes_of(work / "again.npy") == bytes);
            work.must("tare-harmonise --output small.npy --memory 16M --threads 2" + matrix + "values.npy" + options);
            CHECK(bytes_of(work / "small.npy") == bytes);
        }
    }
}

TEST_CASE("every method: images give the values of the same voxels in a table, to float32 rounding") {
    const Work work(45);
    for (const Method& method : methods()) {
        INFO(method.name);
        const std::string options = here(family_options(method));
        work.must("tare-harmonise --force --input table.tsv --output table_out.tsv" + options);
        for (const std::string mask : {" --mask mask.nii.gz", ""}) {
            work.must("tare-harmonise" + mask + images + out_to("out") + options);
            CHECK(work.largest_relative("out", "table_out.tsv") <= single_rounding);
        }
        work.must("tare-fit --model model --threads 3" + images + without_return(options));
        work.must("tare-apply --model model --threads 1" + images + out_to("applied") + returned(method));
        CHECK(images_of(work / "out") == images_of(work / "applied"));
        CHECK(images_of(work / "out").size() == 45);
    }
}

TEST_CASE("every method: images under the least memory keep every byte, with people of twenty visits") {
    const Work work(40, 20, small_grid({40, 36, 30}));
    for (const std::string method : {"--smooth age --covariates sex", "--method covbat --covariates age,sex", "--robust",
                                     "--method longitudinal --subject person --covariates age,sex",
                                     "--method combatls --scale-covariates age --covariates age,sex"}) {
        INFO(method);
        const std::string run = "tare-harmonise --threads 2 " + method + images;
        work.must(run + out_to("free/out") + " --model free/model --memory 4G");
        const Finished refused = shell(run + out_to("never") + " --memory 1M", {.folder = work.directory.path()});
        CHECK(refused.code == 71);
        const std::string asks = "raise the limit with --memory ";
        REQUIRE(refused.err.find(asks) != std::string::npos);
        work.must(run + out_to("least/out") + " --model least/model --memory " +
                  refused.err.substr(refused.err.find(asks) + asks.size()));
        CHECK(images_of(work / "free") == images_of(work / "least"));
        fs::remove_all(work / "free");
        fs::remove_all(work / "least");
    }
}
