// The card's curves: every design's arrays once, then blocks of features.
#include <array>

#include "assigned.hpp"
#include "curve_arrays.hpp"

namespace tare::compute::cuda {
namespace {

/// The arrays of a design, in the order in which they go to the card.
std::array<std::span<const double>, 7> arrays_in_order(const CurveDesign& design) {
    return {std::span(design.scale),           {design.modes.data(), static_cast<std::size_t>(design.modes.size())},
            std::span(design.penalised),       std::span(design.free_part),
            std::span(design.log_lambda),      std::span(design.lambda),
            std::span(design.log_determinants)};
}

std::size_t room_for(std::span<const CurveDesign> designs) {
    std::size_t bytes = Slot::room(designs.size() * sizeof(CurveArrays));
    for (const CurveDesign& design : designs) {
        for (const std::span<const double> values : arrays_in_order(design)) bytes += Slot::room(values.size_bytes());
    }
    return bytes;
}

/// The designs with their arrays in the card's memory.
const CurveArrays* to_card(Slot& shared, std::span<const CurveDesign> designs) {
    std::vector<CurveArrays> out;
    for (const CurveDesign& design : designs) {
        std::array<const double*, 7> there{};
        const auto arrays = arrays_in_order(design);
        std::transform(arrays.begin(), arrays.end(), there.begin(), [&](const auto& values) { return shared.in(values); });
        CurveArrays on_card = arrays_of(design);
        on_card.scale = there[0];
        on_card.modes = there[1];
        on_card.penalised = there[2];
        on_card.free_part = there[3];
        on_card.log_lambda = there[4];
        on_card.lambda = there[5];
        on_card.log_determinants = there[6];
        out.push_back(on_card);
    }
    return shared.in(std::span<const CurveArrays>(out));
}

}  // namespace

void CudaBackend::fit_curve(const FeatureMoments& moments, Index sites, std::span<const CurveDesign> designs,
                            const CurveFits& into) const {
    const Index features = moments.mean.columns(), terms = into.coefficients.rows();
    // A feature's search is as much work as a hundred cells.
    if (100 * features < limits_.least_cells || room_for(designs) > limits_.block_bytes)
        return processor_->fit_curve(moments, sites, designs, into);

    const Assigned all(designs);
    Pass pass(*this);
    pass.shared().begin(room_for(designs));
    const CurveArrays* on_card = to_card(pass.shared(), designs);
    pass.share();
    constexpr std::size_t number = sizeof(double);
    const std::array parts{RowsOfBlock{1, sizeof(Index)}, RowsOfBlock{sites, number}, RowsOfBlock{sites * terms, number},
                           RowsOfBlock{terms, number},    RowsOfBlock{terms, number}, RowsOfBlock{1, number},
                           RowsOfBlock{1, number}};
    pass.over(all.count(), all.columns(features), parts, [&](Slot& slot, const Block& block) {
        const auto out = [&](double* values, Index rows) {
            return pass.out<double>(slot, block, rows, rows_of(values, features));
        };
        CurveKernel kernel{};
        kernel.designs = on_card;
        kernel.design = all.of_block(slot, block);
        kernel.squares = pass.in<double>(slot, block, sites, rows_of(moments.squares.data(), features));
        kernel.cross_products =
            pass.in<double>(slot, block, sites * terms, rows_of(moments.cross_products.data(), features));
        kernel.sites = sites;
        kernel.features = block.count;
        kernel.work = slot.scratch<double>(block.size() * static_cast<std::size_t>(terms));
        kernel.coefficients = out(into.coefficients.data(), terms);
        kernel.lambda = out(into.lambda.data(), 1);
        kernel.edf = out(into.edf.data(), 1);
        slot.launch(kernel, block.count);
    });
}

}  // namespace tare::compute::cuda
