// Endings of image file names.
#include "image_names.hpp"

#include <algorithm>
#include <array>

namespace tare::io::detail {

namespace {

struct Ending {
    std::string_view text;
    ImageFamily family;
};
constexpr std::array endings{
    Ending{".nii", ImageFamily::nifti}, Ending{".mgh", ImageFamily::mgh},          Ending{".mgz", ImageFamily::mgh},
    Ending{".hdr", ImageFamily::nifti}, Ending{".img", ImageFamily::half_of_pair},
};

}  // namespace

bool ends_like(std::string_view path, std::string_view ending) noexcept {
    const auto small = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return path.size() >= ending.size() && std::ranges::equal(path.substr(path.size() - ending.size()), ending,
                                                              [&](char a, char b) { return small(a) == b; });
}

bool is_compressed_name(std::string_view path) noexcept {
    return ends_like(path, ".gz") || ends_like(path, ".mgz");
}

ImageFamily family_by_name(std::string_view path) noexcept {
    if (ends_like(path, ".gz")) {
        path.remove_suffix(3);
    }
    for (const Ending& ending : endings) {
        if (ends_like(path, ending.text)) {
            return ending.family;
        }
    }
    return ImageFamily::unknown;
}

}  // namespace tare::io::detail
