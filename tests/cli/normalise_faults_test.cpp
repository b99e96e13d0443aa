// What tare-normalise refuses: options that do not go together, damaged or empty images and models. Nothing is left behind.
#include <fstream>
#include <limits>

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
    write("c.nii.gz", good);
    write("late/b.nii.gz", bytes_of("x.nii.gz", std::vector<double>(1000, 7.0)));
    write("mask.nii", bytes_of("x.nii", mask));
    for (double& x : mask) x = 1.0 - x;
    write("other.nii", bytes_of("x.nii", mask));
    write("none.nii", bytes_of("x.nii", std::vector<double>(1000, 0.0)));
    mask[5] = std::numeric_limits<double>::quiet_NaN();
    write("holed.nii", bytes_of("x.nii", mask));
    values[7] = values[8] = std::numeric_limits<double>::infinity();
    write("infinite.nii", bytes_of("x.nii", values));
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
         {"", both + out + "--method ravel --apply-model m --modality t2", 64, "--modality does not go with --apply-model",
          "the model has its own"},
         {"", both + out + "--method ravel --apply-model m --stripe 0.1", 64, "--stripe does not go with --apply-model",
          "the model has its own"},
         {"", both + out + "--method ravel --apply-model m --factors 2", 64, "--factors does not go with --apply-model",
          "the model has its own"},
         {"", both + out + "--method ravel --control mask.nii --mask mask.nii,other.nii", 64,
          "--method ravel needs one --mask for all images", "they must lie in one space"},
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
    const std::string beyond_mask = "without --mask an image is normalised by those that are";
    const std::string enough = "there must be more images than factors, or what is left of all images is the same";
    test::check_faults(
        {{"", one + "nowhere.nii", 66, "nowhere.nii: no such file"},
         {"", one + "in/a.nii.gz --mask none.nii", 65, "none.nii: the mask is empty, all its voxels are 0"},
         {"", one + "in/a.nii.gz --mask holed.nii", 65, "holed.nii: a mask must hold finite values only",
          "1 inside, 0 outside"},
         {"", both + out + "--method ravel --mask mask.nii --control holed.nii", 65,
          "holed.nii: a mask must hold finite values only", "1 inside, 0 outside"},
         {"", one + "none.nii", 65, "none.nii: no voxel is above 0", beyond_mask},
         {"", one + "late/b.nii.gz", 65, "late/b.nii.gz: every intensity is 7, which no method can scale"},
         {"", one + "none.nii --method n4", 65, "none.nii: no voxel is above 0", beyond_mask},
         {"", one + "none.nii --mask mask.nii --method n4", 65,
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
          "none.nii: the mask is empty, all its voxels are 0"},
         {"", both + out + "--method ravel --mask mask.nii --control other.nii", 65,
          "other.nii: no control voxel lies within --mask"},
         {"", both + out + "--method ravel --mask mask.nii --control mask.nii --factors 2 --model m", 65,
          "--factors is 2 and 2 images teach", enough},
         {"", one + "in/a.nii.gz --method ravel --mask mask.nii --control mask.nii", 65,
          "--factors is 1 and 1 image teaches", enough},
         {"",
          "tare-normalise --images in/a.nii.gz,in/b.nii.gz,c.nii.gz --method ravel --mask mask.nii --control mask.nii "
          "--factors 2 --model m",
          65, "the control voxels of 3 images have 1 factor(s) beyond rounding; 2 are wanted"},
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

TEST_CASE("tare-normalise tells how many values are not finite, once for an image", "[cli][normalise]") {
    const test::Workplace place;
    make_images(place.folder());
    const auto done = place.shell("tare-normalise --images infinite.nii --output-images out.nii --quiet");
    CHECK(done.code == 0);
    CHECK(done.err == "tare-normalise: warning: infinite.nii: 2 values not finite; left out, and kept as they are\n");
}

TEST_CASE("tare-normalise counts the factors of all voxels before it learns them", "[cli][normalise]") {
    const test::Workplace place;
    make_images(place.folder());
    const std::string wanted = both + "--method ravel --mask mask.nii --control mask.nii --model m --threads 1 --memory ";
    // One image is 64 kB, the control voxels of two are 13 kB, and the maps of a factor 19 kB.
    const auto refused = place.shell(wanted + "85000");
    INFO(refused.err);
    CHECK(refused.code == 71);
    CHECK(refused.err.find("the control voxels of all training images with 1 factor") != std::string::npos);
    CHECK(place.shell(wanted + "120000").code == 0);
}
