// Where a command computes: the processor, or a graphics card that --device asks for.
#pragma once

#include <memory>
#include <string>

#include "tare/base/log.hpp"
#include "tare/cli/context.hpp"
#include "tare/compute/backend.hpp"

namespace tare::commands {

/// "cuda:N" where that card is there; for "auto" the first card, or "cpu" where there is none, which the log then says.
/// Throws Error (69) for a card that is asked for and not there.
[[nodiscard]] std::string device_that_is_there(const std::string& asked, base::Log& log);

/// The backend of the context's device, with so many threads on the processor.
[[nodiscard]] std::unique_ptr<compute::Backend> backend_on_device(const cli::Context& context, int threads);
[[nodiscard]] inline std::unique_ptr<compute::Backend> backend_on_device(const cli::Context& context) {
    return backend_on_device(context, context.resources.threads);
}

}  // namespace tare::commands
