// The watching thread: sigwait in a loop, woken for the last time by a signal that nobody else sends on purpose.
#include "signal_watcher.hpp"

#include <utility>

#include <pthread.h>
#include <unistd.h>

namespace tare::cli {

namespace {

/// Its default action is to be ignored, so that blocking it takes nothing from anybody.
constexpr int wake_up = SIGURG;

bool is_ignored(int signal) {
    struct sigaction action{};
    return sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

}  // namespace

SignalWatcher::SignalWatcher(std::function<void()> before_exit) : before_exit_(std::move(before_exit)) {
    sigemptyset(&awaited_);
    sigaddset(&awaited_, wake_up);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        if (!is_ignored(signal)) {
            sigaddset(&awaited_, signal);
        }
    }
    pthread_sigmask(SIG_BLOCK, &awaited_, &mask_before_);
    thread_ = std::thread([this] { watch(); });
}

SignalWatcher::~SignalWatcher() {
    is_over_ = true;
    pthread_kill(thread_.native_handle(), wake_up);
    thread_.join();
    pthread_sigmask(SIG_SETMASK, &mask_before_, nullptr);
}

void SignalWatcher::watch() const {
    while (!is_over_) {
        int signal = 0;
        if (sigwait(&awaited_, &signal) != 0 || signal == wake_up) {
            continue;
        }
        before_exit_();
        ::_exit(128 + signal);
    }
}

}  // namespace tare::cli
