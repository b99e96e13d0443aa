// Keeps what is said, for work that is done in pieces side by side: each piece fills a log of its own, and what several of
// them say is said once.
#pragma once

#include <string>
#include <vector>

#include "tare/base/log.hpp"

namespace tare::base {

class CollectedLog final : public Log {
public:
    void warn(std::string_view message) override { warnings_.emplace_back(message); }
    void info(std::string_view) override {}
    void detail(std::string_view) override {}
    void progress(std::string_view, double) override {}

    [[nodiscard]] const std::vector<std::string>& warnings() const noexcept { return warnings_; }

private:
    std::vector<std::string> warnings_;
};

}  // namespace tare::base
