// What the name of a file says about the image in it, whatever the case of its letters.
#pragma once

#include <string_view>

namespace tare::io::detail {

enum class ImageFamily : unsigned char { unknown, nifti, mgh, half_of_pair };

[[nodiscard]] ImageFamily family_by_name(std::string_view path) noexcept;
/// True for .gz and .mgz.
[[nodiscard]] bool is_compressed_name(std::string_view path) noexcept;
/// True where the name ends so; `ending` is in small letters.
[[nodiscard]] bool ends_like(std::string_view path, std::string_view ending) noexcept;

}  // namespace tare::io::detail
