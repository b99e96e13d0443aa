// Runs over many images that are killed, interrupted, or stopped by a full disk or a damaged image: what lies there
// afterwards is whole, nothing else lies there, and --resume does the rest.
#include <algorithm>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include "background.hpp"
#include "support/image_cohort.hpp"
#include "support/places.hpp"
#include "workplace.hpp"

using namespace tare;
using namespace tare::test;

namespace {

namespace fs = std::filesystem;

const std::string in = " --images 'in/{participant_id}.nii.gz' --participants people.tsv ";
const std::string out = " --output-images 'out/{participant_id}.nii.gz' ";
const std::string apply_all = "tare-apply --quiet --training-subjects allow --model model" + in + out;
const std::string harmonise_all = "tare-harmonise --quiet --mask mask.nii.gz" + in + out;

/// A folder with 40 images and the model fitted on them.
class Cohort : public Workplace {
public:
    explicit Cohort(std::vector<Index> shape = {36, 32, 24}) : images(40, true, small_grid(std::move(shape))) {
        images.write_images(folder() / "in");
        images.write_mask(folder() / "mask.nii.gz");
        images.write_table(folder() / "people.tsv", false);
        run("tare-fit --quiet --model model --mask mask.nii.gz" + in, 0);
    }
    /// Remarks are free, the exit code is not.
    std::string run(const std::string& line, int code) const {
        const Finished finished = shell(line);
        INFO(line << "\n" << finished.err);
        CHECK(finished.code == code);
        return finished.err;
    }
    /// What an undisturbed run leaves in out/: name and bytes of every file.
    [[nodiscard]] std::map<std::string, std::string> undisturbed(const std::string& line) const {
        run(line, 0);
        std::map<std::string, std::string> found;
        for (const std::string& name : names()) found[name] = read("out/" + name);
        fs::remove_all(folder() / "out");
        return found;
    }
    [[nodiscard]] std::vector<std::string> names() const {
        std::vector<std::string> found;
        if (!has("out")) return found;
        for (const auto& entry : fs::directory_iterator(folder() / "out")) found.push_back(entry.path().filename().string());
        std::sort(found.begin(), found.end());
        return found;
    }

