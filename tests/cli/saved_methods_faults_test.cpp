// The bad-input list: models of curves, CovBat, longitudinal ComBat and ComBatLS that are changed by hand.
#include <functional>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "visits_example.hpp"
#include "workplace.hpp"

using tare::test::Finished;
using tare::test::visits_table;
using tare::test::Workplace;
using Json = nlohmann::ordered_json;

namespace {

/// A change of a model that parses, and what is then said of it.
struct Change {
    std::function<void(Json&)> make;
    std::string said;
};

std::function<void(Json&)> put(const std::string& pointer, const Json& value) {
    return [=](Json& json) { json[Json::json_pointer(pointer)] = value; };
}

std::function<void(Json&)> drop(const std::string& pointer) {
    return [=](Json& json) {
        const Json::json_pointer place(pointer);
        Json& parent = json[place.parent_pointer()];
        if (parent.is_array()) {
            parent.erase(std::stoul(place.back()));
        } else {
            parent.erase(place.back());
        }
    };
}

/// What messages call the place of a pointer: '/a/1/b' is a[1].b.
std::string name_of(const std::string& pointer) {
    std::string name;
    for (Json::json_pointer rest(pointer); !rest.empty(); rest.pop_back()) {
        const std::string& step = rest.back();
        const bool index = step.find_first_not_of("0123456789") == std::string::npos;
        name.insert(0, index ? "[" + step + "]" : "." + step);
    }
    return name.substr(1);
}

/// A model of three features y0, y1, y2 at sites A and B by the given options.
class Model : public Workplace {
public:
    explicit Model(const std::string& options) {
        write("t.csv", visits_table("AB"));
        succeed("tare-fit --quiet --input t.csv --features 'y*' " + options + " --model m.json");
        // It is right as it is.
        succeed("tare-apply --quiet --model m.json --input t.csv --training-subjects allow --output right.csv");
    }

    /// Every command that reads a model says so, and writes nothing.
    void check(const std::vector<Change>& changes) const {
        for (const Change& change : changes) {
            Json json = Json::parse(read("m.json"));
            change.make(json);
            write("x.json", json.dump());
            INFO(change.said);
            for (const std::string command : {"tare-apply --model x.json --input t.csv --output x.csv",
                                              "tare-fit --extend x.json --input t.csv --model y.json"}) {
                const auto before = listing();
                const Finished finished = shell(command);
                CHECK(finished.code == 65);
                CHECK(finished.out == "");
                CHECK(finished.err == command.substr(0, command.find(' ')) + ": error: x.json: " + change.said + "\n");
                CHECK(listing() == before);
            }
        }
    }

    /// The same where each of these keys is missing.
    void check_missing(const std::vector<std::string>& pointers) const {
        std::vector<Change> changes;
        for (const std::string& pointer : pointers) {
            changes.push_back({drop(pointer), "'" + name_of(pointer) + "' is missing"});
        }
        check(changes);
    }
};

}  // namespace

TEST_CASE("damaged curves of a model are named") {
    const Model model("--smooth age:k=5 --covariates sex");
    model.check_missing(
        {"/smooth", "/smooth/age", "/smooth/age/lambda", "/smooth/age/edf", "/covariate_mean", "/transform"});
    const auto column = [](const std::string& key) { return "/design/columns/1/" + key; };
    model.check({
        {put("/smooth/age/lambda/1", -1), "'smooth.age.lambda' has a value below 0"},
        {put("/smooth/age/lambda/1", "flat"), "'smooth.age.lambda[1]' is not a finite number"},
        {drop("/smooth/age/lambda/1"), "'smooth.age.lambda' has 2 values where 3 belong"},
        {put("/smooth/age/edf/0", -0.5), "'smooth.age.edf' has a value below 0"},
        {put("/smooth/age/edf", {1, 2, 3, 4}), "'smooth.age.edf' has 4 values where 3 belong"},
        {put(column("basis"), 3), "'design.columns[1].basis' is not from 4 to 1000"},
        {put(column("basis"), 6), "'design.columns[1].knots' has 9 values where 10 belong"},
        {put(column("bounds"), {80, 20}), "'design.columns[1].bounds' are not ascending"},
        {put(column("bounds"), {20, 81}), "'design.columns[1].knots' do not follow from the bounds"},
        {put(column("knots/3"), 50), "'design.columns[1].knots' do not follow from the bounds"},
        {drop(column("knots/3")), "'design.columns[1].knots' has 8 values where 9 belong"},
        {put(column("lambda"), -1), "'design.columns[1].lambda' is neither 'reml' nor a number from 0 up"},
        {put(column("lambda"), "gcv"), "'design.columns[1].lambda' is neither 'reml' nor a number from 0 up"},
        {put(column("lambda"), nullptr), "'design.columns[1].lambda' is not a finite number"},
        {put("/covariate_mean", {0.5}), "'covariate_mean' has 1 values where 5 belong"},
        {put("/covariate_mean/2", nullptr), "'covariate_mean[2]' is not a finite number"},
        {put("/transform", "sqrt"), "'transform' is 'sqrt', which this program does not know"},
        {put("/options/robust", 1), "'options.robust' is neither true nor false"},
        {put("/options/min_per_site", -1), "'options.min_per_site' is not a count"},
        {put("/options/reference", "C"), "'options.reference' names no site of the model"},
        {put("/gamma_variance/1/0", -0.1), "'gamma_variance' has a value that is no variance"},
        {put("/delta_variance/0/2", -0.1), "'delta_variance' has a value that is no variance"},
        {drop("/delta_variance/0/2"), "'delta_variance[0]' has 2 values where 3 belong"},
    });
}

