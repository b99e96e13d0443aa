// The card's solve and residuals: per feature, from moments and the design that it shares with others.
#include <array>

#include "assigned.hpp"

namespace tare::compute::cuda {
namespace {

std::span<const double> values_of(const Matrix<double>& matrix) {
    return {matrix.data(), static_cast<std::size_t>(matrix.size())};
}
std::span<const double> values_of(const std::vector<double>& values) {
    return values;
}

/// One part of every design, one after another, as a part of the slot that blocks share.
template <typename Part>
const double* part_of_designs(Slot& shared, std::span<const SharedDesign> designs, std::size_t each, const Part& part) {
    return shared.in<double>(designs.size() * each, [&](std::span<double> to) {
        double* next = to.data();
        for (const SharedDesign& design : designs) {
            const std::span<const double> values = values_of(part(design));
            next = std::copy(values.begin(), values.end(), next);
        }
    });
}

}  // namespace

Matrix<double> CudaBackend::solve(const FeatureMoments& moments, Index sites, Index terms,
                                  std::span<const SharedDesign> designs) const {
    const Index features = moments.mean.columns();
    const std::size_t square = static_cast<std::size_t>(terms * terms), line = static_cast<std::size_t>(terms);
    const std::size_t shared =
        Slot::room(designs.size() * square * sizeof(double)) + Slot::room(designs.size() * line * sizeof(double));
    if (terms == 0 || sites * features < limits_.least_cells || shared > limits_.block_bytes)
        return processor_->solve(moments, sites, terms, designs);

    const Assigned all(designs);
    Matrix<double> out(terms, features);
    Pass pass(*this);
    pass.shared().begin(shared);
    const double* factors =
        part_of_designs(pass.shared(), designs, square, [](const SharedDesign& d) -> const auto& { return d.factor; });
    const double* scales =
        part_of_designs(pass.shared(), designs, line, [](const SharedDesign& d) -> const auto& { return d.scale; });
    pass.share();
    const std::array parts{RowsOfBlock{sites * terms, sizeof(double)}, RowsOfBlock{1, sizeof(Index)},
                           RowsOfBlock{terms, sizeof(double)}};
    pass.over(all.count(), all.columns(features), parts, [&](Slot& slot, const Block& block) {
        SolveKernel kernel{};
        kernel.cross_products =
            pass.in<double>(slot, block, sites * terms, rows_of(moments.cross_products.data(), features));
        kernel.design = all.of_block(slot, block);
        kernel.factors = factors;
        kernel.scales = scales;
        kernel.sites = sites;
        kernel.terms = terms;
        kernel.features = block.count;
        kernel.coefficients = pass.out<double>(slot, block, terms, rows_of(out.data(), features));
        slot.launch(kernel, block.count);
    });
    return out;
}

SiteResiduals CudaBackend::residuals(const FeatureMoments& moments, Index sites, std::span<const SharedDesign> designs,
                                     const Matrix<double>& coefficients) const {
    const Index features = moments.mean.columns(), terms = coefficients.rows();
    const std::size_t means = static_cast<std::size_t>(sites * terms), scatters = means * static_cast<std::size_t>(terms);
    const std::size_t shared =
        Slot::room(designs.size() * means * sizeof(double)) + Slot::room(designs.size() * scatters * sizeof(double));
    if (terms == 0 || sites * features < limits_.least_cells || shared > limits_.block_bytes)
        return processor_->residuals(moments, sites, designs, coefficients);

    const Assigned all(designs);
    SiteResiduals out{Matrix<double>(sites, features), Matrix<double>(sites, features)};
    Pass pass(*this);
    pass.shared().begin(shared);
    const double* covariate_means = part_of_designs(pass.shared(), designs, means,
                                                    [](const SharedDesign& d) -> const auto& { return d.covariate_mean; });
    const double* scatter =
        part_of_designs(pass.shared(), designs, scatters, [](const SharedDesign& d) -> const auto& { return d.scatter; });
    pass.share();
    const std::array parts{
        RowsOfBlock{sites, sizeof(double)}, RowsOfBlock{sites, sizeof(double)}, RowsOfBlock{sites * terms, sizeof(double)},
        RowsOfBlock{terms, sizeof(double)}, RowsOfBlock{1, sizeof(Index)},      RowsOfBlock{sites, sizeof(double)},
        RowsOfBlock{sites, sizeof(double)}};
    pass.over(all.count(), all.columns(features), parts, [&](Slot& slot, const Block& block) {
        const auto in = [&](const Matrix<double>& matrix) {
            return pass.in<double>(slot, block, matrix.rows(), rows_of(matrix.data(), features));
        };
        ResidualsKernel kernel{};
        kernel.mean = in(moments.mean);
        kernel.squares = in(moments.squares);
        kernel.cross_products = in(moments.cross_products);
        kernel.coefficients = in(coefficients);
        kernel.design = all.of_block(slot, block);
        kernel.covariate_means = covariate_means;
        kernel.scatters = scatter;
        kernel.sites = sites;
        kernel.terms = terms;
        kernel.features = block.count;
        kernel.site_mean = pass.out<double>(slot, block, sites, rows_of(out.site_mean.data(), features));
        kernel.residual_squares = pass.out<double>(slot, block, sites, rows_of(out.residual_squares.data(), features));
        slot.launch(kernel, block.count);
    });
    return out;
}

}  // namespace tare::compute::cuda
