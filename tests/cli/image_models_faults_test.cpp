// The bad-input list: matrices, folders of models and moments, shards, and options of tables, matrices and images together.
#include <catch2/catch.hpp>

#include "fault.hpp"
#include "image_example.hpp"

using tare::test::check_faults;
using tare::test::image_example;

namespace {

const std::string people = "--participants people.tsv ";
const std::string in = "--images 'in/{participant_id}.nii.gz' " + people;
const std::string out = "--output-images 'out/x/{participant_id}.nii.gz' ";
const std::string matrix = "--input x.npy " + people;
const std::string harmonise = "tare-harmonise " + in + out + "--model made ";
const std::string apply_to = "tare-apply --model model " + in + out;
const std::string moments = "tare-moments --output made " + in;
const std::string fit = "tare-fit --model made " + in;
const std::string harmonise_matrix = "tare-harmonise " + matrix + "--output made.npy --model made ";
const std::string apply_matrix = "tare-apply --model matrix " + matrix + "--output made.npy";
const std::string fit_moments = "tare-fit --moments moments --model made";
const std::string copy_folder = "copy the whole folder again, or make it anew";
const std::string third = "--shard 3/10 is the third of ten parts";
const std::string choose = "they choose columns of a table";
const std::string for_images = "it is for --images";
const std::string to_folder = "--output FOLDER";
const std::string force = "--force replaces it";
const std::string either = "--input takes a table or an .npy matrix, --images the pattern of the images' names";

}  // namespace

TEST_CASE("options of tables, matrices and images that do not go together") {
    check_faults(
        {
            {"", "tare-harmonise --input table.tsv " + in + out, 64, "give either --input or --images", either},
            {"", "tare-harmonise " + people + out, 64, "give either --input or --images", either},
            {"", "tare-harmonise --images 'in/{participant_id}.nii.gz' " + out, 64,
             "--images needs --participants, a table with one row for each image"},
            {"", "tare-harmonise " + in, 64, "--images needs --output-images, the pattern of the harmonised images' names"},
            {"", harmonise + "--output x.tsv", 64, "--output does not go with --images",
             "--output-images names the harmonised images"},
            {"", harmonise + "--features '*'", 64, "--features does not go with --images", choose},
            {"", harmonise + "--exclude '*'", 64, "--exclude does not go with --images", choose},
            {"", "tare-harmonise --input x.npy --output made.npy", 64,
             "an .npy matrix needs --participants, a table with one row for each row of the matrix"},
            {"", harmonise_matrix + "--features '*'", 64, "--features does not go with an .npy matrix", choose},
            {"", harmonise_matrix + "--exclude 1", 64, "--exclude does not go with an .npy matrix", choose},
            {"", harmonise_matrix + "--mask mask.nii.gz", 64, "--mask does not go with --input", for_images},
            {"", harmonise_matrix + "--mask-threshold 1", 64, "--mask-threshold does not go with --input", for_images},
            {"", harmonise_matrix + "--output-images out/{participant_id}.nii", 64,
             "--output-images does not go with --input", for_images},
            {"", harmonise_matrix + "--resume", 64, "--resume does not go with --input", for_images},
            {"", harmonise_matrix + "--datatype float64", 64, "--datatype does not go with --input", for_images},
            {"", "tare-harmonise --input table.tsv --output made.tsv --mask mask.nii.gz", 64,
             "--mask does not go with --input", for_images},
            {"", "tare-harmonise --input table.tsv --output made.tsv --mask-threshold 1", 64,
             "--mask-threshold does not go with --input", for_images},
            {"", "tare-harmonise --input table.tsv --output made.tsv --output-images out/{participant_id}.nii", 64,
             "--output-images does not go with --input", for_images},
            {"", "tare-harmonise --input table.tsv --output made.tsv --resume", 64, "--resume does not go with --input",
             for_images},
            {"", "tare-harmonise --input table.tsv --output made.tsv --datatype float64", 64,
             "--datatype does not go with --input", for_images},
            {"", "tare-harmonise --input table.tsv --output made.npy", 64,
             "--output: a table is written as a table, not as .npy"},
            {"", "tare-harmonise " + matrix + "--output made.tsv", 64, "--output: a matrix is written as .npy",
             "give the output a name that ends in .npy"},
            {"", fit + "--output again", 64, "name the model to write, once", "--model FILE (--output FILE means the same)"},
            {"", fit + "--moments moments", 64, "give one of --input, --images and --moments",
             "--moments takes what tare-moments or tare-merge wrote"},
            {"", "tare-fit --moments moments --mask mask.nii.gz --model made", 64, "--mask does not go with --moments",
             "the moments were made with their own design: give it to tare-moments"},
            {"", "tare-fit --moments table_moments.json --mask-threshold 1 --model made", 64,
             "--mask-threshold is for moments of images"},
            {"", "tare-fit --moments matrix_moments --mask-threshold 1 --model made", 64,
             "--mask-threshold is for moments of images"},
            {"", "tare-fit --moments moments/moments.json --model made", 64,
             "--moments: give the folder of the moments, not the document in it"},
            {"", "tare-fit " + in + "--model -", 64,
             "models of images and matrices are a folder, which cannot be standard output", to_folder},
            {"", "tare-moments " + in, 64, "moments of images and matrices are a folder, which cannot be standard output",
             to_folder},
            {"", "tare-moments " + matrix + "--output -", 64,
             "moments of images and matrices are a folder, which cannot be standard output", to_folder},
            {"", "tare-merge moments moments", 64,
             "moments of images and matrices are a folder, which cannot be standard output", to_folder},
            {"", harmonise + "--datatype complex64", 64,
             "option '--datatype' is 'complex64'; it must be one of float32, float64"},
            {"", "tare-apply --model table.json " + matrix + "--output made.npy", 64,
             "the model is of a table: give --input a table"},
            {"", "tare-apply --model matrix --input table.tsv --output made.tsv", 64,
             "the model is of a matrix: give --input FILE.npy and --participants"},
            {"", "tare-apply --model model --input table.tsv --output made.tsv", 64,
             "the model is of images: give --images and --output-images"},
            {"", "tare-apply --model model " + matrix + "--output made.npy", 64,
             "the model is of images: give --images and --output-images"},
            {"", "tare-apply --model table.json " + in + out, 64, "the model is of a table: give --input a table"},
            {"", "tare-apply --model matrix " + in + out, 64,
             "the model is of a matrix: give --input FILE.npy and --participants"},
            {"", "tare-apply --model matrix --shard 1/2 " + matrix + "--output made.npy", 64,
             "--shard does not go with --input", for_images},
        },
        image_example());
}

