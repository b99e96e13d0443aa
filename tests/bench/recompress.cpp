// The floor under every program that reads and writes the same images: decompress them, compress them again, nothing else.
// Usage: bench-recompress FOLDER IMAGE.nii.gz... writes FOLDER/IMAGE.nii.gz, at the level and with the library that tare
// uses. Threads as OMP_NUM_THREADS says.
#include <cstdint>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <libdeflate.h>

#include "tare/io/image_file.hpp"

namespace {

using Bytes = std::vector<char>;

struct Release {
    void operator()(libdeflate_decompressor* d) const noexcept { libdeflate_free_decompressor(d); }
    void operator()(libdeflate_compressor* c) const noexcept { libdeflate_free_compressor(c); }
};

Bytes read(const std::filesystem::path& path) {
    Bytes bytes(std::filesystem::file_size(path));
    std::ifstream file(path, std::ios::binary);
    if (!file.read(bytes.data(), std::ssize(bytes)) || bytes.size() < 18) {
        throw std::runtime_error("cannot read " + path.string());
    }
    return bytes;
}

/// The length that a gzip stream of one member states in its last four bytes.
std::size_t stated_length(const Bytes& compressed) {
    std::size_t length = 0;
    for (std::size_t i = 1; i <= 4; ++i) {
        length = (length << 8U) | static_cast<unsigned char>(compressed[compressed.size() - i]);
    }
    return length;
}

void recompress(const std::filesystem::path& from, const std::filesystem::path& to, int level) {
    const std::unique_ptr<libdeflate_decompressor, Release> decompressor(libdeflate_alloc_decompressor());
    const std::unique_ptr<libdeflate_compressor, Release> compressor(libdeflate_alloc_compressor(level));
    const Bytes before = read(from);
    Bytes plain(stated_length(before));
    if (libdeflate_gzip_decompress(decompressor.get(), before.data(), before.size(), plain.data(), plain.size(), nullptr) !=
        LIBDEFLATE_SUCCESS) {
        throw std::runtime_error("cannot decompress " + from.string());
    }
    Bytes after(libdeflate_gzip_compress_bound(compressor.get(), plain.size()));
    const std::size_t size =
        libdeflate_gzip_compress(compressor.get(), plain.data(), plain.size(), after.data(), after.size());
    std::ofstream file(to, std::ios::binary);
    if (size == 0 || !file.write(after.data(), static_cast<std::streamsize>(size)).flush()) {
        throw std::runtime_error("cannot write " + to.string());
    }
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::filesystem::path> words(argv + 1, argv + argc);
    if (words.size() < 2) {
        std::cerr << "usage: bench-recompress FOLDER IMAGE.nii.gz...\n";
        return 64;
    }
    std::exception_ptr failure;
#pragma omp parallel for schedule(dynamic)
    for (std::size_t i = 1; i < words.size(); ++i) {
        try {
            recompress(words[i], words.front() / words[i].filename(), tare::io::image_gzip_level);
        } catch (...) {
#pragma omp critical
            failure = std::current_exception();
        }
    }
    try {
        if (failure) {
            std::rethrow_exception(failure);
        }
    } catch (const std::exception& error) {
        std::cerr << "bench-recompress: " << error.what() << '\n';
        return 74;
    }
    return 0;
}
