// Reading images with their masks.
#include "scans.hpp"

#include <algorithm>
#include <cmath>

#include "tare/base/error.hpp"
#include "tare/base/text.hpp"
#include "tare/io/image_rows.hpp"
#include "tare/io/mask_marks.hpp"
#include "tare/io/volume_file.hpp"

namespace tare::commands {

void Scans::mask_all(const data::Features& voxels, const std::string& source) {
    for (std::size_t i = 0; i < images_.size(); ++i) {
        io::check_same_grid(images_.grid(i), images_.image(i), voxels.grid(), source);
    }
    masks_.clear();
    common_mask_.assign(static_cast<std::size_t>(voxels.grid().voxels()), 0);
    for (const data::Index v : voxels.inside()) common_mask_[static_cast<std::size_t>(v)] = 1;
}

Scan Scans::read(std::size_t i, const base::Resources& share) {
    Scan scan{reader_.image(images_.image(i), share), {}, {}, {}};
    scan.volume = io::volume_of(scan.image, share);
    not_finite_[i] = static_cast<std::size_t>(
        std::count_if(scan.volume.values.begin(), scan.volume.values.end(), [](double x) { return !std::isfinite(x); }));
    scan.files = scan.image.files;
    scan.files.insert(scan.files.end(), common_files_.begin(), common_files_.end());
    if (!common_mask_.empty()) {
        scan.mask = common_mask_;
        return scan;
    }
    if (masks_.empty()) {
        scan.mask.resize(scan.volume.values.size());
        std::transform(scan.volume.values.begin(), scan.volume.values.end(), scan.mask.begin(),
                       [](double x) -> unsigned char { return x > 0.0 ? 1 : 0; });
        if (std::find(scan.mask.begin(), scan.mask.end(), 1) == scan.mask.end()) {
            throw base::degenerate(images_.image(i) + ": no voxel is above 0",
                                   "without --mask an image is normalised by those that are");
        }
        return scan;
    }
    const io::Image mask = reader_.image(masks_[i], share);
    const data::Volume marks = io::volume_of(mask, share);
    scan.mask = io::mask_marks(marks.values, masks_[i]);
    scan.files.insert(scan.files.end(), mask.files.begin(), mask.files.end());
    return scan;
}

data::Features Scans::voxels_in(const std::string& mask, const base::Resources& resources) {
    const io::Image image = reader_.image(mask, resources);
    const data::Volume volume = io::volume_of(image, resources);
    const std::vector<unsigned char> marks = io::mask_marks(volume.values, mask);
    common_files_.insert(common_files_.end(), image.files.begin(), image.files.end());
    std::vector<data::Index> inside;
    for (std::size_t v = 0; v < marks.size(); ++v) {
        if (marks[v] != 0) inside.push_back(static_cast<data::Index>(v));
    }
    return data::Features::voxels(volume.grid, std::move(inside));
}

void Scans::warn(base::Log& log) const {
    for (std::size_t i = 0; i < not_finite_.size(); ++i) {
        if (not_finite_[i] == 0) continue;
        log.warn(images_.image(i) + ": " + base::counted(not_finite_[i], "value") + " not finite; left out, and kept as " +
                 (not_finite_[i] == 1 ? "it is" : "they are"));
    }
}

}  // namespace tare::commands
