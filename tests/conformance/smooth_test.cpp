// Curves of age by restricted maximum likelihood against the figures of mgcv (R 4.2.2, mgcv 1.8-41), from the model that
// tare-fit writes: knots, weights, degrees of freedom, fitted values, and the curve inside and outside the data.
#include <cstdio>
#include <fstream>

#include <catch2/catch.hpp>

#include "reml_by_rows.hpp"
#include "support/places.hpp"
#include "support/process.hpp"
#include "support/table_values.hpp"
#include "support/temporary_directory.hpp"
#include "tare/base/number_text.hpp"
#include "tare/base/rng.hpp"
#include "tare/io/model_file.hpp"

using namespace tare;
using namespace tare::test;

namespace {

/// The table, the model of it and what mgcv found.
struct SmoothCase {
    std::filesystem::path folder;
    data::Table raw, reference;
    stats::CombatModel model;
    std::vector<double> spread;

    [[nodiscard]] std::size_t count() const { return spread.size(); }
    [[nodiscard]] std::string name(std::size_t f) const { return std::string(reference.text_cell(row(f), 0)); }
    [[nodiscard]] double figure(const std::string& which, std::size_t f) const { return column(reference, which)[f]; }
    [[nodiscard]] base::Index place(std::size_t f) const {
        const std::vector<std::string> names = model.features.names();
        return std::find(names.begin(), names.end(), name(f)) - names.begin();
    }
    static base::Index row(std::size_t f) { return static_cast<base::Index>(f); }
};

std::optional<SmoothCase> fitted_case() {
    const auto shared = shared_folder();
    if (!shared || !std::filesystem::exists(*shared / "data" / "fcon1000.csv")) return std::nullopt;
    SmoothCase out;
    out.folder = *shared / "conformance" / "pspline_reml";
    out.reference = read_numbers((out.folder / "model.tsv").string());
    std::string features;
    for (base::Index f = 0; f < out.reference.rows(); ++f) {
        features += (f == 0 ? "" : ",") + std::string(out.reference.text_cell(f, 0));
    }
    const std::string table = (*shared / "data" / "fcon1000.csv").string();
    const TemporaryDirectory work;
    const Finished fit = run({"tare-fit", "--input", table, "--id", "sub_id", "--site", "site", "--smooth", "age",
                              "--covariates", "sex", "--features", features, "--model", "m.json"},
                             {.folder = work.path()});
    INFO(fit.err);
    REQUIRE(fit.code == 0);
    out.model = io::read_model((work.path() / "m.json").string()).model;
    out.raw = read_numbers(table, {"site"});
    REQUIRE(out.raw.rows() == 1078);
    for (base::Index f = 0; f < out.reference.rows(); ++f) {
        out.spread.push_back(standard_deviation(column(out.raw, std::string(out.reference.text_cell(f, 0)))));
    }
    return out;
}

std::vector<double> codes_of(const stats::CombatModel& model, double age, double sex) {
    REQUIRE(model.design.columns.size() == 2);
    std::vector<double> codes(static_cast<std::size_t>(model.design.term_count()), 0.0);
    const stats::SmoothTerm curve = model.design.smooth_terms().front();
    curve.spline.code(age, std::span(codes).subspan(static_cast<std::size_t>(curve.first),
                                                    static_cast<std::size_t>(curve.spline.terms())));
    const std::vector<std::string> terms = model.design.terms();
    codes[static_cast<std::size_t>(std::find(terms.begin(), terms.end(), "sex") - terms.begin())] = sex;
    return codes;
}

double effect(const stats::CombatModel& model, base::Index feature, const std::vector<double>& codes) {
    double sum = 0.0;
    for (std::size_t j = 0; j < codes.size(); ++j) {
        sum += codes[j] * model.coefficients(static_cast<base::Index>(j), feature);
    }
    return sum;
}

const std::string straight = "rh_S_temporal_transverse_thickness";

/// mgcv's optimiser stopped before the optimum of three features: the two that the README of the reference names, and the
/// mean thickness, whose λ is 7e-6 beside it. "… is where REML has its optimum" shows that it is not ours.
double value_tolerance(const std::string& feature) {
    if (feature == "rh_MeanThickness_thickness") return 2e-6;
    return feature == straight || feature == "rh_G&S_subcentral_thickness" ? 5e-5 : 1e-6;
}

/// The largest difference of a feature's fitted values, in SD.
std::vector<double> fitted_differences(const SmoothCase& smooth) {
    const data::Table fitted = read_numbers((smooth.folder / "fitted.tsv").string());
    REQUIRE(fitted.rows() == smooth.raw.rows());
    const std::vector<double> age = column(smooth.raw, "age"), sex = column(smooth.raw, "sex");
    const stats::CombatModel& model = smooth.model;
    std::vector<double> differences;
    for (std::size_t f = 0; f < smooth.count(); ++f) {
        const base::Index place = smooth.place(f);
        const auto p = static_cast<std::size_t>(place);
        const std::vector<double> theirs = column(fitted, smooth.name(f));
        double largest = 0.0;
        for (std::size_t i = 0; i < theirs.size(); ++i) {
            const auto row = static_cast<base::Index>(i);
            REQUIRE(fitted.text_cell(row, 0) == smooth.raw.text_cell(row, 0));
            const auto site =
                std::find(model.sites.begin(), model.sites.end(), smooth.raw.text_cell(row, smooth.raw.find("site")));
            const double intercept = model.grand_mean[p] + model.gamma_hat(site - model.sites.begin(), place) *
                                                               std::sqrt(model.pooled_variance[p]);
            const double ours = intercept + effect(model, place, codes_of(model, age[i], sex[i]));
            largest = std::max(largest, std::abs(ours - theirs[i]));
        }
        differences.push_back(largest / smooth.spread[f]);
    }
    return differences;
}

constexpr const char* no_data = "no reference data beside the project";

}  // namespace

