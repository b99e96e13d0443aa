// Both headers are lines of "name: value" or "name = value". NRRD's ends with an empty line, MetaImage's with the line
// that names the file of the voxels.
#include "foreign_layout.hpp"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <new>
#include <optional>
#include <utility>

// zlib leaves its input alone, and says so only when asked.
#define ZLIB_CONST
#include <zlib.h>

#include "image_names.hpp"
#include "meta_fields.hpp"
#include "tare/base/error.hpp"
#include "tare/base/text.hpp"

namespace tare::io::detail {

namespace {

base::Error unverifiable(const std::string& path, const std::string& what) {
    return base::malformed(path + ": " + what + ", which is not read: damage could not be told",
                           "convert the image to .nii.gz, or to one .nrrd or .mha file, raw or gzip");
}

base::Error endless_header(const std::string& path) {
    return base::malformed(path + ": cut short: the header does not end");
}

std::string small_letters(std::string_view text) {
    std::string small(text);
    std::ranges::transform(small, small.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return small;
}

/// Takes the next line, without its end, off the text; nothing where no line end follows.
std::optional<std::string_view> next_line(std::string_view& text) noexcept {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) {
        return std::nullopt;
    }
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (line.ends_with('\r')) {
        line.remove_suffix(1);
    }
    return line;
}

std::string beside(const std::string& path, std::string_view name) {
    return (std::filesystem::path(path).parent_path() / name).string();
}

void set_data_file(ForeignLayout& layout, std::string_view value, const std::string& path) {
    if (value.find('%') != std::string_view::npos || small_letters(value).starts_with("list")) {
        throw unverifiable(path, "the voxels lie in several files");
    }
    layout.data_file = beside(path, value);
}

ForeignLayout nrrd_layout(std::string_view start, const std::string& path) {
    ForeignLayout layout;
    std::string encoding;
    std::string_view rest = start;
    while (true) {
        std::optional<std::string_view> line = next_line(rest);
        if (!line && !layout.data_file.empty()) {
            line = std::exchange(rest, {});  // a header by itself may end without an empty line
        }
        if (!line) {
            throw endless_header(path);
        }
        if (line->empty()) {
            break;
        }
        const std::size_t colon = line->find(": ");
        if (line->starts_with('#') || colon == std::string_view::npos) {
            continue;
        }
        const std::string name = small_letters(line->substr(0, colon));
        const std::string_view value = base::trimmed(line->substr(colon + 2));
        if (name == "encoding") {
            encoding = small_letters(value);
        } else if (name == "data file" || name == "datafile") {
            set_data_file(layout, value, path);
        } else if ((name == "line skip" || name == "lineskip" || name == "byte skip" || name == "byteskip") &&
                   value != "0") {
            throw unverifiable(path, "the voxels lie behind bytes to be skipped");
        }
    }
    layout.compressed = encoding == "gzip" || encoding == "gz";
    if (!layout.compressed && encoding != "raw") {
        throw unverifiable(path, encoding.empty() ? "no encoding is named" : "the voxels are encoded as " + encoding);
    }
    layout.data_begin = layout.data_file.empty() ? start.size() - rest.size() : 0;
    return layout;
}

ForeignLayout meta_layout(std::string_view start, const std::string& path) {
    ForeignLayout layout;
    layout.format = ForeignFormat::meta;
    MetaFields fields(path);
    bool binary = false;
    std::string_view rest = start;
    while (true) {
        std::optional<std::string_view> line = next_line(rest);
        if (!line && ends_like(path, ".mhd") && rest.starts_with("ElementDataFile")) {
            line = std::exchange(rest, {});  // a header by itself may end without a line end
        }
        if (!line) {
            throw endless_header(path);
        }
        fields.check(*line);
        const std::size_t sign = line->find('=');
        const std::string_view name = base::trimmed(line->substr(0, sign));
        const std::string_view value = base::trimmed(line->substr(sign + 1));
        const bool yes = value.starts_with('T') || value.starts_with('t') || value == "1";
        if (name == "BinaryData") {
            binary = yes;
        } else if (name == "CompressedData") {
            layout.compressed = yes;
        } else if (name == "HeaderSize" && value != "0") {
            throw unverifiable(path, "the voxels lie behind bytes to be skipped");
        } else if (name == "ElementDataFile") {
            if (value.empty()) {
                throw endless_header(path);
            }
            if (small_letters(value) != "local") {
                set_data_file(layout, value, path);
            }
            break;
        }
    }
    fields.check_complete();
    if (!binary) {
        throw unverifiable(path, "the voxels are written as text");
    }
    layout.data_begin = layout.data_file.empty() ? start.size() - rest.size() : 0;
    return layout;
}

/// Ends the decompression whatever happens.
struct Inflater {
    Inflater() {
        constexpr int zlib_or_gzip = 15 + 32;
        if (::inflateInit2(&stream, zlib_or_gzip) != Z_OK) {
            throw std::bad_alloc();
        }
    }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;
    ~Inflater() { ::inflateEnd(&stream); }

    ::z_stream stream{};
};

}  // namespace

ForeignLayout foreign_layout(std::string_view start, const std::string& path) {
    if (start.starts_with("NRRD000")) {
        return nrrd_layout(start, path);
    }
    if (ends_like(path, ".mha") || ends_like(path, ".mhd")) {
        return meta_layout(start, path);
    }
    throw start.empty()
        ? base::malformed(path + ": the file is empty")
        : base::malformed(path + ": is no image in a format that is read",
                          "read are NIfTI (.nii, .nii.gz), MGH (.mgh, .mgz), NRRD and MetaImage (.mha, .mhd)");
}

std::string decoded(const ForeignLayout& layout, std::string_view encoded, std::size_t expected, const std::string& source) {
    std::string bytes;
    if (!layout.compressed) {
        bytes = encoded;
    } else {
        // One byte more than expected, so that too many are noticed.
        bytes.resize(expected + 1);
        Inflater inflater;
        ::z_stream& stream = inflater.stream;
        constexpr std::size_t most = std::numeric_limits<unsigned>::max();
        int result = Z_OK;
        std::size_t taken = 0;
        std::size_t given = 0;
        while (result == Z_OK && given < bytes.size()) {
            stream.next_in = reinterpret_cast<const unsigned char*>(encoded.data() + taken);
            stream.avail_in = static_cast<unsigned>(std::min(most, encoded.size() - taken));
            stream.next_out = reinterpret_cast<unsigned char*>(bytes.data() + given);
            stream.avail_out = static_cast<unsigned>(std::min(most, bytes.size() - given));
            const std::size_t in = stream.avail_in;
            const std::size_t out = stream.avail_out;
            result = ::inflate(&stream, Z_NO_FLUSH);
            taken += in - stream.avail_in;
            given += out - stream.avail_out;
        }
        if (result != Z_STREAM_END && given <= expected) {
            throw base::malformed(source + ": the compressed voxels are cut short or damaged",
                                  "copy or download the file again");
        }
        if (given <= expected && taken != encoded.size()) {
            throw base::malformed(source + ": " + base::counted(encoded.size() - taken, "byte") +
                                  " follow the compressed voxels");
        }
        bytes.resize(given);
    }
    return bytes;
}

}  // namespace tare::io::detail
