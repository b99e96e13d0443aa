// The features of counts by grey level and size (IBSI reference manual 3.7, 3.8, 3.9 and 3.11).
#include "tare/imaging/texture/emphasis.hpp"

#include <algorithm>
#include <cmath>

namespace tare::imaging::texture {

namespace {

double sum_of_squares(std::vector<std::pair<Index, double>>& by_key) {
    std::sort(by_key.begin(), by_key.end());
    double squares = 0.0;
    for (std::size_t i = 0; i < by_key.size();) {
        const Index key = by_key[i].first;
        double sum = 0.0;
        for (; i < by_key.size() && by_key[i].first == key; ++i) sum += by_key[i].second;
        squares += sum * sum;
    }
    return squares;
}

struct Means {
    double level = 0.0, size = 0.0;
};

void weigh(Emphases& e, const std::vector<Counted>& counted, double total, const Means& means) {
    for (const Counted& one : counted) {
        const double p = one.count / total;
        const auto i = static_cast<double>(one.level);
        const auto j = static_cast<double>(one.size);
        const double ii = i * i;
        const double jj = j * j;
        e.small += p / jj;
        e.large += p * jj;
        e.low += p / ii;
        e.high += p * ii;
        e.small_low += p / (ii * jj);
        e.small_high += p * ii / jj;
        e.large_low += p * jj / ii;
        e.large_high += p * ii * jj;
        e.level_variance += p * (i - means.level) * (i - means.level);
        e.size_variance += p * (j - means.size) * (j - means.size);
        e.entropy -= p * std::log2(p);
        e.energy += p * p;
    }
}

}  // namespace

Emphases emphases(const std::vector<Counted>& counted, double voxels) {
    Emphases e;
    double total = 0.0;
    Means means;
    std::vector<std::pair<Index, double>> levels, sizes;
    for (const Counted& one : counted) {
        total += one.count;
        means.level += one.count * static_cast<double>(one.level);
        means.size += one.count * static_cast<double>(one.size);
        levels.emplace_back(one.level, one.count);
        sizes.emplace_back(one.size, one.count);
    }
    if (!(total > 0.0)) return e;
    means.level /= total;
    means.size /= total;
    for (double* sum : {&e.small, &e.large, &e.low, &e.high, &e.small_low, &e.small_high, &e.large_low, &e.large_high,
                        &e.level_variance, &e.size_variance, &e.entropy, &e.energy}) {
        *sum = 0.0;
    }
    weigh(e, counted, total, means);
    e.level_non_uniformity = sum_of_squares(levels) / total;
    e.level_non_uniformity_normalised = e.level_non_uniformity / total;
    e.size_non_uniformity = sum_of_squares(sizes) / total;
    e.size_non_uniformity_normalised = e.size_non_uniformity / total;
    e.percentage = total / voxels;
    return e;
}

}  // namespace tare::imaging::texture
