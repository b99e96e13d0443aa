// A matrix is the mapping itself, or a converted copy after which the mapping's pages are let go.
#include "tare/io/npy_file.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <utility>
#include <variant>
#include <vector>

#include "background_hash.hpp"
#include "byte_order.hpp"
#include "mapped_file.hpp"
#include "npy_convert.hpp"
#include "npy_header.hpp"
#include "tare/base/sha256.hpp"

namespace tare::io {

namespace {

template <typename T>
std::vector<const T*> pointers(const T* values, Index row_count, Index columns, std::span<const Index> rows) {
    std::vector<const T*> places;
    places.reserve(rows.size());
    for (const Index row : rows) {
        if (row < 0 || row >= row_count) {
            throw std::out_of_range("a row that the matrix does not have");
        }
        places.push_back(values + row * columns);
    }
    return places;
}

}  // namespace

struct NpyFile::Impl {
    Impl(std::string path_given, const base::Resources& resources)
        : path(std::move(path_given)), file(path, resources), header(detail::parse_npy(file.bytes(), file.name())) {
        detail::require_matrix(header, file.name());
        if (file.file().is_open()) {
            hash.emplace(file.file(), file.name(), resources.threads > 1);
        }
        const char* const data = file.bytes().data() + header.data_offset;
        if (single()) {
            values = placed<float>(data, resources);
        } else {
            values = placed<double>(data, resources);
        }
    }

    [[nodiscard]] Index rows() const noexcept { return header.shape[0]; }
    [[nodiscard]] Index columns() const noexcept { return header.shape[1]; }
    [[nodiscard]] bool single() const noexcept { return header.item_size == sizeof(float); }

    template <typename T>
    const T* placed(const char* data, const base::Resources& resources) {
        const bool aligned = reinterpret_cast<std::uintptr_t>(data) % alignof(T) == 0;
        // One row or one column lies the same in both orders.
        const bool in_order = !header.fortran_order || rows() == 1 || columns() == 1;
        if (aligned && in_order && header.big_endian == detail::native_is_big) {
            return reinterpret_cast<const T*>(data);
        }
        const auto count = static_cast<std::size_t>(rows() * columns());
        base::check_memory(resources, count * sizeof(T), file.name() + " (its bytes cannot be used as they lie)");
        auto copy = std::make_unique_for_overwrite<T[]>(count);
        detail::convert_matrix(header, data, copy.get(), resources.threads);
        const T* const place = copy.get();
        converted = std::move(copy);
        file.release();
        return place;
    }

    std::string path;
    detail::MappedFile file;
    detail::NpyHeader header;
    std::variant<const float*, const double*> values;
    std::variant<std::unique_ptr<float[]>, std::unique_ptr<double[]>> converted;
    std::optional<detail::BackgroundHash> hash;
};

NpyFile::NpyFile(const std::string& path, const base::Resources& resources)
    : impl_(std::make_unique<Impl>(path, resources)) {}

NpyFile::~NpyFile() = default;

const std::string& NpyFile::path() const noexcept {
    return impl_->path;
}

Index NpyFile::rows() const noexcept {
    return impl_->rows();
}

Index NpyFile::columns() const noexcept {
    return impl_->columns();
}

bool NpyFile::single_precision() const noexcept {
    return impl_->single();
}

base::RowPointers NpyFile::row_pointers(std::span<const Index> rows) const {
    return std::visit(
        [&](const auto* values) -> base::RowPointers { return pointers(values, impl_->rows(), impl_->columns(), rows); },
        impl_->values);
}

void NpyFile::release() const noexcept {
    impl_->file.release();
}

void NpyFile::verify() const {
    impl_->file.verify();
}

std::string NpyFile::sha256() {
    const std::string hex = impl_->hash ? impl_->hash->hex() : base::sha256_hex(impl_->file.bytes());
    verify();
    return hex;
}

base::Matrix<double> read_npy(const std::string& path, const base::Resources& resources) {
    // The checksum is not asked for: no thread for it.
    base::Resources alone = resources;
    alone.threads = 1;
    NpyFile file(path, alone);
    const auto count = static_cast<std::uint64_t>(file.rows()) * static_cast<std::uint64_t>(file.columns());
    base::check_memory(resources, count * sizeof(double), path);
    base::Matrix<double> matrix(file.rows(), file.columns());
    std::vector<Index> rows(static_cast<std::size_t>(file.rows()));
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i] = static_cast<Index>(i);
    }
    std::visit(
        [&](const auto& places) {
            for (Index r = 0; r < matrix.rows(); ++r) {
                const auto* const from = places[static_cast<std::size_t>(r)];
                std::copy(from, from + matrix.columns(), matrix.row(r).begin());
            }
        },
        file.row_pointers(rows));
    file.verify();
    return matrix;
}

}  // namespace tare::io
