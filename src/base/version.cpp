// The version number; CMake hands the macro to this file alone, so that a new version recompiles one file.
#include "tare/base/version.hpp"

namespace tare::base {

std::string_view version() noexcept {
    return TARE_VERSION;
}

}  // namespace tare::base
