// Images read side by side.
#include "image_reader.hpp"

#include <algorithm>

#include "progress.hpp"
#include "tare/base/error.hpp"
#include "tare/base/parallel.hpp"
#include "tare/io/volume_file.hpp"

namespace tare::commands {

io::Image ImageReader::image(const std::string& path, const base::Resources& share) {
    io::Image image = io::read_image(path, share);
    for (const io::InputFile& file : image.files) add(file);
    return image;
}

data::Volume ImageReader::volume(const std::string& path, const base::Resources& share) {
    return io::volume_of(image(path, share), share);
}

std::shared_ptr<const data::Segmentation> ImageReader::segmentation(const std::string& path, const base::Resources& share) {
    {
        const std::lock_guard lock(mutex_);
        if (kept_ && kept_path_ == path) return kept_;
    }
    auto read = std::make_shared<const data::Segmentation>(io::segmentation_of(image(path, share), share));
    const std::lock_guard lock(mutex_);
    kept_path_ = path;
    kept_ = read;
    return read;
}

void ImageReader::add(const io::InputFile& file) {
    const std::lock_guard lock(mutex_);
    checksums_.emplace(file.path, file.sha256);
}

std::vector<io::InputFile> ImageReader::files() const {
    const std::lock_guard lock(mutex_);
    std::vector<io::InputFile> out;
    for (const auto& [path, checksum] : checksums_) out.push_back({path, checksum});
    return out;
}

std::vector<io::InputFile> inputs_of(const MeasuredImages& images, const ImageReader& reader,
                                     const std::vector<io::InputFile>& beside) {
    std::vector<io::InputFile> out = images.tables();
    out.insert(out.end(), beside.begin(), beside.end());
    const std::vector<io::InputFile> read = reader.files();
    out.insert(out.end(), read.begin(), read.end());
    return out;
}

void for_each_image(const MeasuredImages& images, cli::Context& context, std::uint64_t bytes_per_voxel,
                    const std::string& step, const std::function<void(std::size_t i, const base::Resources& share)>& work) {
    std::uint64_t most = 1;
    for (std::size_t i = 0; i < images.size(); ++i) {
        const data::Grid& grid = images.grid(i);
        most = std::max(most, static_cast<std::uint64_t>(grid.voxels()) * bytes_per_voxel +
                                  static_cast<std::uint64_t>(grid.values() - grid.voxels()) * sizeof(double));
    }
    base::check_memory(context.resources, most, "one image");
    const std::uint64_t fit = std::min<std::uint64_t>(context.resources.memory / most, images.size());
    const int at_a_time =
        static_cast<int>(std::min<std::uint64_t>(fit, static_cast<std::uint64_t>(context.resources.threads)));
    const base::Resources share{std::max(1, context.resources.threads / at_a_time),
                                context.resources.memory / static_cast<std::uint64_t>(at_a_time)};
    Progress progress(step, images.size(), context.log);
    std::vector<char> alone(images.size(), 0);
    base::for_each_in_parallel(images.size(), at_a_time, [&](std::size_t i) {
        try {
            work(i, share);
            progress.one_more();
        } catch (const base::Error& error) {
            if (error.code() != base::ExitCode::memory || at_a_time == 1) throw;
            alone[i] = 1;
        }
    });
    for (std::size_t i = 0; i < alone.size(); ++i) {
        if (alone[i] == 0) continue;
        work(i, context.resources);
        progress.one_more();
    }
}

}  // namespace tare::commands
