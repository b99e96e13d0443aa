// A .npy file of any shape and type: what is no matrix of floats is described, and its length checked, all the same.
#include <algorithm>
#include <vector>

#include "background_hash.hpp"
#include "inspect_parts.hpp"
#include "mapped_file.hpp"
#include "npy_convert.hpp"
#include "npy_header.hpp"
#include "tare/base/error.hpp"
#include "tare/base/sha256.hpp"

namespace tare::io::detail {

namespace {

/// Elements are looked at one after the other, whatever their order, a block at a time.
template <typename T>
ValueSummary summary_of(const NpyHeader& header, const MappedFile& file) {
    constexpr Index most = Index{1} << 20U;
    constexpr Index blocks_kept = 16;
    // Any extents go with a zero; without one their product has been checked.
    Index left = 1;
    for (const Index extent : header.shape) {
        left = std::ranges::count(header.shape, Index{0}) > 0 ? 0 : left * extent;
    }
    const char* from = file.bytes().data() + header.data_offset;
    std::vector<T> block(static_cast<std::size_t>(std::min(left, most)));
    ValueSummary summary;
    for (Index i = 0; left > 0; ++i) {
        const Index count = std::min(left, most);
        NpyHeader part = header;
        part.shape = {1, count};
        part.fortran_order = false;
        convert_matrix(part, from, block.data(), 1);
        for (Index k = 0; k < count; ++k) {
            summary.add(static_cast<double>(block[static_cast<std::size_t>(k)]));
        }
        from += count * static_cast<Index>(sizeof(T));
        left -= count;
        if (i % blocks_kept == 0) {
            file.release();
        }
    }
    return summary;
}

}  // namespace

MatrixInfo inspect_matrix(const std::string& path, const base::Resources& resources, std::string& sha256) {
    const MappedFile file(path, resources);
    const NpyHeader header = parse_npy(file.bytes(), file.name());
    BackgroundHash hash(file.file(), file.name(), resources.threads > 1);
    MatrixInfo info;
    info.shape = header.shape;
    info.type = dtype_name(header);
    info.big_endian = header.big_endian;
    info.fortran_order = header.fortran_order;
    if (header.kind == 'f' && header.item_size == sizeof(float)) {
        info.values = summary_of<float>(header, file);
    } else if (header.kind == 'f' && header.item_size == sizeof(double)) {
        info.values = summary_of<double>(header, file);
    }
    try {
        require_matrix(header, file.name());
    } catch (const base::Error& error) {
        info.unfit = std::string(error.what()).substr(file.name().size() + 2);
    }
    sha256 = hash.hex();
    file.verify();
    return info;
}

}  // namespace tare::io::detail
