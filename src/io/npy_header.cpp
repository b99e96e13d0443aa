// Magic, version, dictionary, element type, and the length of the file that follows from them.
#include "npy_header.hpp"

#include <limits>

#include "npy_dictionary.hpp"
#include "tare/base/error.hpp"
#include "tare/base/number_text.hpp"
#include "tare/io/bytes.hpp"

namespace tare::io::detail {

namespace {

constexpr std::string_view magic("\x93NUMPY", 6);

std::uint64_t little_endian(std::string_view bytes) {
    std::uint64_t value = 0;
    for (std::size_t i = bytes.size(); i > 0; --i) {
        value = value << 8U | static_cast<unsigned char>(bytes[i - 1]);
    }
    return value;
}

[[noreturn]] void throw_no_npy(std::string_view file, const std::string& name) {
    if (file.empty()) {
        throw base::malformed(name + ": is empty");
    }
    if (file.starts_with("PK\x03\x04")) {
        throw base::malformed(name + ": is a zip archive (.npz) of arrays, not a .npy file",
                              "save one matrix with numpy.save");
    }
    if (looks_gzipped(file)) {
        throw base::malformed(name + ": is compressed with gzip", "unpack it first: a .npy file is used where it lies");
    }
    if (magic.starts_with(file)) {
        throw base::malformed(name + ": is cut within the first " + std::to_string(magic.size()) + " bytes");
    }
    throw base::malformed(name + ": is not a .npy file: it does not begin like one");
}

/// Reads "<f4", "|b1", "U10", "<M8[ns]" into the header.
void read_descr(const std::string& descr, NpyHeader& header, const std::string& name) {
    if (descr.empty()) {
        header.kind = 'V';
        return;
    }
    std::string_view rest = descr;
    const char order = rest.front();
    const bool has_order = order == '<' || order == '>' || order == '=' || order == '|';
    rest.remove_prefix(has_order ? 1 : 0);
    constexpr std::string_view kinds = "fiubcSaUOVMm?";
    const auto unknown = [&] { return base::malformed(name + ": the element type '" + descr + "' is not known"); };
    if (rest.empty() || kinds.find(rest.front()) == std::string_view::npos) {
        throw unknown();
    }
    header.kind = rest.front();
    rest.remove_prefix(1);
    if (const std::size_t unit = rest.find('['); unit != std::string_view::npos && rest.ends_with(']')) {
        rest = rest.substr(0, unit);
    }
    if (header.kind == '?') {
        header.kind = 'b';
        rest = "1";
    }
    if (header.kind == 'O') {
        return;
    }
    const auto size = base::parse_integer(rest);
    constexpr long long largest = 1LL << 31U;
    if (!size || *size < 0 || *size > largest) {
        throw unknown();
    }
    header.item_size = static_cast<Index>(*size) * (header.kind == 'U' ? 4 : 1);
    const bool is_float = header.kind == 'f' && header.item_size > 1;
    if (is_float && order == '|') {
        throw unknown();
    }
    header.big_endian = order == '>';
}

/// Bytes of all elements; nothing where no file can hold them.
std::uint64_t data_size(const NpyHeader& header, const std::string& name) {
    std::uint64_t size = static_cast<std::uint64_t>(header.item_size);
    bool none = false;
    bool too_large = false;
    for (const Index extent : header.shape) {
        none = none || extent == 0;
        too_large = too_large || __builtin_mul_overflow(size, static_cast<std::uint64_t>(extent), &size);
    }
    if (!none && (too_large || size > static_cast<std::uint64_t>(std::numeric_limits<Index>::max()))) {
        throw base::malformed(name + ": the shape " + npy_shape_text(header.shape) + " is impossible");
    }
    return none ? 0 : size;
}

void check_length(const NpyHeader& header, std::uint64_t size, const std::string& name) {
    const std::uint64_t wanted = header.data_offset + data_size(header, name);
    if (header.item_size == 0 || size == wanted) {
        return;
    }
    throw base::malformed(name + ": " + (size < wanted ? "is cut" : "has bytes left over") + ": it has " +
                          std::to_string(size) + " bytes, and its header says " + std::to_string(wanted) + " (" +
                          npy_shape_text(header.shape) + ", " + dtype_name(header) + ")");
}

}  // namespace

bool NpyHeader::is_matrix() const noexcept {
    return kind == 'f' && (item_size == 4 || item_size == 8) && shape.size() == 2 && shape[0] > 0 && shape[1] > 0;
}

bool looks_npy(std::string_view bytes) noexcept {
    return bytes.starts_with(magic);
}

NpyHeader parse_npy(std::string_view file, const std::string& name) {
    if (!looks_npy(file)) {
        throw_no_npy(file, name);
    }
    const std::size_t version_end = magic.size() + 2;
    const int version = file.size() > magic.size() ? static_cast<unsigned char>(file[magic.size()]) : 1;
    const int minor = file.size() > magic.size() + 1 ? static_cast<unsigned char>(file[magic.size() + 1]) : 0;
    if (version < 1 || version > 3 || minor != 0) {
        throw base::malformed(
            name + ": version " + std::to_string(version) + "." + std::to_string(minor) + " of the .npy format is not known",
            "1.0, 2.0 and 3.0 are");
    }
    const std::size_t text_begin = version_end + (version == 1 ? 2 : 4);
    const std::uint64_t length =
        file.size() < text_begin ? 0 : little_endian(file.substr(version_end, text_begin - version_end));
    if (file.size() < text_begin || length > file.size() - text_begin) {
        throw base::malformed(name + ": is cut within its header: it has " + std::to_string(file.size()) +
                              " bytes, and the header alone takes " + std::to_string(text_begin + length));
    }
    const NpyDictionary dictionary = parse_npy_dictionary(file.substr(text_begin, length), name);
    NpyHeader header;
    read_descr(*dictionary.descr, header, name);
    header.fortran_order = *dictionary.fortran_order;
    header.shape = *dictionary.shape;
    header.data_offset = text_begin + length;
    check_length(header, file.size(), name);
    return header;
}

void require_matrix(const NpyHeader& header, const std::string& name) {
    const bool number = header.kind == 'f' || header.kind == 'i' || header.kind == 'u' || header.kind == 'b';
    if (header.kind != 'f' || (header.item_size != 4 && header.item_size != 8)) {
        throw base::malformed(name + ": holds " + dtype_name(header) + ", not float32 or float64",
                              number ? "save it with .astype('float32') or .astype('float64')"
                                     : "a matrix holds numbers only: subjects in rows, features in columns");
    }
    if (header.shape.size() != 2) {
        throw base::malformed(name + ": has " + std::to_string(header.shape.size()) + " dimensions (" +
                                  npy_shape_text(header.shape) + ") where a matrix has two",
                              header.shape.size() < 2 ? "one feature is .reshape(-1, 1), one subject .reshape(1, -1)"
                                                      : "put the features of a subject side by side: .reshape(len(x), -1)");
    }
    if (header.shape[0] == 0 || header.shape[1] == 0) {
        throw base::malformed(name + ": has no " + (header.shape[0] == 0 ? "rows" : "columns") + ": its shape is " +
                              npy_shape_text(header.shape));
    }
}

std::string dtype_name(const NpyHeader& header) {
    const std::string bits = std::to_string(header.item_size * 8);
    switch (header.kind) {
        case 'f':
            return "float" + bits;
        case 'i':
            return "int" + bits;
        case 'u':
            return "uint" + bits;
        case 'c':
            return "complex" + bits;
        case 'b':
            return "bool";
        case 'S':
        case 'a':
            return "bytes";
        case 'U':
            return "text";
        case 'O':
            return "Python objects";
        case 'M':
            return "dates";
        case 'm':
            return "time spans";
        default:
            return header.item_size == 0 ? "records" : "raw bytes";
    }
}

std::string npy_shape_text(const std::vector<Index>& shape) {
    std::string text;
    for (const Index extent : shape) {
        text += (text.empty() ? "" : " × ") + std::to_string(extent);
    }
    return text.empty() ? "no dimensions" : text;
}

}  // namespace tare::io::detail
