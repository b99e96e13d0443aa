// Whole files in memory.
#include "tare/io/bytes.hpp"

#include "descriptor.hpp"

namespace tare::io {

std::string read_bytes(const std::string& path, const base::Resources& resources) {
    return detail::read_all(detail::open_input(path), detail::input_name(path), resources);
}

}  // namespace tare::io
