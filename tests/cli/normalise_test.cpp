// tare-normalise as a user runs it: the same result alone, in a batch, on any threads and in one step or two; no test image
// shapes a standard.
#include <algorithm>
#include <cmath>

#include <catch2/catch.hpp>

#include "tare/io/image_file.hpp"
#include "workplace.hpp"

using namespace tare;

namespace {

const std::string simulated =
    "tare-simulate --quiet --images 'in/{participant_id}.nii.gz' --shape 16,18,16 --voxel-size 11 --subjects 6 --sites 2 "
    "--seed 5 --output cohort_images.tsv --truth truth && mv truth/mask.nii.gz . && rm -r truth && "
    "awk -F '\\t' 'BEGIN { OFS = FS } NR == 1 { print $0, \"split\" } NR > 1 { print $0, (NR < 6 ? \"train\" : \"test\") }' "
    "cohort_images.tsv > people.tsv";
const std::string all = "tare-normalise --quiet --images 'in/{participant_id}.nii.gz' --mask mask.nii.gz ";

void simulate(const test::Workplace& place) {
    place.succeed(simulated);
}

std::vector<double> values(const test::Workplace& place, const std::string& name) {
    const io::Image image = io::read_image((place / name).string(), {});
    std::vector<double> out(static_cast<std::size_t>(image.header.grid.values()));
    io::decode(image, {}, out);
    return out;
}

struct Fitted {
    std::string method, options, ending;  ///< of a model's name; empty for a folder
};

const std::vector<Fitted> fitted_methods{{"nyul", "", ".json"},
                                         {"lsq", "", ".json"},
                                         {"ravel", " --control mask.nii.gz --factors 2 --modality t2 --stripe 0.1", ""}};

/// The same bytes, in every file of a folder but its sidecars.
bool same_model(const test::Workplace& place, const std::string& a, const std::string& b, const Fitted& fitted) {
    if (!fitted.ending.empty()) return place.read(a + fitted.ending) == place.read(b + fitted.ending);
    for (const std::string name : {"model.json", "mean.nii.gz", "gamma.nii.gz", "loading.nii.gz"}) {
        if (place.read(a + "/" + name) != place.read(b + "/" + name)) return false;
    }
    return true;
}

std::string id(int number) {
    return "sub-0" + std::to_string(number);
}

}  // namespace

TEST_CASE("every method gives the same bytes on any threads, alone and in a batch", "[cli][normalise]") {
    const test::Workplace place;
    simulate(place);
    for (const std::string method : {"zscore", "fcm", "kde", "whitestripe", "n4"}) {
        INFO(method);
        place.succeed(all + "--method " + method + " --threads 1 --output-images 'one/" + method + "/{participant_id}.nii'");
        place.succeed(all + "--method " + method + " --threads 4 --output-images 'four/" + method +
                      "/{participant_id}.nii'");
        place.succeed("tare-normalise --quiet --images in/sub-03.nii.gz --mask mask.nii.gz --method " + method +
                      " --output-images alone/" + method + ".nii");
        for (int i = 1; i <= 6; ++i) {
            const std::string name = method + "/" + id(i) + ".nii";
            CHECK(place.read("one/" + name) == place.read("four/" + name));
        }
        CHECK(place.read("one/" + method + "/sub-03.nii") == place.read("alone/" + method + ".nii"));
        CHECK(place.has("one/" + method + "/sub-03.json"));
        CHECK(place.has("one/" + method + "/dataset_description.json"));
    }
}

TEST_CASE("fitting and applying is normalising in one step", "[cli][normalise]") {
    const test::Workplace place;
    simulate(place);
    for (const Fitted& fitted : fitted_methods) {
        const std::string& method = fitted.method;
        INFO(method);
        const std::string wanted = all + "--method " + method + fitted.options, model = method + fitted.ending;
        place.succeed(wanted + " --model " + model + " --output-images '" + method + "/{participant_id}.nii'");
        place.succeed(wanted + " --threads 3 --model again" + fitted.ending);
        CHECK(same_model(place, "again", method, fitted));
        place.succeed("rm -r again*");
        const std::string without_mask = fitted.ending.empty() ? "" : "--mask mask.nii.gz ";
        place.succeed("tare-normalise --quiet --images 'in/{participant_id}.nii.gz' " + without_mask + "--method " + method +
                      " --apply-model " + model + " --output-images 'applied/" + method + "/{participant_id}.nii'");
        place.succeed("tare-normalise --quiet --images in/sub-02.nii.gz " + without_mask + "--method " + method +
                      " --apply-model " + model + " --output-images alone_" + method + ".nii");
        for (int i = 1; i <= 6; ++i) {
            const std::string name = method + "/" + id(i) + ".nii";
            CHECK(place.read(name) == place.read("applied/" + name));
        }
        CHECK(place.read(method + "/sub-02.nii") == place.read("alone_" + method + ".nii"));
    }
}

TEST_CASE("factors bring the parameters that they were learnt with, and sidecars tell them and all files",
          "[cli][normalise]") {
    const test::Workplace place;
    simulate(place);
    place.succeed(all + "--method ravel --control mask.nii.gz --factors 2 --modality t2 --stripe 0.1 --model m");
    place.succeed("tare-normalise --quiet --images in/sub-02.nii.gz --method ravel --apply-model m --output-images x.nii");
    const std::string sidecar = place.read("x.json");
    for (const std::string told : {"\"modality\": \"t2\"", "\"stripe\": \"0.1\"", "\"factors\": \"2\"", "m/model.json",
                                   "m/mask.nii.gz", "m/mean.nii.gz", "m/gamma.nii.gz", "m/loading.nii.gz"}) {
        INFO(told);
        CHECK(sidecar.find(told) != std::string::npos);
    }
    const auto refused = place.shell(
        "tare-normalise --images in/sub-02.nii.gz --method ravel --apply-model m "
        "--output-images m/gamma.nii.gz --force");
    CHECK(refused.code == 73);
    place.succeed("sed -i 's/\"ravel\"/\"raven\"/' m/model.json");
    const auto unknown =
        place.shell("tare-normalise --images in/sub-02.nii.gz --method ravel --apply-model m --output-images y.nii");
    CHECK(unknown.code == 65);
    CHECK(unknown.err.find("is not 'ravel'") != std::string::npos);
}

