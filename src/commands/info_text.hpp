// What tare-info prints for people: one block per file.
#pragma once

#include <string>

#include "tare/io/file_info.hpp"

namespace tare::commands {

/// With `all`, every column, site, feature and level is listed; without, the first few. With `uncertainty`, how sure a
/// model's correction of every site is.
[[nodiscard]] std::string info_text(const io::FileInfo& file, bool all, bool uncertainty);

}  // namespace tare::commands
