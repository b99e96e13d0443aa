// Reports of people who do not exist: sites with shifts and spreads before, without them after. Equal arguments, equal
// reports.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "tare/report/facts.hpp"

namespace tare::test {

struct MadeUp {
    std::size_t sites = 3, features = 12, people = 40;  ///< people at each site
    bool covariates = true, model = true, maps = false, voxels = false, missing = false;
    std::vector<std::string> site_names = {}, feature_names = {};  ///< instead of "site-01", "feature-0001", from the front
};

class MadeUpMaker {
public:
    explicit MadeUpMaker(const MadeUp& wanted) : wanted_(wanted) {}

    [[nodiscard]] report::Report make() {
        put_names();
        put_people();
        put_states();
        put_shown();
        if (wanted_.model) put_model();
        if (wanted_.maps) put_maps();
        if (wanted_.voxels) put_voxels();
        return std::move(report_);
    }

private:
    using Index = base::Index;

    /// About normal: the sum of twelve uniform numbers.
    double draw() {
        double sum = -6.0;
        for (int i = 0; i < 12; ++i) {
            state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
            sum += static_cast<double>(state_ >> 11U) * 0x1p-53;
        }
        return sum;
    }

    static std::string numbered(const std::string& stem, std::size_t number, std::size_t digits) {
        std::string text = std::to_string(number);
        return stem + std::string(digits - std::min(digits, text.size()), '0') + text;
    }

    void put_names() {
        report_.before_name = "raw.tsv";
        report_.after_name = "harmonised.tsv";
        report_.version = "0.0.0";
        report_.verdict = {
            "The sites differed: site explained 21.4 % of the variance of the median feature, and 11 of 12 features "
            "differed.",
            "After harmonising, site explains 0.4 %, and no feature differs any more.",
            "Spreads differed in 7 features before and in 0 after.",
            "The slope of age was −0.031 SD per year before and is −0.030 after (difference 0.001, 95 % interval −0.002 to "
            "0.004).",
            "Site site-03 has only 8 people: what is said of it is uncertain."};
        report_.remarks = {"1 of 3 sites has fewer than 10 people.", "0.4 % of the cells were missing and stayed so."};
        for (std::size_t f = 0; f < wanted_.features; ++f) {
            report_.features.push_back(f < wanted_.feature_names.size() ? wanted_.feature_names[f]
                                                                        : numbered("feature-", f + 1, 4));
        }
        if (wanted_.covariates) {
            report_.terms = {"age", "sex=M"};
            report_.age = "age";
            report_.category = "sex";
            report_.levels = {"F", "M"};
        }
    }

    void put_people() {
        for (std::size_t s = 0; s < wanted_.sites; ++s) {
            report::Site site;
            site.name = s < wanted_.site_names.size() ? wanted_.site_names[s] : numbered("site-", s + 1, 2);
            site.n = static_cast<Index>(s % 5 == 2 ? std::max<std::size_t>(2, wanted_.people / 5) : wanted_.people);
            site.flagged = site.n < 10;
            site.missing_share = wanted_.missing ? 0.01 * static_cast<double>(s) : 0.0;
            double sum = 0.0, squares = 0.0;
            site.age_least = 200.0;
            for (Index i = 0; i < site.n; ++i) {
                const double age =
                    std::round(10.0 * std::clamp(35.0 + 2.0 * static_cast<double>(s % 7) + 12.0 * draw(), 8.0, 90.0)) / 10.0;
                report_.site_of.push_back(static_cast<Index>(s));
                report_.age_of.push_back(wanted_.covariates ? age : std::nan(""));
                sum += age;
                squares += age * age;
                site.age_least = std::min(site.age_least, age);
                site.age_most = std::max(site.age_most, age);
            }
            const auto n = static_cast<double>(site.n);
            site.age_mean = wanted_.covariates ? sum / n : std::nan("");
            site.age_sd = wanted_.covariates ? std::sqrt(std::max(0.0, squares / n - sum * sum / n / n)) : std::nan("");
            if (wanted_.covariates) site.level_counts = {site.n / 2, site.n - site.n / 2};
            report_.people += site.n;
            report_.sites.push_back(site);
        }
    }

