// What tare-normalise refuses: options that do not go together, damaged or empty images and models. Nothing is left behind.
#include <fstream>

#include <catch2/catch.hpp>

#include "fault.hpp"
#include "support/temporary_directory.hpp"
#include "tare/io/image_file.hpp"
#include "workplace.hpp"

using namespace tare;

namespace {

/// Two images with a mask, images that are wrong in one way, and a model.
void make_images(const std::filesystem::path& folder) {
    data::Grid grid;
    grid.shape = {10, 10, 10};
    const auto write = [&](const std::string& name, const std::string& bytes) {
        std::filesystem::create_directories((folder / name).parent_path());
        std::ofstream(folder / name, std::ios::binary) << bytes;
    };
    const auto bytes_of = [&](const std::string& name, const std::vector<double>& values) {
        return io::image_bytes(name, io::new_image_header(grid, "test"), io::VoxelType::float32, std::span(values));
    };
    std::vector<double> values, mask;
    for (int v = 0; v < 1000; ++v) {
        values.push_back(100.0 + (v * 7919) % 113);
        mask.push_back(v % 10 < 8 ? 1.0 : 0.0);
    }
    const std::string good = bytes_of("x.nii.gz", values);
    write("in/a.nii.gz", good);
    write("in/b.nii.gz", good);
    write("late/a.nii.gz", good);
    write("late/b.nii.gz", bytes_of("x.nii.gz", std::vector<double>(1000, 7.0)));
    write("mask.nii", bytes_of("x.nii", mask));
    for (double& x : mask) x = 1.0 - x;
    write("other.nii", bytes_of("x.nii", mask));
    write("none.nii", bytes_of("x.nii", std::vector<double>(1000, 0.0)));
    write("cut.nii.gz", good.substr(0, good.size() / 2));
    grid.shape = {10, 10, 9};
    values.resize(900);
    write("small.nii", bytes_of("x.nii", values));
    write("people.tsv", "participant_id\tsplit\na\ttrain\nb\ttest\n");
    write("nyul.json",
          R"({"format": "tare-intensity-model", "format_version": 1, "tool": "tare", "method": "nyul",
              "percentiles": [1, 10, 20, 30, 40, 50, 60, 70, 80, 90, 99],
              "standard": [1, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100], "training": {"n": 3},
              "provenance": {"parameters": {}}})");
    write("falling.json",
          R"({"format": "tare-intensity-model", "format_version": 1, "tool": "tare", "method": "lsq",
              "standard": [3, 2, 1], "training": {"n": 3}, "provenance": {"parameters": {}}})");
    write("short.json",
          R"({"format": "tare-intensity-model", "format_version": 1, "tool": "tare", "method": "lsq",
              "standard": [1, 2], "training": {"n": 3}, "provenance": {"parameters": {}}})");
    write("future.json", R"({"format": "tare-intensity-model", "format_version": 2})");
}

const std::string both = "tare-normalise --images 'in/{participant_id}.nii.gz' ";
const std::string out = "--output-images 'out/{participant_id}.nii' ";
const std::string one = "tare-normalise --output-images out.nii --images ";

}  // namespace

TEST_CASE("tare-normalise refuses options that do not go together", "[cli][normalise]") {
    const test::TemporaryDirectory images;
    make_images(images.path());
    test::check_faults(
        {{"", both, 64, "--output-images is missing"},
         {"", both + "--method nyul", 64, "--output-images is missing",
          "with --model alone the standard is learnt and nothing normalised"},
         {"", both + out + "--model m.json", 64, "--model does not go with --method zscore"},
         {"", both + out + "--method nyul --apply-model nyul.json --model m.json", 64,
          "--model does not go with --apply-model"},
         {"", both + out + "--apply-model nyul.json", 64, "--apply-model does not go with --method zscore",
          "it looks at each image alone"},
         {"", both + out + "--method nyul --shard 1/2", 64,
          "--shard does not go with a fit, which must see all training images",
          "fit once with --model and without --output-images, then --apply-model in every shard"},
         {"", both + out + "--method nyul --train-where 'split==train'", 64, "--train-where needs --participants"},
         {"", both + out + "--method nyul --participants people.tsv --train-where 'spilt==train'", 65,
          "--train-where: people.tsv has no column 'spilt'", "did you mean 'split'?"},
         {"", both + out + "--method nyul --participants people.tsv --train-where 'split==none'", 65,
          "--train-where: no image satisfies 'split==none'", "look at the condition of --train-where"},
         {"", both + "--method nyul --model m.json --outside zero", 64, "--outside needs --output-images"},
         {"", both + out + "--stripe 0.1", 64, "--stripe does not go with --method zscore"},
         {"", both + out + "--method whitestripe --stripe 0.6", 64, "--stripe must be above 0 and at most 0.5"},
         {"", both + out + "--method n4 --n4-shrink 0", 64, "--n4-shrink must be from 1 to 16"},
         {"", both + out + "--method n4 --n4-iterations 5,x", 64, "--n4-iterations: 'x' is not a number of iterations"},
         {"", both + out + "--method n4 --n4-convergence -1", 64, "--n4-convergence must be at least 0"},
         {"", both + out + "--method ravel", 64, "--method ravel needs --control"},
         {"", both + out + "--method ravel --control mask.nii", 64, "--method ravel needs one --mask for all images",
          "they must lie in one space"},
         {"", both + out + "--method ravel --factors 0", 64, "--factors must be at least 1"},
         {"", both + out + "--method ravel --apply-model m --mask mask.nii", 64, "--mask does not go with --apply-model",
          "the model has its own"},
         {"", both + out + "--control mask.nii", 64, "--control does not go with --method zscore"},
         {"", both + "--output-images out.nii", 64, "--output-images: 'out.nii' is one name for 2 images",
          "put {participant_id} in it, and the whole in quotes"},
         {"", "tare-normalise --images in/a.nii.gz --output-images out.mgz --datatype float64", 64,
          "out.mgz: --datatype float64 is not for .mgh and .mgz, which have no such type",
          "name NIfTI images, or leave out --datatype"}},
        images.path());
}

