// The phantom against its own truth: site maps, effects on people, noise, and that an image depends on nothing else.
#include "tare/imaging/phantom.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include <catch2/catch.hpp>

#include "tare/base/error.hpp"

using namespace tare;
using imaging::Index;
using imaging::Phantom;
using imaging::PhantomImage;
using imaging::PhantomOptions;

namespace {

PhantomOptions small(Index sites = 3) {
    PhantomOptions options;
    options.shape = {24, 28, 22};
    options.voxel_size = {8.0, 8.0, 8.0};
    options.sites = sites;
    options.seed = 11;
    return options;
}

PhantomOptions without_noise(Index sites = 3) {
    PhantomOptions options = small(sites);
    options.noise = 0.0;
    return options;
}

/// Positions where a mask is 1.
std::vector<std::size_t> inside(const std::vector<float>& mask) {
    std::vector<std::size_t> found;
    for (std::size_t v = 0; v < mask.size(); ++v) {
        if (mask[v] == 1.0F) found.push_back(v);
    }
    return found;
}

double mean(const std::vector<float>& values, const std::vector<std::size_t>& at) {
    double sum = 0.0;
    for (const std::size_t v : at) sum += static_cast<double>(values[v]);
    return sum / static_cast<double>(at.size());
}

struct Line {
    double slope, intercept;
};

Line regression(const std::vector<double>& x, const std::vector<double>& y) {
    const auto n = static_cast<double>(x.size());
    const double mx = std::accumulate(x.begin(), x.end(), 0.0) / n, my = std::accumulate(y.begin(), y.end(), 0.0) / n;
    double xx = 0.0, xy = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        xx += (x[i] - mx) * (x[i] - mx);
        xy += (x[i] - mx) * (y[i] - my);
    }
    return {xy / xx, my - xy / xx * mx};
}

}  // namespace

TEST_CASE("regressing what a site sees on the truth gives the site's gain and offset maps") {
    const Phantom phantom(without_noise());
    const std::vector<std::size_t> brain = inside(phantom.brain());
    REQUIRE(brain.size() > 1000);
    for (Index site = 0; site < 3; ++site) {
        std::vector<PhantomImage> images;
        for (Index i = 0; i < 6; ++i)
            images.push_back(phantom.image({.number = i, .site = site, .age = 30.0 + 8.0 * double(i)}));
        const std::vector<float> gain = phantom.gain(site), offset = phantom.offset(site);
        double largest = 0.0;
        for (const std::size_t v : brain) {
            std::vector<double> truth, observed;
            for (const PhantomImage& image : images) {
                truth.push_back(static_cast<double>(image.truth[v]));
                observed.push_back(static_cast<double>(image.observed[v]));
            }
            const Line line = regression(truth, observed);
            largest = std::max(largest, std::abs(line.slope - static_cast<double>(gain[v])));
            largest = std::max(largest, std::abs(line.intercept - static_cast<double>(offset[v])) / 1000.0);
        }
        CHECK(largest < 1e-4);
    }
}

TEST_CASE("site effects have the spread asked for, vary smoothly and cancel over sites") {
    PhantomOptions options = small(40);
    options.site_shift = 2.0;
    options.site_gain = 0.1;
    const Phantom phantom(options);
    const std::vector<std::size_t> brain = inside(phantom.brain());
    std::vector<double> log_gain(brain.size()), offset(brain.size());
    double gain_squares = 0.0, offset_squares = 0.0, log_noise = 0.0, steepest = 0.0;
    for (Index s = 0; s < 40; ++s) {
        const std::vector<float> g = phantom.gain(s), o = phantom.offset(s);
        for (std::size_t i = 0; i < brain.size(); ++i) {
            const double lg = std::log(static_cast<double>(g[brain[i]]));
            log_gain[i] += lg;
            offset[i] += static_cast<double>(o[brain[i]]);
            gain_squares += lg * lg;
            offset_squares += static_cast<double>(o[brain[i]]) * static_cast<double>(o[brain[i]]);
            steepest = std::max(steepest, std::abs(lg - std::log(static_cast<double>(g[brain[i] - 1]))));
        }
        log_noise += std::log(phantom.noise(s));
    }
    for (std::size_t i = 0; i < brain.size(); ++i) {
        if (std::abs(log_gain[i]) > 1e-5 || std::abs(offset[i]) > 1e-2) FAIL("the effects of all sites do not cancel");
    }
    const auto count = static_cast<double>(brain.size() * 40);
    CHECK(std::sqrt(gain_squares / count) == Approx(0.1).epsilon(0.35));
    CHECK(std::sqrt(offset_squares / count) == Approx(2.0 * Phantom::subject_sd).epsilon(0.35));
    CHECK(log_noise / 40 == Approx(std::log(options.noise * Phantom::white_matter)));
    CHECK(steepest < 0.1);
    CHECK(steepest > 0.0);
}