    static report::Box box_of(std::vector<double> values) {
        std::sort(values.begin(), values.end());
        report::Box box;
        box.n = static_cast<Index>(values.size());
        if (values.empty()) return box;
        const auto quantile = [&](double p) {
            return values[static_cast<std::size_t>(p * static_cast<double>(values.size() - 1))];
        };
        box.least = values.front();
        box.most = values.back();
        box.lower_quartile = quantile(0.25);
        box.median = quantile(0.5);
        box.upper_quartile = quantile(0.75);
        const double reach = 1.5 * (box.upper_quartile - box.lower_quartile);
        box.low_whisker =
            *std::find_if(values.begin(), values.end(), [&](double v) { return v >= box.lower_quartile - reach; });
        box.high_whisker =
            *std::find_if(values.rbegin(), values.rend(), [&](double v) { return v <= box.upper_quartile + reach; });
        for (const double value : values) box.mean += value / static_cast<double>(values.size());
        for (const double value : values) box.sd += (value - box.mean) * (value - box.mean);
        box.sd = values.size() > 1 ? std::sqrt(box.sd / static_cast<double>(values.size() - 1)) : std::nan("");
        return box;
    }

    void put_states() {
        for (std::size_t f = 0; f < wanted_.features; ++f) {
            const double unit = std::pow(10.0, static_cast<double>(f % 4));
            const double strength =
                1.4 / (1.0 + 0.02 * static_cast<double>(f * 12) / static_cast<double>(wanted_.features + 12));
            std::vector<std::vector<double>> raw(wanted_.sites), clean(wanted_.sites);
            for (std::size_t s = 0; s < wanted_.sites; ++s) {
                const double shift = strength * draw();
                const double spread = std::exp(0.25 * draw());
                for (Index i = 0; i < report_.sites[s].n; ++i) {
                    if (wanted_.missing && s == 1 && f % 3 == 0) continue;
                    const double noise = draw();
                    raw[s].push_back(unit * (10.0 + shift + spread * noise));
                    clean[s].push_back(unit * (10.0 + noise));
                }
            }
            for (report::State* state : {&report_.before, &report_.after}) {
                const bool before = state == &report_.before;
                std::vector<report::Box> boxes;
                for (const auto& values : before ? raw : clean) boxes.push_back(box_of(values));
                state->boxes.push_back(boxes);
                const double eta =
                    before ? 0.6 * std::exp(-0.15 * static_cast<double>(f * 12) / static_cast<double>(wanted_.features))
                           : 0.004;
                const double p = before ? 1e-8 * static_cast<double>(f + 1) : 0.8;
                const report::Test test{before ? 31.4159 : 0.27182, p, std::min(1.0, 2.0 * p), eta};
                const report::Test weaker{before ? 5.5 : 0.3, p * 1e4, std::min(1.0, p * 2e4), eta / 4.0};
                const report::Test bare{before ? 14.2 : -0.6, p, std::min(1.0, 2.0 * p), std::nan("")};
                state->effects.push_back({test, test, weaker, weaker, bare});
                std::vector<double> terms;
                if (wanted_.covariates) terms = {0.11, 0.03};
                state->shares.push_back({eta * 0.8, terms, 1.0 - eta * 0.8 - (wanted_.covariates ? 0.14 : 0.0)});
            }
            report_.ranking.push_back(static_cast<Index>(f));
        }
        for (report::State* state : {&report_.before, &report_.after}) put_whole(*state, state == &report_.before);
    }

