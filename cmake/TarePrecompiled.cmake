# tare_precompile(TARGET headers...): compiles the headers of others once for all sources of a target. Only presets that
# follow another one do so (TARE_PRECOMPILED_HEADERS): without it, the dev build proves that every file includes what it uses.
set(TARE_STANDARD_HEADERS <algorithm> <array> <cmath> <cstddef> <cstdint> <functional> <limits> <map> <memory> <numeric>
  <optional> <set> <span> <string> <string_view> <unordered_map> <utility> <vector>)

function(tare_precompile target)
  if(NOT TARE_PRECOMPILED_HEADERS)
    return()
  endif()
  target_precompile_headers(${target} PRIVATE ${ARGN})
  # The time in it would make ccache miss. Templates of the standard library that use what is deprecated there are no
  # longer known as its own when clang takes them from a precompiled header.
  target_compile_options(${target} PRIVATE
    $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations> "$<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>")
endfunction()
