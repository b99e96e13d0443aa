// Reading images with their masks.
#include "scans.hpp"

#include <algorithm>

#include "tare/base/error.hpp"
#include "tare/io/image_rows.hpp"
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
    scan.files = scan.image.files;
    scan.files.insert(scan.files.end(), common_files_.begin(), common_files_.end());
    if (!common_mask_.empty()) {
        scan.mask = common_mask_;
        return scan;
    }
    scan.mask.resize(scan.volume.values.size());
    if (masks_.empty()) {
        std::transform(scan.volume.values.begin(), scan.volume.values.end(), scan.mask.begin(),
                       [](double x) -> unsigned char { return x > 0.0 ? 1 : 0; });
        return scan;
    }
    const io::Image mask = reader_.image(masks_[i], share);
    const data::Volume marks = io::volume_of(mask, share);
    std::transform(marks.values.begin(), marks.values.end(), scan.mask.begin(),
                   [](double x) -> unsigned char { return x != 0.0 ? 1 : 0; });
    scan.files.insert(scan.files.end(), mask.files.begin(), mask.files.end());
    return scan;
}

data::Features Scans::voxels_in(const std::string& mask, const base::Resources& resources) {
    const io::Image image = reader_.image(mask, resources);
    const data::Volume marks = io::volume_of(image, resources);
    common_files_.insert(common_files_.end(), image.files.begin(), image.files.end());
    std::vector<data::Index> inside;
    for (std::size_t v = 0; v < marks.values.size(); ++v) {
        if (marks.values[v] != 0.0) inside.push_back(static_cast<data::Index>(v));
    }
    if (inside.empty()) throw base::degenerate(mask + ": no voxel of the mask is other than 0");
    return data::Features::voxels(marks.grid, std::move(inside));
}

}  // namespace tare::commands