TEST_CASE("tare-normalise refuses images and models that it cannot use, and leaves nothing", "[cli][normalise]") {
    const test::TemporaryDirectory images;
    make_images(images.path());
    const std::string advice = "is the mask that of the image, and are its intensities above 0?";
    test::check_faults(
        {{"", one + "nowhere.nii", 66, "nowhere.nii: no such file"},
         {"", one + "in/a.nii.gz --mask none.nii", 65, "in/a.nii.gz: no finite intensity lies within the mask"},
         {"", one + "none.nii", 65, "none.nii: no finite intensity lies within the mask"},
         {"", one + "late/b.nii.gz", 65, "late/b.nii.gz: every intensity is 7, which no method can scale"},
         {"", one + "none.nii --method n4", 65,
          "none.nii: no intensity within the mask is above 0, and N4 takes logarithms"},
         // The first image is written before the second is found at fault, and taken away again.
         {"", "tare-normalise --images 'late/{participant_id}.nii.gz' --threads 1 --output-images 'x_{participant_id}.nii'",
          65, "late/b.nii.gz: every intensity is 7, which no method can scale"},
         {"",
          "tare-normalise --images 'late/{participant_id}.nii.gz' --threads 1 --method nyul --model m.json --output-images "
          "'x_{participant_id}.nii'",
          65, "late/b.nii.gz: the 1st and the 99th percentile of the intensities are both 7"},
         {"", one + "in/a.nii.gz --method lsq --apply-model nyul.json", 65,
          "nyul.json: is a model of method 'nyul', --method is lsq"},
         {"", one + "in/a.nii.gz --method lsq --apply-model short.json", 65,
          "short.json: does not have the landmarks of method 'lsq'"},
         {"", both + out + "--method ravel --mask mask.nii --control none.nii", 65,
          "none.nii: no voxel of the mask is other than 0"},
         {"", both + out + "--method ravel --mask mask.nii --control other.nii", 65,
          "other.nii: no control voxel lies within --mask"},
         {"", both + out + "--method ravel --mask mask.nii --control mask.nii --factors 2 --model m", 65,
          "the control voxels of 2 images have 1 factor(s) beyond rounding; 2 are wanted"},
         {"", one + "in/a.nii.gz --method ravel --apply-model nowhere", 66, "nowhere: no such file"},
         {"", one + "in/a.nii.gz --method lsq --apply-model nowhere.json", 66, "nowhere.json: no such file"},
         {"", "tare-normalise --images in/a.nii.gz --output-images in/a.nii.gz --force", 73,
          "in/a.nii.gz: is an input of this run; a result never overwrites its input"}},
        images.path());
    const test::Workplace place;
    make_images(place.folder());
    const auto before = place.listing();
    for (const std::string& line :
         {one + "cut.nii.gz", one + "in/a.nii.gz --mask small.nii", one + "in/a.nii.gz --mask cut.nii.gz",
          one + "in/a.nii.gz --method lsq --apply-model falling.json",
          one + "in/a.nii.gz --method lsq --apply-model future.json",
          one + "in/a.nii.gz --method lsq --apply-model people.tsv"}) {
        INFO(line);
        const test::Finished refused = place.shell(line);
        INFO(refused.err);
        CHECK(refused.code == 65);
        CHECK(refused.err.find("tare-normalise: error: ") == 0);
        CHECK(place.listing() == before);
    }
}
