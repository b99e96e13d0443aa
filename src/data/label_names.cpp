// Labels as text.
#include "tare/data/label_names.hpp"

#include <limits>

#include "tare/base/number_text.hpp"

namespace tare::data {

std::optional<std::int32_t> parse_label(std::string_view text) noexcept {
    using Limits = std::numeric_limits<std::int32_t>;
    const auto value = base::parse_integer(text);
    if (!value || *value < Limits::min() || *value > Limits::max()) return std::nullopt;
    return static_cast<std::int32_t>(*value);
}

}  // namespace tare::data
