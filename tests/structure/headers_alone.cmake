# Each header compiles alone, and twice: one small source per header of include/ and src/, built with everything else.
# A header that a source of the libraries includes before all others is proven by that source, and needs none.
file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}
  ${PROJECT_SOURCE_DIR}/include/*.hpp ${PROJECT_SOURCE_DIR}/src/*.hpp)
file(GLOB_RECURSE library_sources CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/src/*.cpp)
foreach(source IN LISTS library_sources)
  file(STRINGS ${PROJECT_SOURCE_DIR}/${source} first REGEX "^ *# *include" LIMIT_COUNT 1)
  if(first MATCHES "\"(.+)\"")
    cmake_path(GET source PARENT_PATH folder)
    cmake_path(SET beside NORMALIZE ${folder}/${CMAKE_MATCH_1})
    list(REMOVE_ITEM headers include/${CMAKE_MATCH_1} ${beside})
  endif()
endforeach()
foreach(header IN LISTS headers)
  string(REGEX REPLACE "[/.]" "_" name ${header})
  set(source ${CMAKE_CURRENT_BINARY_DIR}/headers_alone/${name}.cpp)
  file(CONFIGURE OUTPUT ${source} CONTENT "#include \"${PROJECT_SOURCE_DIR}/${header}\"\n#include \"${PROJECT_SOURCE_DIR}/${header}\"\n")
  list(APPEND header_sources ${source})
endforeach()
add_library(headers_alone OBJECT ${header_sources})
target_link_libraries(headers_alone PRIVATE tare::commands tare_options Eigen3::Eigen nlohmann_json::nlohmann_json
  Deflate::Deflate OpenMP::OpenMP_CXX)
target_include_directories(headers_alone PRIVATE ${PROJECT_SOURCE_DIR}/src/compute)
target_compile_options(headers_alone PRIVATE -O0)
