// The card's empirical Bayes of one site: the parametric iteration and the weights of the non-parametric one.
#include <algorithm>
#include <array>

#include "nonparametric.hpp"
#include "parametric.hpp"
#include "pass.hpp"

namespace tare::compute::cuda {
namespace {

constexpr Index tile = 1024;            ///< candidates
constexpr Index partial_maxima = 1024;  ///< of a sweep's changes; the processor takes the largest of them

/// A row of values by feature, picked by position for the features of a block.
template <typename T>
[[nodiscard]] auto one_row(T* values) {
    return rows_of(values, 0);
}

}  // namespace

SiteEffects CudaBackend::shrink_parametric(const SiteEstimates& site, const SitePrior& prior, StopRule stop) const {
    const auto features = static_cast<Index>(site.gamma_hat.size());
    constexpr RowsOfBlock row{1, sizeof(double)};
    // The peers' rule looks at all features between two sweeps: they must be on the card together.
    const bool fits = static_cast<std::size_t>(features + warp) * 7 * row.value_bytes <= limits_.block_bytes;
    if (features < limits_.least_cells || (stop == StopRule::all_together && !fits))
        return processor_->shrink_parametric(site, prior, stop);

    const Posterior posterior(prior);
    ParametricStart at = parametric_start(site, prior);
    SiteEffects& effects = at.effects;
    const std::vector<Index> iterated(at.iterated.begin(), at.iterated.end());
    Pass pass(*this);
    const auto estimates = [&](Slot& slot, const Block& block) {
        const auto both = [&](std::vector<double>& values) {
            return pass.in_out<double>(slot, block, 1, one_row(values.data()), one_row(values.data()));
        };
        IteratedFeatures out{};
        out.n = pass.in<double>(slot, block, 1, one_row(site.n.data()));
        out.gamma_hat = pass.in<double>(slot, block, 1, one_row(site.gamma_hat.data()));
        out.delta_hat = pass.in<double>(slot, block, 1, one_row(site.delta_hat.data()));
        out.gamma = both(effects.gamma_star);
        out.delta = both(effects.delta_star);
        return out;
    };
    const auto each = [&](Slot& slot, const Block& block) {
        const IteratedFeatures on_card = estimates(slot, block);
        int* failed = slot.out<int>(block.size(), [&effects](std::span<const int> flags) {
            for (const int flag : flags) effects.not_converged += flag;
        });
        slot.launch(IterateKernel{posterior, on_card, failed}, block.count);
    };
    const auto together = [&](Slot& slot, const Block& block) {
        const IteratedFeatures on_card = estimates(slot, block);
        double* change = slot.scratch<double>(block.size());
        const Index parts = std::min(block.count, partial_maxima);
        double* largest = slot.scratch<double>(static_cast<std::size_t>(parts));
        for (int sweep = 0; sweep < most_sweeps; ++sweep) {
            slot.launch(SweepKernel{posterior, on_card, change}, block.count);
            slot.launch(LargestKernel{change, block.count, parts, largest}, parts);
            const std::span<const double> found = slot.look(largest, static_cast<std::size_t>(parts));
            if (*std::max_element(found.begin(), found.end()) <= together_tolerance) return;
        }
        effects.not_converged = block.count;
    };
    const auto count = static_cast<Index>(iterated.size());
    if (stop == StopRule::each_feature) {
        pass.over(count, iterated, std::array{row, row, row, row, row, RowsOfBlock{1, sizeof(int)}}, each);
    } else {
        pass.over(count, iterated, std::array{row, row, row, row, row, row, row}, together, count);
    }
    add_variances(site, prior, at.iterated, effects);
    return std::move(effects);
}

SiteEffects CudaBackend::shrink_nonparametric(const SiteEstimates& site) const {
    const Candidates candidates = candidates_of(site, 1);
    const auto count = static_cast<Index>(candidates.gamma.size());
    if (static_cast<Index>(site.gamma_hat.size()) * count < limits_.least_cells)
        return processor_->shrink_nonparametric(site);

    SiteEffects effects = unshrunk_effects(site.gamma_hat);
    std::vector<Index> shrunk;
    for (std::size_t f = 0; f < site.gamma_hat.size(); ++f) {
        if (site.shrinkage[f] != Shrinkage::none) shrunk.push_back(static_cast<Index>(f));
    }
    Pass pass(*this);
    Slot& shared = pass.shared();
    shared.begin(4 * Slot::room(candidates.gamma.size() * sizeof(double)));
    WeighKernel weigh{};
    weigh.gamma = shared.in(std::span(candidates.gamma));
    weigh.delta = shared.in(std::span(candidates.delta));
    weigh.half_log_delta = shared.in(std::span(candidates.half_log_delta));
    weigh.half_over_delta = shared.in(std::span(candidates.half_over_delta));
    weigh.candidates = count;
    weigh.tile = tile;
    pass.share();

    const Index tiles = (count + tile - 1) / tile;
    constexpr RowsOfBlock row{1, sizeof(double)};
    const std::array parts{row,
                           row,
                           row,
                           RowsOfBlock{1, sizeof(Index)},
                           RowsOfBlock{tiles, sizeof(double)},
                           RowsOfBlock{tiles * weighted_sums, sizeof(double)},
                           RowsOfBlock{weighted_sums, sizeof(double)}};
    pass.over(static_cast<Index>(shrunk.size()), shrunk, parts, [&](Slot& slot, const Block& block) {
        std::vector<OwnValues> own;
        for (Index i = 0; i < block.count; ++i) {
            own.push_back(own_values(site, candidates, static_cast<std::size_t>(block.feature(i))));
        }
        const auto own_part = [&]<typename T>(T, auto member) {
            return slot.in<T>(block.size(), [&](std::span<T> to) {
                std::transform(own.begin(), own.end(), to.begin(),
                               [member](const OwnValues& values) { return static_cast<T>(values.*member); });
            });
        };
        WeighKernel kernel = weigh;
        kernel.n = own_part(0.0, &OwnValues::n);
        kernel.own_gamma = own_part(0.0, &OwnValues::gamma);
        kernel.spread = own_part(0.0, &OwnValues::spread);
        kernel.self = own_part(Index{0}, &OwnValues::self);
        kernel.features = block.count;
        kernel.peaks = slot.scratch<double>(block.size() * static_cast<std::size_t>(tiles));
        kernel.sums = slot.scratch<double>(block.size() * static_cast<std::size_t>(tiles * weighted_sums));
        MergeWeightsKernel merge{kernel.peaks, kernel.sums, tiles, block.count, nullptr};
        merge.totals =
            slot.out<double>(block.size() * weighted_sums, [&site, &effects, block](std::span<const double> sums) {
                for (std::size_t i = 0; i < block.size(); ++i) {
                    const auto sum = [&](std::size_t k) { return sums[k * block.size() + i]; };
                    set_weighted_means(site, static_cast<std::size_t>(block.feature(static_cast<Index>(i))),
                                       {sum(0), sum(1), sum(2), sum(3), sum(4)}, effects);
                }
            });
        slot.launch(kernel, tiles * block.count);
        slot.launch(merge, block.count);
    });
    return effects;
}

}  // namespace tare::compute::cuda
