// A program from its arguments to its exit code: answers, messages, exceptions, signals, the progress bar.
#include "tare/cli/program.hpp"

#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>
#include <sys/types.h>
#include <unistd.h>

#include "support/temporary_directory.hpp"
#include "tare/base/error.hpp"
#include "tare/base/version.hpp"
#include "tare/cli/context.hpp"
#include "tare/cli/parsed_options.hpp"
#include "unit/cli/forked.hpp"
#include "unit/cli/sample_command.hpp"

using Catch::Matchers::Contains;
using tare::cli::CommandSpec;
using tare::cli::Context;
using tare::cli::ParsedOptions;
using tare::test::Arguments;
using tare::test::in_child;
using tare::test::Outcome;

namespace {

void print(const std::string& text) {
    static_cast<void>(!::write(STDOUT_FILENO, text.data(), text.size()));
}

void wait_to_be_interrupted() {
    std::this_thread::sleep_for(std::chrono::seconds(20));
}

/// What --site names is done, so that one command can end in every way.
void act(const ParsedOptions& options, Context& context) {
    const std::string act = options.text("site");
    if (act == "say") {
        context.log.info("information");
        context.log.detail("a detail");
        context.log.warn("a warning");
        print(options.command_line());
    } else if (act == "show context") {
        print(std::to_string(context.resources.threads) + " " + std::to_string(context.resources.memory) + " " +
              context.device + (context.force ? " force" : ""));
    } else if (act == "malformed") {
        throw tare::base::malformed("t.csv:3: 'a\nb\x1B[2Jc\xFF' is no number", "look\nthere");
    } else if (act == "missing") {
        throw tare::base::Error(tare::base::ExitCode::no_input, "no such file");
    } else if (act == "no memory") {
        throw std::bad_alloc();
    } else if (act == "fault") {
        throw std::out_of_range("index");
    } else if (act == "odd") {
        throw 42;
    } else if (act == "progress") {
        for (int i = 0; i < 1000; ++i) {
            context.log.progress("weighing", i / 1000.0);
        }
        context.log.warn("in between");
        context.log.progress("weighing", 0.99);
        std::this_thread::sleep_for(std::chrono::milliseconds(120));
        context.log.progress("weighing", 0.995);
    } else if (act == "leave a file and fail" || act == "leave a file and wait" || act == "leave a file") {
        const std::filesystem::path file = options.text("model");
        context.unfinished.add(file);
        std::ofstream(file) << "half";
        if (act.ends_with("fail")) {
            throw tare::base::malformed("no");
        }
        if (act.ends_with("wait")) {
            static_cast<void>(::kill(::getpid(), static_cast<int>(options.integer("seed").value_or(0))));
            wait_to_be_interrupted();
        }
    } else if (act == "hang up") {
        static_cast<void>(::kill(::getpid(), SIGHUP));
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        print("still here");
    }
}

const CommandSpec& weigh() {
    static const CommandSpec spec = [] {
        CommandSpec command = tare::test::weigh_command();
        command.run = act;
        return command;
    }();
    return spec;
}

Outcome run(const std::vector<std::string>& options, bool error_is_terminal = false) {
    std::vector<std::string> words{"/somewhere/bin/tare-weigh"};
    words.insert(words.end(), options.begin(), options.end());
    Arguments arguments(words);
    return in_child([&] { return tare::cli::run_program(weigh(), arguments.count(), arguments.pointers()); },
                    error_is_terminal);
}

Outcome run_act(const std::string& act, std::vector<std::string> more = {}, bool error_is_terminal = false) {
    more.insert(more.begin(), {"--input", "a", "--site", act});
    return run(more, error_is_terminal);
}

std::size_t count_of(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
        ++count;
    }
    return count;
}

}  // namespace

TEST_CASE("version and help go to standard output") {
    const Outcome version = run({"--version"});
    CHECK(version.code == 0);
    CHECK(version.out == "tare-weigh " + std::string(tare::base::version()) + "\n");
    CHECK(version.err.empty());
    CHECK_THAT(run({"--help"}).out, Catch::Matchers::StartsWith("Usage: tare-weigh"));
    CHECK_THAT(run({"--help=man"}).out, Catch::Matchers::StartsWith(".TH "));
    CHECK_THAT(run({"--help=markdown"}).out, Catch::Matchers::StartsWith("# tare-weigh\n"));
    CHECK_THAT(run({"--help=bash"}).out, Contains("complete -F _tare_weigh tare-weigh\n"));
}