    void put_whole(report::State& state, bool before) {
        for (std::size_t t = 0; t < report_.terms.size(); ++t) {
            std::vector<report::Slope> slopes;
            for (std::size_t f = 0; f < wanted_.features; ++f) {
                const double slope =
                    (t == 0 ? -0.03 : 0.4) * std::pow(10.0, static_cast<double>(f % 4)) + (before ? 0.004 : 0.0);
                slopes.push_back({slope, slope - std::abs(0.4 * slope), slope + std::abs(0.4 * slope)});
            }
            state.slopes.push_back(slopes);
        }
        state.multivariate = {before ? 1.83 : 0.12, before ? 0.0 : 0.91, std::nan(""), before ? 0.42 : 0.03};
        state.multivariate_name = "MANOVA (Pillai)";
        state.scores = base::Matrix<double>(report_.people, 2);
        for (Index i = 0; i < report_.people; ++i) {
            const auto site = static_cast<double>(report_.site_of[static_cast<std::size_t>(i)]);
            state.scores(i, 0) = draw() + (before ? 3.0 * std::cos(2.4 * site) : 0.0);
            state.scores(i, 1) = draw() + (before ? 2.0 * std::sin(2.4 * site) : 0.0);
        }
        state.component_share = {before ? 0.412 : 0.287, before ? 0.173 : 0.121};
    }

    void put_shown() {
        const std::size_t shown = std::min<std::size_t>(60, wanted_.features);
        for (std::size_t f = 0; f < shown; ++f) report_.correlation_features.push_back(static_cast<Index>(f));
        for (report::State* state : {&report_.before, &report_.after}) {
            const auto n = static_cast<Index>(shown);
            state->correlation = base::Matrix<double>(n, n);
            for (Index i = 0; i < n; ++i) {
                for (Index j = 0; j < n; ++j) {
                    const double block = i / 4 == j / 4 ? 0.6 : (i + j) % 5 == 0 ? -0.25 : 0.1;
                    state->correlation(i, j) = i == j ? 1.0 : state == &report_.before ? std::min(0.9, block + 0.3) : block;
                }
            }
        }
        if (!wanted_.covariates) return;
        for (double age = 10.0; age <= 80.0; age += 2.5) report_.curve_ages.push_back(age);
        for (std::size_t f = 0; f < std::min<std::size_t>(6, wanted_.features); ++f)
            report_.curve_features.push_back(static_cast<Index>(f));
        for (report::State* state : {&report_.before, &report_.after}) {
            for (std::size_t f = 0; f < report_.curve_features.size(); ++f) {
                std::vector<std::vector<double>> curves;
                for (std::size_t s = 0; s < wanted_.sites; ++s) {
                    const double shift = state == &report_.before ? 0.5 * draw() : 0.05 * draw();
                    std::vector<double> curve;
                    for (const double age : report_.curve_ages) {
                        const bool outside =
                            age < 12.0 + 2.0 * static_cast<double>(s % 3) || age > 78.0 - 3.0 * static_cast<double>(s % 4);
                        curve.push_back(outside ? std::nan("")
                                                : 10.0 + shift - 0.03 * (age - 40.0) +
                                                      0.1 * std::sin(age / 9.0 + static_cast<double>(s)));
                    }
                    curves.push_back(curve);
                }
                state->curves.push_back(curves);
            }
        }
        report_.mean_slopes = {{{{-0.031, -0.034, -0.028}, {-0.030, -0.033, -0.027}, {0.001, -0.002, 0.004}}},
                               {{{0.41, 0.35, 0.47}, {0.40, 0.34, 0.46}, {-0.01, -0.03, 0.01}}}};
    }

