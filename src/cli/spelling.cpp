// Which known name a typed one stands for, and which one it may have been meant to be.
#include "spelling.hpp"

#include <algorithm>
#include <vector>

#include "tare/base/text.hpp"

namespace tare::cli {

namespace {

std::string british(std::string_view name) {
    std::string text(name);
    for (std::size_t at = text.find("iz"); at != std::string::npos; at = text.find("iz", at + 2)) {
        text[at + 1] = 's';
    }
    return text;
}

/// The only candidate that begins with `name`.
std::optional<std::string> completed(std::string_view name, std::span<const std::string> candidates) {
    const auto begins = [name](const std::string& candidate) { return candidate.starts_with(name); };
    if (name.empty() || std::ranges::count_if(candidates, begins) != 1) {
        return std::nullopt;
    }
    return *std::ranges::find_if(candidates, begins);
}

}  // namespace

std::optional<std::string> known_spelling(std::string_view name, std::span<const std::string> candidates) {
    for (const std::string& spelling : {std::string(name), british(name)}) {
        if (std::ranges::find(candidates, spelling) != candidates.end()) {
            return spelling;
        }
    }
    return std::nullopt;
}

std::string suggestion(std::string_view name, std::span<const std::string> candidates, std::string_view prefix) {
    auto meant = base::closest(name, candidates);
    if (!meant) {
        meant = completed(name, candidates);
    }
    return meant ? "did you mean '" + std::string(prefix) + *meant + "'?" : std::string();
}

}  // namespace tare::cli