TEST_CASE("damaged axes of a CovBat model are named") {
    const Model model("--method covbat --components 2 --covariates age");
    model.check_missing({"/covariance", "/covariance/centre", "/covariance/scale", "/covariance/axes",
                         "/covariance/variance", "/covariance/scores", "/covariance/scores/grand_mean",
                         "/covariance/scores/pooled_variance", "/covariance/scores/gamma", "/covariance/scores/delta",
                         "/options/components", "/options/explained", "/options/scale_features"});
    const std::string scores = "/covariance/scores/";
    model.check({
        {drop("/covariance/centre/0"), "'covariance.centre' has 2 values where 3 belong"},
        {put("/covariance/centre/0", nullptr), "'covariance.centre[0]' is not a finite number"},
        {put("/covariance/scale/1", 0), "'covariance.scale' has a value that is no scale"},
        {put("/covariance/scale/1", -1), "'covariance.scale' has a value that is no scale"},
        {drop("/covariance/axes/1"), "'covariance.axes' has 1 rows where 2 belong"},
        {drop("/covariance/axes/1/0"), "'covariance.axes[1]' has 2 values where 3 belong"},
        {put("/covariance/axes", 5), "'covariance.axes' is not a list"},
        {put("/covariance/variance", Json::array()), "'covariance.variance' has 0 values for 2 components"},
        {put("/covariance/variance", {1.0}), "'covariance.variance' has 1 values for 2 components"},
        {put("/covariance/variance/0", -1), "'covariance.variance' has a value below 0"},
        {drop(scores + "grand_mean/0"), "'covariance.scores.pooled_variance' has 2 values where 1 belong"},
        {put(scores + "pooled_variance/1", -1), "'covariance.scores.pooled_variance' has a value below 0"},
        {put(scores + "delta/0/0", 0), "'covariance.scores.delta' has a value that is no variance"},
        {put(scores + "delta/0/0", -1), "'covariance.scores.delta' has a value that is no variance"},
        {drop(scores + "gamma/1"), "'covariance.scores.gamma' has 1 rows where 2 belong"},
        {drop(scores + "gamma/1/1"), "'covariance.scores.gamma[1]' has 1 values where 2 belong"},
        {put(scores + "gamma/1/1", nullptr), "'covariance.scores.gamma[1][1]' is not a finite number"},
        {put("/options/explained", 1), "'options.explained' does not lie between 0 and 1"},
        {put("/options/components", 2.5), "'options.components' is not a count"},
        {put("/options/scale_features", "yes"), "'options.scale_features' is neither true nor false"},
        {put("/method", "anova"), "'method' is 'anova', which this program does not know"},
        {put("/method", "longitudinal"), "'options.sigma' is missing"},
    });
}

TEST_CASE("damaged parts of a longitudinal model are named") {
    const Model model("--method longitudinal --subject person --covariates age");
    model.check_missing({"/person_ratio", "/site_shift", "/options/sigma"});
    model.check({
        {drop("/design/subject"), "'design' names no 'subject', whose visits share an effect"},
        {put("/design/subject", ""), "'design' names no 'subject', whose visits share an effect"},
        {put("/design/subject", 3), "'design.subject' is not a text"},
        {put("/person_ratio/0", -0.1), "'person_ratio' has a value below 0"},
        {put("/person_ratio/0", nullptr), "'person_ratio[0]' is not a finite number"},
        {drop("/person_ratio/0"), "'person_ratio' has 2 values where 3 belong"},
        {put("/site_shift/1/2", nullptr), "'site_shift' lacks a value that its status calls for"},
        {drop("/site_shift/1"), "'site_shift' has 1 rows where 2 belong"},
        {put("/options/sigma", "mad"), "'options.sigma' is 'mad', which this program does not know"},
    });
}

TEST_CASE("damaged spreads of a ComBatLS model are named") {
    const Model model("--method combatls --covariates age --scale-covariates age,sex");
    model.check_missing({"/spread", "/spread/columns", "/spread/terms", "/spread/covariate_mean", "/spread/log_sd",
                         "/spread/coefficients", "/spread/coefficients/age", "/spread/coefficients/sex=M",
                         "/spread/columns/1/levels"});
    model.check({
        {put("/spread/log_sd/0", nullptr), "'spread.log_sd' lacks a value that the variance calls for"},
        {put("/spread/log_sd/0", "wide"), "'spread.log_sd[0]' is not a finite number"},
        {drop("/spread/log_sd/0"), "'spread.log_sd' has 2 values where 3 belong"},
        {drop("/spread/coefficients/age/0"), "'spread.coefficients.age' has 2 values where 3 belong"},
        {put("/spread/coefficients/age/0", nullptr), "'spread.coefficients.age[0]' is not a finite number"},
        {put("/spread/covariate_mean", {30.0}), "'spread.covariate_mean' has 1 values where 2 belong"},
        {put("/spread/terms", {"age"}), "'spread.terms' does not follow from the columns"},
        {put("/spread/columns/0/range", {30.0}), "'spread.columns[0].range' has 1 values where 2 belong"},
    });
}
