// The bad-input list: images, masks and names of images.
#include <catch2/catch.hpp>

#include "fault.hpp"
#include "image_example.hpp"
#include "workplace.hpp"

using tare::test::check_faults;
using tare::test::Finished;
using tare::test::image_example;
using tare::test::Workplace;

namespace {

const std::string people = "--participants people.tsv ";
const std::string in = "--images 'in/{participant_id}.nii.gz' " + people;
const std::string out = "--output-images 'out/x/{participant_id}.nii.gz' ";
const std::string harmonise = "tare-harmonise " + in + out + "--model made ";
const std::string apply_to = "tare-apply --model model " + in + out;
const std::string moments = "tare-moments --output made " + in;
const std::string fit = "tare-fit --model made " + in;
const std::string fit_moments = "tare-fit --moments moments --model made";
const std::string resample = "resample all images to one grid first";
const std::string copy_again = "copy or download the file again; gzip -t should find no fault in it";
const std::string leave_out = "leave the image out, or fit with a mask that leaves such voxels out";
const std::string endings = "the name must end in .nii, .nii.gz, .mgh or .mgz";
const std::string look = "look at the images, or give a --mask";
const std::string third = "--shard 3/10 is the third of ten parts";
const std::string force = "--force replaces it";

}  // namespace

TEST_CASE("a cohort of images of which one is missing, damaged or different") {
    check_faults(
        {
            {"rm in/sub-01.nii.gz", harmonise, 66, "in/sub-01.nii.gz: no such file",
             "the name is that of the pattern with the text of the table's cells, leading zeros and all"},
            {"rm in/sub-04.nii.gz", apply_to, 66, "in/sub-04.nii.gz: no such file",
             "the name is that of the pattern with the text of the table's cells, leading zeros and all"},
            {"rm in/sub-08.nii.gz", moments, 66, "in/sub-08.nii.gz: no such file",
             "the name is that of the pattern with the text of the table's cells, leading zeros and all"},
            {"truncate -s 900 in/sub-01.nii.gz", harmonise, 65, "in/sub-01.nii.gz: the gzip stream is cut short or damaged",
             copy_again},
            {"truncate -s 900 in/sub-04.nii.gz", harmonise, 65, "in/sub-04.nii.gz: the gzip stream is cut short or damaged",
             copy_again},
            {"truncate -s 900 in/sub-08.nii.gz", harmonise, 65, "in/sub-08.nii.gz: the gzip stream is cut short or damaged",
             copy_again},
            {"truncate -s 900 in/sub-01.nii.gz", apply_to, 65, "in/sub-01.nii.gz: the gzip stream is cut short or damaged",
             copy_again},
            {"truncate -s 900 in/sub-04.nii.gz", apply_to, 65, "in/sub-04.nii.gz: the gzip stream is cut short or damaged",
             copy_again},
            {"truncate -s 900 in/sub-08.nii.gz", apply_to, 65, "in/sub-08.nii.gz: the gzip stream is cut short or damaged",
             copy_again},
            {"truncate -s 900 in/sub-04.nii.gz", fit, 65, "in/sub-04.nii.gz: the gzip stream is cut short or damaged",
             copy_again},
            {"truncate -s 900 in/sub-04.nii.gz", moments, 65, "in/sub-04.nii.gz: the gzip stream is cut short or damaged",
             copy_again},
            {"printf 1234 | dd of=in/sub-04.nii.gz bs=1 seek=$(($(stat -c %s in/sub-04.nii.gz) - 8)) conv=notrunc "
             "status=none",
             apply_to, 65, "in/sub-04.nii.gz: the gzip stream is cut short or damaged", copy_again},
            {"gunzip -c in/sub-04.nii.gz | head -c 4000 | gzip -n > x; mv x in/sub-04.nii.gz", apply_to, 65,
             "in/sub-04.nii.gz: cut short: 12 × 10 × 8 voxels of float32 take 3840 bytes, the file holds 3648",
             "copy or download the file again"},
            {"(gunzip -c in/sub-04.nii.gz; printf more) | gzip -n > x; mv x in/sub-04.nii.gz", apply_to, 65,
             "in/sub-04.nii.gz: 4 bytes follow the voxels: 12 × 10 × 8 voxels of float32 take 3840 bytes, the file holds "
             "3844"},
            {": > in/sub-04.nii.gz", apply_to, 65, "in/sub-04.nii.gz: the file is empty"},
            {"printf 'not an image, whatever its name says' | gzip > in/sub-04.nii.gz", apply_to, 65,
             "in/sub-04.nii.gz: is no NIfTI file: it does not begin with the header's size, 348 or 540"},
            {"rm in/sub-04.nii.gz; mkdir in/sub-04.nii.gz", apply_to, 66, "in/sub-04.nii.gz: is a folder, not a file"},
            {"cp other/shape.nii.gz in/sub-04.nii.gz", harmonise, 65,
             "in/sub-04.nii.gz: has 12 × 10 × 9 voxels, in/sub-01.nii.gz has 12 × 10 × 8", resample},
            {"cp other/shape.nii.gz in/sub-01.nii.gz", apply_to, 65,
             "in/sub-01.nii.gz: has 12 × 10 × 9 voxels, model/model.json has 12 × 10 × 8", resample},
            {"cp other/volumes.nii.gz in/sub-08.nii.gz", harmonise, 65,
             "in/sub-08.nii.gz: has 12 × 10 × 8 × 2 voxels, in/sub-01.nii.gz has 12 × 10 × 8", resample},
            {"cp other/moved.nii.gz in/sub-04.nii.gz", harmonise, 65,
             "in/sub-04.nii.gz: its affine [-2 0 0 11.5; 0 2 0 -9; 0 0 2.5 -7] is not [-2 0 0 11; 0 2 0 -9; 0 0 2.5 -7] of "
             "in/sub-01.nii.gz (corners 0.5 mm apart, 0.01 is allowed)",
             resample},
            {"cp other/moved.nii.gz in/sub-04.nii.gz", apply_to, 65,
             "in/sub-04.nii.gz: its affine [-2 0 0 11.5; 0 2 0 -9; 0 0 2.5 -7] is not [-2 0 0 11; 0 2 0 -9; 0 0 2.5 -7] of "
             "model/model.json (corners 0.5 mm apart, 0.01 is allowed)",
             resample},
            {"cp other/moved.nii.gz in/sub-08.nii.gz", moments, 65,
             "in/sub-08.nii.gz: its affine [-2 0 0 11.5; 0 2 0 -9; 0 0 2.5 -7] is not [-2 0 0 11; 0 2 0 -9; 0 0 2.5 -7] of "
             "in/sub-01.nii.gz (corners 0.5 mm apart, 0.01 is allowed)",
             resample},
            {"cp other/nan.nii.gz in/sub-04.nii.gz", harmonise + "--mask mask.nii.gz", 65,
             "in/sub-04.nii.gz: voxel (6, 4, 1) is not a finite number, and lies in the mask", leave_out},
            {"cp other/inf.nii.gz in/sub-04.nii.gz", harmonise + "--mask mask.nii.gz", 65,
             "in/sub-04.nii.gz: voxel (6, 4, 1) is not a finite number, and lies in the mask", leave_out},
            {"cp other/nan.nii.gz in/sub-04.nii.gz", apply_to, 65,
             "in/sub-04.nii.gz: voxel (6, 4, 1) is not a finite number, and lies in the mask", leave_out},
            {"cp other/nan.nii.gz in/sub-04.nii.gz", moments + "--mask mask.nii.gz", 65,
             "in/sub-04.nii.gz: voxel (6, 4, 1) is not a finite number, and lies in the mask", leave_out},
        },
        image_example());
}

