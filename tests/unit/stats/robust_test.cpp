// Medians, biweight midvariances and the robust empirical Bayes steps: by hand, at their edges, and against the field.
#include <Eigen/Dense>
#include <cmath>

#include <catch2/catch.hpp>

#include "../../../src/stats/biweight.hpp"
#include "../../../src/stats/shrink_robust.hpp"
#include "reference_rows.hpp"
#include "tare/base/rng.hpp"

using namespace tare;
using base::Index;
using compute::Shrinkage;
using compute::SiteEffects;
using compute::SiteEstimates;
using compute::SitePrior;
using compute::StopRule;
using stats::biweight_midvariance;

namespace {

struct RobustSite {
    std::vector<std::vector<double>> z;
    std::vector<double> n, gamma_hat, delta_hat;
    std::vector<Shrinkage> shrinkage;
    SitePrior prior;

    [[nodiscard]] SiteEffects shrunk(StopRule stop, int threads = 1) const {
        return stats::shrink_robust(z, SiteEstimates{n, gamma_hat, delta_hat, shrinkage}, prior, stop, threads);
    }
};

/// The estimates and the prior of a site's values, by the textbook.
RobustSite robust_site(std::vector<std::vector<double>> z) {
    RobustSite out;
    out.z = std::move(z);
    const auto p = static_cast<double>(out.z.size());
    double delta_mean = 0.0, delta_variance = 0.0;
    for (const auto& values : out.z) {
        out.n.push_back(static_cast<double>(values.size()));
        out.gamma_hat.push_back(stats::median(values));
        out.delta_hat.push_back(biweight_midvariance(values));
        out.shrinkage.push_back(Shrinkage::location_scale);
        out.prior.gamma_bar += out.gamma_hat.back() / p;
        delta_mean += out.delta_hat.back() / p;
    }
    for (std::size_t f = 0; f < out.z.size(); ++f) {
        out.prior.tau2 += std::pow(out.gamma_hat[f] - out.prior.gamma_bar, 2) / (p - 1.0);
        delta_variance += std::pow(out.delta_hat[f] - delta_mean, 2) / (p - 1.0);
    }
    out.prior.a = (2.0 * delta_variance + delta_mean * delta_mean) / delta_variance;
    out.prior.b = (delta_mean * delta_variance + std::pow(delta_mean, 3)) / delta_variance;
    return out;
}

RobustSite drawn_site(Index subjects, std::size_t features) {
    base::Rng rng(5);
    std::vector<std::vector<double>> z(features);
    for (auto& values : z) {
        const double shift = rng.normal(), spread = rng.uniform(0.5, 1.5);
        for (Index i = 0; i < subjects; ++i) values.push_back(shift + spread * rng.normal() * (i == 3 ? 20.0 : 1.0));
    }
    return robust_site(std::move(z));
}

/// How far (γ*, δ*) are from solving their own equations.
double residual(const RobustSite& site, const SiteEffects& effects) {
    double largest = 0.0;
    for (std::size_t f = 0; f < site.z.size(); ++f) {
        const double n = site.n[f], g = effects.gamma_star[f], d = effects.delta_star[f];
        const double weight = site.prior.tau2 * n;
        const double spread = (n - 1.0) * biweight_midvariance(site.z[f], g);
        largest = std::max({largest, std::abs((weight * site.gamma_hat[f] + d * site.prior.gamma_bar) / (weight + d) - g),
                            std::abs((0.5 * spread + site.prior.b) / (0.5 * n + site.prior.a - 1.0) - d)});
    }
    return largest;
}

}  // namespace

TEST_CASE("the median is the middle value or the mean of the two") {
    CHECK(stats::median(std::vector<double>{3, 1, 2}) == 2.0);
    CHECK(stats::median(std::vector<double>{4, 1, 3, 2}) == 2.5);
    CHECK(stats::median(std::vector<double>{5}) == 5.0);
    CHECK(std::isnan(stats::median({})));
    CHECK(std::isnan(stats::median(std::vector<double>{1, NAN, 2})));
}

TEST_CASE("the biweight midvariance by hand, about the median and about another centre") {
    const std::vector<double> values{-2, -1, 0, 1, 3};
    const auto by_hand = [&](double centre, double mad) {
        const double c = 9.0 / 0.6744897501960817;
        double above = 0.0, below = 0.0;
        for (const double x : values) {
            const double u2 = std::pow((x - centre) / (c * mad), 2);
            above += std::pow(x - centre, 2) * std::pow(1.0 - u2, 4);
            below += (1.0 - u2) * (1.0 - 5.0 * u2);
        }
        return 5.0 * above / (below * below);
    };
    CHECK(biweight_midvariance(values) == Approx(by_hand(0.0, 1.0)).epsilon(1e-13));
    CHECK(biweight_midvariance(values, 0.5) == Approx(by_hand(0.5, 1.5)).epsilon(1e-13));
    std::vector<double> shifted = values;
    for (double& x : shifted) x = 12158.7 + 800.0 * x;
    CHECK(biweight_midvariance(shifted) == Approx(640000.0 * biweight_midvariance(values)).epsilon(1e-11));
}

