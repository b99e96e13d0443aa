// What a run needs beside its own options (budget, device, log, care for unfinished files), and the run itself.
#include "run_command.hpp"

#include <algorithm>
#include <stdexcept>

#include <unistd.h>

#include "signal_watcher.hpp"
#include "standard_streams.hpp"
#include "tare/base/error.hpp"
#include "tare/base/number_text.hpp"
#include "tare/base/version.hpp"
#include "tare/cli/context.hpp"
#include "tare/cli/documents.hpp"
#include "tare/cli/parsed_options.hpp"
#include "terminal_log.hpp"

namespace tare::cli {

namespace {

using base::usage_error;

std::string document(const CommandSpec& spec, const std::string& form) {
    if (form == "man") {
        return man_page(spec);
    }
    if (form == "markdown") {
        return markdown_page(spec);
    }
    if (form == "bash") {
        return bash_completion(spec);
    }
    return help_text(spec);
}

Loudness loudness_asked_for(const ParsedOptions& options) {
    const bool quiet = options.flag("quiet");
    const bool verbose = options.flag("verbose");
    if (quiet && verbose) {
        throw usage_error("options '--quiet' and '--verbose' exclude each other");
    }
    return {.info = !quiet, .detail = verbose, .progress_bar = !quiet && can_draw_progress(STDERR_FILENO)};
}

base::Resources resources_asked_for(const ParsedOptions& options) {
    constexpr long long most_threads = 65536;
    const auto threads = options.integer("threads");
    if (threads && (*threads < 1 || *threads > most_threads)) {
        throw usage_error("option '--threads': '" + options.text("threads") + "' is not between 1 and " +
                          std::to_string(most_threads));
    }
    base::Resources resources;
    resources.threads = base::resolve_threads(threads ? std::optional(static_cast<int>(*threads)) : std::nullopt);
    resources.memory = base::available_memory();
    if (options.given("memory")) {
        const auto bytes = base::parse_byte_size(options.text("memory"));
        if (!bytes || *bytes == 0) {
            throw usage_error("option '--memory': '" + options.text("memory") + "' is not a size",
                              "a size is written as 512M, 4G or 1.5GiB");
        }
        resources.memory = *bytes;
    }
    return resources;
}

bool names_cuda_device(const std::string& device) {
    constexpr std::string_view prefix = "cuda:";
    if (device == "cuda") {
        return true;
    }
    const std::string number = device.substr(std::min(prefix.size(), device.size()));
    return device.starts_with(prefix) && !number.empty() &&
           std::ranges::all_of(number, [](char c) { return c >= '0' && c <= '9'; });
}

/// The device to run on. Throws Error (69) for one that is not there.
std::string device_asked_for(const CommandSpec& spec, const ParsedOptions& options, base::Log& log) {
    std::string device = options.text("device");
    if (device == "cpu") return device;
    if (device != "auto" && !names_cuda_device(device)) {
        throw usage_error("option '--device' is '" + device + "'; it must be one of cpu, cuda, cuda:N, auto");
    }
    if (spec.device != nullptr) return spec.device(device, log);
    if (device != "auto") {
        throw base::Error(base::ExitCode::unavailable,
                          "option '--device' is '" + device + "', and " + spec.program() + " runs on the CPU only",
                          "leave --device out, or give --device auto");
    }
    log.info("runs on the CPU only");
    return "cpu";
}

void execute(const CommandSpec& spec, const ParsedOptions& options) {
    if (spec.run == nullptr) {
        throw std::logic_error("the command has no function to run");
    }
    const Loudness loudness = loudness_asked_for(options);
    const base::Resources resources = resources_asked_for(options);
    TerminalLog log(spec.program(), STDERR_FILENO, loudness);
    const std::string device = device_asked_for(spec, options, log);

    base::TemporaryFiles unfinished;
    const SignalWatcher watcher([&log, &unfinished] {
        log.last_line("interrupted");
        unfinished.remove_all();
    });
    Context context{
        .log = log, .resources = resources, .unfinished = unfinished, .force = options.flag("force"), .device = device};
    try {
        spec.run(options, context);
    } catch (...) {
        unfinished.remove_all();
        throw;
    }
    unfinished.remove_all();
}

}  // namespace

void run_command(const CommandSpec& spec, const std::string& typed, std::span<const std::string> arguments) {
    const ParsedOptions options = parse_options(spec, typed, arguments);
    if (options.given("help")) {
        write_standard_output(document(spec, options.text("help")));
    } else if (options.given("version")) {
        write_standard_output(spec.program() + " " + std::string(base::version()) + "\n");
    } else {
        execute(spec, options);
    }
}

}  // namespace tare::cli
