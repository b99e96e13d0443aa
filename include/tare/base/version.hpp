// The version of tare, for --version, the man pages and provenance.
#pragma once

#include <string_view>

namespace tare::base {

/// "0.1.0": the version of the CMake project.
[[nodiscard]] std::string_view version() noexcept;

}  // namespace tare::base