TEST_CASE("masks that are no mask of these images, and thresholds that leave nothing") {
    check_faults(
        {
            {"", harmonise + "--mask none.nii.gz", 66, "none.nii.gz: no such file"},
            {"", harmonise + "--mask other/shape.nii.gz", 65,
             "other/shape.nii.gz: has 12 × 10 × 9 voxels, in/sub-01.nii.gz has 12 × 10 × 8", resample},
            {"", harmonise + "--mask other/moved.nii.gz", 65,
             "other/moved.nii.gz: its affine [-2 0 0 11.5; 0 2 0 -9; 0 0 2.5 -7] is not [-2 0 0 11; 0 2 0 -9; 0 0 2.5 -7] "
             "of in/sub-01.nii.gz (corners 0.5 mm apart, 0.01 is allowed)",
             resample},
            {"", harmonise + "--mask other/empty.nii.gz", 65, "other/empty.nii.gz: the mask is empty, all its voxels are 0"},
            {"", harmonise + "--mask other/nanmask.nii.gz", 65, "other/nanmask.nii.gz: a mask must hold finite values only",
             "1 inside, 0 outside"},
            {"", harmonise + "--mask other/volumes.nii.gz", 65,
             "other/volumes.nii.gz: a mask is one volume, not 12 × 10 × 8 × 2"},
            {"truncate -s 60 mask.nii.gz", harmonise + "--mask mask.nii.gz", 65,
             "mask.nii.gz: the gzip stream is cut short or damaged", copy_again},
            {"", harmonise + "--mask people.tsv", 65, "people.tsv: is no image in a format that is read",
             "read are NIfTI (.nii, .nii.gz), MGH (.mgh, .mgz), NRRD and MetaImage (.mha, .mhd)"},
            {"", harmonise + "--mask-threshold 1e6", 65,
             "no voxel is left that is finite, varies between subjects and has a mean above --mask-threshold", look},
            {"", fit + "--mask-threshold 1e6", 65,
             "no voxel is left that is finite, varies between subjects and has a mean above --mask-threshold", look},
            {"", fit_moments + " --mask-threshold 1e6", 65,
             "no voxel is left that is finite, varies between subjects and has a mean above --mask-threshold", look},
            {"", harmonise + "--mask mask.nii.gz --mask-threshold 1e6", 65,
             "no voxel is left that is finite, varies between subjects and has a mean above --mask-threshold", look},
            {"", harmonise + "--mask-threshold bright", 64, "option '--mask-threshold': 'bright' is not a number"},
            {"for i in in/*; do cp in/sub-01.nii.gz t; mv t $i; done", harmonise, 65,
             "no voxel is left that is finite and varies between subjects", look},
        },
        image_example());
}

