// A cohort in the processor's memory, fitted and applied by a backend from there to there: what a run does with values that
// it has read. Every step is timed by itself; what no backend does (standardising, priors) is timed as the processor's
// share.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "tare/base/parallel.hpp"
#include "tare/base/rng.hpp"
#include "tare/compute/backend.hpp"

namespace tare::bench {

using compute::Index;
using compute::Matrix;

inline constexpr Index terms = 3;

struct Shape {
    Index voxels, site_subjects, sites;

    [[nodiscard]] Index subjects() const { return site_subjects * sites; }
    [[nodiscard]] double cells() const { return static_cast<double>(voxels) * static_cast<double>(subjects()); }
};

/// Numbers to fill arrays of any size with: as many as are wanted, at most a prime that no size is a multiple of.
template <typename T, typename Draw>
[[nodiscard]] std::vector<T> drawn(Index count, const Draw& draw) {
    std::vector<T> out(static_cast<std::size_t>(std::min<Index>(count, 1'048'573)));
    std::generate(out.begin(), out.end(), [&draw] { return static_cast<T>(draw()); });
    return out;
}

/// The design side of all subjects, which all features share.
[[nodiscard]] inline compute::SharedDesign shared_design(const Shape& shape, const Matrix<double>& codes) {
    compute::SharedDesign out;
    out.columns.resize(static_cast<std::size_t>(shape.voxels));
    std::iota(out.columns.begin(), out.columns.end(), Index{0});
    out.covariate_mean = Matrix<double>(shape.sites, terms);
    out.scatter = Matrix<double>(shape.sites * terms, terms);
    Matrix<double> all(terms, terms);
    const double n = static_cast<double>(shape.site_subjects);
    for (Index s = 0; s < shape.sites; ++s) {
        const Index first = s * shape.site_subjects, last = first + shape.site_subjects;
        for (Index j = 0; j < terms; ++j) {
            for (Index i = first; i < last; ++i) out.covariate_mean(s, j) += codes(i, j) / n;
        }
        for (Index j = 0; j < terms; ++j) {
            for (Index k = 0; k < terms; ++k) {
                double& sum = out.scatter(s * terms + j, k);
                for (Index i = first; i < last; ++i) {
                    sum += (codes(i, j) - out.covariate_mean(s, j)) * (codes(i, k) - out.covariate_mean(s, k));
                }
                all(j, k) += sum;
            }
        }
    }
    for (Index j = 0; j < terms; ++j) out.scale.push_back(std::sqrt(all(j, j)));
    out.factor = Matrix<double>(terms, terms);
    for (Index j = 0; j < terms; ++j) {
        for (Index k = 0; k <= j; ++k) {
            double left = all(j, k) / (out.scale[static_cast<std::size_t>(j)] * out.scale[static_cast<std::size_t>(k)]);
            for (Index i = 0; i < k; ++i) left -= out.factor(j, i) * out.factor(k, i);
            out.factor(j, k) = j == k ? std::sqrt(left) : left / out.factor(k, k);
        }
    }
    return out;
}

/// Values of all subjects, site after site.
struct HostCohort {
    explicit HostCohort(const Shape& wanted)
        : shape(wanted), values(wanted.subjects(), wanted.voxels), codes(wanted.subjects(), terms) {
        base::Rng rng(5);
        numbers_ = drawn<float>(values.size(), [&rng] { return 10.0 + rng.normal(); });
        for (Index i = 0; i < codes.size(); ++i) codes.data()[i] = rng.normal();
        designs.push_back(shared_design(shape, codes));
    }
    /// Undoes what was adjusted.
    void fill() {
        const auto most = static_cast<Index>(numbers_.size());
        for (Index at = 0; at < values.size(); at += most) {
            std::copy_n(numbers_.begin(), std::min(most, values.size() - at), values.data() + at);
        }
    }

    Shape shape;
    Matrix<float> values;  ///< subjects × voxels
    Matrix<double> codes;  ///< subjects × terms
    std::vector<compute::SharedDesign> designs;

private:
    std::vector<float> numbers_;
};

struct Step {
    std::string what;
    double seconds;
};

/// Fits all sites of a cohort that is filled, and adjusts their values in place.
class WholeFit {
public:
    WholeFit(const compute::Backend& backend, HostCohort& cohort) : backend_(backend), cohort_(cohort) {}

