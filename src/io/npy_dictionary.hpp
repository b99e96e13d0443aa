// The Python dictionary in a .npy header, of which three keys are known: a small strict reader, no evaluation.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tare/base/matrix.hpp"

namespace tare::io::detail {

struct NpyDictionary {
    std::optional<std::string> descr;  ///< "<f4"; an empty text where the elements are records
    std::optional<bool> fortran_order;
    std::optional<std::vector<base::Index>> shape;
};

/// Throws Error (65) that begins with `name` for anything that is not such a dictionary, with the position; all three
/// parts are there in what is returned.
[[nodiscard]] NpyDictionary parse_npy_dictionary(std::string_view text, const std::string& name);

}  // namespace tare::io::detail
