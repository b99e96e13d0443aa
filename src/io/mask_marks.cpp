// The values of a mask, as what lies within it.
#include "tare/io/mask_marks.hpp"

namespace tare::io {

std::vector<unsigned char> mask_marks(std::span<const double> values, const std::string& path) {
    std::vector<unsigned char> marks(values.size());
    bool any = false;
    for (std::size_t v = 0; v < values.size(); ++v) {
        const bool within = lies_within(values[v], path);
        marks[v] = within ? 1 : 0;
        any = any || within;
    }
    if (!any) throw empty_mask(path);
    return marks;
}

}  // namespace tare::io
