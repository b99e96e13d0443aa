// Images as files: NIfTI-1 and -2 (.nii, .nii.gz), MGH (.mgh, .mgz), other formats through ITK. What is read is verified:
// the gzip stream's CRC and length, the header's own consistency, the exact number of bytes. Damage never yields numbers.
// What is written keeps the geometry, codes, intent and extensions of the image it is made like.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "tare/base/resources.hpp"
#include "tare/data/grid.hpp"
#include "tare/io/input_file.hpp"

namespace tare::io {

using base::Index;

/// How hard .nii.gz and .mgz are compressed. Voxels with noise in them come out no smaller at any level up to 9; whole
/// numbers stored as float32 would be 9 % smaller at level 6, in four times the time.
inline constexpr int image_gzip_level = 1;

enum class VoxelType : unsigned char { uint8, int8, uint16, int16, uint32, int32, uint64, int64, float32, float64 };

/// "uint8", "float32", ...
[[nodiscard]] std::string voxel_type_name(VoxelType type);
[[nodiscard]] Index bytes_per_voxel(VoxelType type) noexcept;
enum class ImageFormat : unsigned char { nifti1, nifti2, mgh, other };

/// Everything about an image but its voxels.
struct ImageHeader {
    ImageFormat format = ImageFormat::nifti1;
    VoxelType type = VoxelType::float32;  ///< as stored
    double slope = 1.0;                   ///< value = slope · stored + intercept (a slope of 0 in the file means 1 and 0)
    double intercept = 0.0;
    data::Grid grid;
    bool big_endian = false;
    /// The file's own header bytes: NIfTI header with its extensions, MGH header. Empty for other formats.
    std::string raw;
    /// What follows the voxels in an MGH file (scan parameters, tags); empty elsewhere.
    std::string trailer;
};

/// True where every value that such an image can hold is a float32 exactly. No scaled value is taken for one.
[[nodiscard]] bool fits_single_precision(const ImageHeader& header) noexcept;

struct Image {
    std::string source;  ///< the path, for messages
    ImageHeader header;
    std::string stored;  ///< the voxels' bytes as in the file (x fastest), in the file's byte order
    /// What it was read from, as it lies on disk: the file of its name, and that of the voxels where this is another.
    std::vector<InputFile> files;
};

/// Reads the header alone, from the beginning of the file: for early checks of many images. What follows the header is
/// not verified. Throws Error: 66 no such file; 65 no image, cut within the header, impossible header; 74.
[[nodiscard]] ImageHeader read_image_header(const std::string& path);

/// Reads and verifies a whole image. Throws Error: 66; 65 with the file's name for every kind of damage (cut, flipped
/// byte, wrong CRC, bytes missing or left over, impossible dimensions, a datatype such as complex or RGB that holds no
/// single number); 71 beyond the memory budget; 74.
[[nodiscard]] Image read_image(const std::string& path, const base::Resources& resources);

/// The `files` of the image that `read_image` would read, without a look at its voxels. Throws Error: 66; 65 no image; 71;
/// 74.
[[nodiscard]] std::vector<InputFile> image_files(const std::string& path, const base::Resources& resources);

/// The values of the given voxels (positions in the grid, x fastest; empty: all of them), scaled. Non-finite values come
/// as they are. `values` has one place for each.
void decode(const Image& image, std::span<const Index> voxels, std::span<float> values);
void decode(const Image& image, std::span<const Index> voxels, std::span<double> values);

/// A fresh NIfTI header for a grid (NIfTI-2 where an extent is beyond 32,767), sform and qform code 'aligned', millimetres.
/// `description` (at most 79 bytes) goes into `descrip`.
[[nodiscard]] ImageHeader new_image_header(const data::Grid& grid, const std::string& description);

/// True for names that an image can be written to: .nii, .nii.gz, .mgh, .mgz.
[[nodiscard]] bool is_writable_image_name(const std::string& path) noexcept;

/// True for .mgh and .mgz, which hold float32 at most.
[[nodiscard]] bool is_mgh_name(const std::string& path) noexcept;

/// The bytes before the voxels in the uncompressed file of that name: what `image_bytes` begins with.
[[nodiscard]] std::string image_prefix(const std::string& path, const ImageHeader& like, VoxelType type);

/// The bytes of the file called `path` (its ending says NIfTI or MGH, compressed or not) that holds `values` as `type`,
/// with everything else as in `like`; scaling is 1 and 0; cal_min and cal_max are cleared. A header of the other family, or
/// of another format, is translated: geometry is kept. Values beyond an integer type's range are an Error (65) that names
/// `path`; they are rounded to nearest. Byte order is little-endian for NIfTI and big-endian for MGH.
[[nodiscard]] std::string image_bytes(const std::string& path, const ImageHeader& like, VoxelType type,
                                      std::span<const float> values);
[[nodiscard]] std::string image_bytes(const std::string& path, const ImageHeader& like, VoxelType type,
                                      std::span<const double> values);

}  // namespace tare::io
