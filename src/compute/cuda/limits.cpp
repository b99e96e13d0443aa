// How much memory blocks may take.
#include <algorithm>

#include "tare/compute/devices.hpp"

namespace tare::compute {

CudaLimits cuda_limits(std::uint64_t memory) {
    CudaLimits limits;
    limits.block_bytes = std::clamp<std::size_t>(memory / 16, std::size_t{4} << 20U, limits.block_bytes);
    return limits;
}

}  // namespace tare::compute
