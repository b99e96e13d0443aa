// Reading images: the bytes, decompressed and verified; the header by the file's format; the length to the byte.
#include "tare/io/image_file.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include "descriptor.hpp"
#include "file_beginning.hpp"
#include "foreign_image.hpp"
#include "image_checks.hpp"
#include "image_names.hpp"
#include "mgh_header.hpp"
#include "nifti_header.hpp"
#include "tare/base/error.hpp"
#include "tare/base/sha256.hpp"
#include "tare/io/bytes.hpp"

namespace tare::io {

namespace {

using detail::ImageFamily;

base::Error not_gzipped(const std::string& source) {
    return base::malformed(source + ": is not a gzip stream", "if it is an uncompressed image, rename it");
}

/// By name where the name says it, else by the first bytes.
ImageFamily family_of(const std::string& path, std::string_view start) {
    const ImageFamily named = detail::family_by_name(path);
    if (named == ImageFamily::half_of_pair) {
        throw base::malformed(path + ": is half of a .hdr/.img pair, which are not read",
                              "convert the pair to one .nii file");
    }
    if (named != ImageFamily::unknown) {
        return named;
    }
    return detail::looks_like_nifti(start) ? ImageFamily::nifti
           : detail::looks_like_mgh(start) ? ImageFamily::mgh
                                           : ImageFamily::unknown;
}

struct Contents {
    std::string bytes;  ///< decompressed
    std::string sha256;
};

Contents contents_of(const std::string& path, const base::Resources& resources) {
    const std::string source = detail::input_name(path);
    Contents contents;
    contents.bytes = read_bytes(path, resources);
    const auto hash = [&contents, stored = std::string_view(contents.bytes)] { contents.sha256 = base::sha256_hex(stored); };
    if (!looks_gzipped(contents.bytes)) {
        if (detail::is_compressed_name(path)) {
            throw contents.bytes.empty() ? base::malformed(source + ": the file is empty") : not_gzipped(source);
        }
        hash();
        return contents;
    }
    std::string unpacked;
    if (resources.threads > 1) {
        // Joined at the end of the block, also where the stream turns out to be damaged.
        const std::jthread beside(hash);
        unpacked = gunzip(contents.bytes, source, resources);
    } else {
        hash();
        unpacked = gunzip(contents.bytes, source, resources);
    }
    contents.bytes = std::move(unpacked);
    return contents;
}

std::size_t data_begin(ImageFamily family, std::string_view start, const std::string& source) {
    return family == ImageFamily::mgh ? detail::mgh_header_size
                                      : static_cast<std::size_t>(detail::nifti_data_begin(start, source));
}

ImageHeader parsed(ImageFamily family, std::string_view head, std::size_t begin, const std::string& source) {
    if (family == ImageFamily::nifti && head.size() < begin) {
        throw detail::cut_within_header(head.size(), begin, source);
    }
    return family == ImageFamily::mgh ? detail::parse_mgh(head, source) : detail::parse_nifti(head, source);
}

}  // namespace

ImageHeader read_image_header(const std::string& path) {
    detail::FileBeginning file(path);
    if (!file.is_gzipped() && detail::is_compressed_name(path)) {
        throw file.size_on_disk() == 0 ? base::malformed(path + ": the file is empty") : not_gzipped(path);
    }
    const std::string_view start = file.first(detail::longest_nifti_start);
    const ImageFamily family = family_of(path, start);
    if (family == ImageFamily::unknown) {
        return detail::read_foreign_header(path);
    }
    const std::size_t begin = data_begin(family, start, path);
    ImageHeader header = parsed(family, file.first(begin), begin, path);
    // What can be told of the length without reading it.
    if (!file.is_gzipped()) {
        detail::check_stored_size(header, file.size_on_disk() - begin, family == ImageFamily::nifti, path);
    } else if (const std::uint64_t most = largest_gzip_ratio * file.size_on_disk();
               begin + detail::stored_size(header) > most) {
        detail::check_stored_size(header, most - std::min<std::uint64_t>(most, begin), false, path);
    }
    return header;
}

Image read_image(const std::string& path, const base::Resources& resources) {
    const std::string source = detail::input_name(path);
    Contents contents = contents_of(path, resources);
    const ImageFamily family = family_of(source, contents.bytes);
    if (family == ImageFamily::unknown) {
        return detail::read_foreign_image(path, std::move(contents.bytes), resources);
    }
    const std::string_view bytes = contents.bytes;
    const std::size_t begin = data_begin(family, bytes, source);
    Image image;
    image.source = source;
    image.header = parsed(family, bytes.substr(0, begin), begin, source);
    detail::check_stored_size(image.header, bytes.size() - begin, family == ImageFamily::nifti, source);
    const std::size_t end = begin + detail::stored_size(image.header);
    image.header.trailer = bytes.substr(end);
    image.stored = std::move(contents.bytes);
    image.stored.resize(end);
    image.stored.erase(0, begin);
    image.files = {{path, std::move(contents.sha256)}};
    return image;
}

std::vector<InputFile> image_files(const std::string& path, const base::Resources& resources) {
    const std::string bytes = read_bytes(path, resources);
    const bool foreign = !looks_gzipped(bytes) && family_of(path, bytes) == ImageFamily::unknown;
    std::vector<InputFile> files{{path, base::sha256_hex(bytes)}};
    const std::string data_file = foreign ? detail::foreign_data_file(bytes, path) : "";
    if (!data_file.empty()) files.push_back({data_file, base::sha256_hex(read_bytes(data_file, resources))});
    return files;
}

}  // namespace tare::io
