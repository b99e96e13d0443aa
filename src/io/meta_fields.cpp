// What MetaImage's documentation says of the fields that an image needs.
#include "meta_fields.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "tare/base/error.hpp"
#include "tare/base/number_text.hpp"
#include "tare/base/text.hpp"

namespace tare::io::detail {

namespace {

/// ITK keeps a value in a fixed number of bytes.
constexpr std::size_t longest_line = 250;

enum class Content : unsigned char { size, vector, matrix, count };
struct Known {
    std::string_view name;
    Content content;
};
constexpr std::array known_fields{
    Known{"DimSize", Content::size},
    Known{"ElementSpacing", Content::vector},
    Known{"ElementSize", Content::vector},
    Known{"Offset", Content::vector},
    Known{"Origin", Content::vector},
    Known{"Position", Content::vector},
    Known{"CenterOfRotation", Content::vector},
    Known{"TransformMatrix", Content::matrix},
    Known{"Rotation", Content::matrix},
    Known{"Orientation", Content::matrix},
    Known{"CompressedDataSize", Content::count},
    Known{"ElementNumberOfChannels", Content::count},
};

base::Error bad_line(const std::string& path, std::string_view name, const std::string& what) {
    return base::malformed(path + ": the header's " + std::string(name) + " " + what);
}

bool is_printable(std::string_view line) noexcept {
    return std::ranges::all_of(line, [](char c) { return static_cast<unsigned char>(c) >= ' ' || c == '\t'; });
}

}  // namespace

void MetaFields::check(std::string_view line) {
    const std::size_t sign = line.find('=');
    if (sign == std::string_view::npos || line.size() > longest_line || !is_printable(line)) {
        throw base::malformed(path_ + ": is no MetaImage: a line of the header is not of the form 'name = value'");
    }
    const std::string_view name = base::trimmed(line.substr(0, sign));
    const std::string_view value = base::trimmed(line.substr(sign + 1));
    if (!seen_.emplace(name).second) {
        throw bad_line(path_, name, "is given twice");
    }
    if (name == "ObjectType" && value != "Image") {
        throw bad_line(path_, name, "is '" + std::string(value) + "', not Image");
    }
    if (name == "NDims") {
        check_dimensions(value);
        return;
    }
    const auto* const known = std::ranges::find(known_fields, name, &Known::name);
    if (known == known_fields.end()) {
        return;
    }
    if (dimensions_ == 0 && known->content != Content::count) {
        throw bad_line(path_, name, "comes before NDims");
    }
    const std::size_t wanted = known->content == Content::count    ? 1
                               : known->content == Content::matrix ? dimensions_ * dimensions_
                                                                   : dimensions_;
    check_numbers(name, value, wanted, known->content == Content::size || known->content == Content::count);
}

void MetaFields::check_dimensions(std::string_view value) {
    const std::optional<long long> count = base::parse_integer(value);
    if (!count || *count < 1 || *count > 7) {
        throw bad_line(path_, "NDims", "is '" + std::string(value) + "', no number from 1 to 7");
    }
    dimensions_ = static_cast<std::size_t>(*count);
}

void MetaFields::check_numbers(std::string_view name, std::string_view value, std::size_t wanted,
                               bool positive_integers) const {
    std::size_t found = 0;
    while (!value.empty()) {
        const std::size_t end = std::min(value.find_first_of(" \t"), value.size());
        const std::optional<double> number = base::parse_number(value.substr(0, end));
        constexpr double most = 2147483647.0;
        if (!number || (positive_integers && !(*number >= 1 && *number <= most && *number == std::floor(*number)))) {
            throw bad_line(path_, name,
                           "has '" + std::string(value.substr(0, end)) + "', " +
                               (positive_integers ? "no whole number from 1 to 2147483647" : "no number"));
        }
        ++found;
        value = base::trimmed(value.substr(end));
    }
    if (found != wanted) {
        throw bad_line(path_, name, "has " + base::counted(found, "number") + ", not " + std::to_string(wanted));
    }
}

void MetaFields::check_complete() const {
    for (const std::string_view name : {"NDims", "DimSize", "ElementType"}) {
        if (!seen_.contains(name)) {
            throw bad_line(path_, name, "is missing");
        }
    }
}

}  // namespace tare::io::detail
