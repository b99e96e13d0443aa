// An open file that closes itself, and reads and writes on it that are not cut short by signals.
// File names for messages: "-" reads as <stdin>, or as "standard output" where it is written.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "tare/base/resources.hpp"

namespace tare::io::detail {

class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int number) noexcept : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~Descriptor() { close(); }

    [[nodiscard]] int number() const noexcept { return number_; }
    [[nodiscard]] bool is_open() const noexcept { return number_ >= 0; }
    /// Closes it now; returns 0 or the error number (a network file system may report a failed write only here).
    int close() noexcept;

private:
    int number_ = -1;
};

/// What the system says about an error number: "No space left on device".
[[nodiscard]] std::string reason(int error_number);

/// The name of an input for messages: the path, or "<stdin>" for "-".
[[nodiscard]] std::string input_name(const std::string& path);

/// Opens an input ("-" is standard input). Throws Error: 66 if it is not there, not readable or a folder; else 74.
[[nodiscard]] Descriptor open_input(const std::string& path);

/// Reads `most` bytes, fewer only at the end of the file. Throws Error (74) that begins with `name`.
std::size_t read_up_to(const Descriptor& file, char* to, std::size_t most, const std::string& name);

/// Reads everything to the end. Throws Error (74, 71) that begins with `name`.
[[nodiscard]] std::string read_all(const Descriptor& file, const std::string& name, const base::Resources& resources);

/// Writes all bytes. Throws Error (74) that begins with `name`.
void write_all(const Descriptor& file, std::string_view bytes, const std::string& name);

}  // namespace tare::io::detail
