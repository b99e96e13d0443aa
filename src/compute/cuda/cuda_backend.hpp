// The card's Backend: features pass through in blocks, two under way at a time, so that copies and arithmetic overlap and
// data may be larger than the card. Small pieces of work, and designs that would fill a block, are left to the processor.
#pragma once

#include <memory>
#include <mutex>
#include <span>

#include "slot.hpp"
#include "tare/compute/devices.hpp"

namespace tare::compute::cuda {

class CudaBackend final : public Backend {
public:
    CudaBackend(std::unique_ptr<Device> device, int threads, const CudaLimits& limits);

    void accumulate(const Rows& rows, std::span<const Index> columns, SiteAccumulation& into) const override;
    [[nodiscard]] Matrix<double> solve(const FeatureMoments& moments, Index sites, Index terms,
                                       std::span<const SharedDesign> designs) const override;
    void fit_curve(const FeatureMoments& moments, Index sites, std::span<const CurveDesign> designs,
                   const CurveFits& into) const override;
    [[nodiscard]] SiteResiduals residuals(const FeatureMoments& moments, Index sites, std::span<const SharedDesign> designs,
                                          const Matrix<double>& coefficients) const override;
    [[nodiscard]] int threads() const noexcept override { return processor_->threads(); }
    [[nodiscard]] SiteEffects shrink_parametric(const SiteEstimates& site, const SitePrior& prior,
                                                StopRule stop) const override;
    [[nodiscard]] SiteEffects shrink_nonparametric(const SiteEstimates& site) const override;
    void adjust(const Rows& rows, const Adjustment& adjustment, const base::WritableRows& adjusted) const override;

private:
    class Pass;

    std::unique_ptr<Device> device_;
    std::unique_ptr<Backend> processor_;
    CudaLimits limits_;
    /// The slots are one run's at a time; callers on several threads take turns.
    mutable std::mutex turn_;
    mutable Slot first_, second_, shared_;
};

}  // namespace tare::compute::cuda
