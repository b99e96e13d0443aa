// The bad-input list: models and moments that are damaged, from elsewhere, or changed by hand.
#include <functional>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "workplace.hpp"

using tare::test::Finished;
using tare::test::Workplace;
using Json = nlohmann::ordered_json;

namespace {

/// A change of a file that parses, and what is then said of it.
struct Change {
    std::function<void(Json&)> make;
    std::string said;
};

/// A small cohort of two sites, age and sex, and features y, z; its model and its moments.
class Saved : public Workplace {
public:
    Saved() {
        succeed(
            "printf 'participant_id,site,age,sex,y,z\\na,A,1,F,2,1\\nb,A,2,M,4,2\\nc,A,4,F,5,1\\nd,A,6,M,5,4\\n"
            "e,B,3,M,1,1\\nf,B,2,M,3,2\\ng,B,7,F,6,2\\nh,B,5,F,4,5\\n' > t.csv; "
            "tare-fit --quiet --input t.csv --covariates age,sex --model model.json; "
            "tare-moments --quiet --input t.csv --covariates age,sex --output moments.json");
    }
};

/// What the only command of its kind says of a file, without "PROGRAM: error: " and without the line's end; the run must
/// fail with 65 and leave nothing behind.
std::string said_of(const Workplace& place, const std::string& name) {
    const bool model = name.starts_with("model");
    const std::string program = model ? "tare-apply" : "tare-fit";
    const auto before = place.listing();
    const Finished finished = place.shell(
        program + (model ? " --model " + name + " --input t.csv --output x.csv" : " --moments " + name + " --model x.json"));
    CHECK(finished.code == 65);
    CHECK(finished.out == "");
    CHECK(place.listing() == before);
    const std::string start = program + ": error: ";
    if (!finished.err.starts_with(start)) return "no error but: " + finished.err;
    CHECK(finished.err.find('\n') == finished.err.rfind("\n", finished.err.find("\nhint: ")));
    return finished.err.substr(start.size(), finished.err.find('\n') - start.size());
}

void check_changes(const Saved& saved, const std::string& original, const std::string& changed,
                   const std::vector<Change>& changes) {
    for (const Change& change : changes) {
        Json json = Json::parse(saved.read(original));
        change.make(json);
        saved.write(changed, json.dump(1));
        INFO(change.said);
        CHECK(said_of(saved, changed) == changed + ": " + change.said);
    }
}

std::function<void(Json&)> put(const std::string& pointer, const Json& value) {
    return [=](Json& json) { json[Json::json_pointer(pointer)] = value; };
}

std::function<void(Json&)> drop(const std::string& pointer) {
    return [=](Json& json) {
        const Json::json_pointer place(pointer);
        json[place.parent_pointer()].erase(place.back());
    };
}

/// The paths of all keys that belong to the format itself: not to a subject's file, a site or a term.
std::vector<std::string> keys_of(const Json& json) {
    std::vector<std::string> paths;
    for (const auto& item : json.items()) {
        if (item.key() == "tool" || item.key() == "provenance") continue;
        paths.push_back("/" + item.key());
        if (!item.value().is_object()) continue;
        for (const auto& inner : item.value().items()) {
            if (inner.key() != "id_hashes") paths.push_back("/" + item.key() + "/" + inner.key());
        }
    }
    return paths;
}

}  // namespace

TEST_CASE("a model or moments cut short anywhere are refused") {
    const Saved saved;
    for (const std::string name : {"model", "moments"}) {
        const std::string whole = saved.read(name + ".json");
        for (std::size_t size = 0; size < whole.size() - 2; size += whole.size() / 25) {
            saved.write(name + "_cut.json", whole.substr(0, size));
            INFO("cut after " << size << " bytes");
            CHECK(said_of(saved, name + "_cut.json").starts_with(name + "_cut.json: not JSON, or cut short (at byte "));
        }
        saved.write(name + "_cut.json", whole.substr(0, whole.size() - 2));
        CHECK(said_of(saved, name + "_cut.json").starts_with(name + "_cut.json: not JSON, or cut short (at byte "));
        std::filesystem::remove(saved / (name + "_cut.json"));
    }
}

