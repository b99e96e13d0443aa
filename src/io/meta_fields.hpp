// The fields of a MetaImage header, checked before ITK's reader sees them: it trusts them with its memory and its time.
#pragma once

#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <string_view>

namespace tare::io::detail {

class MetaFields {
public:
    explicit MetaFields(const std::string& path) : path_(path) {}

    /// One line, "NAME = VALUE". Throws Error (65) where it is no such line, comes twice, or says what cannot be.
    void check(std::string_view line);
    /// After the last line: throws Error (65) where something is missing.
    void check_complete() const;

private:
    void check_dimensions(std::string_view value);
    void check_numbers(std::string_view name, std::string_view value, std::size_t wanted, bool positive_integers) const;

    const std::string& path_;
    std::set<std::string, std::less<>> seen_;
    std::size_t dimensions_ = 0;
};

}  // namespace tare::io::detail
