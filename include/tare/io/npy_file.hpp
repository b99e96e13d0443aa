// NumPy's .npy files, versions 1 to 3: matrices of float32 or float64, in C or Fortran order and either byte order, mapped
// into memory where the bytes can be used as they lie. Size and header are checked to the byte before a value is used.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "tare/base/matrix.hpp"
#include "tare/base/resources.hpp"
#include "tare/base/row_pointers.hpp"
#include "tare/io/output.hpp"

namespace tare::io {

using base::Index;

class NpyFile {
public:
    /// Opens and checks a two-dimensional matrix. Where the bytes cannot be used as they lie (Fortran order, other byte
    /// order) they are converted into memory at once. Throws Error: 66 no such file; 65 not .npy, damaged, cut, bytes left
    /// over, not two-dimensional, no rows or columns, not float32 or float64 (the message says what it is); 71; 74.
    NpyFile(const std::string& path, const base::Resources& resources);
    NpyFile(const NpyFile&) = delete;
    NpyFile& operator=(const NpyFile&) = delete;
    ~NpyFile();

    [[nodiscard]] const std::string& path() const noexcept;
    [[nodiscard]] Index rows() const noexcept;
    [[nodiscard]] Index columns() const noexcept;
    /// float32 rather than float64.
    [[nodiscard]] bool single_precision() const noexcept;
    /// Pointers to these rows; they live as long as this object.
    [[nodiscard]] base::RowPointers row_pointers(std::span<const Index> rows) const;
    /// Lets the pages go that have been touched so far; they come back from the file when needed.
    void release() const noexcept;
    /// Throws Error (74) where the file has changed, or a part of it could not be read, since it was opened. Values are
    /// zeros where there was nothing to read, so nothing made of them may be kept without this question; sha256() asks it
    /// too.
    void verify() const;
    /// Of the file's bytes. Computed in the background from the moment of opening where more than one thread is allowed.
    /// Throws Error (74), also where the file has changed since it was opened.
    [[nodiscard]] std::string sha256();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// The header (version 1.0) of a matrix in C order, to be followed by its rows. `type` as NumPy writes it: "<f4", "<f8",
/// "|u1".
[[nodiscard]] std::string npy_header(Index rows, Index columns, std::string_view type);

/// Writes a whole matrix as float64. Throws Error (74).
void write_npy(Output& output, const base::Matrix<double>& values);

/// Reads a whole matrix as double; a float32 file is widened. Throws as NpyFile does.
[[nodiscard]] base::Matrix<double> read_npy(const std::string& path, const base::Resources& resources);

}  // namespace tare::io
