// Output gathers small writes into large ones; OutputSet keeps a run's outputs apart from each other and from its
// inputs, and names them together.
#include "tare/io/output.hpp"

#include <utility>

#include "destination.hpp"
#include "tare/base/error.hpp"

namespace tare::io {

namespace {

constexpr std::size_t buffer_size = std::size_t{1} << 20;

/// The path that tells two outputs apart, existing or not.
std::filesystem::path identity(const std::string& path) {
    std::error_code error;
    const std::filesystem::path target = detail::resolved_target(path);
    std::filesystem::path whole = std::filesystem::weakly_canonical(std::filesystem::absolute(target, error), error);
    return error ? target : whole;
}

/// Things that every output of a run may be written to at once.
bool is_device(const std::string& path) {
    std::error_code error;
    return path != "-" && std::filesystem::is_character_file(path, error);
}

base::Error replaces_input(const std::string& path) {
    return {base::ExitCode::cannot_create, (path == "-" ? "standard output" : path) + ": is also an input of this run",
            "name another output; a result never replaces what it was made from"};
}

}  // namespace

Output::Output(std::string path, base::TemporaryFiles& unfinished, bool overwrite)
    : path_(std::move(path)), destination_(detail::open_destination(path_, unfinished, overwrite)) {}

Output::~Output() = default;

bool Output::is_file() const noexcept {
    return destination_->is_file();
}

void Output::write(std::string_view bytes) {
    if (buffer_.size() + bytes.size() < buffer_size) {
        buffer_ += bytes;
        return;
    }
    destination_->write(buffer_);
    buffer_.clear();
    if (bytes.size() < buffer_size) {
        buffer_.reserve(buffer_size);
        buffer_ += bytes;
    } else {
        destination_->write(bytes);
    }
}

void Output::complete() {
    destination_->write(buffer_);
    buffer_ = {};
    destination_->complete();
}

void Output::publish() {
    destination_->publish();
}

void Output::withdraw() noexcept {
    destination_->withdraw();
}

void Output::commit() {
    complete();
    publish();
}

Output& OutputSet::open(const std::string& path) {
    for (const std::string& input : inputs_) {
        if (detail::same_file(path, input)) {
            throw replaces_input(path);
        }
    }
    for (const auto& output : outputs_) {
        if (!is_device(path) && (path == output->path() || identity(path) == identity(output->path()))) {
            throw base::Error(base::ExitCode::cannot_create,
                              (path == "-" ? "standard output" : path) + ": is named as an output twice",
                              path.ends_with(".json") ? "beside a result FILE its sidecar FILE.json is written" : "");
        }
    }
    outputs_.push_back(std::make_unique<Output>(path, unfinished_, overwrite_));
    return *outputs_.back();
}

void OutputSet::protect(const std::string& input_path) {
    for (const auto& output : outputs_) {
        if (detail::same_file(output->path(), input_path)) {
            throw replaces_input(output->path());
        }
    }
    inputs_.push_back(input_path);
}

void OutputSet::commit() {
    for (const auto& output : outputs_) {
        output->complete();
    }
    const auto held = unfinished_.hold_off_removal();
    // What was opened first names the others: it comes last, so that a kill in between leaves none without the others.
    for (std::size_t left = outputs_.size(); left > 0; --left) {
        try {
            outputs_[left - 1]->publish();
        } catch (...) {
            for (; left < outputs_.size(); ++left) {
                outputs_[left]->withdraw();
            }
            throw;
        }
    }
}

}  // namespace tare::io