TEST_CASE("an answer that cannot be written is a failed write") {
    Arguments arguments({"tare-weigh", "--help"});
    const auto with_output = [&arguments](const char* device) {
        return in_child([&] {
            ::close(STDOUT_FILENO);
            if (device != nullptr && ::open(device, O_WRONLY) != STDOUT_FILENO) {
                return 1;
            }
            return tare::cli::run_program(weigh(), arguments.count(), arguments.pointers());
        });
    };
    const Outcome closed = with_output(nullptr);
    CHECK(closed.code == 74);
    CHECK(closed.err == "tare-weigh: error: cannot write to standard output: Bad file descriptor\n");
    if (::access("/dev/full", W_OK) == 0) {
        const Outcome full = with_output("/dev/full");
        CHECK(full.code == 74);
        CHECK(full.err == "tare-weigh: error: cannot write to standard output: No space left on device\n");
    }
    const Outcome broken_pipe = in_child([&] {
        std::array<int, 2> ends{};
        if (::pipe(ends.data()) != 0 || ::close(ends[0]) != 0) {
            return 1;
        }
        ::dup2(ends[1], STDOUT_FILENO);
        return tare::cli::run_program(weigh(), arguments.count(), arguments.pointers());
    });
    CHECK(broken_pipe.code == 74);
}

TEST_CASE("every exception is one line and the exit code of its kind") {
    const Outcome malformed = run_act("malformed");
    CHECK(malformed.code == 65);
    CHECK(malformed.err == "tare-weigh: error: t.csv:3: 'a\\nb\\x1b[2Jc\\xff' is no number\nhint: look\\nthere\n");
    const Outcome missing = run_act("missing");
    CHECK(missing.code == 66);
    CHECK(missing.err == "tare-weigh: error: no such file\n");
    const Outcome memory = run_act("no memory");
    CHECK(memory.code == 71);
    CHECK(memory.err == "tare-weigh: error: not enough memory\n");
    const Outcome fault = run_act("fault");
    CHECK(fault.code == 70);
    CHECK_THAT(fault.err, Catch::Matchers::StartsWith("tare-weigh: error: internal error: index\nhint: "));
    CHECK(run_act("odd").code == 70);
    const Outcome usage = run({"--inptu", "a"});
    CHECK(usage.code == 64);
    CHECK(usage.err == "tare-weigh: error: unknown option '--inptu'\nhint: did you mean '--input'?\n");
}

TEST_CASE("what is said depends on --quiet and --verbose, warnings are always said") {
    const Outcome plain = run_act("say");
    CHECK(plain.err == "tare-weigh: information\ntare-weigh: warning: a warning\n");
    CHECK(plain.out == "tare-weigh --input a --site say");
    CHECK(run_act("say", {"--quiet"}).err == "tare-weigh: warning: a warning\n");
    CHECK(run_act("say", {"--verbose"}).err ==
          "tare-weigh: information\ntare-weigh: a detail\ntare-weigh: warning: a warning\n");
    const Outcome both = run_act("say", {"--verbose", "--quiet"});
    CHECK(both.code == 64);
    CHECK(both.err == "tare-weigh: error: options '--quiet' and '--verbose' exclude each other\n");
}

TEST_CASE("the budget and the device come from the common options") {
    CHECK(run_act("show context", {"--threads", "3", "--memory", "2K"}).out == "3 2048 cpu");
    CHECK(run_act("show context", {"--threads=1", "--memory=5000", "--force"}).out == "1 5000 cpu force");
    CHECK(run_act("show context", {"--threads", "0"}).err ==
          "tare-weigh: error: option '--threads': '0' is not between 1 and 65536\n");
    CHECK(run_act("show context", {"--threads", "4294967297"}).code == 64);
    CHECK(run_act("show context", {"--memory", "much"}).err ==
          "tare-weigh: error: option '--memory': 'much' is not a size\nhint: a size is written as 512M, 4G or 1.5GiB\n");
    CHECK(run_act("show context", {"--memory", "0"}).code == 64);

    const Outcome automatic = run_act("show context", {"--device", "auto", "--threads=1", "--memory=1"});
    CHECK(automatic.out == "1 1 cpu");
    CHECK(automatic.err == "tare-weigh: runs on the CPU only\n");
    for (const std::string device : {"cuda", "cuda:0", "cuda:12"}) {
        const Outcome refused = run_act("show context", {"--device", device});
        CHECK(refused.code == 69);
        CHECK(refused.err ==
              "tare-weigh: error: option '--device' is '" + device +
                  "', and tare-weigh runs on the CPU only\nhint: leave --device out, or give --device auto\n");
    }
    for (const std::string device : {"cuda:", "cuda:x", "gpu", "", "c"}) {
        CHECK(run_act("show context", {"--device", device}).code == 64);
    }
}

