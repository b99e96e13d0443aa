// Images are another way in to the same algebra: the same values give the same results whichever way they come,
// however many threads and how much memory there are, alone or together, at once or in parts.
#include <bit>
#include <cmath>
#include <map>

#include <catch2/catch.hpp>

#include "cohort_runs.hpp"
#include "image_values.hpp"
#include "support/image_cohort.hpp"
#include "support/temporary_directory.hpp"

using namespace tare;
using namespace tare::test;

namespace {

namespace fs = std::filesystem;

const std::string design = " --covariates age,sex ";
const std::string in = " --images 'in/{participant_id}.nii.gz' --participants people.tsv ";

std::string out_to(const std::string& folder, const std::string& ending = "nii.gz") {
    return " --output-images '" + folder + "/{participant_id}." + ending + "' ";
}

/// A folder with the cohort as images in/, people.tsv, table.tsv and mask.nii.gz.
struct Work {
    TemporaryDirectory directory;
    ImageCohort cohort;

    explicit Work(ImageCohort made = ImageCohort(), io::VoxelType type = io::VoxelType::float32) : cohort(std::move(made)) {
        cohort.write_images(*this / "in", type);
        cohort.write_table(*this / "people.tsv", false);
        cohort.write_table(*this / "table.tsv", true);
        cohort.write_mask(*this / "mask.nii.gz");
    }
    fs::path operator/(const std::string& name) const { return directory.path() / name; }
    void must(const std::string& line) const { test::must(line, directory.path()); }
    [[nodiscard]] fs::path image(const std::string& folder, std::size_t subject,
                                 const std::string& ending = "nii.gz") const {
        return *this / folder / (cohort.ids[subject] + "." + ending);
    }
};

/// Every file of a folder but sidecars, which hold the command line.
std::map<std::string, std::string> files_of(const fs::path& folder) {
    std::map<std::string, std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        const std::string name = entry.path().lexically_relative(folder).string();
        if (entry.is_regular_file() && (!name.ends_with(".json") || name == "model.json" || name == "moments.json")) {
            found[name] = bytes_of(entry.path());
        }
    }
    return found;
}

void check_same_files(const fs::path& a, const fs::path& b) {
    const auto left = files_of(a), right = files_of(b);
    CHECK(left.size() > 0);
    REQUIRE(left.size() == right.size());
    for (const auto& [name, bytes] : left) {
        INFO(name);
        REQUIRE(right.contains(name));
        CHECK(right.at(name) == bytes);
    }
}

/// The largest |a − b| / |b| over the voxels of all images of a folder, beside a table of the same values.
double largest_relative(const Work& work, const std::string& folder, const fs::path& table,
                        const std::string& ending = "nii.gz") {
    const auto rows = table_rows(table);
    REQUIRE(rows.size() == work.cohort.subjects());
    double largest = 0.0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::vector<double> image = voxels_of(work.image(folder, i, ending));
        for (std::size_t f = 0; f < rows[i].size(); ++f) {
            const double a = image[static_cast<std::size_t>(work.cohort.inside[f])], b = rows[i][f];
            largest = std::max(largest, std::abs(a - b) / std::abs(b));
            if (!std::isfinite(a)) return INFINITY;
        }
    }
    return largest;
}

/// The largest |a − b| over the largest |b|: for sums that may cancel.
double largest_of_scale(const std::vector<double>& a, const std::vector<double>& b) {
    double scale = 0.0, largest = 0.0;
    for (const double value : b) scale = std::max(scale, std::abs(value));
    for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
    return a.size() != b.size() ? INFINITY : scale > 0.0 ? largest / scale : largest;
}

/// The largest difference of the maps of two folders, each beside its own scale.
double maps_difference(const fs::path& a, const fs::path& b) {
    double largest = 0.0;
    std::size_t maps = 0;
    for (const auto& entry : fs::directory_iterator(a)) {
        if (!entry.path().string().ends_with(".nii.gz")) continue;
        ++maps;
        largest = std::max(largest, largest_of_scale(voxels_of(entry.path()), voxels_of(b / entry.path().filename())));
    }
    CHECK(maps > 3);
    return largest;
}

}  // namespace

TEST_CASE("images give the values of the same voxels in a table, to float32 rounding") {
    const Work work;
    for (const std::string options : {"", " --prior nonparametric", " --mean-only", " --reference beta",
                                      " --train-where 'age>=30'", " --convention neurocombat"}) {
        INFO(options);
        work.must("tare-harmonise --input table.tsv --output table_out.tsv --force" + design + options);
        work.must("tare-harmonise --mask mask.nii.gz --force" + in + out_to("out") + design + options);
        CHECK(largest_relative(work, "out", work / "table_out.tsv") <= single_rounding);
        // Without a mask the voxels that vary are those inside.
        work.must("tare-harmonise --force" + in + out_to("unmasked") + design + options);
        check_same_files(work / "out", work / "unmasked");
    }
}

