// Counts the pieces done of a parallel loop, and shows how far it is.
#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <utility>

#include "tare/base/log.hpp"

namespace tare::commands {

class Progress {
public:
    Progress(std::string what, std::size_t count, base::Log& log) : what_(std::move(what)), count_(count), log_(log) {}
    void one_more() {
        const std::lock_guard lock(mutex_);
        log_.progress(what_, static_cast<double>(++done_) / static_cast<double>(count_));
    }

private:
    std::string what_;
    std::size_t count_, done_ = 0;
    base::Log& log_;
    std::mutex mutex_;
};

}  // namespace tare::commands
