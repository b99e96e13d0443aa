// How wide a block may be, and how two slots take turns.
#include "pass.hpp"

#include <algorithm>
#include <array>

namespace tare::compute::cuda {
namespace {

/// So many blocks at least, where each is still worth a copy of its own: with fewer, little overlaps.
constexpr Index blocks_to_overlap = 8;
constexpr std::size_t least_bytes = std::size_t{8} << 20U;

Index block_width(Index features, std::size_t block_bytes, std::span<const RowsOfBlock> parts) {
    std::size_t a_feature = 0;
    for (const RowsOfBlock& part : parts) a_feature += static_cast<std::size_t>(part.rows) * part.value_bytes;
    a_feature = std::max<std::size_t>(a_feature, 1);
    const auto holds = static_cast<Index>(block_bytes / a_feature), worth = static_cast<Index>(least_bytes / a_feature);
    const Index most = std::min(holds, std::max(features / blocks_to_overlap + 1, worth));
    return most < warp ? std::max<Index>(most, 1) : most / warp * warp;
}

}  // namespace

CudaBackend::Pass::Pass(const CudaBackend& backend) : backend_(backend), turn_(backend.turn_) {}

CudaBackend::Pass::~Pass() {
    for (Slot* slot : {&backend_.first_, &backend_.second_, &backend_.shared_}) slot->discard();
}

void CudaBackend::Pass::over(Index features, std::span<const Index> columns, std::span<const RowsOfBlock> parts,
                             const std::function<void(Slot&, const Block&)>& work, Index together) {
    const Index width = std::max(block_width(features, backend_.limits_.block_bytes, parts), std::min(features, together));
    const std::array slots{&backend_.first_, &backend_.second_};
    std::size_t turn = 0;
    for (Index begin = 0; begin < features; begin += width) {
        const Block block{begin, std::min(width, features - begin), columns};
        std::size_t bytes = 0;
        for (const RowsOfBlock& part : parts) bytes += Slot::room(cells(block, part.rows) * part.value_bytes);
        Slot& slot = *slots[turn];
        slot.begin(bytes);
        work(slot, block);
        slot.send_back();
        turn = 1 - turn;
    }
    slots[turn]->finish();
    slots[1 - turn]->finish();
}

}  // namespace tare::compute::cuda
