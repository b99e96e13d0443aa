// Which intensity method is wanted, with its parameters, from the options of tare-normalise.
#pragma once

#include <string>
#include <vector>

#include "tare/cli/command_spec.hpp"
#include "tare/cli/parsed_options.hpp"
#include "tare/imaging/bias_field.hpp"
#include "tare/imaging/intensity.hpp"
#include "tare/io/factor_model_file.hpp"
#include "tare/io/intensity_model_file.hpp"

namespace tare::commands {

/// --method and what belongs to the methods.
[[nodiscard]] cli::OptionGroup intensity_options();

struct IntensityChoice {
    std::string name;  ///< as in --method
    imaging::IntensityOptions options;
    imaging::BiasFieldOptions bias;
    bool corrects_bias = false;  ///< method n4, which has no intensity map
    base::Index factors = 0;     ///< method ravel, which comes after whitestripe: how many are taken away

    [[nodiscard]] bool removes_factors() const noexcept { return factors > 0; }
    /// It learns from images.
    [[nodiscard]] bool is_fitted() const noexcept {
        return removes_factors() || (!corrects_bias && imaging::needs_standard(options.method));
    }
};

/// Throws Error (64) for options that the method does not know, and parameters out of range.
[[nodiscard]] IntensityChoice intensity_choice(const cli::ParsedOptions& options);

/// The options that have no part in the chosen method, so that no sidecar lists them.
[[nodiscard]] std::vector<std::string> idle_options(const IntensityChoice& choice);

/// Throws Error (65) unless the model, read from `path`, is one of the chosen method.
void check_model(const io::IntensityModel& model, const IntensityChoice& choice, const std::string& path);

/// The choice with what the factors of a model were learnt with: modality, stripe, and how many there are. Throws Error (65)
/// where the model does not tell.
[[nodiscard]] IntensityChoice as_learnt(IntensityChoice choice, const io::FactorModel& model);

/// What a sidecar says of an image that was normalised so.
[[nodiscard]] std::string description_of(const IntensityChoice& choice);

}  // namespace tare::commands
