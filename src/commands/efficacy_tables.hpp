// What tare-efficacy writes: the summary, every repeat, every feature.
#pragma once

#include "tare/data/features.hpp"
#include "tare/learn/efficacy.hpp"
#include "tare/stats/feature_effects.hpp"
#include "text_table.hpp"

namespace tare::commands {

/// What sites and covariates do to features, before and after harmonising.
struct EffectsOfBoth {
    stats::FeatureEffects raw, harmonised;
};

/// One quantity a line, of raw beside harmonised values.
[[nodiscard]] TextTable summary_table(const learn::Efficacy& efficacy, const EffectsOfBoth& effects);

/// The balanced accuracies of every repeat.
[[nodiscard]] TextTable repeats_table(const learn::RecognitionRecord& record);

/// One feature a line.
[[nodiscard]] TextTable effects_table(const data::Features& features, const EffectsOfBoth& effects);

}  // namespace tare::commands