TEST_CASE("the knots of a curve lie where mgcv puts them, and its penalty is that of second differences") {
    const auto smooth = fitted_case();
    if (!smooth) return skip(no_data);
    const stats::Spline spline = smooth->model.design.smooth_terms().front().spline;
    const Eigen::VectorXd ours = spline.knots();
    // A file of numbers only: its one column is read as text, being the first.
    const data::Table knots = read_numbers((smooth->folder / "knots.tsv").string());
    REQUIRE(knots.rows() == ours.size());
    for (base::Index i = 0; i < knots.rows(); ++i) {
        const std::optional<double> theirs = base::parse_number(knots.text_cell(i, 0));
        REQUIRE(theirs);
        CHECK(std::abs(ours[i] - *theirs) < 1e-9);
    }
    CHECK(spline.size == 10);
    CHECK(spline.low == 7.88);
    CHECK(spline.high == 85.0);
}

TEST_CASE("curves chosen by REML are those of mgcv") {
    const auto smooth = fitted_case();
    if (!smooth) return skip(no_data);
    double largest = 0.0;
    for (std::size_t f = 0; f < smooth->count(); ++f) {
        const base::Index place = smooth->place(f);
        const double ours = smooth->model.lambda(0, place), theirs = smooth->figure("lambda_on_unscaled_penalty", f);
        const double sites_and_sex = 24.0, edf = smooth->model.edf(0, place) + sites_and_sex;
        INFO(smooth->name(f) << ": λ " << ours << " beside " << theirs << ", edf " << edf);
        if (smooth->name(f) == straight) {
            CHECK(std::isinf(ours));
            CHECK(smooth->model.edf(0, place) == 1.0);
        } else {
            const double difference = std::abs(ours / theirs - 1.0);
            largest = std::max(largest, difference);
            CHECK(difference < (smooth->name(f) == "rh_G&S_subcentral_thickness" ? 1e-3 : 1e-5));
        }
        CHECK(std::abs(edf - smooth->figure("edf_total", f)) < 1e-3);
        const double residual = smooth->model.pooled_variance[static_cast<std::size_t>(place)] * 1078.0;
        CHECK(std::abs(residual / smooth->figure("rss", f) - 1.0) < 1e-5);
        const std::vector<double> woman = codes_of(smooth->model, 30.0, 0.0), man = codes_of(smooth->model, 30.0, 1.0);
        const double sex = effect(smooth->model, place, man) - effect(smooth->model, place, woman);
        CHECK(std::abs(sex - smooth->figure("sex", f)) < value_tolerance(smooth->name(f)) * smooth->spread[f]);
    }
    CHECK(largest < 1e-3);
}

TEST_CASE("fitted values of curves are those of mgcv") {
    const auto smooth = fitted_case();
    if (!smooth) return skip(no_data);
    const std::vector<double> differences = fitted_differences(*smooth);
    for (std::size_t f = 0; f < smooth->count(); ++f) {
        INFO(smooth->name(f) << ": " << differences[f]);
        CHECK(differences[f] < value_tolerance(smooth->name(f)));
    }
}

