// Checking, reading, keeping and decoding the images of a cohort, several at a time.
#include "tare/io/image_rows.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numeric>

#include "tare/base/error.hpp"
#include "tare/base/number_text.hpp"
#include "tare/base/parallel.hpp"
#include "tare/base/text.hpp"
#include "tare/io/mask_marks.hpp"

namespace tare::io {
namespace {

/// What one thread needs to read or to write an image: the file, its voxels, their values and the new file.
constexpr std::uint64_t copies_per_thread = 5;
/// What a fit needs for every feature beside the matrices of its workspace: indices, means, one site's sums and estimates.
constexpr std::uint64_t fit_bytes_per_feature = 128;
/// The process itself, with its libraries.
constexpr std::uint64_t process_bytes = std::uint64_t{20} << 20U;

/// One message for all images that are missing.
void check_all_there(const std::vector<std::string>& paths, std::span<const Index> subjects) {
    std::size_t missing = 0;
    std::string first;
    for (const Index subject : subjects) {
        const std::string& path = paths[static_cast<std::size_t>(subject)];
        std::error_code fault;
        if (std::filesystem::exists(path, fault) || fault) continue;
        if (missing++ == 0) first = path;
    }
    if (missing == 0) return;
    const std::string others = missing == 1 ? "" : " (nor " + base::counted(missing - 1, "other image") + ")";
    throw base::Error(base::ExitCode::no_input, first + ": no such file" + others,
                      "the name is that of the pattern with the text of the table's cells, leading zeros and all");
}

}  // namespace

void check_same_grid(const data::Grid& grid, const std::string& source, const data::Grid& expected,
                     const std::string& expected_source, bool whole) {
    const bool same_space = std::equal(grid.shape.begin(), grid.shape.begin() + 3, expected.shape.begin());
    if (!same_space || (whole && grid.shape != expected.shape)) {
        throw base::inconsistent(
            source + ": has " + shape_text(grid) + " voxels, " + expected_source + " has " + shape_text(expected),
            "resample all images to one grid first");
    }
    const double distance = data::largest_displacement(grid, expected);
    if (!(distance <= data::grid_tolerance_mm)) {
        throw base::inconsistent(source + ": its affine " + affine_text(grid) + " is not " + affine_text(expected) + " of " +
                                     expected_source + " (corners " + base::number_text(distance) + " mm apart, " +
                                     base::number_text(data::grid_tolerance_mm) + " is allowed)",
                                 "resample all images to one grid first");
    }
}

ImageSet check_images(std::vector<std::string> paths, std::span<const Index> subjects,
                      const std::optional<data::Grid>& expected, const std::string& expected_source,
                      const base::Resources& resources) {
    check_all_there(paths, subjects);
    std::vector<ImageHeader> headers(subjects.size());
    base::for_each_in_parallel(subjects.size(), resources.threads, [&](std::size_t i) {
        headers[i] = read_image_header(paths[static_cast<std::size_t>(subjects[i])]);
        headers[i].raw.clear();
        headers[i].trailer.clear();
    });
    ImageSet set{std::move(paths), expected ? *expected : headers.front().grid, true, 0};
    const std::string& reference = expected ? expected_source : set.paths[static_cast<std::size_t>(subjects.front())];
    for (std::size_t i = 0; i < subjects.size(); ++i) {
        check_same_grid(headers[i].grid, set.paths[static_cast<std::size_t>(subjects[i])], set.grid, reference);
        set.single_precision = set.single_precision && fits_single_precision(headers[i]);
        set.largest_stored = std::max(set.largest_stored, headers[i].grid.values() * bytes_per_voxel(headers[i].type));
    }
    return set;
}

Mask read_mask(const std::string& path, const data::Grid& grid, const std::string& grid_source,
               const base::Resources& resources) {
    const Image image = read_image(path, resources);
    if (image.header.grid.shape.size() != 3) {
        throw base::inconsistent(path + ": a mask is one volume, not " + shape_text(image.header.grid));
    }
    check_same_grid(image.header.grid, path, grid, grid_source, false);
    std::vector<float> values(static_cast<std::size_t>(grid.voxels()));
    decode(image, {}, values);
    Mask mask{{}, true, image.files};
    for (Index volume = 0; volume < grid.values() / grid.voxels(); ++volume) {
        for (std::size_t v = 0; v < values.size(); ++v) {
            if (!lies_within(static_cast<double>(values[v]), path)) continue;
            mask.binary = mask.binary && values[v] == 1.0F;
            mask.inside.push_back(volume * grid.voxels() + static_cast<Index>(v));
        }
    }
    if (mask.inside.empty()) throw empty_mask(path);
    return mask;
}

ImageRows::ImageRows(ImageSet set, data::Features features, bool finite, const base::Resources& resources)
    : set_(std::move(set)),
      chosen_(std::move(features)),
      finite_(finite),
      resources_(resources),
      kept_(set_.paths.size()),
      files_(set_.paths.size()) {
    const auto values = static_cast<std::uint64_t>(set_.grid.values());
    const std::uint64_t width = set_.single_precision ? sizeof(float) : sizeof(double);
    const auto batch = static_cast<std::uint64_t>(most_rows(static_cast<Index>(set_.paths.size())));
    const auto chosen = static_cast<std::uint64_t>(chosen_.count());
    const std::uint64_t to_sum = batch * chosen * width;
    const std::uint64_t to_rewrite =
        static_cast<std::uint64_t>(most_to_rewrite()) * (chosen * width + static_cast<std::uint64_t>(set_.largest_stored));
    const std::uint64_t needed = std::max(to_sum, to_rewrite) +
                                 static_cast<std::uint64_t>(resources_.threads) * copies_per_thread * values * width +
                                 chosen * fit_bytes_per_feature + process_bytes;
    // The other half is for the sums and the model.
    base::check_memory(resources_, 2 * needed,
                       base::counted(batch, "image") + " of " + shape_text(set_.grid) + " at a time");
    cache_budget_ = resources_.memory / 2 - needed;
}

Index ImageRows::most_rows(Index wanted) const {
    return std::min<Index>(wanted, 16);
}

Index ImageRows::most_to_rewrite() const {
    return std::min<Index>(4 * static_cast<Index>(resources_.threads), 16);
}

void ImageRows::keep(Index subject, const std::shared_ptr<const Image>& image) {
    auto& kept = kept_[static_cast<std::size_t>(subject)];
    const std::uint64_t size = image->stored.size() + image->header.raw.size() + image->header.trailer.size();
    const std::lock_guard lock(mutex_);
    if (kept || cached_ + size > cache_budget_) return;
    kept = image;
    cached_ += size;
}

std::shared_ptr<const Image> ImageRows::image_of(Index subject) {
    const auto i = static_cast<std::size_t>(subject);
    if (kept_[i]) return kept_[i];
    // Images are read side by side; none of them takes a second thread.
    auto image = std::make_shared<const Image>(read_image(set_.paths[i], {1, resources_.memory}));
    // The header was looked at before: it must still be that file.
    check_same_grid(image->header.grid, set_.paths[i], set_.grid, "the first image");
    if (files_[i].empty()) files_[i] = image->files;
    if (files_[i] != image->files) {
        throw base::Error(base::ExitCode::io, set_.paths[i] + ": changed while it was in use");
    }
    return image;
}

void ImageRows::decode_row(const Image& image, std::size_t position) {
    const auto row = static_cast<Index>(position);
    const auto check = [&](const auto& values) {
        if (!finite_) return;
        const auto bad = std::find_if_not(values.begin(), values.end(), [](auto v) { return std::isfinite(v); });
        if (bad == values.end()) return;
        throw base::malformed(
            image.source + ": " + chosen_.name(bad - values.begin()) + " is not a finite number, and lies in the mask",
            "leave the image out, or fit with a mask that leaves such voxels out");
    };
    const bool everything = chosen_.count() == set_.grid.values();
    const std::span<const Index> voxels = everything ? std::span<const Index>() : std::span(chosen_.inside());
    if (set_.single_precision) {
        decode(image, voxels, single_.row(row));
        check(single_.row(row));
    } else {
        decode(image, voxels, twice_.row(row));
        check(twice_.row(row));
    }
}

base::RowPointers ImageRows::rows(std::span<const Index> subjects) {
    const auto count = static_cast<Index>(subjects.size());
    images_.assign(subjects.size(), nullptr);
    if (set_.single_precision && (single_.rows() < count || single_.columns() != chosen_.count())) {
        single_ = {};
        single_ = base::Matrix<float>(count, chosen_.count());
    }
    if (!set_.single_precision && (twice_.rows() < count || twice_.columns() != chosen_.count())) {
        twice_ = {};
        twice_ = base::Matrix<double>(count, chosen_.count());
    }
    base::for_each_in_parallel(subjects.size(), resources_.threads, [&](std::size_t i) {
        const std::shared_ptr<const Image> image = image_of(subjects[i]);
        decode_row(*image, i);
        keep(subjects[i], image);
        if (to_rewrite_) images_[i] = image;
    });
    return std::visit(
        []<typename T>(const std::vector<T*>& rows) {
            return base::RowPointers(std::vector<const T*>(rows.begin(), rows.end()));
        },
        last_rows());
}

void ImageRows::choose(data::Features features) {
    chosen_ = std::move(features);
    finite_ = true;
    to_rewrite_ = true;
}

std::string ImageRows::rewritten(std::size_t position, const std::string& path, VoxelType type) const {
    const Image& image = *images_[position];
    const auto encode = [&]<typename T>(const base::Matrix<T>& rows) {
        std::vector<T> values(static_cast<std::size_t>(set_.grid.values()));
        decode(image, {}, std::span<T>(values));
        const std::span<const T> row = rows.row(static_cast<Index>(position));
        const std::vector<Index>& inside = chosen_.inside();
        for (std::size_t f = 0; f < inside.size(); ++f) values[static_cast<std::size_t>(inside[f])] = row[f];
        return image_bytes(path, image.header, type, std::span<const T>(values));
    };
    return set_.single_precision ? encode(single_) : encode(twice_);
}

const std::vector<InputFile>& ImageRows::files(Index subject) {
    const auto i = static_cast<std::size_t>(subject);
    if (files_[i].empty()) files_[i] = image_files(set_.paths[i], resources_);
    return files_[i];
}

base::WritableRows ImageRows::last_rows() {
    const auto pointers = [&]<typename T>(base::Matrix<T>& values) {
        std::vector<T*> rows;
        for (std::size_t i = 0; i < images_.size(); ++i) rows.push_back(values.row(static_cast<Index>(i)).data());
        return rows;
    };
    if (set_.single_precision) return pointers(single_);
    return pointers(twice_);
}

}  // namespace tare::io
