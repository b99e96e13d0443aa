// Everything that a report says, as values: computed once, shown as a page, as text and as JSON, so that all of them agree.
// Values are in the features' own units unless a name says otherwise; not a number where something cannot be told.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "tare/base/matrix.hpp"

namespace tare::report {

using base::Index;

/// A statistical test of one thing: the statistic, its p, the p that controls false discoveries over features (Benjamini and
/// Hochberg 1995), and an effect size between 0 and 1.
struct Test {
    double statistic = 0.0, p = 0.0, q = 0.0, effect = 0.0;
};

/// What the site does to one feature.
struct SiteEffect {
    Test anova;             ///< of means, after the covariates: F; partial η²
    Test kruskal_wallis;    ///< by ranks of what the covariates alone leave: H; ε²
    Test brown_forsythe;    ///< of spreads: F; η²
    Test fligner_killeen;   ///< the same by ranks: χ²; χ²/(n − 1)
    Test anderson_darling;  ///< of whole distributions of the same: k-sample A², standardised; no effect size
};

/// Shares of a feature's variance (type II: each given all others), and what none explains.
struct VarianceShares {
    double site = 0.0;
    std::vector<double> terms;  ///< as Report::terms
    double rest = 0.0;
};

/// A covariate's slope in one feature, with sites and the other covariates in the model.
struct Slope {
    double estimate = 0.0, low = 0.0, high = 0.0;  ///< 95 % interval
};

/// The values of one feature at one site: what a box plot shows.
struct Box {
    Index n = 0;
    double least = 0.0, low_whisker = 0.0, lower_quartile = 0.0, median = 0.0, upper_quartile = 0.0, high_whisker = 0.0,
           most = 0.0;
    double mean = 0.0, sd = 0.0;
};

/// One table, raw or harmonised.
struct State {
    std::vector<SiteEffect> effects;         ///< per feature
    std::vector<VarianceShares> shares;      ///< per feature
    std::vector<std::vector<Slope>> slopes;  ///< [term][feature]
    std::vector<std::vector<Box>> boxes;     ///< [feature][site]
    Test multivariate;                       ///< all features together: MANOVA's Pillai trace, or MDMR's pseudo-F
    Index multivariate_people = 0, multivariate_features = 0;  ///< that took part
    std::string multivariate_name;                             ///< "MANOVA (Pillai)", "MDMR"
    base::Matrix<double> scores;              ///< people × 2: principal components of the standardised features
    std::array<double, 2> component_share{};  ///< of the variance
    base::Matrix<double> correlation;         ///< shown features × shown features
    /// Smooth means along age: [feature of Report::curve_features][site][age of Report::curve_ages].
    std::vector<std::vector<std::vector<double>>> curves;
};

/// A site, and who is in it.
struct Site {
    std::string name;
    Index n = 0;
    double age_mean = 0.0, age_sd = 0.0, age_least = 0.0, age_most = 0.0;  ///< of the first numeric covariate
    std::vector<Index> level_counts;  ///< of the first categorical covariate, as Report::levels
    double missing_share = 0.0;       ///< of the raw cells
    double missing_share_after = 0.0;
    bool flagged = false;  ///< fewer than ten people, or named by the model as single
};

/// What the model holds, where one is given: [site][feature] in the order of Report::model_features.
struct ModelFacts {
    std::string method, convention, tool_version;
    std::vector<std::string> sites, features;
    base::Matrix<double> gamma_hat, gamma_star, delta_hat, delta_star;
    std::vector<double> gamma_bar, tau2, a, b;  ///< per site: the fitted priors; not a number without prior
    std::vector<double> uncertainty, sizes;     ///< per site: mean posterior SD of γ, and n
    std::vector<std::string> unchanged;         ///< features that were passed through
    std::vector<std::string> curved;            ///< covariates that are curves
};

/// A site-effect map of an image model on the mean image.
struct Montage {
    std::string title;  ///< "γ* of site-02"
    /// Three planes through the middle (axial, coronal, sagittal): width, height, the mean image's grey (0–1) and the
    /// effect, and the size of a pixel in millimetres.
    struct Plane {
        Index width = 0, height = 0;
        std::vector<float> grey, effect;
        double pixel_width = 1.0, pixel_height = 1.0;
    };
    std::array<Plane, 3> planes;
    double largest = 0.0;  ///< of the common colour bar, both ways
};

/// The voxels of one state's images, by site.
struct VoxelValues {
    /// What an image's voxels are like, each figure averaged over the people of a site.
    struct Figures {
        double mean = 0.0, sd = 0.0, p05 = 0.0, median = 0.0, p95 = 0.0;
    };
    std::vector<Figures> sites;               ///< per site
    std::vector<std::vector<double>> shares;  ///< [site][bin]: of all voxels of the site
    std::vector<double> below, above;         ///< per site: the shares beyond the bins
    std::vector<Index> voxels;                ///< per person: that count; where no mask says which, finite and not 0
    double overlap = 0.0;                     ///< of two sites' histograms, the mean over pairs: 1 where they are equal
    double least_overlap = 0.0;               ///< of the two sites that differ most
};

/// The values of images before and after, in bins that are the same for all sites and for both.
struct Histograms {
    std::vector<double> edges;     ///< one more than bins, equally far apart
    std::vector<std::string> ids;  ///< whose images they are
    VoxelValues before, after;
};

/// What became of every feature's values, of people who have both.
struct Comparison {
    bool same_values = false;  ///< both tables hold the same
    std::vector<double>
        correlation;  ///< per feature: before with after within sites, beyond the covariates; mean over sites
    std::vector<double> spread_ratio;               ///< per feature: SD within sites beyond the covariates, after by before
    std::vector<std::vector<Slope>> slope_changes;  ///< [term][feature]: after less before
    std::vector<std::string> like_covariates;       ///< features that are named as a covariate is
};

struct Report {
    std::string before_name, after_name, version;
    Index people = 0;
    std::vector<std::string> features;
    std::vector<std::string> terms;   ///< covariate terms: "age", "sex=M"
    std::vector<std::string> curved;  ///< those that are curves; their slopes are those of straight lines
    std::string age, category;        ///< names of the first numeric and the first categorical covariate; may be empty
    std::vector<std::string> levels;  ///< of that category
    std::vector<Site> sites;
    std::vector<Index> site_of;  ///< per person
    std::vector<double> age_of;  ///< per person
    State before, after;
    std::vector<Index> ranking;               ///< features, the worst site effect before first
    std::vector<Index> correlation_features;  ///< those shown in `State::correlation`, at most 60
    std::vector<Index> curve_features;        ///< at most 6
    std::vector<double> curve_ages;
    std::vector<std::array<Slope, 3>> mean_slopes;  ///< per term, over features in SD: before, after, difference
    Comparison comparison;
    std::vector<ModelFacts> model;       ///< none or one
    std::vector<Histograms> histograms;  ///< none or one
    bool of_images = false;              ///< the features are figures of images, there is no table of them
    std::vector<Montage> montages;
    std::vector<std::string> verdict;  ///< five plain sentences
    std::vector<std::string> remarks;  ///< what limits it: small sites, missing cells, no covariates
};

}  // namespace tare::report
