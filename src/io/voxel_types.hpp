// From a voxel type that is known when the program runs to a C++ type: one place for the ten cases.
#pragma once

#include <cstdint>
#include <type_traits>
#include <utility>

#include "tare/io/image_file.hpp"

namespace tare::io::detail {

/// Calls `action(std::type_identity<T>())` with the C++ type of the voxels.
template <typename Action>
decltype(auto) with_voxel_type(VoxelType type, Action&& action) {
    switch (type) {
        case VoxelType::uint8:
            return std::forward<Action>(action)(std::type_identity<std::uint8_t>());
        case VoxelType::int8:
            return std::forward<Action>(action)(std::type_identity<std::int8_t>());
        case VoxelType::uint16:
            return std::forward<Action>(action)(std::type_identity<std::uint16_t>());
        case VoxelType::int16:
            return std::forward<Action>(action)(std::type_identity<std::int16_t>());
        case VoxelType::uint32:
            return std::forward<Action>(action)(std::type_identity<std::uint32_t>());
        case VoxelType::int32:
            return std::forward<Action>(action)(std::type_identity<std::int32_t>());
        case VoxelType::uint64:
            return std::forward<Action>(action)(std::type_identity<std::uint64_t>());
        case VoxelType::int64:
            return std::forward<Action>(action)(std::type_identity<std::int64_t>());
        case VoxelType::float32:
            return std::forward<Action>(action)(std::type_identity<float>());
        case VoxelType::float64:
            break;
    }
    return std::forward<Action>(action)(std::type_identity<double>());
}

}  // namespace tare::io::detail