TEST_CASE("the achieved differences from mgcv, as docs/validation.md gives them", "[.table]") {
    const auto smooth = fitted_case();
    if (!smooth) return skip(no_data);
    const std::vector<double> differences = fitted_differences(*smooth);
    for (std::size_t f = 0; f < smooth->count(); ++f) {
        const double ours = smooth->model.lambda(0, smooth->place(f)),
                     theirs = smooth->figure("lambda_on_unscaled_penalty", f);
        std::printf("%s: fitted %.1e SD, weight %.1e\n", smooth->name(f).c_str(), differences[f],
                    std::isinf(ours) ? INFINITY : std::abs(ours / theirs - 1.0));
    }
}

TEST_CASE("the effect of age is mgcv's inside the range of the data, and its straight line outside") {
    const auto smooth = fitted_case();
    if (!smooth) return skip(no_data);
    const data::Table effects = read_numbers((smooth->folder / "age_effect_relative_to_20.tsv").string());
    REQUIRE(effects.rows() == static_cast<base::Index>(smooth->count()));
    std::size_t outside = 0;
    for (std::size_t j = 1; j < effects.header.size(); ++j) {
        const std::string& header = effects.header[j];
        REQUIRE(header.starts_with("age"));
        const std::optional<double> age = base::parse_number(header.substr(3));
        REQUIRE(age);
        if (*age < 7.88 || *age > 85.0) ++outside;
        const std::vector<double> theirs = column(effects, header);
        for (std::size_t f = 0; f < smooth->count(); ++f) {
            const base::Index place = smooth->place(f);
            const double ours = effect(smooth->model, place, codes_of(smooth->model, *age, 0.0)) -
                                effect(smooth->model, place, codes_of(smooth->model, 20.0, 0.0));
            INFO(smooth->name(f) << " at " << *age << ": " << ours << " beside " << theirs[f]);
            CHECK(std::abs(ours - theirs[f]) < value_tolerance(smooth->name(f)) * smooth->spread[f]);
        }
    }
    CHECK(outside == 2);
}

TEST_CASE("the weight of a curve is where REML has its optimum, from rows, also where mgcv stopped before") {
    const auto smooth = fitted_case();
    if (!smooth) return skip(no_data);
    const std::vector<double> age = column(smooth->raw, "age"), sex = column(smooth->raw, "sex");
    const stats::CombatModel& model = smooth->model;
    Eigen::MatrixXd fixed = Eigen::MatrixXd::Zero(smooth->raw.rows(), 1 + static_cast<Eigen::Index>(model.sites.size()));
    for (base::Index i = 0; i < smooth->raw.rows(); ++i) {
        fixed(i, 0) = sex[static_cast<std::size_t>(i)];
        const auto site =
            std::find(model.sites.begin(), model.sites.end(), smooth->raw.text_cell(i, smooth->raw.find("site")));
        fixed(i, 1 + (site - model.sites.begin())) = 1.0;
    }
    const RestrictedLikelihood likelihood(fixed, {b_splines(age, 10, 7.88, 85.0)});
    for (std::size_t f = 0; f < smooth->count(); ++f) {
        const std::string name = smooth->name(f);
        const std::vector<double> values = column(smooth->raw, name);
        const Eigen::VectorXd y = Eigen::Map<const Eigen::VectorXd>(values.data(), smooth->raw.rows()) / smooth->spread[f];
        const double ours = model.lambda(0, smooth->place(f)), theirs = smooth->figure("lambda_on_unscaled_penalty", f);
        if (std::isinf(ours)) {
            CHECK(likelihood.minus_two_log(y, {0.0}) < likelihood.minus_two_log(y, {1.0 / theirs}));
            continue;
        }
        const double slope = likelihood.slope(y, ours), slope_of_mgcv = likelihood.slope(y, theirs);
        INFO(name << ": slope " << slope << ", at mgcv's weight " << slope_of_mgcv);
        CHECK(std::abs(slope) < 1e-6);
        if (value_tolerance(name) > 1e-6) CHECK(std::abs(slope_of_mgcv) > 5.0 * std::abs(slope));
    }
}

