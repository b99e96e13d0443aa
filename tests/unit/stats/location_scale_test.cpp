// The location-scale likelihood: closed forms, score equations, units, features that have no maximum, and the field.
#include "../../../src/stats/location_scale.hpp"

#include <cmath>

#include <catch2/catch.hpp>

#include "reference_rows.hpp"
#include "tare/base/rng.hpp"

using namespace tare;
using base::Index;
using base::Matrix;
using stats::LocationScale;
using stats::LocationScaleFit;

namespace {

struct Sample {
    Matrix<double> codes, scale_codes;
    std::vector<Index> site;
    std::vector<double> y;
};

/// Two codes, one of them in the spread too, three sites of which the second has no row.
Sample sample(Index rows, std::uint64_t seed = 3) {
    base::Rng rng(seed);
    Sample out{Matrix<double>(rows, 2), Matrix<double>(rows, 1), {}, {}};
    for (Index i = 0; i < rows; ++i) {
        out.site.push_back(i % 3 == 0 ? 0 : 2);
        const double age = rng.uniform(20.0, 80.0), sex = rng.uniform() < 0.5 ? 1.0 : 0.0;
        out.codes(i, 0) = out.scale_codes(i, 0) = age;
        out.codes(i, 1) = sex;
        out.y.push_back(3.0 - 0.02 * age + 0.4 * sex + (i % 3 == 0 ? 0.5 : 0.0) +
                        std::exp(-1.0 + 0.02 * age) * rng.normal());
    }
    return out;
}

LocationScaleFit fitted(const Sample& s, Index sites = 3) {
    return LocationScale(s.codes, s.site, sites, s.scale_codes).fit(s.y);
}

/// The largest of the score equations, beside the size of the terms that cancel in it.
double largest_score(const Sample& s, const LocationScaleFit& fit) {
    std::vector<double> score(7, 0.0), size(7, 0.0);
    const auto add = [&](std::size_t k, double term) {
        score[k] += term;
        size[k] += std::abs(term);
    };
    for (std::size_t i = 0; i < s.y.size(); ++i) {
        const auto row = static_cast<Index>(i);
        const auto site = static_cast<std::size_t>(s.site[i]);
        const double age = s.codes(row, 0), sex = s.codes(row, 1);
        const double mean = fit.site_intercept[site] + fit.coefficients[0] * age + fit.coefficients[1] * sex;
        const double sd = std::exp(fit.log_sd_intercept + fit.log_sd_coefficients[0] * s.scale_codes(row, 0));
        const double z = (s.y[i] - mean) / sd;
        add(site, z / sd);
        add(3, z / sd * age);
        add(4, z / sd * sex);
        add(5, z * z - 1.0);
        add(6, (z * z - 1.0) * age);
    }
    double largest = 0.0;
    for (std::size_t k = 0; k < score.size(); ++k) {
        if (size[k] > 0.0) largest = std::max(largest, std::abs(score[k]) / size[k]);
    }
    return largest;
}

}  // namespace

TEST_CASE("where mean and spread differ by group only, each group has its own mean and SD with divisor n") {
    Sample s{Matrix<double>(9, 1), Matrix<double>(9, 1), std::vector<Index>(9, 0), {1, 2, 4, 8, 3, 5, 5.5, 6, 7}};
    for (Index i = 4; i < 9; ++i) s.codes(i, 0) = s.scale_codes(i, 0) = 1.0;
    const LocationScaleFit fit = fitted(s, 1);
    REQUIRE(fit.converged);
    const auto mean_and_sd = [&](std::size_t from, std::size_t to) {
        const auto n = static_cast<double>(to - from);
        double sum = 0.0, squares = 0.0;
        for (std::size_t i = from; i < to; ++i) sum += s.y[i];
        for (std::size_t i = from; i < to; ++i) squares += (s.y[i] - sum / n) * (s.y[i] - sum / n);
        return std::pair(sum / n, std::sqrt(squares / n));
    };
    const auto [first_mean, first_sd] = mean_and_sd(0, 4);
    const auto [second_mean, second_sd] = mean_and_sd(4, 9);
    CHECK(fit.site_intercept[0] == Approx(first_mean).epsilon(1e-12));
    CHECK(fit.coefficients[0] == Approx(second_mean - first_mean).epsilon(1e-12));
    CHECK(fit.log_sd_intercept == Approx(std::log(first_sd)).epsilon(1e-11));
    CHECK(fit.log_sd_coefficients[0] == Approx(std::log(second_sd / first_sd)).epsilon(1e-11));
}

