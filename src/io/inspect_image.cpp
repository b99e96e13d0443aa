// An image as the reader has verified it, and what its header says beside the geometry.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "byte_order.hpp"
#include "image_names.hpp"
#include "inspect_parts.hpp"
#include "nifti_fields.hpp"
#include "tare/io/image_file.hpp"

namespace tare::io::detail {

namespace {

ValueSummary summary_of(const Image& image) {
    constexpr Index most = Index{1} << 18U;
    const Index all = image.header.grid.values();
    ValueSummary summary;
    std::vector<Index> places;
    std::vector<double> values;
    for (Index first = 0; first < all; first += most) {
        places.resize(static_cast<std::size_t>(std::min(most, all - first)));
        std::iota(places.begin(), places.end(), first);
        values.resize(places.size());
        decode(image, places, values);
        for (const double value : values) {
            summary.add(value);
        }
    }
    return summary;
}

std::string text_of(const NiftiFields& fields, Field field) {
    const std::string_view bytes = fields.text(field);
    return std::string(bytes.substr(0, bytes.find('\0')));
}

std::uint64_t count_extensions(const NiftiFields& fields) {
    constexpr std::size_t announcement = 4;
    constexpr std::size_t smallest = 16;
    std::string_view rest = fields.after_header();
    if (rest.size() < announcement || rest.front() == '\0') {
        return 0;
    }
    rest.remove_prefix(announcement);
    std::uint64_t count = 0;
    while (rest.size() >= smallest) {
        const auto size = load<std::int32_t>(rest.data(), fields.big_endian());
        if (size < static_cast<std::int32_t>(smallest) || static_cast<std::size_t>(size) > rest.size()) {
            break;
        }
        ++count;
        rest.remove_prefix(static_cast<std::size_t>(size));
    }
    return count;
}

void describe_nifti(const ImageHeader& header, ImageInfo& info) {
    const int version = header.format == ImageFormat::nifti1 ? 1 : 2;
    info.format = version == 1 ? "NIfTI-1" : "NIfTI-2";
    const NiftiFields fields(header.raw, version, header.big_endian);
    info.intent_code = static_cast<int>(fields.integer(Field::intent_code));
    info.intent_name = text_of(fields, Field::intent_name);
    info.description = text_of(fields, Field::descrip);
    info.extensions = count_extensions(fields);
}

}  // namespace

ImageInfo inspect_image(const std::string& path, const base::Resources& resources, std::string& sha256) {
    const Image image = read_image(path, resources);
    const ImageHeader& header = image.header;
    sha256 = image.files.front().sha256;
    ImageInfo info;
    info.compressed = is_compressed_name(path);
    info.grid = header.grid;
    for (std::size_t axis = 0; axis < info.voxel_size.size(); ++axis) {
        const auto& affine = header.grid.affine;
        info.voxel_size[axis] = std::hypot(affine[axis], affine[4 + axis], affine[8 + axis]);
    }
    info.type = voxel_type_name(header.type);
    info.big_endian = header.big_endian;
    info.slope = header.slope;
    info.intercept = header.intercept;
    info.values = summary_of(image);
    info.trailer_bytes = header.trailer.size();
    switch (header.format) {
        case ImageFormat::nifti1:
        case ImageFormat::nifti2:
            describe_nifti(header, info);
            break;
        case ImageFormat::mgh:
            info.format = "MGH";
            break;
        case ImageFormat::other:
            info.format = "other";
            break;
    }
    return info;
}

}  // namespace tare::io::detail