TEST_CASE("a value beyond nine SDs counts in n alone") {
    std::vector<double> values{-2, -1, -0.5, 0, 0.5, 1, 2, 50};
    const double far = biweight_midvariance(values);
    values.back() = 5e6;
    CHECK(biweight_midvariance(values) == Approx(far).epsilon(1e-13));
    CHECK(far < 5.0);
}

TEST_CASE("where half of the values are tied nothing is trimmed") {
    const std::vector<double> tied{4, 4, 4, 10, 1};
    CHECK(stats::half_tied(tied));
    CHECK(biweight_midvariance(tied) == Approx((36.0 + 9.0) / 5.0));
    CHECK(biweight_midvariance(std::vector<double>{0.1 + 0.2, 0.3, 0.3, 2.3}) == Approx(1.0));
    CHECK(biweight_midvariance(std::vector<double>{7, 7, 7}) == 0.0);
    CHECK(biweight_midvariance(std::vector<double>{7}) == 0.0);
    CHECK_FALSE(stats::half_tied(std::vector<double>{1, 2, 3}));
    CHECK(std::isnan(biweight_midvariance({})));
    CHECK(std::isnan(biweight_midvariance(std::vector<double>{1, INFINITY, 2})));
}

TEST_CASE("robust shrinkage solves its equations, alike for any number of threads and whatever the other features") {
    const RobustSite site = drawn_site(30, 12);
    const SiteEffects effects = site.shrunk(StopRule::each_feature);
    CHECK(effects.not_converged == 0);
    CHECK(residual(site, effects) < 1e-11);
    const SiteEffects threaded = site.shrunk(StopRule::each_feature, 2);
    CHECK(threaded.gamma_star == effects.gamma_star);
    CHECK(threaded.delta_star == effects.delta_star);
    RobustSite alone = site;
    alone.shrinkage.assign(12, Shrinkage::none);
    alone.shrinkage[4] = Shrinkage::location_scale;
    const SiteEffects one = alone.shrunk(StopRule::each_feature);
    CHECK(one.gamma_star[4] == effects.gamma_star[4]);
    CHECK(one.delta_star[4] == effects.delta_star[4]);
    CHECK(one.gamma_star[0] == site.gamma_hat[0]);
    CHECK(one.delta_star[0] == 1.0);
}

TEST_CASE("a cell of which only the location is shrunk needs no values") {
    RobustSite site = drawn_site(10, 5);
    site.shrinkage[2] = Shrinkage::location;
    site.z[2].clear();
    const SiteEffects effects = site.shrunk(StopRule::each_feature);
    const double weight = 10.0 * site.prior.tau2;
    CHECK(effects.gamma_star[2] ==
          Approx((weight * site.gamma_hat[2] + site.prior.gamma_bar) / (weight + 1.0)).epsilon(1e-14));
    CHECK(effects.delta_star[2] == 1.0);
}

TEST_CASE("a feature of which half is tied keeps a spread") {
    RobustSite site = drawn_site(11, 5);
    std::fill(site.z[1].begin(), site.z[1].begin() + 6, 0.25);
    site = robust_site(std::move(site.z));
    CHECK(site.gamma_hat[1] == 0.25);
    const SiteEffects effects = site.shrunk(StopRule::each_feature);
    CHECK(effects.not_converged == 0);
    const double about = stats::mean_square(site.z[1], effects.gamma_star[1]);
    CHECK(effects.delta_star[1] == Approx((5.0 * about + site.prior.b) / (5.5 + site.prior.a - 1.0)).epsilon(1e-11));
}

TEST_CASE("sweeps that cycle: the fixed point for each feature, the peers' stop for all together") {
    // At this site and prior the sweeps end in a cycle of two.
    RobustSite site;
    site.z = {{-0.11477792, 1.62719675, -0.13241678, 0.15540623, 1.69179535}};
    site.n = {5.0};
    site.gamma_hat = {0.15540623};
    site.delta_hat = {biweight_midvariance(site.z[0])};
    site.shrinkage = {Shrinkage::location_scale};
    site.prior = {-0.14993067, 0.2, 3.0, 1.0};
    const SiteEffects own = site.shrunk(StopRule::each_feature);
    CHECK(residual(site, own) < 1e-12);
    CHECK(own.not_converged == 0);
    const SiteEffects peers = site.shrunk(StopRule::all_together);
    CHECK(peers.not_converged == 1);
    CHECK(residual(site, peers) > 1e-3);
}

