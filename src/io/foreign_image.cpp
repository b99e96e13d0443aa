// ITK reports neither every cut nor every flipped byte, so that the bytes of the voxels are decoded here as well; what ITK
// then reads must be these bytes.
#include "foreign_image.hpp"

#include <algorithm>
#include <utility>

#include "file_beginning.hpp"
#include "foreign_layout.hpp"
#include "image_checks.hpp"
#include "itk_image.hpp"
#include "tare/base/error.hpp"
#include "tare/base/sha256.hpp"
#include "tare/io/bytes.hpp"

namespace tare::io::detail {

namespace {

/// True where both hold the same elements, in the same byte order or the other.
bool same_elements(const std::string& a, const std::string& b, std::size_t width) noexcept {
    if (a == b) {
        return true;
    }
    if (a.size() != b.size()) {
        return false;
    }
    for (std::size_t at = 0; at < a.size(); at += width) {
        if (!std::equal(a.data() + at, a.data() + at + width, std::make_reverse_iterator(b.data() + at + width))) {
            return false;
        }
    }
    return true;
}

/// For messages: the file with the voxels, behind the name of the image.
std::string data_source(const ForeignLayout& layout, const std::string& path) {
    return layout.data_file.empty() ? path : path + ": " + layout.data_file;
}

}  // namespace

ImageHeader read_foreign_header(const std::string& path) {
    constexpr std::size_t longest_header = std::size_t{1} << 20U;
    FileBeginning file(path);
    const ForeignLayout layout = foreign_layout(file.first(longest_header), path);
    std::uint64_t voxels = file.size_on_disk() - layout.data_begin;
    if (!layout.data_file.empty()) {
        voxels = FileBeginning(layout.data_file).size_on_disk();
    }
    ImageHeader header = itk_header(layout.format, path);
    if (!layout.compressed) {
        check_stored_size(header, voxels, true, data_source(layout, path));
    }
    return header;
}

Image read_foreign_image(const std::string& path, std::string bytes, const base::Resources& resources) {
    const ForeignLayout layout = foreign_layout(bytes, path);
    Image image;
    image.source = path;
    image.files = {{path, base::sha256_hex(bytes)}};
    if (!layout.data_file.empty()) {
        bytes = read_bytes(layout.data_file, resources);
        image.files.push_back({layout.data_file, base::sha256_hex(bytes)});
    }
    image.header = itk_header(layout.format, path);
    const std::size_t expected = stored_size(image.header);
    base::check_memory(resources, bytes.size() + 3 * std::uint64_t{expected}, path);
    const std::string source = data_source(layout, path);
    const std::string voxels = decoded(layout, std::string_view(bytes).substr(layout.data_begin), expected, source);
    check_stored_size(image.header, voxels.size(), true, source);
    image.stored = itk_voxels(layout.format, path, image.header);
    if (!same_elements(image.stored, voxels, static_cast<std::size_t>(bytes_per_voxel(image.header.type)))) {
        throw base::malformed(path + ": ITK reads other voxels than the file holds");
    }
    return image;
}

std::string foreign_data_file(std::string_view bytes, const std::string& path) {
    return foreign_layout(bytes, path).data_file;
}

}  // namespace tare::io::detail