    void put_model() {
        report::ModelFacts model;
        model.method = "combat";
        model.convention = "tare";
        model.tool_version = "tare 0.0.0";
        model.features = report_.features;
        const auto sites = static_cast<Index>(wanted_.sites), features = static_cast<Index>(wanted_.features);
        for (base::Matrix<double>* matrix : {&model.gamma_hat, &model.gamma_star, &model.delta_hat, &model.delta_star}) {
            *matrix = base::Matrix<double>(sites, features);
        }
        for (Index s = 0; s < sites; ++s) {
            const report::Site& site = report_.sites[static_cast<std::size_t>(s)];
            const double mean = 0.4 * draw();
            model.sites.push_back(site.name);
            model.sizes.push_back(static_cast<double>(site.n));
            model.uncertainty.push_back(0.95 / std::sqrt(static_cast<double>(site.n)));
            model.gamma_bar.push_back(mean);
            model.tau2.push_back(0.25);
            model.a.push_back(20.0);
            model.b.push_back(19.0);
            for (Index f = 0; f < features; ++f) {
                model.gamma_hat(s, f) = mean + 0.5 * draw();
                model.gamma_star(s, f) = 0.9 * model.gamma_hat(s, f) + 0.1 * mean;
                model.delta_hat(s, f) = std::exp(0.22 * draw());
                model.delta_star(s, f) = std::pow(model.delta_hat(s, f), 0.8);
            }
        }
        report_.model.push_back(model);
    }

    void put_voxels() {
        report::Histograms histograms;
        for (int i = 0; i <= 64; ++i) histograms.edges.push_back(12.5 * static_cast<double>(i));
        for (report::VoxelValues* voxels : {&histograms.before, &histograms.after}) {
            const bool before = voxels == &histograms.before;
            for (std::size_t s = 0; s < wanted_.sites; ++s) {
                const double middle = 300.0 + (before ? 40.0 * std::sin(2.4 * static_cast<double>(s)) : 0.0);
                voxels->sites.push_back({middle + 20.0, 140.0, middle - 200.0, middle, middle + 260.0});
                std::vector<double> shares;
                double sum = 0.0;
                for (int b = 0; b < 64; ++b) {
                    const double z = (12.5 * b - middle) / 60.0, other = (12.5 * b - middle - 240.0) / 45.0;
                    shares.push_back(std::exp(-z * z / 2.0) + 0.6 * std::exp(-other * other / 2.0));
                    sum += shares.back();
                }
                for (double& share : shares) share *= 0.99 / sum;
                voxels->shares.push_back(shares);
                voxels->below.push_back(0.004);
                voxels->above.push_back(0.006);
            }
            voxels->overlap = wanted_.sites < 2 ? std::nan("") : before ? 0.731 : 0.962;
            voxels->least_overlap = wanted_.sites < 2 ? std::nan("") : before ? 0.512 : 0.943;
        }
        report_.histograms.push_back(histograms);
    }

    void put_maps() {
        for (std::size_t s = 0; s < std::min<std::size_t>(2, wanted_.sites); ++s) {
            report::Montage map;
            map.title = "γ* of " + report_.sites[s].name;
            map.largest = 0.8;
            for (report::Montage::Plane& plane : map.planes) {
                plane.width = 60;
                plane.height = 72;
                for (Index y = 0; y < plane.height; ++y) {
                    for (Index x = 0; x < plane.width; ++x) {
                        const double dx = (static_cast<double>(x) - 30.0) / 26.0,
                                     dy = (static_cast<double>(y) - 36.0) / 32.0;
                        const bool inside = dx * dx + dy * dy < 1.0;
                        plane.grey.push_back(inside ? static_cast<float>(0.4 + 0.3 * std::cos(6.0 * dx) * std::cos(5.0 * dy))
                                                    : 0.0F);
                        plane.effect.push_back(inside ? static_cast<float>(0.8 * dx * std::sin(3.0 * dy)) : 0.0F);
                    }
                }
            }
            report_.montages.push_back(map);
        }
    }

    MadeUp wanted_;
    report::Report report_;
    std::uint64_t state_ = 20260705;
};

[[nodiscard]] inline report::Report made_up_report(const MadeUp& wanted = {}) {
    return MadeUpMaker(wanted).make();
}

}  // namespace tare::test
