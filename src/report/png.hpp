// Pictures made of pixels: PNG from rows of colours, and text that carries bytes inside a document.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tare::report::detail {

/// The bytes of a PNG; each pixel is 0xRRGGBB, rows from the top. Throws Error (memory) where there is no room.
[[nodiscard]] std::string png_of_pixels(int width, int height, const std::vector<std::uint32_t>& pixels);

/// RFC 4648 with padding.
[[nodiscard]] std::string base64(std::string_view bytes);

}  // namespace tare::report::detail
