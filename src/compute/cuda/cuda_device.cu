// A card through the CUDA runtime: one thread an item. The runtime is linked statically and finds the driver when it is
// first asked, so programs start where there is none.
#include <array>
#include <string>

#include <cuda_runtime.h>

#include "cuda_backend.hpp"
#include "tare/base/error.hpp"

namespace tare::compute {
namespace {

using cuda::Kernel;

/// The compute capability, times ten, below which nvcc 13 compiles nothing.
constexpr int oldest = 75;

template <typename Body>
__global__ void run_items(Body body, Index items) {
    const Index item = static_cast<Index>(blockIdx.x) * blockDim.x + threadIdx.x;
    if (item < items) body(item);
}

class Card final : public cuda::Device {
public:
    explicit Card(int number) : number_(number) {
        try {
            choose();
            for (cudaStream_t& stream : streams_)
                check(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), "a stream");
        } catch (const base::Error& fault) {
            if (fault.code() == base::ExitCode::memory) throw;
            throw base::Error(base::ExitCode::unavailable, fault.what(), fault.hint());
        }
    }
    Card(const Card&) = delete;
    Card& operator=(const Card&) = delete;
    ~Card() override {
        for (cudaStream_t stream : streams_) cudaStreamDestroy(stream);
    }

    std::byte* allocate(std::size_t bytes) override {
        choose();
        void* memory = nullptr;
        check(cudaMalloc(&memory, bytes), std::to_string(bytes) + " bytes on the card");
        return static_cast<std::byte*>(memory);
    }
    std::byte* allocate_pinned(std::size_t bytes) override {
        choose();
        void* memory = nullptr;
        check(cudaMallocHost(&memory, bytes), std::to_string(bytes) + " bytes of pinned memory");
        return static_cast<std::byte*>(memory);
    }
    void release(std::byte* memory) noexcept override { cudaFree(memory); }
    void release_pinned(std::byte* memory) noexcept override { cudaFreeHost(memory); }

    void copy_in(int stream, std::byte* to_card, const std::byte* from_pinned, std::size_t bytes) override {
        choose();
        check(cudaMemcpyAsync(to_card, from_pinned, bytes, cudaMemcpyHostToDevice, at(stream)), "a copy to the card");
    }
    void copy_out(int stream, std::byte* to_pinned, const std::byte* from_card, std::size_t bytes) override {
        choose();
        check(cudaMemcpyAsync(to_pinned, from_card, bytes, cudaMemcpyDeviceToHost, at(stream)), "a copy from the card");
    }
    void copy_on_card(int stream, std::byte* to, const std::byte* from, std::size_t bytes) override {
        choose();
        check(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDeviceToDevice, at(stream)), "a copy on the card");
    }
    void launch(int stream, const Kernel& kernel, Index items) override {
        if (items == 0) return;
        choose();
        std::visit(
            [&](const auto& body) {
                constexpr Index threads = 128;
                const auto blocks = static_cast<unsigned>((items + threads - 1) / threads);
                run_items<<<blocks, static_cast<unsigned>(threads), 0, at(stream)>>>(body, items);
            },
            kernel);
        check(cudaGetLastError(), "a kernel");
    }
    void wait(int stream) override {
        choose();
        check(cudaStreamSynchronize(at(stream)), "work on the card");
    }

private:
    [[nodiscard]] cudaStream_t at(int stream) const { return streams_[static_cast<std::size_t>(stream)]; }
    /// The runtime keeps the card of every thread apart.
    void choose() const { check(cudaSetDevice(number_), "the card"); }
    void check(cudaError_t status, const std::string& what) const {
        if (status == cudaSuccess) return;
        cudaGetLastError();  // so that what is asked next does not hear of it again
        const bool memory = status == cudaErrorMemoryAllocation;
        throw base::Error(memory ? base::ExitCode::memory : base::ExitCode::internal,
                          "cuda:" + std::to_string(number_) + ": " + what + ": " + cudaGetErrorString(status),
                          memory ? "give --memory less, or run with --device cpu" : "run with --device cpu");
    }

    int number_;
    std::array<cudaStream_t, streams> streams_{};
};

}  // namespace

std::unique_ptr<cuda::Device> cuda::make_card(int number) {
    return std::make_unique<Card>(number);
}

DeviceList cuda_devices() {
    DeviceList out;
    int count = 0;
    const cudaError_t status = cudaGetDeviceCount(&count);
    if (status != cudaSuccess) {
        cudaGetLastError();
        out.why_none = status == cudaErrorInsufficientDriver || status == cudaErrorStubLibrary
                           ? "there is no NVIDIA driver that this build could use"
                           : std::string("the NVIDIA driver says: ") + cudaGetErrorString(status);
        return out;
    }
    out.why_none = "there is no NVIDIA card";
    for (int i = 0; i < count; ++i) {
        cudaDeviceProp properties{};
        int mode = cudaComputeModeDefault;
        if (cudaGetDeviceProperties(&properties, i) != cudaSuccess ||
            cudaDeviceGetAttribute(&mode, cudaDevAttrComputeMode, i) != cudaSuccess) {
            out.why_none = std::string("the NVIDIA driver says: ") + cudaGetErrorString(cudaGetLastError());
        } else if (properties.major * 10 + properties.minor < oldest) {
            out.why_none = std::string("the card ") + properties.name + " is older than those this build knows";
        } else if (mode == cudaComputeModeProhibited) {
            out.why_none = std::string("the card ") + properties.name + " is set to run nothing";
        } else {
            out.devices.push_back({i, properties.name, properties.major, properties.minor, properties.totalGlobalMem});
        }
    }
    if (!out.devices.empty()) out.why_none.clear();
    return out;
}

std::unique_ptr<Backend> make_cuda_backend(int number, int threads, const CudaLimits& limits) {
    return std::make_unique<cuda::CudaBackend>(cuda::make_card(number), threads, limits);
}

}  // namespace tare::compute