TEST_CASE("the values are harmonised at all, and covariates' effects stay") {
    const Work work;
    work.must("tare-harmonise --mask mask.nii.gz" + in + out_to("out") + design);
    double alpha = 0.0, beta = 0.0, raw_alpha = 0.0, raw_beta = 0.0;
    std::size_t alphas = 0, betas = 0;
    for (std::size_t i = 0; i < work.cohort.subjects(); ++i) {
        const std::vector<double> image = voxels_of(work.image("out", i));
        double sum = 0.0, raw = 0.0;
        for (const Index v : work.cohort.inside) {
            sum += image[static_cast<std::size_t>(v)];
            raw += work.cohort.values[i][static_cast<std::size_t>(v)];
        }
        const bool at_alpha = work.cohort.sites[i] == "alpha";
        if (at_alpha) ++alphas, alpha += sum, raw_alpha += raw;
        if (work.cohort.sites[i] == "beta") ++betas, beta += sum, raw_beta += raw;
        for (std::size_t v = 0; v < image.size(); ++v) {
            if (!std::binary_search(work.cohort.inside.begin(), work.cohort.inside.end(), static_cast<Index>(v))) {
                CHECK(image[v] == 0.0);
            }
        }
    }
    const auto voxels = static_cast<double>(work.cohort.inside.size());
    const double before = raw_alpha / static_cast<double>(alphas) - raw_beta / static_cast<double>(betas),
                 after = alpha / static_cast<double>(alphas) - beta / static_cast<double>(betas);
    CHECK(before / voxels > 5.0);
    CHECK(std::abs(after) / voxels < 2.0);
    // With the covariates in the model other values come out than without.
    work.must("tare-harmonise --mask mask.nii.gz" + in + out_to("bare"));
    CHECK(bytes_of(work.image("bare", 0)) != bytes_of(work.image("out", 0)));
}

TEST_CASE("float64 images give the values of the table to 1e-12") {
    const Work work(ImageCohort(24, false), io::VoxelType::float64);
    work.must("tare-harmonise --input table.tsv --output table_out.tsv" + design);
    work.must("tare-harmonise --mask mask.nii.gz --datatype float64" + in + out_to("out") + design);
    CHECK(largest_relative(work, "out", work / "table_out.tsv") <= 1e-12);
    // Stored as float32 they are the same, rounded once.
    work.must("tare-harmonise --mask mask.nii.gz" + in + out_to("single") + design);
    CHECK(largest_relative(work, "single", work / "table_out.tsv") <= single_rounding);
}

TEST_CASE("images of every format and type give what float32 .nii.gz give, as do several volumes") {
    const Work work;
    work.must("tare-harmonise --mask mask.nii.gz" + in + out_to("out") + design);
    for (const std::string ending : {"nii", "mgz", "mgh"}) {
        work.cohort.write_images(work / ending, io::VoxelType::float32, ending);
        work.must("tare-harmonise --mask mask.nii.gz --participants people.tsv --images '" + ending + "/{participant_id}." +
                  ending + "'" + out_to("of_" + ending, ending) + design);
        for (std::size_t i = 0; i < work.cohort.subjects(); ++i) {
            REQUIRE(voxels_of(work.image("of_" + ending, i, ending)) == voxels_of(work.image("out", i)));
        }
    }
    const Work volumes(ImageCohort(24, true, small_grid({6, 7, 5, 3})));
    volumes.must("tare-harmonise --input table.tsv --output table_out.tsv" + design);
    volumes.must("tare-harmonise" + in + out_to("out") + design);
    CHECK(largest_relative(volumes, "out", volumes / "table_out.tsv") <= single_rounding);
    volumes.must("tare-fit --model model" + in + design + " && tare-apply --model model" + in + out_to("applied"));
    check_same_files(volumes / "out", volumes / "applied");
}

TEST_CASE("fit, then apply, gives the bytes of harmonise; one image alone or a part gives those of the whole") {
    const Work work;
    for (const std::string mask : {"", " --mask mask.nii.gz "}) {
        work.must("tare-harmonise --force --model model" + in + out_to("whole") + design + mask);
        work.must("tare-fit --force --model fitted" + in + design + mask);
        check_same_files(work / "model", work / "fitted");
        work.must("tare-apply --force --model fitted" + in + out_to("applied"));
        check_same_files(work / "whole", work / "applied");
    }
    const std::vector<std::string> people = lines_of(work / "people.tsv");
    for (const std::size_t i : {0U, 1U, 5U, 23U}) {
        write_lines(work / "one.tsv", {people[0], people[i + 1]});
        work.must("tare-apply --model model --images 'in/{participant_id}.nii.gz' --participants one.tsv" + out_to("alone"));
        CHECK(bytes_of(work.image("alone", i)) == bytes_of(work.image("whole", i)));
    }
    for (const std::string part : {"1/4", "2/4", "3/4", "4/4"}) {
        work.must("tare-apply --model model --shard " + part + in + out_to("parts"));
    }
    check_same_files(work / "whole", work / "parts");
    std::vector<std::string> turned(people.rbegin(), people.rend() - 1);
    turned.insert(turned.begin(), people[0]);
    write_lines(work / "turned.tsv", turned);
    work.must("tare-apply --model model --images 'in/{participant_id}.nii.gz' --participants turned.tsv" + out_to("turned"));
    check_same_files(work / "whole", work / "turned");
}

