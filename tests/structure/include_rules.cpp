// The layer table: which layer may include which, and which outside libraries it may see.
#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "structure/rules.hpp"

namespace tare::structure {

namespace {

using Names = std::set<std::string_view>;

struct Layer {
    std::string_view name;
    Names layers;  ///< beside itself
    Names kits;    ///< beside the standard library
};

const std::vector<Layer>& layer_table() {
    static const std::vector<Layer> table{
        {"base", {}, {"posix", "cpu"}},
        {"data", {"base"}, {}},
        {"compute", {"base"}, {"openmp", "cpu", "cuda"}},
        {"stats", {"compute", "data", "base"}, {"eigen", "boost-math"}},
        {"learn", {"stats", "compute", "data", "base"}, {"eigen", "liblinear", "libsvm", "xgboost"}},
        {"imaging", {"data", "base"}, {"itk"}},
        {"report", {"base"}, {"rsvg"}},
        {"io", {"stats", "data", "base"}, {"posix", "openmp", "json", "deflate", "zlib", "itk"}},
        {"cli", {"base"}, {"posix", "boost"}},
        {"commands", {"cli", "io", "imaging", "report", "learn", "stats", "compute", "data", "base"}, {}},
        {"apps", {"commands", "cli"}, {}},
    };
    return table;
}

/// Kits that may stand only in part of their layer: they begin with this path.
struct Corner {
    std::string_view kit;
    std::string_view path;
};
constexpr std::array corners{
    Corner{"boost", "src/cli/parsed_options.cpp"},           Corner{"cuda", "src/compute/cuda/"},
    Corner{"liblinear", "src/learn/liblinear_training.cpp"}, Corner{"libsvm", "src/learn/libsvm_training.cpp"},
    Corner{"xgboost", "src/learn/xgboost_learner.cpp"},      Corner{"rsvg", "src/report/png.cpp"},
    Corner{"boost-math", "src/stats/distributions.cpp"},
};

/// What a public header may show of outside libraries, so that a user of the library needs no more than this.
const Names public_kits{"eigen"};

/// <vector>, <string_view>: no other library names a header without a dot or a folder.
bool is_standard(std::string_view header) {
    return std::ranges::all_of(header, [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

/// The outside library a header belongs to: "std", a kit of the layer table, or empty where it is unknown.
std::string_view kit_of(std::string_view header) {
    static const Names posix{"fcntl.h", "poll.h", "pthread.h", "sched.h", "signal.h", "stdlib.h", "termios.h", "unistd.h"};
    if (is_standard(header)) {
        return "std";
    }
    static const Names cpu{"arm_neon.h", "cpuid.h", "immintrin.h"};
    if (cpu.contains(header)) {
        return "cpu";
    }
    if (posix.contains(header) || header.starts_with("sys/")) {
        return "posix";
    }
    struct Beginning {
        std::string_view text, kit;
    };
    static constexpr std::array beginnings{
        Beginning{"omp.h", "openmp"},   Beginning{"Eigen/", "eigen"},     Beginning{"librsvg/", "rsvg"},
        Beginning{"cairo", "rsvg"},     Beginning{"dlfcn.h", "rsvg"},     Beginning{"boost/math/", "boost-math"},
        Beginning{"boost/", "boost"},   Beginning{"nlohmann/", "json"},   Beginning{"libdeflate.h", "deflate"},
        Beginning{"itk", "itk"},        Beginning{"zlib.h", "zlib"},      Beginning{"cuda", "cuda"},
        Beginning{"cublas", "cuda"},    Beginning{"cusolver", "cuda"},    Beginning{"linear.h", "liblinear"},
        Beginning{"libsvm/", "libsvm"}, Beginning{"xgboost/", "xgboost"},
    };
    const auto* const found =
        std::ranges::find_if(beginnings, [&](const Beginning& beginning) { return header.starts_with(beginning.text); });
    return found == beginnings.end() ? std::string_view() : found->kit;
}

std::string refuse_kit(const SourceFile& file, const Layer& layer, std::string_view header) {
    const std::string_view kit = kit_of(header);
    const std::string named = "<" + std::string(header) + ">";
    if (kit == "std") {
        return {};
    }
    if (kit.empty()) {
        return named + " is not known to the layer table";
    }
    if (!layer.kits.contains(kit)) {
        return "layer " + std::string(layer.name) + " must not see " + named;
    }
    if (file.is_public_header() && !public_kits.contains(kit)) {
        return "a public header must not show " + named;
    }
    for (const Corner& corner : corners) {
        if (corner.kit == kit && !file.path.starts_with(corner.path)) {
            return named + " belongs in " + std::string(corner.path) + " only";
        }
    }
    return {};
}

std::string refuse_layer(const SourceFile& file, const Layer& layer, std::string_view header) {
    constexpr std::string_view ours = "tare/";
    if (!header.starts_with(ours)) {
        // A private header beside the file, or in a folder below it: still the same layer.
        const bool escapes = header.starts_with("/") || header.find("..") != std::string_view::npos;
        return escapes || file.is_public_header() ? "\"" + std::string(header) + "\" is no header of this layer" : "";
    }
    const std::string_view target = header.substr(ours.size(), header.find('/', ours.size()) - ours.size());
    if (target == layer.name || layer.layers.contains(target)) {
        return {};
    }
    return "layer " + std::string(layer.name) + " must not include layer " + std::string(target);
}

}  // namespace

Findings check_includes(const SourceFile& file) {
    const std::string name = file.layer();
    if (name.empty()) {
        return {};
    }
    const auto layer = std::ranges::find(layer_table(), name, &Layer::name);
    if (layer == layer_table().end()) {
        return {file.path + ":1: '" + name + "' is no layer"};
    }
    Findings findings;
    for (const Include& include : file.includes) {
        const std::string wrong =
            include.angled ? refuse_kit(file, *layer, include.name) : refuse_layer(file, *layer, include.name);
        if (!wrong.empty()) {
            findings.push_back(file.path + ":" + std::to_string(include.line) + ": " + wrong);
        }
    }
    return findings;
}

}  // namespace tare::structure
