// A signal handler can see nothing but global variables: hence the one table here, of lock-free atomics.
#include "mapping_guard.hpp"

#include <array>
#include <atomic>
#include <csignal>
#include <cstdint>

#include <sys/mman.h>
#include <unistd.h>

namespace tare::io::detail {

namespace {

struct Watched {
    std::atomic<bool> taken = false;
    std::atomic<bool> failed = false;
    std::atomic<std::uintptr_t> begin = 0;
    std::atomic<std::uintptr_t> end = 0;
};

static_assert(std::atomic<std::uintptr_t>::is_always_lock_free && std::atomic<bool>::is_always_lock_free);

constexpr std::size_t most_mappings = 256;
constinit std::array<Watched, most_mappings> watched;
struct sigaction before_us;
std::uintptr_t page_size;

void answer(int signal, siginfo_t* info, void* /*context*/) {
    const auto place = reinterpret_cast<std::uintptr_t>(info->si_addr);
    for (Watched& mapping : watched) {
        if (place < mapping.begin || place >= mapping.end) {
            continue;
        }
        void* const page = static_cast<char*>(info->si_addr) - place % page_size;
        if (::mmap(page, page_size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED) {
            mapping.failed = true;
            return;
        }
    }
    // Not ours: the access is repeated on return, and meets whoever was in charge before.
    ::sigaction(signal, &before_us, nullptr);
}

bool install() noexcept {
    page_size = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    struct sigaction action{};
    action.sa_sigaction = answer;
    action.sa_flags = SA_SIGINFO;
    sigemptyset(&action.sa_mask);
    return ::sigaction(SIGBUS, &action, &before_us) == 0;
}

}  // namespace

int guard_mapping(std::string_view mapping) noexcept {
    static const bool installed = install();
    for (std::size_t i = 0; installed && i < watched.size(); ++i) {
        if (!watched[i].taken.exchange(true)) {
            const auto begin = reinterpret_cast<std::uintptr_t>(mapping.data());
            watched[i].failed = false;
            watched[i].end = begin + mapping.size();
            watched[i].begin = begin;
            return static_cast<int>(i);
        }
    }
    return -1;
}

void forget_mapping(int number) noexcept {
    if (number >= 0) {
        Watched& mapping = watched[static_cast<std::size_t>(number)];
        mapping.end = 0;
        mapping.begin = 0;
        mapping.taken = false;
    }
}

bool mapping_failed(int number) noexcept {
    return number >= 0 && watched[static_cast<std::size_t>(number)].failed;
}

}  // namespace tare::io::detail
