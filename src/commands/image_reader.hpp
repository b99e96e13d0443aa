// Reading the images of a cohort on several threads: each verified, its checksum kept for provenance, as many at a time as
// the memory allows.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "measured_images.hpp"
#include "tare/data/volume.hpp"
#include "tare/io/image_file.hpp"

namespace tare::commands {

/// Safe to use from several threads.
class ImageReader {
public:
    /// Throws Error as io::read_image.
    [[nodiscard]] io::Image image(const std::string& path, const base::Resources& share);
    /// Throws Error as io::volume_of and io::segmentation_of besides. The segmentation read last is kept, so that one that
    /// belongs to all images is read once by each thread at most.
    [[nodiscard]] data::Volume volume(const std::string& path, const base::Resources& share);
    [[nodiscard]] std::shared_ptr<const data::Segmentation> segmentation(const std::string& path,
                                                                         const base::Resources& share);
    /// A further file that was read.
    void add(const io::InputFile& file);
    /// Every file read so far, each once, in the order of their names.
    [[nodiscard]] std::vector<io::InputFile> files() const;

private:
    std::map<std::string, std::string> checksums_;
    std::string kept_path_;
    std::shared_ptr<const data::Segmentation> kept_;
    mutable std::mutex mutex_;
};

/// What a run has read, for provenance: the tables that tell of the images, the files `beside` them, and what `reader` read.
[[nodiscard]] std::vector<io::InputFile> inputs_of(const MeasuredImages& images, const ImageReader& reader,
                                                   const std::vector<io::InputFile>& beside = {});

/// Calls work(i, share) for every image, as many at a time as threads and memory allow. An image takes `bytes_per_voxel` at
/// most, with all that is made of it; `share` is the part of the budget that it may use. If some fail, the failure of the
/// first image counts; one that its share of the memory is too small for is done again at the end, alone with all of it.
/// Throws Error (71) where that is too little.
void for_each_image(const MeasuredImages& images, cli::Context& context, std::uint64_t bytes_per_voxel,
                    const std::string& step, const std::function<void(std::size_t i, const base::Resources& share)>& work);

}  // namespace tare::commands
