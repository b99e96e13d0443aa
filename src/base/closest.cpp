// "Did you mean": the nearest name by the restricted Damerau-Levenshtein distance (insert, delete, replace,
// swap of neighbours), without regard to case. Only a diagonal band is computed, and it narrows with every
// better candidate, so that a list of all features of a study is no burden.
#include <algorithm>
#include <array>

#include "tare/base/text.hpp"
#include "utf8.hpp"

namespace tare::base {

namespace {

/// More typing errors than this make another name, however long it is.
constexpr std::size_t most_errors = 5;

constexpr char32_t lower(char32_t c) noexcept {
    return c >= U'A' && c <= U'Z' ? c - U'A' + U'a' : c;
}

void decode_lower(std::string_view text, std::u32string& out) {
    out.clear();
    for (std::size_t position = 0; position < text.size();) {
        out.push_back(lower(detail::next_character(text, position)));
    }
}

bool equal_but_for_case(std::string_view a, std::string_view b) noexcept {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return lower(static_cast<unsigned char>(x)) == lower(static_cast<unsigned char>(y));
    });
}

/// The distance of two texts, or `limit + 1` where it is larger than `limit`; keeps its rows between calls.
class BoundedDistance {
public:
    std::size_t operator()(std::u32string_view a, std::u32string_view b, std::size_t limit) {
        const std::size_t beyond = limit + 1;
        const std::size_t length_gap = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
        if (length_gap > limit) {
            return beyond;
        }
        for (auto& row : rows_) {
            row.assign(b.size() + 1, beyond);
        }
        auto* before = &rows_[0];
        auto* above = &rows_[1];
        auto* here = &rows_[2];
        for (std::size_t j = 0; j <= std::min(b.size(), limit); ++j) {
            (*above)[j] = j;
        }
        for (std::size_t i = 1; i <= a.size(); ++i) {
            const std::size_t from = i > limit ? i - limit : 1;
            const std::size_t to = std::min(b.size(), i + limit);
            (*here)[from - 1] = from == 1 ? std::min(i, beyond) : beyond;
            std::size_t least = (*here)[from - 1];
            for (std::size_t j = from; j <= to; ++j) {
                std::size_t cost = (*above)[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U);
                cost = std::min({cost, (*above)[j] + 1, (*here)[j - 1] + 1});
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                    cost = std::min(cost, (*before)[j - 2] + 1);
                }
                (*here)[j] = std::min(cost, beyond);
                least = std::min(least, (*here)[j]);
            }
            if (to < b.size()) {
                (*here)[to + 1] = beyond;
            }
            if (least == beyond) {
                return beyond;
            }
            std::swap(before, above);
            std::swap(above, here);
        }
        return (*above)[b.size()];
    }

private:
    std::array<std::vector<std::size_t>, 3> rows_;
};

}  // namespace

std::optional<std::string> closest(std::string_view name, std::span<const std::string> candidates) {
    for (const auto& candidate : candidates) {
        if (equal_but_for_case(name, candidate)) {
            return candidate;
        }
    }
    std::u32string wanted;
    decode_lower(name, wanted);
    std::size_t limit = std::clamp<std::size_t>(wanted.size() / 3, 1, most_errors);
    const std::string* best = nullptr;
    BoundedDistance distance;
    std::u32string offered;
    for (const auto& candidate : candidates) {
        decode_lower(candidate, offered);
        const std::size_t errors = distance(wanted, offered, limit);
        // Two names without a letter in common are no typing error of each other.
        if (errors > limit || errors >= std::max(wanted.size(), offered.size())) {
            continue;
        }
        best = &candidate;
        if (errors <= 1) {
            break;
        }
        limit = errors - 1;
    }
    return best == nullptr ? std::nullopt : std::optional<std::string>(*best);
}

std::string did_you_mean(std::string_view name, std::span<const std::string> candidates) {
    const auto candidate = closest(name, candidates);
    return candidate ? "did you mean '" + *candidate + "'?" : std::string();
}

}  // namespace tare::base