TEST_CASE("a standard that was learnt within masks is not used without them unnoticed", "[cli][normalise]") {
    const test::Workplace place;
    simulate(place);
    const std::string whole = "tare-normalise --quiet --images 'in/{participant_id}.nii.gz' ";
    place.succeed(all + "--method nyul --model within.json");
    place.succeed(whole + "--method nyul --model without.json");
    const std::string apply = "tare-normalise --images in/sub-01.nii.gz --method nyul --force --output-images x.nii ";
    const auto no_mask = place.shell(apply + "--apply-model within.json");
    CHECK(no_mask.code == 0);
    CHECK(no_mask.err.find("warning: within.json: was learnt within masks, and there is no --mask") != std::string::npos);
    const auto a_mask = place.shell(apply + "--apply-model without.json --mask mask.nii.gz");
    CHECK(a_mask.code == 0);
    CHECK(a_mask.err.find("warning: without.json: was learnt without masks, and there is a --mask") != std::string::npos);
    CHECK(place.shell(apply + "--apply-model without.json").err.find("warning") == std::string::npos);
    CHECK(place.shell(apply + "--apply-model within.json --mask mask.nii.gz").err.find("warning") == std::string::npos);
}

TEST_CASE("held-out images change no byte of a model and of what it normalises", "[cli][normalise]") {
    const test::Workplace place;
    simulate(place);
    for (const Fitted& fitted : fitted_methods) {
        const std::string& method = fitted.method;
        INFO(method);
        const std::string wanted = all + "--method " + method + fitted.options +
                                   " --participants people.tsv --train-where 'split==train' --model " + method;
        place.succeed(wanted + "_a" + fitted.ending + " --output-images 'a/" + method + "/{participant_id}.nii'");
        place.succeed("mkdir kept; for i in 5 6; do mv in/sub-0$i.nii.gz kept; cp in/sub-01.nii.gz in/sub-0$i.nii.gz; done");
        place.succeed(wanted + "_b" + fitted.ending + " --output-images 'b/" + method + "/{participant_id}.nii'");
        place.succeed("mv kept/* in; rmdir kept");
        CHECK(same_model(place, method + "_a", method + "_b", fitted));
        for (int i = 1; i <= 4; ++i) {
            const std::string name = method + "/" + id(i) + ".nii";
            CHECK(place.read("a/" + name) == place.read("b/" + name));
        }
        CHECK(place.read("a/" + method + "/sub-05.nii") != place.read("b/" + method + "/sub-05.nii"));
        // What does teach changes it.
        place.succeed(all + "--method " + method + fitted.options + " --model " + method + "_all" + fitted.ending);
        CHECK_FALSE(same_model(place, method + "_a", method + "_all", fitted));
    }
}

TEST_CASE("images keep their place; outside of the mask they are mapped, copied or zero", "[cli][normalise]") {
    const test::Workplace place;
    simulate(place);
    for (const std::string outside : {"mapped", "copied", "zero"}) {
        place.succeed("tare-normalise --quiet --images in/sub-01.nii.gz --mask mask.nii.gz --outside " + outside +
                      " --output-images " + outside + ".nii.gz");
    }
    const auto before = io::read_image_header((place / "in/sub-01.nii.gz").string()),
               after = io::read_image_header((place / "mapped.nii.gz").string());
    CHECK(before.grid == after.grid);
    CHECK(after.type == io::VoxelType::float32);
    const std::vector<double> raw = values(place, "in/sub-01.nii.gz"), mask = values(place, "mask.nii.gz"),
                              mapped = values(place, "mapped.nii.gz"), copied = values(place, "copied.nii.gz"),
                              zero = values(place, "zero.nii.gz");
    double n = 0.0, sum = 0.0, squares = 0.0;
    int wrong = 0;
    for (std::size_t v = 0; v < raw.size(); ++v) {
        if (mask[v] == 0.0) {
            wrong += copied[v] != raw[v] || zero[v] != 0.0 || mapped[v] == raw[v] ? 1 : 0;
            continue;
        }
        wrong += copied[v] != mapped[v] || zero[v] != mapped[v] ? 1 : 0;
        n += 1.0;
        sum += mapped[v];
        squares += mapped[v] * mapped[v];
    }
    CHECK(wrong == 0);
    CHECK(sum / n == Approx(0.0).margin(1e-6));
    CHECK(squares / n == Approx(1.0).epsilon(1e-6));
}

TEST_CASE("a run that was interrupted goes on where it was", "[cli][normalise]") {
    const test::Workplace place;
    simulate(place);
    const std::string wanted = all + "--method whitestripe --output-images 'out/{participant_id}.nii' --resume";
    place.succeed(wanted);
    const auto whole = place.listing();
    place.succeed("rm out/sub-04.nii");
    place.succeed(wanted);
    CHECK(place.listing() == whole);
    const auto refused = place.shell(wanted + " --stripe 0.1");
    CHECK(refused.code == 73);
    CHECK(place.listing() == whole);
    CHECK(place.shell(all + "--output-images 'out/{participant_id}.nii'").code == 73);
    place.succeed(all + "--output-images 'out/{participant_id}.nii' --force");
}
