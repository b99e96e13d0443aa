// A small cohort of images made in memory: three sites, one of them a single subject; an ellipsoid of voxels that vary, and
// zeros around it. The same values are written as images, as a table with one column a voxel, and as a matrix.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include "tare/base/number_text.hpp"
#include "tare/base/rng.hpp"
#include "tare/io/image_file.hpp"
#include "tare/io/npy_file.hpp"

namespace tare::test {

using base::Index;

inline void write_bytes(const std::filesystem::path& path, const std::string& bytes) {
    std::ofstream file(path, std::ios::binary);
    file << bytes;
    if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
}

[[nodiscard]] inline data::Grid small_grid(std::vector<Index> shape = {12, 10, 8}) {
    return {std::move(shape), {-2, 0, 0, 11, 0, 2, 0, -9, 0, 0, 2.5, -7}};
}

/// The values of an image in double precision.
[[nodiscard]] inline std::vector<double> voxels_of(const std::filesystem::path& path) {
    const io::Image image = io::read_image(path.string(), {});
    std::vector<double> values(static_cast<std::size_t>(image.header.grid.values()));
    io::decode(image, {}, values);
    return values;
}

inline void write_volume(const std::filesystem::path& path, const data::Grid& grid, std::span<const double> values,
                         io::VoxelType type = io::VoxelType::float32) {
    write_bytes(path, io::image_bytes(path.string(), io::new_image_header(grid, ""), type, values));
}

struct ImageCohort {
    data::Grid grid;
    std::vector<Index> inside;                   ///< the voxels that vary
    std::vector<std::string> ids, sites, sexes;  ///< per subject
    std::vector<double> ages;                    ///< per subject
    std::vector<std::vector<double>> values;     ///< per subject, every voxel of the grid

    /// Values are rounded to float32 where `single` says so, so that an image of that type holds them exactly.
    explicit ImageCohort(std::size_t subjects = 24, bool single = true, data::Grid on = small_grid()) : grid(std::move(on)) {
        base::Rng rng(7);
        const auto shape = [&](std::size_t axis) { return static_cast<double>(grid.shape[axis]); };
        for (Index v = 0; v < grid.values(); ++v) {
            const Index in_volume = v % grid.voxels();
            const double x = (static_cast<double>(in_volume % grid.shape[0]) + 0.5) / shape(0) - 0.5,
                         y = (static_cast<double>(in_volume / grid.shape[0] % grid.shape[1]) + 0.5) / shape(1) - 0.5,
                         z = (static_cast<double>(in_volume / grid.shape[0] / grid.shape[1]) + 0.5) / shape(2) - 0.5;
            if (x * x + y * y + z * z < 0.16) inside.push_back(v);
        }
        for (std::size_t i = 0; i < subjects; ++i) {
            ids.push_back("sub-" + std::string(i < 9 ? "0" : "") + std::to_string(i + 1));
            sites.emplace_back(i == 5 ? "lone" : i % 5 < 2 ? "alpha" : "beta");
            sexes.emplace_back(rng.uniform() < 0.5 ? "F" : "M");
            const double age = 20.0 + static_cast<double>(rng.below(50));
            ages.push_back(i == 5 ? 45.0 : age);
            const double shift = sites.back() == "alpha" ? 4.0 : sites.back() == "lone" ? -6.0 : 0.0;
            const double scale = sites.back() == "alpha" ? 1.6 : 1.0;
            std::vector<double> image(static_cast<std::size_t>(grid.values()), 0.0);
            for (const Index v : inside) {
                const double place = static_cast<double>(v % 17);
                const double value = 100.0 + 3.0 * place + 0.05 * (place - 5.0) * ages.back() +
                                     (sexes.back() == "M" ? 1.5 : 0.0) + shift * (1.0 + 0.1 * place) +
                                     scale * (2.0 + 0.1 * place) * rng.normal();
                image[static_cast<std::size_t>(v)] = single ? static_cast<double>(static_cast<float>(value)) : value;
            }
            values.push_back(std::move(image));
        }
    }

    [[nodiscard]] std::size_t subjects() const { return ids.size(); }

    /// participant_id, site, age, sex; with a column v0, v1, ... for every voxel inside where it is a whole table.
    void write_table(const std::filesystem::path& path, bool with_values) const {
        std::string text = "participant_id\tsite\tage\tsex";
        for (std::size_t f = 0; with_values && f < inside.size(); ++f) text += "\tv" + std::to_string(f);
        for (std::size_t i = 0; i < subjects(); ++i) {
            text += "\n" + ids[i] + "\t" + sites[i] + "\t" + base::number_text(ages[i]) + "\t" + sexes[i];
            if (!with_values) continue;
            for (const Index v : inside) {
                const double value = values[i][static_cast<std::size_t>(v)];
                text += "\t" + (value != value ? std::string("n/a") : base::number_text(value));
            }
        }
        write_bytes(path, text + "\n");
    }
    /// FOLDER/ID.ENDING for every subject.
    void write_images(const std::filesystem::path& folder, io::VoxelType type = io::VoxelType::float32,
                      const std::string& ending = "nii.gz") const {
        std::filesystem::create_directories(folder);
        for (std::size_t i = 0; i < subjects(); ++i) write_volume(folder / (ids[i] + "." + ending), grid, values[i], type);
    }
    /// 1 in the first volume's voxels inside.
    void write_mask(const std::filesystem::path& path) const {
        std::vector<double> mask(static_cast<std::size_t>(grid.voxels()), 0.0);
        for (const Index v : inside) mask[static_cast<std::size_t>(v % grid.voxels())] = 1.0;
        data::Grid volume = grid;
        volume.shape.resize(3);
        write_volume(path, volume, mask, io::VoxelType::uint8);
    }
    /// The voxels inside as columns.
    [[nodiscard]] std::vector<double> matrix() const {
        std::vector<double> out;
        for (const auto& image : values) {
            for (const Index v : inside) out.push_back(image[static_cast<std::size_t>(v)]);
        }
        return out;
    }
};

}  // namespace tare::test
