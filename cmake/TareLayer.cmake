# tare_layer(NAME [DEPENDS layers...] [PUBLIC targets...] [PRIVATE targets...]): the library of one layer, from
# src/NAME and include/tare/NAME. DEPENDS are layers further down; PUBLIC targets stand in its headers; PRIVATE stays inside.
add_library(tare_options INTERFACE)
target_compile_features(tare_options INTERFACE cxx_std_20)
# Contraction to fused multiply-add would make vectorised loops and their remainders round differently.
set(tare_warnings -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Woverloaded-virtual)
target_compile_options(tare_options INTERFACE "$<$<COMPILE_LANGUAGE:CXX>:${tare_warnings};-ffp-contract=off>")
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # A false alarm of g++ 12 on std::string concatenation (GCC bug 105651).
  target_compile_options(tare_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict>)
endif()
if(TARE_WARNINGS_AS_ERRORS)
  target_compile_options(tare_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Werror>)
endif()
if(TARE_SANITIZE)
  target_compile_options(tare_options INTERFACE
    "$<$<COMPILE_LANGUAGE:CXX>:-fsanitize=${TARE_SANITIZE};-fno-omit-frame-pointer;-fno-sanitize-recover=all>")
  target_link_options(tare_options INTERFACE -fsanitize=${TARE_SANITIZE})
endif()

function(tare_layer name)
  cmake_parse_arguments(LAYER "" "" "DEPENDS;PUBLIC;PRIVATE" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${name}/*.cpp)
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/tare/${name}/*.hpp)
  add_library(tare_${name} STATIC ${sources} ${headers})
  add_library(tare::${name} ALIAS tare_${name})
  set_target_properties(tare_${name} PROPERTIES EXPORT_NAME ${name} POSITION_INDEPENDENT_CODE ON)
  target_include_directories(tare_${name} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_include_directories(tare_${name} PRIVATE ${PROJECT_SOURCE_DIR}/src/${name})
  target_compile_features(tare_${name} PUBLIC cxx_std_20)
  foreach(layer IN LISTS LAYER_DEPENDS)
    target_link_libraries(tare_${name} PUBLIC tare_${layer})
  endforeach()
  target_link_libraries(tare_${name} PUBLIC ${LAYER_PUBLIC} PRIVATE $<BUILD_INTERFACE:tare_options> ${LAYER_PRIVATE})
endfunction()
