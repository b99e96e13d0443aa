// What becomes of an image depends on the model and the image alone: not on how the images beside it are stored, nor on the
// precision in which rows happen to be held.
#include <cstring>

#include <catch2/catch.hpp>

#include "cohort_runs.hpp"
#include "image_values.hpp"
#include "support/image_cohort.hpp"
#include "support/temporary_directory.hpp"

using namespace tare;
using namespace tare::test;

namespace {

namespace fs = std::filesystem;

const std::string in = " --images 'in/{participant_id}.nii' ";
const std::string people = in + "--participants people.tsv ";

std::string out_to(const std::string& folder) {
    return " --output-images '" + folder + "/{participant_id}.nii' ";
}

/// A NIfTI-1 file of whole numbers, of which each stands for slope · number + intercept.
void write_scaled(const fs::path& path, const data::Grid& grid, const std::vector<double>& stored, float slope,
                  float intercept) {
    write_volume(path, grid, stored, io::VoxelType::int16);
    std::string bytes = bytes_of(path);
    std::memcpy(bytes.data() + 112, &slope, sizeof slope);
    std::memcpy(bytes.data() + 116, &intercept, sizeof intercept);
    write_bytes(path, bytes);
}

/// Images of float32, or of scaled whole numbers; the last, of a site with others, is float64 where it is wanted.
struct Mixed {
    TemporaryDirectory directory;
    ImageCohort cohort{24};

    explicit Mixed(bool scaled, bool with_double = true) {
        fs::create_directories(*this / "in");
        for (std::size_t i = 0; i < cohort.subjects(); ++i) {
            const fs::path path = *this / "in" / (cohort.ids[i] + ".nii");
            if (scaled) {
                std::vector<double> stored;
                for (const double value : cohort.values[i]) stored.push_back(std::round(100.0 * value) - 10000.0);
                write_scaled(path, cohort.grid, stored, 0.001F, 1e5F);
            } else {
                write_volume(path, cohort.grid, cohort.values[i]);
            }
            cohort.values[i] = voxels_of(path);
        }
        const fs::path last = *this / "in" / (cohort.ids.back() + ".nii");
        if (with_double) write_volume(last, cohort.grid, cohort.values.back(), io::VoxelType::float64);
        cohort.write_mask(*this / "mask.nii.gz");
        cohort.write_table(*this / "table.tsv", true);
        cohort.write_table(*this / "people.tsv", false);
        std::vector<std::string> lines = lines_of(*this / "people.tsv");
        for (std::size_t i = 0; i < lines.size(); ++i)
            lines[i] += i == 0 ? "\tcoil" : i % 3 == 0 ? "\teight" : "\tthirty-two";
        write_lines(*this / "people.tsv", lines);
    }
    fs::path operator/(const std::string& name) const { return directory.path() / name; }
    void must(const std::string& line) const { test::must(line, directory.path()); }
    [[nodiscard]] std::string image(const std::string& folder, std::size_t i) const {
        return bytes_of(*this / folder / (cohort.ids[i] + ".nii"));
    }
    /// Some images of folder `whole` are what `tare-apply` makes of them one by one.
    void check_alone(const std::string& whole, const std::string& options) const {
        const std::vector<std::string> lines = lines_of(*this / "people.tsv");
        for (const std::size_t i : {0U, 4U, 23U}) {
            INFO(options << " " << i);
            write_lines(*this / "one.tsv", {lines[0], lines[i + 1]});
            must("tare-apply --force --participants one.tsv --model model" + in + out_to("alone") + options);
            CHECK((image("alone", i) == image(whole, i)));
        }
    }
};

/// The largest relative difference of the images of a folder and a table of the same values.
double largest_relative(const Mixed& work, const std::string& folder, const fs::path& table) {
    const auto rows = table_rows(table);
    double largest = 0.0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::vector<double> image = voxels_of(work / folder / (work.cohort.ids[i] + ".nii"));
        for (std::size_t f = 0; f < rows[i].size(); ++f) {
            const double a = image[static_cast<std::size_t>(work.cohort.inside[f])], b = rows[i][f];
            largest = std::max(largest, std::abs(a - b) / std::abs(b));
        }
    }
    return largest;
}

}  // namespace

TEST_CASE("an image alone gives the bytes that it gives beside images of another type") {
    for (const bool scaled : {false, true}) {
        const Mixed work(scaled);
        work.must("tare-fit --mask mask.nii.gz --covariates age --model model" + people);
        for (const std::string type : {"float32", "float64"}) {
            work.must("tare-apply --model model" + people + out_to(type) + "--datatype " + type);
            work.check_alone(type, "--datatype " + type);
        }
    }
}

TEST_CASE("with several batch variables too, and no rounding in between, an image alone gives what it gives among others") {
    const Mixed work(false);
    work.must("tare-fit --mask mask.nii.gz --site site,coil --model model" + people);
    work.must("tare-apply --model model" + people + out_to("whole"));
    work.check_alone("whole", "");
    work.must("tare-harmonise --mask mask.nii.gz --site site,coil" + people + out_to("harmonised"));
    for (std::size_t i = 0; i < work.cohort.subjects(); ++i) CHECK((work.image("harmonised", i) == work.image("whole", i)));
}

TEST_CASE("float64 results hold the precision of the computation, whatever the images are stored as") {
    for (const bool scaled : {false, true}) {
        const Mixed work(scaled, false);
        work.must("tare-harmonise --input table.tsv --covariates age,sex --output table_out.tsv");
        work.must("tare-harmonise --mask mask.nii.gz --covariates age,sex --datatype float64" + people + out_to("out"));
        CHECK(largest_relative(work, "out", work / "table_out.tsv") <= 1e-12);
    }
}
