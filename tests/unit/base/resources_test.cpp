// Threads from option, environment and affinity; sizes from text; the refusal that memory is too small.
#include "tare/base/resources.hpp"

#include <fstream>
#include <string>

#include <catch2/catch.hpp>
#include <sched.h>
#include <stdlib.h>

#include "../../../src/base/cgroup.hpp"
#include "support/temporary_directory.hpp"
#include "tare/base/error.hpp"

using tare::base::check_memory;
using tare::base::Error;
using tare::base::ExitCode;
using tare::base::parse_byte_size;
using tare::base::resolve_threads;
using tare::base::Resources;
using tare::base::detail::cgroup_memory_limit;

namespace {

constexpr std::uint64_t kib = 1024;
constexpr std::uint64_t mib = 1024 * kib;
constexpr std::uint64_t gib = 1024 * mib;

/// Sets or removes an environment variable and gives it its former value back.
class Environment {
public:
    Environment(const char* name, const char* value) : name_(name) {
        if (const char* before = getenv(name)) {
            before_ = before;
        }
        assign(value);
    }
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;
    ~Environment() { assign(before_ ? before_->c_str() : nullptr); }

private:
    void assign(const char* value) const {
        if (value == nullptr) {
            unsetenv(name_);
        } else {
            setenv(name_, value, 1);
        }
    }

    const char* name_;
    std::optional<std::string> before_;
};

int threads_with(const char* omp, const char* slurm) {
    const Environment first("OMP_NUM_THREADS", omp);
    const Environment second("SLURM_CPUS_PER_TASK", slurm);
    return resolve_threads(std::nullopt);
}

int processors_of_the_mask() {
    cpu_set_t set;
    REQUIRE(sched_getaffinity(0, sizeof set, &set) == 0);
    return CPU_COUNT(&set);
}

void write(const std::filesystem::path& file, std::string_view text) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
}

}  // namespace

TEST_CASE("the option beats the environment, and that beats the affinity mask", "[base][resources]") {
    const Environment first("OMP_NUM_THREADS", "93");
    const Environment second("SLURM_CPUS_PER_TASK", "95");
    CHECK(resolve_threads(7) == 7);
    CHECK(resolve_threads(std::nullopt) == 93);
    CHECK(threads_with(nullptr, "95") == 95);
    CHECK(threads_with(nullptr, nullptr) == processors_of_the_mask());
}

TEST_CASE("OMP_NUM_THREADS may be a list", "[base][resources]") {
    CHECK(threads_with("94,2", "95") == 94);
    CHECK(threads_with(" 94 , 2 ", "95") == 94);
}

TEST_CASE("a malformed environment value gives way to the next source", "[base][resources]") {
    for (const char* malformed : {"", " ", "0", "-3", "four", "4x", "4.5", ",4", "99999999999999999999", "2147483648"}) {
        CAPTURE(malformed);
        CHECK(threads_with(malformed, "95") == 95);
        CHECK(threads_with(malformed, malformed) == processors_of_the_mask());
    }
}

TEST_CASE("fewer than one thread cannot be asked for", "[base][resources]") {
    for (const int requested : {0, -1}) {
        try {
            static_cast<void>(resolve_threads(requested));
            FAIL("no error for " << requested);
        } catch (const Error& error) {
            CHECK(error.code() == ExitCode::usage);
        }
    }
}

TEST_CASE("sizes count in powers of 1024", "[base][resources]") {
    CHECK(parse_byte_size("1000000") == 1000000);
    CHECK(parse_byte_size("1") == 1);
    CHECK(parse_byte_size("12B") == 12);
    CHECK(parse_byte_size("3K") == 3 * kib);
    CHECK(parse_byte_size("512M") == 512 * mib);
    CHECK(parse_byte_size("512m") == 512 * mib);
    CHECK(parse_byte_size("4G") == 4 * gib);
    CHECK(parse_byte_size("4GB") == 4 * gib);
    CHECK(parse_byte_size("4GiB") == 4 * gib);
    CHECK(parse_byte_size("4gib") == 4 * gib);
    CHECK(parse_byte_size("2T") == 2048 * gib);
    CHECK(parse_byte_size("1.5GiB") == gib + gib / 2);
    CHECK(parse_byte_size(".5K") == 512);
    CHECK(parse_byte_size(" 4 G ") == 4 * gib);
}

