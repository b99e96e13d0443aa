// The graphics cards that the arithmetic can run on, and the Backend of one.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tare/compute/backend.hpp"

namespace tare::compute {

struct CudaDevice {
    int number = 0;  ///< as in --device cuda:N
    std::string name;
    int major = 0, minor = 0;  ///< compute capability
    std::uint64_t memory = 0;  ///< bytes

    [[nodiscard]] std::string text() const { return "cuda:" + std::to_string(number); }
};

struct DeviceList {
    std::vector<CudaDevice> devices;
    std::string why_none;  ///< a clause, where there is none: no GPU path in this build, no driver, no card
};

/// The cards that this build can run on, as the driver tells. Never throws; programs may call it where there is no driver.
[[nodiscard]] DeviceList cuda_devices();

/// How work is cut for a card.
struct CudaLimits {
    std::size_t block_bytes = std::size_t{256} << 20U;  ///< of one block of features, on the card and pinned each
    Index least_cells = 65'536;                         ///< work of fewer cells stays on the processor
};
/// Blocks that leave a run most of its budget: two of them, and what they share, are pinned at a time.
[[nodiscard]] CudaLimits cuda_limits(std::uint64_t memory);

/// The backend of card `number`, with this many threads for what it does on the processor.
/// Throws Error: 69 where that card cannot be used, or in a build without a GPU path; 71 where there is no memory.
[[nodiscard]] std::unique_ptr<Backend> make_cuda_backend(int number, int threads, const CudaLimits& limits);

}  // namespace tare::compute
