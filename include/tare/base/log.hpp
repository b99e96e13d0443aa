// Where the library says things: abstract sinks, so that mathematics never writes to a terminal.
// `cli` implements them on standard error; tests and library users may pass `SilentLog`.
#pragma once

#include <string>
#include <string_view>

namespace tare::base {

class Log {
public:
    virtual ~Log() = default;
    /// Something the user must know before trusting the result.
    virtual void warn(std::string_view message) = 0;
    /// What was done, in a line: shown unless --quiet.
    virtual void info(std::string_view message) = 0;
    /// More than most people want: shown with --verbose.
    virtual void detail(std::string_view message) = 0;
    /// How far a long step named `what` has come, from 0 to 1. Callable from one thread at a time.
    virtual void progress(std::string_view what, double fraction) = 0;
};

class SilentLog final : public Log {
public:
    void warn(std::string_view) override {}
    void info(std::string_view) override {}
    void detail(std::string_view) override {}
    void progress(std::string_view, double) override {}
};

}  // namespace tare::base
