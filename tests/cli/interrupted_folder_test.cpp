// Models in folders whose run is ended from outside while their files are given their names, one after the other.

#include <chrono>
#include <map>

#include <catch2/catch.hpp>

#include "background.hpp"
#include "image_example.hpp"
#include "workplace.hpp"

using namespace tare::test;
namespace fs = std::filesystem;

namespace {

const std::vector<std::string> fit{
    "tare-fit", "--images", "in/{participant_id}.nii.gz", "--participants", "people.tsv", "--mask", "mask.nii.gz", "--model",
    "model",    "--quiet"};

/// The example, without any model of it.
void copy_example(const Workplace& place) {
    fs::copy(image_example(), place.folder(), fs::copy_options::recursive);
    fs::remove_all(place / "model");
    place.write("err", "");
}

/// Every name, with its time, in the folder of the model but those of files without a name yet.
std::map<std::string, fs::file_time_type> names_in_model(const Workplace& place) {
    std::map<std::string, fs::file_time_type> names;
    std::error_code gone;
    for (const auto& entry : fs::directory_iterator(place / "model", gone)) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with(".")) names[name] = fs::last_write_time(entry.path(), gone);
    }
    return names;
}

/// Runs a fit and sends the signal as soon as the folder of the model changes.
int ended_while_naming(const Workplace& place, const std::vector<std::string>& arguments, int signal) {
    const auto before = names_in_model(place);
    Background run(place, arguments);
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (names_in_model(place) == before && std::chrono::steady_clock::now() < until) {
    }
    run.send(signal);
    return run.end();
}

/// True where the document and all that it names is there, and of one run.
bool is_whole(const Workplace& place) {
    return place.shell("tare-info model/model.json").code == 0 &&
           place.shell(
                    "tare-apply --quiet --force --model model --images 'in/{participant_id}.nii.gz' --participants "
                    "people.tsv --output-images 'applied/{participant_id}.nii.gz'")
                   .code == 0;
}

}  // namespace

TEST_CASE("a run that is killed while it names the files of a model never leaves the document without them") {
    std::size_t in_between = 0;
    // On a busy machine the signal may come late: then more attempts are needed to see a folder without its document.
    for (int attempt = 0; attempt < 8 || (in_between == 0 && attempt < 80); ++attempt) {
        const Workplace place;
        copy_example(place);
        ended_while_naming(place, fit, SIGKILL);
        if (place.has("model/model.json")) {
            CHECK(is_whole(place));
        } else {
            ++in_between;
        }
    }
    CHECK(in_between > 0);
}

TEST_CASE("a run that is terminated while it names the files of a model leaves a whole one, new or in place of another") {
    for (const bool replaces : {false, true}) {
        std::vector<std::string> arguments = fit;
        if (replaces) arguments.emplace_back("--force");
        for (int attempt = 0; attempt < 8; ++attempt) {
            const Workplace place;
            copy_example(place);
            if (replaces) {
                // It warns of the site of one subject.
                REQUIRE(place
                            .shell("tare-fit --images 'in/{participant_id}.nii.gz' --participants people.tsv --mask "
                                   "mask.nii.gz --quiet --model model --mean-only")
                            .code == 0);
            }
            const int code = ended_while_naming(place, arguments, SIGTERM);
            INFO(replaces << " " << attempt);
            CHECK((code == 143 || code == 0));
            CHECK(is_whole(place));
        }
    }
}
