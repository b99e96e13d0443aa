// The coarse batched operations that carry the arithmetic of a fit: accumulate, solve, shrink, apply.
// A Backend is chosen once per run; every operation gives the same bytes for any number of threads.
// Layouts are row-major with features last (fastest), so each operation is one pass over contiguous features.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "tare/base/matrix.hpp"
#include "tare/base/row_pointers.hpp"

namespace tare::compute {

using base::Index;
using base::Matrix;

/// Subjects are accumulated in chunks of this many, each centred on its own mean: part of the definition of the result.
inline constexpr Index accumulation_chunk = 16;

/// Values of some subjects, and which subjects they are.
struct Rows {
    const base::RowPointers& values;  ///< one pointer for each subject, to its first feature
    std::span<const Index> subjects;  ///< their rows in `codes`
    const Matrix<double>& codes;      ///< subjects × terms
};

/// What has been accumulated of one site so far, for features that are observed on the same subjects.
struct SiteAccumulation {
    Index n = 0;
    std::vector<double> covariate_mean;  ///< terms: c̄ of the subjects so far
    std::span<double> mean;              ///< features
    std::span<double> squares;           ///< features
    std::span<double> cross_products;    ///< terms × features
};

/// Per site and feature: mean ȳ, cross products b with the coded covariates and sum of squares q, all centred.
struct FeatureMoments {
    Matrix<double> mean;            ///< sites × features
    Matrix<double> cross_products;  ///< (sites · terms) × features; row s·terms + j is b_s of term j
    Matrix<double> squares;         ///< sites × features

    /// Takes out of memory for now what is in files.
    void release() const noexcept {
        mean.release();
        cross_products.release();
        squares.release();
    }
};

/// The design side of a least-squares problem that several features share.
struct SharedDesign {
    std::vector<Index> columns;     ///< the features
    Matrix<double> covariate_mean;  ///< sites × terms: c̄_s
    Matrix<double> scatter;         ///< (sites · terms) × terms: A_s
    Matrix<double> factor;          ///< terms × terms: lower Cholesky factor of D⁻¹(Σ A_s)D⁻¹; only solve needs it
    std::vector<double> scale;      ///< terms: the diagonal of D, √ of the diagonal of Σ A_s; likewise
};

/// The design side of penalised least squares with one curve, for features that share a design. With H = A + λP, all scaled
/// by D, the modes W of H₀ = A + λ₀P have WᵀH₀W = 1 and WᵀPW = diag(p), so that WᵀHW = diag(1 − λ₀p + λp). Penalties of
/// other curves, whose weights are known, are part of A. `fit_curve` chooses λ for each feature.
struct CurveDesign {
    std::vector<Index> columns;            ///< the features
    std::vector<double> scale;             ///< terms: the diagonal of D
    Matrix<double> modes;                  ///< terms × terms: W, one mode a column
    std::vector<double> penalised;         ///< terms: p, 0 where the penalty leaves a mode alone
    std::vector<double> free_part;         ///< terms: 1 − λ₀p
    std::vector<double> log_lambda;        ///< the grid on which log λ is looked for, ascending
    std::vector<double> lambda;            ///< grid: λ
    std::vector<double> log_determinants;  ///< grid: log|H| − rank·log λ, but for a constant
    double log_determinant_of_line = 0.0;  ///< the same as λ goes to infinity
    double degrees = 0.0;                  ///< n − M: subjects less sites and terms that no penalty touches
    double rank = 0.0;                     ///< of P
    double spline_terms = 0.0;             ///< terms of the curve
    double exact = 0.0;                    ///< a residual below this share of yy is that of an exact fit
};

/// Where the curves of the features go; features outside all designs are left as they are.
struct CurveFits {
    Matrix<double>& coefficients;  ///< terms × features: β
    std::span<double> lambda;      ///< features: infinite where the curve is a straight line
    std::span<double> edf;         ///< features: effective degrees of freedom of the curve, 1 for a straight line
};

/// The curve of one feature.
struct CurveFit {
    std::vector<double> coefficients;  ///< terms: β
    double lambda = 0.0;
    double edf = 0.0;
};

/// What Backend::fit_curve finds for one feature, from b = Σ b_s (terms) and yy = Σ q_s.
[[nodiscard]] CurveFit fit_curve(const CurveDesign& design, std::span<const double> cross_products, double squares);

/// What the mean model leaves at every site.
struct SiteResiduals {
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
    /// The posterior variances of γ and δ given the mean model (of γ also given δ*); NaN for a δ that is not estimated.
    std::vector<double> gamma_variance, delta_variance;
    Index not_converged = 0;  ///< features whose iteration met the cap
};

/// Effects as they were estimated, γ* = γ̂ and δ* = 1, with variances unknown: where every shrinkage begins.
[[nodiscard]] SiteEffects unshrunk_effects(std::span<const double> gamma_hat);

/// The posterior variance of γ given δ: that of a normal mean with a normal prior.
[[nodiscard]] double gamma_variance(const SitePrior& prior, double n, double delta);
/// The variance of the inverse gamma distribution of shape n/2 + a whose mean is δ; NaN where it has none.
[[nodiscard]] double delta_variance(const SitePrior& prior, double n, double delta);

enum class StopRule {
    each_feature,  ///< every feature iterates to its own fixed point (relative change ≤ 1e-12)
    all_together   ///< all features stop at the first sweep whose largest signed relative change is ≤ 1e-4
};

/// What adjusting the subjects of one site needs besides their values; spans have one entry a feature.
struct Adjustment {
    std::span<const double> grand_mean;    ///< α
    const Matrix<double>& coefficients;    ///< terms × features: β
    std::span<const double> scale_change;  ///< 1/√δ* − 1
    std::span<const double> shift;         ///< σγ*/√δ*
};

class Backend {
public:
    virtual ~Backend() = default;

