// The coarse batched operations that carry the arithmetic of a fit: accumulate, solve, shrink, apply.
// A Backend is chosen once per run; every operation gives the same bytes for any number of threads.
// Layouts are row-major with features last (fastest), so each operation is one pass over contiguous features.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "tare/base/matrix.hpp"

namespace tare::compute {

using base::Index;
using base::Matrix;

/// Features that are observed on the same subjects.
struct ObservedRows {
    std::vector<Index> columns;     ///< the features, ascending positions
    std::vector<Index> rows;        ///< the subjects, grouped by site, in cohort order within a site
    std::vector<Index> site_begin;  ///< sites + 1 offsets into `rows`
};

/// Per site and feature: mean ȳ, cross products b with the coded covariates and sum of squares q, all centred.
struct FeatureMoments {
    Matrix<double> mean;            ///< sites × features
    Matrix<double> cross_products;  ///< (sites · terms) × features; row s·terms + j is b_s of term j
    Matrix<double> squares;         ///< sites × features
};

/// The design side of a least-squares problem that several features share.
struct SharedDesign {
    std::vector<Index> columns;     ///< the features
    Matrix<double> covariate_mean;  ///< sites × terms: c̄_s
    Matrix<double> scatter;         ///< (sites · terms) × terms: A_s
    Matrix<double> factor;          ///< terms × terms: lower Cholesky factor of D⁻¹(Σ A_s)D⁻¹
    std::vector<double> scale;      ///< terms: the diagonal of D, √ of the diagonal of Σ A_s
};

struct LeastSquares {
    Matrix<double> coefficients;      ///< terms × features: β
    Matrix<double> site_mean;         ///< sites × features: α_s = ȳ_s − c̄_sᵀβ
    Matrix<double> residual_squares;  ///< sites × features: R_s = q_s − 2βᵀb_s + βᵀA_sβ, never negative
};

/// The empirical prior of one site (Johnson, Li, Rabinovic 2007): γ ~ N(γ̄, τ²), δ² ~ inverse gamma (a, b).
struct SitePrior {
    double gamma_bar = 0.0;
    double tau2 = 0.0;
    double a = 0.0;
    double b = 0.0;
};

/// How one feature takes part in the shrinkage of one site.
enum class Shrinkage : unsigned char {
    none,           ///< left as it is: nothing is known of it at this site, or nothing is to be adjusted
    location,       ///< δ is held at 1, only γ is shrunk
    location_scale  ///< both
};

struct SiteEstimates {
    std::span<const double> n;          ///< subjects that the site has of each feature
    std::span<const double> gamma_hat;  ///< per feature
    std::span<const double> delta_hat;  ///< per feature; not read where only the location is shrunk
    std::span<const Shrinkage> shrinkage;
};

struct SiteEffects {
    std::vector<double> gamma_star;
    std::vector<double> delta_star;
    Index not_converged = 0;  ///< features whose iteration met the cap
};

enum class StopRule {
    each_feature,  ///< every feature iterates to its own fixed point (relative change ≤ 1e-12)
    all_together   ///< all features stop at the first sweep whose largest signed relative change is ≤ 1e-4
};

/// What adjusting one subject's values needs besides the values.
struct Adjustment {
    std::span<const double> grand_mean;  ///< features: α
    const Matrix<double>& coefficients;  ///< terms × features: β
    const Matrix<double>& scale_change;  ///< sites × features: 1/√δ* − 1
    const Matrix<double>& shift;         ///< sites × features: σγ*/√δ*
};

class Backend {
public:
    virtual ~Backend() = default;

    /// One-pass centred moments (Chan, Golub, LeVeque 1983) in chunks of a fixed number of subjects.
    /// `values`: subjects × features, NaN only where a group does not list the row. `codes`: subjects × terms.
    [[nodiscard]] virtual FeatureMoments accumulate(const Matrix<double>& values, const Matrix<double>& codes, Index sites,
                                                    std::span<const ObservedRows> groups) const = 0;

    /// Least squares with site intercepts partialled out, from moments alone.
    [[nodiscard]] virtual LeastSquares solve(const FeatureMoments& moments, Index sites, Index terms,
                                             std::span<const SharedDesign> designs) const = 0;

    /// Parametric empirical Bayes of one site: iterates g = (τ²nγ̂ + dγ̄)/(τ²n + d), d = (½Σ(z−g)² + b)/(n/2 + a − 1).
    [[nodiscard]] virtual SiteEffects shrink_parametric(const SiteEstimates& site, const SitePrior& prior,
                                                        StopRule stop) const = 0;

    /// Non-parametric empirical Bayes of one site: means of the other features' (γ̂, δ̂) weighted by their likelihood,
    /// with the weights in the log domain.
    [[nodiscard]] virtual SiteEffects shrink_nonparametric(const SiteEstimates& site) const = 0;

    /// Adjusts every row in place: y + (1/√δ* − 1)(y − α − cᵀβ) − σγ*/√δ*. `site[i]` is the site of row i, or −1 to
    /// leave the row as it is. Each value depends on its own row alone.
    virtual void adjust(Matrix<double>& values, const Matrix<double>& codes, std::span<const Index> site,
                        const Adjustment& adjustment) const = 0;
};

/// The backend that runs on the processor with this number of threads.
[[nodiscard]] std::unique_ptr<Backend> make_cpu_backend(int threads);

}  // namespace tare::compute
