// A folder with a cohort of images, its mask, matrix and tables, models and moments of each, and images that go with none.
#pragma once

#include <filesystem>

namespace tare::test {

/// Made at the first call; it goes when the program ends.
///   in/ID.nii.gz, mask.nii.gz, people.tsv, table.tsv, x.npy   eight subjects at three sites
///   model, matrix, table.json                                 fitted on images (with the mask), matrix, table
///   moments, masked, matrix_moments, table_moments.json       of images without and with mask, matrix, table
///   other/                                                    files that are wrong in one way
[[nodiscard]] const std::filesystem::path& image_example();

}  // namespace tare::test
