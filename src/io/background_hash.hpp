// The checksum of a file that is open already, computed beside other work where there is a thread to spare, else when
// it is asked for. It reads by itself, so that it brings no pages of a mapping into memory.
#pragma once

#include <exception>
#include <optional>
#include <string>
#include <thread>

#include "descriptor.hpp"

namespace tare::io::detail {

class BackgroundHash {
public:
    /// `file` must stay open as long as this object lives; `name` is for messages.
    BackgroundHash(const Descriptor& file, std::string name, bool at_once);
    BackgroundHash(const BackgroundHash&) = delete;
    BackgroundHash& operator=(const BackgroundHash&) = delete;

    /// SHA-256 of all bytes. Throws Error (74).
    [[nodiscard]] const std::string& hex();

private:
    void compute(const std::stop_token& stop);

    const Descriptor& file_;
    std::string name_;
    std::optional<std::string> hex_;
    std::exception_ptr fault_;
    std::jthread worker_;  ///< the last member: it ends before what it writes to goes
};

}  // namespace tare::io::detail