TEST_CASE("files of another kind are refused by what they are") {
    const Saved saved;
    const auto copied_as = [&](const std::string& from, const std::string& to) {
        saved.write(to, saved.read(from));
        return said_of(saved, to);
    };
    CHECK(copied_as("moments.json", "model_x.json") == "model_x.json: not a 'tare-model' file, but 'tare-moments'");
    CHECK(copied_as("model.json", "moments_x.json") == "moments_x.json: not a 'tare-moments' file, but 'tare-model'");
    CHECK(copied_as("t.csv", "model_t.csv") == "model_t.csv: not JSON, or cut short (at byte 1)");
    CHECK(copied_as("model.json.json", "model_s.json") == "model_s.json: not a 'tare-model' file");
    saved.write("model_n.json", "[1, 2, 3]\n");
    CHECK(said_of(saved, "model_n.json") == "model_n.json: not a 'tare-model' file");
    saved.write("model_d.json", std::string(200000, '['));
    CHECK(said_of(saved, "model_d.json") == "model_d.json: not JSON, or cut short (at byte 200001)");
    saved.write("model_d.json", std::string(200000, '[') + std::string(200000, ']'));
    CHECK(said_of(saved, "model_d.json") == "model_d.json: not a 'tare-model' file");
}

TEST_CASE("a missing key of a model or moments is named") {
    const Saved saved;
    std::size_t tried = 0;
    for (const std::string name : {"model", "moments"}) {
        for (const std::string& path : keys_of(Json::parse(saved.read(name + ".json")))) {
            Json json = Json::parse(saved.read(name + ".json"));
            drop(path)(json);
            saved.write(name + "_x.json", json.dump());
            std::string key = path.substr(1);
            std::replace(key.begin(), key.end(), '/', '.');
            INFO(path);
            CHECK(said_of(saved, name + "_x.json") ==
                  name + "_x.json: " + (path == "/format" ? "not a 'tare-" + name + "' file" : "'" + key + "' is missing"));
            ++tried;
        }
    }
    CHECK(tried > 45);
}

TEST_CASE("values in a model that cannot be right are named by where they stand") {
    check_changes(Saved(), "model.json", "model_x.json",
                  {
                      {put("/format_version", 99), "format version 99 is not known to this program"},
                      {put("/format_version", "1"), "'format_version' is not a count"},
                      {put("/convention", "other"), "'convention' is 'other', which this program does not know"},
                      {put("/options/prior", "flat"), "'options.prior' is 'flat', which this program does not know"},
                      {put("/options/mean_only", "no"), "'options.mean_only' is neither true nor false"},
                      {put("/options/reference", 3), "'options.reference' is not a text"},
                      {put("/features", Json::array()), "'features' is empty"},
                      {put("/features/1", "y"), "'features' names a feature twice"},
                      {put("/features/1", 7), "'features[1]' is not a text"},
                      {put("/features", "y"), "'features' is not a list"},
                      {put("/sites", Json::array()), "'sites' is empty"},
                      {put("/sites/1/name", "A"), "'sites' is not sorted by name, or names a site twice"},
                      {put("/sites/0/n", -3), "'sites[0].n' is not a count"},
                      {put("/sites/0/n", 2.5), "'sites[0].n' is not a count"},
                      {put("/design/columns/0/kind", "circular"),
                       "'design.columns[0].kind' is neither 'numeric', 'categorical' nor 'smooth'"},
                      {drop("/design/columns/1/levels"), "'design.columns[1].levels' is missing"},
                      {put("/design/columns/1/levels", {"M", "F"}), "'design.terms' does not follow from the columns"},
                      {put("/design/terms", {"age"}), "'design.terms' does not follow from the columns"},
                      {put("/grand_mean/0", nullptr), "'grand_mean' lacks a value that its status calls for"},
                      {put("/grand_mean/0", "2.5"), "'grand_mean[0]' is not a finite number"},
                      {put("/pooled_variance", {1.0}), "'pooled_variance' has 1 values where 2 belong"},
                      {put("/pooled_variance/1", -1.0), "'pooled_variance' has a value that is no variance"},
                      {put("/pooled_variance/1", nullptr), "'pooled_variance[1]' is not a finite number"},
                      {put("/coefficients/age", {1.0, 2.0, 3.0}), "'coefficients.age' has 3 values where 2 belong"},
                      {put("/coefficients/sex=M/0", nullptr), "'coefficients.sex=M[0]' is not a finite number"},
                      {drop("/coefficients/sex=M"), "'coefficients.sex=M' is missing"},
                      {put("/gamma_star/0", {1.0}), "'gamma_star[0]' has 1 values where 2 belong"},
                      {put("/gamma_star", Json::array()), "'gamma_star' has 0 rows where 2 belong"},
                      {put("/gamma_star", 1.0), "'gamma_star' is not a list"},
                      {put("/gamma_star/0/0", nullptr), "'gamma_star' lacks a value that its status calls for"},
                      {put("/delta_star/1/1", 0.0), "'delta_star' has a value that is no variance"},
                      {put("/delta_star/1/1", -0.5), "'delta_star' has a value that is no variance"},
                      {put("/delta_star/1/1", nullptr), "'delta_star' has a value that is no variance"},
                      {put("/prior/tau2", {1.0}), "'prior.tau2' has 1 values where 2 belong"},
                      {put("/status/absent/C", {"y"}), "'status.absent' names the unknown site 'C'"},
                      {put("/status/absent/A", {"w"}), "'status.absent' names the unknown feature 'w'"},
                      {put("/training/n", -1), "'training.n' is not a count"},
                      {put("/training/id_hashes", {"b", "a"}), "'training.id_hashes' is not sorted"},
                  });
}