TEST_CASE("texts that are no size are refused", "[base][resources]") {
    for (const char* text : {"",    " ",   "G",     "0",   "0G",   "0.1",    "-4G",  "+4G", "4X",           "4Gi", "4Gib4",
                             "4GG", "4iB", "4 G B", "1e3", "4,5G", "1.2.3G", "0x10", "n/a", "99999999999T", "inf", "4P"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_byte_size(text));
    }
}

TEST_CASE("memory within the budget passes, beyond it is refused with the sizes", "[base][resources]") {
    const Resources resources{.threads = 1, .memory = gib};
    CHECK_NOTHROW(check_memory(resources, gib, "x"));
    CHECK_NOTHROW(check_memory(Resources{}, UINT64_MAX, "x"));
    const auto refusal = [&](std::uint64_t needed) {
        try {
            check_memory(resources, needed, "one site's moments");
        } catch (const Error& error) {
            CHECK(error.code() == ExitCode::memory);
            return std::string(error.what()) + " | " + error.hint();
        }
        return std::string("no error");
    };
    CHECK(refusal(3 * gib + 200 * mib) ==
          "needs about 3.2 GiB for one site's moments, --memory allows 1 GiB | raise the limit with --memory 4G");
    CHECK(refusal(3 * gib) ==
          "needs about 3 GiB for one site's moments, --memory allows 1 GiB | raise the limit with --memory 3G");
    CHECK(refusal(gib + 10 * mib) ==
          "needs about 1.01 GiB for one site's moments, --memory allows 1 GiB | raise the limit with --memory 2G");
}

TEST_CASE("the memory hint names a size that passes", "[base][resources]") {
    for (const std::uint64_t needed : {std::uint64_t{2}, kib, mib - 1, mib, mib + 1, gib - 1, gib, gib + 1, 5000 * gib}) {
        CAPTURE(needed);
        try {
            check_memory(Resources{.threads = 1, .memory = 1}, needed, "x");
            FAIL("no error");
        } catch (const Error& error) {
            const auto size = parse_byte_size(error.hint().substr(error.hint().rfind(' ') + 1));
            REQUIRE(size);
            CHECK(*size >= needed);
        }
    }
}

TEST_CASE("available memory is a plausible number of bytes", "[base][resources]") {
    const std::uint64_t memory = tare::base::available_memory();
    CHECK(memory > mib);
    CHECK(memory < UINT64_MAX);
    CHECK(memory <= cgroup_memory_limit("/").value_or(memory));
}

TEST_CASE("the control group's memory limit is the smallest on the way up", "[base][resources]") {
    const tare::test::TemporaryDirectory directory;
    const auto& root = directory.path();
    const auto groups = root / "proc/self/cgroup";
    const auto mount = root / "sys/fs/cgroup";

    SECTION("no control groups at all") {
        CHECK_FALSE(cgroup_memory_limit(root));
    }
    SECTION("version 2") {
        write(groups, "0::/user/job\n");
        write(mount / "user/job/memory.max", "max\n");
        CHECK_FALSE(cgroup_memory_limit(root));
        write(mount / "user/memory.max", "2147483648\n");
        CHECK(cgroup_memory_limit(root) == 2 * gib);
        write(mount / "user/job/memory.max", "1073741824\n");
        CHECK(cgroup_memory_limit(root) == gib);
    }
    SECTION("version 2 inside a container, where the path is not to be seen") {
        write(groups, "0::/../outside\n");
        write(mount / "memory.max", "1048576\n");
        CHECK(cgroup_memory_limit(root) == mib);
    }
    SECTION("version 1") {
        write(groups, "5:cpu,cpuacct:/slurm\n4:hugetlb,memory:/slurm/job_1\n0::/\nnonsense\n");
        write(mount / "memory/slurm/job_1/memory.limit_in_bytes", "4294967296\n");
        write(mount / "memory/memory.limit_in_bytes", "9223372036854771712\n");
        CHECK(cgroup_memory_limit(root) == 4 * gib);
    }
    SECTION("a limit that is no number") {
        write(groups, "0::/\n");
        write(mount / "memory.max", "12 apples\n");
        CHECK_FALSE(cgroup_memory_limit(root));
    }
}
