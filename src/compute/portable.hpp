// Marks arithmetic that runs on both devices: plain loops over plain pointers, compiled by the C++ compiler for the
// processor and by nvcc for the GPU. No Eigen, no containers, no exceptions.
#pragma once

#ifdef __CUDACC__
#define TARE_PORTABLE __host__ __device__
#else
#define TARE_PORTABLE
#endif
