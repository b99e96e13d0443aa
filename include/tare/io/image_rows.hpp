// The images of a cohort as rows of values: checked against each other from their headers, then decoded some at a time.
// Whole images are kept as far as the memory allows, so that a second look costs no second decompression.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "tare/base/resources.hpp"
#include "tare/data/features.hpp"
#include "tare/data/row_source.hpp"
#include "tare/io/image_file.hpp"

namespace tare::io {

/// Throws Error (65), with both values, unless `grid` (of `source`) is `expected` (of `expected_source`). `whole`: the
/// number of volumes must agree too.
void check_same_grid(const data::Grid& grid, const std::string& source, const data::Grid& expected,
                     const std::string& expected_source, bool whole = true);

struct ImageSet {
    std::vector<std::string> paths;  ///< one per subject
    data::Grid grid;
    /// Rows are of float32, which holds the values of every image exactly: what is summed and adjusted, in double, is the
    /// same with rows of double, so that no image feels which others there are. Only results are rounded to a row's type.
    bool single_precision = true;
    Index largest_stored = 0;  ///< bytes of the voxels of the largest image, as stored
};

/// Looks at the headers of the images of the given subjects. All must lie on the grid of the first one, or on `expected`,
/// which `expected_source` has. Throws Error: 66, 65, 74; the first image in order counts.
[[nodiscard]] ImageSet check_images(std::vector<std::string> paths, std::span<const Index> subjects,
                                    const std::optional<data::Grid>& expected, const std::string& expected_source,
                                    const base::Resources& resources);

struct Mask {
    std::vector<Index> inside;  ///< the positions of the voxels that are not 0, in every volume of the grid
    bool binary = true;         ///< it holds 0 and 1 only
    std::vector<InputFile> files;
};

/// Throws Error: 66; 65 where the mask lies on another grid, holds a value that is not finite, or is empty.
[[nodiscard]] Mask read_mask(const std::string& path, const data::Grid& grid, const std::string& grid_source,
                             const base::Resources& resources);

class ImageRows final : public data::RowSource {
public:
    /// `features`: voxels of the set's grid. `finite`: a value in them that is not finite is an Error (65).
    /// Throws Error (71) where not even 16 images fit into half of the memory.
    ImageRows(ImageSet set, data::Features features, bool finite, const base::Resources& resources);

    [[nodiscard]] const ImageSet& set() const noexcept { return set_; }
    [[nodiscard]] Index features() const override { return chosen_.count(); }
    [[nodiscard]] Index most_rows(Index wanted) const override;
    [[nodiscard]] base::RowPointers rows(std::span<const Index> subjects) override;
    /// From now on only these voxels, which must be finite, and the images are to be rewritten.
    void choose(data::Features features);
    /// How many images to ask for at once when they are to be rewritten.
    [[nodiscard]] Index most_to_rewrite() const;
    /// The pointers of the last call, to be written over.
    [[nodiscard]] base::WritableRows last_rows();
    /// The file called `path` that holds the image at this position of the last call with the present values of its row in
    /// place of those it had; everything outside the chosen voxels is copied.
    [[nodiscard]] std::string rewritten(std::size_t position, const std::string& path, VoxelType type) const;
    /// What the image is read from; reads it where that has not been done yet.
    [[nodiscard]] const std::vector<InputFile>& files(Index subject);
    /// The same, empty where nothing has been read.
    [[nodiscard]] const std::vector<InputFile>& known_files(Index subject) const {
        return files_[static_cast<std::size_t>(subject)];
    }

private:
    [[nodiscard]] std::shared_ptr<const Image> image_of(Index subject);
    void decode_row(const Image& image, std::size_t position);
    /// Keeps the image for a second look, if there is room.
    void keep(Index subject, const std::shared_ptr<const Image>& image);

    ImageSet set_;
    data::Features chosen_;
    bool finite_;
    bool to_rewrite_ = false;
    std::mutex mutex_;
    base::Resources resources_;
    std::uint64_t cache_budget_ = 0, cached_ = 0;
    std::vector<std::shared_ptr<const Image>> kept_;    ///< per subject; empty where it was not kept
    std::vector<std::shared_ptr<const Image>> images_;  ///< of the last call; empty unless they are to be rewritten
    std::vector<std::vector<InputFile>> files_;
    base::Matrix<float> single_;
    base::Matrix<double> twice_;
};

}  // namespace tare::io