    /// The steps and how long each took.
    std::vector<Step> run() {
        steps_.clear();
        const Shape& shape = cohort_.shape;
        const Index p = shape.voxels, sites = shape.sites;
        compute::FeatureMoments moments;
        Matrix<double> beta;
        compute::SiteResiduals left;
        compute::SiteEffects effects;
        timed("moments", [&] {
            moments = {Matrix<double>(sites, p), Matrix<double>(sites * terms, p), Matrix<double>(sites, p)};
            for (Index s = 0; s < sites; ++s) {
                compute::SiteAccumulation site{
                    0, {}, moments.mean.row(s), moments.squares.row(s), moments.cross_products.row_block(s * terms, terms)};
                const base::RowPointers rows = rows_of<const float>(s);
                backend_.accumulate({rows, subjects_of(s), cohort_.codes}, {}, site);
            }
        });
        timed("solve", [&] { beta = backend_.solve(moments, sites, terms, cohort_.designs); });
        timed("residuals", [&] { left = backend_.residuals(moments, sites, cohort_.designs, beta); });
        std::vector<double> level(static_cast<std::size_t>(p)), sd(level.size());
        std::vector<compute::SitePrior> priors(static_cast<std::size_t>(sites));
        timed("standardising and priors, on the processor", [&] {
            standardise(left, level, sd);
            in_parallel(static_cast<std::size_t>(sites), [&](std::size_t s) {
                priors[s] =
                    prior_of(left.site_mean.row(static_cast<Index>(s)), left.residual_squares.row(static_cast<Index>(s)));
            });
        });
        const std::vector<double> n(level.size(), static_cast<double>(shape.site_subjects));
        const std::vector<compute::Shrinkage> both(level.size(), compute::Shrinkage::location_scale);
        // One site after another, so that only one site's effects are held.
        for (Index s = 0; s < sites; ++s) {
            timed("parametric shrinkage", [&] {
                effects = backend_.shrink_parametric({n, left.site_mean.row(s), left.residual_squares.row(s), both},
                                                     priors[static_cast<std::size_t>(s)], compute::StopRule::each_feature);
            });
            timed("standardising and priors, on the processor", [&] { to_adjustment(effects, sd); });
            timed("adjust", [&] {
                const base::RowPointers rows = rows_of<const float>(s);
                backend_.adjust({rows, subjects_of(s), cohort_.codes}, {level, beta, effects.delta_star, effects.gamma_star},
                                rows_of<float>(s));
            });
        }
        return steps_;
    }

private:
    void timed(const std::string& what, const std::function<void()>& work) {
        const auto began = std::chrono::steady_clock::now();
        work();
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
        const auto at = std::find_if(steps_.begin(), steps_.end(), [&what](const Step& step) { return step.what == what; });
        if (at == steps_.end()) {
            steps_.push_back({what, took.count()});
        } else {
            at->seconds += took.count();
        }
    }
    template <typename Work>
    void in_parallel(std::size_t count, const Work& work) const {
        base::for_each_in_parallel(count, backend_.threads(), work);
    }
    /// Calls work(begin, end) for stretches of features.
    template <typename Work>
    void over_features(const Work& work) const {
        constexpr Index stretch = 8192;
        const Index p = cohort_.shape.voxels;
        in_parallel(static_cast<std::size_t>((p + stretch - 1) / stretch), [&](std::size_t part) {
            const Index begin = static_cast<Index>(part) * stretch;
            work(begin, std::min(p, begin + stretch));
        });
    }
    template <typename T>
    [[nodiscard]] std::vector<T*> rows_of(Index site) const {
        std::vector<T*> out;
        for (const Index i : subjects_of(site)) out.push_back(cohort_.values.row(i).data());
        return out;
    }
    [[nodiscard]] std::vector<Index> subjects_of(Index site) const {
        std::vector<Index> out(static_cast<std::size_t>(cohort_.shape.site_subjects));
        std::iota(out.begin(), out.end(), site * cohort_.shape.site_subjects);
        return out;
    }

    /// Makes γ̂ and δ̂ of site means and residual squares, in place; adds to zeros the features' level α and SD σ.
    void standardise(compute::SiteResiduals& left, std::vector<double>& level, std::vector<double>& sd) const {
        const Index sites = cohort_.shape.sites;
        const double n = static_cast<double>(cohort_.shape.site_subjects),
                     all = static_cast<double>(cohort_.shape.subjects());
        over_features([&](Index begin, Index end) {
            const auto row = [begin, end](auto& matrix, Index r) {
                return matrix.row(r).subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
            };
            const auto count = static_cast<std::size_t>(end - begin);
            const std::span<double> mean = std::span(level).subspan(static_cast<std::size_t>(begin), count);
            const std::span<double> sigma = std::span(sd).subspan(static_cast<std::size_t>(begin), count);
            for (Index s = 0; s < sites; ++s) {
                const std::span<const double> means = row(left.site_mean, s), squares = row(left.residual_squares, s);
                for (std::size_t f = 0; f < count; ++f) {
                    mean[f] += means[f] / static_cast<double>(sites);
                    sigma[f] += squares[f] / all;
                }
            }
            for (double& variance : sigma) variance = std::sqrt(variance);
            for (Index s = 0; s < sites; ++s) {
                const std::span<double> means = row(left.site_mean, s), squares = row(left.residual_squares, s);
                for (std::size_t f = 0; f < count; ++f) {
                    means[f] = (means[f] - mean[f]) / sigma[f];
                    squares[f] /= sigma[f] * sigma[f] * (n - 1.0);
                }
            }
        });
    }

    /// The prior whose moments are those of the estimates.
    static compute::SitePrior prior_of(std::span<const double> gamma, std::span<const double> delta) {
        const auto moments = [](std::span<const double> values) {
            const double count = static_cast<double>(values.size());
            const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
            double squares = 0.0;
            for (const double value : values) squares += (value - mean) * (value - mean);
            return std::pair(mean, squares / (count - 1.0));
        };
        const auto [gamma_bar, tau2] = moments(gamma);
        const auto [m, v] = moments(delta);
        return {gamma_bar, tau2, (2.0 * v + m * m) / v, (m * v + m * m * m) / v};
    }

    /// Makes σγ*/√δ* of γ* and 1/√δ* − 1 of δ*, in place.
    void to_adjustment(compute::SiteEffects& effects, const std::vector<double>& sd) const {
        over_features([&](Index begin, Index end) {
            for (auto f = static_cast<std::size_t>(begin); f < static_cast<std::size_t>(end); ++f) {
                const double root = std::sqrt(effects.delta_star[f]);
                effects.gamma_star[f] *= sd[f] / root;
                effects.delta_star[f] = 1.0 / root - 1.0;
            }
        });
    }

    const compute::Backend& backend_;
    HostCohort& cohort_;
    std::vector<Step> steps_;
};

}  // namespace tare::bench
