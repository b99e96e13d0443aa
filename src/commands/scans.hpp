// Images to be normalised, each read with its mask.
#pragma once

#include <string>
#include <vector>

#include "image_reader.hpp"
#include "measured_images.hpp"
#include "tare/base/log.hpp"
#include "tare/data/features.hpp"

namespace tare::commands {

/// An image as stored and decoded, its mask, its values sorted and normalised, and its bytes for the file.
inline constexpr std::uint64_t bytes_per_scanned_voxel = 64;

/// What of an image's files is needed to normalise it.
struct Scan {
    io::Image image;
    data::Volume volume;
    std::vector<unsigned char> mask;
    std::vector<io::InputFile> files;
};

class Scans {
public:
    /// Masks are those of --mask. Throws Error as MeasuredImages::beside.
    explicit Scans(const MeasuredImages& images)
        : images_(images), masks_(images.beside("mask")), not_finite_(images.size(), 0) {}
    /// From now on the mask of every image is these voxels, on whose grid they all must lie. Throws Error (65), naming
    /// `source`, where one does not.
    void mask_all(const data::Features& voxels, const std::string& source);

    /// Without masks, the mask is where the image is above 0. Safe to call from several threads, for different images.
    /// Throws Error as ImageReader; 65 where a mask is empty or not finite.
    [[nodiscard]] Scan read(std::size_t i, const base::Resources& share);
    /// The voxels of a mask for images of one space, which from now on counts as a file of every image. Throws Error (65)
    /// where it has none.
    [[nodiscard]] data::Features voxels_in(const std::string& mask, const base::Resources& resources);

    [[nodiscard]] const MeasuredImages& images() const noexcept { return images_; }
    [[nodiscard]] const std::vector<std::string>& masks() const noexcept { return masks_; }
    /// Tells for each image that was read how many of its values are not finite.
    void warn(base::Log& log) const;
    /// Every file read so far.
    [[nodiscard]] std::vector<io::InputFile> files() const { return reader_.files(); }

private:
    const MeasuredImages& images_;
    std::vector<std::string> masks_;
    std::vector<std::size_t> not_finite_;  ///< of each image
    std::vector<unsigned char> common_mask_;
    std::vector<io::InputFile> common_files_;
    ImageReader reader_;
};

}  // namespace tare::commands
