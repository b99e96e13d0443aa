// Merging moments: recode both sides to the united design, then Chan, Golub and LeVeque's update per site and feature.
#include <algorithm>
#include <map>
#include <numeric>
#include <unordered_map>

#include "tare/base/error.hpp"
#include "tare/base/text.hpp"
#include "tare/stats/moments.hpp"

namespace tare::stats {
namespace {

/// One side of a merge, addressed by the merged features and sites and coded by the united design.
class Side {
public:
    Side(const Moments& moments, const Design& design) : moments_(moments), recoding_(recoding(moments.design, design)) {}

    [[nodiscard]] Index site(const std::string& name) const {
        const auto found = std::lower_bound(moments_.sites.begin(), moments_.sites.end(), name);
        return found == moments_.sites.end() || *found != name ? -1 : found - moments_.sites.begin();
    }
    [[nodiscard]] Index subjects(Index s) const { return s < 0 ? 0 : moments_.site_subjects[static_cast<std::size_t>(s)]; }
    [[nodiscard]] Index pattern(Index feature) const { return moments_.pattern_of[static_cast<std::size_t>(feature)]; }

    [[nodiscard]] SiteDesign design(Index pattern, Index s) const {
        const Index terms = recoding_.shift.size();
        if (s < 0) return {0.0, Eigen::VectorXd::Zero(terms), Eigen::MatrixXd::Zero(terms, terms)};
        const SiteDesign& own = moments_.patterns[static_cast<std::size_t>(pattern)][static_cast<std::size_t>(s)];
        if (own.n == 0.0) return {0.0, Eigen::VectorXd::Zero(terms), Eigen::MatrixXd::Zero(terms, terms)};
        return {own.n, recoding_.map * own.covariate_mean + recoding_.shift,
                recoding_.map * own.scatter * recoding_.map.transpose()};
    }
    /// b of one term of the united design.
    [[nodiscard]] double cross_product(Index s, Index term, Index f) const {
        const Index terms = recoding_.map.cols();
        double product = 0.0;
        for (Index j = 0; j < terms; ++j)
            product += recoding_.map(term, j) * moments_.values.cross_products(s * terms + j, f);
        return product;
    }
    [[nodiscard]] const Moments& moments() const { return moments_; }

private:
    const Moments& moments_;
    Recoding recoding_;
};

SiteDesign merged(const SiteDesign& a, const SiteDesign& b) {
    if (a.n == 0.0) return b;
    if (b.n == 0.0) return a;
    const double n = a.n + b.n;
    const Eigen::VectorXd difference = b.covariate_mean - a.covariate_mean;
    return {n, a.covariate_mean + difference * (b.n / n),
            a.scatter + b.scatter + (a.n * b.n / n) * difference * difference.transpose()};
}

/// One site of one feature on both sides, and the designs of both.
struct Cells {
    const Side& a;
    const Side& b;
    Index site_a, site_b, feature_a, feature_b;
    const SiteDesign& design_a;
    const SiteDesign& design_b;
};

void merge_values(const Cells& from, Index s, Index f, compute::FeatureMoments& out) {
    const SiteDesign &ca = from.design_a, &cb = from.design_b;
    const Index terms = ca.covariate_mean.size();
    const auto copy = [&](const Side& side, Index site, Index feature) {
        out.mean(s, f) = side.moments().values.mean(site, feature);
        out.squares(s, f) = side.moments().values.squares(site, feature);
        for (Index j = 0; j < terms; ++j) out.cross_products(s * terms + j, f) = side.cross_product(site, j, feature);
    };
    if (ca.n == 0.0 && cb.n == 0.0) return;
    if (cb.n == 0.0) return copy(from.a, from.site_a, from.feature_a);
    if (ca.n == 0.0) return copy(from.b, from.site_b, from.feature_b);
    const double weight = ca.n * cb.n / (ca.n + cb.n);
    const compute::FeatureMoments &a = from.a.moments().values, &b = from.b.moments().values;
    const double mean = a.mean(from.site_a, from.feature_a);
    const double difference = b.mean(from.site_b, from.feature_b) - mean;
    out.mean(s, f) = mean + difference * (cb.n / (ca.n + cb.n));
    out.squares(s, f) =
        a.squares(from.site_a, from.feature_a) + b.squares(from.site_b, from.feature_b) + weight * difference * difference;
    for (Index j = 0; j < terms; ++j) {
        out.cross_products(s * terms + j, f) = from.a.cross_product(from.site_a, j, from.feature_a) +
                                               from.b.cross_product(from.site_b, j, from.feature_b) +
                                               weight * difference * (cb.covariate_mean(j) - ca.covariate_mean(j));
    }
}

/// For every feature of `a` its position in `b`. Columns of tables are matched by name; voxels and columns of matrices must
/// be the same ones.
std::vector<Index> matched_features(const data::Features& a, const data::Features& b) {
    std::vector<Index> matched(static_cast<std::size_t>(a.count()));
    if (a.same_as(b)) {
        std::iota(matched.begin(), matched.end(), Index{0});
        return matched;
    }
    if (a.kind() != data::FeatureKind::named || b.kind() != data::FeatureKind::named) {
        const bool images = a.kind() == data::FeatureKind::voxels && b.kind() == data::FeatureKind::voxels;
        if (images && a.grid().shape == b.grid().shape && !data::same_grid(a.grid(), b.grid())) {
            throw base::inconsistent("the images lie elsewhere: affine " + affine_text(a.grid()) + ", and " +
                                     affine_text(b.grid()));
        }
        throw base::inconsistent("the features differ: " + described(a) + ", and " + described(b) +
                                 (images ? ", not the same ones" : ""));
    }
    std::unordered_map<std::string, Index> position;
    for (Index f = 0; f < b.count(); ++f) position.emplace(b.name(f), f);
    const auto not_in_both = [](const std::string& name, const data::Features& other) {
        return base::inconsistent("feature '" + name + "' is not in both moments", base::did_you_mean(name, other.names()));
    };
    for (Index f = 0; f < a.count(); ++f) {
        const auto found = position.find(a.name(f));
        if (found == position.end()) throw not_in_both(a.name(f), b);
        matched[static_cast<std::size_t>(f)] = found->second;
        position.erase(found);
    }
    if (!position.empty()) {
        for (Index f = 0; f < b.count(); ++f) {
            if (position.contains(b.name(f))) throw not_in_both(b.name(f), a);
        }
    }
    return matched;
}

TrainingRecord merged(const TrainingRecord& a, const TrainingRecord& b) {
    TrainingRecord out{a.n + b.n, a.salt, {}};
    if (a.salt != b.salt || a.id_hashes.empty() || b.id_hashes.empty()) return {out.n, {}, {}};
    std::set_union(a.id_hashes.begin(), a.id_hashes.end(), b.id_hashes.begin(), b.id_hashes.end(),
                   std::back_inserter(out.id_hashes));
    const std::size_t twice = a.id_hashes.size() + b.id_hashes.size() - out.id_hashes.size();
    if (twice > 0) {
        throw base::inconsistent(base::counted(twice, "subject") + " (by id) in both moments",
                                 "a person must be counted once: were the same rows given twice? Where ids say nothing, "
                                 "make the moments with --no-training-ids");
    }
    return out;
}

}  // namespace

Moments merge(const Moments& a, const Moments& b, base::Workspace& workspace) {
    Moments out;
    out.features = a.features;
    out.design = united(a.design, b.design);
    out.transform = a.transform;
    if (a.transform != b.transform) {
        throw base::inconsistent("one of the moments is of logarithms, the other of values",
                                 "make both with the same --transform");
    }
    out.training = merged(a.training, b.training);
    std::set_union(a.sites.begin(), a.sites.end(), b.sites.begin(), b.sites.end(), std::back_inserter(out.sites));
    const Side left(a, out.design), right(b, out.design);
    const std::vector<Index> in_b = matched_features(a.features, b.features);

    // A merged pattern is a pair of patterns.
    std::map<std::pair<Index, Index>, Index> pattern_of_pair;
    for (Index f = 0; f < out.feature_count(); ++f) {
        const Index fb = in_b[static_cast<std::size_t>(f)];
        const auto [at, is_new] = pattern_of_pair.emplace(std::pair(left.pattern(f), right.pattern(fb)),
                                                          static_cast<Index>(pattern_of_pair.size()));
        out.pattern_of.push_back(at->second);
    }
    const Index sites = out.site_count();
    std::vector<std::vector<SiteDesign>> left_designs(pattern_of_pair.size()), right_designs(pattern_of_pair.size());
    out.patterns.resize(pattern_of_pair.size());
    for (const auto& [pair, position] : pattern_of_pair) {
        const auto p = static_cast<std::size_t>(position);
        for (const std::string& name : out.sites) {
            left_designs[p].push_back(left.design(pair.first, left.site(name)));
            right_designs[p].push_back(right.design(pair.second, right.site(name)));
            out.patterns[p].push_back(merged(left_designs[p].back(), right_designs[p].back()));
        }
    }

    const Index terms = out.design.term_count();
    out.values = {workspace.matrix<double>(sites, out.feature_count()),
                  workspace.matrix<double>(sites * terms, out.feature_count()),
                  workspace.matrix<double>(sites, out.feature_count())};
    for (Index s = 0; s < sites; ++s) {
        const auto site = static_cast<std::size_t>(s);
        const Index sa = left.site(out.sites[site]), sb = right.site(out.sites[site]);
        out.site_subjects.push_back(left.subjects(sa) + right.subjects(sb));
        for (Index f = 0; f < out.feature_count(); ++f) {
            const auto p = static_cast<std::size_t>(out.pattern_of[static_cast<std::size_t>(f)]);
            merge_values(
                {left, right, sa, sb, f, in_b[static_cast<std::size_t>(f)], left_designs[p][site], right_designs[p][site]},
                s, f, out.values);
        }
        a.values.release();
        b.values.release();
        out.values.release();
    }
    return out;
}

}  // namespace tare::stats