    ImageCohort images;
};

std::size_t images_among(const std::vector<std::string>& names) {
    return static_cast<std::size_t>(
        std::count_if(names.begin(), names.end(), [](const std::string& name) { return name.ends_with(".nii.gz"); }));
}

/// A sidecar without what says how the work was cut.
nlohmann::json essence(const std::string& sidecar) {
    nlohmann::json json = nlohmann::json::parse(sidecar);
    json.erase("command_line");
    if (!json.contains("parameters")) return json;
    for (const char* name : {"resume", "shard"}) json["parameters"].erase(name);
    return json;
}

/// Every file in out/ is one of `whole`, with its bytes; a sidecar may stand alone, an image never does.
void check_whole_files(const Cohort& cohort, const std::map<std::string, std::string>& whole) {
    for (const std::string& name : cohort.names()) {
        INFO(name);
        REQUIRE(whole.contains(name));
        const std::string bytes = cohort.read("out/" + name);
        if (name.ends_with(".json")) {
            CHECK(essence(bytes) == essence(whole.at(name)));
            continue;
        }
        CHECK(bytes == whole.at(name));
        if (name == "README.md") continue;
        CHECK_NOTHROW(io::read_image((cohort / ("out/" + name)).string(), {}));
        CHECK(cohort.has("out/" + name.substr(0, name.size() - 7) + ".json"));
    }
}

/// What tells whether a file was written again.
std::map<std::string, std::pair<ino_t, std::int64_t>> identities(const Cohort& cohort) {
    std::map<std::string, std::pair<ino_t, std::int64_t>> found;
    for (const std::string& name : cohort.names()) {
        struct stat status{};
        REQUIRE(stat((cohort / ("out/" + name)).c_str(), &status) == 0);
        found[name] = {status.st_ino, std::int64_t{1'000'000'000} * status.st_mtim.tv_sec + status.st_mtim.tv_nsec};
    }
    return found;
}

/// Resumes, and checks that what was done is left alone and that nothing lacks afterwards.
void check_resumed(const Cohort& cohort, const std::string& line, const std::map<std::string, std::string>& whole) {
    const auto before = identities(cohort);
    cohort.run(line + " --resume", 0);
    CHECK(cohort.names().size() == whole.size());
    check_whole_files(cohort, whole);
    const auto after = identities(cohort);
    for (const auto& [name, identity] : before) {
        if (!name.ends_with(".nii.gz")) continue;
        INFO(name);
        CHECK(after.at(name) == identity);
        const std::string sidecar = name.substr(0, name.size() - 7) + ".json";
        CHECK(after.at(sidecar) == before.at(sidecar));
    }
}

/// Starts a run and sends it a signal once at least `images` of its images are there; returns its exit code.
int stopped(const Cohort& cohort, const std::string& program, std::size_t images, int signal) {
    cohort.write("err", "");
    std::vector<std::string> arguments{program,          "--quiet",    "--images",        "in/{participant_id}.nii.gz",
                                       "--participants", "people.tsv", "--output-images", "out/{participant_id}.nii.gz",
                                       "--threads",      "2"};
    const bool apply = program == "tare-apply";
    arguments.insert(arguments.end(), {apply ? "--model" : "--mask", apply ? "model" : "mask.nii.gz"});
    if (apply) arguments.insert(arguments.end(), {"--training-subjects", "allow"});
    Background run(cohort, arguments);
    for (int tick = 0; tick < 60000 && images_among(cohort.names()) < images; ++tick) {
        std::this_thread::sleep_for(std::chrono::microseconds(500));
    }
    run.send(signal);
    return run.end();
}

}  // namespace

TEST_CASE("a run over 40 images that is killed leaves whole images only, and --resume does the rest") {
    for (const std::string program : {"tare-apply", "tare-harmonise"}) {
        const Cohort cohort;
        const std::string line = program == "tare-apply" ? apply_all : harmonise_all;
        const auto whole = cohort.undisturbed(line);
        // An image and a sidecar each, the description of the folder and its README.
        REQUIRE(whole.size() == 82);
        std::size_t cut_short = 0;
        for (const std::size_t images : {1U, 7U, 18U, 30U}) {
            fs::remove_all(cohort / "out");
            const int code = stopped(cohort, program, images, SIGKILL);
            CHECK((code == 137 || code == 0));
            check_whole_files(cohort, whole);
            const std::size_t done = images_among(cohort.names());
            CHECK(done >= images);
            if (done < 40) ++cut_short;
            check_resumed(cohort, line, whole);
        }
        CHECK(cut_short > 0);
    }
}

TEST_CASE("a run over images that is interrupted leaves whole images only, and says so") {
    const Cohort cohort;
    const auto whole = cohort.undisturbed(apply_all);
    for (const auto& [signal, expected] : {std::pair(SIGINT, 130), std::pair(SIGTERM, 143)}) {
        fs::remove_all(cohort / "out");
        const int code = stopped(cohort, "tare-apply", 4, signal);
        CHECK(code == expected);
        CHECK(cohort.read("err") == "tare-apply: interrupted\n");
        check_whole_files(cohort, whole);
        CHECK(images_among(cohort.names()) >= 4);
        CHECK(images_among(cohort.names()) < 40);
        check_resumed(cohort, apply_all, whole);
    }
}

TEST_CASE("resuming leaves everything alone where all is done, and refuses what was made otherwise or changed since") {
    const Cohort cohort({12, 10, 8});
    const auto whole = cohort.undisturbed(harmonise_all);
    cohort.run(harmonise_all, 0);
    check_resumed(cohort, harmonise_all, whole);
    check_resumed(cohort, harmonise_all + "--threads 3 --memory 200M", whole);
    const auto before = cohort.listing();
    const auto refuse = [&](const std::string& line, const std::string& why) {
        const std::string error =
            "tare-harmonise: error: out/sub-01.nii.gz: " + why + "\nhint: delete it, or make all images anew with --force\n";
        CHECK(cohort.run(line + " --resume", 73).ends_with(error));
        CHECK(cohort.listing() == before);
    };
    refuse(harmonise_all + "--mean-only", "was made with no --mean-only");
    refuse(harmonise_all + "--datatype float64", "was made with --datatype \"float32\"");
    refuse(harmonise_all + "--covariates age", "was made with no --covariates");
    refuse(harmonise_all + "--train-where 'age>=25'", "was made with no --train-where");
    cohort.write("mask.nii.gz", before.at("model/mask.nii.gz"));
    const std::string mask = before.at("mask.nii.gz"), image = before.at("in/sub-01.nii.gz");
    CHECK(cohort.shell(harmonise_all + "--resume").code == 73);
    cohort.write("mask.nii.gz", mask);
    // An input that has changed since, be it another subject's: the model would be another one.
    cohort.write("in/sub-07.nii.gz", image);
    CHECK(cohort.run(harmonise_all + "--resume", 73).find("out/sub-01.nii.gz: was made with other training images") !=
          std::string::npos);
    cohort.write("in/sub-07.nii.gz", before.at("in/sub-07.nii.gz"));
    // An output that is not what its sidecar was written for.
    cohort.write("out/sub-01.nii.gz", image);
    CHECK(cohort.run(harmonise_all + "--resume", 73).find("is not the image that its sidecar was written for") !=
          std::string::npos);
    cohort.write("out/sub-01.nii.gz", before.at("out/sub-01.nii.gz").substr(0, 700));
    CHECK(cohort.shell(harmonise_all + "--resume").code == 73);
    cohort.run(harmonise_all + "--force", 0);
    check_whole_files(cohort, whole);
}

TEST_CASE("a full disk is 74 and leaves whole images only; with room again --resume does the rest") {
    if (shell("unshare -m true").code != 0) return skip("this user may not mount anything");
    const Cohort cohort;
    const auto whole = cohort.undisturbed(apply_all);
    std::size_t size = 0;
    for (const auto& [name, bytes] : whole) size += (bytes.size() / 4096 + 1) * 4096;
    // Room for half of it, in a mount that only this line sees.
    const Finished finished = cohort.shell(
        "mkdir out full && unshare -m bash -c \"mount -t tmpfs -o size=" + std::to_string(size / 2) + " tmpfs out && { " +
        apply_all + "; echo \\$? > code; cp -a out/. full; mount -o remount,size=" + std::to_string(4 * size) + " out && " +
        apply_all + " --resume; echo \\$? >> code; cp -a out/. full2; }\" ; rm -r out; mv full out");
    INFO(finished.err);
    REQUIRE(cohort.read("code") == "74\n0\n");
    CHECK(finished.err.find(": cannot be written: No space left on device") != std::string::npos);
    check_whole_files(cohort, whole);
    CHECK(images_among(cohort.names()) > 5);
    CHECK(images_among(cohort.names()) < 40);
    fs::remove_all(cohort / "out");
    fs::rename(cohort / "full2", cohort / "out");
    CHECK(cohort.names().size() == whole.size());
    check_whole_files(cohort, whole);
}

TEST_CASE("an image too large for the disk's rules is 74, and the others stay") {
    const Cohort cohort;
    const auto whole = cohort.undisturbed(apply_all);
    std::size_t largest = 0;
    for (const auto& [name, bytes] : whole) largest = std::max(largest, bytes.size());
    std::string said = cohort.run("trap '' XFSZ; ulimit -f " + std::to_string(largest / 2048) + "; " + apply_all, 74);
    CHECK(said.find(".nii.gz: cannot be written: File too large") != std::string::npos);
    CHECK(images_among(cohort.names()) == 0);
    check_whole_files(cohort, whole);
    check_resumed(cohort, apply_all, whole);
}

TEST_CASE("a matrix that finds no room is 74") {
    const Workplace place;
    const ImageCohort images(40);
    images.write_table(place / "people.tsv", false);
    std::string bytes = io::npy_header(40, static_cast<Index>(images.inside.size()), "<f8");
    for (const double value : images.matrix()) {
        bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
    }
    place.write("x.npy", bytes);
    const auto before = place.listing();
    const std::string run = "tare-harmonise --quiet --input x.npy --participants people.tsv ";
    const Finished full = place.shell(run + "--output - > /dev/full");
    CHECK(full.code == 74);
    CHECK(full.err.find("standard output: cannot be written: No space left on device") != std::string::npos);
    const Finished limited = place.shell("trap '' XFSZ; ulimit -f 16; " + run + "--output y.npy --model made");
    CHECK(limited.code == 74);
    CHECK(limited.err.find("cannot be written: File too large") != std::string::npos);
    CHECK(place.listing() == before);
    const Finished model = place.shell(
        "trap '' XFSZ; ulimit -f 1; tare-fit --quiet --input x.npy --participants people.tsv "
        "--model made");
    CHECK(model.code == 74);
    CHECK(place.listing() == before);
}

TEST_CASE("a damaged image in the middle of a run takes back what the run had made, and no more") {
    const Cohort cohort({12, 10, 8});
    const auto whole = cohort.undisturbed(apply_all);
    const std::string good = cohort.read("in/sub-33.nii.gz");
    cohort.write("in/sub-33.nii.gz", good.substr(0, 1000));
    const auto before = cohort.listing();
    for (const std::string& line : {apply_all, harmonise_all + "--model made "}) {
        CHECK(cohort.run(line, 65).find("in/sub-33.nii.gz: the gzip stream is cut short or damaged") != std::string::npos);
        CHECK(cohort.listing() == before);
    }
    // What an earlier run had made stays.
    cohort.run(apply_all + "--shard 1/4", 0);
    const auto earlier = cohort.listing();
    cohort.run(apply_all + "--resume", 65);
    CHECK(cohort.listing() == earlier);
    // --force has replaced some images by then: each file is whole, the old one or the new one, and none is gone.
    cohort.write("in/sub-33.nii.gz", good);
    cohort.run("tare-fit --quiet --mean-only --model model --force --mask mask.nii.gz" + in, 0);
    const auto old = cohort.names();
    cohort.write("in/sub-33.nii.gz", good.substr(0, 1000));
    const std::map<std::string, std::string> was = cohort.listing();
    cohort.run(apply_all + "--force", 65);
    CHECK(cohort.names() == old);
    for (const std::string& name : old) {
        INFO(name);
        if (!name.ends_with(".nii.gz")) continue;
        CHECK_NOTHROW(io::read_image((cohort / ("out/" + name)).string(), {}));
        const auto sidecar = nlohmann::json::parse(cohort.read("out/" + name.substr(0, name.size() - 7) + ".json"));
        CHECK(sidecar["result"]["sha256"].get<std::string>() == cohort.shell("sha256sum < out/" + name).out.substr(0, 64));
    }
}
