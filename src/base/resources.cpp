// How many threads and how much memory a run may use, from options, environment and operating system.
#include "tare/base/resources.hpp"

#include <unistd.h>
#ifdef __linux__
#include <sched.h>
#endif

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <memory>
#include <string>
#include <thread>

#include "cgroup.hpp"
#include "tare/base/error.hpp"
#include "tare/base/number_text.hpp"
#include "tare/base/text.hpp"

namespace tare::base {

namespace {

constexpr double kibi = 1024.0;

/// A positive count in an environment variable, of which only the text before the first comma is read.
std::optional<int> count_from_environment(const char* name) {
    const char* const text = std::getenv(name);
    if (text == nullptr) {
        return std::nullopt;
    }
    const std::string_view whole(text);
    const auto count = parse_integer(whole.substr(0, whole.find(',')));
    if (!count || *count < 1 || *count > std::numeric_limits<int>::max()) {
        return std::nullopt;
    }
    return static_cast<int>(*count);
}

int usable_processors() {
#ifdef __linux__
    struct FreeSet {
        void operator()(cpu_set_t* set) const { CPU_FREE(set); }
    };
    // The kernel refuses a set that is smaller than its own, which may have more than the usual 1024 places.
    for (std::size_t places = 1024; places <= std::size_t{1024} * 1024; places *= 4) {
        const std::unique_ptr<cpu_set_t, FreeSet> set(CPU_ALLOC(places));
        const std::size_t bytes = CPU_ALLOC_SIZE(places);
        if (set && sched_getaffinity(0, bytes, set.get()) == 0) {
            return std::max(1, CPU_COUNT_S(bytes, set.get()));
        }
    }
#endif
    return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

/// "3.2 GiB": bytes in the largest unit that leaves a number of at least one.
std::string size_text(std::uint64_t bytes, int decimals) {
    constexpr std::array units{" bytes", " KiB", " MiB", " GiB", " TiB"};
    auto amount = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (amount >= kibi && unit + 1 < units.size()) {
        amount /= kibi;
        ++unit;
    }
    const double scale = std::pow(10.0, decimals);
    return number_text(std::round(amount * scale) / scale) + units[unit];
}

/// A value of --memory that holds `bytes`: whole mebibytes, or whole gibibytes beyond the first.
std::string sufficient_option(std::uint64_t bytes) {
    constexpr std::uint64_t mebi = std::uint64_t{1} << 20U;
    constexpr std::uint64_t gibi = std::uint64_t{1} << 30U;
    const bool large = bytes > gibi;
    return std::to_string((bytes - 1) / (large ? gibi : mebi) + 1) + (large ? "G" : "M");
}

}  // namespace

int resolve_threads(std::optional<int> requested) {
    if (requested) {
        if (*requested < 1) {
            throw usage_error("--threads must be at least 1, not " + std::to_string(*requested));
        }
        return *requested;
    }
    for (const char* name : {"OMP_NUM_THREADS", "SLURM_CPUS_PER_TASK"}) {
        if (const auto count = count_from_environment(name)) {
            return *count;
        }
    }
    return usable_processors();
}

std::optional<std::uint64_t> parse_byte_size(std::string_view text) {
    const std::string_view size = trimmed(text);
    const std::size_t digits = std::min(size.find_first_not_of("0123456789."), size.size());
    const auto number = parse_number(size.substr(0, digits));
    std::string_view unit = trimmed(size.substr(digits));
    if (!number) {
        return std::nullopt;
    }
    double factor = 1.0;
    constexpr std::string_view prefixes = "kKmMgGtT";
    if (const std::size_t prefix = unit.empty() ? prefixes.npos : prefixes.find(unit.front()); prefix != prefixes.npos) {
        factor = std::pow(kibi, static_cast<double>(prefix / 2 + 1));
        unit.remove_prefix(1);
        if (unit == "i") {
            return std::nullopt;
        }
        unit.remove_prefix(unit.starts_with('i') ? 1 : 0);
    }
    const double bytes = std::floor(*number * factor);
    const bool known_unit = unit.empty() || unit == "B" || unit == "b";
    constexpr double too_many = 0x1p64;
    if (!known_unit || bytes < 1.0 || bytes >= too_many) {
        return std::nullopt;
    }
    return static_cast<std::uint64_t>(bytes);
}

std::uint64_t available_memory() {
    const long pages = sysconf(_SC_PHYS_PAGES);
    const long page_size = sysconf(_SC_PAGESIZE);
    std::uint64_t memory = std::numeric_limits<std::uint64_t>::max();
    if (pages > 0 && page_size > 0) {
        memory = static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page_size);
    }
    return std::min(memory, detail::cgroup_memory_limit("/").value_or(memory));
}

void check_memory(const Resources& resources, std::uint64_t needed, std::string_view what) {
    if (needed <= resources.memory) {
        return;
    }
    // More decimals only where the two sizes would read the same.
    int decimals = 1;
    while (decimals < 9 && size_text(needed, decimals) == size_text(resources.memory, decimals)) {
        ++decimals;
    }
    throw Error(ExitCode::memory,
                "needs about " + size_text(needed, decimals) + " for " + std::string(what) + ", --memory allows " +
                    size_text(resources.memory, decimals),
                "raise the limit with --memory " + sufficient_option(needed));
}

}  // namespace tare::base
