// What every command is handed beside its options: where to say things, the budget, and the care for unfinished files.
#pragma once

#include <string>

#include "tare/base/log.hpp"
#include "tare/base/resources.hpp"
#include "tare/base/temporary_files.hpp"

namespace tare::cli {

struct Context {
    base::Log& log;
    base::Resources resources;
    base::TemporaryFiles& unfinished;
    bool force = false;
    std::string device = "cpu";  ///< where to compute: "cpu" or "cuda:N"
};

}  // namespace tare::cli