    /// Adds subjects of one site to its moments in one pass (Chan, Golub, LeVeque 1983). Every call but the last of a site
    /// must bring a multiple of `accumulation_chunk` subjects; then the result is the same however they are handed over.
    /// `columns`: the features to look at, ascending; empty: all. A value that is not finite spoils its feature's moments.
    virtual void accumulate(const Rows& rows, std::span<const Index> columns, SiteAccumulation& into) const = 0;

    /// Least squares with site intercepts partialled out, from moments alone: β, terms × features.
    [[nodiscard]] virtual Matrix<double> solve(const FeatureMoments& moments, Index sites, Index terms,
                                               std::span<const SharedDesign> designs) const = 0;

    /// Penalised least squares with site intercepts partialled out, from moments alone: β = H⁻¹b, with the λ of each feature
    /// that makes the restricted likelihood largest, which is (n − M)·log(yy − bᵀH⁻¹b) + log|H| − rank·log λ smallest
    /// (Wood 2011, section 2). All designs have as many terms.
    virtual void fit_curve(const FeatureMoments& moments, Index sites, std::span<const CurveDesign> designs,
                           const CurveFits& into) const = 0;

    /// What is left at every site by these coefficients (terms × features), whether least squares or not.
    [[nodiscard]] virtual SiteResiduals residuals(const FeatureMoments& moments, Index sites,
                                                  std::span<const SharedDesign> designs,
                                                  const Matrix<double>& coefficients) const = 0;

    /// The threads that it uses, for work that is not one of these operations.
    [[nodiscard]] virtual int threads() const noexcept = 0;

    /// Parametric empirical Bayes of one site: iterates g = (τ²nγ̂ + dγ̄)/(τ²n + d), d = (½Σ(z−g)² + b)/(n/2 + a − 1).
    [[nodiscard]] virtual SiteEffects shrink_parametric(const SiteEstimates& site, const SitePrior& prior,
                                                        StopRule stop) const = 0;

    /// Non-parametric empirical Bayes of one site: means of the other features' (γ̂, δ̂) weighted by their likelihood,
    /// with the weights in the log domain.
    [[nodiscard]] virtual SiteEffects shrink_nonparametric(const SiteEstimates& site) const = 0;

    /// Adjusts subjects of one site: y + (1/√δ* − 1)(y − α − cᵀβ) − σγ*/√δ*. `adjusted` has the precision of the values
    /// and may be the values themselves. Each result depends on its own subject alone.
    virtual void adjust(const Rows& rows, const Adjustment& adjustment, const base::WritableRows& adjusted) const = 0;
};

/// The backend that runs on the processor with this number of threads.
[[nodiscard]] std::unique_ptr<Backend> make_cpu_backend(int threads);

}  // namespace tare::compute