TEST_CASE("threads and memory leave every byte as it is, down to the least memory, where files take the place of memory") {
    const Work work(ImageCohort(40, true, small_grid({40, 36, 30})));
    // Many sites, for many sums.
    std::vector<std::string> people = lines_of(work / "people.tsv");
    for (std::size_t i = 0; i < people.size(); ++i)
        people[i] += i == 0 ? "\tscanner" : "\tscanner-" + std::to_string(i % 20);
    write_lines(work / "people.tsv", people);
    const std::string scanners = in + design + "--site scanner ";
    const auto run = [&](const std::string& name, const std::string& options) {
        fs::remove_all(work / "run");
        work.must("tare-harmonise --model run/model" + out_to("run/out") + scanners + options);
        work.must("tare-moments --output run/moments" + scanners + options);
        fs::rename(work / "run", work / name);
        if (name != "first") check_same_files(work / "first", work / name);
    };
    run("first", "--threads 1 --memory 1G");
    run("second", "--threads 2 --memory 1G");
    run("third", "--threads 3 --memory 64M");
    // The least memory is what the refusal of less asks for.
    const auto tried = [&](const std::string& options, const std::string& folder) {
        return shell("tare-harmonise --threads 2" + out_to("never") + scanners + options,
                     {.folder = work.directory.path(), .environment = {{"TMPDIR", folder}}});
    };
    const Finished refused = tried("--memory 1M", "/tmp");
    CHECK(refused.code == 71);
    CHECK_FALSE(fs::exists(work / "never"));
    const std::string asks = "raise the limit with --memory ";
    REQUIRE(refused.err.find(asks) != std::string::npos);
    const std::string least = refused.err.substr(refused.err.find(asks) + asks.size());
    run("least", "--threads 2 --memory " + least);
    const Finished no_room = tried("--memory " + least, "/nowhere");
    CHECK(no_room.code == 74);
    CHECK(no_room.err.find("/nowhere: no room for ") != std::string::npos);
    CHECK_FALSE(fs::exists(work / "never"));
    CHECK(tried("--memory 1G", "/nowhere").code == 0);
}

TEST_CASE("moments of shards merge to those of the whole, and so do their models") {
    const Work work(ImageCohort(30));
    for (const std::string mask : {"", " --mask mask.nii.gz "}) {
        work.must("tare-moments --force --output whole" + in + design + mask);
        std::string merge = "tare-merge --force --output merged";
        for (const std::string k : {"1", "2", "3", "4"}) {
            work.must("tare-moments --force --shard " + k + "/4 --output part" + k + in + design + mask);
            merge += " part" + k;
        }
        work.must(merge);
        CHECK(maps_difference(work / "merged", work / "whole") <= 1e-10);
        work.must("tare-fit --force --moments merged --model of_merged");
        work.must("tare-fit --force --moments whole --model of_whole");
        CHECK(maps_difference(work / "of_merged", work / "of_whole") <= 1e-10);
        work.must("tare-fit --force --model direct" + in + design + mask);
        CHECK(maps_difference(work / "of_whole", work / "direct") == 0.0);
        work.must("tare-apply --force --model of_merged" + in + out_to("of_merged_out"));
        work.must("tare-harmonise --force" + in + out_to("out") + design + mask);
        double largest = 0.0;
        for (std::size_t i = 0; i < work.cohort.subjects(); ++i) {
            largest = std::max(largest,
                               largest_of_scale(voxels_of(work.image("of_merged_out", i)), voxels_of(work.image("out", i))));
        }
        CHECK(largest <= single_rounding);
    }
}

TEST_CASE("the reference site's images pass unchanged, to the bit") {
    const Work work;
    work.must("tare-harmonise --reference beta" + in + out_to("out") + design);
    std::size_t unchanged = 0;
    for (std::size_t i = 0; i < work.cohort.subjects(); ++i) {
        const bool same = voxels_of(work.image("out", i)) == work.cohort.values[i];
        CHECK(same == (work.cohort.sites[i] == "beta"));
        unchanged += same ? 1 : 0;
    }
    CHECK(unchanged > 5);
}

