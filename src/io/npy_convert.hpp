// The elements of a .npy file that cannot be used as they lie, put into memory in C order and native byte order.
#pragma once

#include "npy_header.hpp"

namespace tare::io::detail {

/// Copies the matrix at `from` (any alignment), whose layout `header` describes, to `to`. T is the file's type.
template <typename T>
void convert_matrix(const NpyHeader& header, const char* from, T* to, int threads);

extern template void convert_matrix<float>(const NpyHeader&, const char*, float*, int);
extern template void convert_matrix<double>(const NpyHeader&, const char*, double*, int);

}  // namespace tare::io::detail
