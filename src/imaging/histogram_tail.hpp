// Where the density of an image's intensities ends for the search of its peaks.
#pragma once

#include <span>

#include "tare/imaging/intensity.hpp"

namespace tare::imaging::detail {

/// Ascending values without those above P96 (T1) or P99 (PD); all of them otherwise.
[[nodiscard]] std::span<const double> without_tail(std::span<const double> ascending, Modality modality) noexcept;

}  // namespace tare::imaging::detail
