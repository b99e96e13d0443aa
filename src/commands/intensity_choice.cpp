// From the words of the command line to an intensity method.
#include "intensity_choice.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <vector>

#include "tare/base/error.hpp"
#include "tare/base/number_text.hpp"

namespace tare::commands {
namespace {

using imaging::IntensityMethod;

const std::vector<std::string> method_names{"zscore", "fcm", "kde", "whitestripe", "nyul", "lsq", "ravel", "n4"};

/// What is for some methods only.
const std::map<std::string, std::vector<std::string>> methods_of_option{{"modality", {"kde", "whitestripe", "ravel"}},
                                                                        {"tissue", {"fcm"}},
                                                                        {"stripe", {"whitestripe", "ravel"}},
                                                                        {"convention", {"kde"}},
                                                                        {"control", {"ravel"}},
                                                                        {"factors", {"ravel"}},
                                                                        {"n4-shrink", {"n4"}},
                                                                        {"n4-iterations", {"n4"}},
                                                                        {"n4-convergence", {"n4"}}};

constexpr std::array modalities{"t1", "t2", "flair", "pd"};

bool is_stripe(double share) noexcept {
    return share > 0.0 && share <= 0.5;
}

template <std::size_t N>
std::size_t position(const std::array<const char*, N>& names, const std::string& name) {
    return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
}

imaging::BiasFieldOptions bias_options(const cli::ParsedOptions& options) {
    imaging::BiasFieldOptions out;
    const long long shrink = *options.integer("n4-shrink");
    if (shrink < 1 || shrink > 16) throw base::usage_error("--n4-shrink must be from 1 to 16");
    out.shrink = static_cast<unsigned>(shrink);
    out.iterations.clear();
    for (const std::string& text : options.list("n4-iterations")) {
        const auto count = base::parse_integer(text);
        constexpr long long most = 100000;
        if (!count || *count < 1 || *count > most) {
            throw base::usage_error("--n4-iterations: '" + text + "' is not a number of iterations");
        }
        out.iterations.push_back(static_cast<unsigned>(*count));
    }
    constexpr std::size_t most_levels = 8;
    if (out.iterations.empty() || out.iterations.size() > most_levels) {
        throw base::usage_error("--n4-iterations takes 1 to 8 numbers, one for each level");
    }
    out.convergence = *options.number("n4-convergence");
    if (out.convergence < 0.0) throw base::usage_error("--n4-convergence must be at least 0");
    return out;
}

}  // namespace

cli::OptionGroup intensity_options() {
    using cli::OptionKind;
    return {
        "Method",
        {{"method", OptionKind::choice, "METHOD",
          "Each image alone: zscore, whitestripe, kde, fcm, and n4, which corrects smooth shading; or to a standard that is "
          "learnt from images: nyul, lsq, ravel.",
          "zscore", false, method_names},
         {"modality",
          OptionKind::choice,
          "MODALITY",
          "Which peak of the histogram is the tissue's (kde, whitestripe, ravel): the last (t1), the highest (t2, flair), "
          "or the "
          "first (pd).",
          "t1",
          false,
          {"t1", "t2", "flair", "pd"}},
         {"tissue",
          OptionKind::choice,
          "TISSUE",
          "The tissue whose mean becomes 1 (fcm): the darkest, middle or brightest of three classes.",
          "wm",
          false,
          {"csf", "gm", "wm"}},
         {"stripe", OptionKind::number, "SHARE", "Share of voxels on each side of the mode (whitestripe, ravel).", "0.05"},
         {"convention",
          OptionKind::choice,
          "CONVENTION",
          "Width of the kernel (kde): a 80th of the largest intensity, or, as in intensity-normalization 3, that number of "
          "SDs.",
          "tare",
          false,
          {"tare", "intensity-normalization"}},
         {"control", OptionKind::path, "FILE",
          "Voxels without biology, such as cerebrospinal fluid in everyone: not 0 in this image, on the grid of all "
          "(ravel)."},
         {"factors", OptionKind::integer, "N", "How many factors of the control voxels are taken away (ravel).", "1"},
         {"n4-shrink", OptionKind::integer, "N", "Every how many-th voxel along each axis the field is fitted on (n4).",
          "4"},
         {"n4-iterations", OptionKind::list, "N,N,...", "Most iterations at each level, from coarse to fine (n4).",
          "50,50,50,50"},
         {"n4-convergence", OptionKind::number, "VALUE", "A level ends where the field changes less than this (n4).",
          "0.001"}}};
}

IntensityChoice intensity_choice(const cli::ParsedOptions& options) {
    IntensityChoice choice;
    choice.name = options.text("method");
    for (const std::string& name : idle_options(choice)) {
        if (options.given(name)) {
            throw base::usage_error("--" + name + " does not go with --method " + choice.name);
        }
    }
    if (choice.name == "n4") {
        choice.corrects_bias = true;
        choice.bias = bias_options(options);
        return choice;
    }
    if (choice.name == "ravel") {
        choice.factors = static_cast<base::Index>(*options.integer("factors"));
        if (choice.factors < 1) throw base::usage_error("--factors must be at least 1");
    }
    constexpr std::array methods{"zscore", "fcm", "kde", "whitestripe", "nyul", "lsq"};
    constexpr std::array tissues{"csf", "gm", "wm"};
    choice.options.method =
        static_cast<IntensityMethod>(position(methods, choice.removes_factors() ? "whitestripe" : choice.name));
    choice.options.modality = static_cast<imaging::Modality>(position(modalities, options.text("modality")));
    choice.options.tissue = static_cast<imaging::FuzzyTissue>(position(tissues, options.text("tissue")));
    choice.options.kernel =
        options.text("convention") == "tare" ? imaging::KernelWidth::absolute : imaging::KernelWidth::in_sds;
    choice.options.stripe = *options.number("stripe");
    if (!is_stripe(choice.options.stripe)) {
        throw base::usage_error("--stripe must be above 0 and at most 0.5");
    }
    return choice;
}

std::vector<std::string> idle_options(const IntensityChoice& choice) {
    std::vector<std::string> idle;
    for (const auto& [name, methods] : methods_of_option) {
        if (std::find(methods.begin(), methods.end(), choice.name) == methods.end()) idle.push_back(name);
    }
    return idle;
}

void check_model(const io::IntensityModel& model, const IntensityChoice& choice, const std::string& path) {
    if (model.method != choice.name) {
        throw base::inconsistent(path + ": is a model of method '" + model.method + "', --method is " + choice.name);
    }
    const bool nyul = choice.options.method == IntensityMethod::nyul;
    const std::vector<double> percentiles = nyul ? imaging::nyul_percentiles() : std::vector<double>();
    const std::size_t length = nyul ? percentiles.size() : 3;
    if (model.percentiles != percentiles || model.standard.size() != length) {
        throw base::malformed(path + ": does not have the landmarks of method '" + choice.name + "'");
    }
}

IntensityChoice as_learnt(IntensityChoice choice, const io::FactorModel& model) {
    const std::string& path = model.files.front().path;
    const auto value = [&](const char* name) {
        const auto found = std::find_if(model.parameters.begin(), model.parameters.end(),
                                        [&](const auto& parameter) { return parameter.first == name; });
        if (found == model.parameters.end()) throw base::malformed(path + ": does not tell its " + std::string(name));
        return found->second;
    };
    const std::size_t modality = position(modalities, value("modality"));
    const std::optional<double> stripe = base::parse_number(value("stripe"));
    if (modality == modalities.size()) throw base::malformed(path + ": modality '" + value("modality") + "' is not known");
    if (!stripe || !is_stripe(*stripe)) throw base::malformed(path + ": stripe '" + value("stripe") + "' is no share");
    choice.options.modality = static_cast<imaging::Modality>(modality);
    choice.options.stripe = *stripe;
    choice.factors = model.maps.gamma.rows();
    return choice;
}

std::string description_of(const IntensityChoice& choice) {
    if (choice.corrects_bias) return "Image with smooth shading removed by N4";
    if (choice.removes_factors()) return "Image in units of its white stripe without what control voxels share (RAVEL)";
    constexpr std::array said{"Z-scores of an image's intensities",
                              "Image divided by the mean of a tissue (fuzzy c-means)",
                              "Image divided by the mode of a tissue (kernel density)",
                              "Image in units of its white stripe",
                              "Image with its histogram's landmarks brought to a standard (Nyul)",
                              "Image with its tissue means brought to a standard (least squares)"};
    return said.at(static_cast<std::size_t>(choice.options.method));
}

}  // namespace tare::commands
