// Writing images one by one, each with its sidecar.
#include "tare/io/image_results.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include "tare/base/error.hpp"
#include "tare/base/parallel.hpp"
#include "tare/base/sha256.hpp"
#include "tare/io/bytes.hpp"

namespace tare::io {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ExitCode;

/// How the work is cut into jobs has no part in a result, nor where else results go. (A model that is read is an input.)
const std::vector<std::string> not_compared{"resume", "shard", "output", "model"};

}  // namespace

void ImageResults::check(std::span<const std::string> paths, std::span<const std::string> inputs) const {
    std::set<std::string> read;
    for (const std::string& input : inputs) read.insert(fs::weakly_canonical(fs::absolute(input)).string());
    std::set<std::string> taken;
    for (const std::string& path : paths) {
        if (path.empty()) continue;
        if (!is_writable_image_name(path)) {
            throw base::usage_error(path + ": is no name that an image can be written to",
                                    "the name must end in .nii, .nii.gz, .mgh or .mgz");
        }
        for (const std::string& name : {path, image_sidecar_path(path)}) {
            const std::string identity = fs::weakly_canonical(fs::absolute(name)).string();
            if (read.contains(identity)) {
                throw Error(ExitCode::cannot_create,
                            path + ": is an input of this run; a result never overwrites its input");
            }
            if (!taken.insert(identity).second) {
                throw Error(ExitCode::cannot_create, name + ": is named as an output twice",
                            name == path ? "" : "two images that differ in their ending alone have one sidecar");
            }
        }
        if (existing_ == Existing::replace) continue;
        const bool image = fs::exists(path);
        const bool sidecar = fs::exists(image_sidecar_path(path));
        if (image && (!sidecar || existing_ == Existing::refuse)) {
            throw Error(ExitCode::cannot_create, path + ": exists",
                        existing_ == Existing::refuse ? "--force replaces it, --resume keeps what was made in the same way"
                                                      : "it has no sidecar that tells how it was made; --force replaces it");
        }
        if (sidecar && !image && existing_ == Existing::refuse) {
            throw Error(ExitCode::cannot_create, image_sidecar_path(path) + ": exists", "--force or --resume replaces it");
        }
    }
}

bool ImageResults::is_done(const std::string& path, const Provenance& provenance) const {
    if (existing_ != Existing::resume || !fs::exists(path)) return false;
    const std::string sidecar = image_sidecar_path(path);
    std::string difference = sidecar_difference(sidecar, provenance, not_compared);
    if (difference.empty() && sidecar_result_sha256(sidecar) != base::sha256_hex(read_bytes(path, {}))) {
        difference = "is not the image that its sidecar was written for";
    }
    if (!difference.empty()) {
        throw Error(ExitCode::cannot_create, path + ": " + difference, "delete it, or make all images anew with --force");
    }
    return true;
}

void ImageResults::write(const std::string& path, std::string_view bytes, Provenance provenance) {
    {
        const std::lock_guard lock(mutex_);
        folders_.create_for(path);
    }
    const std::string sidecar_name = image_sidecar_path(path);
    const bool is_new = !fs::exists(path) && !fs::exists(sidecar_name);
    const bool overwrite = existing_ != Existing::refuse;
    OutputSet outputs(unfinished_, overwrite);
    Output& image = outputs.open(path);
    Output& sidecar = outputs.open(sidecar_name);
    image.write(bytes);
    provenance.result_sha256 = base::sha256_hex(bytes);
    write_sidecar(sidecar, provenance);
    if (is_new) {
        const std::lock_guard lock(mutex_);
        made_.push_back(sidecar_name);
        made_.push_back(path);
    }
    outputs.commit();
}

void ImageResults::withdraw() noexcept {
    std::error_code ignored;
    for (const std::string& path : made_) fs::remove(path, ignored);
    made_.clear();
}

void write_images(const ImageRows& rows, std::span<const std::string> paths, std::span<const Provenance> provenances,
                  VoxelType type, ImageResults& results, const base::Resources& resources) {
    base::for_each_in_parallel(paths.size(), resources.threads, [&](std::size_t i) {
        results.write(paths[i], rows.rewritten(i, paths[i], type), provenances[i]);
    });
}

}  // namespace tare::io