TEST_CASE("values in moments that cannot be right are named by where they stand") {
    check_changes(
        Saved(), "moments.json", "moments_x.json",
        {
            {put("/format_version", 2), "format version 2 is not known to this program"},
            {put("/patterns/0/n", {4}), "'patterns[0].n' does not have one count a site"},
            {put("/patterns/0/n/0", -4), "'patterns[0].n[0]' is not a count"},
            {put("/patterns/0/n/0", nullptr), "'patterns[0].n[0]' is not a count"},
            {put("/patterns/0/covariate_mean/0", {1.0}), "'patterns[0].covariate_mean[0]' has 1 values where 2 belong"},
            {put("/patterns/0/scatter/0/0/0", -1.0), "'patterns[0].scatter[0]' has a negative sum of squares"},
            {put("/patterns/0/scatter/0", {1.0}), "'patterns[0].scatter[0]' has 1 rows where 2 belong"},
            {put("/patterns/0/scatter/0/0/1", 0.5), "'patterns' has a scatter that is not symmetric"},
            {put("/patterns/0/n/1", 5), "'patterns' counts more values than site 'B' has subjects"},
            {put("/sites/0/n", 3), "'training.n' is not the sum of the sites' subjects"},
            {put("/training/n", 9), "'training.n' is not the sum of the sites' subjects"},
            {put("/squares/0/1", 0.0), "'cross_products' is too large for 'squares': feature 'z', site 'A'"},
            {put("/cross_products/age/1/0", -1e6), "'cross_products' is too large for 'squares': feature 'y', site 'B'"},
            {put("/pattern_of_feature", {0}), "'pattern_of_feature' does not have one entry a feature"},
            {put("/pattern_of_feature/0", 5), "'pattern_of_feature[0]' names no pattern"},
            {put("/mean/0/1", nullptr), "'mean[0][1]' is not a finite number"},
            {put("/mean/0/1", "2"), "'mean[0][1]' is not a finite number"},
            {put("/squares/1/0", -1e-9), "'squares' has a negative sum of squares"},
            {put("/squares", {{1.0, 1.0}}), "'squares' has 1 rows where 2 belong"},
            {drop("/cross_products/age"), "'cross_products.age' is missing"},
            {put("/cross_products/age/0", {1.0, 2.0, 3.0}), "'cross_products.age[0]' has 3 values where 2 belong"},
        });
}

TEST_CASE("a number that no double can hold is refused in JSON as well") {
    const Saved saved;
    std::string text = saved.read("model.json");
    const std::size_t number = text.find("[", text.find("\"grand_mean\"")) + 1;
    saved.write("model_x.json", text.replace(number, text.find(',', number) - number, "1e999"));
    CHECK(said_of(saved, "model_x.json") == "model_x.json: JSON with a number out of range");
}