TEST_CASE("several curves at once are where a search by brute force finds the optimum") {
    const base::Index rows = 240;
    base::Rng rng(20);
    const std::vector<std::string> names{"both", "one", "lines", "noise", "steep"};
    std::vector<double> age, icv;
    std::vector<std::vector<double>> values(names.size());
    Eigen::MatrixXd fixed = Eigen::MatrixXd::Zero(rows, 5);
    std::string table = "participant_id\tsite\tage\ticv\tsex\tboth\tone\tlines\tnoise\tsteep\n";
    for (base::Index i = 0; i < rows; ++i) {
        age.push_back(rng.uniform(8.0, 85.0));
        icv.push_back(1500.0 + 150.0 * rng.normal() + 2.0 * age.back());
        const base::Index site = i % 4;
        fixed(i, site) = 1.0;
        fixed(i, 4) = rng.uniform() < 0.5 ? 1.0 : 0.0;
        const double a = age.back(), b = (icv.back() - 1600.0) / 150.0,
                     level = 0.4 * static_cast<double>(site) + fixed(i, 4);
        values[0].push_back(level + std::sin(a / 12.0) + 0.3 * b * b + 0.5 * rng.normal());
        values[1].push_back(level + 0.01 * a + std::tanh(2.0 * b) + 0.5 * rng.normal());
        values[2].push_back(level - 0.02 * a + 0.5 * b + 0.5 * rng.normal());
        values[3].push_back(level + rng.normal());
        values[4].push_back(1000.0 + 80.0 * (level + std::exp(-a / 10.0) * 5.0 + 0.2 * b + 0.2 * rng.normal()));
        table += "p" + std::to_string(i) + "\ts" + std::to_string(site) + "\t" + base::number_text(a) + "\t" +
                 base::number_text(icv.back()) + "\t" + (fixed(i, 4) > 0.0 ? "1" : "0");
        for (const std::vector<double>& feature : values) table += "\t" + base::number_text(feature.back());
        table += "\n";
    }
    const TemporaryDirectory work;
    std::ofstream(work.path() / "t.tsv") << table;
    const Finished fit = run({"tare-fit", "--input", "t.tsv", "--smooth", "age,icv:k=6", "--covariates", "sex", "--features",
                              "both,one,lines,noise,steep", "--model", "m.json"},
                             {.folder = work.path()});
    INFO(fit.err);
    REQUIRE(fit.code == 0);
    const stats::CombatModel model = io::read_model((work.path() / "m.json").string()).model;
    REQUIRE(model.lambda.rows() == 2);
    const std::vector<stats::SmoothTerm> curves = model.design.smooth_terms();
    REQUIRE(curves[0].name == "age");
    REQUIRE(curves[1].spline.size == 6);
    const auto range = [](const std::vector<double>& x) { return std::minmax_element(x.begin(), x.end()); };
    const auto [age_low, age_high] = range(age);
    const auto [icv_low, icv_high] = range(icv);
    const RestrictedLikelihood likelihood(fixed,
                                          {b_splines(age, 10, *age_low, *age_high), b_splines(icv, 6, *icv_low, *icv_high)});
    std::size_t straight_lines = 0, finite = 0;
    for (std::size_t f = 0; f < names.size(); ++f) {
        const std::vector<std::string> in_model = model.features.names();
        const base::Index place = std::find(in_model.begin(), in_model.end(), names[f]) - in_model.begin();
        const double spread = standard_deviation(values[f]);
        const Eigen::VectorXd y = Eigen::Map<const Eigen::VectorXd>(values[f].data(), rows) / spread;
        const std::vector<double> ours{1.0 / model.lambda(0, place), 1.0 / model.lambda(1, place)};
        const std::vector<double> best = likelihood.best(y);
        INFO(names[f] << ": 1/λ " << ours[0] << ", " << ours[1] << " beside " << best[0] << ", " << best[1]);
        CHECK(likelihood.minus_two_log(y, ours) <= likelihood.minus_two_log(y, best) + 1e-9);
        for (std::size_t c = 0; c < 2; ++c) {
            ++(ours[c] == 0.0 ? straight_lines : finite);
            CHECK(std::abs(ours[c] - best[c]) <= 1e-4 * best[c]);
        }
        // The residual variance of the model and that of the fitted values of the search.
        const double residual = (y - likelihood.fitted(y, best)).squaredNorm() / static_cast<double>(rows);
        CHECK(std::abs(model.pooled_variance[static_cast<std::size_t>(place)] / (spread * spread) / residual - 1.0) < 1e-6);
    }
    CHECK(straight_lines >= 2);
    CHECK(finite >= 4);
}