TEST_CASE("what lies outside the mask is copied, whatever it is") {
    Work work;
    const std::vector<Index>& inside = work.cohort.inside;
    const std::vector<Index> kept(inside.begin(), inside.begin() + 40);
    std::vector<double> mask(static_cast<std::size_t>(work.cohort.grid.values()), 0.0);
    for (const Index v : kept) mask[static_cast<std::size_t>(v)] = 0.25;
    write_volume(work / "few.nii", work.cohort.grid, mask);
    for (auto& image : work.cohort.values) image[0] = NAN, image[1] = INFINITY, image[2] = -0.0;
    work.cohort.write_images(work / "in");
    work.must("tare-harmonise --mask few.nii" + in + out_to("out") + design);
    // Without a mask the voxels that are not finite are left out.
    work.must("tare-harmonise" + in + out_to("unmasked") + design);
    for (std::size_t i = 0; i < work.cohort.subjects(); ++i) {
        const std::vector<double> image = voxels_of(work.image("out", i)), unmasked = voxels_of(work.image("unmasked", i));
        std::size_t changed = 0;
        for (std::size_t v = 0; v < image.size(); ++v) {
            const auto raw = std::bit_cast<std::uint64_t>(work.cohort.values[i][v]);
            if (std::bit_cast<std::uint64_t>(image[v]) == raw) continue;
            CHECK(mask[v] > 0.0);
            ++changed;
        }
        CHECK(changed > 30);
        for (std::size_t v = 0; v < 3; ++v) {
            CHECK(std::bit_cast<std::uint64_t>(unmasked[v]) == std::bit_cast<std::uint64_t>(work.cohort.values[i][v]));
        }
    }
}

TEST_CASE("a voxel that is not finite in one training image is left out, and --mask-threshold leaves dark ones out") {
    Work work;
    const auto spoilt = static_cast<std::size_t>(work.cohort.inside[10]),
               dark = static_cast<std::size_t>(work.cohort.inside[20]);
    work.cohort.values[3][spoilt] = NAN;
    for (auto& image : work.cohort.values) image[dark] -= 95.0;
    work.cohort.write_images(work / "in");
    work.must("tare-harmonise --model model" + in + out_to("out") + design);
    work.must("tare-harmonise --mask-threshold 60" + in + out_to("bright") + design);
    const auto count = [&](const fs::path& mask) {
        const std::vector<double> values = voxels_of(mask);
        return static_cast<std::size_t>(std::count(values.begin(), values.end(), 1.0));
    };
    CHECK(count(work / "model/mask.nii.gz") == work.cohort.inside.size() - 1);
    for (std::size_t i = 0; i < work.cohort.subjects(); ++i) {
        const std::vector<double> out = voxels_of(work.image("out", i)), bright = voxels_of(work.image("bright", i));
        CHECK(((out[spoilt] == work.cohort.values[i][spoilt]) || i == 3));
        CHECK(static_cast<float>(bright[dark]) == static_cast<float>(work.cohort.values[i][dark]));
        CHECK(static_cast<float>(out[dark]) != static_cast<float>(work.cohort.values[i][dark]));
    }
    work.must("tare-moments --output moments" + in + design);
    work.must("tare-fit --moments moments --model of_moments --mask-threshold 60");
    CHECK(count(work / "of_moments/mask.nii.gz") == work.cohort.inside.size() - 2);
}

TEST_CASE("images that are held out leave every byte of the model as it is, whatever is in them") {
    Work work;
    const std::string training = " --train-where 'age>=30' ";
    work.must("tare-harmonise --model before" + in + out_to("out") + design + training);
    work.must("tare-fit --model fitted" + in + design + training);
    std::size_t held_out = 0;
    for (std::size_t i = 0; i < work.cohort.subjects(); ++i) {
        if (work.cohort.ages[i] >= 30.0) continue;
        ++held_out;
        for (const Index v : work.cohort.inside) work.cohort.values[i][static_cast<std::size_t>(v)] *= 1.5;
    }
    REQUIRE(held_out > 2);
    work.cohort.write_images(work / "in");
    work.must("tare-harmonise --model after" + in + out_to("changed") + design + training);
    check_same_files(work / "before", work / "after");
    check_same_files(work / "before", work / "fitted");
    for (std::size_t i = 0; i < work.cohort.subjects(); ++i) {
        CHECK((bytes_of(work.image("out", i)) == bytes_of(work.image("changed", i))) == (work.cohort.ages[i] >= 30.0));
    }
    // To fit, they need not even be there.
    for (std::size_t i = 0; i < work.cohort.subjects(); ++i) {
        if (work.cohort.ages[i] < 30.0) fs::remove(work.image("in", i));
    }
    work.must("tare-fit --model without" + in + design + training);
    check_same_files(work / "before", work / "without");
}
