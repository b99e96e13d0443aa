// Ends a run that is interrupted in an orderly way: a thread waits for the signals, so that no code ever runs inside
// a signal handler.
#pragma once

#include <atomic>
#include <csignal>
#include <functional>
#include <thread>

namespace tare::cli {

/// Watches SIGINT, SIGTERM and SIGHUP while it lives. A signal that the process was started to ignore (nohup, a
/// background job) stays ignored.
class SignalWatcher {
public:
    /// Blocks the signals in the calling thread and in all threads it starts from now on, so it has to be made before
    /// any other thread. When one comes, `before_exit` runs in the watching thread, and then the process ends with
    /// code 128 + signal.
    explicit SignalWatcher(std::function<void()> before_exit);
    SignalWatcher(const SignalWatcher&) = delete;
    SignalWatcher& operator=(const SignalWatcher&) = delete;
    /// Stops watching and gives the calling thread its old signal mask back.
    ~SignalWatcher();

private:
    void watch() const;

    std::function<void()> before_exit_;
    sigset_t awaited_{};
    sigset_t mask_before_{};
    std::atomic<bool> is_over_ = false;
    std::thread thread_;
};

}  // namespace tare::cli
