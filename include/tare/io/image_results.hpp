// Images as results: each is whole or absent and gets its sidecar before it gets its name, so that an interrupted run can be
// resumed.
#pragma once

#include <cstdint>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "tare/base/temporary_files.hpp"
#include "tare/io/folders.hpp"
#include "tare/io/image_rows.hpp"
#include "tare/io/provenance.hpp"

namespace tare::io {

enum class Existing {
    refuse,   ///< an image that exists is an error
    replace,  ///< it is made anew
    resume    ///< it stays where its sidecar says that it was made from the same
};

class ImageResults {
public:
    ImageResults(base::TemporaryFiles& unfinished, Existing existing)
        : unfinished_(unfinished), existing_(existing), folders_(unfinished) {}

    /// Looks at all outputs before work begins. Throws Error (73): an image exists that must not be replaced, one is also
    /// among `inputs`, two are one file or have one sidecar; (64) for a name that no image can be written to.
    void check(std::span<const std::string> paths, std::span<const std::string> inputs) const;

    /// True where the output exists, is whole, and was made from the same inputs with the same parameters. Throws Error (73)
    /// where it was made from others, 74.
    [[nodiscard]] bool is_done(const std::string& path, const Provenance& provenance) const;

    /// Writes one image and its sidecar; folders that lack are made. Callable from several threads. Throws Error (73, 74).
    void write(const std::string& path, std::string_view bytes, Provenance provenance);

    /// Takes away again what this run has newly made.
    void withdraw() noexcept;

private:
    base::TemporaryFiles& unfinished_;
    Existing existing_;
    /// Never kept: one in which an image lies stays in any case.
    CreatedFolders folders_;
    std::mutex mutex_;
    std::vector<std::string> made_;
};

/// Writes the images of the last call of `rows`, with the present values, to `paths`, in parallel.
void write_images(const ImageRows& rows, std::span<const std::string> paths, std::span<const Provenance> provenances,
                  VoxelType type, ImageResults& results, const base::Resources& resources);

}  // namespace tare::io