TEST_CASE("names of images that are there, that are not, or that are no names") {
    check_faults(
        {
            {"", "tare-harmonise --images 'in/{participant}.nii.gz' " + people + out, 65,
             "--images: people.tsv has no column 'participant'", "did you mean 'participant_id'?"},
            {"", "tare-harmonise " + in + "--output-images 'out/{subject}.nii.gz'", 65,
             "--output-images: people.tsv has no column 'subject'"},
            {"", "tare-harmonise --images in/sub-01.nii.gz " + people + out, 64,
             "--images: 'in/sub-01.nii.gz' is one name for 8 rows",
             "put a column of --participants in braces, and the whole in quotes: 'folder/{participant_id}.nii.gz'"},
            {"", "tare-harmonise " + in + "--output-images out/{site}.nii.gz", 65,
             "people.tsv:3: 'out/alpha.nii.gz' is also the image of people.tsv:2",
             "name more columns in 'out/{site}.nii.gz', so that every row has an image of its own"},
            {"", "tare-harmonise --images 'in/{participant_id.nii.gz' " + people + out, 64,
             "--images: 'in/{participant_id.nii.gz': a '{' is not closed",
             "write {{ and }} where braces are part of the name"},
            {"", "tare-harmonise " + in + "--output-images 'in/{participant_id}.nii.gz'", 73,
             "in/sub-01.nii.gz: is an input of this run; a result never overwrites its input"},
            {"", "tare-harmonise " + in + "--output-images './in/../in/{participant_id}.nii.gz' --force", 73,
             "./in/../in/sub-01.nii.gz: is an input of this run; a result never overwrites its input"},
            {"ln -s in out", "tare-harmonise " + in + "--output-images 'out/{participant_id}.nii.gz' --force", 73,
             "out/sub-01.nii.gz: is an input of this run; a result never overwrites its input"},
            {"mkdir -p out/x; echo old > out/x/sub-04.nii.gz", harmonise, 73, "out/x/sub-04.nii.gz: exists",
             "--force replaces it, --resume keeps what was made in the same way"},
            {"mkdir -p out/x; echo old > out/x/sub-04.nii.gz", apply_to, 73, "out/x/sub-04.nii.gz: exists",
             "--force replaces it, --resume keeps what was made in the same way"},
            {"mkdir -p out/x; echo old > out/x/sub-04.json", apply_to, 73, "out/x/sub-04.json: exists",
             "--force or --resume replaces it"},
            {"mkdir -p out/x; echo old > out/x/sub-04.nii.gz", apply_to + "--resume", 73, "out/x/sub-04.nii.gz: exists",
             "it has no sidecar that tells how it was made; --force replaces it"},
            {"mkdir -p out/x; echo old > out/x/dataset_description.json; cp in/sub-04.nii.gz out/x; echo '{}' > "
             "out/x/sub-04.json",
             apply_to + "--resume", 73, "out/x/sub-04.nii.gz: was made by another command",
             "delete it, or make all images anew with --force"},
            {"mkdir made; echo old > made/model.json", harmonise, 73, "made: is a folder that is not empty",
             "--force replaces the files of the same names in it"},
            {"echo old > made", harmonise, 73, "made: is a file, and models of images and matrices are a folder"},
            {"echo old > out", harmonise, 73, "out/x/sub-01.nii.gz: folder 'out' cannot be created: Not a directory"},
            {"echo old > out", apply_to, 73, "out/x/sub-01.nii.gz: folder 'out' cannot be created: Not a directory"},
            {"awk -v OFS='\t' '{ print $0, NR == 1 ? \"file\" : \"f\" int(NR / 2) (NR % 2 ? \".nii\" : \".nii.gz\") }' "
             "people.tsv > p.tsv",
             "tare-apply --model model --images 'in/{participant_id}.nii.gz' --participants p.tsv --force --output-images "
             "'out/{file}'",
             73, "out/f1.json: is named as an output twice",
             "two images that differ in their ending alone have one sidecar"},
            {"awk -v OFS='\t' '{ print $0, NR == 1 ? \"folder\" : NR == 3 ? \"b//x\" : NR == 2 ? \"b/x\" : NR }' "
             "people.tsv > p.tsv",
             "tare-apply --model model --images 'in/{participant_id}.nii.gz' --participants p.tsv --force --output-images "
             "'out/{folder}.nii'",
             65, "p.tsv:2: column 'folder': 'b/x' cannot be part of a file name", "the name comes from 'out/{folder}.nii'"},
            // One folder under two names.
            {"awk -v OFS='\t' '{ print $0, NR == 1 ? \"folder\" : NR == 2 ? \"a\" : NR == 3 ? \"b\" : NR }' people.tsv > "
             "p.tsv; mkdir -p out/a; ln -s a out/b",
             "tare-apply --model model --images 'in/{participant_id}.nii.gz' --participants p.tsv --force --output-images "
             "'out/{folder}/x.nii'",
             73, "out/b/x.nii: is named as an output twice"},
            {"",
             apply_to.substr(0, apply_to.find("--output-images")) + "--output-images 'out/{participant_id}.mgz' "
                                                                    "--datatype float64",
             64, "out/sub-01.mgz: --datatype float64 is not for .mgh and .mgz, which have no such type",
             "name NIfTI images, or leave out --datatype"},
            {"", "tare-harmonise " + in + "--output-images 'out/{participant_id}.png'", 64,
             "out/sub-01.png: is no name that an image can be written to", endings},
            {"", "tare-harmonise " + in + "--output-images 'out/{participant_id}'", 64,
             "out/sub-01: is no name that an image can be written to", endings},
            {"", "tare-harmonise " + in + "--output-images 'out/{participant_id}/'", 64,
             "--output-images: 'out/{participant_id}/' names no file"},
            {"", "tare-apply --model model " + in + "--output-images 'model/{participant_id}.nii.gz' --shard 9/8", 64,
             "--shard: '9/8' is not K/N with K from 1 to N", third},
            {"sed -i 's/sub-04/n\\/a/' people.tsv", apply_to, 65,
             "people.tsv:5: column 'participant_id': the id is missing"},
            {"sed -i 's/sub-04/..\\/up/' people.tsv", apply_to, 65,
             "people.tsv:5: column 'participant_id': '../up' cannot be part of a file name",
             "the name comes from 'in/{participant_id}.nii.gz'"},
            {"sed -i 's/sub-05/sub-04/' people.tsv", apply_to, 65,
             "people.tsv:6: column 'participant_id': 'sub-04' stands on line 5 already",
             "repeated visits need a column that tells them apart: --session COLUMN"},
            {"head -1 people.tsv > t; mv t people.tsv", apply_to, 65, "people.tsv: has a header but no rows"},
            {"rm people.tsv", apply_to, 66, "people.tsv: no such file"},
        },
        image_example());
}

TEST_CASE("too little memory for images is said before anything is made, with what is enough") {
    for (const std::string& command : {harmonise, apply_to, fit, moments}) {
        const Workplace place;
        std::filesystem::copy(image_example(), place.folder(), std::filesystem::copy_options::recursive);
        const auto before = place.listing();
        INFO(command);
        const Finished finished = place.shell(command + "--threads 2 --memory 100K");
        CHECK(finished.code == 71);
        CHECK(finished.err.find(": error: needs about ") != std::string::npos);
        CHECK(finished.err.find(" for 8 images of 12 × 10 × 8 at a time, --memory allows 100 KiB\n") != std::string::npos);
        CHECK(place.listing() == before);
        const std::string hint = "\nhint: raise the limit with ";
        REQUIRE(finished.err.find(hint) != std::string::npos);
        const std::string enough = finished.err.substr(finished.err.find(hint) + hint.size());
        CHECK(place.shell(command + "--threads 2 " + enough).code == 0);
    }
}