TEST_CASE("without scale codes the fit is least squares and the residual SD") {
    Sample s = sample(40);
    s.scale_codes = Matrix<double>(40, 0);
    const LocationScaleFit fit = fitted(s);
    REQUIRE(fit.converged);
    CHECK(fit.log_sd_coefficients.empty());
    double squares = 0.0;
    for (std::size_t i = 0; i < s.y.size(); ++i) {
        const auto row = static_cast<Index>(i);
        const double mean = fit.site_intercept[static_cast<std::size_t>(s.site[i])] + fit.coefficients[0] * s.codes(row, 0) +
                            fit.coefficients[1] * s.codes(row, 1);
        squares += (s.y[i] - mean) * (s.y[i] - mean);
    }
    CHECK(fit.log_sd_intercept == Approx(0.5 * std::log(squares / 40.0)).epsilon(1e-12));
}

TEST_CASE("every score equation is 0 at the maximum, in small samples and large") {
    for (const Index rows : {20, 60, 1000}) {
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            const Sample s = sample(rows, seed);
            const LocationScaleFit fit = fitted(s);
            INFO(rows << " rows, seed " << seed);
            REQUIRE(fit.converged);
            CHECK(largest_score(s, fit) < 1e-10);
            CHECK(std::isnan(fit.site_intercept[1]));
        }
    }
}

TEST_CASE("a site of one row, which its intercept fits exactly, does not keep the others from their maximum") {
    Sample s = sample(40);
    s.site[7] = 1;
    const LocationScaleFit fit = fitted(s);
    REQUIRE(fit.converged);
    const double mean = fit.site_intercept[1] + fit.coefficients[0] * s.codes(7, 0) + fit.coefficients[1] * s.codes(7, 1);
    CHECK(mean == Approx(s.y[7]).epsilon(1e-13));
    s.y[7] += 1000.0;  // its own value says nothing of the others
    const LocationScaleFit other = fitted(s);
    CHECK(other.coefficients[0] == Approx(fit.coefficients[0]).epsilon(1e-9));
    CHECK(other.log_sd_coefficients[0] == Approx(fit.log_sd_coefficients[0]).epsilon(1e-9));
}

TEST_CASE("another origin and unit of the values change the estimates as they must, and nothing else") {
    const Sample s = sample(80);
    const LocationScaleFit fit = fitted(s);
    for (const auto& [shift, unit] : {std::pair(12158.7, 800.0), std::pair(-1e6, 1.0), std::pair(0.0, 1e-9)}) {
        Sample other = s;
        for (double& y : other.y) y = shift + unit * y;
        const LocationScaleFit moved = fitted(other);
        REQUIRE(moved.converged);
        const double slack = 1e-12 + 1e-14 * std::abs(shift / unit);
        CHECK(moved.coefficients[0] / unit == Approx(fit.coefficients[0]).margin(slack));
        CHECK((moved.site_intercept[2] - shift) / unit == Approx(fit.site_intercept[2]).margin(100 * slack));
        CHECK(moved.log_sd_intercept - std::log(unit) == Approx(fit.log_sd_intercept).margin(100 * slack));
        CHECK(moved.log_sd_coefficients[0] == Approx(fit.log_sd_coefficients[0]).margin(slack));
    }
}

TEST_CASE("values that the mean fits exactly have no maximum: the ordinary fit, and it says so") {
    Sample s = sample(30);
    for (std::size_t i = 0; i < s.y.size(); ++i) s.y[i] = 7.0 + 0.5 * s.codes(static_cast<Index>(i), 0);
    const LocationScaleFit line = fitted(s);
    CHECK_FALSE(line.converged);
    CHECK(line.coefficients[0] == Approx(0.5));
    CHECK(line.site_intercept[0] == Approx(7.0));
    CHECK(line.log_sd_intercept == -INFINITY);
    CHECK(line.log_sd_coefficients == std::vector<double>{0.0});

    std::fill(s.y.begin(), s.y.end(), 12158.7);
    const LocationScaleFit constant = fitted(s);
    CHECK_FALSE(constant.converged);
    CHECK(constant.site_intercept[2] == Approx(12158.7).epsilon(1e-14));
    CHECK(constant.log_sd_intercept == -INFINITY);
}

