// From two matched tables, and a model where there is one, to everything that a report says.
#pragma once

#include <optional>

#include "report_tables.hpp"
#include "tare/report/facts.hpp"

namespace tare::commands {

/// What a report has of images.
struct ReportPictures {
    std::vector<report::Histograms> histograms;  ///< none or one
    std::vector<report::Montage> montages;
};

/// Throws Error (65) where a person lacks a covariate.
[[nodiscard]] report::Report report_of(const ReportTables& tables, const std::optional<io::SavedModel>& model,
                                       ReportPictures pictures, const std::string& before_name,
                                       const std::string& after_name, int threads);

}  // namespace tare::commands
