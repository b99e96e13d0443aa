// Grey level co-occurrence: how often levels i and j lie beside each other, both ways counted, at a (Chebyshev) distance of
// one voxel in each of 13 directions in space, or 4 within a slice.
#pragma once

#include "tare/imaging/texture/aggregation.hpp"
#include "tare/imaging/texture/named.hpp"
#include "tare/imaging/texture/region.hpp"

namespace tare::imaging::texture {

/// Logarithms are binary. Correlation and the first measure of information are undefined where every pair has the same
/// level. A slice or direction without a pair of voxels is left out of averages.
struct Cooccurrence {
    double joint_maximum = undefined, joint_average = undefined, joint_variance = undefined, joint_entropy = undefined;
    double difference_average = undefined, difference_variance = undefined, difference_entropy = undefined;
    double sum_average = undefined, sum_variance = undefined, sum_entropy = undefined;
    double angular_second_moment = undefined;
    double contrast = undefined, dissimilarity = undefined;
    double inverse_difference = undefined, inverse_difference_normalised = undefined;
    double inverse_difference_moment = undefined, inverse_difference_moment_normalised = undefined;
    double inverse_variance = undefined;
    double correlation = undefined, autocorrelation = undefined;
    double cluster_tendency = undefined, cluster_shade = undefined, cluster_prominence = undefined;
    double information_correlation_1 = undefined, information_correlation_2 = undefined;
};

[[nodiscard]] Cooccurrence cooccurrence(const Levels& levels, Aggregation aggregation);
/// Bytes that counting takes, beside the levels themselves.
[[nodiscard]] std::uint64_t cooccurrence_bytes(Index levels);
[[nodiscard]] std::span<const Named<Cooccurrence>> cooccurrence_features();

/// The features of a symmetric matrix of `count` × `count` pairs.
[[nodiscard]] Cooccurrence cooccurrence_of(std::span<const double> pairs, Index count);

}  // namespace tare::imaging::texture