TEST_CASE("parts that are no parts") {
    check_faults(
        {
            {"", apply_to + "--shard 0/3", 64, "--shard: '0/3' is not K/N with K from 1 to N", third},
            {"", apply_to + "--shard 4/3", 64, "--shard: '4/3' is not K/N with K from 1 to N", third},
            {"", apply_to + "--shard x", 64, "--shard: 'x' is not K/N with K from 1 to N", third},
            {"", apply_to + "--shard 1", 64, "--shard: '1' is not K/N with K from 1 to N", third},
            {"", apply_to + "--shard 1/", 64, "--shard: '1/' is not K/N with K from 1 to N", third},
            {"", apply_to + "--shard /3", 64, "--shard: '/3' is not K/N with K from 1 to N", third},
            {"", apply_to + "--shard -1/3", 64, "--shard: '-1/3' is not K/N with K from 1 to N", third},
            {"", apply_to + "--shard 1/0", 64, "--shard: '1/0' is not K/N with K from 1 to N", third},
            {"", apply_to + "--shard 1.5/3", 64, "--shard: '1.5/3' is not K/N with K from 1 to N", third},
            {"", apply_to + "--shard 1/9", 64, "--shard: 9 parts of 8 rows", "a part must have a row"},
            {"", apply_to + "--shard ''", 64, "--shard: '' is not K/N with K from 1 to N", third},
            {"", moments + "--shard 5/9", 64, "--shard: 9 parts of 8 rows", "a part must have a row"},
            {"", moments + "--shard 3/3 --train-where 'age>100'", 65, "people.tsv: no row is left to train on",
             "look at the condition of --train-where"},
        },
        image_example());
}