TEST_CASE("the robust estimates of the field") {
    const auto rows = test::reference_rows("cf_robust");
    if (!rows) {
        test::skip("no reference data beside the project");
        return;
    }
    const auto n = static_cast<Index>(rows->site.size());
    const auto sites = static_cast<Index>(rows->site_names.size());
    const std::size_t features = rows->features.size();
    REQUIRE(features == 20);
    Eigen::MatrixXd design = Eigen::MatrixXd::Zero(n, sites + 3);
    for (Index i = 0; i < n; ++i) {
        design(i, rows->site[static_cast<std::size_t>(i)]) = 1.0;
        for (Index j = 0; j < 3; ++j) design(i, sites + j) = rows->codes(i, j);
    }
    const Eigen::ColPivHouseholderQR<Eigen::MatrixXd> qr(design);
    Eigen::MatrixXd average = design;  // every site at its share
    for (Index s = 0; s < sites; ++s) average.col(s).setConstant(design.col(s).mean());

    const auto pooled = rows->expected("var_pooled.tsv"), gamma_hat = rows->expected("gamma_hat.tsv"),
               delta_hat = rows->expected("delta_hat.tsv"), gamma_star = rows->expected("gamma_star.tsv"),
               delta_star = rows->expected("delta_star.tsv"), harmonised = rows->expected("harmonized.tsv"),
               converged = rows->expected("harmonized_conv1e-13.tsv");
    std::vector<std::vector<double>> stand_mean(features), z(features);
    std::vector<double> sigma(features);
    double worst = 0.0;
    const auto note = [&](double difference) { worst = std::max(worst, std::abs(difference)); };
    for (std::size_t f = 0; f < features; ++f) {
        const Eigen::VectorXd y = Eigen::Map<const Eigen::VectorXd>(rows->values[f].data(), n);
        const Eigen::VectorXd beta = qr.solve(y);
        const Eigen::VectorXd rest = y - design * beta, mean = average * beta;
        const double variance = biweight_midvariance({rest.data(), static_cast<std::size_t>(n)}) *
                                static_cast<double>(n - 1) / static_cast<double>(n);
        note(variance / pooled[f][0] - 1.0);
        sigma[f] = std::sqrt(variance);
        stand_mean[f].assign(mean.begin(), mean.end());
        for (Index i = 0; i < n; ++i) z[f].push_back((y(i) - mean(i)) / sigma[f]);
    }
    CHECK(worst < 1e-11);

    double estimates = 0.0, shrunk = 0.0, values = 0.0, own_values = 0.0;
    Index cycling_cells = 0;
    for (Index s = 0; s < sites; ++s) {
        std::vector<std::vector<double>> of_site(features);
        for (std::size_t f = 0; f < features; ++f) {
            for (std::size_t i = 0; i < rows->site.size(); ++i) {
                if (rows->site[i] == s) of_site[f].push_back(z[f][i]);
            }
        }
        const RobustSite site = robust_site(std::move(of_site));
        const SiteEffects peers = site.shrunk(StopRule::all_together, 2);
        const SiteEffects own = site.shrunk(StopRule::each_feature);
        CHECK(own.not_converged == 0);
        CHECK(residual(site, own) < 1e-11);
        cycling_cells += peers.not_converged;
        const auto row = static_cast<std::size_t>(s);
        for (std::size_t f = 0; f < features; ++f) {
            estimates = std::max({estimates, std::abs(site.gamma_hat[f] - gamma_hat[f][row]),
                                  std::abs(site.delta_hat[f] / delta_hat[f][row] - 1.0)});
            shrunk = std::max({shrunk, std::abs(peers.gamma_star[f] - gamma_star[f][row]),
                               std::abs(peers.delta_star[f] / delta_star[f][row] - 1.0)});
            // The one cell whose sweeps cycle; the peer's stands where its sweeps happened to stop.
            const bool cycles = rows->site_names[row] == "s05" && rows->features[f] == "vol_017";
            for (std::size_t i = 0; i < rows->site.size(); ++i) {
                if (rows->site[i] != s) continue;
                const auto value = [&](const SiteEffects& effects) {
                    return stand_mean[f][i] +
                           sigma[f] * (z[f][i] - effects.gamma_star[f]) / std::sqrt(effects.delta_star[f]);
                };
                values = std::max(values, std::abs(value(peers) - harmonised[f][i]) / sigma[f]);
                if (!cycles) own_values = std::max(own_values, std::abs(value(own) - converged[f][i]) / sigma[f]);
            }
        }
    }
    CHECK(estimates < 1e-11);
    CHECK(shrunk < 1e-11);
    CHECK(values < 1e-11);
    CHECK(own_values < 1e-11);
    CHECK(cycling_cells == 1);
}