TEST_CASE("one site has no site effect, and none is left where none is asked for") {
    const Phantom one(without_noise(1));
    const PhantomImage image = one.image({});
    CHECK(image.observed == image.truth);
    CHECK(one.noise(0) == 0.0);
    PhantomOptions options = without_noise();
    options.site_shift = options.site_gain = 0.0;
    const PhantomImage second = Phantom(options).image({.number = 2, .site = 1});
    CHECK(second.observed == second.truth);
}

TEST_CASE("the truth changes with age, sex and diagnosis as the effect maps say") {
    const Phantom phantom(without_noise());
    const auto truth = [&](double age, bool male, bool patient) {
        return phantom.image({.number = 4, .site = 1, .age = age, .male = male, .patient = patient}).truth;
    };
    const std::vector<float> base = truth(50.0, false, false), old = truth(70.0, false, false),
                             young = truth(30.0, false, false), man = truth(50.0, true, false),
                             patient = truth(50.0, false, true);
    const std::vector<float> age = phantom.age_effect(), curve = phantom.age_curve(), sex = phantom.sex_effect(),
                             diagnosis = phantom.diagnosis_effect();
    double largest = 0.0;
    for (std::size_t v = 0; v < base.size(); ++v) {
        largest = std::max({largest, std::abs(double(old[v]) - double(young[v]) - 40.0 * double(age[v])),
                            std::abs(double(old[v]) + double(young[v]) - 2.0 * double(base[v]) - 800.0 * double(curve[v])),
                            std::abs(double(man[v]) - double(base[v]) - double(sex[v])),
                            std::abs(double(patient[v]) - double(base[v]) - double(diagnosis[v]))});
    }
    CHECK(largest < 1e-3);
    // Where grey matter is pure the decline is half an SD in 20 years on average, and it is a decline everywhere.
    CHECK(*std::max_element(age.begin(), age.end()) <= 0.0F);
    const double steepest = static_cast<double>(*std::min_element(age.begin(), age.end()));
    CHECK(steepest < -0.8 * 0.5 * Phantom::subject_sd / 20.0);
    CHECK(steepest > -2.5 * 0.5 * Phantom::subject_sd / 20.0);
    CHECK(*std::max_element(diagnosis.begin(), diagnosis.end()) <= 0.0F);
    CHECK(*std::min_element(sex.begin(), sex.end()) >= 0.0F);
}

TEST_CASE("air is Rayleigh noise of the site's level, and without noise exactly 0") {
    PhantomOptions options = small(2);
    options.shape = {48, 56, 44};
    const Phantom noisy(options), still(without_noise(2));
    for (Index site = 0; site < 2; ++site) {
        const PhantomImage image = noisy.image({.number = 3, .site = site});
        const std::vector<float> offset = noisy.offset(site);
        double sum = 0.0, squares = 0.0, count = 0.0;
        for (std::size_t v = 0; v < image.truth.size(); ++v) {
            // A voxel of this person's air may lie in the template's scalp, where the site has an offset.
            if (image.truth[v] != 0.0F || offset[v] != 0.0F) continue;
            const auto value = static_cast<double>(image.observed[v]);
            sum += value;
            squares += value * value;
            count += 1.0;
        }
        REQUIRE(count > 5000);
        const double sigma = noisy.noise(site), sd = sigma * std::sqrt(2.0 - std::numbers::pi / 2.0);
        CHECK(std::abs(sum / count - sigma * std::sqrt(std::numbers::pi / 2.0)) < 4.0 * sd / std::sqrt(count));
        CHECK(squares / count == Approx(2.0 * sigma * sigma).epsilon(0.06));
    }
    const PhantomImage quiet = still.image({.number = 3, .site = 1});
    CHECK(quiet.observed.front() == 0.0F);
    CHECK(std::count(quiet.observed.begin(), quiet.observed.end(), 0.0F) > 2000);
}

