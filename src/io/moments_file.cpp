// Moments to and from JSON.
#include "tare/io/moments_file.hpp"

#include <algorithm>
#include <cmath>

#include "method_parts.hpp"
#include "saved_parts.hpp"

namespace tare::io {
namespace {

using Json = nlohmann::ordered_json;
using base::Index;

constexpr int newest_version = 1;
constexpr const char* format_name = "tare-moments";
/// How far sums may be from what exact arithmetic would give, as a share.
constexpr double rounding = 1e-9;

Json pattern_json(const std::vector<stats::SiteDesign>& pattern) {
    Json json{{"n", Json::array()}, {"covariate_mean", Json::array()}, {"scatter", Json::array()}};
    for (const stats::SiteDesign& site : pattern) {
        json["n"].push_back(static_cast<long long>(site.n));
        json["covariate_mean"].push_back(std::vector<double>(site.covariate_mean.begin(), site.covariate_mean.end()));
        Json scatter = Json::array();
        for (Index j = 0; j < site.scatter.rows(); ++j) {
            const Eigen::VectorXd row = site.scatter.row(j);
            scatter.push_back(std::vector<double>(row.begin(), row.end()));
        }
        json["scatter"].push_back(std::move(scatter));
    }
    return json;
}

std::vector<stats::SiteDesign> read_pattern(const JsonPart& part, Index sites, Index terms) {
    const std::vector<JsonPart> n = part.at("n").items();
    if (static_cast<Index>(n.size()) != sites) part.at("n").fail("does not have one count a site");
    const base::Matrix<double> means = part.at("covariate_mean").matrix(sites, terms);
    const std::vector<JsonPart> scatters = part.at("scatter").items();
    if (static_cast<Index>(scatters.size()) != sites) part.at("scatter").fail("does not have one matrix a site");
    std::vector<stats::SiteDesign> pattern;
    for (Index s = 0; s < sites; ++s) {
        const auto i = static_cast<std::size_t>(s);
        const base::Matrix<double> scatter = scatters[i].matrix(terms, terms);
        stats::SiteDesign site{static_cast<double>(n[i].count()), Eigen::VectorXd(terms), Eigen::MatrixXd(terms, terms)};
        for (Index j = 0; j < terms; ++j) {
            site.covariate_mean(j) = means(s, j);
            for (Index k = 0; k < terms; ++k) site.scatter(j, k) = scatter(j, k);
            if (scatter(j, j) < -rounding * site.n) scatters[i].fail("has a negative sum of squares");
        }
        pattern.push_back(std::move(site));
    }
    return pattern;
}

/// The rows of the cross products that belong to one term, site by site.
RowList cross_products_of(const stats::Moments& moments, Index term) {
    RowList rows;
    const Index terms = moments.design.term_count();
    for (Index s = 0; s < moments.site_count(); ++s) rows.push_back(moments.values.cross_products.row(s * terms + term));
    return rows;
}

/// The pattern of every feature; not written where there is one pattern only and the features are many.
std::vector<Index> read_pattern_of(const JsonPart& root, const stats::Moments& moments) {
    if (moments.features.kind() != data::FeatureKind::named && !root.has("pattern_of_feature")) {
        if (moments.patterns.size() != 1)
            root.at("patterns").fail("is not one pattern, so 'pattern_of_feature' must be there");
        return std::vector<Index>(static_cast<std::size_t>(moments.feature_count()), 0);
    }
    const std::vector<JsonPart> items = root.at("pattern_of_feature").items();
    if (static_cast<Index>(items.size()) != moments.feature_count())
        root.at("pattern_of_feature").fail("does not have one entry a feature");
    std::vector<Index> pattern_of;
    for (const JsonPart& item : items) {
        pattern_of.push_back(item.count());
        if (pattern_of.back() >= static_cast<Index>(moments.patterns.size())) item.fail("names no pattern");
    }
    return pattern_of;
}

/// Parts that no cohort can give together would pass through a fit as if they were sound.
void check_consistency(const JsonPart& root, const stats::Moments& moments) {
    Index subjects = 0;
    for (const Index n : moments.site_subjects) subjects += n;
    if (moments.training.n != subjects) root.at("training").at("n").fail("is not the sum of the sites' subjects");
    const Index terms = moments.design.term_count();
    for (const auto& pattern : moments.patterns) {
        for (std::size_t s = 0; s < pattern.size(); ++s) {
            if (pattern[s].n > static_cast<double>(moments.site_subjects[s])) {
                root.at("patterns").fail("counts more values than site '" + moments.sites[s] + "' has subjects");
            }
            const Eigen::MatrixXd& scatter = pattern[s].scatter;
            if (!scatter.isApprox(scatter.transpose(), rounding))
                root.at("patterns").fail("has a scatter that is not symmetric");
        }
    }
    // |b|² ≤ A q, by Cauchy and Schwarz.
    for (Index s = 0; s < moments.site_count(); ++s) {
        for (Index f = 0; f < moments.feature_count(); ++f) {
            const auto& pattern =
                moments.patterns[static_cast<std::size_t>(moments.pattern_of[static_cast<std::size_t>(f)])];
            for (Index j = 0; j < terms; ++j) {
                const double product = moments.values.cross_products(s * terms + j, f);
                const stats::SiteDesign& site = pattern[static_cast<std::size_t>(s)];
                // Recoded levels leave rounding where nothing varies.
                const double spread = std::sqrt(std::max(site.scatter(j, j), 0.0)) + rounding * std::sqrt(site.n);
                const double most = spread * std::sqrt(moments.values.squares(s, f));
                if (std::abs(product) > most * (1.0 + rounding)) {
                    root.at("cross_products")
                        .fail("is too large for 'squares': feature '" + moments.features.name(f) + "', site '" +
                              moments.sites[static_cast<std::size_t>(s)] + "'");
                }
            }
        }
    }
}

}  // namespace

void write_moments(Output& output, OutputSet& beside, const SavedMoments& saved, const base::Resources& resources) {
    const stats::Moments& moments = saved.moments;
    ArrayWriter arrays(moments.features, folder_of(output.path()), beside, resources);
    Json json = begin_document(format_name, newest_version);
    json["features"] = arrays.features_json();
    json["sites"] = sites_json(moments.sites, moments.site_subjects);
    json["design"] = design_json(moments.design, saved.columns);
    json["transform"] = transform_name(moments.transform);
    json["patterns"] = Json::array();
    for (const auto& pattern : moments.patterns) json["patterns"].push_back(pattern_json(pattern));
    if (!arrays.in_files() || moments.patterns.size() > 1) json["pattern_of_feature"] = moments.pattern_of;
    json["mean"] = arrays.rows("mean", rows_of(moments.values.mean));
    json["cross_products"] = Json::object();
    const std::vector<std::string> terms = moments.design.terms();
    for (std::size_t j = 0; j < terms.size(); ++j) {
        json["cross_products"][terms[j]] =
            arrays.rows("cross_products_" + terms[j], cross_products_of(moments, static_cast<Index>(j)));
    }
    json["squares"] = arrays.rows("squares", rows_of(moments.values.squares));
    json["training"] = training_json(moments.training);
    json["provenance"] = provenance_json(saved.parameters);
    write_document(output, json);
    moments.values.release();
}

SavedMoments read_moments(const std::string& path, const base::Resources& resources, base::Workspace& workspace) {
    const std::string file = document_in(path, "moments.json");
    const JsonDocument document = read_json(file, format_name, newest_version, resources);
    const JsonPart root = document.root();
    SavedMoments saved;
    saved.path = file;
    saved.sha256 = document.sha256;
    if (root.has("tool")) saved.tool = root.at("tool").text();
    stats::Moments& moments = saved.moments;
    SiteList sites = read_sites(root.at("sites"));
    moments.sites = std::move(sites.names);
    moments.site_subjects = std::move(sites.subjects);
    ArrayReader arrays(file, resources, workspace);
    moments.features = read_features(root.at("features"), arrays);
    moments.design = read_design(root.at("design"));
    saved.columns = read_columns(root.at("design"));
    moments.transform = read_transform(root.at("transform"));
    const Index site_count = moments.site_count(), features = moments.feature_count(), terms = moments.design.term_count();

    for (const JsonPart& pattern : root.at("patterns").items())
        moments.patterns.push_back(read_pattern(pattern, site_count, terms));
    moments.pattern_of = read_pattern_of(root, moments);
    // In images a voxel that was not a number somewhere has no moments; the fit leaves it out.
    const bool gaps = moments.features.kind() == data::FeatureKind::voxels;
    moments.values.mean = arrays.rows(root.at("mean"), site_count, gaps);
    moments.values.squares = arrays.rows(root.at("squares"), site_count, gaps);
    const double* squares = moments.values.squares.data();
    if (std::any_of(squares, squares + site_count * features, [](double q) { return q < 0.0; })) {
        root.at("squares").fail("has a negative sum of squares");
    }
    moments.values.cross_products = workspace.matrix<double>(site_count * terms, features);
    const std::vector<std::string> names = moments.design.terms();
    for (Index j = 0; j < terms; ++j) {
        const base::Matrix<double> of_term =
            arrays.rows(root.at("cross_products").at(names[static_cast<std::size_t>(j)]), site_count, gaps);
        for (Index s = 0; s < site_count; ++s) {
            std::copy(of_term.row(s).begin(), of_term.row(s).end(),
                      moments.values.cross_products.row(s * terms + j).begin());
        }
    }
    moments.training = read_training(root.at("training"));
    saved.parameters = read_parameters(root.at("provenance"));
    check_consistency(root, moments);
    moments.values.release();
    return saved;
}

}  // namespace tare::io
