// What the methods of the ComBat family add to a model file, beside what all models have.
#pragma once

#include <nlohmann/json.hpp>

#include "json_parts.hpp"
#include "saved_arrays.hpp"
#include "tare/stats/combat.hpp"

namespace tare::io {

/// "combat", "covbat", "longitudinal", "combatls".
[[nodiscard]] std::string method_name(stats::Method method);

[[nodiscard]] stats::Method read_method_name(const JsonPart& part);

/// "none", "log".
[[nodiscard]] std::string transform_name(stats::Transform transform);
[[nodiscard]] stats::Transform read_transform(const JsonPart& part);

/// The options of the model's method, to the object of all options and back.
void put_method_options(nlohmann::ordered_json& options, const stats::CombatOptions& of);
void read_method_options(const JsonPart& options, stats::CombatOptions& into);

/// The parameters of the model's method, to the document and back. The sites, features and design are read before.
void put_method(nlohmann::ordered_json& document, const stats::CombatModel& model, ArrayWriter& arrays);
void read_method(const JsonPart& document, stats::CombatModel& model, ArrayReader& arrays, base::Workspace& workspace);

}  // namespace tare::io