TEST_CASE("within the head noise has the site's level") {
    const Phantom noisy(small(1)), still(without_noise(1));
    const PhantomImage a = noisy.image({.number = 1});
    double squares = 0.0;
    const std::vector<std::size_t> brain = inside(noisy.brain());
    for (const std::size_t v : brain) squares += std::pow(double(a.observed[v]) - double(a.truth[v]), 2);
    CHECK(std::sqrt(squares / static_cast<double>(brain.size())) == Approx(noisy.noise(0)).epsilon(0.1));
    CHECK(still.image({.number = 1}).truth == a.truth);
}

TEST_CASE("an image follows from the seed, the sites and its subject, and from nothing else") {
    const Phantom phantom(small()), again(small());
    const imaging::PhantomSubject subject{.number = 7, .site = 2, .age = 61.5, .male = true};
    const PhantomImage first = phantom.image(subject);
    (void)phantom.image({.number = 8, .site = 0});
    CHECK(phantom.image(subject).observed == first.observed);
    CHECK(again.image(subject).observed == first.observed);
    CHECK(again.image(subject).truth == first.truth);
    PhantomOptions other = small();
    other.seed = 12;
    CHECK(Phantom(other).image(subject).observed != first.observed);
    CHECK(phantom.image({.number = 6, .site = 2, .age = 61.5, .male = true}).observed != first.observed);
    // The person is the same at every site.
    CHECK(phantom.image({.number = 7, .site = 0, .age = 61.5, .male = true}).truth == first.truth);
}

TEST_CASE("people differ about as much as subject_sd says, more at boundaries, and look like heads") {
    PhantomOptions options = without_noise(1);
    options.age_effect = options.age_curve = options.sex_effect = options.diagnosis_effect = 0.0;
    const Phantom phantom(options);
    const std::vector<std::size_t> brain = inside(phantom.brain()), head = inside(phantom.head());
    CHECK(head.size() > brain.size());
    CHECK(std::includes(head.begin(), head.end(), brain.begin(), brain.end()));
    constexpr int people = 30;
    std::vector<double> sums(phantom.brain().size()), squares(sums.size());
    for (Index i = 0; i < people; ++i) {
        const std::vector<float> truth = phantom.image({.number = i}).truth;
        CHECK(mean(truth, brain) > 550.0);
        CHECK(mean(truth, brain) < 950.0);
        CHECK(truth.front() == 0.0F);
        for (std::size_t v = 0; v < truth.size(); ++v) {
            sums[v] += static_cast<double>(truth[v]);
            squares[v] += static_cast<double>(truth[v]) * static_cast<double>(truth[v]);
        }
    }
    std::vector<double> sd;
    for (const std::size_t v : brain) sd.push_back(std::sqrt((squares[v] - sums[v] * sums[v] / people) / (people - 1)));
    std::sort(sd.begin(), sd.end());
    CHECK(sd[sd.size() / 20] == Approx(Phantom::subject_sd).epsilon(0.4));
    CHECK(sd[sd.size() / 2] > Phantom::subject_sd);
    CHECK(sd[sd.size() / 2] < 4.0 * Phantom::subject_sd);
}

TEST_CASE("the grid lies around the origin, of any size") {
    const Phantom phantom(small());
    CHECK(data::affine_text(phantom.grid()) == "[8 0 0 -92; 0 8 0 -108; 0 0 8 -84]");
    PhantomOptions flat = small(2);
    flat.shape = {64, 1, 3};
    flat.voxel_size = {3.0, 2.5, 40.0};
    const PhantomImage image = Phantom(flat).image({});
    CHECK(image.observed.size() == 192);
    CHECK(std::all_of(image.observed.begin(), image.observed.end(), [](float value) { return std::isfinite(value); }));
    flat.shape = {1, 1, 1};
    CHECK(Phantom(flat).image({}).truth.front() > 0.0F);
}

TEST_CASE("phantoms that cannot be are wrong usage") {
    const auto refused = [](auto&& change) {
        PhantomOptions options = small();
        change(options);
        CHECK_THROWS_AS(Phantom(options), base::Error);
    };
    refused([](PhantomOptions& o) { o.shape = {4, 4}; });
    refused([](PhantomOptions& o) { o.shape = {4, 0, 4}; });
    refused([](PhantomOptions& o) { o.voxel_size = {1.0, -1.0, 1.0}; });
    refused([](PhantomOptions& o) { o.voxel_size = {1.0}; });
    refused([](PhantomOptions& o) { o.sites = 0; });
    refused([](PhantomOptions& o) { o.noise = -0.1; });
    refused([](PhantomOptions& o) { o.site_gain = -1.0; });
}
