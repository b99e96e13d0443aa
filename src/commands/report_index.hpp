// An Index as the place of a vector's element, for the files of tare-report.
#pragma once

#include <cstddef>

#include "tare/base/matrix.hpp"

namespace tare::commands {

[[nodiscard]] inline std::size_t at(base::Index i) {
    return static_cast<std::size_t>(i);
}

}  // namespace tare::commands
