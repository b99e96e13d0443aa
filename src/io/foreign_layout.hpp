// Where the voxels of a NRRD or MetaImage file lie and how they are encoded, from the text that its header is. What a
// header means beyond that is ITK's to say.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tare::io::detail {

enum class ForeignFormat : unsigned char { nrrd, meta };

struct ForeignLayout {
    ForeignFormat format = ForeignFormat::nrrd;
    bool compressed = false;
    std::string data_file;       ///< path of the file with the voxels; empty: they follow the header
    std::size_t data_begin = 0;  ///< where in that file
};

/// `start` is the beginning of the file, with all of its header. Throws Error (65) where it is no such file, the header
/// does not end, or the voxels are stored in a way whose damage cannot be told: as text, in several files, in other
/// encodings.
[[nodiscard]] ForeignLayout foreign_layout(std::string_view start, const std::string& path);

/// The bytes of the voxels as encoded, decoded. Throws Error: 65 where they are damaged, cut or followed by other bytes; 71.
[[nodiscard]] std::string decoded(const ForeignLayout& layout, std::string_view encoded, std::size_t expected,
                                  const std::string& source);

}  // namespace tare::io::detail