TEST_CASE("a spread that runs to 0 in one row is given up: one spread for all") {
    Sample s = sample(30);
    for (Index i = 0; i < 30; ++i) s.codes(i, 1) = s.scale_codes(i, 0) = i == 4 ? 1.0 : 0.0;
    const LocationScaleFit fit = fitted(s);
    CHECK_FALSE(fit.converged);
    CHECK(fit.log_sd_coefficients == std::vector<double>{0.0});
    Sample ordinary = s;
    ordinary.scale_codes = Matrix<double>(30, 0);
    const LocationScaleFit one_spread = fitted(ordinary);
    REQUIRE(one_spread.converged);
    CHECK(fit.log_sd_intercept == Approx(one_spread.log_sd_intercept).epsilon(1e-12));
    CHECK(fit.coefficients[0] == Approx(one_spread.coefficients[0]).epsilon(1e-12));
}

TEST_CASE("the exact location-scale fit of the field") {
    const auto rows = test::reference_rows("cf_combatls_ml");
    if (!rows) {
        test::skip("no reference data beside the project");
        return;
    }
    Matrix<double> scale_codes(rows->codes.rows(), 2);
    for (Index i = 0; i < scale_codes.rows(); ++i) {
        scale_codes(i, 0) = rows->codes(i, 0);
        scale_codes(i, 1) = rows->codes(i, 1);
    }
    const auto sites = static_cast<Index>(rows->site_names.size());
    const LocationScale model(rows->codes, rows->site, sites, scale_codes);
    const auto sd = rows->expected("stand_sd.tsv"), mean = rows->expected("stand_mean.tsv");
    // Rows: mu:age, sexF, sexM, dxPT, four sites (the last 0), logsigma: intercept, age, sexM.
    const auto coefficients = rows->expected("ls_coefficients.tsv");
    REQUIRE(rows->features.size() == 16);
    double sd_error = 0.0, mean_error = 0.0, theta_error = 0.0, site_error = 0.0;
    for (std::size_t f = 0; f < rows->features.size(); ++f) {
        const LocationScaleFit fit = model.fit(rows->values[f]);
        REQUIRE(fit.converged);
        const auto& peer = coefficients[f];
        theta_error = std::max({theta_error, std::abs(fit.log_sd_intercept - peer[8]),
                                60.0 * std::abs(fit.log_sd_coefficients[0] - peer[9]),
                                std::abs(fit.log_sd_coefficients[1] - peer[10])});
        double grand_mean = 0.0;
        for (const Index s : rows->site) {
            grand_mean += fit.site_intercept[static_cast<std::size_t>(s)] / static_cast<double>(rows->site.size());
        }
        for (std::size_t i = 0; i < rows->site.size(); ++i) {
            const auto row = static_cast<Index>(i);
            const double ours = std::exp(fit.log_sd_intercept + fit.log_sd_coefficients[0] * scale_codes(row, 0) +
                                         fit.log_sd_coefficients[1] * scale_codes(row, 1));
            sd_error = std::max(sd_error, std::abs(ours / sd[f][i] - 1.0));
            double location = grand_mean;
            for (Index j = 0; j < 3; ++j) location += fit.coefficients[static_cast<std::size_t>(j)] * rows->codes(row, j);
            mean_error = std::max(mean_error, std::abs(location - mean[f][i]) / ours);
        }
        for (std::size_t s = 0; s < 4; ++s) {
            site_error = std::max(site_error,
                                  std::abs(fit.site_intercept[s] - peer[1] - peer[4 + s]) / std::exp(fit.log_sd_intercept));
        }
    }
    CHECK(sd_error < 1e-10);
    CHECK(mean_error < 1e-10);
    CHECK(theta_error < 1e-10);
    CHECK(site_error < 1e-10);
}
