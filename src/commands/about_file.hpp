// Faults in what a file holds, told with the file's name.
#pragma once

#include <string>

#include "tare/base/error.hpp"

namespace tare::commands {

/// Returns action(); what it throws about data gets the path in front of it.
template <typename Action>
auto about_file(const std::string& path, const Action& action) {
    try {
        return action();
    } catch (const base::Error& fault) {
        if (fault.code() != base::ExitCode::data) throw;
        throw base::Error(fault.code(), path + ": " + fault.what(), fault.hint());
    }
}

}  // namespace tare::commands
