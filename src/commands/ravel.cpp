// Learning unwanted factors, image by image.
#include "ravel.hpp"

#include <algorithm>
#include <cmath>

#include "about_file.hpp"
#include "tare/base/error.hpp"
#include "tare/base/text.hpp"
#include "tare/imaging/control_factors.hpp"
#include "tare/io/image_rows.hpp"

namespace tare::commands {
namespace {

using base::Index;

/// The values of an image in units of its white stripe at some voxels. A value that is not finite is an Error: a factor
/// would be not a number everywhere.
std::vector<double> striped_at(const Scan& scan, const std::string& path, const IntensityChoice& choice,
                               const std::vector<Index>& voxels) {
    return about_file(path, [&] {
        const imaging::IntensityMap map =
            imaging::intensity_map(imaging::ascending_values(scan.volume, scan.mask), choice.options, {});
        std::vector<double> out;
        for (const Index v : voxels) {
            out.push_back(map(scan.volume.values[static_cast<std::size_t>(v)]));
            if (!std::isfinite(out.back())) throw base::degenerate("holds a value in the mask that is not finite");
        }
        return out;
    });
}

/// The positions in `voxels` that are control voxels.
std::vector<Index> control_positions(const data::Features& voxels, const data::Features& control, const std::string& path) {
    std::vector<Index> positions;
    const std::vector<Index>& inside = voxels.inside();
    for (std::size_t p = 0; p < inside.size(); ++p) {
        if (std::binary_search(control.inside().begin(), control.inside().end(), inside[p])) {
            positions.push_back(static_cast<Index>(p));
        }
    }
    if (positions.empty()) throw base::inconsistent(path + ": no control voxel lies within --mask");
    return positions;
}

std::vector<Index> chosen(const std::vector<Index>& from, const std::vector<Index>& positions) {
    std::vector<Index> out;
    for (const Index p : positions) out.push_back(from[static_cast<std::size_t>(p)]);
    return out;
}

}  // namespace

io::FactorModel learnt_factors(Scans& scans, const std::vector<bool>& teaches, const IntensityChoice& choice,
                               const cli::ParsedOptions& options, cli::Context& context) {
    const MeasuredImages& images = scans.images();
    if (!options.given("control")) throw base::usage_error("--method ravel needs --control");
    const std::vector<std::string>& masks = scans.masks();
    if (masks.empty() || std::any_of(masks.begin(), masks.end(), [&](const auto& one) { return one != masks.front(); })) {
        throw base::usage_error("--method ravel needs one --mask for all images", "they must lie in one space");
    }
    io::FactorModel model;
    const std::string mask = masks.front();
    model.features = scans.voxels_in(mask, context.resources);
    scans.mask_all(model.features, mask);
    const data::Features control = scans.voxels_in(options.text("control"), context.resources);
    io::check_same_grid(control.grid(), options.text("control"), model.features.grid(), mask);
    const std::vector<Index> positions = control_positions(model.features, control, options.text("control")),
                             control_voxels = chosen(model.features.inside(), positions);

    std::vector<std::size_t> teachers;
    for (std::size_t i = 0; i < teaches.size(); ++i) {
        if (teaches[i]) teachers.push_back(i);
    }
    if (static_cast<std::size_t>(choice.factors) >= teachers.size()) {
        throw base::degenerate("--factors is " + std::to_string(choice.factors) + " and " +
                                   base::counted(teachers.size(), "image") + (teachers.size() == 1 ? " teaches" : " teach"),
                               "there must be more images than factors, or what is left of all images is the same");
    }
    model.images = static_cast<Index>(teachers.size());
    const auto voxels = static_cast<std::uint64_t>(model.features.count());
    const auto factors = static_cast<std::uint64_t>(choice.factors);
    // The control voxels of the images, what each factor makes of them, and the maps; beside one image.
    base::check_memory(context.resources,
                       (teachers.size() + factors) * positions.size() * sizeof(double) +
                           (2 * factors + 1) * voxels * sizeof(double) +
                           static_cast<std::uint64_t>(model.features.grid().voxels()) * bytes_per_scanned_voxel,
                       "the control voxels of all training images with " + base::counted(factors, "factor"));
    base::Matrix<double> rows(model.images, static_cast<Index>(positions.size()));
    for_each_image(images, context, bytes_per_scanned_voxel, "learning", [&](std::size_t i, const base::Resources& share) {
        const auto place = std::lower_bound(teachers.begin(), teachers.end(), i);
        if (place == teachers.end() || *place != i) return;
        const std::vector<double> values = striped_at(scans.read(i, share), images.image(i), choice, control_voxels);
        std::copy(values.begin(), values.end(), rows.row(place - teachers.begin()).begin());
    });
    const imaging::ControlScores found = imaging::control_scores(rows, choice.factors);

    model.maps = imaging::no_images_yet(found, positions, model.features.count());
    for (std::size_t t = 0; t < teachers.size(); ++t) {
        const std::string& path = images.image(teachers[t]);
        const std::vector<double> values =
            striped_at(scans.read(teachers[t], context.resources), path, choice, model.features.inside());
        imaging::add_image(found, static_cast<Index>(t), values, model.maps);
        context.log.progress("factors", static_cast<double>(t + 1) / static_cast<double>(teachers.size()));
    }
    return model;
}

}  // namespace tare::commands
