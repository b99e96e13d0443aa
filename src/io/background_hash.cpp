// Reads with pread, whose position is its own.
#include "background_hash.hpp"

#include <cerrno>
#include <utility>
#include <vector>

#include <unistd.h>

#include "tare/base/error.hpp"
#include "tare/base/sha256.hpp"

namespace tare::io::detail {

BackgroundHash::BackgroundHash(const Descriptor& file, std::string name, bool at_once)
    : file_(file), name_(std::move(name)) {
    if (at_once) {
        worker_ = std::jthread([this](const std::stop_token& stop) {
            try {
                compute(stop);
            } catch (...) {
                fault_ = std::current_exception();
            }
        });
    }
}

void BackgroundHash::compute(const std::stop_token& stop) {
    constexpr std::size_t piece = std::size_t{256} << 10U;
    std::vector<char> buffer(piece);
    base::Sha256 hash;
    ::off_t position = 0;
    while (!stop.stop_requested()) {
        const ::ssize_t got = ::pread(file_.number(), buffer.data(), buffer.size(), position);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            throw base::Error(base::ExitCode::io, name_ + ": cannot be read: " + reason(errno));
        }
        if (got == 0) {
            hex_ = hash.hex();
            return;
        }
        hash.update({buffer.data(), static_cast<std::size_t>(got)});
        position += got;
    }
}

const std::string& BackgroundHash::hex() {
    if (worker_.joinable()) {
        worker_.join();
    }
    if (fault_) {
        std::rethrow_exception(fault_);
    }
    if (!hex_) {
        compute({});
    }
    return *hex_;
}

}  // namespace tare::io::detail