TEST_CASE("no unfinished file outlives a run, however it ends") {
    const tare::test::TemporaryDirectory folder;
    const auto file = folder.path() / "model.part";
    CHECK(run_act("leave a file", {"--model", file.string()}).code == 0);
    CHECK_FALSE(std::filesystem::exists(file));
    CHECK(run_act("leave a file and fail", {"--model", file.string()}).code == 65);
    CHECK_FALSE(std::filesystem::exists(file));
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        const Outcome outcome =
            run_act("leave a file and wait", {"--model", file.string(), "--seed", std::to_string(signal)});
        CHECK(outcome.code == 128 + signal);
        CHECK(outcome.err == "tare-weigh: interrupted\n");
        CHECK_FALSE(std::filesystem::exists(file));
    }
}

TEST_CASE("a reader of standard error that does not read does not hold up an interruption") {
    Arguments arguments({"tare-weigh", "--input", "a", "--site", "leave a file and wait", "--model", "/dev/null/x", "--seed",
                         std::to_string(SIGTERM)});
    const Outcome outcome = in_child([&] {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_NONBLOCK) != 0) {
            return 1;
        }
        const std::string filling(4096, 'x');
        while (::write(ends[1], filling.data(), filling.size()) > 0) {
        }
        static_cast<void>(::fcntl(ends[1], F_SETFL, 0));
        ::dup2(ends[1], STDERR_FILENO);
        return tare::cli::run_program(weigh(), arguments.count(), arguments.pointers());
    });
    CHECK(outcome.code == 143);
}

TEST_CASE("a signal that was ignored on entry stays ignored") {
    Arguments arguments({"tare-weigh", "--input", "a", "--site", "hang up"});
    const Outcome outcome = in_child([&] {
        std::signal(SIGHUP, SIG_IGN);
        return tare::cli::run_program(weigh(), arguments.count(), arguments.pointers());
    });
    CHECK(outcome.code == 0);
    CHECK(outcome.out == "still here");
}

TEST_CASE("the signal mask is given back at the end") {
    Arguments arguments({"tare-weigh", "--input", "a", "--site", "say"});
    const Outcome outcome = in_child([&] {
        const int code = tare::cli::run_program(weigh(), arguments.count(), arguments.pointers());
        sigset_t mask{};
        pthread_sigmask(SIG_BLOCK, nullptr, &mask);
        return code * 10 + sigismember(&mask, SIGTERM) + sigismember(&mask, SIGURG);
    });
    CHECK(outcome.code == 0);
}

TEST_CASE("standard output that is closed is not taken over by the next file") {
    const tare::test::TemporaryDirectory folder;
    const auto file = folder.path() / "model.part";
    Arguments arguments({"tare-weigh", "--input", "a", "--site", "say"});
    const Outcome outcome = in_child([&] {
        ::close(STDOUT_FILENO);
        static_cast<void>(tare::cli::run_program(weigh(), arguments.count(), arguments.pointers()));
        return ::open(file.c_str(), O_CREAT | O_WRONLY, 0600) == STDOUT_FILENO ? 1 : 0;
    });
    CHECK(outcome.code == 0);
}

TEST_CASE("the progress bar is drawn on a terminal only, seldom, and leaves no trace") {
    REQUIRE(::setenv("TERM", "xterm", 1) == 0);
    const std::string erase = "\r\x1b[K";
    const std::string shown = run_act("progress", {}, true).err;
    CHECK_THAT(shown, Catch::Matchers::StartsWith(erase + "weighing [------------------------------]   0%"));
    CHECK_THAT(shown, Contains(erase + "tare-weigh: warning: in between\r\n"));
    CHECK_THAT(shown, Contains("]  99%"));
    CHECK(count_of(shown, "%") <= 4);
    CHECK(shown.ends_with(erase));

    CHECK(run_act("progress").err == "tare-weigh: warning: in between\n");
    CHECK(run_act("progress", {"--quiet"}, true).err == "tare-weigh: warning: in between\r\n");
    REQUIRE(::setenv("TERM", "dumb", 1) == 0);
    CHECK(run_act("progress", {}, true).err == "tare-weigh: warning: in between\r\n");
}
