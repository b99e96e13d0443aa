// The one exception type of tare and the exit codes that scripts rely on (DESIGN section 3).
// An Error is one line for the user, where it helps a hint, and the exit code of the process.
// The factories name the kind of fault; malformed, inconsistent and degenerate all exit 65.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace tare::base {

enum class ExitCode : int {
    ok = 0,
    usage = 64,
    data = 65,
    no_input = 66,
    unavailable = 69,
    internal = 70,
    memory = 71,
    cannot_create = 73,
    io = 74,
    interrupted = 130,
    terminated = 143,
};

class Error : public std::runtime_error {
public:
    Error(ExitCode code, const std::string& message, std::string hint = {})
        : std::runtime_error(message), code_(code), hint_(std::move(hint)) {}

    [[nodiscard]] ExitCode code() const noexcept { return code_; }
    [[nodiscard]] const std::string& hint() const noexcept { return hint_; }

private:
    ExitCode code_;
    std::string hint_;
};

/// The command line is wrong: unknown option, missing value, options that exclude each other.
inline Error usage_error(const std::string& message, std::string hint = {}) {
    return {ExitCode::usage, message, std::move(hint)};
}
/// A file breaks its own format.
inline Error malformed(const std::string& message, std::string hint = {}) {
    return {ExitCode::data, message, std::move(hint)};
}
/// Files, or a file and the command line, disagree with each other.
inline Error inconsistent(const std::string& message, std::string hint = {}) {
    return {ExitCode::data, message, std::move(hint)};
}
/// The files are valid and the mathematics is impossible.
inline Error degenerate(const std::string& message, std::string hint = {}) {
    return {ExitCode::data, message, std::move(hint)};
}

}  // namespace tare::base
