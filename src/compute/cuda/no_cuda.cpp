// In place of cuda_device.cu where this build has no CUDA compiler.
#include "device.hpp"
#include "tare/base/error.hpp"
#include "tare/compute/devices.hpp"

namespace tare::compute {

DeviceList cuda_devices() {
    return {{}, "this build has no GPU path"};
}

std::unique_ptr<cuda::Device> cuda::make_card(int) {
    throw base::Error(base::ExitCode::unavailable, "this build has no GPU path", "run with --device cpu");
}

std::unique_ptr<Backend> make_cuda_backend(int, int, const CudaLimits&) {
    throw base::Error(base::ExitCode::unavailable, "this build has no GPU path", "run with --device cpu");
}

}  // namespace tare::compute