TEST_CASE("matrices that are damaged, or do not go with their participants") {
    check_faults(
        {
            {"head -7 people.tsv > t; mv t people.tsv", harmonise_matrix, 65,
             "x.npy: has 8 rows, people.tsv has 6 participants",
             "the rows of the matrix are the participants, in the same order"},
            {"head -7 people.tsv > t; mv t people.tsv", apply_matrix, 65, "x.npy: has 8 rows, people.tsv has 6 participants",
             "the rows of the matrix are the participants, in the same order"},
            {"", "tare-harmonise --input other/inf.npy " + people + "--output made.npy --model made", 65,
             "people.tsv:3: column 44 of the matrix: an infinite value", "write NaN where a value is missing"},
            {"", "tare-apply --model matrix --input other/inf.npy " + people + "--output made.npy", 65,
             "people.tsv:3: column 44 of the matrix: an infinite value", "write NaN where a value is missing"},
            {"", "tare-harmonise --input none.npy " + people + "--output made.npy", 66, "none.npy: no such file"},
            {"truncate -s -8 x.npy", harmonise_matrix, 65,
             "x.npy: is cut: it has 16504 bytes, and its header says 16512 (8 × 256, float64)"},
            {"printf more >> x.npy", harmonise_matrix, 65,
             "x.npy: has bytes left over: it has 16516 bytes, and its header says 16512 (8 × 256, float64)"},
            {"echo hello > x.npy", harmonise_matrix, 65, "x.npy: is not a .npy file: it does not begin like one"},
            {"cp x.npy in.npy", "tare-harmonise --input in.npy " + people + "--output in.npy --force", 73,
             "in.npy: is also an input of this run", "name another output; a result never replaces what it was made from"},
            {"echo old > made.npy", harmonise_matrix, 73, "made.npy: exists already", force},
            {"(printf '\\x93NUMPY\\x01\\x00\\x76\\x00'; printf '%-117s\\n' \"{'descr': '<f8', 'fortran_order': False, "
             "'shape': (8, 2), }\"; head -c 128 /dev/zero) > two.npy",
             "tare-apply --model matrix --input two.npy " + people + "--output made.npy", 65,
             "two.npy: has 2 columns of a matrix, matrix/model.json has 256 columns of a matrix"},
        },
        image_example());
}

