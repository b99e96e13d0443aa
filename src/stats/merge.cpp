// Merging moments: recode both sides to the united design, then Chan, Golub and LeVeque's update per site and feature.
#include <algorithm>
#include <map>
#include <unordered_map>

#include "tare/base/error.hpp"
#include "tare/base/text.hpp"
#include "tare/stats/moments.hpp"

namespace tare::stats {
namespace {

/// One side of a merge, addressed by the merged features and sites and coded by the united design.
class Side {
public:
    Side(const Moments& moments, const Design& design) : moments_(moments), recoding_(recoding(moments.design, design)) {
        for (std::size_t f = 0; f < moments.features.size(); ++f) feature_[moments.features[f]] = static_cast<Index>(f);
    }

    [[nodiscard]] Index feature(const std::string& name) const {
        const auto found = feature_.find(name);
        return found == feature_.end() ? -1 : found->second;
    }
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
    [[nodiscard]] Eigen::VectorXd cross_products(Index s, Index f) const {
        const Index terms = moments_.design.term_count();
        Eigen::VectorXd own(terms);
        for (Index j = 0; j < terms; ++j) own(j) = moments_.values.cross_products(s * terms + j, f);
        return recoding_.map * own;
    }
    [[nodiscard]] const Moments& moments() const { return moments_; }

private:
    const Moments& moments_;
    Recoding recoding_;
    std::unordered_map<std::string, Index> feature_;
};

SiteDesign merged(const SiteDesign& a, const SiteDesign& b) {
    if (a.n == 0.0) return b;
    if (b.n == 0.0) return a;
    const double n = a.n + b.n;
    const Eigen::VectorXd difference = b.covariate_mean - a.covariate_mean;
    return {n, a.covariate_mean + difference * (b.n / n),
            a.scatter + b.scatter + (a.n * b.n / n) * difference * difference.transpose()};
}

/// One site of one feature: `ca`, `cb` are the designs of the two sides.
void merge_values(const Side& a, const Side& b, Index sa, Index sb, Index fa, Index fb, const SiteDesign& ca,
                  const SiteDesign& cb, Index s, Index f, compute::FeatureMoments& out) {
    const Index terms = ca.covariate_mean.size();
    const auto store = [&](double mean, double squares, const Eigen::VectorXd& cross) {
        out.mean(s, f) = mean;
        out.squares(s, f) = squares;
        for (Index j = 0; j < terms; ++j) out.cross_products(s * terms + j, f) = cross(j);
    };
    const auto copy = [&](const Side& side, Index from_site, Index from_feature) {
        store(side.moments().values.mean(from_site, from_feature), side.moments().values.squares(from_site, from_feature),
              side.cross_products(from_site, from_feature));
    };
    if (ca.n == 0.0 && cb.n == 0.0) return;
    if (cb.n == 0.0) return copy(a, sa, fa);
    if (ca.n == 0.0) return copy(b, sb, fb);
    const double n = ca.n + cb.n;
    const double weight = ca.n * cb.n / n;
    const double difference = b.moments().values.mean(sb, fb) - a.moments().values.mean(sa, fa);
    store(a.moments().values.mean(sa, fa) + difference * (cb.n / n),
          a.moments().values.squares(sa, fa) + b.moments().values.squares(sb, fb) + weight * difference * difference,
          a.cross_products(sa, fa) + b.cross_products(sb, fb) +
              (weight * difference) * (cb.covariate_mean - ca.covariate_mean));
}

void check_features(const Side& a, const Side& b) {
    for (const auto& [side, other] : {std::pair(&a, &b), std::pair(&b, &a)}) {
        for (const std::string& name : side->moments().features) {
            if (other->feature(name) < 0) {
                throw base::inconsistent("feature '" + name + "' is not in both moments",
                                         base::did_you_mean(name, other->moments().features));
            }
        }
    }
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

Moments merge(const Moments& a, const Moments& b) {
    Moments out;
    out.features = a.features;
    out.design = united(a.design, b.design);
    out.training = merged(a.training, b.training);
    std::set_union(a.sites.begin(), a.sites.end(), b.sites.begin(), b.sites.end(), std::back_inserter(out.sites));
    const Side left(a, out.design), right(b, out.design);
    check_features(left, right);

    // A merged pattern is a pair of patterns.
    std::map<std::pair<Index, Index>, Index> pattern_of_pair;
    for (Index f = 0; f < out.feature_count(); ++f) {
        const Index fb = right.feature(out.features[static_cast<std::size_t>(f)]);
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
    out.values = {Matrix<double>(sites, out.feature_count()), Matrix<double>(sites * terms, out.feature_count()),
                  Matrix<double>(sites, out.feature_count())};
    for (Index s = 0; s < sites; ++s) {
        const auto site = static_cast<std::size_t>(s);
        const Index sa = left.site(out.sites[site]), sb = right.site(out.sites[site]);
        out.site_subjects.push_back(left.subjects(sa) + right.subjects(sb));
        for (Index f = 0; f < out.feature_count(); ++f) {
            const auto p = static_cast<std::size_t>(out.pattern_of[static_cast<std::size_t>(f)]);
            merge_values(left, right, sa, sb, f, right.feature(out.features[static_cast<std::size_t>(f)]),
                         left_designs[p][site], right_designs[p][site], s, f, out.values);
        }
    }
    return out;
}

}  // namespace tare::stats
