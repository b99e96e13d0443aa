// What a run says, on standard error: warnings always, other lines and the progress bar as the user wishes.
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "tare/base/log.hpp"

namespace tare::cli {

struct Loudness {
    bool info = true;
    bool detail = false;
    bool progress_bar = false;
};

/// Safe to call from several threads. Every message becomes one line, whatever characters it holds.
class TerminalLog final : public base::Log {
public:
    /// Lines begin with `program` and go to `descriptor`, which stays the caller's.
    TerminalLog(std::string program, int descriptor, Loudness loudness);
    TerminalLog(const TerminalLog&) = delete;
    TerminalLog& operator=(const TerminalLog&) = delete;
    /// Takes the progress bar away.
    ~TerminalLog();

    void warn(std::string_view message) override;
    void info(std::string_view message) override;
    void detail(std::string_view message) override;
    void progress(std::string_view what, double fraction) override;

    /// Prints a line just before the process ends; nothing said later appears. Waits neither for another thread nor
    /// for a reader of standard error that does not read.
    void last_line(std::string_view message) noexcept;

private:
    void say(std::string_view message);
    void write(std::string_view text) const;

    std::string program_;
    int descriptor_;
    Loudness loudness_;
    std::mutex mutex_;
    bool bar_is_drawn_ = false;
    bool is_silenced_ = false;
    std::string underway_;  ///< the step that the bar is about, and when it began
    std::chrono::steady_clock::time_point began_;
    std::optional<std::chrono::steady_clock::time_point> last_drawn_;
};

/// True where a progress bar makes sense on the descriptor: a terminal that can move its cursor.
[[nodiscard]] bool can_draw_progress(int descriptor);

}  // namespace tare::cli