TEST_CASE("folders of models and moments that lack a file, or hold one from elsewhere") {
    check_faults(
        {
            {"", "tare-apply --model none " + in + out, 66, "none: no such file"},
            {"rm model/model.json", apply_to, 66, "model/model.json: no such file"},
            {"rm -r model/*", apply_to, 66, "model/model.json: no such file"},
            {"rm model/gamma_star.nii.gz", apply_to, 66, "model/gamma_star.nii.gz: no such file"},
            {"rm model/mask.nii.gz", apply_to, 66, "model/mask.nii.gz: no such file"},
            {"printf X | dd of=model/gamma_star.nii.gz bs=1 seek=40 conv=notrunc status=none", apply_to, 65,
             "model/gamma_star.nii.gz: is not the file that was written with the rest of its folder (its checksum differs)",
             copy_folder},
            {"printf X | dd of=model/mask.nii.gz bs=1 seek=40 conv=notrunc status=none", apply_to, 65,
             "model/mask.nii.gz: is not the file that was written with the rest of its folder (its checksum differs)",
             copy_folder},
            {"truncate -s 50 model/status.nii.gz", apply_to, 65,
             "model/status.nii.gz: is not the file that was written with the rest of its folder (its checksum differs)",
             copy_folder},
            {"tare-fit --quiet --mean-only --mask mask.nii.gz --model other_model --images 'in/{participant_id}.nii.gz' "
             "--participants people.tsv 2> /dev/null; cp other_model/gamma_star.nii.gz model",
             apply_to, 65,
             "model/gamma_star.nii.gz: is not the file that was written with the rest of its folder (its checksum differs)",
             copy_folder},
            {"echo '{}' > model/model.json", apply_to, 65, "model/model.json: not a 'tare-model' file"},
            {"sed -i s/tare-model/tare-moments/ model/model.json", apply_to, 65,
             "model/model.json: not a 'tare-model' file, but 'tare-moments'"},
            {"head -c 900 model/model.json > t; mv t model/model.json", apply_to, 65,
             "model/model.json: not JSON, or cut short (at byte 901)"},
            {"sed -i 's/\"gamma_star.nii.gz\"/\"..\\/x.npy\"/' model/model.json", apply_to, 65,
             "model/model.json: 'gamma_star.file' is no name of a file beside it"},
            {"cp moments/* model", apply_to, 65,
             "model/mask.nii.gz: is not the file that was written with the rest of its folder (its checksum differs)",
             copy_folder},
            {"", "tare-apply --model moments " + in + out, 66, "moments/model.json: no such file"},
            {"sed -i 's/\"count\": 256/\"count\": 255/' model/model.json", apply_to, 65,
             "model/model.json: 'features.count' is not the number of voxels in the mask"},
            {"sed -zi 's/\"shape\": *\\[[^]]*]/\"shape\": [2147483647, 2147483647, 3]/' model/model.json", apply_to, 65,
             "model/model.json: 'features.shape[1]' is no extent"},
            {"sed -zi 's/\"shape\": *\\[[^]]*]/\"shape\": [100000, 100000, 100]/' model/model.json", apply_to, 65,
             "model/mask.nii.gz: cannot hold the 100000 × 100000 × 100 voxels that its document tells of"},
            {"", "tare-fit --moments none --model made", 66, "none: no such file"},
            {"rm moments/moments.json", fit_moments, 66, "moments/moments.json: no such file"},
            {"rm moments/squares.nii.gz", fit_moments, 66, "moments/squares.nii.gz: no such file"},
            {"printf X | dd of=moments/mean.nii.gz bs=1 seek=40 conv=notrunc status=none", fit_moments, 65,
             "moments/mean.nii.gz: is not the file that was written with the rest of its folder (its checksum differs)",
             copy_folder},
            {"cp moments/mean.nii.gz moments/squares.nii.gz", fit_moments, 65,
             "moments/squares.nii.gz: is not the file that was written with the rest of its folder (its checksum differs)",
             copy_folder},
            {"", "tare-fit --moments model --model made", 66, "model/moments.json: no such file"},
            {"cp -r moments copy", "tare-merge moments copy --output made", 65,
             "copy: does not go with what is before it: 8 subjects (by id) in both moments",
             "a person must be counted once: were the same rows given twice? Where ids say nothing, make the moments with "
             "--no-training-ids"},
            {"", "tare-merge moments masked --output made", 65,
             "masked: does not go with what is before it: 8 subjects (by id) in both moments",
             "a person must be counted once: were the same rows given twice? Where ids say nothing, make the moments with "
             "--no-training-ids"},
            {"", "tare-merge moments matrix_moments --output made", 65,
             "matrix_moments: does not go with what is before it: the features differ: 960 voxels of 12 × 10 × 8, and 256 "
             "columns of a matrix"},
            {"", "tare-merge moments table_moments.json --output made", 65,
             "table_moments.json: does not go with what is before it: the features differ: 960 voxels of 12 × 10 × 8, and "
             "257 named features"},
            {"", "tare-merge table_moments.json moments --output made", 65,
             "moments: does not go with what is before it: the features differ: 257 named features, and 960 voxels of 12 × "
             "10 × 8"},
            {"", "tare-merge moments none --output made", 66, "none: no such file"},
            {"rm masked/mean.nii.gz", "tare-merge moments masked --output made", 66, "masked/mean.nii.gz: no such file"},
            {"", "tare-merge moments --output moments --force", 73, "moments/moments.json: is also an input of this run",
             "name another output; a result never replaces what it was made from"},
            {"rm matrix/gamma_star.npy", apply_matrix, 66, "matrix/gamma_star.npy: no such file"},
            {"truncate -s -8 matrix/gamma_star.npy", apply_matrix, 65,
             "matrix/gamma_star.npy: is not the file that was written with the rest of its folder (its checksum differs)",
             copy_folder},
            {"echo old > made", fit_moments, 73, "made: is a file, and models of images and matrices are a folder"},
            {"echo old > made", "tare-merge moments --output made", 73,
             "made: is a file, and moments of images and matrices are a folder"},
        },
        image_example());
}

TEST_CASE("participants that do not fit the model or the design") {
    check_faults(
        {
            {"sed -i 's/alpha/gamma/' people.tsv", apply_to, 65, "people.tsv:2: site 'gamma' is not in the model",
             "the model knows alpha, beta, lone; --unseen-site estimate learns the site from such rows, keep leaves them as "
             "they are"},
            {"", moments + "--train-where 'age>100'", 65, "people.tsv: no row is left to train on",
             "look at the condition of --train-where"},
            {"cut -f 1 people.tsv > t; mv t people.tsv", apply_to, 65, "people.tsv: no column 'site' (the site)",
             "the columns are participant_id"},
            {"", harmonise + "--covariates weight", 65, "people.tsv: no column 'weight' (a covariate)",
             "the columns are participant_id, site, age, sex"},
            {"sed -i 's/\\t[0-9]*\\t\\([MF]\\)$/\\told\\t\\1/' people.tsv",
             harmonise + "--covariates age,sex --categorical sex", 65,
             "covariate 'age' has one value ('old') in all training rows", "leave it out of --covariates"},
        },
        image_example());
}
