// The part of a table's text that is in memory: read ahead at its end, dropped from its beginning.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "text_source.hpp"

namespace tare::io::detail {

class ReadingWindow {
public:
    explicit ReadingWindow(TextSource& source) : source_(source) {}

    [[nodiscard]] std::string_view text() const noexcept { return bytes_; }
    /// True when nothing comes after text().
    [[nodiscard]] bool is_last() const noexcept { return last_; }
    [[nodiscard]] std::size_t memory() const noexcept { return bytes_.capacity() + ahead_.capacity(); }

    /// Reads up to `most` bytes more, without touching text().
    void read_ahead(std::size_t most) {
        ahead_.resize(last_ ? 0 : most);
        const std::size_t got = ahead_.empty() ? 0 : source_.read(ahead_.data(), ahead_.size());
        ended_ = last_ || got < ahead_.size();
        ahead_.resize(got);
    }
    /// Drops `used` bytes at the beginning and adds what was read ahead.
    void advance(std::size_t used) {
        bytes_.erase(0, used);
        bytes_ += ahead_;
        ahead_.clear();
        last_ = ended_;
    }
    /// Makes text() longer by `least` bytes; doubles it if that is more, so that looking again and again at a text that
    /// is still too short takes no more than a few steps.
    void extend(std::size_t least) {
        read_ahead(std::max(least, bytes_.size()));
        advance(0);
    }

private:
    TextSource& source_;
    std::string bytes_;
    std::string ahead_;
    bool last_ = false;
    bool ended_ = false;
};

}  // namespace tare::io::detail
