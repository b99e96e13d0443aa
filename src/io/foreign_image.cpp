// Formats that are neither NIfTI nor MGH.
#include "foreign_image.hpp"

#include "tare/base/error.hpp"

namespace tare::io::detail {

namespace {
base::Error unknown_format(const std::string& path) {
    return base::malformed(path + ": is no image in a format that is read", "NIfTI (.nii, .nii.gz), MGH (.mgh, .mgz)");
}
}  // namespace

ImageHeader read_foreign_header(const std::string& path) {
    throw unknown_format(path);
}

Image read_foreign_image(const std::string& path, std::string /*bytes*/, const base::Resources& /*resources*/) {
    throw unknown_format(path);
}

}  // namespace tare::io::detail
