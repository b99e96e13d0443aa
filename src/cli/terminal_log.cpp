// Lines and the progress bar on a terminal. The bar stands on the last line and is erased before anything else is said.
#include "terminal_log.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "printable.hpp"
#include "standard_streams.hpp"

namespace tare::cli {

namespace {

constexpr std::chrono::milliseconds between_redraws(100);
constexpr std::string_view erase_line = "\r\x1b[K";

std::size_t terminal_columns(int descriptor) {
    winsize size{};
    const bool known = ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return known ? size.ws_col : 80;
}

/// "3 min left": what is to come at the pace so far, where that is worth a word.
std::string time_left(std::chrono::steady_clock::duration so_far, double fraction) {
    const double seconds = std::chrono::duration<double>(so_far).count();
    if (fraction <= 0.0 || seconds < 2.0) return "";
    const double left = seconds * (1.0 - fraction) / fraction;
    if (left < 90.0) return " " + std::to_string(static_cast<int>(left) + 1) + " s left";
    return " " + std::to_string(static_cast<long long>(std::min(left / 60.0, 1e9)) + 1) + " min left";
}

/// "reading the table [#####-----]  50% 12 s left", cut to the width of the terminal so that it never wraps.
std::string bar_text(std::string_view what, double fraction, std::string_view left, std::size_t columns) {
    constexpr std::size_t widest_bar = 30;
    const double share = fraction > 0.0 ? std::min(fraction, 1.0) : 0.0;
    std::string percent = std::to_string(static_cast<int>(share * 100.0));
    percent.insert(0, 3 - percent.size(), ' ');
    std::string text(what);
    const std::size_t taken = text.size() + std::string_view(" [] 100% ").size() + left.size();
    if (columns > taken) {
        const std::size_t width = std::min(widest_bar, columns - taken);
        const auto full = static_cast<std::size_t>(share * static_cast<double>(width));
        text += " [" + std::string(full, '#') + std::string(width - full, '-') + "]";
    }
    text += " " + percent + "%" + std::string(left);
    return text.size() < columns ? text : percent + "%";
}

}  // namespace

TerminalLog::TerminalLog(std::string program, int descriptor, Loudness loudness)
    : program_(std::move(program)), descriptor_(descriptor), loudness_(loudness) {}

TerminalLog::~TerminalLog() {
    if (bar_is_drawn_) {
        write(erase_line);
    }
}

void TerminalLog::warn(std::string_view message) {
    say("warning: " + printable(message));
}

void TerminalLog::info(std::string_view message) {
    if (loudness_.info) {
        say(printable(message));
    }
}

void TerminalLog::detail(std::string_view message) {
    if (loudness_.detail) {
        say(printable(message));
    }
}

void TerminalLog::progress(std::string_view what, double fraction) {
    if (!loudness_.progress_bar) {
        return;
    }
    const std::lock_guard lock(mutex_);
    if (is_silenced_) {
        return;
    }
    const auto now = std::chrono::steady_clock::now();
    if (what != underway_) {
        underway_ = what;
        began_ = now;
    }
    if (fraction >= 1.0) {
        underway_.clear();
        if (bar_is_drawn_) {
            write(erase_line);
            bar_is_drawn_ = false;
        }
        return;
    }
    if (last_drawn_ && now - *last_drawn_ < between_redraws) {
        return;
    }
    last_drawn_ = now;
    bar_is_drawn_ = true;
    write(std::string(erase_line) +
          bar_text(printable(what), fraction, time_left(now - began_, fraction), terminal_columns(descriptor_)));
}

void TerminalLog::last_line(std::string_view message) noexcept {
    const std::unique_lock lock(mutex_, std::try_to_lock);
    pollfd ready{descriptor_, POLLOUT, 0};
    if (::poll(&ready, 1, 0) == 1 && (ready.revents & POLLOUT) != 0) {
        try {
            const bool erase = lock.owns_lock() && bar_is_drawn_;
            write(std::string(erase ? erase_line : "") + program_ + ": " + printable(message) + "\n");
        } catch (const std::exception&) {
            // Out of memory: the process ends without this line.
        }
    }
    if (lock.owns_lock()) {
        bar_is_drawn_ = false;
        is_silenced_ = true;
    }
}

void TerminalLog::say(std::string_view message) {
    const std::lock_guard lock(mutex_);
    if (is_silenced_) {
        return;
    }
    write(std::string(bar_is_drawn_ ? erase_line : "") + program_ + ": " + std::string(message) + "\n");
    bar_is_drawn_ = false;
}

void TerminalLog::write(std::string_view text) const {
    // Where standard error itself cannot be written there is nobody left to tell.
    static_cast<void>(write_all(descriptor_, text));
}

bool can_draw_progress(int descriptor) {
    const char* const terminal = std::getenv("TERM");
    return ::isatty(descriptor) == 1 && terminal != nullptr && std::string_view(terminal) != "dumb";
}

}  // namespace tare::cli
