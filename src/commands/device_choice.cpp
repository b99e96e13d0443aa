// From the text of --device to a card.
#include "device_choice.hpp"

#include "tare/base/error.hpp"
#include "tare/base/number_text.hpp"
#include "tare/base/text.hpp"
#include "tare/compute/devices.hpp"

namespace tare::commands {
namespace {

constexpr std::string_view prefix = "cuda:";

/// The number in "cuda:N"; 0 of "cuda". Numbers that no card could have are the largest.
int number_in(const std::string& device) {
    if (!device.starts_with(prefix)) return 0;
    constexpr int largest = 1'000'000;
    const auto number = base::parse_integer(device.substr(prefix.size()));
    return number && *number < largest ? static_cast<int>(*number) : largest;
}

}  // namespace

std::string device_that_is_there(const std::string& asked, base::Log& log) {
    const compute::DeviceList found = compute::cuda_devices();
    if (asked == "auto") {
        if (found.devices.empty()) {
            log.info("--device auto: " + found.why_none + ", running on the CPU");
            return "cpu";
        }
        log.info("--device auto: running on " + found.devices.front().text() + " (" + found.devices.front().name + ")");
        return found.devices.front().text();
    }
    const int number = number_in(asked);
    for (const compute::CudaDevice& device : found.devices) {
        if (device.number == number) return device.text();
    }
    std::vector<std::string> names;
    for (const compute::CudaDevice& device : found.devices) names.push_back(device.text());
    throw base::Error(base::ExitCode::unavailable,
                      "option '--device' is '" + asked + "', and " +
                          (names.empty() ? found.why_none : "the cards here are " + base::joined(names)),
                      "leave --device out, or give --device auto, to run on the CPU; tare-info --devices lists the cards");
}

std::unique_ptr<compute::Backend> backend_on_device(const cli::Context& context, int threads) {
    if (context.device == "cpu") return compute::make_cpu_backend(threads);
    return compute::make_cuda_backend(number_in(context.device), threads, compute::cuda_limits(context.resources.memory));
}

}  // namespace tare::commands
