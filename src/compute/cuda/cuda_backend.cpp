// The card's accumulate and adjust: the operations that read every value.
#include "cuda_backend.hpp"

#include <array>

#include "chunk_design.hpp"
#include "pass.hpp"

namespace tare::compute::cuda {
namespace {

/// The chunks as the card takes them, in three flat arrays.
struct FlatChunks {
    std::vector<double> codes, differences;
    std::vector<ChunkShape> shapes;
};

FlatChunks flat(const std::vector<ChunkDesign>& chunks) {
    FlatChunks out;
    for (const ChunkDesign& chunk : chunks) {
        out.codes.insert(out.codes.end(), chunk.codes.begin(), chunk.codes.end());
        out.differences.insert(out.differences.end(), chunk.covariate_mean_difference.begin(),
                               chunk.covariate_mean_difference.end());
        out.shapes.push_back({static_cast<Index>(chunk.first), static_cast<Index>(chunk.count), chunk.before});
    }
    return out;
}

template <typename T>
std::size_t room_for(const std::vector<T>& values) {
    return Slot::room(values.size() * sizeof(T));
}

}  // namespace

CudaBackend::CudaBackend(std::unique_ptr<Device> device, int threads, const CudaLimits& limits)
    : device_(std::move(device)),
      processor_(make_cpu_backend(threads)),
      limits_(limits),
      first_(*device_, 0),
      second_(*device_, 1),
      shared_(*device_, 2) {}

void CudaBackend::accumulate(const Rows& rows, std::span<const Index> columns, SiteAccumulation& into) const {
    const auto all = static_cast<Index>(into.mean.size());
    const Index features = columns.empty() ? all : static_cast<Index>(columns.size());
    const auto subjects = static_cast<Index>(rows.subjects.size());
    if (subjects * features < limits_.least_cells) return processor_->accumulate(rows, columns, into);

    const Index terms = rows.codes.columns();
    const FlatChunks chunks = flat(cut_chunks(rows, into));
    Pass pass(*this);
    Slot& shared = pass.shared();
    shared.begin(room_for(chunks.codes) + room_for(chunks.differences) + room_for(chunks.shapes));
    const double* codes = shared.in(std::span<const double>(chunks.codes));
    const double* differences = shared.in(std::span<const double>(chunks.differences));
    const ChunkShape* shapes = shared.in(std::span<const ChunkShape>(chunks.shapes));
    pass.share();
    std::visit(
        [&]<typename T>(const std::vector<const T*>& values) {
            const std::array parts{RowsOfBlock{subjects, sizeof(T)}, RowsOfBlock{1, sizeof(double)},
                                   RowsOfBlock{1, sizeof(double)}, RowsOfBlock{terms, sizeof(double)}};
            pass.over(features, columns, parts, [&](Slot& slot, const Block& block) {
                const auto both = [&](std::span<double> matrix, Index count) {
                    const auto row = rows_of(matrix.data(), all);
                    return pass.in_out<double>(slot, block, count, row, row);
                };
                AccumulateKernel<T> kernel{};
                kernel.values =
                    pass.in<T>(slot, block, subjects, [&](Index r) { return values[static_cast<std::size_t>(r)]; });
                kernel.codes = codes;
                kernel.differences = differences;
                kernel.chunks = shapes;
                kernel.chunk_count = static_cast<Index>(chunks.shapes.size());
                kernel.terms = terms;
                kernel.features = block.count;
                kernel.mean = both(into.mean, 1);
                kernel.squares = both(into.squares, 1);
                kernel.cross_products = both(into.cross_products, terms);
                slot.launch(kernel, block.count);
            });
        },
        rows.values);
}

void CudaBackend::adjust(const Rows& rows, const Adjustment& adjustment, const base::WritableRows& adjusted) const {
    const auto features = static_cast<Index>(adjustment.grand_mean.size());
    const auto subjects = static_cast<Index>(rows.subjects.size());
    if (subjects * features < limits_.least_cells) return processor_->adjust(rows, adjustment, adjusted);

    const Index terms = adjustment.coefficients.rows();
    Pass pass(*this);
    Slot& shared = pass.shared();
    const std::size_t cells = static_cast<std::size_t>(subjects * terms);
    shared.begin(Slot::room(cells * sizeof(double)));
    const double* codes = shared.in<double>(cells, [&](std::span<double> to) {
        for (Index i = 0; i < subjects; ++i) {
            const double* row = rows.codes.data() + rows.subjects[static_cast<std::size_t>(i)] * terms;
            std::copy_n(row, terms, to.data() + i * terms);
        }
    });
    pass.share();
    std::visit(
        [&]<typename T>(const std::vector<const T*>& values) {
            const auto& targets = std::get<std::vector<T*>>(adjusted);
            const std::array parts{RowsOfBlock{subjects, sizeof(T)}, RowsOfBlock{terms, sizeof(double)},
                                   RowsOfBlock{1, sizeof(double)}, RowsOfBlock{1, sizeof(double)},
                                   RowsOfBlock{1, sizeof(double)}};
            pass.over(features, {}, parts, [&](Slot& slot, const Block& block) {
                const auto in = [&](const double* matrix, Index count) {
                    return pass.in<double>(slot, block, count, rows_of(matrix, features));
                };
                AdjustKernel<T> kernel{};
                kernel.codes = codes;
                kernel.grand_mean = in(adjustment.grand_mean.data(), 1);
                kernel.coefficients = in(adjustment.coefficients.data(), terms);
                kernel.scale_change = in(adjustment.scale_change.data(), 1);
                kernel.shift = in(adjustment.shift.data(), 1);
                kernel.values = pass.in_out<T>(
                    slot, block, subjects, [&values](Index r) { return values[static_cast<std::size_t>(r)]; },
                    [&targets](Index r) { return targets[static_cast<std::size_t>(r)]; });
                kernel.subjects = subjects;
                kernel.terms = terms;
                kernel.features = block.count;
                slot.launch(kernel, block.count);
            });
        },
        rows.values);
}

}  // namespace tare::compute::cuda
