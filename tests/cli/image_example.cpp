// The example is made by the programs themselves.
#include "image_example.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <stdexcept>

#include "support/image_cohort.hpp"
#include "support/process.hpp"
#include "support/temporary_directory.hpp"

namespace tare::test {
namespace {

std::string npy(const ImageCohort& cohort, std::vector<double> values) {
    std::string bytes =
        io::npy_header(static_cast<Index>(cohort.subjects()), static_cast<Index>(cohort.inside.size()), "<f8");
    for (const double value : values) {
        const auto one = std::bit_cast<std::array<char, sizeof value>>(value);
        bytes.append(one.begin(), one.end());
    }
    return bytes;
}

void make_others(const std::filesystem::path& folder, const ImageCohort& cohort) {
    std::filesystem::create_directories(folder);
    write_volume(folder / "shape.nii.gz", small_grid({12, 10, 9}), std::vector<double>(1080, 1.0));
    write_volume(folder / "volumes.nii.gz", small_grid({12, 10, 8, 2}), std::vector<double>(1920, 1.0));
    data::Grid moved = cohort.grid;
    moved.affine[3] += 0.5;
    write_volume(folder / "moved.nii.gz", moved, cohort.values[0]);
    std::vector<double> spoilt = cohort.values[3];
    spoilt[static_cast<std::size_t>(cohort.inside[7])] = NAN;
    write_volume(folder / "nan.nii.gz", cohort.grid, spoilt);
    spoilt[static_cast<std::size_t>(cohort.inside[7])] = INFINITY;
    write_volume(folder / "inf.nii.gz", cohort.grid, spoilt);
    std::vector<double> mask(static_cast<std::size_t>(cohort.grid.values()), 0.0);
    write_volume(folder / "empty.nii.gz", cohort.grid, mask);
    mask[400] = NAN;
    write_volume(folder / "nanmask.nii.gz", cohort.grid, mask);
    std::vector<double> matrix = cohort.matrix();
    matrix[300] = INFINITY;
    write_bytes(folder / "inf.npy", npy(cohort, matrix));
}

}  // namespace

const std::filesystem::path& image_example() {
    static const TemporaryDirectory directory;
    static const bool made = [] {
        const ImageCohort cohort(8);
        cohort.write_images(directory.path() / "in");
        cohort.write_mask(directory.path() / "mask.nii.gz");
        cohort.write_table(directory.path() / "people.tsv", false);
        cohort.write_table(directory.path() / "table.tsv", true);
        write_bytes(directory.path() / "x.npy", npy(cohort, cohort.matrix()));
        make_others(directory.path() / "other", cohort);
        const Finished finished = shell(
            "images=(--images 'in/{participant_id}.nii.gz' --participants people.tsv --quiet) && "
            "matrix=(--input x.npy --participants people.tsv --quiet) && table=(--input table.tsv --quiet) && "
            "tare-fit \"${images[@]}\" --mask mask.nii.gz --model model && tare-moments \"${images[@]}\" --output moments "
            "&& "
            "tare-moments \"${images[@]}\" --mask mask.nii.gz --output masked && "
            "tare-fit \"${matrix[@]}\" --model matrix && tare-moments \"${matrix[@]}\" --output matrix_moments && "
            "tare-fit \"${table[@]}\" --model table.json && tare-moments \"${table[@]}\" --output table_moments.json",
            {.folder = directory.path()});
        if (finished.code != 0) throw std::runtime_error("the example cannot be made:\n" + finished.err);
        return true;
    }();
    static_cast<void>(made);
    return directory.path();
}

}  // namespace tare::test
