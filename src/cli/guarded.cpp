// Maps exceptions to messages and exit codes, in the one place where that is done.
#include "guarded.hpp"

#include <csignal>
#include <exception>
#include <new>

#include <unistd.h>

#include "printable.hpp"
#include "standard_streams.hpp"
#include "tare/base/error.hpp"

namespace tare::cli {

namespace {

using base::ExitCode;

int report(const std::string& program, ExitCode code, const std::string& message, const std::string& hint) {
    std::string text = program + ": error: " + printable(message) + "\n";
    if (!hint.empty()) {
        text += "hint: " + printable(hint) + "\n";
    }
    static_cast<void>(write_all(STDERR_FILENO, text));
    return static_cast<int>(code);
}

/// Must be called while an exception is being handled.
int report_current_exception(const std::string& program) {
    constexpr auto please_report =
        "this is a fault of the program, not of your data: please report it with the command line";
    try {
        throw;
    } catch (const base::Error& error) {
        return report(program, error.code(), error.what(), error.hint());
    } catch (const std::bad_alloc&) {
        return report(program, ExitCode::memory, "not enough memory", "");
    } catch (const std::exception& error) {
        return report(program, ExitCode::internal, std::string("internal error: ") + error.what(), please_report);
    } catch (...) {
        return report(program, ExitCode::internal, "internal error", please_report);
    }
}

}  // namespace

int guarded(const std::string& program, const std::function<void()>& work) noexcept {
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    occupy_closed_streams();
    try {
        try {
            work();
            return static_cast<int>(ExitCode::ok);
        } catch (...) {
            return report_current_exception(program);
        }
    } catch (...) {
        // Not even the message could be put together: only memory can be the reason.
        static_cast<void>(write_all(STDERR_FILENO, "tare: error: not enough memory\n"));
        return static_cast<int>(ExitCode::memory);
    }
}

}  // namespace tare::cli
