// Trimming, lists and counts: the small pieces of which messages and options are made.
#include "tare/base/text.hpp"

#include <algorithm>

namespace tare::base {

std::string_view trimmed(std::string_view text) noexcept {
    const auto is_blank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
    while (!text.empty() && is_blank(text.front())) {
        text.remove_prefix(1);
    }
    while (!text.empty() && is_blank(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}

std::vector<std::string> split_list(std::string_view text) {
    std::vector<std::string> items;
    if (trimmed(text).empty()) {
        return items;
    }
    while (true) {
        const std::size_t comma = text.find(',');
        items.emplace_back(trimmed(text.substr(0, comma)));
        if (comma == std::string_view::npos) {
            return items;
        }
        text.remove_prefix(comma + 1);
    }
}

std::string joined(std::span<const std::string> items, std::size_t most) {
    std::string text;
    const std::size_t shown = std::min(items.size(), most);
    for (std::size_t i = 0; i < shown; ++i) {
        text += i == 0 ? "" : ", ";
        text += items[i];
    }
    if (items.size() > shown) {
        text += shown == 0 ? "" : " and ";
        text += std::to_string(items.size() - shown) + " more";
    }
    return text;
}

std::string counted(std::size_t count, std::string_view noun) {
    std::string text = std::to_string(count) + " ";
    if (count == 1) {
        return text.append(noun);
    }
    constexpr std::string_view vowels = "aeiou";
    if (noun.size() > 1 && noun.ends_with('y') && vowels.find(noun[noun.size() - 2]) == std::string_view::npos) {
        return text.append(noun.substr(0, noun.size() - 1)).append("ies");
    }
    const bool hisses = noun.ends_with('s') || noun.ends_with('x') || noun.ends_with("ch") || noun.ends_with("sh");
    return text.append(noun).append(hisses ? "es" : "s");
}

}  // namespace tare::base
